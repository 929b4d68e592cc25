"""Variants: pack sizes, barcode numbers and prices that never overlap."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.gtin import is_internal_number
from catalog.models.product import ListingState, Price, Product, Unit, Variant
from catalog.prices import current_price
from catalog.variants import VariantFacts, create_variant, facts_of, find_variant_by_number, get_variant, set_price, update_variant
from kernel import audit, clock
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import GUEST, SYSTEM
from tests.make import make_product

FACTS = VariantFacts(name_id="250 g", name_en="250 g", net_quantity=250, unit=Unit.GRAM, shipping_weight_g=300)
TODAY = clock.today()


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.fixture
def product(session: Session) -> Product:
    return make_product(session)


@pytest.fixture
def variant(session: Session, product: Product) -> Variant:
    return create_variant(session, SYSTEM, product, FACTS)


def calendar(session: Session, variant: Variant) -> list[tuple[int, int, int | None]]:
    """The variant's prices as (amount, first day, last day), the days counted from today."""
    rows = session.scalars(select(Price).where(Price.variant_id == variant.id).order_by(Price.starts_on))
    return [(p.amount, (p.starts_on - TODAY).days, None if p.ends_on is None else (p.ends_on - TODAY).days) for p in rows]


def test_a_variant_without_a_barcode_gets_a_number_of_our_own(session: Session, product: Product) -> None:
    variant = create_variant(session, SYSTEM, product, FACTS, price=25_000)
    assert variant.gtin is None
    assert is_internal_number(variant.internal_number or "")
    assert len(variant.code) == 8
    loaded = get_variant(session, variant.code)
    assert current_price(loaded.prices, TODAY) == 25_000


def test_a_variant_with_a_barcode_keeps_it_in_one_form(session: Session, product: Product) -> None:
    variant = create_variant(session, SYSTEM, product, replace(FACTS, gtin="08999999000011"))
    assert (variant.gtin, variant.internal_number) == ("8999999000011", None)
    with pytest.raises(InvalidInput) as refusal:
        create_variant(session, SYSTEM, product, replace(FACTS, gtin="8999999000011"))
    assert refusal.value.field == "gtin"
    update_variant(session, SYSTEM, variant, replace(facts_of(variant), gtin=None))
    assert variant.internal_number is not None


def test_a_scan_finds_the_variant_by_any_of_its_numbers(session: Session, product: Product, variant: Variant) -> None:
    coded = create_variant(session, SYSTEM, product, replace(FACTS, gtin="8999999000011"))
    assert find_variant_by_number(session, variant.internal_number or "") is variant
    assert find_variant_by_number(session, " 08999999000011 ") is coded
    assert find_variant_by_number(session, variant.code.lower()) is variant
    assert find_variant_by_number(session, "2000000000008") is None
    assert find_variant_by_number(session, "' OR 1=1 --") is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"net_quantity": 0}, "net_quantity"),
        ({"net_quantity": -1}, "net_quantity"),
        ({"net_quantity": 10**9}, "net_quantity"),
        ({"net_quantity": 1.5}, "net_quantity"),
        ({"shipping_weight_g": 0}, "shipping_weight_g"),
        ({"shipping_weight_g": 249}, "shipping_weight_g"),
        ({"unit": "ounce"}, "unit"),
        ({"name_id": ""}, "name_id"),
        ({"gtin": "8999999000012"}, "gtin"),
        ({"gtin": "2001234567893"}, "gtin"),
    ],
)
def test_a_wrong_value_is_refused_with_its_field(session: Session, product: Product, change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create_variant(session, SYSTEM, product, replace(FACTS, **change))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_the_last_variant_of_a_live_product_stays(session: Session) -> None:
    product = make_product(session, state=ListingState.LIVE)
    only = product.variants[0]
    with pytest.raises(Conflict):
        update_variant(session, SYSTEM, only, replace(facts_of(only), is_active=False))
    create_variant(session, SYSTEM, product, FACTS, price=10_000)
    assert not update_variant(session, SYSTEM, only, replace(facts_of(only), is_active=False)).is_active


def test_a_new_price_ends_the_running_one_the_day_before(session: Session, variant: Variant) -> None:
    set_price(session, SYSTEM, variant, 25_000, starts_on=day(-30))
    set_price(session, SYSTEM, variant, 27_000)
    assert calendar(session, variant) == [(25_000, -30, -1), (27_000, 0, None)]


def test_an_offer_lies_over_the_running_price_which_continues_after_it(session: Session, variant: Variant) -> None:
    set_price(session, SYSTEM, variant, 25_000, starts_on=day(-30))
    set_price(session, SYSTEM, variant, 20_000, starts_on=day(3), ends_on=day(5))
    assert calendar(session, variant) == [(25_000, -30, 2), (20_000, 3, 5), (25_000, 6, None)]


def test_an_offer_that_begins_with_the_running_price_pushes_it_back(session: Session, variant: Variant) -> None:
    set_price(session, SYSTEM, variant, 25_000)
    set_price(session, SYSTEM, variant, 20_000, ends_on=day(5))
    assert calendar(session, variant) == [(20_000, 0, 5), (25_000, 6, None)]


def test_the_same_days_again_correct_the_amount(session: Session, variant: Variant) -> None:
    set_price(session, SYSTEM, variant, 25_000)
    set_price(session, SYSTEM, variant, 24_000)
    assert calendar(session, variant) == [(24_000, 0, None)]


def test_a_planned_price_is_not_swallowed(session: Session, variant: Variant) -> None:
    set_price(session, SYSTEM, variant, 25_000)
    set_price(session, SYSTEM, variant, 20_000, starts_on=day(3), ends_on=day(5))
    with pytest.raises(InvalidInput, match="planned"):
        set_price(session, SYSTEM, variant, 30_000, starts_on=day(1))
    assert calendar(session, variant) == [(25_000, 0, 2), (20_000, 3, 5), (25_000, 6, None)]


def test_prices_buyers_have_seen_are_not_rewritten(session: Session, variant: Variant) -> None:
    set_price(session, SYSTEM, variant, 25_000, starts_on=day(-30))
    with pytest.raises(InvalidInput) as refusal:
        set_price(session, SYSTEM, variant, 20_000, starts_on=day(-10))
    assert refusal.value.field == "starts_on"


def test_a_price_that_ends_before_it_begins_is_refused(session: Session, variant: Variant) -> None:
    with pytest.raises(InvalidInput) as refusal:
        set_price(session, SYSTEM, variant, 20_000, starts_on=day(3), ends_on=day(2))
    assert refusal.value.field == "ends_on"


@pytest.mark.parametrize("amount", [0, -1, 99, 10**9])
def test_an_impossible_amount_changes_nothing(session: Session, variant: Variant, amount: int) -> None:
    with pytest.raises(InvalidInput):
        set_price(session, SYSTEM, variant, amount)
    assert calendar(session, variant) == []


def test_every_price_leaves_a_trace(session: Session, product: Product, variant: Variant) -> None:
    set_price(session, SYSTEM, variant, 25_000)
    entry = audit.list_for(session, f"product:{product.slug}")[0]
    assert (entry.action, entry.details["amount"]) == ("price.set", 25_000)


def test_a_stranger_is_refused(session: Session, product: Product, variant: Variant) -> None:
    with pytest.raises(NotAllowed):
        create_variant(session, GUEST, product, FACTS)
    with pytest.raises(NotAllowed):
        set_price(session, GUEST, variant, 1_000)
    with pytest.raises(NotAllowed):
        update_variant(session, GUEST, variant, replace(facts_of(variant), name_id="Gratis"))


def test_an_unknown_code_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        get_variant(session, "NOTHING1")
