"""Production lots: codes a label can carry, dates in order, a best-before wherever there is a shelf life."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from catalog.batches import create_batch, get_batch, list_batches, parse_lot_code
from catalog.models.product import Product
from kernel import clock
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.people import GUEST, SYSTEM, Role
from tests.make import make_actor, make_outlet, make_product

TODAY = clock.today()


@pytest.fixture
def food(session: Session) -> Product:
    return make_product(session, shelf_life_days=120)


def test_a_lot_gets_its_code_and_best_before_from_the_day_it_was_made(session: Session, food: Product) -> None:
    made = TODAY - timedelta(days=2)
    first = create_batch(session, SYSTEM, food, produced_on=made)
    second = create_batch(session, SYSTEM, food, produced_on=made)
    assert (first.lot_code, second.lot_code) == (f"{made:%y%m%d}-1", f"{made:%y%m%d}-2")
    assert first.best_before_on == made + timedelta(days=120)
    assert [batch.lot_code for batch in list_batches(session, food)] == [second.lot_code, first.lot_code]
    assert get_batch(session, food, first.lot_code) is first


def test_a_craft_may_have_no_dates(session: Session) -> None:
    batch = create_batch(session, SYSTEM, make_product(session, shelf_life_days=None), lot_code="tikar/01")
    assert (batch.lot_code, batch.best_before_on) == ("TIKAR/01", None)


def test_food_needs_a_best_before(session: Session, food: Product) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create_batch(session, SYSTEM, food, lot_code="A1")
    assert refusal.value.field == "best_before_on"


@pytest.mark.parametrize(
    ("produced", "best_before", "field"), [(1, 60, "produced_on"), (-5, -6, "best_before_on"), (-5, 36_500, "best_before_on")]
)
def test_dates_out_of_order_are_refused(session: Session, food: Product, produced: int, best_before: int, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create_batch(
            session, SYSTEM, food, produced_on=TODAY + timedelta(days=produced), best_before_on=TODAY + timedelta(days=best_before)
        )
    assert refusal.value.field == field


def test_a_lot_code_is_used_once_per_product(session: Session, food: Product) -> None:
    create_batch(session, SYSTEM, food, lot_code="A1", produced_on=TODAY)
    with pytest.raises(InvalidInput) as refusal:
        create_batch(session, SYSTEM, food, lot_code=" a1 ", produced_on=TODAY)
    assert refusal.value.field == "lot_code"
    create_batch(session, SYSTEM, make_product(session), lot_code="A1")


@pytest.mark.parametrize("text", ["-1", "A" * 21, "A B", "Ａ１", "A%1", "(10)A", "A\x1dB"])
def test_a_code_no_label_can_carry_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_lot_code(text)


def test_whoever_takes_deliveries_may_enter_a_lot_and_a_stranger_may_not(session: Session, food: Product) -> None:
    manager = make_actor(session, Role.OUTLET_MANAGER, outlet_id=make_outlet(session).id)
    create_batch(session, manager, food, produced_on=TODAY)
    for actor in (GUEST, make_actor(session, Role.CURATOR, area_prefix="63.05")):
        with pytest.raises(NotAllowed):
            create_batch(session, actor, food, produced_on=TODAY)


def test_an_unknown_lot_is_not_found(session: Session, food: Product) -> None:
    with pytest.raises(NotFound):
        get_batch(session, food, "X9")
