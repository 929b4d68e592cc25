"""Monthly fees for shelf space, and corrections by hand: what changes the maker's account without a unit of goods."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput
from kernel.money import LARGEST_AMOUNT
from kernel.parsing import check_range
from kernel.people import Actor, Permission
from orders.consignment import agreements, ledger
from orders.consignment.ledger import Books, Posting
from orders.consignment.periods import midnight, months
from orders.models.agreement import Agreement, AgreementTerms, TermsModel
from orders.models.consignment import ConsignmentAccount, EntryKind

_KEY = re.compile(r"[A-Za-z0-9_-]{16,40}", re.ASCII)


def book_fees(session: Session, agreement: Agreement, book: Books, through: date) -> int:
    """Fees of all months begun up to `through`, each once: a month costs the fee that holds on its first day with one."""
    versions = agreements.list_terms(session, [agreement.id])[agreement.id]
    if not any(terms.model is TermsModel.MONTHLY_FEE for terms in versions):
        return 0
    last = through if agreement.ends_on is None else min(through, agreement.ends_on)
    postings = []
    for month in months(versions[0].starts_on, last):
        if found := _fee_of(versions, month, last):
            day, fee = found
            entries = {ConsignmentAccount.OWED: fee, ConsignmentAccount.FEES: -fee}
            name = f"fee:{agreement.code}:{month:%Y-%m}"
            postings.append(Posting(name, EntryKind.FEE, entries, midnight(day, book.zone), f"{month:%Y-%m}"))
    return ledger.post(session, book, postings)


def correct_balance(session: Session, actor: Actor, agreement_id: int, amount: int, reason: str, key: str) -> bool:
    """Put right by hand what is owed: `amount` is added to it. `key` is the form's own token. False when it was done before."""
    agreement = session.get_one(Agreement, agreement_id)
    agreements.check_may_agree(actor, session.get_one(Outlet, agreement.outlet_id), Permission.APPROVE_PAYOUTS)
    check_range(amount, -LARGEST_AMOUNT, LARGEST_AMOUNT, "amount")
    reason = " ".join(reason.split())
    if not 3 <= len(reason) <= 240:
        raise InvalidInput(N_("Please give a reason of 3 to 240 characters."), field="reason")
    if amount == 0 or not _KEY.fullmatch(key):
        raise InvalidInput(field="amount")
    book = ledger.open_books(session, [agreement_id])[agreement_id]
    entries = {ConsignmentAccount.CORRECTIONS: amount, ConsignmentAccount.OWED: -amount}
    written = ledger.post(session, book, [Posting(f"correction:{key}", EntryKind.CORRECTION, entries, clock.now(), reason)])
    if written == 1:
        raise Conflict
    if written:
        details = {"amount": amount, "reason": reason}
        audit.record(session, actor, "agreement.corrected", f"agreement:{agreement.code}", details)
    return bool(written)


def _fee_of(versions: Sequence[AgreementTerms], month: date, last: date) -> tuple[date, int] | None:
    """The first day of the month on which terms with a fee hold, and that fee."""
    first = max(month, versions[0].starts_on)
    changes = [terms.starts_on for terms in versions if terms.starts_on > first and terms.starts_on.replace(day=1) == month]
    for day in (first, *changes):
        terms = agreements.pick_terms(versions, day)
        if day <= last and terms.model is TermsModel.MONTHLY_FEE:
            return day, terms.fee
    return None
