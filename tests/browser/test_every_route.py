"""Every address of the shop in a real browser, as somebody who may see it: both languages, a phone and a desk, all that a crawl can see.

The URL map is the list: a new GET route is crawled from the day it is there. What cannot be looked at is named below with the reason, and
what answers with a file or to a machine is asked for and told apart by its kind. The figures are kept in .cache/crawl/.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask

from tests.browser.page_checks import cramped, figures_of, manners, overflowing, small_buttons, violations, weights
from tests.browser.town import Town
from tests.browsing import DESKTOP, PHONE
from tests.cast import CASHIER, CAST, CURATOR, CURATOR_ELSEWHERE, GUEST, MAKER, OUTLET_MANAGER, RETAIL_BUYER
from tests.house.permission_table import TABLE
from tests.html_validate import CACHE, bring_html_validate, invalid
from tests.sound_html import faults_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

#: Looked at in the short set too: with the shop's own in test_pages.py, the pages people are on all day.
DAILY = {
    CURATOR: ("office.dashboard", "office.products", "office.curation_file"),
    OUTLET_MANAGER: ("office.order", "office.shelf"),
    RETAIL_BUYER: ("wholesale.offers",),
    MAKER: ("makers.home",),
}
#: Routes that no page can be looked at under, each with its reason.
NOT_LOOKED_AT = {
    "account.home": "leads on to the shopper's orders",
    "account.recovery_codes": "shown once, to who has just set up a second factor: tests/storefront/account/test_second_factor.py",
    "account.second_factor_off": "leads back while no second factor is set up",
    "account.sign_in_code": "leads back while no password was given: test_pages.py looks at it",
    "checkout.checkout": "leads to the cart while it is empty: test_pages.py looks at it, with errors and with an address",
    "counter.plain": "leads to the only till",
    "makers.portal": "leads to the only maker",
    "office.agreement_new": "leads to the agreement that is there: tests/browser/test_stockroom.py",
    "office.count_review": "leads back until the count is handed in: tests/browser/test_stockroom.py",
    "office.criteria_edit": "leads back, as a set in force is not edited",
    "office.outlets": "leads to the only outlet",
    "office.payment_confirm": "leads back, as this order is paid at the counter",
    "office.payment_refuse": "leads back, as this order is paid at the counter",
    "office.print_labels": "leads back, as no parcel is sent",
    "office.shipping_outlets": "leads to the only outlet",
    "office.stock": "leads to the only outlet",
    "office.tills": "leads to the only outlet",
    "office.trade_order_divide": "leads back, as this order is divided: tests/browser/test_wholesale_trade.py",
    "office.trade_order_settle": "leads back while nobody claims anything",
    "provenance.pack": "leads to the product",
    "provenance.pack_lot": "leads to the lot",
    "wholesale.purchase_receipt": "leads back until the goods are on their way",
}
#: More than one page of a route: those that say no, that found nothing, and the second styleguide.
ALSO = {
    "403": (CASHIER, "/office/people"),
    "404 in the office": (CURATOR_ELSEWHERE, "/office/products/{product}"),
    "404 in the shop": (GUEST, "/products/tidak-ada"),
    "404 in wholesale": (RETAIL_BUYER, "/wholesale/offers/AAAAAAAA"),
    "404 for a maker": (MAKER, "/makers-portal/tidak-ada"),
    "nothing found in the office": (CURATOR, "/office/products?q=zzxqv"),
    "nothing ordered": (RETAIL_BUYER, "/wholesale/orders?state=tidak-ada"),
    "the desks' styleguide": (GUEST, "/styleguide?for=desk"),
    "nothing in the mailbox of another mode": (GUEST, "/mailbox"),
}
REFUSALS = frozenset({401, 403, 404, 409, 410, 422})
#: Compressed kilobytes: U4 for buyers; whoever works in the office gets its frame, tables and charts besides.
BUYERS = ("shop", "checkout", "account", "wholesale", "makers", "provenance", "dossiers", "deliveries", "api", "feeds")
MOST = {"css": 20_000, "js": 15_000, "total": 350_000}
MOST_IN_OFFICE = {"css": 30_000, "js": 20_000, "total": 400_000}
#: What the cast typed into this world, in one language.
TYPED = (
    "Tutup kemasan bocor",
    "Modal kerja",
    "Label baru",
    "Lupa dihitung.",
    "Hilang",
    "Untuk Anda",
    "Semua",
    "Kotor dan retak",
    "Untuk dibawa pulang.",
    "UKM dan Perdagangan",
    "Renyah dan wangi kencur.",
)

Address = tuple[str, str]


def addresses_by_part(app: Flask) -> dict[str, list[Address]]:
    """Who looks at which (endpoint, address pattern)."""
    found: dict[str, list[Address]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_LOOKED_AT:
            row = TABLE[rule.endpoint]
            found.setdefault(row.reader, []).append((rule.endpoint, row.address))
    for name, (part, address) in ALSO.items():
        found.setdefault(part, []).append((name, address))
    return found


@pytest.mark.parametrize("part", DAILY)
def test_everyone_can_use_the_pages_people_work_on(part: str, browser: Browser, town: Town) -> None:
    crawl = Crawl(browser, town, part)
    for endpoint in DAILY[part]:
        crawl.visit(endpoint, TABLE[endpoint].address, languages=("id",))
    crawl.close()
    assert crawl.troubles == []


def test_what_is_not_looked_at_is_there_and_leads_on(town: Town) -> None:
    """A route that has become a page must be looked at; one that is gone must not be excused."""
    assert set(NOT_LOOKED_AT) <= set(town.app.view_functions)


@pytest.mark.long
@pytest.mark.parametrize("part", CAST)
def test_every_route_of(part: str, browser: Browser, town: Town) -> None:
    addresses = addresses_by_part(town.app).get(part)
    if not addresses:
        return
    command = bring_html_validate()
    assert command, "html-validate needs Node or the wheel of it from PyPI"
    crawl = Crawl(browser, town, part)
    for name, pattern in addresses:
        crawl.visit(name, pattern)
    crawl.close()
    crawl.troubles += invalid(command, crawl.pages)
    crawl.write_figures()
    assert not crawl.troubles, "\n".join(crawl.troubles)


class Crawl:
    """One person's walk: what was seen, and what was wrong with it."""

    def __init__(self, browser: Browser, town: Town, part: str) -> None:
        self.town, self.part = town, part
        self.context = town.browser_of(browser, part)
        self.troubles: list[str] = []
        self.pages: dict[str, str] = {}
        self.rows: list[dict[str, Any]] = []
        self.files: list[str] = []
        self._page: Page = self.context.new_page()
        self._complaints: list[str] = []
        self._page.on("console", lambda note: self._complain(note.text) if note.type == "error" else None)
        self._page.on("pageerror", lambda error: self._complain(str(error)))
        self._page.on("response", lambda got: self._complain(f"{got.status} {got.url}") if got.status >= 400 else None)
        self._page.on(
            "request", lambda asked: self._complain(asked.url) if not asked.url.startswith((town.url, "data:", "blob:")) else None
        )

    def close(self) -> None:
        self.context.close()

    def _complain(self, text: str) -> None:
        self._complaints.append(text)

    def visit(self, name: str, pattern: str, languages: tuple[str, ...] = ("id", "en")) -> None:
        """Look at one address; a file is only fetched."""
        for language in languages:
            path = ("/en" if language == "en" else "") + self.town.world.address(pattern)
            answer = self.context.request.get(self.town.url + path, max_redirects=0)
            if not answer.headers.get("content-type", "").startswith("text/html"):
                self.files.append(name)
                self.troubles += [f"{path}: {answer.status}"] if answer.status not in {200, *REFUSALS, *TABLE[name].answers} else []
                return
            if 300 <= answer.status < 400:
                self.troubles.append(f"{path}: leads on to {answer.headers['location']}; look at it, or say in NOT_LOOKED_AT why not")
                return
            self.troubles += [f"{path}: {trouble}" for trouble in self._look(name, path, language)]

    def _look(self, name: str, path: str, language: str) -> list[str]:
        page = self._page
        self._complaints.clear()
        page.set_viewport_size(PHONE)
        answer = page.goto(self.town.url + path, wait_until="load")
        assert answer is not None
        text = answer.text()
        self.pages[path] = text
        found = [] if answer.status in (200, *REFUSALS) else [f"{answer.status}"]
        found += faults_of(text) + violations(page) + overflowing(page) + manners(page, language, TYPED)
        found += self._weigh(name, path) if answer.status == 200 else []
        found += small_buttons(page) if name.startswith(BUYERS) else []
        page.set_viewport_size(DESKTOP)
        found += violations(page) + overflowing(page) + cramped(page)
        return found + [note for note in self._complaints if not _is_expected(note, answer.status)]

    def _weigh(self, name: str, path: str) -> list[str]:
        parts = weights(self._page)
        self.rows.append({"page": path, "endpoint": name, "weights": parts})
        most = MOST if name.startswith(BUYERS) else MOST_IN_OFFICE
        if name.startswith("counter"):
            return []  # the till is installed once: tests/storefront/counter/test_files.py weighs it
        measured = {"css": parts["css"], "js": parts["js"], "total": sum(parts.values())}
        return [f"{kind} weighs {measured[kind]} of {most[kind]} bytes" for kind in most if measured[kind] > most[kind]]

    def write_figures(self) -> None:
        """Kept for the next look at docs/performance.md."""
        folder = CACHE / "crawl"
        folder.mkdir(parents=True, exist_ok=True)
        figures = {"part": self.part, "pages": self.rows, "files": self.files, "troubles": self.troubles}
        Path(folder / f"{self.part}.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
        if self.rows:
            print(f"{self.part}: {figures_of(self.rows)}; {len(self.files)} files fetched")


def _is_expected(note: str, status: int) -> bool:
    """Chromium's own line about a page that says no; and the cast's pictures have names without files."""
    return ("Failed to load" in note) or (status >= 400 and note.startswith(str(status))) or ("/media/" in note or "/photos/" in note)
