"""Sales that no device wrote down: from a paper sheet after a power cut, or on the page that needs no JavaScript (docs/tills.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import clock
from kernel.errors import N_, Conflict, InvalidInput, NotAllowed, NotFound
from kernel.ids import make_token
from kernel.inserts import insert_new, known_object
from kernel.people import Actor, Permission, User
from orders.counter.answers import Answer, NotUnderstood
from orders.counter.applying import keep_answer
from orders.counter.devices import lock_till
from orders.counter.late import after_sales
from orders.counter.reading import read_text
from orders.counter.sales import record
from orders.counter.till_books import TillBooks
from orders.discounts import shares_of
from orders.models.shift import CounterSale, Shift
from orders.models.till import EntryKind, EntrySource, EntryState, Till, TillEntry
from orders.rounding import round_cash

#: A till's first device has no letter and its second is B: A is free for sheets of paper.
SERIES = "A"
#: How old a sheet may be.
OLDEST = timedelta(days=31)
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_NAMES = UUID("6f0b1f0e-3a52-4f0e-9d5c-8c1d8a3f7b21")


class NoOpenShift(Conflict):
    """Money needs a drawer: a sale belongs to a shift."""

    message = N_("This till has no open shift. Please open one first.")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of a sheet. Without a price that of the day is taken."""

    variant_code: str
    quantity: int
    lot: str | None = None
    unit_price: int | None = None


@dataclass(frozen=True, slots=True)
class PaperSale:
    """A sale as somebody typed it. `key` is the form's own unguessable token: the same key is the same sale.

    `sold_on` is a past day written on the sheet (None: now), `sold_time` the time beside it. `method` is cash, qris, card or
    transfer; `given` is the cash that the buyer handed over (None: exactly what is due).
    """

    key: str
    lines: Sequence[PaperLine]
    method: str = "cash"
    reference: str = ""
    given: int | None = None
    discount: int = 0
    reason: str = ""
    note: str = ""
    phone: str = ""
    language: str = "id"
    sold_on: date | None = None
    sold_time: time | None = None


def sell_on_paper(session: Session, actor: Actor, till: Till, sale_input: PaperSale) -> CounterSale:
    """Record a typed sale on the path of all the others, with an entry that the server writes. Twice is once.

    It joins the till's shift of the day it was sold on, else the one that is open. Raises NotAllowed, NoOpenShift, InvalidInput,
    and NotUnderstood for a variant that nobody knows or sums that do not fit.
    """
    outlet = session.get_one(Outlet, till.outlet_id)
    person = session.get(User, actor.user_id) if actor.user_id is not None else None
    if person is None or not actor.can(Permission.SELL_AT_TILLS, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotAllowed
    if not _KEY.fullmatch(sale_input.key):
        raise InvalidInput(field="key")
    lock_till(session, till.id)
    entry_id = str(uuid5(_NAMES, f"{till.id}:{sale_input.key}"))
    if (known := _find(session, entry_id)) is not None:
        return known
    moment = _moment_of(outlet, sale_input.sold_on, sale_input.sold_time)
    shift = _shift_for(session, till, clock.local(moment, outlet.zone).date())
    books = TillBooks(session, till, outlet, None)
    text = _write(session, books, sale_input, moment, shift, person)
    body = read_text(text)
    if body is None or body.kind != "sale":
        raise InvalidInput
    entry = _insert_entry(session, till, entry_id, text, moment, shift.code, body.running)
    sale = record(session, books, entry, body, sale_input.phone)
    keep_answer(session, entry.id, Answer(entry_id, EntryState.ACCEPTED, "", sale.order.code))
    after_sales(session, books, [(entry, body)])
    return sale


def find_typed(session: Session, till_id: int, key: str) -> CounterSale | None:
    """What was typed at this till with this key before."""
    return _find(session, str(uuid5(_NAMES, f"{till_id}:{key}")))


def _find(session: Session, entry_id: str) -> CounterSale | None:
    return session.scalar(select(CounterSale).join(TillEntry, TillEntry.id == CounterSale.entry_id).where(TillEntry.entry_id == entry_id))


def _moment_of(outlet: Outlet, sold_on: date | None, sold_time: time | None) -> datetime:
    """Now, or the day and time on the sheet; noon where it says no time."""
    now, today = clock.now(), clock.today(outlet.zone)
    day = sold_on or today
    if not today - OLDEST <= day <= today:
        raise InvalidInput(N_("Please give a day of the last month."), field="sold_on")
    if day == today and sold_time is None:
        return now
    moment = datetime.combine(day, sold_time or time(12), clock.ZONES[outlet.zone])
    if moment > now:
        raise InvalidInput(N_("This time is still to come."), field="sold_time")
    return moment


def _shift_for(session: Session, till: Till, day: date) -> Shift:
    shifts = select(Shift).where(Shift.till_id == till.id)
    found = session.scalar(shifts.where(Shift.business_date == day).order_by(Shift.closed_at.is_not(None), Shift.id.desc()).limit(1))
    found = found or session.scalar(shifts.where(Shift.closed_at.is_(None)))
    if found is None:
        raise NoOpenShift
    return found


def _write(session: Session, books: TillBooks, typed: PaperSale, moment: datetime, shift: Shift, person: User) -> str:
    """The body that a device would have written."""
    day = clock.local(moment, books.outlet.zone).date()
    lines = [_line(books, line, day, number) for number, line in enumerate(typed.lines)]
    if not lines:
        raise InvalidInput(N_("Please choose at least one item."), field="lines")
    totals = [line["unit_price"] * line["quantity"] for line in lines]
    if type(typed.discount) is not int or not 0 <= typed.discount < max(1, sum(totals)):
        raise InvalidInput(N_("The discount cannot be larger than the goods are worth."), field="discount")
    for line, share in zip(lines, shares_of(totals, typed.discount), strict=True):
        line["discount"] = share
    total, running = sum(totals) - typed.discount, _next_running(session, books.till.id)
    said = {
        "kind": "sale",
        "version": 1,
        "at": moment.isoformat(),
        "ahead_ms": 0,
        "shift": shift.code,
        "cashier": person.code,
        "receipt": f"{books.outlet.code}-{books.till.number}{SERIES}-{day:%Y%m%d}-{running:04}",
        "running": running,
        "token": make_token(),
        "language": typed.language,
        "lines": lines,
        "subtotal": sum(totals),
        "discount": typed.discount,
        "total": total,
        "tenders": [_tender(typed, total)],
        "reason": typed.reason,
        "note": typed.note,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _line(books: TillBooks, line: PaperLine, day: date, number: int) -> dict[str, Any]:
    try:
        ours = books.goods(line.variant_code).price_on(day)
    except NotUnderstood:
        raise InvalidInput(N_("No product has the code %(code)s."), field=f"lines-{number}", code=line.variant_code) from None
    price = line.unit_price if line.unit_price is not None else ours
    if price is None:
        raise InvalidInput(N_("This item has no price on that day. Please type the one on the sheet."), field=f"lines-{number}")
    facts = {"variant": line.variant_code, "lot": line.lot or None, "quantity": line.quantity}
    return facts | {"unit_price": price, "list_price": price if ours is None else ours}


def _tender(typed: PaperSale, total: int) -> dict[str, Any]:
    if typed.method != "cash":
        if typed.method != "qris" and not typed.reference.strip():
            raise InvalidInput(N_("Please type the number on the slip."), field="reference")
        return {"method": typed.method, "amount": total, "reference": typed.reference.strip()[:60]}
    cash = round_cash(total).cash
    given = cash if typed.given is None else typed.given
    if given < cash:
        raise InvalidInput(N_("The buyer gave less than is due."), field="given")
    return {"method": "cash", "amount": total, "cash": cash, "given": given, "change": given - cash}


def _next_running(session: Session, till_id: int) -> int:
    used = (
        select(func.max(CounterSale.running))
        .join(TillEntry, TillEntry.id == CounterSale.entry_id)
        .where(TillEntry.till_id == till_id, TillEntry.device_id.is_(None))
    )
    return (session.scalar(used) or 0) + 1


def _insert_entry(session: Session, till: Till, entry_id: str, text: str, moment: datetime, shift_code: str, running: int) -> TillEntry:
    row: dict[str, Any] = {
        "entry_id": entry_id,
        "till_id": till.id,
        "device_id": None,
        "sequence": running,
        "kind": EntryKind.SALE,
        "source": EntrySource.PAPER,
        "body": text,
        "signature": "",
        "shift_code": shift_code,
        "made_at": moment,
        "happened_at": moment,
        "skew_s": 0,
        "received_at": clock.now(),
        "state": EntryState.ACCEPTED,
        "reason": "",
        "answer": {},
        "decided_at": None,
        "decided_by_id": None,
    }
    ids = insert_new(session, TillEntry, [row])
    if not ids:
        raise NotFound
    entry = known_object(TillEntry, {"id": ids[0], **row})
    session.add(entry)
    return entry
