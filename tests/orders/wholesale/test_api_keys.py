"""A partner's keys: shown once and stored as a digest, replaced with an overlap, revoked, and kept only by those who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import accounts, clock
from kernel.audit import AuditEntry
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM
from orders.models.api_key import ApiKey
from orders.models.partner import PartnerBuyer
from orders.wholesale import api_keys
from orders.wholesale.api_keys import OVERLAP
from tests.make_api import Trade, make_key, make_trade
from tests.make_wholesale import make_buyer, make_group, make_partner


@pytest.fixture
def trade(session: Session) -> Trade:
    return make_trade(session)


def test_the_secret_is_nowhere_in_the_database(session: Session, trade: Trade) -> None:
    stored = session.scalars(select(ApiKey)).one()
    assert trade.secret not in str(vars(stored))
    assert trade.secret.startswith(stored.start)
    assert stored.digest == accounts.digest(trade.secret)
    assert all(trade.secret not in str(entry.details) for entry in session.scalars(select(AuditEntry)))


def test_a_key_finds_its_buyer_and_nothing_else_does(session: Session, trade: Trade) -> None:
    caller = api_keys.find_caller(session, trade.secret)
    assert caller is not None
    assert (caller.partner_id, caller.actor.user_id) == (trade.partner.id, trade.person.id)
    for wrong in ("", trade.secret[:-1], trade.secret + "x", trade.secret.upper(), trade.key.code, "etalase_" + "x" * 400):
        assert api_keys.find_caller(session, wrong) is None


def test_both_keys_work_until_the_overlap_is_over(session: Session, trade: Trade) -> None:
    _new, secret = api_keys.rotate_key(session, SYSTEM, trade.partner, trade.key.code)
    assert api_keys.find_caller(session, trade.secret)
    assert api_keys.find_caller(session, secret)
    with time_machine.travel(clock.now() + OVERLAP + timedelta(seconds=1)):
        assert api_keys.find_caller(session, trade.secret) is None
        assert api_keys.find_caller(session, secret)
    with pytest.raises(Conflict):
        api_keys.rotate_key(session, SYSTEM, trade.partner, trade.key.code)


def test_a_revoked_key_opens_nothing_at_once(session: Session, trade: Trade) -> None:
    api_keys.revoke_key(session, SYSTEM, trade.partner, trade.key.code)
    api_keys.revoke_key(session, SYSTEM, trade.partner, trade.key.code)
    assert api_keys.find_caller(session, trade.secret) is None


def test_a_dismissed_person_takes_the_key_along(session: Session, trade: Trade) -> None:
    trade.person.is_active = False
    session.flush()
    assert api_keys.find_caller(session, trade.secret) is None


def test_approvers_keep_keys_and_other_buyers_do_not(session: Session, trade: Trade) -> None:
    colleague = make_buyer(session, trade.partner, is_approver=False)
    rival = make_buyer(session, make_partner(session, trade.outlet, make_group(session, trade.outlet, "Rivals"), name="Saingan"))
    buyer = session.scalars(select(PartnerBuyer).where(PartnerBuyer.user_id == trade.person.id)).one()
    for person in (colleague, rival):
        with pytest.raises(NotAllowed):
            api_keys.issue_key(session, accounts.as_actor(person), trade.partner, buyer, "X", ["catalogue"])
    key, _secret = api_keys.issue_key(session, accounts.as_actor(trade.person), trade.partner, buyer, "Kasir", ["catalogue"])
    assert key.name == "Kasir"


def test_a_key_of_another_partner_is_not_there(session: Session, trade: Trade) -> None:
    other = make_partner(session, trade.outlet, make_group(session, trade.outlet, "Rivals"), name="Saingan")
    with pytest.raises(NotFound):
        api_keys.revoke_key(session, SYSTEM, other, trade.key.code)


@pytest.mark.parametrize("scopes", [(), ("everything",), ("catalogue", "admin")])
def test_a_key_may_only_do_what_exists(session: Session, trade: Trade, scopes: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        make_key(session, trade.partner, trade.person, scopes)
