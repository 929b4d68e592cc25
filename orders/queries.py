"""One order as its buyer and the staff see it: ready values for a page, in few statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, joinedload

from catalog.models.product import Product
from catalog.models.stock import Batch, BatchState, Outlet, StockLevel
from kernel import clock
from kernel.errors import NotFound
from kernel.locales import pick
from kernel.people import Actor, Permission
from orders.gateways import CONFIRMED_BY_STAFF, PaymentMethod
from orders.ledger import IS_REFUNDED
from orders.models.order import Channel, Fulfilment, Order, OrderAllocation, OrderLine
from orders.models.payment import Account, LedgerEntry, Payment
from orders.outlet_payments import methods_for
from orders.refund_queries import RefundView, list_of_order
from orders.rounding import round_cash
from orders.shipping_queries import ShippingView, find_shipping
from orders.states import CAN_BE_CONFIRMED, HOLDING, UNDECIDED, OrderState, PaymentState, ReviewReason
from orders.vouchers import find_label


@dataclass(frozen=True, slots=True)
class LineView:
    """One line as it was when the order was placed."""

    line_id: int
    slug: str
    name: str
    maker_name: str
    village_name: str
    unit_price: int
    quantity: int
    line_total: int
    #: Units that were paid back, or are about to be.
    refunded: int = 0


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One attempt to pay."""

    payment_id: int
    attempt: int
    method: PaymentMethod
    state: PaymentState
    review_reason: ReviewReason | None
    amount: int
    reference: str | None
    redirect_url: str | None
    expires_at: datetime
    paid_at: datetime | None
    #: The number by which staff confirmed it, and when its line of the statement was found.
    proof: str | None = None
    matched_at: datetime | None = None

    @property
    def may_be_confirmed(self) -> bool:
        """Whether staff can still say that this money has arrived."""
        return self.method in CONFIRMED_BY_STAFF and self.state in CAN_BE_CONFIRMED


@dataclass(frozen=True, slots=True)
class OutletView:
    """Where the buyer collects. `opening_hours` has seven entries from Monday, each a pair of texts or None."""

    outlet_id: int
    name: str
    operator_name: str
    operator_npwp: str
    address: str
    phone: str
    latitude: float | None
    longitude: float | None
    opening_hours: Sequence[Sequence[str] | None]
    days_off: Sequence[str]
    zone: str
    #: The ways to pay that it takes for this order, and where the local ones go.
    methods: frozenset[PaymentMethod]
    qris_payload: str
    bank_name: str
    bank_account_number: str
    bank_account_name: str

    @classmethod
    def of(cls, outlet: Outlet, methods: frozenset[PaymentMethod] = frozenset()) -> OutletView:
        """The outlet as a page or a paper names it."""
        names = (field.name for field in fields(cls) if field.name not in ("outlet_id", "methods"))
        return cls(outlet_id=outlet.id, methods=methods, **{name: getattr(outlet, name) for name in names})


@dataclass(frozen=True, slots=True)
class OrderView:
    """A whole order. Money figures come from the ledger and the lines, never from the provider's page."""

    order_id: int
    code: str
    token: str
    state: OrderState
    language: str
    contact_name: str
    contact_phone: str
    contact_email: str
    note: str
    placed_at: datetime
    hold_until: datetime | None
    completed_at: datetime | None
    subtotal: int
    total: int
    #: Whether the total contains PPN: the seller was registered for it on that day.
    is_taxable: bool
    #: What has arrived for it, cash rounding included: the receivable that was settled.
    paid: int
    lines: tuple[LineView, ...]
    payments: tuple[PaymentView, ...]
    outlet: OutletView
    refunds: tuple[RefundView, ...] = ()
    #: What has gone back to the buyer. What the shop keeps is `paid - refunded`.
    refunded: int = 0
    channel: Channel = Channel.WEB
    fulfilment: Fulfilment = Fulfilment.PICKUP
    shipping_total: int = 0
    discount_total: int = 0
    #: What the voucher behind the discount is called.
    voucher_label: str = ""
    #: The slot that the buyer chose, and when they travel on.
    pickup_at: datetime | None = None
    departs_at: datetime | None = None
    shipped_at: datetime | None = None
    #: Address and parcels; None when it is collected.
    shipping: ShippingView | None = None

    @property
    def payment(self) -> PaymentView:
        """The latest attempt."""
        return self.payments[-1]

    @property
    def is_paid(self) -> bool:
        """Whether the buyer owes nothing."""
        return self.paid >= self.total

    @property
    def needs_review(self) -> bool:
        """Whether a payment waits for a person."""
        return any(payment.state is PaymentState.REVIEW for payment in self.payments)

    @property
    def cash_due(self) -> int:
        """What the buyer gives in cash at hand-over; 0 when it is paid."""
        return 0 if self.is_paid else round_cash(self.total).cash

    @property
    def cash_rounding(self) -> int:
        """`cash_due` minus the total: shown to the buyer as its own line."""
        return 0 if self.is_paid else round_cash(self.total).rounding

    @property
    def is_waiting_for_money(self) -> bool:
        """Whether the page should look again by itself: the buyer may have paid and we do not know yet."""
        return self.state is OrderState.AWAITING_PAYMENT and self.payment.state in UNDECIDED

    @property
    def shows_code(self) -> bool:
        """Whether the buyer is looking at a QRIS code or an account, and staff are to confirm the money."""
        is_open = self.payment.state is PaymentState.OPEN and self.payment.method in CONFIRMED_BY_STAFF
        return self.state is OrderState.AWAITING_PAYMENT and is_open

    @property
    def pay_url(self) -> str | None:
        """Where the buyer can finish the open attempt, while it can be finished."""
        is_open = self.payment.state is PaymentState.OPEN and self.payment.expires_at > clock.now()
        return self.payment.redirect_url if is_open and self.state is OrderState.AWAITING_PAYMENT else None

    @property
    def can_retry(self) -> bool:
        """Whether a new attempt may be made: nothing open, goods still held (`payments.retry_payment`)."""
        alive = self.hold_until is not None and self.hold_until > clock.now()
        over = self.payment.state in (PaymentState.FAILED, PaymentState.EXPIRED) or (
            self.payment.state is PaymentState.STARTED and self.payment.reference is None
        )
        return self.state is OrderState.AWAITING_PAYMENT and alive and over

    @property
    def is_over(self) -> bool:
        """Whether nothing of it will be handed over any more."""
        return self.state in (OrderState.CANCELLED, OrderState.EXPIRED)

    @property
    def can_cancel(self) -> bool:
        """Whether the buyer may cancel it by themselves."""
        return self.state in HOLDING and not self.is_paid and not self.needs_review


@dataclass(frozen=True, slots=True)
class PickView:
    """Which batch to take for a line, first expired first."""

    line_id: int
    lot_code: str
    best_before_on: date | None
    quantity: int
    #: Anything but open stays in the house, and why (catalog.batch_blocks).
    state: BatchState
    state_reason: str
    product_slug: str

    @property
    def is_stopped(self) -> bool:
        """Whether it must not be handed over."""
        return self.state is not BatchState.OPEN


def get_order_by_token(session: Session, token: str, language: str | None = None) -> OrderView:
    """The order behind a guest's unguessable link, in the page's language; four statements, six once paid. NotFound for a wrong link."""
    return _get(session, Order.token == token, language)


def find_token(session: Session, code: str, phone: str) -> str | None:
    """The link of the order with this code, for whoever knows the phone number (E.164) it was placed with; a counter sale may have none."""
    if not phone:
        return None
    return session.scalar(
        select(Order.token).where(Order.code == code.replace(" ", "").replace("-", "").upper(), Order.contact_phone == phone)
    )


def get_order_for_staff(session: Session, actor: Actor, code: str, language: str | None = None) -> OrderView:
    """An order at an outlet the actor may see; NotFound elsewhere, and for a partner's, unless its money waits for a person."""
    view = _get(session, Order.code == code.strip().upper(), language)
    if view.channel is Channel.WHOLESALE and not view.needs_review:
        raise NotFound
    outlet = session.get_one(Outlet, view.outlet.outlet_id)
    if not actor.can(Permission.VIEW_ORDERS, area_code=outlet.area_code, outlet_id=outlet.id):
        raise NotFound
    return view


def list_picks(session: Session, order_id: int) -> list[PickView]:
    """Which batches the goods of an order are to be taken from, line by line."""
    statement = (
        select(
            OrderAllocation.line_id,
            Batch.lot_code,
            Batch.best_before_on,
            OrderAllocation.quantity,
            Batch.state,
            Batch.state_reason,
            Product.slug,
        )
        .join(OrderLine, OrderLine.id == OrderAllocation.line_id)
        .join(StockLevel, StockLevel.id == OrderAllocation.level_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .join(Product, Product.id == Batch.product_id)
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.position, OrderAllocation.id)
    )
    return [PickView(*row) for row in session.execute(statement)]


def _get(session: Session, condition: ColumnElement[bool], language: str | None) -> OrderView:
    order = session.scalar(select(Order).where(condition).options(joinedload(Order.outlet)).execution_options(populate_existing=True))
    if order is None:
        raise NotFound
    lines = session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.position)).all()
    payments = session.scalars(
        select(Payment).where(Payment.order_id == order.id).order_by(Payment.attempt).execution_options(populate_existing=True)
    )
    came, went = _sum_money(session, order.id)
    spoken = language or order.language
    names = {line.id: pick(spoken, line.name_id, line.name_en) for line in lines}
    is_sent = order.fulfilment is Fulfilment.SHIPPING
    refunds = list_of_order(session, order.id, names) if came else ()
    gone = Counter[int]()
    for refund in refunds:
        gone.update({line.line_id: line.quantity for line in refund.lines if refund.counts})
    return OrderView(
        order_id=order.id,
        code=order.code,
        token=order.token,
        state=order.state,
        language=order.language,
        contact_name=order.contact_name,
        contact_phone=order.contact_phone,
        contact_email=order.contact_email,
        note=order.note,
        placed_at=order.placed_at,
        hold_until=order.hold_until,
        completed_at=order.completed_at,
        subtotal=order.subtotal,
        total=order.total,
        is_taxable=order.is_taxable,
        paid=came,
        lines=tuple(_line(line, names[line.id], gone[line.id]) for line in lines),
        payments=tuple(_payment(payment) for payment in payments),
        outlet=OutletView.of(order.outlet, methods_for(order.outlet, order.fulfilment)),
        refunds=refunds,
        refunded=went,
        channel=order.channel,
        fulfilment=order.fulfilment,
        shipping_total=order.shipping_total,
        discount_total=order.discount_total,
        voucher_label=find_label(session, order.id) if order.discount_total else "",
        pickup_at=order.pickup_at,
        departs_at=order.departs_at,
        shipped_at=order.shipped_at,
        shipping=find_shipping(session, order.id, spoken) if is_sent else None,
    )


def _sum_money(session: Session, order_id: int) -> tuple[int, int]:
    """What has arrived for an order, and what has gone back to its buyer."""
    came = func.sum(case((LedgerEntry.payment_id.is_not(None), -LedgerEntry.amount), else_=0))
    went = func.sum(case((IS_REFUNDED, LedgerEntry.amount), else_=0))
    of_buyer = (LedgerEntry.order_id == order_id, LedgerEntry.account == Account.RECEIVABLE)
    row = session.execute(select(func.coalesce(came, 0), func.coalesce(went, 0)).where(*of_buyer)).one()
    return int(row[0]), int(row[1])


def _line(line: OrderLine, name: str, refunded: int) -> LineView:
    return LineView(
        line_id=line.id,
        slug=line.product_slug,
        name=name,
        maker_name=line.maker_name,
        village_name=line.village_name,
        unit_price=line.unit_price,
        quantity=line.quantity,
        line_total=line.line_total,
        refunded=refunded,
    )


def _payment(payment: Payment) -> PaymentView:
    return PaymentView(
        payment_id=payment.id,
        attempt=payment.attempt,
        method=payment.method,
        state=payment.state,
        review_reason=payment.review_reason,
        amount=payment.amount,
        reference=payment.reference,
        redirect_url=payment.redirect_url,
        expires_at=payment.expires_at,
        paid_at=payment.paid_at,
        proof=payment.proof,
        matched_at=payment.matched_at,
    )
