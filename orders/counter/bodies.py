"""What a till writes into its journal, entry by entry: the one description that tills, server and tests share (docs/tills.md).

Every amount is whole rupiah. An entry that does not fit its body here is refused and set aside; one that fits has happened.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from kernel.money import LARGEST_AMOUNT
from orders.pricing import LARGEST_LINE_QUANTITY
from orders.qris import LARGEST_PAYMENT

#: A receipt may hold more than an order on the web.
MOST_SALE_LINES = 200

Amount = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT)]
Price = Annotated[int, Field(ge=1, le=LARGEST_AMOUNT)]
Quantity = Annotated[int, Field(ge=1, le=LARGEST_LINE_QUANTITY)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Reason = Annotated[str, Field(max_length=240)]
GivenReason = Annotated[str, Field(min_length=3, max_length=240)]
Lot = Annotated[str, Field(max_length=20)] | None
Language = Literal["id", "en"]
Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
#: Guest token of the receipt's page, as kernel.ids.make_token makes it: 24 random bytes in base64url, 32 signs.
Token = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{32}$")]
#: `<outlet>-<till number, and B, C … for its second, third … device>-<business date>-<running number>`
Receipt = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,8}-[0-9]{1,2}[A-Z]{0,2}-[0-9]{8}-[0-9]{4,6}$")]
TenderMethod = Literal["cash", "qris", "card", "transfer"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Supervision(_Part):
    """Whose PIN allowed what a cashier's does not, and why."""

    code: Code
    reason: Reason


class SaleLine(_Part):
    """One line of a receipt. What was paid for it is unit_price x quantity - discount."""

    variant: Code
    #: As scanned; None: the batch that expires first.
    lot: Lot = None
    quantity: Quantity
    unit_price: Price
    #: What the till's catalogue said; differs after a price was changed by hand.
    list_price: Price
    #: This line's share of the receipt's discounts, a voucher's included (orders.discounts.shares_of).
    discount: Amount = 0


class _Tender(_Part):
    """One way in which a part of the total was paid. The amounts of all tenders sum to the total."""

    amount: Price


class CashTender(_Tender):
    """Cash: `cash` is the amount rounded to coins (orders.rounding), and equals `given` less `change`."""

    method: Literal["cash"]
    cash: Amount
    given: Amount
    change: Amount


class QrisTender(_Tender):
    """QRIS: the cashier saw it in the merchant's app or on the buyer's phone."""

    method: Literal["qris"]
    amount: Annotated[int, Field(ge=1, le=LARGEST_PAYMENT)]
    #: The number in the merchant's app, if it was typed.
    reference: Annotated[str, Field(max_length=60)] = ""


class OtherTender(_Tender):
    """A bank's terminal, or a transfer, with the number on its slip."""

    method: Literal["card", "transfer"]
    reference: Annotated[str, Field(min_length=1, max_length=60)]


Tender = Annotated[CashTender | QrisTender | OtherTender, Field(discriminator="method")]


class _Entry(_Part):
    """What every entry says first."""

    version: Literal[1]
    #: The device's clock, and by how many milliseconds it knew itself to be ahead of the server (None: never met it).
    at: Annotated[AwareDatetime, Field(strict=False)]
    ahead_ms: int | None
    shift: Uuid
    #: Code of the person at the till.
    cashier: Code

    def moment(self) -> datetime:
        """When it happened by the device's own clock."""
        return self.at


class ShiftOpened(_Entry):
    """A drawer with its float begins to sell."""

    kind: Literal["shift_opened"]
    number: Annotated[int, Field(ge=1)]
    business_date: Annotated[date, Field(strict=False)]
    opening_float: Amount


class Sale(_Entry):
    """A paid receipt. Subtotal = sum of unit_price x quantity; total = subtotal - discount - voucher_discount."""

    kind: Literal["sale"]
    receipt: Receipt
    running: Annotated[int, Field(ge=1)]
    token: Token
    language: Language
    lines: Annotated[list[SaleLine], Field(min_length=1, max_length=MOST_SALE_LINES)]
    subtotal: Amount
    discount: Amount = 0
    voucher: Annotated[str, Field(max_length=40)] = ""
    voucher_discount: Amount = 0
    total: Price
    tenders: Annotated[list[Tender], Field(min_length=1, max_length=6)]
    #: Why there is a discount or another price.
    reason: Reason = ""
    note: Reason = ""
    supervision: Supervision | None = None


class ReturnLine(_Part):
    """Units of a receipt's line that came back."""

    variant: Code
    lot: Lot = None
    quantity: Quantity
    #: What was paid for them.
    amount: Amount
    #: Fit to be sold again; otherwise written off.
    is_fit: bool


class Return(_Entry):
    """Goods of an earlier receipt come back; cash leaves the drawer, or the office transfers it later."""

    kind: Literal["return"]
    receipt: Receipt
    running: Annotated[int, Field(ge=1)]
    #: The receipt number that was printed on the sale.
    original: Receipt
    lines: Annotated[list[ReturnLine], Field(min_length=1, max_length=MOST_SALE_LINES)]
    amount: Price
    way: Literal["cash", "transfer"]
    #: What left the drawer: the amount rounded to coins; 0 for a transfer.
    cash: Amount
    reason: GivenReason
    language: Language
    supervision: Supervision | None = None


class CashMoved(_Entry):
    """Cash into or out of the drawer, beside sales."""

    kind: Literal["cash_moved"]
    direction: Literal["in", "out"]
    amount: Price
    reason: GivenReason
    supervision: Supervision | None = None


class DrawerOpened(_Entry):
    """The drawer was opened without a sale."""

    kind: Literal["drawer_opened"]
    reason: GivenReason
    supervision: Supervision | None = None


class CartCancelled(_Entry):
    """Scanned goods were not bought after all: a line taken out, or the whole cart."""

    kind: Literal["cart_cancelled"]
    lines: Annotated[list[SaleLine], Field(min_length=1, max_length=MOST_SALE_LINES)]
    total: Amount
    #: A payment had been begun: this needs a supervisor.
    after_payment: bool
    reason: Reason = ""
    supervision: Supervision | None = None


class HandedOver(_Entry):
    """Another person sells from now on; `cashier` is who gives the till away."""

    kind: Literal["handed_over"]
    to: Code
    #: Cash in the drawer, where they counted it together.
    counted: Amount | None = None


class ShiftClosed(_Entry):
    """The blind count at the end. `counted` holds whole rupiah by tender method; `denominations` pairs of value and number."""

    kind: Literal["shift_closed"]
    counted: dict[TenderMethod, Amount]
    denominations: Annotated[list[Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=2, max_length=2)]], Field(max_length=20)]
    note: Reason = ""


Body = Annotated[
    ShiftOpened | Sale | Return | CashMoved | DrawerOpened | CartCancelled | HandedOver | ShiftClosed,
    Field(discriminator="kind"),
]
_body: TypeAdapter[Body] = TypeAdapter(Body)


def read_body(text: str) -> Body:
    """The body of an entry; pydantic's ValidationError when it is none."""
    return _body.validate_json(text)
