"""Shapes of a partner's quotes, orders and invoices, and of what is sent to ask, order and cancel."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from orders.wholesale.states import PurchaseState, QuoteState
from storefront.api.shapes.ground import Count, Moment, Rupiah, Sent, Shape, Text, Walk, Whole, whole

#: As kernel.ids.make_code makes them.
Code = Annotated[str, Field(pattern=r"^[0-9A-Z]{8}$")]
#: The partner's own number (orders.wholesale.purchasing.parse_number).
Number = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}$")]
Words = Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Amount = Annotated[int, Field(description="Whole rupiah; below zero the seller owes it.")]


class OrderLineSent(Sent):
    """Cases of one offer."""

    offer: Code
    cases: Count


class OrderSent(Sent):
    """An order at today's list prices."""

    branch: Annotated[Code, Field(description="Where the goods go; `/company` lists the places.")]
    number: Annotated[Number, Field(description="Your own order number; the same one never makes a second order.")]
    lines: Annotated[list[OrderLineSent], Field(min_length=1, max_length=100)]
    wanted_on: date | None = None
    note: Words = ""
    expected_total: Annotated[Whole | None, Field(description="Refuse the order (409) unless it costs exactly this.")] = None


class QuoteLineSent(Sent):
    """Cases of one offer, and the price you would like; without one the seller names it."""

    offer: Code
    cases: Count
    unit_price: Annotated[int, Field(ge=1, le=1_000_000_000), BeforeValidator(whole)] | None = None


class QuoteSent(Sent):
    """A question for a price."""

    branch: Code
    lines: Annotated[list[QuoteLineSent], Field(min_length=1, max_length=100)]
    wanted_on: date | None = None
    message: Words = ""


class AcceptSent(Sent):
    """Yes to what the seller offered in the turn you saw."""

    turn: Count
    number: Number
    note: Words = ""


class CancelSent(Sent):
    """Why."""

    reason: Annotated[str, Field(min_length=3, max_length=240, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]


class Branch(Shape):
    """A place where goods are delivered."""

    code: str
    name: str
    address: str
    area: str


class Company(Shape):
    """Who you are to the seller."""

    code: str
    name: str
    legal_name: str
    payment_days: int
    credit_limit: Rupiah
    acts_for: Annotated[str, Field(description="The buyer in whose name this key acts.")]
    branches: list[Branch]


class OrderLine(Shape):
    """Cases of one offer at the price that was agreed."""

    offer: str
    name: Text
    cases: int
    units: int
    unit_price: Rupiah
    total: Rupiah


class Shipment(Shape):
    """The load with which an order left."""

    carrier: str
    cartons: int
    expected_on: str | None
    dispatched_at: Moment


class Order(Shape):
    """An order and how it stands. `waiting`: an approver of your company decides."""

    code: str
    number: str
    state: PurchaseState
    quote: str | None
    branch: str
    lines: list[OrderLine]
    goods: Rupiah
    terms: Annotated[Rupiah, Field(description="What the trading terms take off.")]
    freight: Rupiah
    total: Rupiah
    paid: Rupiah
    outstanding: Amount
    wanted_on: str | None
    promised_on: str | None
    shipment: Shipment | None
    invoice: str | None
    created_at: Moment
    updated_at: Moment


class OrderPage(Walk):
    """Orders in the order of their last change."""

    items: list[Order]


class QuoteLine(Shape):
    """What stands on the table about one offer."""

    offer: str
    cases: int
    units_per_case: int
    unit_price: Rupiah | None


class Quote(Shape):
    """A negotiation. The lines are those of the last turn that named any."""

    code: str
    state: QuoteState
    turn: Annotated[int, Field(description="Send it back when you accept.")]
    branch: str
    lines: list[QuoteLine]
    freight: Rupiah
    payment_days: int
    valid_until: str | None
    order: Annotated[str | None, Field(description="The order it became.")]
    created_at: Moment
    updated_at: Moment


class QuotePage(Walk):
    """Quotes in the order of their last change."""

    items: list[Quote]


class InvoiceLine(Shape):
    """Units of one item that were kept."""

    sku: str
    name: Text
    units: int
    unit_price: Rupiah
    discount: Rupiah


class Invoice(Shape):
    """What is to be paid, and how much of it has been."""

    code: str
    order: str
    number: Annotated[str, Field(description="Your own order number.")]
    issued_on: str
    due_on: str
    lines: list[InvoiceLine]
    goods: Rupiah
    terms: Rupiah
    freight: Rupiah
    total: Rupiah
    paid: Rupiah
    outstanding: Annotated[int, Field(description="Of the order: after payments, returns and credit notes. Below zero the seller owes it.")]
    is_taxable: Annotated[bool, Field(description="PPN is inside the prices.")]


class InvoicePage(Walk):
    """Invoices in the order of their last change; a payment is a change."""

    items: list[Invoice]
