"""Partners: applied once, decided by the office, terms under the law's cap, and letters that say what happened."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.outbox import OutboxMessage
from kernel.people import GUEST, SYSTEM, Actor, Grant, Role
from orders.models.partner import PaperKind, Partner, PartnerState
from orders.wholesale import partners
from orders.wholesale.partners import PartnerTerms
from tests.make import make_outlet
from tests.make_wholesale import make_application, make_group, make_partner, new_partner

HOME = Actor(None, "Kurator", (Grant(Role.CURATOR, "16.12"),))
ELSEWHERE = Actor(None, "Kurator jauh", (Grant(Role.CURATOR, "16.01"),))


@pytest.fixture
def outlet(session: Session) -> Outlet:
    return make_outlet(session)


def test_a_form_sent_twice_is_one_application(session: Session, outlet: Outlet) -> None:
    first = partners.apply(session, GUEST, outlet, new_partner(), token="once", language="id")
    second = partners.apply(session, GUEST, outlet, new_partner(name="Lain"), token="once", language="id")
    assert first.id == second.id
    assert first.state is PartnerState.APPLIED
    assert session.scalar(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == partners.MAIL_RECEIVED)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("npwp", "123"),
        ("npwp", ""),
        ("nib", "1"),
        ("contact_email", "x"),
        ("contact_phone", ""),
        ("area_code", "99.99"),
        ("name", " "),
        ("legal_name", ""),
        ("address", ""),
    ],
)
def test_a_wrong_value_is_refused_beside_its_field(session: Session, outlet: Outlet, field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        make_application(session, outlet, **{field: value})
    assert refusal.value.field == field


def test_the_office_approves_with_a_group_and_terms(session: Session, outlet: Outlet) -> None:
    partner = make_application(session, outlet)
    with pytest.raises(InvalidInput):
        partners.decide(session, HOME, partner.id, PartnerState.APPROVED)
    group = make_group(session, outlet)
    partners.set_terms(session, HOME, partner.id, PartnerTerms(group_code=group.code, credit_limit=10_000_000, payment_days=14))
    partners.decide(session, HOME, partner.id, PartnerState.APPROVED)
    assert (partner.state, partner.credit_limit, partner.payment_days) == (PartnerState.APPROVED, 10_000_000, 14)


def test_trading_terms_stay_under_the_cap(session: Session, outlet: Outlet) -> None:
    group = make_group(session, outlet)
    partner = make_partner(session, outlet, group, terms={"trading_terms_bps": 1_500})
    with pytest.raises(InvalidInput):
        partners.set_terms(session, SYSTEM, partner.id, PartnerTerms(group_code=group.code, trading_terms_bps=1_501))
    partner.trading_terms_bps = 1_501
    with pytest.raises(IntegrityError), session.begin_nested():
        session.flush()


def test_states_follow_each_other_in_order(session: Session, outlet: Outlet) -> None:
    partner = make_application(session, outlet)
    for state in (PartnerState.SUSPENDED, PartnerState.CLOSED):
        with pytest.raises(Conflict):
            partners.decide(session, SYSTEM, partner.id, state, "Alasan")
    with pytest.raises(InvalidInput):
        partners.decide(session, SYSTEM, partner.id, PartnerState.REFUSED)
    assert partners.decide(session, SYSTEM, partner.id, PartnerState.REFUSED, "Belum ada NPWP.").decision_note == "Belum ada NPWP."
    before = session.scalar(select(func.count()).select_from(OutboxMessage))
    partners.decide(session, SYSTEM, partner.id, PartnerState.REFUSED, "Lagi.")
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == before


def test_another_regencys_office_finds_nothing_and_may_nothing(session: Session, outlet: Outlet) -> None:
    partner = make_application(session, outlet)
    assert [row.id for row in partners.list_partners(session, HOME).rows] == [partner.id]
    assert list(partners.list_partners(session, ELSEWHERE).rows) == []
    with pytest.raises(NotFound):
        partners.get_partner(session, ELSEWHERE, partner.code)
    with pytest.raises(NotAllowed):
        partners.decide(session, ELSEWHERE, partner.id, PartnerState.REFUSED, "Tidak")


def test_a_paper_stands_on_the_list_once(session: Session, outlet: Outlet) -> None:
    partner: Partner = make_application(session, outlet)
    paper = partners.add_paper(session, HOME, partner.id, PaperKind.NIB, "1234567890123")
    assert paper.checked_at is not None
    with pytest.raises(InvalidInput):
        partners.add_paper(session, HOME, partner.id, PaperKind.NIB, "1234 567 890123")
