"""What arrived at a partner: counted batch by batch with claims for single units, and settled by the office (docs/invoices.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import stock, stock_locks
from catalog.models.stock import LossCause, MovementKind, Outlet
from catalog.stock_locks import Allocation
from catalog.stock_moves import Change, change_levels
from kernel import audit, clock
from kernel.errors import N_, InvalidInput, NotFound
from kernel.parsing import check_range, parse_text
from kernel.people import Actor
from orders import ledger
from orders.consignment.losses import book_losses
from orders.consignment.sales import book_returns
from orders.models.order import Order, OrderLine
from orders.models.purchase import Carton, GoodsReceipt, PurchaseOrder, ReceiptLine
from orders.states import OrderState
from orders.wholesale import billing, credit, news
from orders.wholesale.access import ensure_may_manage
from orders.wholesale.billing import BilledLine, OrderedLine
from orders.wholesale.buyers import find_buyer
from orders.wholesale.purchasing import lock_for_office, lock_purchase, subject_of
from orders.wholesale.states import PurchaseState, check_stage

#: An order line and one of the levels (batches) it was delivered from.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Claim:
    """Units of one batch that the partner does not want to pay for."""

    short: int = 0
    damaged: int = 0
    short_dated: int = 0
    remark: str = ""

    @property
    def units(self) -> int:
        """All of them."""
        return self.short + self.damaged + self.short_dated


def map_delivered(session: Session, purchase_id: int) -> dict[Place, int]:
    """Units on the delivery note, by order line and level."""
    statement = (
        select(Carton.order_line_id, Carton.level_id, func.sum(Carton.units))
        .where(Carton.purchase_id == purchase_id)
        .group_by(Carton.order_line_id, Carton.level_id)
        .order_by(Carton.order_line_id, Carton.level_id)
    )
    return {(line_id, level_id): int(units) for line_id, level_id, units in session.execute(statement)}


def report_receipt(
    session: Session,
    actor: Actor,
    purchase_id: int,
    claims: Mapping[Place, Claim],
    *,
    received_by: str,
    received_on: date | None = None,
) -> GoodsReceipt:
    """The partner has counted, or the office writes down what its paper says. Without a claim it is settled at once.

    Raises NotAllowed, NotFound, WrongStage, InvalidInput.
    """
    purchase = lock_purchase(session, purchase_id)
    _check_may_report(session, actor, purchase)
    check_stage(purchase.state, PurchaseState.RECEIVED)
    outlet = session.get_one(Outlet, purchase.outlet_id)
    today = clock.today(outlet.zone)
    received_on = received_on or today
    if received_on > today:
        raise InvalidInput(N_("This day has not come yet."), field="received_on")
    delivered = map_delivered(session, purchase.id)
    if not set(claims) <= set(delivered):
        raise NotFound
    receipt = GoodsReceipt(
        purchase_id=purchase.id,
        received_on=received_on,
        received_by=parse_text(received_by, field="received_by", maximum=120, required=True),
        reported_at=clock.now(),
        reported_by_id=actor.user_id,
        lines=[_line(place, units, claims.get(place, Claim())) for place, units in delivered.items()],
    )
    session.add(receipt)
    purchase.state, purchase.changed_at = PurchaseState.RECEIVED, clock.now()
    session.flush()
    claimed = sum(line.claimed for line in receipt.lines)
    audit.record(session, actor, "purchase.received", subject_of(purchase), {"claimed": claimed})
    if not claimed:
        _settle(session, actor, purchase, receipt)
    return receipt


def settle_claims(session: Session, actor: Actor, purchase_id: int, agreed: Mapping[Place, Claim], answer: str = "") -> GoodsReceipt:
    """The office agrees to claims, all or some; of those left out, none. Rejected units are not paid for and not credited.

    Raises NotAllowed, WrongStage, InvalidInput above what was claimed.
    """
    purchase = lock_for_office(session, actor, purchase_id)
    check_stage(purchase.state, PurchaseState.SETTLED)
    receipt = session.scalars(select(GoodsReceipt).where(GoodsReceipt.purchase_id == purchase.id)).one()
    lines = list(session.scalars(select(ReceiptLine).where(ReceiptLine.receipt_id == receipt.id).order_by(ReceiptLine.id)))
    refused = 0
    for line in lines:
        claim = agreed.get((line.order_line_id, line.level_id), Claim())
        line.agreed_short = check_range(claim.short, 0, line.short, "short")
        line.agreed_damaged = check_range(claim.damaged, 0, line.damaged, "damaged")
        line.agreed_short_dated = check_range(claim.short_dated, 0, line.short_dated, "short_dated")
        refused += line.claimed - line.rejected
    receipt.answer = parse_text(answer, field="answer", maximum=500, required=refused > 0)
    session.flush()
    session.refresh(receipt, ["lines"])
    _settle(session, actor, purchase, receipt)
    news.tell_settled(session, purchase)
    return receipt


def list_ordered(session: Session, order_id: int) -> list[OrderedLine]:
    """The order's lines as they are billed."""
    statement = select(OrderLine.id, OrderLine.quantity, OrderLine.unit_price, OrderLine.discount)
    rows = session.execute(statement.where(OrderLine.order_id == order_id).order_by(OrderLine.position))
    return [OrderedLine(*row) for row in rows]


def bill_receipt(session: Session, purchase: PurchaseOrder) -> list[BilledLine]:
    """What the partner kept of each order line, those it kept nothing of left out."""
    statement = (
        select(
            ReceiptLine.order_line_id,
            func.sum(ReceiptLine.delivered - ReceiptLine.agreed_short - ReceiptLine.agreed_damaged - ReceiptLine.agreed_short_dated),
        )
        .join(GoodsReceipt, GoodsReceipt.id == ReceiptLine.receipt_id)
        .where(GoodsReceipt.purchase_id == purchase.id)
        .group_by(ReceiptLine.order_line_id)
    )
    kept = {line_id: int(units) for line_id, units in session.execute(statement)}
    lines = [billing.bill_kept(line, kept.get(line.line_id, 0)) for line in list_ordered(session, purchase.order_id or 0)]
    return [line for line in lines if line.quantity]


def _settle(session: Session, actor: Actor, purchase: PurchaseOrder, receipt: GoodsReceipt) -> None:
    """Rejected units go back into the books or out of them, their makers' sale is undone, and the partner owes the rest."""
    order = session.get_one(Order, purchase.order_id or 0)
    sums = billing.sum_up(bill_receipt(session, purchase), purchase.freight)
    goods, terms, freight = purchase.goods - sums.goods, purchase.terms - sums.terms, purchase.freight - sums.freight
    moment = clock.now()
    receipt.settled_at, receipt.settled_by_id = moment, actor.user_id
    receipt.rejected_amount, receipt.rejected_freight = goods - terms + freight, freight
    if receipt.rejected_amount:
        ledger.post_reduced(session, f"receipt:{purchase.code}:rejected", order.id, goods=goods, discount=terms, shipping=freight)
    _move_goods(session, actor, purchase, order, receipt)
    order.state, order.completed_at = OrderState.COMPLETED, moment
    purchase.owed -= receipt.rejected_amount
    purchase.state, purchase.changed_at = PurchaseState.SETTLED, moment
    credit.resize(session, purchase)
    audit.record(session, actor, "purchase.settled", subject_of(purchase), {"rejected": receipt.rejected_amount})


def _move_goods(session: Session, actor: Actor, purchase: PurchaseOrder, order: Order, receipt: GoodsReceipt) -> None:
    """Short units are lost on the way, damaged ones are written off, short-dated ones come back to the shelf."""
    fates: dict[str, list[Allocation]] = defaultdict(list)
    variants = _variants(session, receipt)
    for line in sorted(receipt.lines, key=lambda line: line.level_id):
        for fate, units in (("lost", line.agreed_short), ("damaged", line.agreed_damaged), ("back", line.agreed_short_dated)):
            if units:
                fates[fate].append(Allocation(line.level_id, variants[line.order_line_id], units))
    everything = [allocation for each in fates.values() for allocation in each]
    if not everything:
        return
    reference, who = f"receipt:{purchase.code}", actor.user_id
    stock_locks.lock_levels(session, everything)
    if fates["damaged"]:
        stock.take_back(session, fates["damaged"], reference, fit=False, actor_id=who)
    if on_shelf := fates["back"] + fates["lost"]:
        stock.take_back(session, on_shelf, reference, fit=True, actor_id=who)
    if fates["lost"]:
        changes = [Change(allocation.level_id, -allocation.quantity) for allocation in fates["lost"]]
        change_levels(
            session, actor, changes, MovementKind.WRITTEN_OFF, reference=reference, reason="Hilang di jalan", cause=LossCause.LOST
        )
    book_returns(session, order.id, reference, everything)
    book_losses(session, level_ids=[allocation.level_id for allocation in everything])


def _variants(session: Session, receipt: GoodsReceipt) -> dict[int, int]:
    lines = {line.order_line_id for line in receipt.lines}
    return dict(session.execute(select(OrderLine.id, OrderLine.variant_id).where(OrderLine.id.in_(lines))).all())


def _line(place: Place, units: int, claim: Claim) -> ReceiptLine:
    for name in ("short", "damaged", "short_dated"):
        check_range(getattr(claim, name), 0, units, name)
    if claim.units > units:
        raise InvalidInput(N_("More units are claimed than were delivered of this batch."), field="short")
    return ReceiptLine(
        order_line_id=place[0],
        level_id=place[1],
        delivered=units,
        short=claim.short,
        damaged=claim.damaged,
        short_dated=claim.short_dated,
        remark=parse_text(claim.remark, field="remark", maximum=240),
    )


def _check_may_report(session: Session, actor: Actor, purchase: PurchaseOrder) -> None:
    buyer = find_buyer(session, actor)
    if buyer is None:
        ensure_may_manage(session, actor, purchase.outlet_id)
    elif buyer.audience.partner_id != purchase.partner_id:
        raise NotFound
