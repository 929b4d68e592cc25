from __future__ import annotations

import re
import stat
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from storefront.bridge.__main__ import origin_of, read_arguments, read_key
from tests.house.sources import ROOT


def test_the_key_is_made_once_kept_private_and_renewed_on_demand(tmp_path: Path) -> None:
    path = tmp_path / "etalase" / "bridge.key"
    key = read_key(path)
    assert re.fullmatch(r"[a-hj-km-np-z2-9]{12}", key)
    assert read_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path, renew=True) != key


def test_any_page_s_address_names_its_shop() -> None:
    assert origin_of("https://toko.example/counter/") == "https://toko.example"
    assert origin_of("http://127.0.0.1:8000") == "http://127.0.0.1:8000"


@pytest.mark.parametrize("arguments", [["--printer", "lpt1"], ["--shop", "toko.example"], ["--width", "40"], ["--profile", "Unheard-Of"]])
def test_what_makes_no_sense_is_said_at_once(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_arguments(arguments)
    assert "error" in capsys.readouterr().err


def test_the_command_serves_the_shop_s_page(tmp_path: Path) -> None:
    port = 18_631
    command = [sys.executable, "-m", "storefront.bridge", "--printer", f"file:{tmp_path / 'out.bin'}", "--port", str(port)]
    command += ["--key-file", str(tmp_path / "key"), "--shop", "http://127.0.0.1:8000"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            said = [process.stdout.readline() for _each in range(2)]
            key = said[1].split()[-1]
            asked = Request(
                f"http://127.0.0.1:{port}/status", headers={"Origin": "http://127.0.0.1:8000", "Authorization": f"Bridge {key}"}
            )
            for _each in range(200):
                try:
                    with urlopen(asked, timeout=5) as answer:
                        assert b'"columns": 32' in answer.read()
                    break
                except ConnectionRefusedError:
                    continue
                except OSError as error:
                    if "refused" not in str(error):
                        raise
                    assert process.poll() is None
                    __import__("time").sleep(0.05)
            else:
                pytest.fail("it never answered")
        finally:
            process.terminate()
