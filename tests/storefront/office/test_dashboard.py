"""The first page shows each person the work that is theirs."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.product import ListingState, Product
from tests.cast import ADMINISTRATOR, CASHIER, CURATOR, CURATOR_ELSEWHERE, World
from tests.conftest import StatementCounter
from tests.storefront.office.conftest import SignIn


def test_each_sees_their_own_rooms(sign_in: SignIn, world: World) -> None:
    cashier, curator = sign_in(CASHIER).get("/en/office/").text, sign_in(CURATOR).get("/en/office/").text
    assert "/office/orders" in cashier
    assert "/office/products" not in cashier
    assert "/office/products" in curator
    assert "/office/orders" not in curator
    assert "/office/people" in sign_in(ADMINISTRATOR).get("/office/").text


def test_figures_stay_within_reach(sign_in: SignIn, session: Session, world: World) -> None:
    live = session.scalar(select(func.count()).where(Product.state == ListingState.LIVE))
    assert f"<strong>{live}</strong><span>live in the shop" in sign_in(CURATOR).get("/en/office/").text
    assert "<strong>0</strong><span>live in the shop" in sign_in(CURATOR_ELSEWHERE).get("/en/office/").text


def test_the_first_page_asks_the_database_little(sign_in: SignIn, world: World, count_statements: StatementCounter) -> None:
    browser = sign_in(ADMINISTRATOR)
    with count_statements() as statements:
        browser.get("/office/")
    assert len(statements) == 29
