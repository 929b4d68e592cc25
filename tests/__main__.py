"""`./run test`: brings what the machine lacks, then runs every test on SQLite and again, where a database is involved, on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chromium import bring_chromium

#: Compiling takes twelve seconds of a worker's start; what is kept here is used by the second run, every child process and the next day.
BYTECODE = Path(__file__).parents[1] / ".cache" / "bytecode"


#: Where Linux keeps files in memory: a test's database then waits for no disk, however often it commits.
MEMORY = Path("/dev/shm")
ROOM = 4 << 30


def main(arguments: list[str]) -> int:
    """Exit status of the first run that failed, else 0. Arguments go to pytest; `--long` adds the long sets."""
    chromium = bring_chromium()
    if not chromium:
        print("No Chromium could be found or fetched; set CHROMIUM to the path of one.", file=sys.stderr)
        return 1
    environment = os.environ | {"CHROMIUM": chromium, "PYTHONPYCACHEPREFIX": str(BYTECODE)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with ExitStack() as kept:
        if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
            environment["TMPDIR"] = kept.enter_context(TemporaryDirectory(prefix="etalase-", dir=MEMORY))
        return _run(arguments, environment)


def _run(arguments: list[str], environment: dict[str, str]) -> int:
    if any(argument.startswith("--database") for argument in arguments):
        return _pytest(arguments, environment)
    # Neighbours stay together, as they share what a module furnishes; who is done first takes over half of what another has left.
    workers = ["--dist", "worksteal"]
    if not any(argument.startswith("-n") for argument in arguments):
        # One more than there are cores: somebody always waits for a browser, a server or a child.
        workers += ["-n", str(min(os.cpu_count() or 1, 4) + 1)]
    return _pytest([*workers, *arguments], environment) or _pytest(
        [*workers, "--database=postgresql", "--only-database", *arguments], environment
    )


def _pytest(arguments: list[str], environment: dict[str, str]) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", "-q", *arguments], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
