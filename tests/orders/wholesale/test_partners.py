"""Partners: applied once, decided by the office, terms under the law's cap, and letters that say what happened."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel.audit import AuditEntry
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.outbox import OutboxMessage
from kernel.people import SYSTEM, Actor, Grant, Role
from orders.models.partner import PartnerState
from orders.wholesale import partners
from orders.wholesale.partners import PartnerTerms
from tests.make import make_outlet
from tests.make_wholesale import make_application, make_group, make_partner, new_partner

HOME = Actor(None, "Kurator", (Grant(Role.CURATOR, "16.12"),))
ELSEWHERE = Actor(None, "Kurator jauh", (Grant(Role.CURATOR, "16.01"),))


@pytest.fixture
def outlet(session: Session) -> Outlet:
    return make_outlet(session)


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


def test_the_office_corrects_a_company_and_the_history_says_what(session: Session, outlet: Outlet) -> None:
    partner = make_application(session, outlet)
    facts = new_partner(legal_name="PT Benar Jaya", npwp="01.234.567.4-092.000", contact_email="Baru@Contoh.example.com")
    partners.correct_company(session, HOME, partner.id, facts)
    assert (partner.legal_name, partner.npwp, partner.contact_email) == ("PT Benar Jaya", "012345674092000", "baru@contoh.example.com")
    [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "partner.corrected"))
    assert set(entry.details) == {"legal_name", "npwp", "contact_email"}
    assert entry.details["legal_name"] == {"from": "PT Warung Contoh Nusantara", "to": "PT Benar Jaya"}
    partners.correct_company(session, HOME, partner.id, facts)
    assert len(list(session.scalars(select(AuditEntry).where(AuditEntry.action == "partner.corrected")))) == 1


def test_a_correction_is_checked_as_an_application_and_only_at_home(session: Session, outlet: Outlet) -> None:
    partner = make_application(session, outlet)
    with pytest.raises(InvalidInput) as refusal:
        partners.correct_company(session, HOME, partner.id, new_partner(npwp="012345678092000"))
    assert refusal.value.field == "npwp"
    with pytest.raises(NotAllowed):
        partners.correct_company(session, ELSEWHERE, partner.id, new_partner(name="Lain"))
    assert partner.name == "Warung Contoh"


def test_the_office_asks_once_and_decides_after_the_answer_or_without(session: Session, outlet: Outlet) -> None:
    partner = make_application(session, outlet)
    with pytest.raises(InvalidInput):
        partners.decide(session, HOME, partner.id, PartnerState.ASKED)
    partners.decide(session, HOME, partner.id, PartnerState.ASKED, "Mohon foto NPWP.")
    assert (partner.state, partner.decision_note) == (PartnerState.ASKED, "Mohon foto NPWP.")
    letters = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == partners.MAIL_DECIDED)).all()
    assert [letter.payload["note"] for letter in letters] == ["Mohon foto NPWP."]
    partners.decide(session, HOME, partner.id, PartnerState.REFUSED, "Tidak dijawab.")
    with pytest.raises(Conflict):
        partners.decide(session, HOME, partner.id, PartnerState.ASKED, "Lagi?")
