"""Papers of a company: handed in by those it belongs to, compared by its office, and nobody else's business."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.scan import Scan
from catalog.models.stock import Outlet
from kernel import accounts
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import GUEST, Actor, Grant, Role
from orders.models.partner import PaperKind, PartnerPaperScan, PartnerState
from orders.wholesale import company_papers, partners
from orders.wholesale.company_papers import MOST_WAITING
from tests.make import make_outlet
from tests.make_wholesale import make_application, make_buyer, make_group, make_partner

HOME = Actor(None, "Kurator", (Grant(Role.CURATOR, "16.12"),))
ELSEWHERE = Actor(None, "Kurator jauh", (Grant(Role.CURATOR, "16.01"),))


@pytest.fixture
def outlet(session: Session) -> Outlet:
    return make_outlet(session)


def scan(name: str = "a") -> Scan:
    return Scan(name=f"{name}.pdf", media_type="application/pdf", digest="0" * 64, size=9)


def test_a_compared_paper_stands_on_the_list_once(session: Session, outlet: Outlet) -> None:
    partner = make_application(session, outlet)
    paper = company_papers.add_paper(session, HOME, partner.id, PaperKind.NIB, "1234567890123", date(2030, 1, 1), scan())
    assert paper.checked_at is not None
    assert paper.scan is not None
    with pytest.raises(InvalidInput):
        company_papers.add_paper(session, HOME, partner.id, PaperKind.NIB, "1234 567 890123")


def test_the_link_hands_in_the_companys_own_number_and_answers_the_office(session: Session, outlet: Outlet) -> None:
    partner = make_application(session, outlet)
    partners.decide(session, HOME, partner.id, PartnerState.ASKED, "Mohon foto NPWP.")
    company_papers.hand_in_by_link(session, GUEST, partner.token, PaperKind.NPWP, "", scan())
    [paper] = company_papers.list_papers(session, partner.id)
    assert (paper.number, paper.checked_at, partner.state) == (partner.npwp, None, PartnerState.APPLIED)
    with pytest.raises(InvalidInput) as refusal:
        company_papers.hand_in_by_link(session, GUEST, partner.token, PaperKind.DEED, " ", scan("b"))
    assert refusal.value.field == "number"


def test_the_same_paper_again_takes_the_files_place_until_it_is_compared(session: Session, outlet: Outlet) -> None:
    partner = make_application(session, outlet)
    assert company_papers.hand_in_by_link(session, GUEST, partner.token, PaperKind.NIB, "", scan("a")) is None
    assert company_papers.hand_in_by_link(session, GUEST, partner.token, PaperKind.NIB, "", scan("b")) == "a.pdf"
    [paper] = company_papers.list_papers(session, partner.id)
    for _again in range(2):
        company_papers.check_paper(session, HOME, partner.id, paper.code, date(2030, 1, 1))
    assert (paper.valid_until_on, paper.checked_at is None) == (date(2030, 1, 1), False)
    with pytest.raises(InvalidInput):
        company_papers.hand_in_by_link(session, GUEST, partner.token, PaperKind.NIB, "", scan("c"))
    assert [each.name for each in session.scalars(select(PartnerPaperScan))] == ["b.pdf"]


def test_a_link_is_no_store_for_files(session: Session, outlet: Outlet) -> None:
    partner = make_application(session, outlet)
    for number in range(MOST_WAITING):
        company_papers.hand_in_by_link(session, GUEST, partner.token, PaperKind.OTHER, f"Surat {number}", scan())
    with pytest.raises(InvalidInput):
        company_papers.hand_in_by_link(session, GUEST, partner.token, PaperKind.OTHER, "Surat lagi", scan())


def test_a_decided_application_takes_nothing_by_its_link(session: Session, outlet: Outlet) -> None:
    partner = make_partner(session, outlet, make_group(session, outlet))
    with pytest.raises(Conflict):
        company_papers.hand_in_by_link(session, GUEST, partner.token, PaperKind.NIB, "", scan())
    with pytest.raises(NotFound):
        company_papers.hand_in_by_link(session, GUEST, "tidak-ada", PaperKind.NIB, "", scan())


def test_only_the_companys_approver_and_its_office_hand_in_later(session: Session, outlet: Outlet) -> None:
    group = make_group(session, outlet)
    partner, rival = make_partner(session, outlet, group), make_partner(session, outlet, group, name="Saingan")
    approver, colleague = make_buyer(session, partner), make_buyer(session, partner, is_approver=False)
    company_papers.hand_in(session, accounts.as_actor(approver), partner.id, PaperKind.NIB, "", scan())
    for person in (accounts.as_actor(colleague), accounts.as_actor(make_buyer(session, rival)), ELSEWHERE, GUEST):
        with pytest.raises(NotAllowed):
            company_papers.hand_in(session, person, partner.id, PaperKind.NPWP, "", scan("b"))


def test_only_its_office_compares_and_takes_out(session: Session, outlet: Outlet) -> None:
    partner = make_application(session, outlet)
    company_papers.hand_in_by_link(session, GUEST, partner.token, PaperKind.NIB, "", scan())
    [paper] = company_papers.list_papers(session, partner.id)
    for actor in (ELSEWHERE, GUEST):
        with pytest.raises(NotAllowed):
            company_papers.check_paper(session, actor, partner.id, paper.code, None)
        with pytest.raises(NotAllowed):
            company_papers.remove_paper(session, actor, partner.id, paper.code)
    other = make_application(session, outlet)
    with pytest.raises(NotFound):
        company_papers.remove_paper(session, HOME, other.id, paper.code)
    assert company_papers.remove_paper(session, HOME, partner.id, paper.code) == "a.pdf"
    assert company_papers.list_papers(session, partner.id) == []
