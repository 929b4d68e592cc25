"""Purchase orders: a quote accepted once, or goods at list price; within a buyer's limit or an approver's word (docs/quotes.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from kernel import audit, clock
from kernel.errors import N_, Conflict, DomainError, InvalidInput, NotAllowed, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_new, insert_rows
from kernel.parsing import parse_text
from kernel.people import Actor
from orders.holds import release_orders
from orders.models.offer import Offer
from orders.models.order import Order, OrderState
from orders.models.partner import Partner, PartnerBuyer
from orders.models.purchase import PurchaseLine, PurchaseOrder
from orders.models.quote import Quote
from orders.models.webhook import WebhookEvent
from orders.payments import lock_order
from orders.wholesale import billing, credit, news, quotes, webhooks
from orders.wholesale import goods as goods_room
from orders.wholesale.access import ensure_may_manage
from orders.wholesale.buyers import Buyer, find_buyer, get_branch, get_buyer
from orders.wholesale.capacity_shares import give_back_all
from orders.wholesale.states import PurchaseState, WrongStage, check_stage

_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}", re.ASCII)


class NumberTaken(InvalidInput):
    """The partner has used this number before; `code` says for which order."""

    message = N_("Your order number %(number)s was used before, for order %(code)s. Please give another one.")

    def __init__(self, number: str, code: str) -> None:
        self.code = code
        super().__init__(field="partner_number", number=number, code=code)


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is to be written as a purchase order."""

    partner_number: str
    key: str
    branch_id: int
    lines: Mapping[int, tuple[int, int, int]]  # offer id: cases, units per case, unit price
    terms_bps: int
    freight: int
    payment_days: int
    wanted_on: date | None
    note: str
    quote_id: int | None = None


def accept_quote(session: Session, actor: Actor, quote_id: int, seen: int, partner_number: str, key: str, note: str = "") -> PurchaseOrder:
    """Buy at the offered prices, whatever the price list says meanwhile. Accepted twice is one order: the first one.

    `seen` is the turn that the page showed. Raises NotAllowed, NotFound, NotYourTurn once the offer has run out or
    changed, NumberTaken, CreditUsedUp.
    """
    buyer = get_buyer(session, actor)
    quotes.check_key(key)
    number = parse_number(partner_number)
    quote = session.get(Quote, quote_id, populate_existing=True)
    if quote is None or quote.partner_id != buyer.audience.partner_id:
        raise NotFound
    offered = quotes.read_turn(session, quote, seen)
    lines = {line.offer_id: (line.cases, line.units_per_case, line.unit_price or 0) for line in quotes.list_lines(session, offered.id)}
    outlet = session.get_one(Outlet, quote.outlet_id)
    try:
        quotes.take_accepted(session, actor, quote, seen, clock.today(outlet.zone))
    except DomainError:
        known = session.scalar(select(PurchaseOrder).where(PurchaseOrder.quote_id == quote.id))
        if known is not None and known.partner_number == number:
            return known
        raise
    draft = _Draft(
        partner_number=number,
        key=key,
        branch_id=quote.branch_id,
        lines=lines,
        terms_bps=offered.terms_bps,
        freight=offered.freight,
        payment_days=offered.payment_days,
        wanted_on=quote.wanted_on,
        note=note,
        quote_id=quote.id,
    )
    return _enter(session, actor, buyer, draft)


def order_from_list(
    session: Session,
    actor: Actor,
    lines: Mapping[int, int],
    *,
    branch_code: str,
    partner_number: str,
    key: str,
    wanted_on: date | None = None,
    note: str = "",
    seen_total: int | None = None,
) -> PurchaseOrder:
    """Buy `lines` (cases by offer id) at today's list prices and the partner's terms. The same `key` is the same order.

    Raises NotAllowed, NotFound, InvalidInput (minimums), NotOnList, PriceMoved, NumberTaken, CreditUsedUp.
    """
    buyer = get_buyer(session, actor)
    if (known := _find_by_key(session, quotes.check_key(key))) is not None:
        return _own(known, buyer)
    audience = buyer.audience
    branch = get_branch(session, audience.partner_id, branch_code)
    goods_room.check_cases(lines)
    known_goods = goods_room.get_all(session, audience, lines.keys())
    goods_room.check_delivery(known_goods, branch)
    if wanted_on is not None and wanted_on < clock.today():
        raise InvalidInput(N_("This day is over. Please choose a later one."), field="wanted_on")
    prices = goods_room.price_from_list(session, audience, known_goods, lines)
    partner = session.get_one(Partner, audience.partner_id)
    draft = _Draft(
        partner_number=parse_number(partner_number),
        key=key,
        branch_id=branch.id,
        lines={offer_id: (cases, known_goods[offer_id].units_per_case, prices[offer_id]) for offer_id, cases in lines.items()},
        terms_bps=partner.trading_terms_bps,
        freight=0,
        payment_days=partner.payment_days,
        wanted_on=wanted_on,
        note=note,
    )
    if seen_total is not None and seen_total != _total_of(draft):
        raise PriceMoved(_total_of(draft))
    return _enter(session, actor, buyer, draft)


class PriceMoved(Conflict):
    """The list changed since the page was opened; `total` is today's."""

    message = N_("A price has changed since you opened this page. Please check the new total.")

    def __init__(self, total: int) -> None:
        self.total = total
        super().__init__()


def approve_purchase(session: Session, actor: Actor, purchase_id: int) -> PurchaseOrder:
    """An approver of the same partner says yes to what a colleague may not order alone. Raises CreditUsedUp, WrongStage."""
    purchase = _lock_for_approver(session, actor, purchase_id)
    check_stage(purchase.state, PurchaseState.OPEN)
    purchase.state, purchase.approved_by_id = PurchaseState.OPEN, actor.user_id
    _bind(session, purchase)
    _note(session, actor, purchase, "purchase.approved")
    news.tell_buyer(session, purchase)
    return purchase


def reject_purchase(session: Session, actor: Actor, purchase_id: int, reason: str) -> PurchaseOrder:
    """An approver says no: nobody is bound."""
    purchase = _lock_for_approver(session, actor, purchase_id)
    check_stage(purchase.state, PurchaseState.REJECTED)
    purchase.state, purchase.reason, purchase.owed = (
        PurchaseState.REJECTED,
        parse_text(reason, field="reason", maximum=240, required=True),
        0,
    )
    _note(session, actor, purchase, "purchase.rejected", {"reason": purchase.reason})
    news.tell_buyer(session, purchase)
    return purchase


def cancel_purchase(session: Session, actor: Actor, purchase_id: int, reason: str) -> PurchaseOrder:
    """The office calls an order off before it leaves; until it was divided among makers the partner may too, also while it waits.

    Goods, makers' capacity and credit are free again. What was paid in advance is owed to the partner.
    """
    purchase = lock_purchase(session, purchase_id)
    _check_may_cancel(session, actor, purchase)
    check_stage(purchase.state, PurchaseState.CANCELLED)
    purchase.state, purchase.reason, purchase.owed = (
        PurchaseState.CANCELLED,
        parse_text(reason, field="reason", maximum=240, required=True),
        0,
    )
    give_back_all(session, purchase)
    credit.resize(session, purchase)
    if purchase.order_id is not None:
        order = session.get_one(Order, purchase.order_id)
        release_orders(session, [order], OrderState.CANCELLED, actor, {"purchase": purchase.code})
    _note(session, actor, purchase, "purchase.cancelled", {"reason": purchase.reason})
    return purchase


def lock_purchase(session: Session, purchase_id: int) -> PurchaseOrder:
    """The purchase order read anew, its rows locked until the commit: the placed order's first, as everywhere. NotFound otherwise."""
    order_id = session.scalar(select(PurchaseOrder.order_id).where(PurchaseOrder.id == purchase_id))
    if order_id is not None:
        lock_order(session, order_id)
    statement = select(PurchaseOrder).where(PurchaseOrder.id == purchase_id).with_for_update().execution_options(populate_existing=True)
    purchase = session.scalar(statement)
    if purchase is None:
        raise NotFound
    if purchase.order_id != order_id:
        raise WrongStage  # it was placed between both statements
    return purchase


def lock_for_office(session: Session, actor: Actor, purchase_id: int) -> PurchaseOrder:
    """As `lock_purchase`; NotAllowed unless the person manages the seller's wholesale business."""
    purchase = lock_purchase(session, purchase_id)
    ensure_may_manage(session, actor, purchase.outlet_id)
    return purchase


def parse_number(text: str) -> str:
    """A partner's own order number: 1 to 40 letters, digits and ` . / _ -`; InvalidInput otherwise."""
    number = " ".join(text.split())
    if not _NUMBER.fullmatch(number):
        raise InvalidInput(N_("Please give your order number: up to 40 letters, digits and the signs . / _ -"), field="partner_number")
    return number


def subject_of(purchase: PurchaseOrder) -> str:
    """How the audit names a purchase order."""
    return f"purchase:{purchase.code}"


def _enter(session: Session, actor: Actor, buyer: Buyer, draft: _Draft) -> PurchaseOrder:
    """Write it: binding at once, or waiting for an approver."""
    partner = session.get_one(Partner, buyer.audience.partner_id)
    if any(price < 1 for _cases, _units, price in draft.lines.values()):
        raise InvalidInput(N_("Give a price for every item."), field="unit_price")
    goods = sum(cases * units * price for cases, units, price in draft.lines.values())
    terms = billing.terms_of(goods, draft.terms_bps)
    total = goods - terms + draft.freight
    moment = clock.now()
    waits = _needs_approver(session, buyer, total)
    row = {
        "code": make_code(),
        "form_key": draft.key,
        "partner_id": partner.id,
        "partner_number": draft.partner_number,
        "quote_id": draft.quote_id,
        "outlet_id": partner.outlet_id,
        "branch_id": draft.branch_id,
        "state": PurchaseState.WAITING if waits else PurchaseState.OPEN,
        "order_id": None,
        "goods": goods,
        "terms": terms,
        "freight": draft.freight,
        "total": total,
        "terms_bps": draft.terms_bps,
        "payment_days": draft.payment_days,
        "is_prepaid": partner.credit_limit == 0,
        "owed": total,
        "paid": 0,
        "returned": 0,
        "credit_held": 0,
        "wanted_on": draft.wanted_on,
        "promised_on": None,
        "note": parse_text(draft.note, field="note", maximum=500),
        "reason": "",
        "bought_by_id": actor.user_id,
        "approved_by_id": None,
        "created_at": moment,
        "changed_at": moment,
    }
    ids = insert_new(session, PurchaseOrder, [row])
    if not ids:
        return _twin_of(session, buyer, draft)
    _insert_lines(session, ids[0], draft)
    purchase = session.get_one(PurchaseOrder, ids[0])
    if waits:
        news.ask_approvers(session, purchase)
    else:
        _bind(session, purchase)
    _note(session, actor, purchase, "purchase.entered", {"total": total, "number": draft.partner_number, "waits": waits})
    return purchase


def _bind(session: Session, purchase: PurchaseOrder) -> None:
    """It binds both sides from now on: it uses the partner's credit, and the partner's programs hear of it."""
    credit.claim(session, purchase, session.get_one(Partner, purchase.partner_id).credit_limit)
    facts = {"order": purchase.code, "number": purchase.partner_number}
    webhooks.announce(session, purchase.partner_id, WebhookEvent.ORDER_CONFIRMED, f"order:{purchase.code}", facts)


def _insert_lines(session: Session, purchase_id: int, draft: _Draft) -> None:
    names = session.execute(
        select(Offer.id, Product.name_id, Product.name_en, Variant.name_id.label("pack_id"), Variant.name_en.label("pack_en"))
        .join(Variant, Variant.id == Offer.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(Offer.id.in_(draft.lines))
    )
    known = {row.id: row for row in names}
    rows = [
        {
            "purchase_id": purchase_id,
            "position": position,
            "offer_id": offer_id,
            "name_id": f"{known[offer_id].name_id}, {known[offer_id].pack_id}"[:200],
            "name_en": f"{known[offer_id].name_en or known[offer_id].name_id}, {known[offer_id].pack_en or known[offer_id].pack_id}"[:200],
            "cases": cases,
            "units_per_case": units,
            "unit_price": price,
        }
        for position, (offer_id, (cases, units, price)) in enumerate(draft.lines.items(), start=1)
    ]
    insert_rows(session, PurchaseLine, rows)


def _twin_of(session: Session, buyer: Buyer, draft: _Draft) -> PurchaseOrder:
    """Nothing was written: the same form was sent before, or the number is taken."""
    if (known := _find_by_key(session, draft.key)) is not None:
        return _own(known, buyer)
    statement = select(PurchaseOrder.code).where(
        PurchaseOrder.partner_id == buyer.audience.partner_id, PurchaseOrder.partner_number == draft.partner_number
    )
    raise NumberTaken(draft.partner_number, session.scalar(statement) or "")


def _needs_approver(session: Session, buyer: Buyer, total: int) -> bool:
    """Whether the buyer's own limits do not allow it. Whoever approves for the company needs nobody."""
    if buyer.is_approver:
        return False
    if buyer.order_limit is not None and total > buyer.order_limit:
        return True
    if buyer.month_limit is None:
        return False
    session.scalars(select(PartnerBuyer.id).where(PartnerBuyer.id == buyer.buyer_id).with_for_update()).one()  # one order at a time
    begins = clock.now() - timedelta(days=clock.today().day)
    spent = select(func.coalesce(func.sum(PurchaseOrder.total), 0)).where(
        PurchaseOrder.bought_by_id == buyer.user_id,
        PurchaseOrder.created_at > begins,
        PurchaseOrder.state.not_in((PurchaseState.REJECTED, PurchaseState.CANCELLED)),
    )
    return (session.scalar(spent) or 0) + total > buyer.month_limit


def _total_of(draft: _Draft) -> int:
    goods = sum(cases * units * price for cases, units, price in draft.lines.values())
    return goods - billing.terms_of(goods, draft.terms_bps) + draft.freight


def _lock_for_approver(session: Session, actor: Actor, purchase_id: int) -> PurchaseOrder:
    buyer = get_buyer(session, actor)
    purchase = _own(lock_purchase(session, purchase_id), buyer)
    if not buyer.is_approver:
        raise NotAllowed
    return purchase


def _check_may_cancel(session: Session, actor: Actor, purchase: PurchaseOrder) -> None:
    buyer = find_buyer(session, actor)
    if buyer is None:
        ensure_may_manage(session, actor, purchase.outlet_id)
        if purchase.state is PurchaseState.WAITING:
            raise WrongStage  # nobody is bound yet: it is the partner's own matter
        return
    _own(purchase, buyer)
    if purchase.state not in (PurchaseState.WAITING, PurchaseState.OPEN) or not (
        buyer.is_approver or purchase.bought_by_id == buyer.user_id
    ):
        raise NotAllowed


def _find_by_key(session: Session, key: str) -> PurchaseOrder | None:
    return session.scalar(select(PurchaseOrder).where(PurchaseOrder.form_key == key))


def _own(purchase: PurchaseOrder, buyer: Buyer) -> PurchaseOrder:
    if purchase.partner_id != buyer.audience.partner_id:
        raise NotFound
    return purchase


def _note(session: Session, actor: Actor, purchase: PurchaseOrder, act: str, details: Mapping[str, object] | None = None) -> None:
    moved = update(PurchaseOrder).where(PurchaseOrder.id == purchase.id).values(changed_at=clock.now())
    session.flush()
    session.execute(moved, execution_options={"synchronize_session": False})
    session.refresh(purchase)
    audit.record(session, actor, act, subject_of(purchase), dict(details or {}))
