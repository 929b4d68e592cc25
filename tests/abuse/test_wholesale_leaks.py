"""A21: figures of wholesale reach the partner they belong to and nobody else, in no page, file, answer, index, suggestion or shared cache.

Each of the cast asks for every address of the house, follows the links it finds, and looks into PDFs and workbooks too. The figures are
such as nothing else in the world has. The two partners are the control: each finds its own figures, and not the other's.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, fields
from io import BytesIO

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from catalog.models.product import HalalState
from catalog.models.stock import Outlet
from catalog.search.source import load_documents
from kernel.people import SYSTEM
from orders.models.offer import Offer
from orders.models.partner import PartnerGroup
from orders.wholesale import groups, price_lists
from orders.wholesale.tiers import Tier
from tests.cast import APPLICANT, GUEST, RETAIL_BUYER, RIVAL_BUYER, SHOPPER, World, browser_of
from tests.house.permission_table import TABLE
from tests.make import make_product
from tests.make_wholesale import make_offer

pytestmark = pytest.mark.one_database

UNITS = 37
#: A unit's and a case's price of each partner, and what only an offer says: capacity, length of a case, suggested price.
OWN, RIVALS, SHARED = (17_311, 17_311 * UNITS), (16_907, 16_907 * UNITS), (98_713, 473, 29_431)
MOST_LINKS = 90
NAME = "Keranjang Rahasia"


def written(figure: int) -> set[str]:
    """As pages, files and machines write it."""
    return {f"{figure:,}".replace(",", "."), f"{figure:,}", str(figure)} if figure >= 1_000 else {f"{figure} ×", f"<v>{figure}</v>"}


def found_in(text: str, figures: tuple[int, ...]) -> set[int]:
    """Which of the figures stand in a text, not as a part of longer ones."""
    marks = {figure: written(figure) for figure in figures}
    return {
        figure for figure, forms in marks.items() if any(re.search(rf"(?<![\d.,]){re.escape(form)}(?![\d]|[.,]\d)", text) for form in forms)
    }


@dataclass
class Walk:
    """What one visitor saw: figures, and the answers that carried some without forbidding shared caches."""

    seen: set[int]
    kept: list[str]
    pages: int


@pytest.fixture
def offer(session: Session, world: World) -> Offer:
    """An offer that both partners see, each at a price of its own."""
    outlet = session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()
    product = make_product(session, name_id=NAME, name_en=NAME, halal_state=HalalState.NOT_APPLICABLE)
    changes = {"units_per_case": UNITS, "case_length_mm": SHARED[1], "suggested_price": SHARED[2], "monthly_quantity": SHARED[0]}
    made = make_offer(session, outlet, product.variants[0], tiers=(Tier(2, OWN[0]),), **changes)
    rivals = session.scalars(select(PartnerGroup).where(PartnerGroup.name == "Hotel")).one()
    groups.set_assortment(session, SYSTEM, rivals, name="Hotel", sees_everything=False, offer_codes=[made.code])
    price_lists.set_prices(session, SYSTEM, made, [Tier(2, RIVALS[0])], group=rivals)
    session.commit()
    return made


def walk(browser: FlaskClient, world: World, offer: Offer) -> Walk:
    """Every address of the permission table, those of this offer, and what their pages link to."""
    first = [
        # The office's doors are shut to all of them (tests/house/test_permissions.py).
        *dict.fromkeys(world.address(row.address) for row in TABLE.values() if not row.address.startswith("/office")),
        *(f"/wholesale/offers/{offer.code}{rest}" for rest in ("", "/sheet.pdf", "/sample")),
        f"/wholesale/offers/compare?offer={offer.code}",
        *(f"{prefix}{path}?q=Keranjang+Rahasia" for prefix in ("", "/en") for path in ("/search", "/search/suggest", "/wholesale/offers")),
        *(f"/en/wholesale/{path}" for path in ("", "offers", "apply", f"offers/{offer.code}")),
    ]
    waiting, met, links = deque(first), set(first), 0
    seen, kept = Walk(set(), [], 0), OWN + RIVALS + SHARED
    while waiting:
        address = waiting.popleft()
        answer = browser.get(address)
        seen.pages += 1
        text = read(answer)
        answer.close()
        figures = found_in(text, kept)
        seen.seen |= figures
        if figures and "no-store" not in answer.headers.get("Cache-Control", ""):
            seen.kept.append(address)
        if answer.mimetype == "text/html" and links < MOST_LINKS:
            for link in re.findall(r'(?:href|src)="(/[^"#]*)', text):
                target = link.replace("&amp;", "&")
                if target not in met and not target.startswith(("/static", "/assets", "/office")) and links < MOST_LINKS:
                    met.add(target)
                    waiting.append(target)
                    links += 1
    return seen


def read(answer: TestResponse) -> str:
    """What a person or a machine can read in an answer, its headers included."""
    heads = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    if answer.mimetype == "application/pdf":
        document = pypdfium2.PdfDocument(answer.data)
        return heads + "\n".join(page.get_textpage().get_text_range() for page in document)
    if answer.mimetype.endswith("spreadsheetml.sheet"):
        book = load_workbook(BytesIO(answer.data), read_only=True)
        return heads + "\n".join(f"<v>{cell.value}</v>" for sheet in book for row in sheet.iter_rows() for cell in row)
    return f"{heads}\n{answer.get_data(as_text=True)}" if answer.mimetype.startswith(("text/", "application/")) else heads


@pytest.mark.parametrize("part", [GUEST, SHOPPER, APPLICANT])
def test_a21_who_is_no_partner_finds_no_figure(app: Flask, session: Session, world: World, offer: Offer, part: str) -> None:
    seen = walk(browser_of(app, session, world, part), world, offer)
    assert seen.pages > 150
    assert seen.seen == set()


@pytest.mark.parametrize(("part", "own", "others"), [(RETAIL_BUYER, OWN, RIVALS), (RIVAL_BUYER, RIVALS, OWN)])
def test_a21_a_partner_finds_its_own_figures_in_no_cache_and_never_its_rivals(
    app: Flask, session: Session, world: World, offer: Offer, part: str, own: tuple[int, ...], others: tuple[int, ...]
) -> None:
    seen = walk(browser_of(app, session, world, part), world, offer)
    assert set(own) | set(SHARED) <= seen.seen
    assert seen.seen & set(others) == set()
    assert seen.kept == []


def test_a21_nothing_of_an_offer_enters_the_index(session: Session, offer: Offer) -> None:
    session.refresh(offer, ["variant"])
    documents = list(load_documents(session, [offer.variant.product_id]))
    assert [document.name_id for document in documents] == [NAME]
    texts = "\n".join(str(getattr(documents[0], field.name)) for field in fields(documents[0]))
    assert found_in(texts, OWN + RIVALS + SHARED) == set()
    assert offer.code not in texts


def test_a21_the_crawl_would_notice(session: Session, world: World) -> None:
    """The control of the reader: each way of writing a figure is found, and parts of longer numbers are not."""
    assert found_in("<td>Rp17.311</td>", OWN) == {17_311}
    assert found_in('{"unit_price": 17311}', OWN) == {17_311}
    assert found_in("417.311 173110 17.3112", OWN) == set()
