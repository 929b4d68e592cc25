"""Bank accounts of makers: asked for by one person, agreed to by another, and a changed one waits three days."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit, clock
from kernel.errors import N_, Conflict, DomainError, InvalidInput, NotFound
from kernel.inserts import insert_new
from kernel.parsing import parse_text
from kernel.people import Actor, Permission
from orders.consignment import agreements
from orders.models.agreement import Agreement
from orders.models.maker_payout import MakerAccount

#: Long enough for the maker to hear of a change that nobody asked for (docs/consignment.md).
DELAY = timedelta(days=3)
_NUMBER = re.compile(r"[0-9]{5,30}", re.ASCII)


class SecondPersonNeeded(DomainError):
    """Whoever asked for it cannot agree to it."""

    message = N_("Somebody else must agree to this, not the person who asked for it.")


class ChangeWaits(Conflict):
    """One change at a time."""

    message = N_("A change of this bank account waits for a second person already. Please decide it first.")


def request_account(session: Session, actor: Actor, agreement_id: int, bank: str, number: str, holder: str) -> MakerAccount:
    """Ask for an account to be used. Nothing changes until another person agrees. Raises ChangeWaits, InvalidInput, NotAllowed."""
    agreement, _outlet = _open(session, actor, agreement_id, Permission.PREPARE_PAYOUTS)
    return _request(session, actor, agreement, bank, number, holder, actor.user_id)


def ask_for_account(
    session: Session, actor: Actor, agreement: Agreement, bank: str, number: str, holder: str, *, let_in_by_id: int | None
) -> MakerAccount:
    """The maker asks for another account; the caller has checked that `actor` speaks for the maker. Otherwise as `request_account`.

    `let_in_by_id` made the link through which a maker without an account asks: like the one who asks, they cannot agree to it.
    """
    return _request(session, actor, agreement, bank, number, holder, actor.user_id or let_in_by_id)


def object_to_account(session: Session, actor: Actor, agreement: Agreement, account_id: int) -> MakerAccount:
    """The maker never asked for this account: it is not used. Too late (a Conflict) once it is in use.

    The caller has checked that `actor` speaks for the maker of `agreement`.
    """
    account = session.get(MakerAccount, account_id, populate_existing=True)
    if account is None or account.agreement_id != agreement.id:
        raise NotFound
    if account.decided_at is None:
        _decide(session, account, actor, None)
    else:
        _stop(session, account)
    _note(session, actor, "account.objected", agreement, account.account_number)
    return account


def _request(
    session: Session, actor: Actor, agreement: Agreement, bank: str, number: str, holder: str, requested_by_id: int | None
) -> MakerAccount:
    digits = number.replace(" ", "").replace("-", "").replace(".", "")
    if not _NUMBER.fullmatch(digits):
        raise InvalidInput(N_("Type the account number with its digits only."), field="number")
    row = {
        "agreement_id": agreement.id,
        "bank_name": parse_text(bank, field="bank", maximum=60, required=True),
        "account_number": digits,
        "holder_name": parse_text(holder, field="holder", maximum=120, required=True),
        "requested_by_id": requested_by_id,
        "requested_at": clock.now(),
    }
    ids = insert_new(session, MakerAccount, [row])
    if not ids:
        raise ChangeWaits
    _note(session, actor, "account.requested", agreement, digits)
    return session.get_one(MakerAccount, ids[0])


def approve_account(session: Session, actor: Actor, account_id: int) -> MakerAccount:
    """The second person agrees. The first account of an agreement is good at once, a changed one after three days."""
    account = session.get_one(MakerAccount, account_id, populate_existing=True)
    agreement, _outlet = _open(session, actor, account.agreement_id, Permission.APPROVE_PAYOUTS)
    _check_other(actor, account.requested_by_id)
    moment = clock.now()
    known = session.scalar(
        select(MakerAccount.id).where(MakerAccount.agreement_id == agreement.id, MakerAccount.effective_at.is_not(None)).limit(1)
    )
    _decide(session, account, actor, moment + DELAY if known else moment)
    _note(session, actor, "account.approved", agreement, account.account_number)
    return account


def reject_account(session: Session, actor: Actor, account_id: int) -> MakerAccount:
    """The second person says no, or the first one thinks better of it: everything stays as it is."""
    account = session.get_one(MakerAccount, account_id, populate_existing=True)
    agreement, _outlet = _open(session, actor, account.agreement_id, Permission.PREPARE_PAYOUTS)
    _decide(session, account, actor, None)
    _note(session, actor, "account.rejected", agreement, account.account_number)
    return account


def stop_account(session: Session, actor: Actor, account_id: int) -> MakerAccount:
    """Withdraw a change that was agreed to but is not in use yet: the maker never asked for it."""
    account = session.get_one(MakerAccount, account_id, populate_existing=True)
    agreement, _outlet = _open(session, actor, account.agreement_id, Permission.PREPARE_PAYOUTS)
    _stop(session, account)
    _note(session, actor, "account.stopped", agreement, account.account_number)
    return account


def _stop(session: Session, account: MakerAccount) -> None:
    stopped = session.execute(
        update(MakerAccount)
        .where(MakerAccount.id == account.id, MakerAccount.effective_at > clock.now())
        .values(effective_at=None)
        .returning(MakerAccount.id),
        execution_options={"synchronize_session": False},
    ).scalar()
    if stopped is None:
        raise Conflict
    session.refresh(account)


def find_account(session: Session, agreement_id: int) -> MakerAccount | None:
    """Where money goes at this moment: the account that became good last."""
    statement = select(MakerAccount).where(MakerAccount.agreement_id == agreement_id, MakerAccount.effective_at <= clock.now())
    return session.scalar(statement.order_by(MakerAccount.effective_at.desc(), MakerAccount.id.desc()).limit(1))


def list_accounts(session: Session, agreement_id: int) -> list[MakerAccount]:
    """Every account that was ever asked for, the newest first."""
    return list(session.scalars(select(MakerAccount).where(MakerAccount.agreement_id == agreement_id).order_by(MakerAccount.id.desc())))


def _open(session: Session, actor: Actor, agreement_id: int, permission: Permission) -> tuple[Agreement, Outlet]:
    agreement = session.get(Agreement, agreement_id)
    if agreement is None:
        raise NotFound
    outlet = session.get_one(Outlet, agreement.outlet_id)
    agreements.check_may_agree(actor, outlet, permission)
    return agreement, outlet


def _check_other(actor: Actor, first_id: int | None) -> None:
    if not actor.system and actor.user_id == first_id:
        raise SecondPersonNeeded


def _decide(session: Session, account: MakerAccount, actor: Actor, effective_at: datetime | None) -> None:
    """Decide it, unless somebody else has since it was read."""
    decided = session.execute(
        update(MakerAccount)
        .where(MakerAccount.id == account.id, MakerAccount.decided_at.is_(None))
        .values(decided_at=clock.now(), decided_by_id=actor.user_id, effective_at=effective_at)
        .returning(MakerAccount.id),
        execution_options={"synchronize_session": False},
    ).scalar()
    if decided is None:
        raise Conflict
    session.refresh(account)


def _note(session: Session, actor: Actor, action: str, agreement: Agreement, number: str) -> None:
    """The audit keeps the last four digits: enough to tell accounts apart."""
    audit.record(session, actor, action, f"agreement:{agreement.code}", {"account": f"…{number[-4:]}"})
