"""What stands on a delivery note: units by variant and lot, judged on the day they arrive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.batch_blocks import BatchStopped
from catalog.batches import LONGEST_LIFE, parse_lot_code
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, BatchState
from catalog.stock import LARGEST_QUANTITY
from kernel import clock
from kernel.errors import N_, Conflict, DomainError, InvalidInput, NotFound
from kernel.parsing import check_range, parse_text
from orders.models.delivery import Condition, Delivery, DeliveryLine, DeliveryState
from orders.stockroom.shelf_life import Refusal, floor_days, judge

#: A note with more is two notes.
MOST_LINES = 1_000
CAN_BE_EDITED = frozenset({DeliveryState.ANNOUNCED, DeliveryState.BROUGHT})
REFUSALS = {
    Refusal.DATES_SWAPPED: N_("The best-before date must not be before the day it was made."),
    Refusal.MADE_IN_FUTURE: N_("A lot cannot have been made in the future."),
    Refusal.NO_DATE: N_("Type the best-before date, or the day it was made."),
    Refusal.EXPIRED: N_("This batch is past its best-before date and cannot be received."),
    Refusal.TOO_SHORT: N_("This batch keeps for %(left)s more days; at least %(floor)s are needed to put it on the shelf."),
}
_FIELDS = {Refusal.MADE_IN_FUTURE: "produced_on"}


class RefusedBatch(DomainError):
    """The batch may not be taken in; it can stand on the note with nothing accepted."""


class OtherMaker(InvalidInput):
    """The goods of one maker cannot come under another's name."""

    message = N_("This product is made by somebody else than the maker of this delivery.")


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line as it was typed or read from a file. `accepted` None takes everything."""

    quantity: int
    lot_code: str = ""
    produced_on: date | None = None
    best_before_on: date | None = None
    accepted: int | None = None
    condition: Condition = Condition.GOOD
    refusal_reason: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is needed to judge many lines of one delivery without asking again: its lines and the lots known already."""

    today: date
    #: Lots of the products concerned by (product id, lot code).
    batches: dict[tuple[int, str], Batch]
    #: Lines on the note by (variant id, lot code).
    lines: dict[tuple[int, str], DeliveryLine]
    #: The best-before dates that the note gives to lots, by (product id, lot code).
    noted: dict[tuple[int, str], date | None]
    #: How long each product keeps, and who makes it, by product id.
    shelf_life: dict[int, int | None]
    makers: dict[int, int]


def add_line(session: Session, delivery: Delivery, variant: Variant, facts: LineFacts) -> DeliveryLine:
    """Put units of a lot on the note. Raises RefusedBatch with the reason when they may not be accepted as they are."""
    check_can_edit(delivery)
    shelf = look_at(session, delivery, [variant])
    facts = checked(delivery, shelf, variant, facts)
    if (variant.id, facts.lot_code) in shelf.lines:
        raise InvalidInput(N_("This pack and lot stand on the note already; change that line instead."), field="lot_code")
    return append_lines(session, delivery, [(variant, facts)])[0]


def append_lines(session: Session, delivery: Delivery, found: Sequence[tuple[Variant, LineFacts]]) -> list[DeliveryLine]:
    """Put lines that are `checked` on the note."""
    last = max((line.position for line in delivery.lines), default=0)
    if len(delivery.lines) + len(found) > MOST_LINES:
        raise InvalidInput(N_("A delivery note has at most %(most)s lines."), most=MOST_LINES)
    lines = [
        DeliveryLine(
            delivery_id=delivery.id,
            position=last + number,
            variant_id=variant.id,
            variant=variant,
            lot_code=facts.lot_code,
            produced_on=facts.produced_on,
            best_before_on=facts.best_before_on,
            quantity=facts.quantity,
            accepted=facts.quantity if facts.accepted is None else facts.accepted,
            condition=facts.condition,
            refusal_reason=facts.refusal_reason,
            photo_name="",
        )
        for number, (variant, facts) in enumerate(found, start=1)
    ]
    delivery.lines.extend(lines)
    session.flush()
    return lines


def change_line(session: Session, delivery: Delivery, line: DeliveryLine, facts: LineFacts) -> DeliveryLine:
    """Correct a line: figures, dates, how it arrived and why not all of it was taken."""
    check_can_edit(delivery)
    variant = session.get_one(Variant, line.variant_id)
    shelf = look_at(session, delivery, [variant])
    facts = checked(delivery, shelf, variant, facts)
    other = shelf.lines.get((variant.id, facts.lot_code))
    if other is not None and other.id != line.id:
        raise InvalidInput(N_("This pack and lot stand on the note already; change that line instead."), field="lot_code")
    line.lot_code, line.produced_on, line.best_before_on = facts.lot_code, facts.produced_on, facts.best_before_on
    line.quantity, line.accepted = facts.quantity, facts.quantity if facts.accepted is None else facts.accepted
    line.condition, line.refusal_reason = facts.condition, facts.refusal_reason
    session.flush()
    return line


def remove_line(session: Session, delivery: Delivery, line: DeliveryLine) -> None:
    """Take a line off the note."""
    check_can_edit(delivery)
    delivery.lines.remove(line)
    session.flush()


def get_line(delivery: Delivery, position: int) -> DeliveryLine:
    """The line at `position`; NotFound otherwise."""
    for line in delivery.lines:
        if line.position == position:
            return line
    raise NotFound


def check_can_edit(delivery: Delivery) -> None:
    """Conflict once the count is confirmed."""
    if delivery.state not in CAN_BE_EDITED:
        raise Conflict(N_("This delivery is counted already; open the count again to change it."))


def look_at(session: Session, delivery: Delivery, variants: Iterable[Variant]) -> Shelf:
    """Read what judging lines of these variants needs, in two statements. The delivery's lines are loaded already."""
    products = {variant.product_id for variant in variants}
    lots = session.scalars(select(Batch).where(Batch.product_id.in_(products)))
    facts = session.execute(select(Product.id, Product.shelf_life_days, Product.maker_id).where(Product.id.in_(products))).all()
    return Shelf(
        today=clock.today(delivery.outlet.zone),
        batches={(lot.product_id, lot.lot_code): lot for lot in lots},
        lines={(line.variant_id, line.lot_code): line for line in delivery.lines},
        noted={(line.variant.product_id, line.lot_code): line.best_before_on for line in delivery.lines},
        shelf_life={product_id: life for product_id, life, _maker in facts},
        makers={product_id: maker_id for product_id, _life, maker_id in facts},
    )


def checked(delivery: Delivery, shelf: Shelf, variant: Variant, facts: LineFacts) -> LineFacts:
    """The facts as they can stand on the note: lot code found or made, figures within bounds, dates judged."""
    if shelf.makers.get(variant.product_id) != delivery.maker_id:
        raise OtherMaker(field="variant")
    check_range(facts.quantity, 1, LARGEST_QUANTITY, "quantity")
    accepted = facts.quantity if facts.accepted is None else facts.accepted
    if not 0 <= accepted <= facts.quantity:
        raise InvalidInput(N_("No more can be accepted than was brought."), field="accepted")
    facts = replace(facts, accepted=accepted, refusal_reason=" ".join(facts.refusal_reason.split()))
    parse_text(facts.refusal_reason, field="refusal_reason", maximum=240)
    facts = _with_lot(shelf, variant, facts)
    if accepted < facts.quantity and len(facts.refusal_reason) < 3:
        raise InvalidInput(N_("Please say why not everything was accepted."), field="refusal_reason")
    if accepted:
        _judge(shelf, variant, facts)
    elif facts.best_before_on is not None and facts.produced_on is not None and facts.best_before_on < facts.produced_on:
        raise InvalidInput(REFUSALS[Refusal.DATES_SWAPPED], field="best_before_on")
    return facts


def check_fresh(session: Session, batch: Batch, today: date) -> None:
    """RefusedBatch or BatchStopped when a lot may not come onto a shelf today, for goods that come without a delivery note."""
    if batch.state is not BatchState.OPEN:
        raise BatchStopped(lot=batch.lot_code, reason=batch.state_reason, field="lot")
    life = session.scalars(select(Product.shelf_life_days).where(Product.id == batch.product_id)).one()
    _refuse_dates(batch.produced_on, batch.best_before_on, life, today)


def _with_lot(shelf: Shelf, variant: Variant, facts: LineFacts) -> LineFacts:
    """Dates that the product's shelf life gives, and a lot code: the one typed, one of the same dates, or the next of the day."""
    life = shelf.shelf_life.get(variant.product_id)
    if facts.best_before_on is None and facts.produced_on is not None and life is not None:
        facts = replace(facts, best_before_on=_plus(facts.produced_on, life))
    if facts.lot_code.strip():
        facts = replace(facts, lot_code=parse_lot_code(facts.lot_code))
        known = shelf.batches.get((variant.product_id, facts.lot_code))
        if known is None:
            return _as_noted(shelf, variant, facts)
        if facts.produced_on is None and facts.best_before_on is None:
            return replace(facts, produced_on=known.produced_on, best_before_on=known.best_before_on)
        if facts.best_before_on != known.best_before_on:
            raise InvalidInput(N_("This lot is known with another best-before date; please compare the pack."), field="best_before_on")
        return replace(facts, produced_on=known.produced_on)
    return replace(facts, lot_code=_next_lot(shelf, variant, facts))


def _next_lot(shelf: Shelf, variant: Variant, facts: LineFacts) -> str:
    """The next code of the day, or the one that the note gave another pack of the same product with the same date."""
    prefix = f"{facts.produced_on or shelf.today:%y%m%d}-"
    number = 1
    while True:
        code = f"{prefix}{number}"
        key = variant.product_id, code
        is_same = key in shelf.noted and shelf.noted[key] == facts.best_before_on and (variant.id, code) not in shelf.lines
        if key not in shelf.batches and (key not in shelf.noted or is_same):
            return code
        number += 1


def _as_noted(shelf: Shelf, variant: Variant, facts: LineFacts) -> LineFacts:
    """A lot that another line of the note names already has one date."""
    key = variant.product_id, facts.lot_code
    is_own_line = (variant.id, facts.lot_code) in shelf.lines
    if key in shelf.noted and not is_own_line and shelf.noted[key] != facts.best_before_on:
        raise InvalidInput(N_("This lot is known with another best-before date; please compare the pack."), field="best_before_on")
    return facts


def _judge(shelf: Shelf, variant: Variant, facts: LineFacts) -> None:
    life = shelf.shelf_life.get(variant.product_id)
    known = shelf.batches.get((variant.product_id, facts.lot_code))
    if known is not None and known.state is not BatchState.OPEN:
        raise BatchStopped(lot=known.lot_code, reason=known.state_reason, field="lot_code")
    _refuse_dates(facts.produced_on, facts.best_before_on, life, shelf.today)
    if facts.best_before_on is not None and facts.best_before_on > shelf.today + LONGEST_LIFE:
        raise InvalidInput(N_("This date is too far away; please check the year."), field="best_before_on")


def _refuse_dates(produced_on: date | None, best_before_on: date | None, life: int | None, today: date) -> None:
    refusal = judge(produced_on, best_before_on, life, today)
    if refusal is None:
        return
    params: dict[str, object] = {}
    if refusal is Refusal.TOO_SHORT and best_before_on is not None:
        params = {"left": (best_before_on - today).days, "floor": floor_days(produced_on, best_before_on, life)}
    raise RefusedBatch(REFUSALS[refusal], field=_FIELDS.get(refusal, "best_before_on"), **params)


def _plus(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)
