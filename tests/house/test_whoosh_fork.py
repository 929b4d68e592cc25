"""Our reading and writing of Whoosh's files holds on the maintained fork too: the day a Python refuses 2.7.4, one line changes.

The fork (whoosh3, the same import name and the same files) is no dependency of the shop. Its wheel is fetched once, by hash, into
`.cache/fork`; without a network `pip download whoosh3==3.54.0 --no-deps` elsewhere and put the wheel there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".cache" / "fork"
#: The version that was read; another one is another decision.
WHEEL, SHA256 = "whoosh3==3.54.0", "fb9656781a8f42a6ddc273e6e9e456edd0ad8976f4899d9593c424b59a445539"


@pytest.fixture(scope="module")
def fork(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `import whoosh` means the fork."""
    folder = tmp_path_factory.mktemp("fork")
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{WHEEL} --hash=sha256:{SHA256}\n")
    KEPT.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--require-hashes", "-r", str(wanted), "-d", str(KEPT)]
    subprocess.run([*command, "--find-links", str(KEPT)], check=True)
    (wheel,) = KEPT.glob("whoosh3-3.54.0-*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


@pytest.mark.long
def test_every_test_of_the_search_passes_on_the_maintained_fork(fork: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(fork), str(ROOT)))}
    used = subprocess.run(
        [sys.executable, "-c", "import whoosh; print(whoosh.__file__)"], env=environment, check=True, stdout=subprocess.PIPE
    )
    assert used.stdout.decode().startswith(str(fork))
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/catalog/search", "--database=sqlite"]
    assert subprocess.run(tests, cwd=ROOT, env=environment, check=False).returncode == 0
