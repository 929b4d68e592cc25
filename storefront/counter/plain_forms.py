"""Forms of the page that needs no JavaScript: a sale, a line of a paper sheet, and the float of a shift."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time

from flask import request
from sqlalchemy.orm import Session
from wtforms import HiddenField

from kernel.errors import N_, DomainError, InvalidInput
from kernel.ids import make_token
from kernel.parsing import parse_rupiah, parse_whole_number
from orders.counter.paper import PaperLine, PaperSale
from orders.counter.plain import typed_line
from orders.pricing import LARGEST_LINE_QUANTITY
from storefront.fields import ChoiceField, DayField, PageForm, RupiahField, TextField, TypedField
from storefront.i18n import gettext as _

#: Lines of one sale on the page.
ROWS = 10
#: A label's symbol is an address.
LONGEST_CODE = 300
_CLOCK = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")


class ClockField(TypedField):
    """A time of day: 14.30 or 14:30."""

    def parse(self, text: str) -> time:
        found = _CLOCK.fullmatch(text.strip())
        if found is None:
            raise InvalidInput(N_("Please give the time like 14.30."))
        return time(int(found[1]), int(found[2]))


class SheetField(TextField):
    """The number printed beside a line of the paper sheet: P-0001."""

    def parse(self, text: str) -> str:
        found = re.fullmatch(r"P?-?\s*(\d{1,4})", text.strip().upper())
        if found is None:
            raise InvalidInput(N_("Please give the number on the sheet, like P-0007."))
        return f"P-{int(found[1]):04}"


class FloatForm(PageForm):
    """Beginning to sell."""

    opening_float = RupiahField(N_("Cash in the drawer now"), hint=N_("Count it before the first sale."))


class SaleForm(PageForm):
    """What was sold, how it was paid, and what stands on the paper sheet when there is one."""

    key = HiddenField(default=make_token)
    method = ChoiceField(N_("Paid with"))
    given = RupiahField(N_("Cash received"), required=False, hint=N_("Empty: exactly what is due."))
    reference = TextField(N_("Number on the slip"), maximum=60, required=False, hint=N_("For card and transfer; for QRIS if there is one."))
    discount = RupiahField(N_("Discount"), required=False)
    reason = TextField(N_("Why there is a discount"), maximum=200, required=False)
    language = ChoiceField(N_("Language of the receipt"))
    sheet = SheetField(N_("Number on the sheet"), maximum=8, required=False, hint=N_("P-0001 and so on. Each number is typed once."))
    sold_on = DayField(N_("Day of the sale"), required=False)
    sold_time = ClockField(N_("Time of the sale"), required=False, hint=N_("Like 14.30"))

    def fill(self) -> None:
        """The choices, in the page's language."""
        self.method.choices = [("cash", _("Cash")), ("qris", "QRIS"), ("card", _("Card terminal")), ("transfer", _("Bank transfer"))]
        self.language.choices = [("id", "Bahasa Indonesia"), ("en", "English")]

    def sale(self, lines: list[PaperLine]) -> PaperSale:
        """What the domain is asked to record."""
        return PaperSale(
            key=self.key.data or "",
            lines=lines,
            method=self.method.value,
            reference=self.reference.value,
            given=self.given.value if self.method.value == "cash" else None,
            discount=self.discount.value or 0,
            reason=self.reason.value,
            language=self.language.value,
            sold_on=self.sold_on.value,
            sold_time=self.sold_time.value,
        )


#: A label's symbol is an address.
LONGEST_CODE = 300


@dataclass
class LineRow:
    """One line of goods as it was typed."""

    number: int
    code: str = ""
    quantity: str = ""
    price: str = ""
    errors: list[str] = field(default_factory=list)

    def is_empty(self) -> bool:
        return not (self.code.strip() or self.price.strip())


def typed_rows() -> list[LineRow]:
    """The lines of the request's form, or empty ones."""
    form = request.form
    return [
        LineRow(
            number,
            form.get(f"code-{number}", "")[:LONGEST_CODE],
            form.get(f"quantity-{number}", "")[:6],
            form.get(f"price-{number}", "")[:16],
        )
        for number in range(1, ROWS + 1)
    ]


def read_lines(session: Session, rows: list[LineRow]) -> list[PaperLine] | None:
    """What the rows mean; None when one is refused, with the reason in it."""
    lines = []
    for row in rows:
        if row.is_empty():
            continue
        try:
            quantity = parse_whole_number(row.quantity or "1", 1, LARGEST_LINE_QUANTITY, "quantity")
            price = parse_rupiah(row.price, field="price", minimum=1) if row.price.strip() else None
            lines.append(typed_line(session, row.code, quantity, price, "code"))
        except DomainError as refusal:
            row.errors.append(_(refusal.message, **refusal.params))
    return None if any(row.errors for row in rows) else lines
