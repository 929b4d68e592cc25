"""Offers for a buyer: filters that mean what they say, files of the selection, comparison, and a fixed number of statements."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.product import HalalState, Product, Variant
from catalog.models.stock import Outlet
from kernel import clock
from orders.models.offer import Offer
from tests.cast import RETAIL_BUYER, RIVAL_BUYER, World
from tests.conftest import StatementCounter
from tests.make import make_product
from tests.make_wholesale import make_offer
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database


@pytest.fixture
def outlet(session: Session, world: World) -> Outlet:
    return session.scalars(select(Outlet).where(Outlet.code == world.words["outlet"])).one()


def another(session: Session, outlet: Outlet, name: str, **changes: object) -> Offer:
    product = make_product(session, name_id=name, name_en=name, halal_state=HalalState.NOT_APPLICABLE)
    return make_offer(session, outlet, product.variants[0], **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("monthly=5000", {"Besar"}),
        ("case=6", {"Kecil"}),
        ("minimum=1", {"Kecil"}),
        ("lead=1", {"Besar"}),
        ("margin=40", {"Kecil"}),
        ("region=16.12.04", {"Besar", "Kecil"}),
        ("region=16.01", set()),
        ("paper=halal", set()),
        ("ready=gift_shop", set()),
        ("ready=minimarket&monthly=500", set()),
        ("", {"Besar", "Kecil"}),
    ],
)
def test_a_filter_means_what_it_says(sign_in: SignIn, session: Session, outlet: Outlet, query: str, shown: set[str]) -> None:
    another(session, outlet, "Besar", monthly_quantity=9_000, lead_days=1)
    another(session, outlet, "Kecil", units_per_case=6, minimum_cases=1, suggested_price=30_000)
    session.commit()
    page = sign_in(RETAIL_BUYER).get(f"/wholesale/offers?{query}")
    assert page.status_code == 200
    assert {name for name in ("Besar", "Kecil") if f">{name}</a>" in page.text} == shown


def test_a_question_that_makes_no_sense_says_so_and_shows_the_rest(sign_in: SignIn, world: World) -> None:
    page = sign_in(RETAIL_BUYER).get("/wholesale/offers?monthly=banyak&ready=bank&sort=x&page=0")
    assert page.status_code == 400
    assert page.text.count("notice-warning") == 4
    assert world.words["offer"] in page.text


def test_the_gate_falls_at_midnight_in_list_page_file_and_sheet(sign_in: SignIn, session: Session, outlet: Outlet) -> None:
    product = make_product(session, name_id="Dodol", halal_state=HalalState.DECLARED_NON_HALAL)
    offer = make_offer(session, outlet, product.variants[0])
    paper = Certificate(
        product_id=product.id,
        kind=CertificateKind.PIRT,
        number="1",
        issuer="Dinas",
        valid_from_on=clock.today("WIB") - timedelta(days=9),
        valid_until_on=clock.today("WIB"),
        created_at=clock.now(),
    )
    session.add(paper)
    session.commit()
    buyer = sign_in(RETAIL_BUYER)
    one, sheet = f"/wholesale/offers/{offer.code}", f"/wholesale/offers/{offer.code}/sheet.pdf"

    def seen() -> tuple[bool, int, int, bool]:
        listed = offer.code in buyer.get("/wholesale/offers").text
        filed = offer.code in {row[0].value for row in _rows(buyer.get("/wholesale/offers/price-list.xlsx").data)}
        return listed, buyer.get(one).status_code, buyer.get(sheet).status_code, filed

    assert seen() == (True, 200, 200, True)
    paper.valid_until_on = clock.today("WIB") - timedelta(days=1)
    session.commit()
    assert seen() == (False, 404, 404, False)


def _rows(data: bytes) -> list[tuple]:  # type: ignore[type-arg]
    return list(load_workbook(BytesIO(data), read_only=True).active.iter_rows())  # type: ignore[union-attr]


def test_the_price_list_is_the_selection_with_this_partners_prices(sign_in: SignIn, session: Session, outlet: Outlet) -> None:
    offer = another(session, outlet, "=HYPERLINK(1)", monthly_quantity=9_000)
    variant = session.get_one(Variant, offer.variant_id)
    session.commit()
    answer = sign_in(RETAIL_BUYER).get("/wholesale/offers/price-list.xlsx?monthly=5000")
    assert answer.headers["Cache-Control"] == "private, no-store"
    rows = [[cell.value for cell in row] for row in _rows(answer.data)]
    assert [row[0] for row in rows[1:]] == [offer.code, offer.code]
    assert rows[1][1:3] == [variant.code, "'=HYPERLINK(1)"]
    assert 432_000 in rows[1]
    assert variant.internal_number not in {str(cell) for row in rows for cell in row}


def test_files_are_pdfs_with_names(sign_in: SignIn, world: World) -> None:
    buyer = sign_in(RETAIL_BUYER)
    for address in ("/wholesale/offers/catalogue.pdf", f"/wholesale/offers/{world.words['offer']}/sheet.pdf"):
        for prefix in ("", "/en"):
            answer = buyer.get(prefix + address)
            assert answer.data.startswith(b"%PDF"), address
            assert answer.headers["Cache-Control"] == "private, no-store"


def test_up_to_four_are_compared(sign_in: SignIn, session: Session, outlet: Outlet, world: World) -> None:
    codes = [another(session, outlet, f"P{number}").code for number in range(5)]
    session.commit()
    buyer = sign_in(RETAIL_BUYER)
    page = buyer.get("/wholesale/offers/compare?" + "&".join(f"offer={code}" for code in codes)).text
    assert page.count('<th scope="col">') == 4
    assert "Hanya 4 yang pertama" in page
    assert "Belum ada yang dibandingkan" in buyer.get("/wholesale/offers/compare").text
    assert sign_in(RIVAL_BUYER).get(f"/wholesale/offers/compare?offer={codes[0]}").status_code == 404


def test_an_offer_says_everything_a_buyer_asks(sign_in: SignIn, world: World) -> None:
    page = sign_in(RETAIL_BUYER).get(f"/wholesale/offers/{world.words['offer']}").text
    for fact in (
        "Rp18.000",
        "Rp432.000",
        "28%",
        "400 × 300 × 250 mm",
        "7.000 g",
        "2 karton",
        "3 hari",
        "1.000 satuan",
        "180 hari",
        "30 hari",
    ):
        assert fact in page, fact


def test_the_list_needs_a_fixed_number_of_statements(
    sign_in: SignIn, session: Session, outlet: Outlet, count_statements: StatementCounter
) -> None:
    """A few more once after a change; then who asks (three), the mark, the branches and the rows that are shown."""
    buyer = sign_in(RETAIL_BUYER)

    def count(address: str) -> int:
        with count_statements() as statements:
            assert buyer.get(address).status_code == 200
        return len(statements)

    counts = []
    for _round in range(2):
        for number in range(4):
            another(session, outlet, f"P{number}")
        session.commit()
        counts.append(
            [count("/wholesale/offers?ready=minimarket"), count("/wholesale/offers"), count("/wholesale/offers?sort=price&case=24")]
        )
    assert counts[0] == counts[1]
    assert counts[0][0] <= 14
    assert counts[0][1:] == [6, 6]


def test_words_are_ranked_by_the_public_index(sign_in: SignIn, session: Session, outlet: Outlet) -> None:
    another(session, outlet, "Keranjang rotan")
    another(session, outlet, "Lampu bambu")
    session.commit()
    page = sign_in(RETAIL_BUYER).get("/wholesale/offers?q=keranjang").text
    assert "Keranjang rotan</a>" in page
    assert "Lampu bambu</a>" not in page
    assert session.scalar(select(Product.id).where(Product.name_id == "Lampu bambu")) is not None
