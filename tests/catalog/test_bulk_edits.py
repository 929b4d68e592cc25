"""One change to many products, and taken back again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from catalog import bulk_edits as verbs
from catalog import desk
from catalog.models.desk_work import BulkAct, BulkEdit
from catalog.models.product import HalalState, ListingState, Product
from catalog.prices import current_price
from kernel import accounts, audit, clock
from kernel.errors import Conflict, InvalidInput
from kernel.people import Actor, Grant, Role
from tests.make import BETUNG, make_category, make_maker, make_product, make_user
from tests.make_window import make_collection


@pytest.fixture
def curator(session: Session) -> Actor:
    make_product(session)
    return accounts.as_actor(make_user(session, Grant(Role.CURATOR, area_prefix="16.12")))


def change(session: Session, actor: Actor, found: list[Product], act: BulkAct, **choice: object) -> BulkEdit:
    tidy = verbs.check_choice(session, act, choice)
    planned = verbs.plan(session, actor, verbs.load_products(session, [product.id for product in found]), act, tidy)
    wanted = [each.product for each in planned if each.changes]
    edit = verbs.begin(session, actor, wanted, act, tidy)
    while verbs.go_on(session, actor, edit):
        pass
    return verbs.get_edit(session, actor, edit.code)


def price_of(session: Session, product: Product, days: int = 0) -> int | None:
    fresh = verbs.load_products(session, [product.id])[0]
    return current_price(fresh.variants[0].prices, clock.today() + timedelta(days=days))


@given(st.integers(100, 5_000_000), st.integers(-9_000, 100_000), st.sampled_from(verbs.ROUNDINGS))
def test_a_new_price_is_the_nearest_step(old: int, percent_bps: int, rounding: int) -> None:
    new = verbs.change_price(old, percent_bps, 0, rounding)
    assert new % rounding == 0
    assert abs(new * 10_000 - old * (10_000 + percent_bps)) * 2 <= rounding * 10_000


def test_prices_go_up_together_and_back(session: Session, curator: Actor) -> None:
    products = [make_product(session) for _ in range(25)]
    edit = change(session, curator, products, BulkAct.PRICE, percent_bps=750, rounding=500, starts_on=clock.today())
    assert {price_of(session, product) for product in products} == {27_000}
    assert {item.is_done for item in edit.items} == {True}
    assert len(edit.items) == 25
    assert audit.list_for(session, f"product:{products[0].slug}")[0].action == "price.set"
    assert verbs.undo(session, curator, edit) == 0
    assert {price_of(session, product) for product in products} == {25_000}
    with pytest.raises(Conflict):
        verbs.undo(session, curator, edit)


def test_a_price_from_a_coming_day_leaves_todays(session: Session, curator: Actor) -> None:
    product = make_product(session)
    change(session, curator, [product], BulkAct.PRICE, amount=-2_000, rounding=100, starts_on=clock.today() + timedelta(days=7))
    assert (price_of(session, product), price_of(session, product, 7)) == (25_000, 23_000)


def test_what_somebody_changed_since_is_not_put_back(session: Session, curator: Actor) -> None:
    one, other = make_product(session), make_product(session)
    first, second = make_category(session, slug="satu", name_id="Satu"), make_category(session, slug="dua", name_id="Dua")
    edit = change(session, curator, [one, other], BulkAct.CATEGORY, category=first.id)
    other.category_id = second.id
    session.flush()
    before = one.category_id
    assert before == first.id
    assert verbs.undo(session, curator, edit) == 1
    assert (session.get_one(Product, one.id).category_id, session.get_one(Product, other.id).category_id) != (first.id, first.id)
    assert session.get_one(Product, other.id).category_id == second.id


def test_halal_collection_and_withdrawing_go_through_their_verbs(session: Session, curator: Actor) -> None:
    product, draft = make_product(session), make_product(session, state=ListingState.DRAFT)
    collection = make_collection(session)
    change(session, curator, [product], BulkAct.HALAL, halal="declared_non_halal")
    assert session.get_one(Product, product.id).halal_state is HalalState.DECLARED_NON_HALAL
    edit = change(session, curator, [product, draft], BulkAct.COLLECTION, collection=collection.slug)
    assert len(edit.items) == 2
    gone = change(session, curator, [product, draft], BulkAct.WITHDRAW, reason="Musim sudah lewat.")
    assert [item.product_id for item in gone.items] == [product.id]
    assert session.get_one(Product, product.id).state is ListingState.WITHDRAWN
    with pytest.raises(Conflict):
        verbs.undo(session, curator, gone)


def test_only_what_is_in_reach_is_chosen_or_changed(session: Session, curator: Actor) -> None:
    near = make_product(session, maker=make_maker(session, village_code=BETUNG), village_code=BETUNG, name_id="Tepung dekat")
    abab = accounts.as_actor(make_user(session, Grant(Role.CURATOR, area_prefix="16.12.01")))
    assert verbs.choose_products(session, abab, [near.slug], None) == []
    assert [p.id for p in verbs.choose_products(session, curator, [], desk.ProductFilter(text="tepung dekat"))] == [near.id]
    planned = verbs.plan(session, abab, verbs.load_products(session, [near.id]), BulkAct.HALAL, {"halal": "certified"})
    assert planned[0].refusal is not None


@pytest.mark.parametrize(
    ("act", "choice"),
    [
        (BulkAct.PRICE, {"rounding": 500}),
        (BulkAct.PRICE, {"rounding": 500, "percent_bps": 100, "amount": 100}),
        (BulkAct.PRICE, {"rounding": 7, "percent_bps": 100}),
        (BulkAct.CATEGORY, {"category": 0}),
        (BulkAct.WITHDRAW, {"reason": " "}),
        (BulkAct.HALAL, {"halal": "mungkin"}),
    ],
)
def test_half_a_choice_is_refused(session: Session, act: BulkAct, choice: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        verbs.check_choice(session, act, choice)
