"""Lines of a till's journal in words for people: what happened, who did it, which goods and how much."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from kernel.errors import N_
from kernel.locales import pick
from orders.counter import queries
from orders.models.till import EntryKind, TillEntry
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.templating import rupiah

if TYPE_CHECKING:  # pydantic is loaded with the first entry that is read
    from orders.counter.bodies import Body

KINDS: dict[EntryKind, str] = {
    EntryKind.SHIFT_OPENED: N_("Shift opened"),
    EntryKind.SALE: N_("Sale"),
    EntryKind.RETURN: N_("Return"),
    EntryKind.CASH_MOVED: N_("Cash in or out"),
    EntryKind.DRAWER_OPENED: N_("Drawer opened"),
    EntryKind.CART_CANCELLED: N_("Goods not bought"),
    EntryKind.HANDED_OVER: N_("Till handed over"),
    EntryKind.SHIFT_CLOSED: N_("Shift closed"),
}
TENDERS = {"cash": N_("Cash"), "qris": "QRIS", "card": N_("Card"), "transfer": N_("Bank transfer")}
#: What a shift's report names one by one.
ACTS = {
    "discount": N_("Discount"),
    "price": N_("Another price"),
    "return": N_("Return"),
    "cash_in": N_("Cash put in"),
    "cash_out": N_("Cash taken out"),
    "drawer": N_("Drawer opened without a sale"),
    "cancelled": N_("Goods not bought"),
    "cancelled_after_payment": N_("Given up after a payment had begun"),
    "hand_over": N_("Till handed over"),
}
MOST_RAW = 4_000


@dataclass(frozen=True, slots=True)
class Goods:
    """One line of goods in an entry."""

    name: str
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class EntryWords:
    """An entry ready to be shown; `raw` is its text when it cannot be understood."""

    title: str
    receipt: str = ""
    who: str = ""
    amount: int | None = None
    goods: tuple[Goods, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    raw: str = ""


def read_entries(session: Session, entries: Sequence[TillEntry]) -> dict[int, EntryWords]:
    """The words of each entry by its id; two statements whatever their number."""
    bodies = {entry.id: _parse(entry.body) for entry in entries}
    known = [body for body in bodies.values() if body is not None]
    names = queries.name_variants(session, {line.variant for body in known for line in getattr(body, "lines", ())})
    people = queries.name_people(session, set(_people(known)))
    language = current_language()
    goods = {code: f"{pick(language, *words[:2])}, {pick(language, *words[2:])}" for code, words in names.items()}
    return {entry.id: _say(entry, bodies[entry.id], goods, people) for entry in entries}


def _parse(text: str) -> Body | None:
    from pydantic import ValidationError

    from orders.counter.bodies import read_body

    try:
        return read_body(text)
    except ValidationError:
        return None


def _people(bodies: Iterable[Body]) -> Iterable[str]:
    for body in bodies:
        yield body.cashier
        if (supervision := getattr(body, "supervision", None)) is not None:
            yield supervision.code
        if body.kind == "handed_over":
            yield body.to


def _say(entry: TillEntry, body: Body | None, goods: dict[str, str], people: dict[str, str]) -> EntryWords:
    title = _(KINDS[entry.kind])
    if body is None:
        return EntryWords(title, raw=_pretty(entry.body))
    facts: list[tuple[str, str]] = _facts(body, people)
    if (supervision := getattr(body, "supervision", None)) is not None:
        facts.append((_("Allowed by"), people.get(supervision.code, supervision.code)))
    for name, label in (("reason", _("Reason")), ("note", _("Note"))):
        if text := getattr(body, name, ""):
            facts.append((label, text))
    return EntryWords(
        title=title,
        receipt=getattr(body, "receipt", ""),
        who=people.get(body.cashier, body.cashier),
        amount=_amount_of(body),
        goods=tuple(_goods(body, goods)),
        facts=tuple(facts),
    )


def _goods(body: Any, names: dict[str, str]) -> Iterable[Goods]:
    for line in getattr(body, "lines", ()):
        amount = line.amount if body.kind == "return" else line.unit_price * line.quantity - line.discount
        yield Goods(names.get(line.variant, line.variant), line.quantity, amount)


def _amount_of(body: Any) -> int | None:
    if body.kind in ("sale", "cart_cancelled"):
        return int(body.total)
    if body.kind == "return":
        return -int(body.amount)
    if body.kind == "cash_moved":
        return int(body.amount) if body.direction == "in" else -int(body.amount)
    return int(body.opening_float) if body.kind == "shift_opened" else None


def _facts(body: Any, people: dict[str, str]) -> list[tuple[str, str]]:
    if body.kind == "sale":
        return _facts_of_sale(body)
    if body.kind == "return":
        way = _("cash from the drawer") if body.way == "cash" else _("bank transfer")
        return [(_("Original receipt"), body.original), (_("Paid back by"), way)]
    if body.kind == "handed_over":
        counted = [(_("Counted in the drawer"), rupiah(body.counted))] if body.counted is not None else []
        return [(_("Handed to"), people.get(body.to, body.to)), *counted]
    if body.kind == "shift_closed":
        return [(_("Counted: %(method)s", method=_(TENDERS[name])), rupiah(amount)) for name, amount in body.counted.items()]
    if body.kind == "cart_cancelled" and body.after_payment:
        return [(_("When"), _("after a payment had begun"))]
    return []


def _facts_of_sale(body: Any) -> list[tuple[str, str]]:
    found = [(_(TENDERS[tender.method]), _tender(tender)) for tender in body.tenders]
    if body.discount:
        found.append((_("Discount"), rupiah(body.discount)))
    if body.voucher:
        found.append((_("Voucher"), f"{body.voucher} · {rupiah(body.voucher_discount)}"))
    return found


def _tender(tender: Any) -> str:
    if tender.method == "cash":
        return _(
            "%(amount)s (given %(given)s, change %(change)s)",
            amount=rupiah(tender.cash),
            given=rupiah(tender.given),
            change=rupiah(tender.change),
        )
    return f"{rupiah(tender.amount)} · {tender.reference}" if tender.reference else rupiah(tender.amount)


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)[:MOST_RAW]
    except ValueError:
        return text[:MOST_RAW]
