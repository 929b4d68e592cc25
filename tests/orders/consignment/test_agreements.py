"""Agreements: one for each maker and outlet, terms that never overlap, and who may agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.stock import Outlet
from kernel import audit, clock
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM, Role
from orders.consignment import agreements
from orders.consignment.agreements import AgreementExists, NewTerms, NoAgreement, TermsOverlap
from orders.models.agreement import Agreement, Bearer, Rhythm, TermsModel
from tests.make import make_actor, make_maker, make_product
from tests.make_consignment import day, make_agreement, terms


def parties(session: Session, agreement: Agreement) -> tuple[Maker, Outlet]:
    return session.get_one(Maker, agreement.maker_id), session.get_one(Outlet, agreement.outlet_id)


def test_the_usual_terms_are_those_of_the_programme(session: Session) -> None:
    agreement = make_agreement(session)
    found = agreements.terms_on(session, agreement.id, day(0))
    assert (found.model, found.rate_bps, found.rhythm, found.rhythm_day) == (TermsModel.COMMISSION, 1_500, Rhythm.MONTHLY, 5)
    assert (found.loss_borne_by, found.damage_borne_by, found.expiry_borne_by) == (Bearer.OUTLET, Bearer.OUTLET, Bearer.MAKER)
    assert [entry.action for entry in audit.list_for(session, f"agreement:{agreement.code}")] == ["agreement.terms"]


def test_a_second_agreement_of_the_same_two_is_refused(session: Session) -> None:
    maker, outlet = parties(session, make_agreement(session))
    with pytest.raises(AgreementExists):
        agreements.create_agreement(session, SYSTEM, maker, outlet, terms())


def test_new_terms_end_the_ones_before_from_their_first_day_on(session: Session) -> None:
    agreement = make_agreement(session)
    agreements.agree_terms(session, SYSTEM, agreement.id, terms(starts_on=day(10), rate_bps=2_000))
    rates = [agreements.terms_on(session, agreement.id, day(ahead)).rate_bps for ahead in (-90, 0, 9, 10, 99)]
    assert rates == [1_500, 1_500, 1_500, 2_000, 2_000]


@pytest.mark.parametrize("ahead", [10, 9, 0])
def test_terms_that_overlap_are_refused(session: Session, ahead: int) -> None:
    agreement = make_agreement(session)
    agreements.agree_terms(session, SYSTEM, agreement.id, terms(starts_on=day(10)))
    with pytest.raises(TermsOverlap):
        agreements.agree_terms(session, SYSTEM, agreement.id, terms(starts_on=day(ahead)))


def test_terms_cannot_begin_in_the_past(session: Session) -> None:
    agreement = make_agreement(session)
    with pytest.raises(InvalidInput):
        agreements.agree_terms(session, SYSTEM, agreement.id, terms(starts_on=day(-1)))


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("rate_bps", {"rate_bps": 10_001}),
        ("rate_bps", {"rate_bps": -1}),
        ("rate_bps", {"model": TermsModel.MARKUP, "rate_bps": 30_001}),
        ("fee", {"model": TermsModel.MONTHLY_FEE}),
        ("rhythm_day", {"rhythm_day": 29}),
        ("rhythm_day", {"rhythm": Rhythm.WEEKLY, "rhythm_day": 8}),
        ("pull_out_days", {"pull_out_days": 366}),
    ],
)
def test_figures_out_of_range_name_their_field(session: Session, field: str, values: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_agreement(session, **values)
    assert refused.value.field == field


def test_what_a_model_does_not_use_is_nought(session: Session) -> None:
    agreement = make_agreement(session, model=TermsModel.MONTHLY_FEE, fee=30_000, rhythm=Rhythm.ON_CALL)
    found = agreements.terms_on(session, agreement.id, day(0))
    assert (found.rate_bps, found.fee, found.rhythm_day) == (0, 30_000, 0)


@pytest.mark.parametrize("act", ["UPDATE agreement_terms SET rate_bps = 0", "DELETE FROM agreement_terms"])
def test_the_database_refuses_to_change_terms(session: Session, act: str) -> None:
    make_agreement(session)
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(act))


def test_only_the_outlets_lead_agrees(session: Session) -> None:
    agreement = make_agreement(session)
    maker, outlet = make_maker(session), parties(session, agreement)[1]
    lead = make_actor(session, Role.OUTLET_MANAGER, outlet_id=outlet.id)
    for stranger in (make_actor(session, Role.CASHIER, outlet_id=outlet.id), make_actor(session, Role.CURATOR, area_prefix="16.12")):
        with pytest.raises(NotAllowed):
            agreements.create_agreement(session, stranger, maker, outlet, terms())
        with pytest.raises(NotFound):
            agreements.get_agreement(session, stranger, agreement.code)
    assert agreements.create_agreement(session, lead, maker, outlet, terms()).maker_id == maker.id
    assert agreements.get_agreement(session, lead, agreement.code).id == agreement.id


def test_goods_come_only_under_an_agreement_that_has_begun_and_not_ended(session: Session) -> None:
    agreement = make_agreement(session)
    maker, outlet = parties(session, agreement)
    assert agreements.get_open_for(session, maker.id, outlet.id).id == agreement.id
    agreements.end_agreement(session, SYSTEM, agreement.id, day(0))
    with pytest.raises(NoAgreement):
        agreements.get_open_for(session, maker.id, outlet.id)
    later = make_agreement(session, outlet, starts_on=day(1))
    for maker_id in (later.maker_id, make_maker(session).id):
        with pytest.raises(NoAgreement):
            agreements.get_open_for(session, maker_id, outlet.id)


def test_a_makers_price_counts_from_its_day_and_is_said_once(session: Session) -> None:
    agreement = make_agreement(session, model=TermsModel.MARKUP)
    product = make_product(session, maker=parties(session, agreement)[0])
    variant = product.variants[0]
    for ahead, amount in ((-5, 10_000), (3, 12_000)):
        agreements.set_maker_price(session, SYSTEM, agreement.id, variant, amount, day(ahead))
    pair = (agreement.id, variant.id)
    found = [agreements.maker_prices_on(session, [pair], day(ahead)).get(pair) for ahead in (-6, 0, 3)]
    assert found == [None, 10_000, 12_000]
    with pytest.raises(Conflict):
        agreements.set_maker_price(session, SYSTEM, agreement.id, variant, 1_000, day(3))
    with pytest.raises(InvalidInput):
        agreements.set_maker_price(session, SYSTEM, agreement.id, make_product(session).variants[0], 1_000, day(3))


def test_defaults_are_given_without_any_argument_but_the_day() -> None:
    assert NewTerms(starts_on=clock.today() + timedelta(days=1)).pull_out_days == 14
