"""Writing down how a lot was made: who may, what is refused, corrections, and that nothing is changed afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from catalog.models.product import Product, Unit
from catalog.models.provenance import Transformation
from catalog.models.stock import Batch
from catalog.provenance.transformations import Making, Material, find_transformation, list_uses, record_transformation
from kernel import accounts, clock
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import SYSTEM, Grant, Role
from tests.make import BETUNG, TALANG_BULANG, make_batch, make_product, make_user

PINEAPPLE = Material(name_id="Nanas", origin_code=TALANG_BULANG, supplier="Kelompok Tani Maju", quantity=40_000, unit=Unit.GRAM)


@pytest.fixture
def product(session: Session) -> Product:
    return make_product(session)


@pytest.fixture
def batch(session: Session, product: Product) -> Batch:
    return make_batch(session, product)


def making(**changes: object) -> Making:
    values: dict[str, object] = {
        "made_on": clock.today() - timedelta(days=8),
        "area_code": BETUNG,
        "processed_by": "Rumah produksi Betung",
        "materials": [PINEAPPLE],
    } | changes
    return Making(**values)  # type: ignore[arg-type]


def test_it_says_where_by_whom_and_of_what(session: Session, batch: Batch) -> None:
    record_transformation(session, SYSTEM, batch, making())
    session.expunge_all()
    found = find_transformation(session, batch)
    assert found is not None
    assert (found.area.name, found.processed_by) == ("Betung", "Rumah produksi Betung")
    (pineapple,) = found.inputs
    assert pineapple.origin is not None
    assert (pineapple.name_id, pineapple.origin.name, pineapple.quantity, pineapple.unit) == ("Nanas", "Talang Bulang", 40_000, Unit.GRAM)


def test_a_later_record_replaces_and_keeps_the_one_before(session: Session, batch: Batch) -> None:
    first = record_transformation(session, SYSTEM, batch, making(processed_by="Salah"))
    second = record_transformation(session, SYSTEM, batch, making(processed_by="Benar"))
    assert second.corrects_id == first.id
    found = find_transformation(session, batch)
    assert found is not None
    assert found.processed_by == "Benar"
    assert session.get(Transformation, first.id) is not None


def test_the_database_refuses_every_change_of_a_record_and_of_a_lots_name(session: Session, batch: Batch) -> None:
    made = record_transformation(session, SYSTEM, batch, making())
    session.commit()
    for statement in (
        update(Transformation).where(Transformation.id == made.id).values(processed_by="Lain"),
        delete(Transformation).where(Transformation.id == made.id),
        text("UPDATE transformation_inputs SET name_id = 'Lain'"),
        text("DELETE FROM transformation_inputs"),
        text(f"UPDATE batches SET lot_code = 'LAIN' WHERE id = {batch.id}"),
        text(f"UPDATE batches SET best_before_on = '2030-01-01' WHERE id = {batch.id}"),
        text(f"DELETE FROM batches WHERE id = {batch.id}"),
    ):
        with pytest.raises(DatabaseError, match=r"append-only|keeps its name|never deleted"), session.begin_nested():
            session.execute(statement, execution_options={"synchronize_session": False})
    session.execute(text(f"UPDATE batches SET state_reason = 'x', lot_code = lot_code WHERE id = {batch.id}"))


def test_a_lot_of_ours_can_be_the_raw_material_and_is_traced_both_ways(session: Session, batch: Batch) -> None:
    flour = make_batch(session, make_product(session))
    record_transformation(session, SYSTEM, batch, making(materials=[Material(name_id="Tepung mocaf", batch=flour)]))
    assert [made.id for made, _product in list_uses(session, flour)] == [batch.id]
    assert list_uses(session, batch) == []


def test_a_lot_is_not_made_of_itself_however_far_back(session: Session, product: Product, batch: Batch) -> None:
    middle, last = make_batch(session, product), make_batch(session, product)
    record_transformation(session, SYSTEM, middle, making(materials=[Material(name_id="A", batch=batch)]))
    record_transformation(session, SYSTEM, last, making(materials=[Material(name_id="B", batch=middle)]))
    for source in (batch, last):
        with pytest.raises(InvalidInput, match="made of itself"):
            record_transformation(session, SYSTEM, batch, making(materials=[Material(name_id="C", batch=source)]))


@pytest.mark.parametrize(
    "changes",
    [
        {"materials": []},
        {"materials": [PINEAPPLE] * 21},
        {"materials": [Material(name_id=" ")]},
        {"materials": [Material(name_id="Gula", quantity=5)]},
        {"materials": [Material(name_id="Gula", quantity=0, unit=Unit.GRAM)]},
        {"materials": [Material(name_id="Gula", origin_code="99.99")]},
        {"processed_by": "  "},
        {"area_code": "99.99"},
        {"made_on": clock.today()},
    ],
)
def test_what_makes_no_sense_is_refused(session: Session, batch: Batch, changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        record_transformation(session, SYSTEM, batch, making(**changes))
    assert find_transformation(session, batch) is None


def test_the_maker_and_the_office_of_the_village_may_write_it_and_nobody_else(session: Session, product: Product, batch: Batch) -> None:
    may = (Grant(Role.MAKER, maker_id=product.maker_id), Grant(Role.CURATOR, area_prefix="16.12"))
    may_not = (Grant(Role.MAKER, maker_id=make_product(session).maker_id), Grant(Role.CURATOR, area_prefix="16.01"), Grant(Role.SHOPPER))
    for grant in may:
        record_transformation(session, accounts.as_actor(make_user(session, grant)), batch, making())
    for grant in may_not:
        with pytest.raises(NotAllowed):
            record_transformation(session, accounts.as_actor(make_user(session, grant)), batch, making())
