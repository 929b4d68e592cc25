"""The till's page: one answer for everybody, a policy of its own, and a worker that names every file by its content."""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

ADDRESS = re.compile(r"/counter/files/[a-zA-Z0-9_./-]+\?v=[0-9a-f]{12}")


def precached(client: FlaskClient, prefix: str = "") -> list[str]:
    text = client.get(f"{prefix}/counter/sw.js").text
    facts = json.loads(re.match(r"self\.TILL = (.*);\n", text)[1])  # type: ignore[index]
    return [each["url"] for each in facts["precache"]]


def test_the_page_is_the_same_for_whoever_asks(client: FlaskClient) -> None:
    before = client.get("/counter/").data
    client.get("/products")
    assert client.get("/counter/", headers={"User-Agent": "another"}).data == before


def test_only_the_till_runs_webassembly_and_reaches_a_printer_on_its_machine(client: FlaskClient) -> None:
    till, shop = (client.get(path).headers["Content-Security-Policy"] for path in ("/counter/", "/products"))
    assert "script-src 'self' 'wasm-unsafe-eval'" in till
    assert "connect-src 'self' http://127.0.0.1:*" in till
    assert "wasm" not in shop
    assert "127.0.0.1" not in shop
    assert "unsafe-inline" not in till
    assert "camera=(self)" in client.get("/counter/").headers["Permissions-Policy"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_worker_keeps_the_page_and_everything_that_it_names(client: FlaskClient, prefix: str) -> None:
    kept = precached(client, prefix)
    assert kept[0] == f"{prefix}/counter/"
    named = set(ADDRESS.findall(client.get(f"{prefix}/counter/").text))
    later = set(json.loads(_facts(client, prefix))["later"])
    assert named - later <= set(kept)
    for address in kept:
        assert client.get(address).status_code == 200, address


def test_each_module_names_the_modules_it_imports_by_their_content(client: FlaskClient) -> None:
    kept = set(precached(client))
    scripts = [address for address in kept if ".js?" in address]
    assert scripts
    for address in scripts:
        for imported in re.findall(r"""(?:from|import)\s*["']([^"']+)["']""", client.get(address).text):
            assert imported in kept, f"{address} imports {imported}"


def test_a_file_is_sent_with_its_type_and_for_good(client: FlaskClient) -> None:
    wasm = client.get("/counter/files/vendor/barcode/zxing_reader.wasm")
    assert wasm.mimetype == "application/wasm"
    assert "immutable" in wasm.headers["Cache-Control"]
    assert client.get("/counter/sw.js").headers["Cache-Control"] == "no-cache"
    assert client.get("/counter/files/counter/none.js").status_code == 404
    assert client.get("/counter/files/office/office.css").status_code == 404


def test_the_scanners_reader_is_sent_compressed(client: FlaskClient) -> None:
    answer = client.get("/counter/files/vendor/barcode/zxing_reader.wasm", headers={"Accept-Encoding": "br, gzip"})
    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.data) < 500_000


@pytest.mark.parametrize(("language", "prefix"), [("id", ""), ("en", "/en")])
def test_it_can_be_installed_in_both_languages(client: FlaskClient, language: str, prefix: str) -> None:
    facts = client.get(f"{prefix}/counter/manifest.webmanifest").get_json(force=True)
    assert (facts["lang"], facts["start_url"], facts["scope"]) == (language, f"{prefix}/counter/", f"{prefix}/counter/")
    for each in facts["icons"]:
        picture = Image.open(BytesIO(client.get(each["src"]).data))
        assert f"{picture.width}x{picture.height}" == each["sizes"]
    assert {each["purpose"] for each in facts["icons"]} == {"any", "maskable"}


def _facts(client: FlaskClient, prefix: str) -> str:
    found = re.search(r'id="till-facts">(.*?)</script>', client.get(f"{prefix}/counter/").text, re.DOTALL)
    assert found
    return found[1]
