"""Who bears what is gone: from the movement, by the terms of that day, once, and undone when it is found again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.stock import LossCause, MovementKind
from kernel import clock
from kernel.people import SYSTEM
from orders.consignment import agreements, goods, ledger, losses
from orders.models.agreement import Bearer, TermsModel
from orders.models.consignment import ConsignmentLoss
from orders.models.stockroom import PullOutReason
from orders.stockroom import pull_outs
from tests.make_consignment import breaches, change, day, make_agreement, make_consigned
from tests.make_stock import make_goods

MAKER, OUTLET = Bearer.MAKER, Bearer.OUTLET


def owed(session: Session, agreement_id: int) -> int:
    return ledger.owed(session, [agreement_id])[agreement_id]


@pytest.mark.parametrize(
    ("cause", "values", "bearer"),
    [
        (LossCause.LOST, {}, OUTLET),
        (LossCause.LOST, {"loss_borne_by": MAKER}, MAKER),
        (LossCause.DAMAGED, {}, OUTLET),
        (LossCause.DAMAGED, {"damage_borne_by": MAKER}, MAKER),
        (LossCause.SAMPLE, {"loss_borne_by": MAKER, "damage_borne_by": MAKER}, OUTLET),
        (LossCause.EXPIRED, {"expiry_borne_by": OUTLET}, OUTLET),
        (LossCause.EXPIRED, {}, OUTLET),  # nobody told the maker
    ],
)
def test_each_cause_is_borne_as_agreed(session: Session, cause: LossCause, values: dict[str, Bearer], bearer: Bearer) -> None:
    agreement = make_agreement(session, **values)
    wares = make_consigned(session, agreement)
    goods.write_off(session, SYSTEM, wares.level.id, 2, cause, "uji coba")
    (loss,) = session.scalars(select(ConsignmentLoss)).all()
    assert (loss.cause, loss.borne_by, loss.quantity) == (cause, bearer, 2)
    assert owed(session, agreement.id) == (42_500 if bearer is OUTLET else 0)
    assert breaches(session) == []


@pytest.mark.parametrize(("days_before", "bearer"), [(14, MAKER), (13, OUTLET)])
def test_an_expiry_is_the_makers_when_the_pull_out_was_announced_in_time(session: Session, days_before: int, bearer: Bearer) -> None:
    agreement = make_agreement(session)
    wares = make_consigned(session, agreement, best_before_on=day(days_before))
    maker = session.get_one(Maker, agreement.maker_id)
    pull_outs.announce_pull_out(session, SYSTEM, wares.outlet, maker, {wares.level.id: 3}, PullOutReason.EXPIRING)
    with time_machine.travel(clock.now() + timedelta(days=days_before + 1), tick=False):
        goods.write_off(session, SYSTEM, wares.level.id, 3, LossCause.EXPIRED, "kedaluwarsa")
    assert session.scalars(select(ConsignmentLoss.borne_by)).all() == [bearer]


def test_units_missing_at_a_count_and_found_again_cancel_out(session: Session) -> None:
    agreement = make_agreement(session)
    wares = make_consigned(session, agreement, price=8_333)
    change(session, wares, -3, MovementKind.COUNTED)
    lost = owed(session, agreement.id)
    agreements.agree_terms(session, SYSTEM, agreement.id, _dear())
    change(session, wares, 2, MovementKind.COUNTED)
    change(session, wares, 1, MovementKind.COUNTED)
    assert (lost, owed(session, agreement.id)) == (21_249, 0)
    change(session, wares, 4, MovementKind.COUNTED)  # more than were ever lost: nobody owes anything
    assert owed(session, agreement.id) == 0
    assert breaches(session) == []


def _dear() -> agreements.NewTerms:
    return agreements.NewTerms(starts_on=clock.today(), rate_bps=9_000)


def test_a_correction_in_the_office_is_a_loss_too_and_booking_it_twice_changes_nothing(session: Session) -> None:
    agreement = make_agreement(session)
    wares = make_consigned(session, agreement)
    where = (wares.outlet, wares.variant, wares.batch)
    goods.correct_goods(session, SYSTEM, *where, 8, "dua hilang", agreement_id=agreement.id)
    assert losses.book_losses(session, agreement_id=agreement.id) == 0
    assert owed(session, agreement.id) == 42_500


def test_the_outlets_own_losses_are_nobodys_business(session: Session) -> None:
    wares = make_goods(session)
    goods.write_off(session, SYSTEM, wares.level.id, 2, LossCause.DAMAGED, "uji coba")
    assert session.scalars(select(ConsignmentLoss)).all() == []


def test_goods_bought_outright_are_owed_when_they_arrive_and_lost_at_the_outlets_cost(session: Session) -> None:
    agreement = make_agreement(session, model=TermsModel.PURCHASE)
    maker = session.get_one(Maker, agreement.maker_id)
    from tests.make import make_product
    from tests.make_consignment import bring

    product = make_product(session, maker=maker)
    variant = product.variants[0]
    with pytest.raises(goods.InvalidInput):
        bring(session, agreement, variant, 5, product=product)
    agreements.set_maker_price(session, SYSTEM, agreement.id, variant, 18_000, day(-1))
    wares = bring(session, agreement, variant, 5, product=product)
    assert (wares.level.agreement_id, owed(session, agreement.id)) == (None, 90_000)
    goods.write_off(session, SYSTEM, wares.level.id, 1, LossCause.LOST, "uji coba")
    assert owed(session, agreement.id) == 90_000
    assert breaches(session) == []
