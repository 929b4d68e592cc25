"""Forms of the office about money: confirming what arrived, where it goes, and statements to match."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from kernel.errors import N_
from orders.manual_payments import LONGEST_PROOF
from storefront.fields import CheckField, ChoiceField, LongTextField, PageForm, TextField
from storefront.i18n import gettext as _


class ConfirmForm(PageForm):
    """The number under which the money stands in the merchant app or at the bank."""

    proof = TextField(
        N_("Number of the payment in the app or at the bank"),
        maximum=LONGEST_PROOF,
        hint=N_("Such as RRN or reference number. Each number is good for one payment."),
    )
    amount_seen = CheckField(N_("The amount is exactly this one"))


class RefuseForm(PageForm):
    """Why the money counts as not arrived."""

    reason = LongTextField(N_("Reason"), maximum=240, rows=2, hint=N_("Kept with your name. The buyer can try again."))


class OutletMoneyForm(PageForm):
    """Where an outlet's local money goes."""

    qris_payload = LongTextField(
        N_("Text of the static QRIS code"),
        maximum=512,
        required=False,
        rows=4,
        hint=N_("Scan the outlet's own code with a QR reader and paste the whole text. Empty: QRIS is not offered."),
    )
    bank_name = TextField(N_("Bank"), maximum=60, required=False, hint=N_("Empty, with number and name: transfers are not offered."))
    bank_account_number = TextField(N_("Account number"), maximum=30, required=False)
    bank_account_name = TextField(N_("Account name"), maximum=120, required=False)


class CsvField(FileField):
    """One file; `value` is its name and bytes."""

    kind = "file"
    hint = N_("CSV with its column names, up to 2 MB and 5,000 rows.")
    required = True
    value: tuple[str, bytes] = ("", b"")

    def pre_validate(self, form: Any) -> None:
        if not getattr(self.data, "filename", ""):
            raise ValidationError(_("Please choose a file."))
        self.value = (self.data.filename, self.data.read())
        self.data.close()  # a large upload waits in a temporary file


class StatementForm(PageForm):
    """A list, and whose it is."""

    outlet = ChoiceField(N_("Outlet"))
    method = ChoiceField(N_("What is it?"))
    file = CsvField(N_("File"))
