"""Purchase orders of partners: what was bought by the case, which maker supplies how much, cartons, the way there, and what arrived."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.stock import Outlet
from kernel.base import Base, enum_column
from orders.models.offer import Offer
from orders.models.order import Order
from orders.models.partner import Partner, PartnerBranch
from orders.models.quote import Quote
from orders.wholesale.states import PurchaseState


class PurchaseLine(Base):
    """Cases of one offer at the price that was agreed, with its name of that moment."""

    __tablename__ = "purchase_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase_orders.id"))
    position: Mapped[int]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    name_id: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    cases: Mapped[int]
    units_per_case: Mapped[int]
    unit_price: Mapped[int] = mapped_column(BigInteger)

    offer: Mapped[Offer] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("purchase_id", "offer_id"),
        CheckConstraint("cases > 0 AND units_per_case > 0 AND unit_price > 0", name="line_positive"),
    )

    @property
    def units(self) -> int:
        """All units of the line."""
        return self.cases * self.units_per_case

    @property
    def total(self) -> int:
        """Before trading terms."""
        return self.units * self.unit_price


class PurchaseShare(Base):
    """What one maker's variant supplies of a line: the order line that says so, and how many of its cases had still to be made."""

    __tablename__ = "purchase_shares"

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase_orders.id"), index=True)
    purchase_line_id: Mapped[int] = mapped_column(ForeignKey("purchase_lines.id"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), unique=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("offer_sources.id"), index=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("makers.id"))
    cases: Mapped[int]
    to_make: Mapped[int]
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("purchase_line_id", "variant_id"),
        Index(None, "maker_id", "created_at"),
        CheckConstraint("cases > 0 AND to_make BETWEEN 0 AND cases", name="cases_possible"),
    )


class Carton(Base):
    """One case that was set aside for an order: units of one level, and so of one batch. Its number stands on the note and the box."""

    __tablename__ = "cartons"

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase_orders.id"))
    number: Mapped[int]
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    units: Mapped[int]
    packed_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("purchase_id", "number"), CheckConstraint("units > 0", name="units_positive"))


class Dispatch(Base):
    """The one load with which an order leaves: who drives it, and when it should arrive."""

    __tablename__ = "dispatches"

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase_orders.id"), unique=True)
    carrier: Mapped[str] = mapped_column(String(60))
    vehicle: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(240), default="")
    cartons: Mapped[int]
    expected_on: Mapped[date | None]
    dispatched_at: Mapped[datetime]
    dispatched_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)


class ReceiptLine(Base):
    """Units of one batch as the partner counted them, what it claims, and what the office agreed to."""

    __tablename__ = "receipt_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("goods_receipts.id"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    #: Units on the delivery note.
    delivered: Mapped[int]
    short: Mapped[int] = mapped_column(default=0)
    damaged: Mapped[int] = mapped_column(default=0)
    short_dated: Mapped[int] = mapped_column(default=0)
    remark: Mapped[str] = mapped_column(String(240), default="")
    agreed_short: Mapped[int] = mapped_column(default=0)
    agreed_damaged: Mapped[int] = mapped_column(default=0)
    agreed_short_dated: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("receipt_id", "order_line_id", "level_id"),
        CheckConstraint("delivered > 0 AND short >= 0 AND damaged >= 0 AND short_dated >= 0", name="nothing_negative"),
        CheckConstraint("short + damaged + short_dated <= delivered", name="claims_within_delivered"),
        CheckConstraint("agreed_short BETWEEN 0 AND short", name="agreed_short_within_claim"),
        CheckConstraint("agreed_damaged BETWEEN 0 AND damaged", name="agreed_damaged_within_claim"),
        CheckConstraint("agreed_short_dated BETWEEN 0 AND short_dated", name="agreed_short_dated_within_claim"),
    )

    @property
    def claimed(self) -> int:
        """Units the partner does not want to pay for."""
        return self.short + self.damaged + self.short_dated

    @property
    def rejected(self) -> int:
        """Units of which the office agreed that they are not paid for."""
        return self.agreed_short + self.agreed_damaged + self.agreed_short_dated


class GoodsReceipt(Base):
    """What a partner says has arrived; settled by the office."""

    __tablename__ = "goods_receipts"

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase_orders.id"), unique=True)
    received_on: Mapped[date]
    received_by: Mapped[str] = mapped_column(String(120))
    reported_at: Mapped[datetime]
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    answer: Mapped[str] = mapped_column(String(500), default="")
    #: What the rejected units, and those that never left, take off the order.
    rejected_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    #: The part of it that is delivery: nothing was kept.
    rejected_freight: Mapped[int] = mapped_column(BigInteger, default=0)

    lines: Mapped[list[ReceiptLine]] = relationship(lazy="raise", order_by=ReceiptLine.id)

    __table_args__ = (CheckConstraint("rejected_freight >= 0 AND rejected_amount >= rejected_freight", name="rejected_possible"),)


class PartnerCredit(Base):
    """How much of a partner's credit limit is in use: the sum of what its binding orders hold. Written by orders.wholesale.credit only."""

    __tablename__ = "partner_credits"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), unique=True)
    used: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (CheckConstraint("used >= 0", name="used_not_negative"),)


class PurchaseOrder(Base):
    """An order of a partner under its own number. Money: `owed` − `paid` + `returned` is what is still to be paid."""

    __tablename__ = "purchase_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    #: The partner's own number: the same one never makes a second order.
    partner_number: Mapped[str] = mapped_column(String(40))
    quote_id: Mapped[int | None] = mapped_column(ForeignKey("quotes.id"), unique=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("partner_branches.id"), index=True)
    state: Mapped[PurchaseState] = mapped_column(enum_column(PurchaseState, 12))
    #: What was placed with `orders.checkout.place_order`, once it was divided among makers.
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), unique=True)
    goods: Mapped[int] = mapped_column(BigInteger)
    terms: Mapped[int] = mapped_column(BigInteger)
    freight: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)
    terms_bps: Mapped[int]
    payment_days: Mapped[int]
    #: Without credit nothing leaves before it is paid.
    is_prepaid: Mapped[bool]
    #: The total less what was rejected or credited; what has arrived of it; and what went back to the partner.
    owed: Mapped[int] = mapped_column(BigInteger)
    paid: Mapped[int] = mapped_column(BigInteger, default=0)
    returned: Mapped[int] = mapped_column(BigInteger, default=0)
    #: How much of the partner's credit it holds.
    credit_held: Mapped[int] = mapped_column(BigInteger, default=0)
    wanted_on: Mapped[date | None]
    promised_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(240), default="")
    bought_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    partner: Mapped[Partner] = relationship(lazy="raise")
    branch: Mapped[PartnerBranch] = relationship(lazy="raise")
    outlet: Mapped[Outlet] = relationship(lazy="raise")
    quote: Mapped[Quote | None] = relationship(lazy="raise")
    order: Mapped[Order | None] = relationship(lazy="raise")
    lines: Mapped[list[PurchaseLine]] = relationship(lazy="raise", order_by=PurchaseLine.position)

    __table_args__ = (
        UniqueConstraint("partner_id", "partner_number"),
        Index(None, "partner_id", "created_at"),
        Index(None, "outlet_id", "state", "changed_at"),
        CheckConstraint("total = goods - terms + freight", name="total_exact"),
        CheckConstraint("terms >= 0 AND freight >= 0 AND total > 0", name="parts_not_negative"),
        CheckConstraint("owed >= 0 AND owed <= total", name="owed_within_total"),
        CheckConstraint("paid >= 0 AND returned >= 0 AND returned <= paid AND credit_held >= 0", name="money_not_negative"),
        CheckConstraint("terms_bps BETWEEN 0 AND 1500", name="terms_within_cap"),
    )

    @property
    def outstanding(self) -> int:
        """What the partner still has to pay; below zero we owe it money."""
        return self.owed - self.paid + self.returned
