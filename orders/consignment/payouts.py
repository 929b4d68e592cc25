"""Payouts to makers in batches: one person prepares, another approves, the bank pays, and each is booked once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models.maker import Maker
from catalog.models.stock import Outlet
from kernel import audit, clock
from kernel.errors import N_, Conflict, DomainError, InvalidInput, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_new
from kernel.parsing import parse_text
from kernel.people import Actor, Permission
from orders.consignment import accounts, agreements, ledger
from orders.consignment.accounts import SecondPersonNeeded
from orders.consignment.ledger import Posting
from orders.models.agreement import Agreement
from orders.models.consignment import ConsignmentAccount, EntryKind
from orders.models.maker_payout import MakerAccount, MakerPayout, PayoutBatch, PayoutState, PayoutWay

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_RAW = {"synchronize_session": False}


class PayoutAboveOwed(DomainError):
    """More is to be paid than is owed."""

    message = N_("%(maker)s is owed %(owed)s rupiah; no more than that can be paid out.")


class PayoutOpen(Conflict):
    """A payout of the same agreement is on its way: until it is paid or dropped there is no second one."""

    message = N_("A payout to %(maker)s is on its way already. Please finish it first.")


class NoAccount(DomainError):
    """A transfer needs an account that two people agreed to."""

    message = N_("%(maker)s has no bank account that can be used yet. Please add one, or pay in cash.")


class AccountChanged(Conflict):
    """The account in the batch is not the maker's any more."""

    message = N_("The bank account of %(maker)s changed. Please cancel this batch and prepare it again.")


@dataclass(frozen=True, slots=True)
class Payable:
    """What one agreement is owed, and what would be paid now."""

    agreement_id: int
    code: str
    maker_name: str
    owed: int
    is_open: bool
    account: MakerAccount | None


def list_payable(session: Session, outlet: Outlet) -> list[Payable]:
    """Every agreement of an outlet to which something is owed, by maker."""
    rows = session.execute(
        select(Agreement.id, Agreement.code, Maker.name)
        .join(Maker, Maker.id == Agreement.maker_id)
        .where(Agreement.outlet_id == outlet.id)
        .order_by(Maker.name, Agreement.id)
    ).all()
    sums = ledger.owed(session, [row.id for row in rows])
    on_their_way = select(MakerPayout.agreement_id).where(MakerPayout.agreement_id.in_(sums), MakerPayout.settled_at.is_(None))
    is_open = set(session.scalars(on_their_way))
    used = {}
    good = select(MakerAccount).where(MakerAccount.agreement_id.in_(sums), MakerAccount.effective_at <= clock.now())
    for account in session.scalars(good.order_by(MakerAccount.effective_at, MakerAccount.id)):
        used[account.agreement_id] = account
    return [Payable(row.id, row.code, row.name, sums[row.id], row.id in is_open, used.get(row.id)) for row in rows if sums[row.id] > 0]


def prepare_batch(
    session: Session, actor: Actor, outlet: Outlet, amounts: Mapping[int, int], key: str, *, in_cash: frozenset[int] = frozenset()
) -> PayoutBatch:
    """Propose payouts: whole rupiah by agreement id; those `in_cash` against a signature, the others by transfer.

    `key` is the form's own token: a double click is one batch. Nothing is booked before it is paid. Raises PayoutAboveOwed,
    PayoutOpen, NoAccount, InvalidInput, NotAllowed.
    """
    agreements.check_may_agree(actor, outlet, Permission.PREPARE_PAYOUTS)
    if not amounts or not _KEY.fullmatch(key):
        raise InvalidInput(N_("Please choose at least one maker."), field="amounts")
    if (known := session.scalar(select(PayoutBatch).where(PayoutBatch.form_key == key))) is not None:
        return known
    locked = [agreements.lock_agreement(session, agreement_id) for agreement_id in sorted(amounts)]
    if any(agreement.outlet_id != outlet.id for agreement in locked):
        raise NotFound
    row = {"code": make_code(), "form_key": key, "outlet_id": outlet.id, "state": PayoutState.PREPARED}
    ids = insert_new(session, PayoutBatch, [{**row, "prepared_by_id": actor.user_id, "prepared_at": clock.now()}])
    if not ids:
        raise Conflict
    sums = ledger.owed(session, [agreement.id for agreement in locked])
    for number, agreement in enumerate(locked, 1):
        amount, maker = amounts[agreement.id], session.get_one(Maker, agreement.maker_id).name
        _check_amount(amount, sums[agreement.id], maker)
        account = None if agreement.id in in_cash else accounts.find_account(session, agreement.id)
        if account is None and agreement.id not in in_cash:
            raise NoAccount(field="amounts", maker=maker)
        payout = {
            "code": f"{row['code']}-{number}",
            "batch_id": ids[0],
            "agreement_id": agreement.id,
            "amount": amount,
            "way": PayoutWay.CASH if account is None else PayoutWay.TRANSFER,
            "account_id": account.id if account else None,
        }
        if not insert_new(session, MakerPayout, [payout]):
            raise PayoutOpen(field="amounts", maker=maker)
    batch = session.get_one(PayoutBatch, ids[0])
    details = {"amount": sum(amounts.values()), "makers": len(amounts)}
    audit.record(session, actor, "payout.prepared", f"payout:{batch.code}", details)
    return batch


def approve_batch(session: Session, actor: Actor, batch_id: int) -> PayoutBatch:
    """The second person agrees, after amounts and accounts were looked at once more. Now the bank file can be written."""
    batch, payouts = _open(session, actor, batch_id, Permission.APPROVE_PAYOUTS)
    if not actor.system and actor.user_id == batch.prepared_by_id:
        raise SecondPersonNeeded
    ids = sorted(payout.agreement_id for payout in payouts)
    locked = {agreement_id: agreements.lock_agreement(session, agreement_id) for agreement_id in ids}
    sums = ledger.owed(session, ids)
    for payout in payouts:
        maker = session.get_one(Maker, locked[payout.agreement_id].maker_id).name
        _check_amount(payout.amount, sums[payout.agreement_id], maker)
        account = accounts.find_account(session, payout.agreement_id)
        if payout.way is PayoutWay.TRANSFER and (account is None or account.id != payout.account_id):
            raise AccountChanged(maker=maker)
    _step(session, batch, PayoutState.PREPARED, PayoutState.APPROVED, actor)
    audit.record(session, actor, "payout.approved", f"payout:{batch.code}", {"amount": sum(payout.amount for payout in payouts)})
    return batch


def cancel_batch(session: Session, actor: Actor, batch_id: int, reason: str) -> PayoutBatch:
    """A batch nobody approved is dropped, by either person."""
    batch, payouts = _open(session, actor, batch_id, Permission.PREPARE_PAYOUTS)
    _step(session, batch, PayoutState.PREPARED, PayoutState.CANCELLED, actor)
    for payout in payouts:
        _settle(session, actor, payout, {})
    audit.record(session, actor, "payout.cancelled", f"payout:{batch.code}", {"reason": reason.strip()[:240]})
    return batch


def mark_paid(session: Session, actor: Actor, payout_id: int, reference: str, paid_on: date, *, proof: str = "") -> MakerPayout:
    """The money has arrived: booked once. `reference` is the bank's number, or who took the cash; `proof` a stored picture.

    It is a fact whatever came back from buyers since it was approved: what is owed may then be negative, and the next
    statement begins with that.
    """
    payout, batch = _lock_payout(session, actor, payout_id)
    outlet = session.get_one(Outlet, batch.outlet_id)
    if batch.state is not PayoutState.APPROVED:
        raise Conflict
    if paid_on > clock.today(outlet.zone):
        raise InvalidInput(N_("This day is in the future."), field="paid_on")
    reference = parse_text(reference, field="reference", maximum=60, required=True)
    _settle(session, actor, payout, {"reference": reference, "proof": proof[:120], "paid_on": paid_on})
    book = ledger.open_books(session, [payout.agreement_id])[payout.agreement_id]
    entries = {ConsignmentAccount.OWED: payout.amount, ConsignmentAccount.PAID_OUT: -payout.amount}
    if not ledger.post(session, book, [Posting(f"payout:{payout.code}", EntryKind.PAYOUT, entries, clock.now(), reference)]):
        raise Conflict
    _finish(session, batch)
    details = {"amount": payout.amount, "reference": reference, "paid_on": paid_on.isoformat()}
    audit.record(session, actor, "payout.paid", f"payout:{payout.code}", details)
    return payout


def drop_payout(session: Session, actor: Actor, payout_id: int, reason: str) -> MakerPayout:
    """The bank refused it, or nobody came for the cash: nothing was paid, and it can be prepared anew."""
    payout, batch = _lock_payout(session, actor, payout_id)
    if batch.state is not PayoutState.APPROVED:
        raise Conflict
    _settle(session, actor, payout, {})
    _finish(session, batch)
    audit.record(session, actor, "payout.dropped", f"payout:{payout.code}", {"reason": reason.strip()[:240]})
    return payout


def get_batch(session: Session, actor: Actor, code: str) -> PayoutBatch:
    """A batch of an outlet in reach with its payouts, agreements and accounts; NotFound elsewhere."""
    loaded = selectinload(PayoutBatch.payouts)
    options = (loaded.joinedload(MakerPayout.account), loaded.joinedload(MakerPayout.agreement).joinedload(Agreement.maker))
    found = session.scalar(select(PayoutBatch).where(PayoutBatch.code == code).options(joinedload(PayoutBatch.outlet), *options))
    if found is None or not actor.can(Permission.PREPARE_PAYOUTS, area_code=found.outlet.area_code, outlet_id=found.outlet_id):
        raise NotFound
    return found


def list_batches(session: Session, outlet: Outlet, limit: int = 50) -> Sequence[PayoutBatch]:
    """The newest batches of an outlet, payouts loaded."""
    statement = select(PayoutBatch).where(PayoutBatch.outlet_id == outlet.id).options(selectinload(PayoutBatch.payouts))
    return session.scalars(statement.order_by(PayoutBatch.id.desc()).limit(limit)).all()


def _check_amount(amount: int, owed: int, maker: str) -> None:
    if type(amount) is not int or amount <= 0:
        raise InvalidInput(N_("Please type an amount above zero."), field="amounts")
    if amount > owed:
        raise PayoutAboveOwed(field="amounts", maker=maker, owed=max(owed, 0))


def _open(session: Session, actor: Actor, batch_id: int, permission: Permission) -> tuple[PayoutBatch, Sequence[MakerPayout]]:
    """A batch, locked, with its payouts. Whoever needs both takes the batch first, then the agreements by their ids."""
    locked = select(PayoutBatch).where(PayoutBatch.id == batch_id).with_for_update().execution_options(populate_existing=True)
    batch = session.scalar(locked)
    if batch is None:
        raise NotFound
    agreements.check_may_agree(actor, session.get_one(Outlet, batch.outlet_id), permission)
    payouts = session.scalars(
        select(MakerPayout)
        .where(MakerPayout.batch_id == batch_id)
        .order_by(MakerPayout.agreement_id)
        .execution_options(populate_existing=True)
    )
    return batch, payouts.all()


def _lock_payout(session: Session, actor: Actor, payout_id: int) -> tuple[MakerPayout, PayoutBatch]:
    payout = session.get(MakerPayout, payout_id)
    if payout is None:
        raise NotFound
    statement = select(PayoutBatch).where(PayoutBatch.id == payout.batch_id).with_for_update()
    batch = session.scalars(statement.execution_options(populate_existing=True)).one()
    agreements.check_may_agree(actor, session.get_one(Outlet, batch.outlet_id), Permission.PREPARE_PAYOUTS)
    return payout, batch


def _settle(session: Session, actor: Actor, payout: MakerPayout, values: Mapping[str, object]) -> None:
    """End an open payout, unless somebody else has: the claim that makes paying twice impossible."""
    settled = session.execute(
        update(MakerPayout)
        .where(MakerPayout.id == payout.id, MakerPayout.settled_at.is_(None))
        .values(settled_at=clock.now(), settled_by_id=actor.user_id, **values)
        .returning(MakerPayout.id),
        execution_options=_RAW,
    ).scalar()
    if settled is None:
        raise Conflict
    session.refresh(payout)


def _finish(session: Session, batch: PayoutBatch) -> None:
    """A batch is settled with its last payout."""
    still_open = select(MakerPayout.id).where(MakerPayout.batch_id == batch.id, MakerPayout.settled_at.is_(None))
    if session.scalar(still_open.limit(1)) is None:
        batch.state = PayoutState.SETTLED
        session.flush()


def _step(session: Session, batch: PayoutBatch, before: PayoutState, after: PayoutState, actor: Actor) -> None:
    changed = session.execute(
        update(PayoutBatch)
        .where(PayoutBatch.id == batch.id, PayoutBatch.state == before)
        .values(state=after, decided_by_id=actor.user_id, decided_at=clock.now())
        .returning(PayoutBatch.id),
        execution_options=_RAW,
    ).scalar()
    if changed is None:
        raise Conflict
    session.refresh(batch)
