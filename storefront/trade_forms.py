"""Forms about quotes and partners' orders that both sides use: rows of cases and prices, claims, and a percentage with decimals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from wtforms import HiddenField

from kernel.errors import N_, InvalidInput
from kernel.money import LARGEST_AMOUNT
from orders.wholesale import receiving
from orders.wholesale.partners import LONGEST_TERM_DAYS
from orders.wholesale.price_lists import MOST_CASES
from orders.wholesale.purchase_views import BatchView
from orders.wholesale.quote_views import LineView
from orders.wholesale.quotes import LONGEST_MESSAGE, OfferTerms, Priced
from orders.wholesale.receiving import Claim, Place
from storefront.fields import CheckField, DayField, LongTextField, PageForm, RupiahField, TextField, TypedField, WholeField
from storefront.security import current_actor

_PERCENT = re.compile(r"([0-9]{1,2})(?:[.,]([0-9]{1,2}))? ?%?", re.ASCII)
#: Kinds of claims, in the order in which they stand in a form.
CLAIMS = ("short", "damaged", "short_dated")


class PercentField(TypedField):
    """A percentage with at most two decimals; `value` is in basis points."""

    def __init__(self, label: str = "", *, maximum_bps: int, **rest: Any) -> None:
        super().__init__(label, suffix="%", width="short", **rest)
        self.maximum_bps = maximum_bps

    def parse(self, text: str) -> int:
        """`7,5` is 750."""
        found = _PERCENT.fullmatch(text.strip())
        bps = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else -1
        if not 0 <= bps <= self.maximum_bps:
            raise InvalidInput(N_("Type a percentage from 0 to %(maximum)s."), field=self.name, maximum=self.maximum_bps // 100)
        return bps

    def parse_nothing(self) -> int:
        return 0


def percent_text(bps: int) -> str:
    """750 as it is typed: `7,5`."""
    whole, rest = divmod(bps, 100)
    return f"{whole},{rest:02d}".rstrip("0").rstrip(",") if rest else str(whole)


class LinesForm(PageForm):
    """Rows of a quote; `seen` is the turn that the page showed."""

    seen = HiddenField()
    message = LongTextField(N_("Message"), maximum=LONGEST_MESSAGE, rows=3, required=False)


class OfferForm(LinesForm):
    """What the office offers."""

    freight = RupiahField(N_("Freight"), required=False, hint=N_("For the whole order; empty when it is free."))
    terms = PercentField(
        N_("Trading terms"),
        maximum_bps=1_500,
        required=False,
        hint=N_("Taken off the goods, at most 15% in all (Permendag 23/2021)."),
    )
    payment_days = WholeField(N_("Days to pay after the invoice"), minimum=0, maximum=LONGEST_TERM_DAYS, width="short")
    valid_until_on = DayField(N_("Last day of the offer"))

    def offer_terms(self) -> OfferTerms:
        """What was typed, as the verb takes it."""
        return OfferTerms(
            valid_until_on=self.valid_until_on.value,
            freight=self.freight.value or 0,
            terms_bps=self.terms.value or 0,
            payment_days=self.payment_days.value,
        )


def with_rows(kind: type[LinesForm], lines: Iterable[LineView], data: dict[str, Any]) -> Any:
    """A form of this kind with a row of cases and price for each line."""
    fields: dict[str, Any] = {}
    for line in lines:
        fields[f"cases_{line.offer_id}"] = WholeField(N_("Cases"), minimum=1, maximum=MOST_CASES, width="short")
        fields[f"price_{line.offer_id}"] = RupiahField(N_("Price of one unit"), minimum=1, maximum=LARGEST_AMOUNT, width="short")
        data.setdefault(f"cases_{line.offer_id}", line.cases)
        data.setdefault(f"price_{line.offer_id}", line.unit_price or "")
    return type(f"{kind.__name__}WithRows", (kind,), fields)(data=data)


def priced_rows(form: Any, lines: Iterable[LineView]) -> dict[int, Priced]:
    """The rows as the verbs take them."""
    return {line.offer_id: Priced(form[f"cases_{line.offer_id}"].value, form[f"price_{line.offer_id}"].value) for line in lines}


def seen_turn(form: Any) -> int:
    """The turn that the page showed; 0, which never fits, for anything else."""
    text = str(form.seen.data or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


class AcceptForm(PageForm):
    """The partner's own number for the order that a quote becomes."""

    seen = HiddenField()
    key = HiddenField()
    partner_number = TextField(N_("Your order number (PO)"), maximum=40)
    note = TextField(N_("Note for the delivery"), maximum=500, required=False)


class EndForm(PageForm):
    """Why a quote ends."""

    seen = HiddenField()
    message = TextField(N_("Reason"), maximum=240, required=False)


class ReasonForm(PageForm):
    """Why something is called off or refused."""

    reason = TextField(N_("Reason"), maximum=240)


class ReceiptForm(PageForm):
    """What arrived; `receipt_form` adds the rows of its batches."""

    received_by = TextField(N_("Who counted"), maximum=120)
    received_on = DayField(N_("Day of receipt"))


class SettleForm(PageForm):
    """What the office agrees to; `settle_form` adds the rows."""

    answer = TextField(N_("Answer to the partner"), maximum=500, required=False, hint=N_("Needed when you do not agree to everything."))


def receipt_form(batches: Iterable[BatchView], today: date) -> Any:
    """A form with short, damaged and short-dated units of each batch."""
    fields: dict[str, Any] = {}
    for batch in batches:
        for name, label in zip(CLAIMS, (N_("Missing"), N_("Damaged"), N_("Too short-dated")), strict=True):
            fields[f"{name}_{batch.place}"] = WholeField(label, minimum=0, maximum=batch.units, required=False, width="short")
        fields[f"remark_{batch.place}"] = TextField(N_("Remark"), maximum=240, required=False)
    return type("ReceiptFormWithRows", (ReceiptForm,), fields)(data={"received_on": today.isoformat()})


def report_receipt(session: Session, *, purchase_id: int, batches: Iterable[BatchView], form: Any) -> None:
    """What arrived, as the partner or the office for it wrote it down."""
    receiving.report_receipt(
        session,
        current_actor(),
        purchase_id,
        claims_of(form, batches),
        received_by=form.received_by.value,
        received_on=form.received_on.value,
    )


def settle_form(batches: Iterable[BatchView]) -> Any:
    """A form with what was claimed of each batch, to be agreed to."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {}
    for batch in batches:
        if batch.receipt is not None and batch.receipt.claimed:
            for name, label in zip(CLAIMS, (N_("Missing"), N_("Damaged"), N_("Too short-dated")), strict=True):
                claimed = getattr(batch.receipt, name)
                if claimed:
                    fields[f"{name}_{batch.place}"] = WholeField(label, minimum=0, maximum=claimed, required=False, width="short")
                    data[f"{name}_{batch.place}"] = claimed
    return type("SettleFormWithRows", (SettleForm,), fields)(data=data)


def claims_of(form: Any, batches: Iterable[BatchView]) -> dict[Place, Claim]:
    """The rows of either form as the verbs take them; batches without a claim are left out."""
    found = {}
    for batch in batches:
        units = {name: form[field].value or 0 for name in CLAIMS if (field := f"{name}_{batch.place}") in form}
        remark = form[field].value if (field := f"remark_{batch.place}") in form else ""
        claim = Claim(**units, remark=remark)
        if claim.units:
            found[(batch.order_line_id, batch.level_id)] = claim
    return found


class DispatchForm(PageForm):
    """How an order leaves."""

    carrier = TextField(N_("Carrier"), maximum=60, hint=N_("A company, or the name of the driver."))
    vehicle = TextField(N_("Number plate"), maximum=40, required=False)
    expected_on = DayField(N_("Expected at the partner"), required=False)
    note = TextField(N_("Note on the dispatch note"), maximum=240, required=False)
    leave_missing = CheckField(N_("It leaves without the cartons that are missing"))


class DivideForm(PageForm):
    """The day on which the order shall leave."""

    promised_on = DayField(N_("Leaves on"))


class TransferForm(PageForm):
    """Money that was seen in the account."""

    amount = RupiahField(N_("Amount"), minimum=1)
    proof = TextField(N_("Number of the payment at the bank"), maximum=60)


class ProofForm(PageForm):
    """Money that was sent back."""

    proof = TextField(N_("Number of the payment at the bank"), maximum=60)


class AllowanceForm(PageForm):
    """Money off an invoice."""

    key = HiddenField()
    amount = RupiahField(N_("Amount"), minimum=1, required=False, hint=N_("Only for money off without goods."))
    reason = TextField(N_("Reason"), maximum=240)
    is_fit = CheckField(N_("The goods are back and can be sold again"))


def credit_form(places: Iterable[tuple[str, int]], key: str) -> Any:
    """A form with the units of each batch that can be credited: (place, most units)."""
    fields = {
        f"units_{place}": WholeField(N_("Units credited"), minimum=0, maximum=most, required=False, width="short") for place, most in places
    }
    return type("CreditFormWithRows", (AllowanceForm,), fields)(data={"key": key})
