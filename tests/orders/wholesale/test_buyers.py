"""Buyers: a page is shown only while role, person and partner all stand; the company looks after its own people."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from kernel import accounts
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM, Actor, Grant, Role, User
from orders.models.partner import Partner, PartnerState
from orders.wholesale import buyers, partners
from orders.wholesale.buyers import BranchFacts
from tests.make import BETUNG, make_outlet, make_user
from tests.make_wholesale import SECRET, make_buyer, make_group, make_partner


@pytest.fixture
def partner(session: Session) -> Partner:
    outlet = make_outlet(session)
    return make_partner(session, outlet, make_group(session, outlet))


def actor_of(session: Session, person: User) -> Actor:
    session.refresh(person, ["grants"])
    return accounts.as_actor(person)


def test_a_buyer_sees_for_their_partner(session: Session, partner: Partner) -> None:
    found = buyers.get_buyer(session, actor_of(session, make_buyer(session, partner)))
    assert (found.audience.partner_id, found.audience.group_id) == (partner.id, partner.group_id)
    assert buyers.get_audience(session, partner.id) == found.audience


@pytest.mark.parametrize("state", [PartnerState.SUSPENDED, PartnerState.CLOSED])
def test_nothing_is_seen_once_the_partner_does_not_stand(session: Session, partner: Partner, state: PartnerState) -> None:
    actor = actor_of(session, make_buyer(session, partner))
    partners.decide(session, SYSTEM, partner.id, state, "Alasan")
    assert buyers.find_buyer(session, actor) is None
    with pytest.raises(NotAllowed):
        buyers.get_audience(session, partner.id)


def test_the_role_alone_shows_nothing(session: Session, partner: Partner) -> None:
    assert buyers.find_buyer(session, actor_of(session, make_user(session, Grant(Role.RETAIL_BUYER)))) is None


def test_who_left_sees_nothing_and_is_signed_out(session: Session, partner: Partner) -> None:
    first, second = make_buyer(session, partner), make_buyer(session, partner, is_approver=False)
    token = accounts.open_session(session, second, "tests")
    buyers.remove_buyer(session, actor_of(session, first), partner, second.code)
    assert buyers.find_buyer(session, actor_of(session, second)) is None
    assert accounts.find_user_by_token(session, token) is None
    buyers.remove_buyer(session, SYSTEM, partner, second.code)


def test_the_last_approver_stays(session: Session, partner: Partner) -> None:
    person = make_buyer(session, partner)
    with pytest.raises(Conflict):
        buyers.remove_buyer(session, SYSTEM, partner, person.code)
    with pytest.raises(Conflict):
        buyers.set_limits(session, SYSTEM, partner, person.code, is_approver=False, order_limit=None, month_limit=None)


def test_a_person_buys_for_one_company_and_staff_for_none(session: Session, partner: Partner) -> None:
    outlet = make_outlet(session)
    rival = make_partner(session, outlet, make_group(session, outlet, "Lain"))
    person = make_buyer(session, partner)
    cashier = make_user(session, Grant(Role.CASHIER, outlet_id=outlet.id))
    words = set()
    for unfit in (person, cashier):
        with pytest.raises(InvalidInput) as refusal:
            buyers.attach_buyer(session, SYSTEM, rival, unfit)
        words.add(refusal.value.message)
    assert len(words) == 1


def test_a_new_person_is_invited(session: Session, partner: Partner) -> None:
    row = buyers.add_buyer(session, SYSTEM, partner, email="Baru@Contoh.example.com", name="Baru", secret=SECRET, order_limit=5_000_000)
    person = accounts.find_user_by_email(session, "baru@contoh.example.com")
    assert person is not None
    assert (row.user_id, row.order_limit) == (person.id, 5_000_000)


def test_only_approvers_and_the_office_change_the_company(session: Session, partner: Partner) -> None:
    make_buyer(session, partner)
    plain = actor_of(session, make_buyer(session, partner, is_approver=False))
    with pytest.raises(NotAllowed):
        buyers.save_branch(session, plain, partner, BranchFacts(name="B", address="J", area_code=BETUNG))
    outlet = make_outlet(session)
    rival = make_partner(session, outlet, make_group(session, outlet, "Lain"))
    with pytest.raises(NotAllowed):
        buyers.save_branch(
            session, actor_of(session, make_buyer(session, rival)), partner, BranchFacts(name="B", address="J", area_code=BETUNG)
        )


def test_a_branch_belongs_to_its_company(session: Session, partner: Partner) -> None:
    actor = actor_of(session, make_buyer(session, partner))
    branch = buyers.save_branch(session, actor, partner, BranchFacts(name="Betung", address="Jalan 3", area_code=BETUNG))
    buyers.save_branch(session, actor, partner, BranchFacts(name="Betung 2", address="Jalan 3", area_code=BETUNG), branch.code)
    assert branch.name == "Betung 2"
    with pytest.raises(NotFound):
        buyers.get_branch(session, partner.id + 1, branch.code)
    buyers.close_branch(session, actor, partner, branch.code)
    assert branch.code not in {each.code for each in buyers.list_branches(session, partner.id)}
