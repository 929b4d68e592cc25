"""Makers' units that were sold or came back from a buyer: terms are frozen and the maker is credited at that moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.stock import StockLevel
from catalog.stock_locks import Allocation
from kernel import clock
from kernel.errors import N_, Conflict
from kernel.inserts import insert_returning_ids
from orders.consignment import agreements, ledger
from orders.consignment.ledger import Books, Posting
from orders.consignment.shares import part_of, split_price
from orders.models.consignment import ConsignmentAccount, ConsignmentSale, EntryKind
from orders.models.order import Order, OrderAllocation, OrderLine


class ReturnTooLarge(Conflict):
    """More units would come back than were sold and have not come back."""

    message = N_("Of these goods only %(left)s units were sold and can come back.")


def sell_held(session: Session, order: Order, held: Collection[Allocation], *, actor_id: int | None = None) -> None:
    """An order's held units leave the house with their buyer, and their makers are credited: the one way to sell, on every channel."""
    stock.take_held(session, held, f"order:{order.code}", actor_id=actor_id)
    book_sales(session, order.id, f"order:{order.code}")


def book_sales(session: Session, order_id: int, reference: str, *, occurred_at: datetime | None = None) -> int:
    """Credit the makers of an order's units that have just left the house; how many facts that were.

    Called right after they were taken, with the order's row locked (`sell_held`). `occurred_at` is for sales that were made
    offline. Units that belong to the outlet are nobody's business. Once per order.
    """
    sold = session.execute(
        select(
            StockLevel.agreement_id,
            OrderLine.id.label("line_id"),
            StockLevel.id.label("level_id"),
            StockLevel.variant_id,
            OrderLine.unit_price,
            func.sum(OrderAllocation.quantity).label("quantity"),
        )
        .join(OrderAllocation, OrderAllocation.line_id == OrderLine.id)
        .join(StockLevel, StockLevel.id == OrderAllocation.level_id)
        .where(OrderLine.order_id == order_id, StockLevel.agreement_id.is_not(None))
        .group_by(StockLevel.agreement_id, OrderLine.id, StockLevel.id, StockLevel.variant_id, OrderLine.unit_price)
        .order_by(StockLevel.agreement_id, OrderLine.id, StockLevel.id)
    ).all()
    if not sold:
        return 0
    moment = min(occurred_at or clock.now(), clock.now())
    by_agreement: defaultdict[int, list[Any]] = defaultdict(list)
    for row in sold:
        by_agreement[row.agreement_id].append(row)
    books = ledger.open_books(session, by_agreement)
    versions = agreements.list_terms(session, by_agreement)
    for agreement_id, rows in by_agreement.items():
        book, day = books[agreement_id], books[agreement_id].day(moment)
        terms = agreements.pick_terms(versions[agreement_id], day)
        prices = agreements.maker_prices_on(session, [(agreement_id, row.variant_id) for row in rows], day)
        facts = []
        for row in rows:
            quantity = int(row.quantity)
            split = split_price(terms, row.unit_price, quantity, prices.get((agreement_id, row.variant_id)))
            amounts = {"gross": split.gross, "share": split.share, "commission": split.commission}
            places = {"terms_id": terms.id, "line_id": row.line_id, "level_id": row.level_id, "reverses_id": None}
            facts.append({**places, "quantity": quantity, **amounts})
        _write(session, book, EntryKind.SALE, reference, moment, facts)
    return len(sold)


def book_returns(session: Session, order_id: int, reference: str, returned: Iterable[Allocation]) -> int:
    """Take sold units of an order back from their makers' books, at the amounts of their sale; how many facts that were.

    Units that had not been sold yet, or belong to the outlet, change nothing. Whether the goods can be sold again is the
    business of stock: what is written off is booked as a loss (`losses.book_losses`). Raises ReturnTooLarge.
    """
    wanted: defaultdict[int, int] = defaultdict(int)
    for allocation in returned:
        wanted[allocation.level_id] += allocation.quantity
    sold = _sold_of(session, order_id, wanted)
    if not sold:
        return 0
    moment = clock.now()
    facts: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for sale in sold:
        if units := min(wanted[sale.level_id], sale.left):
            wanted[sale.level_id] -= units
            facts[sale.agreement_id].append(sale.give_back(units))
    sold_levels = {sale.level_id for sale in sold}
    if over := sum(units for level_id, units in wanted.items() if level_id in sold_levels):
        raise ReturnTooLarge(left=sum(sale.left for sale in sold) if over else 0)
    for agreement_id, book in ledger.open_books(session, facts).items():
        _write(session, book, EntryKind.RETURN, reference, moment, facts[agreement_id])
    return sum(map(len, facts.values()))


@dataclass(frozen=True, slots=True)
class _Sold:
    """One sale with what came back of it so far."""

    id: int
    agreement_id: int
    terms_id: int
    line_id: int
    level_id: int
    quantity: int
    share: int
    gross: int
    back: int

    @property
    def left(self) -> int:
        """Units that can still come back."""
        return self.quantity - self.back

    def give_back(self, units: int) -> dict[str, Any]:
        """The row that takes units back; the last one takes whatever rounding left."""
        before, after = self.back, self.back + units
        gross = part_of(self.gross, after, self.quantity) - part_of(self.gross, before, self.quantity)
        share = part_of(self.share, after, self.quantity) - part_of(self.share, before, self.quantity)
        places = {"terms_id": self.terms_id, "line_id": self.line_id, "level_id": self.level_id, "reverses_id": self.id}
        return {**places, "quantity": -units, "gross": -gross, "share": -share, "commission": share - gross}


def _sold_of(session: Session, order_id: int, levels: Mapping[int, int]) -> list[_Sold]:
    statement = (
        select(ConsignmentSale)
        .join(OrderLine, OrderLine.id == ConsignmentSale.line_id)
        .where(OrderLine.order_id == order_id, ConsignmentSale.level_id.in_(levels))
        .order_by(ConsignmentSale.id)
    )
    rows = session.scalars(statement).all()
    back: defaultdict[int, int] = defaultdict(int)
    for row in rows:
        if row.reverses_id is not None:
            back[row.reverses_id] -= row.quantity
    return [
        _Sold(row.id, row.agreement_id, row.terms_id, row.line_id, row.level_id, row.quantity, row.share, row.gross, back[row.id])
        for row in rows
        if row.reverses_id is None
    ]


def _write(session: Session, book: Books, kind: EntryKind, reference: str, moment: datetime, facts: list[dict[str, Any]]) -> None:
    """The rows and their postings. That the sale of a line's level is unique guards against a second one."""
    shared = {
        "agreement_id": book.agreement_id,
        "reference": reference,
        "recorded_at": clock.now(),
        "occurred_at": moment,
        "booked_at": book.booked_at(moment),
    }
    ids = insert_returning_ids(session, ConsignmentSale, [{**shared, **fact} for fact in facts])
    postings = [
        Posting(
            f"{kind.value}:{fact_id}",
            kind,
            {
                ConsignmentAccount.SALES: fact["gross"],
                ConsignmentAccount.OWED: -fact["share"],
                ConsignmentAccount.COMMISSION: -fact["commission"],
            },
            moment,
        )
        for fact_id, fact in zip(ids, facts, strict=True)
    ]
    ledger.post(session, book, postings)
