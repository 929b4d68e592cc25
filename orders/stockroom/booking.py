"""From a confirmed note to the shelf: lots found or made, owners looked up, stock received in bulk, lines tied to their lots."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog import stock_moves
from catalog.batch_blocks import BatchStopped
from catalog.models.stock import Batch, BatchState
from catalog.stock_moves import Key
from kernel import clock
from kernel.errors import N_, InvalidInput
from kernel.inserts import insert_new
from kernel.people import SYSTEM, Actor
from orders.consignment import ledger
from orders.consignment.agreements import NoAgreement, get_open_for, maker_prices_on, terms_on
from orders.consignment.ledger import Posting
from orders.models.agreement import Agreement, TermsModel
from orders.models.consignment import ConsignmentAccount, EntryKind
from orders.models.delivery import Delivery, DeliveryLine
from orders.stockroom.delivery_lines import REFUSALS, RefusedBatch
from orders.stockroom.shelf_life import Refusal

Lots = dict[tuple[int, str], Batch]


def check_bookable(session: Session, delivery: Delivery) -> None:
    """Raise what would stop the booking: no agreement, a lot known with other dates or blocked, a batch that expired meanwhile."""
    find_owner(session, delivery)
    lines = [line for line in delivery.lines if line.accepted]
    today = clock.today(delivery.outlet.zone)
    for line in lines:
        if line.best_before_on is not None and line.best_before_on < today:
            raise RefusedBatch(REFUSALS[Refusal.EXPIRED])
    _check_lots(lines, _find_lots(session, lines))


def book(session: Session, delivery: Delivery) -> None:
    """Put the accepted units on the books; the caller has won the step to `received`."""
    check_bookable(session, delivery)
    lines = [line for line in delivery.lines if line.accepted]
    lots = _make_lots(session, lines)
    agreement_id = find_owner(session, delivery)
    units = []
    for line in lines:
        lot = lots[line.variant.product_id, line.lot_code]
        units.append((Key(delivery.outlet_id, line.variant_id, lot.id, agreement_id), line.accepted))
    stock_moves.receive_many(session, _counted_by(delivery), units, f"delivery:{delivery.code}")
    if agreement_id is None:
        _owe(session, delivery, units)
    if lines:
        session.execute(
            update(DeliveryLine),
            [{"id": line.id, "batch_id": lots[line.variant.product_id, line.lot_code].id} for line in lines],
        )


def find_owner(session: Session, delivery: Delivery) -> int | None:
    """Whose goods they become: the maker's agreement of today, or None when it says that the outlet buys them.

    InvalidInput when the agreement has ended since the note was opened.
    """
    agreement = _agreement(session, delivery)
    terms = terms_on(session, agreement.id, clock.today(delivery.outlet.zone))
    return None if terms.model is TermsModel.PURCHASE else agreement.id


def _owe(session: Session, delivery: Delivery, units: Sequence[tuple[Key, int]]) -> None:
    """What was bought outright is owed at once, at the maker's price of the day (as `orders.consignment.goods` does for single lots)."""
    agreement = _agreement(session, delivery)
    prices = maker_prices_on(session, [(agreement.id, key.variant_id) for key, _quantity in units], clock.today(delivery.outlet.zone))
    postings = []
    for key, quantity in units:
        price = prices.get((agreement.id, key.variant_id))
        if price is None:
            raise InvalidInput(N_("These goods are bought outright; please enter the maker's price first."), field="price")
        entries = {ConsignmentAccount.PURCHASES: price * quantity, ConsignmentAccount.OWED: -price * quantity}
        name = f"purchase:delivery:{delivery.code}:{key.variant_id}:{key.batch_id}"
        postings.append(Posting(name, EntryKind.PURCHASE, entries, clock.now()))
    ledger.post(session, ledger.open_books(session, [agreement.id])[agreement.id], postings)


def _agreement(session: Session, delivery: Delivery) -> Agreement:
    try:
        return get_open_for(session, delivery.maker_id, delivery.outlet_id)
    except NoAgreement as ended:
        raise InvalidInput(ended.message) from None  # the note is there; it is no page that was not found


def _counted_by(delivery: Delivery) -> Actor:
    return Actor(user_id=delivery.counted_by_id, name="") if delivery.counted_by_id else SYSTEM


def _make_lots(session: Session, lines: list[DeliveryLine]) -> Lots:
    lots = _find_lots(session, lines)
    _check_lots(lines, lots)
    missing = {}
    for line in lines:
        key = line.variant.product_id, line.lot_code
        if key not in lots:
            missing[key] = {
                "product_id": key[0],
                "lot_code": key[1],
                "produced_on": line.produced_on,
                "best_before_on": line.best_before_on,
                "created_at": clock.now(),
                "state": BatchState.OPEN,
                "state_reason": "",
            }
    if missing:
        insert_new(session, Batch, list(missing.values()))
        lots = _find_lots(session, lines)
        _check_lots(lines, lots)  # somebody else may have made the same lot with another date
    return lots


def _find_lots(session: Session, lines: list[DeliveryLine]) -> Lots:
    products = {line.variant.product_id for line in lines}
    codes = {line.lot_code for line in lines}
    found = session.scalars(
        select(Batch).where(Batch.product_id.in_(products), Batch.lot_code.in_(codes)).execution_options(populate_existing=True)
    )
    return {(lot.product_id, lot.lot_code): lot for lot in found}


def _check_lots(lines: list[DeliveryLine], lots: Lots) -> None:
    seen: dict[tuple[int, str], DeliveryLine] = {}
    for line in lines:
        key = line.variant.product_id, line.lot_code
        first = seen.setdefault(key, line)
        lot = lots.get(key)
        if lot is not None and lot.state is not BatchState.OPEN:
            raise BatchStopped(lot=lot.lot_code, reason=lot.state_reason)
        if first.best_before_on != line.best_before_on or (lot is not None and lot.best_before_on != line.best_before_on):
            raise InvalidInput(N_("Lot %(lot)s is known with another best-before date; please compare the pack."), lot=line.lot_code)
