"""Makers' units that were sold or came back from a buyer: terms are frozen and the maker is credited at that moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.stock import StockLevel
from catalog.stock_locks import Allocation
from kernel import clock
from kernel.errors import N_, Conflict
from kernel.inserts import insert_returning
from kernel.prepared import Prepared
from orders.consignment import agreements, ledger
from orders.consignment.ledger import Books, Posting
from orders.consignment.shares import Split, part_of, split_price
from orders.models.agreement import AgreementTerms
from orders.models.consignment import ConsignmentAccount, ConsignmentSale, EntryKind
from orders.models.order import Order, OrderAllocation, OrderLine


class ReturnTooLarge(Conflict):
    """More units would come back than were sold and have not come back."""

    message = N_("Of these goods only %(left)s units were sold and can come back.")


def sell_held(session: Session, order: Order, held: Collection[Allocation], *, actor_id: int | None = None) -> None:
    """An order's held units leave the house with their buyer, and their makers are credited: the one way to sell, on every channel."""
    stock.take_held(session, held, f"order:{order.code}", actor_id=actor_id)
    book_sales(session, order.id, f"order:{order.code}")


@dataclass(frozen=True, slots=True)
class SoldUnits:
    """Units of a maker's level that left with a line."""

    agreement_id: int
    line_id: int
    level_id: int
    variant_id: int
    unit_price: int
    quantity: int


@dataclass(slots=True)
class SalesBooks:
    """The books of some agreements, open until the transaction ends, with their terms and prices of all days."""

    books: dict[int, Books]
    terms: dict[int, list[AgreementTerms]]
    prices: dict[tuple[int, int], list[tuple[date, int]]]

    def split(self, sold: SoldUnits, day: date) -> tuple[int, Split]:
        """The terms of a day, and who gets how much under them."""
        terms = agreements.pick_terms(self.terms[sold.agreement_id], day)
        prices = self.prices.get((sold.agreement_id, sold.variant_id), [])
        price = next((amount for starts_on, amount in reversed(prices) if starts_on <= day), None)
        return terms.id, split_price(terms, sold.unit_price, sold.quantity, price)


def open_sales_books(session: Session, agreement_ids: Collection[int], variant_ids: Collection[int]) -> SalesBooks:
    """Open the books for selling these variants, in the agreements' lock order; after the stock rows, as everywhere."""
    if not agreement_ids:
        return SalesBooks({}, {}, {})
    books = ledger.open_books(session, agreement_ids)
    terms = agreements.list_terms(session, agreement_ids)
    return SalesBooks(books, terms, agreements.list_maker_prices(session, agreement_ids, variant_ids))


_SOLD = Prepared(
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
    .where(OrderLine.order_id == bindparam("order_id"), StockLevel.agreement_id.is_not(None))
    .group_by(StockLevel.agreement_id, OrderLine.id, StockLevel.id, StockLevel.variant_id, OrderLine.unit_price)
    .order_by(StockLevel.agreement_id, OrderLine.id, StockLevel.id)
)


def book_sales(session: Session, order_id: int, reference: str, *, occurred_at: datetime | None = None) -> int:
    """Credit the makers of an order's units that have just left the house; how many facts that were.

    Called right after they were taken, with the order's row locked (`sell_held`). `occurred_at` is for sales that were made
    offline. Units that belong to the outlet are nobody's business. Once per order.
    """
    rows = _SOLD.run(session, {"order_id": order_id})
    sold = [SoldUnits(row.agreement_id, row.line_id, row.level_id, row.variant_id, row.unit_price, int(row.quantity)) for row in rows]
    if sold:
        books = open_sales_books(session, {each.agreement_id for each in sold}, {each.variant_id for each in sold})
        credit_sold(session, books, reference, sold, occurred_at=occurred_at)
    return len(sold)


def credit_sold(
    session: Session, books: SalesBooks, reference: str, sold: Sequence[SoldUnits], *, occurred_at: datetime | None = None
) -> None:
    """As `book_sales`, for who knows what was sold and has the books open."""
    moment = min(occurred_at or clock.now(), clock.now())
    facts = []
    for each in sold:
        terms_id, split = books.split(each, books.books[each.agreement_id].day(moment))
        places = {"agreement_id": each.agreement_id, "line_id": each.line_id, "level_id": each.level_id, "reverses_id": None}
        amounts = {"quantity": each.quantity, "gross": split.gross, "share": split.share, "commission": split.commission}
        facts.append({**places, "terms_id": terms_id, **amounts})
    _write(session, books.books, EntryKind.SALE, reference, moment, facts)


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
    facts: list[dict[str, Any]] = []
    for sale in sold:
        if units := min(wanted[sale.level_id], sale.left):
            wanted[sale.level_id] -= units
            facts.append({"agreement_id": sale.agreement_id, **sale.give_back(units)})
    sold_levels = {sale.level_id for sale in sold}
    if over := sum(units for level_id, units in wanted.items() if level_id in sold_levels):
        raise ReturnTooLarge(left=sum(sale.left for sale in sold) if over else 0)
    if facts:
        books = ledger.open_books(session, {fact["agreement_id"] for fact in facts})
        _write(session, books, EntryKind.RETURN, reference, moment, facts)
    return len(facts)


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


def _write(
    session: Session, books: Mapping[int, Books], kind: EntryKind, reference: str, moment: datetime, facts: list[dict[str, Any]]
) -> None:
    """The rows and their postings. That the sale of a line's level is unique guards against a second one."""
    shared = {"reference": reference, "recorded_at": clock.now(), "occurred_at": moment}
    rows = [{**shared, "booked_at": books[fact["agreement_id"]].booked_at(moment), **fact} for fact in facts]
    written = insert_returning(session, ConsignmentSale, rows, ("id", "agreement_id", "gross", "share", "commission"))
    postings = []
    for row in written:
        entries = {
            ConsignmentAccount.SALES: row.gross,
            ConsignmentAccount.OWED: -row.share,
            ConsignmentAccount.COMMISSION: -row.commission,
        }
        postings.append((books[row.agreement_id], Posting(f"{kind.value}:{row.id}", kind, entries, moment)))
    ledger.post_all(session, postings)
