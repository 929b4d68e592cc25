"""Applications: sent once, corrected by whoever holds the link while nothing is decided, and never after."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel.errors import Conflict, InvalidInput, NotFound
from kernel.outbox import OutboxMessage
from kernel.people import GUEST, SYSTEM
from orders.models.partner import PartnerState
from orders.wholesale import applications, partners
from tests.make import make_outlet
from tests.make_wholesale import make_application, new_partner


@pytest.fixture
def outlet(session: Session) -> Outlet:
    return make_outlet(session)


def test_a_form_sent_twice_is_one_application(session: Session, outlet: Outlet) -> None:
    first = applications.apply(session, GUEST, outlet, new_partner(), token="once", language="id")
    second = applications.apply(session, GUEST, outlet, new_partner(name="Lain"), token="once", language="id")
    assert first.id == second.id
    assert first.state is PartnerState.APPLIED
    assert session.scalar(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == applications.MAIL_RECEIVED)) == 1


def test_the_link_corrects_an_application_and_answers_the_office(session: Session, outlet: Outlet) -> None:
    partner = make_application(session, outlet)
    partners.decide(session, SYSTEM, partner.id, PartnerState.ASKED, "Nama badan hukum?")
    applications.answer(session, GUEST, partner.token, new_partner(legal_name="PT Benar Jaya"))
    assert (partner.state, partner.legal_name) == (PartnerState.APPLIED, "PT Benar Jaya")
    with pytest.raises(InvalidInput):
        applications.answer(session, GUEST, partner.token, new_partner(nib="1"))


def test_a_decided_application_and_an_unknown_link_change_nothing(session: Session, outlet: Outlet) -> None:
    partner = make_application(session, outlet)
    partners.decide(session, SYSTEM, partner.id, PartnerState.REFUSED, "Di luar wilayah.")
    with pytest.raises(Conflict):
        applications.answer(session, GUEST, partner.token, new_partner(name="Lain"))
    with pytest.raises(NotFound):
        applications.answer(session, GUEST, "tidak-ada", new_partner(name="Lain"))
    assert (partner.state, partner.name) == (PartnerState.REFUSED, "Warung Contoh")
