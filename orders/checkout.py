"""Placing an order: the one verb of every channel, from a cart and a contact to a promise with goods held for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, or_, select
from sqlalchemy.orm import Session

from catalog import stock, stock_moves
from catalog.models.area import Area
from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from catalog.stock_locks import Allocation
from kernel import audit, clock, crashpoints, outbox
from kernel.errors import N_, Conflict, DomainError, InvalidInput, NotFound
from kernel.ids import make_token
from kernel.inserts import insert_keyed, insert_rows, known_object
from kernel.money import LARGEST_AMOUNT
from kernel.people import Actor
from kernel.prepared import Prepared
from orders import ledger, shipping, vouchers
from orders.deals import Deal
from orders.discounts import shares_of
from orders.drafts import Contact, Draft, check_draft
from orders.gateways import LOCAL, PAID_LATER, PaymentMethod, idempotency_key_of
from orders.holds import hold_deadline, payment_deadline
from orders.models.order import Channel, Fulfilment, Order, OrderLine
from orders.models.payment import Payment
from orders.offers import CURRENT_PRICE, IS_OFFERED
from orders.order_rows import NAMES, find_by_key, insert_allocations, insert_order, line_values
from orders.outlet_payments import MethodNotPossible, check_method
from orders.pickup_slots import check_slot
from orders.pricing import LARGEST_CASE_QUANTITY, Totals, line_total, take_off, total_of
from orders.shipping import CheckedDestination, Destination, ShippingQuote
from orders.states import OrderState, PaymentState

#: How many unpaid orders one phone number may have waiting for pickup.
MOST_OPEN_ORDERS = 3
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)


class Withdrawn(Conflict):
    """Some items are not for sale any more; `variant_ids` says which."""

    message = N_("Some items are no longer for sale. Please take them out of the cart.")

    def __init__(self, variant_ids: Sequence[int]) -> None:
        self.variant_ids = tuple(variant_ids)
        super().__init__()


class PriceChanged(Conflict):
    """The total differs from the one the buyer was shown; `total` is today's."""

    message = N_("A price has changed since you opened this page. Please check the new total.")

    def __init__(self, total: int) -> None:
        self.total = total
        super().__init__()


class TooManyOpenOrders(DomainError):
    """The phone number has its share of unpaid pickup orders."""

    message = N_("There are already %(most)s unpaid orders for this phone number. Please collect or cancel one, or pay now.")


def place_order(
    session: Session,
    actor: Actor,
    *,
    channel: Channel,
    cart_lines: Mapping[int, int],
    outlet_id: int,
    contact: Contact,
    payment_method: PaymentMethod | None,
    checkout_key: str,
    language: str,
    note: str = "",
    seen_total: int | None = None,
    method_limits: tuple[int, int] = (1, LARGEST_AMOUNT),
    destination: Destination | None = None,
    pickup_at: datetime | None = None,
    departs_at: datetime | None = None,
    voucher_code: str = "",
    deal: Deal | None = None,
) -> Order:
    """Place an order for `cart_lines` (quantity by variant id) and hold its goods.

    It is sent to the `destination`, or collected at the outlet: in the slot that begins at `pickup_at`, where one was
    chosen, before the buyer leaves at `departs_at`. `voucher_code` takes its discount off the goods, not off shipping.

    A partner's order (channel wholesale) comes with its `deal` and without a `payment_method`: its prices, terms and
    lots were agreed, and it is paid on account (`orders.wholesale.dividing`).

    `checkout_key` is the form's own unguessable token: the same key always answers with the same order, also when two
    requests run at once. `seen_total` is the total the buyer was shown; nothing is computed from it. `method_limits`
    are the gateway's. Never touches the network: open the payment after the commit (`orders.payments`). After a
    refusal the caller rolls back.

    Raises InvalidInput, EmptyCart, Withdrawn, PriceChanged, AmountTooLarge, MethodNotPossible, TooManyOpenOrders,
    OutOfStock, LastPiece, NeverOpen; NoZone, TooHeavy, CannotTravel; SlotGone, SlotTooFar; VoucherRefused; NotOnShelf for
    a deal's lots; NotFound for an outlet that takes no orders.
    """
    _check_call(checkout_key, channel, deal)
    session.flush()  # below this line statements go past the unit of work, at half its price
    moment = clock.now()
    draft = Draft(channel, contact, payment_method, checkout_key, language, note.strip(), moment, destination, pickup_at, departs_at)
    try:
        check_draft(draft, cart_lines)
        outlet = _get_outlet(session, outlet_id)
        offers = _find_offers(session, cart_lines, outlet, deal)
        sending = (deal.address, deal.delivery) if deal else _plan_shipping(session, draft, outlet, offers, cart_lines)
        totals, discount = _price(offers, cart_lines, sending, deal), None
        if voucher_code:
            discount = vouchers.find_discount(session, voucher_code, totals.subtotal, outlet_id=outlet.id, phone=contact.phone)
            totals = take_off(totals, discount.amount)
        _check_amount(totals, seen_total, method_limits)
        leave = _check_payment(session, draft, outlet, totals)
        plan = deal.lots if deal else stock.plan_hold(session, outlet_id, cart_lines, leave=leave)
        order = _insert_order(session, actor, draft, outlet, totals)
    except DomainError:
        # The same form was perhaps sent before, and took the last unit or paid at another price: then that order is the answer.
        if (known := find_by_key(session, checkout_key)) is not None:
            return known
        raise
    if order is None:
        return _twin_of(session, checkout_key)
    line_of = _insert_lines(session, order, offers, cart_lines)
    _insert_beside(session, actor, draft, order, outlet, sending, discount)
    # Stock rows last: on PostgreSQL other buyers of the same goods wait from here until the commit.
    insert_allocations(session, line_of, _hold(session, actor, plan, f"order:{order.code}"))
    crashpoints.here("order.held")
    return order


def _check_call(checkout_key: str, channel: Channel, deal: Deal | None) -> None:
    if not _KEY.fullmatch(checkout_key):
        raise InvalidInput(field="checkout_key")
    if (channel is Channel.WHOLESALE) != (deal is not None):
        raise InvalidInput(field="channel")  # a partner's order is what was agreed, and nobody else's is


def _hold(session: Session, actor: Actor, plan: stock.HoldPlan | tuple[Allocation, ...], reference: str) -> Sequence[Allocation]:
    """Take what was planned: given lots as they are, all others planned anew when somebody was faster."""
    if isinstance(plan, tuple):
        stock_moves.set_aside(session, actor, plan, reference)
        return plan
    return stock.hold_planned(session, plan, reference)


_transfers = select(Payment.order_id).where(Payment.method == PaymentMethod.BANK_TRANSFER, Payment.state == PaymentState.OPEN)
_is_promise = or_(
    Order.state.in_((OrderState.CONFIRMED, OrderState.READY)),
    (Order.state == OrderState.AWAITING_PAYMENT) & Order.id.in_(_transfers),
)
_PROMISES = Prepared(
    select(func.count(Order.id).label("number")).where(
        Order.contact_phone == bindparam("phone"), _is_promise, Order.hold_until.is_not(None)
    )
)


def check_open_orders(session: Session, phone: str) -> None:
    """Refuse a further promise to pay later when enough of them are open for this phone number."""
    if _PROMISES.run(session, {"phone": phone})[0].number >= MOST_OPEN_ORDERS:
        raise TooManyOpenOrders(field="phone", most=MOST_OPEN_ORDERS)


def write_to_buyer(session: Session, order: Order, kind: str) -> None:
    """Queue a letter about the order; buyers without an e-mail address follow it on its page."""
    if order.contact_email:
        payload = {"order_id": order.id, "token": order.token, "language": order.language}
        outbox.enqueue(session, kind, f"{kind}:{order.code}", payload)


_outlets = cast(Table, Outlet.__table__)
_OUTLET = Prepared(select(_outlets).where(_outlets.c.id == bindparam("outlet_id")))


def _get_outlet(session: Session, outlet_id: int) -> Outlet:
    """The outlet as it is now: a loose copy that no session watches."""
    rows = _OUTLET.run(session, {"outlet_id": outlet_id})
    if not rows or not rows[0].is_active:
        raise NotFound(N_("This pickup place takes no orders at present. Please choose another one."), field="outlet")
    return known_object(Outlet, rows[0]._asdict())


_OFFERS = Prepared(
    select(
        Variant.id,
        Variant.shipping_weight_g,
        Product.travel_limit,
        *NAMES,
        CURRENT_PRICE.label("price"),
    )
    .join(Product, Product.id == Variant.product_id)
    .join(Maker, Maker.id == Product.maker_id)
    .join(Area, Area.code == Product.village_code)
    .where(Variant.id.in_(bindparam("variant_ids", expanding=True)), IS_OFFERED)
)


def _find_offers(session: Session, cart_lines: Mapping[int, int], outlet: Outlet, deal: Deal | None) -> dict[int, Any]:
    """Names of what is for sale and its price, today's or the deal's, by variant id."""
    rows = _OFFERS.run(session, {"variant_ids": list(cart_lines), "today": clock.today(outlet.zone)})
    if deal is not None:
        rows = [row._replace(price=deal.unit_prices.get(row.id)) for row in rows]
    offers = {row.id: row for row in rows if row.price is not None}
    if missing := [variant_id for variant_id in cart_lines if variant_id not in offers]:
        raise Withdrawn(missing)
    return offers


def _plan_shipping(
    session: Session, draft: Draft, outlet: Outlet, offers: Mapping[int, Any], cart_lines: Mapping[int, int]
) -> tuple[CheckedDestination, ShippingQuote] | None:
    """Where the order goes and for how much; None, without a statement, when it is collected: then the slot is checked."""
    if draft.destination is None:
        if draft.pickup_at is not None:
            check_slot(outlet, draft.moment, draft.pickup_at, draft.departs_at)
        elif draft.departs_at is not None:
            raise InvalidInput(N_("Please choose when you would like to collect."), field="pickup_at")
        return None
    if draft.pickup_at is not None or draft.departs_at is not None:
        raise InvalidInput(field="pickup_at")
    check_fulfilment(draft.method, draft.fulfilment)
    where = shipping.check_destination(session, draft.destination)
    load = shipping.load_of(offers.values(), cart_lines)
    return where, shipping.quote(session, outlet.id, where.village_code, load)


def check_fulfilment(method: PaymentMethod | None, fulfilment: Fulfilment) -> None:
    """Nobody comes to pay for what is sent."""
    if fulfilment is Fulfilment.SHIPPING and method is PaymentMethod.PAY_AT_PICKUP:
        raise MethodNotPossible(
            N_("An order that is sent to you is paid before it leaves. Please choose another way."), field="payment_method"
        )


def _check_payment(session: Session, draft: Draft, outlet: Outlet, totals: Totals) -> int:
    """Refuse a way of paying that does not fit; how many units of each variant must stay for those who pay now."""
    if draft.method is None:
        return 0
    check_method(outlet, draft.method, totals.total)
    if draft.method not in PAID_LATER:
        return 0
    check_open_orders(session, draft.contact.phone)
    return 1


def _price(
    offers: Mapping[int, Any], cart_lines: Mapping[int, int], sending: tuple[CheckedDestination, ShippingQuote] | None, deal: Deal | None
) -> Totals:
    lines = (line_total(offers[variant_id].price, quantity, LARGEST_CASE_QUANTITY) for variant_id, quantity in cart_lines.items())
    return total_of(lines, shipping=sending[1].price if sending else 0, discount=deal.discount if deal else 0)


def _check_amount(totals: Totals, seen_total: int | None, method_limits: tuple[int, int]) -> None:
    if seen_total is not None and seen_total != totals.total:
        raise PriceChanged(totals.total)
    smallest, largest = method_limits
    if not smallest <= totals.total <= largest:
        raise MethodNotPossible(field="payment_method")


def _insert_order(session: Session, actor: Actor, draft: Draft, outlet: Outlet, totals: Totals) -> Order | None:
    """The new order, or None when a request with the same key was faster (its commit has been waited for)."""
    is_promise = draft.method in (PaymentMethod.PAY_AT_PICKUP, None)
    values = {
        "token": make_token(),
        "checkout_key": draft.checkout_key,
        "channel": draft.channel,
        "state": OrderState.CONFIRMED if is_promise else OrderState.AWAITING_PAYMENT,
        "fulfilment": draft.fulfilment,
        "outlet_id": outlet.id,
        "user_id": actor.user_id if draft.channel is Channel.WEB else None,  # elsewhere the actor is not the buyer
        "language": draft.language,
        "contact_name": " ".join(draft.contact.name.split()),
        "contact_phone": draft.contact.phone,
        "contact_email": draft.contact.email.lower(),
        "note": draft.note,
        "subtotal": totals.subtotal,
        "shipping_total": totals.shipping,
        "discount_total": totals.discount,
        "total": totals.total,
        "is_taxable": outlet.is_taxable,
        "placed_at": draft.moment,
        "hold_until": hold_deadline(draft.method, outlet, draft.moment, draft.pickup_at) if draft.method else None,
        "pickup_at": draft.pickup_at,
        "departs_at": draft.departs_at,
        "shipped_at": None,
        "completed_at": None,
    }
    return insert_order(session, values)


def _insert_beside(
    session: Session,
    actor: Actor,
    draft: Draft,
    order: Order,
    outlet: Outlet,
    sending: tuple[CheckedDestination, ShippingQuote] | None,
    discount: vouchers.Discount | None,
) -> None:
    """Where it goes, the first attempt to pay, the books, who placed it, the letter to the buyer, and the use of the voucher."""
    if sending is not None:
        shipping.insert_address(session, order.id, *sending)
    if draft.method is not None:
        insert_rows(session, Payment, [new_attempt(order, 1, draft.method, outlet, draft.moment)])
    ledger.post_placed(session, order.code, order.id, order.total, shipping=order.shipping_total, discount=order.discount_total)
    audit.record(session, actor, "order.placed", f"order:{order.code}", {"channel": draft.channel.value, "total": order.total})
    write_to_buyer(session, order, "mail.order_placed")
    if discount is not None:
        vouchers.claim_use(session, order, discount)


def _twin_of(session: Session, checkout_key: str) -> Order:
    order = find_by_key(session, checkout_key)
    if order is None:
        raise Conflict
    return order


def _insert_lines(session: Session, order: Order, offers: Mapping[int, Any], cart_lines: Mapping[int, int]) -> dict[int, int]:
    """The lines with names and prices of this moment; their ids by variant id."""
    totals = [line_total(offers[variant_id].price, quantity, LARGEST_CASE_QUANTITY) for variant_id, quantity in cart_lines.items()]
    shares = shares_of(totals, order.discount_total)
    rows = [
        line_values(
            order.id, position, variant_id, offers[variant_id], unit_price=offers[variant_id].price, quantity=quantity, discount=share
        )
        for position, ((variant_id, quantity), share) in enumerate(zip(cart_lines.items(), shares, strict=True), start=1)
    ]
    return insert_keyed(session, OrderLine, rows, key="variant_id")


def new_attempt(order: Order, attempt: int, method: PaymentMethod, outlet: Outlet, moment: datetime) -> dict[str, Any]:
    """The row of one attempt to pay an order. A local one is open at once; a card page has yet to be opened."""
    return {
        "order_id": order.id,
        "attempt": attempt,
        "method": method,
        "state": PaymentState.OPEN if method in LOCAL else PaymentState.STARTED,
        "amount": order.total,
        "idempotency_key": idempotency_key_of(order.code, attempt),
        "expires_at": payment_deadline(method, outlet, moment, order.pickup_at),
        "created_at": moment,
    }
