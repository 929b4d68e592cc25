"""The till's printing in a real browser: the same rows as on the server, pages of the right size, codes that can be read, the bridge."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from storefront.bridge.drawing import PROFILES
from storefront.bridge.printers import DummyPrinter
from storefront.bridge.server import Bridge
from storefront.documents.columns import WIDTHS
from storefront.documents.receipt_layout import Receipt, lay_out
from tests.browser.paper_page import ORIGIN, opened
from tests.storefront.bridge.decoding import decode
from tests.storefront.documents.receipt_examples import ADDRESS, EXAMPLES, OUTLET, read_cases

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

CASES = read_cases()
FACTS = {"shop": "Etalase", "origin": "https://toko.example", "receipt": CASES["words"], "words": {}}
KEY = "abcdefghjkmn"
#: A catalogue as the till has it, answering at once or later.
CATALOGUE = """{
  outlet: () => OUTLET,
  staff: async () => [{code: 'SARI', name: 'Sari Contoh'}],
  variant: (code) => code === 'UBI250' ? {code, name_id: 'Keripik ubi ungu', name_en: 'Purple yam chips', pack_id: '250 g', pack_en: '',
    maker: 'Dapur Ibu Contoh', village: 'Desa Harapan Jaya'} : null,
}"""
SALE = {
    "kind": "sale", "version": 1, "at": "2026-11-22T02:06:59.250Z", "ahead_ms": 60_000, "shift": "s", "cashier": "SARI",
    "receipt": "PDP-1-20261122-0001", "running": 1, "token": ADDRESS[-32:], "language": "id",
    "lines": [{"variant": "UBI250", "lot": None, "quantity": 2, "unit_price": 12_475, "list_price": 12_475, "discount": 0}],
    "subtotal": 24_950, "total": 24_950,
    "tenders": [{"method": "cash", "amount": 24_950, "cash": 24_900, "given": 50_000, "change": 25_100}],
}  # fmt: skip
BACK = {
    "kind": "return", "version": 1, "at": "2026-11-22T02:05:59.250Z", "ahead_ms": None, "shift": "s", "cashier": "SARI",
    "receipt": "PDP-1-20261122-0002", "running": 2, "original": "PDP-1-20261122-0001", "language": "id", "way": "cash",
    "lines": [{"variant": "UBI250", "lot": None, "quantity": 1, "amount": 12_475, "is_fit": True}],
    "amount": 12_475, "cash": 12_500, "reason": "Kemasan bocor",
}  # fmt: skip


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with opened(browser, FACTS) as page:
        yield page


def test_the_browser_sets_receipts_and_reports_exactly_as_the_server_does(page: Page) -> None:
    said = page.evaluate(
        """async (cases) => {
          const { layOut, layOutReport } = await import('/counter/receipt_layout.js');
          const rows = {};
          for (const [name, receipt] of Object.entries(cases.receipts))
            for (const columns of [32, 42, 48])
              for (const language of ['id', 'en'])
                rows[`${name} ${columns} ${language}`] = layOut({...receipt, language}, columns, cases.words[language]);
          const reports = Object.fromEntries([32, 42, 48].map((columns) => [columns, layOutReport(cases.report, columns)]));
          return { rows, reports };
        }""",
        CASES,
    )
    assert len(said["rows"]) == len(EXAMPLES) * 6
    for name, rows in CASES["rows"].items():
        assert said["rows"][name] == rows, name
    assert said["reports"] == CASES["report_rows"]


def receipt_of(page: Page, body: dict[str, Any], *, is_taxable: bool = False) -> Receipt:
    outlet = OUTLET | {"is_taxable": is_taxable, "receipt_footer": ""}
    found: Receipt = page.evaluate(
        f"async ([body, OUTLET]) => (await import('/counter/print.js')).receiptData(body, {CATALOGUE})", [body, outlet]
    )
    return found


def test_a_sale_s_body_becomes_the_receipt_with_the_clock_put_right(page: Page) -> None:
    assert receipt_of(page, SALE) == EXAMPLES["plain"]()
    assert receipt_of(page, BACK) == EXAMPLES["back"]()


def test_only_a_taxable_outlet_s_receipt_contains_ppn(page: Page) -> None:
    taxed = receipt_of(page, SALE, is_taxable=True)["tax"]
    assert taxed == {"net": 22_477, "base": 20_604, "tax": 2_473, "rate_bps": 1200, "numerator": 11, "denominator": 12}
    earlier = receipt_of(page, SALE | {"at": "2024-12-31T16:59:00Z", "ahead_ms": 0}, is_taxable=True)["tax"]
    assert earlier is not None
    assert (earlier["rate_bps"], earlier["denominator"], earlier["tax"]) == (1100, 1, 2_473)


def test_an_english_receipt_leads_to_the_english_page_and_a_message_for_whatsapp(page: Page) -> None:
    receipt = receipt_of(page, SALE | {"language": "en"})
    assert receipt["address"] == ADDRESS.replace("/orders/", "/en/orders/")
    assert receipt["lines"][0]["name"] == "Purple yam chips"
    assert receipt["lines"][0]["pack"] == "250 g", "an empty text falls back to the other language"
    share = page.evaluate("async (r) => (await import('/counter/print.js')).shareMessage(r, '+62 812-0000')", receipt)
    assert receipt["address"] in share["text"]
    assert "Rp24.950" in share["text"]
    assert share["address"].startswith("https://wa.me/628120000?text=Your%20receipt%20PDP-1-20261122-0001")


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("name", ["plain", "full", "back"])
def test_the_printed_page_is_as_wide_as_the_paper_one_page_long_and_its_code_can_be_read(page: Page, name: str, columns: int) -> None:
    size = page.evaluate(
        """async ([rows, columns]) => (await import('/counter/paper.js')).fillPaper(rows, columns)""",
        [lay_out(EXAMPLES[name](), columns, CASES["words"]["id"]), columns],
    )
    drawn = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert len(drawn) == 1
    width, height = (points * 25.4 / 72 for points in drawn[0].get_size())
    assert (round(width), round(height)) == ({32: 58, 42: 80, 48: 80}[columns], size["height"])
    text = drawn[0].get_textpage().get_text_bounded().replace("\r\n", "\n")
    assert "not on paper" not in text
    assert "PDP-1-20261122" in text
    picture = drawn[0].render(scale=203 / 72).to_pil()
    assert_nothing_is_cut_off(drawn[0], columns)
    found = zxingcpp.read_barcodes(picture)
    assert [code.text for code in found] == ([] if name == "back" else [ADDRESS])
    for code in found:
        middle = (code.position.top_left.x + code.position.bottom_right.x) / 2
        assert abs(middle - picture.width / 2) <= 203 / 25.4, "in the middle of the paper, within a millimetre"


def assert_nothing_is_cut_off(drawn: pypdfium2.PdfPage, columns: int) -> None:
    """Ink stays within what the printer reaches."""
    picture = drawn.render(scale=4).to_pil().convert("L").point(lambda value: 0 if value > 128 else 255)
    left, _top, right, bottom = (place / 4 * 25.4 / 72 for place in picture.getbbox())
    paper, inner = {32: (58, 48), 42: (80, 64), 48: (80, 72)}[columns]
    assert left >= (paper - inner) / 2 - 0.2
    assert right <= (paper + inner) / 2 + 0.2
    assert bottom <= drawn.get_height() * 25.4 / 72 - 6


@pytest.fixture
def bridge() -> Iterator[tuple[DummyPrinter, str]]:
    """A bridge for the page, in front of a printer of 42 columns with a cutter, and its address."""
    printer = DummyPrinter()
    app = Bridge(printer, 42, PROFILES[42], KEY, {ORIGIN})
    server = make_server("127.0.0.1", 0, app, threaded=True)
    app.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield printer, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


PRINT = """async (receipt) => {
  const { printReceipt } = await import('/counter/print.js');
  return printReceipt(receipt, { drawer: true });
}"""
STATE = "async () => (await import('/counter/print.js')).printerState()"
CHOOSE = "async (choice) => (await import('/counter/print.js')).choosePrinter(choice)"


def test_the_page_prints_over_the_bridge_and_learns_its_width(browser: Browser, bridge: tuple[DummyPrinter, str]) -> None:
    printer, address = bridge
    with opened(browser, FACTS | {"bridge": address}) as page:
        page.evaluate(CHOOSE, {"way": "bridge", "key": "wrong"})
        assert page.evaluate(STATE)["state"] == "unpaired"
        page.evaluate(CHOOSE, {"key": KEY})
        assert page.evaluate(STATE) == {"state": "ready", "columns": 42, "hasCutter": True, "hasDrawer": True}
        assert page.evaluate(PRINT, EXAMPLES["plain"]()) == {"way": "bridge", "ok": True, "reason": ""}
        paper = decode(printer.jobs[0])
        assert (paper.widest, paper.cuts, paper.pulses) == (42, 1, 1)
        assert [found.text for found in zxingcpp.read_barcodes(paper.pictures[0].convert("L"))] == [ADDRESS]


def test_trouble_at_the_printer_reaches_the_page_as_one_word(browser: Browser, bridge: tuple[DummyPrinter, str]) -> None:
    printer, address = bridge
    with opened(browser, FACTS | {"bridge": address}) as page:
        page.evaluate(CHOOSE, {"way": "bridge", "key": KEY})
        printer.trouble = "paper_out"
        assert page.evaluate(STATE)["state"] == "paper_out"
        assert page.evaluate(PRINT, EXAMPLES["plain"]()) == {"way": "bridge", "ok": False, "reason": "paper_out"}


def test_a_bridge_that_does_not_run_is_said(browser: Browser) -> None:
    with opened(browser, FACTS | {"bridge": "http://127.0.0.1:9"}) as page:
        page.evaluate(CHOOSE, {"way": "bridge", "key": KEY})
        assert page.evaluate(STATE)["state"] == "no_bridge"


def test_a_till_without_a_printer_prints_nothing_and_a_new_one_prints_with_the_browser(page: Page) -> None:
    assert page.evaluate(STATE)["state"] == "browser"
    page.evaluate("window.print = () => { window.printed = document.title; }")
    assert page.evaluate(PRINT, EXAMPLES["plain"]())["way"] == "browser"
    assert page.evaluate("[window.printed, document.title]") == ["PDP-1-20261122-0001", "t"], "a saved file gets the receipt's number"
    page.evaluate(CHOOSE, {"way": "none"})
    assert page.evaluate(PRINT, EXAMPLES["plain"]()) == {"way": "none", "ok": True, "reason": ""}


def test_the_sheet_is_not_on_the_screen(page: Page) -> None:
    page.evaluate("window.print = () => undefined")
    page.evaluate(PRINT, EXAMPLES["plain"]())
    assert not page.locator("#print-paper").is_visible()
