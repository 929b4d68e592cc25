"""Cartons of a purchase order: set aside as goods arrive, each from one batch, and their way out with the delivery note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from catalog import stock_moves
from catalog.models.stock import Outlet
from catalog.stock_locks import Allocation
from kernel import audit, clock, outbox
from kernel.errors import N_, Conflict
from kernel.inserts import insert_rows
from kernel.parsing import parse_text
from kernel.people import Actor
from orders.consignment.sales import sell_held
from orders.holds import allocations_of
from orders.models.order import Order
from orders.models.partner import Partner
from orders.models.purchase import Carton, Dispatch, PurchaseLine, PurchaseOrder, PurchaseShare
from orders.models.shipping import Parcel
from orders.models.webhook import WebhookEvent
from orders.order_rows import insert_allocations
from orders.states import OrderState
from orders.wholesale import webhooks
from orders.wholesale.allocation import number_cartons
from orders.wholesale.lots import list_lots
from orders.wholesale.purchasing import lock_for_office, subject_of
from orders.wholesale.states import PurchaseState, WrongStage, check_stage

MAIL_DISPATCHED = "mail.goods_dispatched"
#: (variant id, level id, units per case, cases)
Packed = Sequence[tuple[int, int, int, int]]


class NotComplete(Conflict):
    """Cartons are missing; `missing` says how many."""

    message = N_("%(missing)s cartons are not packed yet. Pack them, or say that the order leaves without them.")

    def __init__(self, missing: int) -> None:
        self.missing = missing
        super().__init__(missing=missing)


class NotPaidYet(Conflict):
    """The partner has no credit: nothing leaves before the money is here."""

    message = N_("This partner pays in advance, and the money has not arrived yet.")


@dataclass(frozen=True, slots=True)
class Load:
    """How an order leaves."""

    carrier: str
    vehicle: str = ""
    note: str = ""
    expected_on: date | None = None


def write_cartons(session: Session, purchase: PurchaseOrder, order_lines: Mapping[int, int], packed: Packed) -> int:
    """Number the cartons of units that were just held for the order; `order_lines` gives the line's id by variant id."""
    known = session.scalar(select(func.coalesce(func.max(Carton.number), 0)).where(Carton.purchase_id == purchase.id)) or 0
    moment = clock.now()
    rows = [
        {
            "purchase_id": purchase.id,
            "number": carton.number,
            "order_line_id": order_lines[carton.variant_id],
            "level_id": carton.level_id,
            "units": carton.units,
            "packed_at": moment,
        }
        for carton in number_cartons(packed, first=known + 1)
    ]
    insert_rows(session, Carton, rows)
    return len(rows)


def pack(session: Session, actor: Actor, purchase_id: int) -> int:
    """Set aside what has come onto the shelf for the cartons that are missing; how many were packed now.

    Raises NotAllowed, WrongStage; NotOnShelf when somebody else took the goods a moment ago.
    """
    purchase = lock_for_office(session, actor, purchase_id)
    if purchase.state is not PurchaseState.PREPARING or purchase.order_id is None:
        raise WrongStage
    order = session.get_one(Order, purchase.order_id)
    outlet = session.get_one(Outlet, purchase.outlet_id)
    missing = _missing(session, purchase)
    packed: list[tuple[int, int, int, int]] = []
    for share, line in missing:
        lots = list_lots(session, outlet.id, [share.variant_id], line, clock.today(outlet.zone)).get(share.variant_id, ())
        wanted = missing[share, line]
        for lot in lots:
            if part := min(wanted, lot.cases):
                packed.append((share.variant_id, lot.level_id, line.units_per_case, part))
                wanted -= part
    if packed:
        held = [Allocation(level_id, variant_id, units * cases) for variant_id, level_id, units, cases in packed]
        lines = {share.variant_id: share.order_line_id for share, _line in missing}
        stock_moves.set_aside(session, actor, held, f"order:{order.code}")
        insert_allocations(session, lines, held)
        write_cartons(session, purchase, lines, packed)
        audit.record(session, actor, "purchase.packed", subject_of(purchase), {"cartons": sum(cases for *_rest, cases in packed)})
    now_packed = sum(cases for *_rest, cases in packed)
    if sum(missing.values()) == now_packed and order.state is OrderState.CONFIRMED:
        order.state = OrderState.READY
    session.flush()
    return now_packed


def count_missing(session: Session, purchase: PurchaseOrder) -> int:
    """Cartons that are not packed yet."""
    return sum(_missing(session, purchase).values())


def dispatch(session: Session, actor: Actor, purchase_id: int, load: Load, *, leave_missing: bool = False) -> Dispatch:
    """The cartons leave: out of stock, their makers credited, the partner told. What is missing stays short.

    Raises NotAllowed, WrongStage, NotComplete, NotPaidYet, BatchStopped, InvalidInput.
    """
    purchase = lock_for_office(session, actor, purchase_id)
    check_stage(purchase.state, PurchaseState.DISPATCHED)
    order = session.get_one(Order, purchase.order_id or 0)
    missing = count_missing(session, purchase)
    cartons = session.scalar(select(func.count(Carton.id)).where(Carton.purchase_id == purchase.id)) or 0
    if not cartons or (missing and not leave_missing):
        raise NotComplete(missing)
    if purchase.is_prepaid and purchase.outstanding > 0:
        raise NotPaidYet
    moment = clock.now()
    carrier = parse_text(load.carrier, field="carrier", maximum=60, required=True)
    row = Dispatch(
        purchase_id=purchase.id,
        carrier=carrier,
        vehicle=parse_text(load.vehicle, field="vehicle", maximum=40),
        note=parse_text(load.note, field="note", maximum=240),
        cartons=cartons,
        expected_on=load.expected_on,
        dispatched_at=moment,
        dispatched_by_id=actor.user_id,
    )
    session.add(row)
    parcel = {"order_id": order.id, "position": 1, "courier": carrier, "tracking_number": "", "weight_g": None}
    insert_rows(session, Parcel, [{**parcel, "shipped_at": moment, "delivered_at": None, "shipped_by_id": actor.user_id}])
    sell_held(session, order, allocations_of(session, [order.id]).get(order.id, []), actor_id=actor.user_id)
    order.state, order.shipped_at = OrderState.SHIPPED, moment
    purchase.state, purchase.changed_at = PurchaseState.DISPATCHED, moment
    session.flush()
    audit.record(session, actor, "purchase.dispatched", subject_of(purchase), {"cartons": cartons, "missing": missing})
    partner = session.get_one(Partner, purchase.partner_id)
    payload = {"purchase_id": purchase.id, "email": partner.contact_email, "language": partner.language}
    outbox.enqueue(session, MAIL_DISPATCHED, f"{MAIL_DISPATCHED}:{purchase.code}", payload)
    facts = {"order": purchase.code, "number": purchase.partner_number}
    webhooks.announce(session, purchase.partner_id, WebhookEvent.ORDER_SHIPPED, f"order:{purchase.code}", facts)
    return row


def _missing(session: Session, purchase: PurchaseOrder) -> Counter[tuple[PurchaseShare, PurchaseLine]]:
    """Cartons that each share still lacks, those with none left out."""
    lines = {
        line.id: line
        for line in session.scalars(
            select(PurchaseLine).where(PurchaseLine.purchase_id == purchase.id).options(joinedload(PurchaseLine.offer))
        )
    }
    counted = select(Carton.order_line_id, func.count(Carton.id)).where(Carton.purchase_id == purchase.id).group_by(Carton.order_line_id)
    packed = dict(session.execute(counted).all())
    shares = session.scalars(select(PurchaseShare).where(PurchaseShare.purchase_id == purchase.id).order_by(PurchaseShare.id))
    found = {(share, lines[share.purchase_line_id]): share.cases - packed.get(share.order_line_id, 0) for share in shares}
    return Counter({key: missing for key, missing in found.items() if missing > 0})
