"""Forms of the office about agreements, statements, payouts and makers' bank accounts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from kernel.errors import N_, InvalidInput
from kernel.money import LARGEST_AMOUNT
from orders.consignment.agreements import LARGEST_FEE, NewTerms
from orders.models.agreement import AgreementTerms, Bearer, Rhythm, TermsModel
from storefront import state_words
from storefront.fields import CheckField, ChoiceField, DayField, FilesField, LongTextField, PageForm, RupiahField, TextField, TypedField
from storefront.fields import WholeField as Whole
from storefront.i18n import gettext as _
from storefront.office.forms import show_share

_RATE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?", re.ASCII)
_AMOUNT = re.compile(r"[0-9]{1,3}(?:\.?[0-9]{3})*", re.ASCII)


class RateField(TypedField):
    """A rate in per cent with up to two decimals, from 0 to 300; `value` is in basis points."""

    def __init__(self, label: str = "", **rest: Any) -> None:
        super().__init__(label, suffix="%", width="short", **rest)

    def parse(self, text: str) -> int:
        found = _RATE.fullmatch(text.strip().removesuffix("%").strip())
        if not found:
            raise InvalidInput(N_("Type a rate such as 15 or 12,5."))
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


class SignedRupiahField(TypedField):
    """An amount that may begin with a minus."""

    kind = "text"

    def __init__(self, label: str = "", **rest: Any) -> None:
        super().__init__(label, prefix="Rp", **rest)

    def parse(self, text: str) -> int:
        plain = text.strip().replace("\N{MINUS SIGN}", "-").replace("Rp", "").replace(" ", "")
        digits = plain.removeprefix("-")
        if not _AMOUNT.fullmatch(digits) or not 0 < int(digits.replace(".", "")) <= LARGEST_AMOUNT:
            raise InvalidInput(N_("Type a whole amount in rupiah; a minus in front takes it off."))
        amount = int(digits.replace(".", ""))
        return -amount if plain.startswith("-") else amount


class TermsForm(PageForm):
    """What is agreed from a day on."""

    starts_on = DayField(N_("Holds from"))
    model = ChoiceField(N_("How the maker is paid"))
    rate_bps = RateField(N_("Rate"), required=False, hint=N_("For commission and mark-up."))
    fee = RupiahField(N_("Shelf fee a month"), maximum=LARGEST_FEE, required=False, hint=N_("For the monthly fee."))
    rhythm = ChoiceField(N_("Settled"))
    rhythm_day = Whole(
        N_("Day"),
        minimum=0,
        maximum=28,
        required=False,
        width="short",
        hint=N_("Day of the month (1 to 28), or of the week (1 is Monday)."),
    )
    loss_borne_by = ChoiceField(N_("Lost goods are paid by"))
    damage_borne_by = ChoiceField(N_("Damaged goods are paid by"))
    expiry_borne_by = ChoiceField(N_("Expired goods are paid by"), hint=N_("By the maker only when the pull-out was announced in time."))
    pull_out_days = Whole(N_("Pulled out before best before"), minimum=0, maximum=365, width="short", suffix=N_("days"))
    note = TextField(N_("Note"), maximum=240, required=False)

    def fill(self) -> None:
        """Put the choices in, in the language of the page."""
        self.model.choices = [(model.value, _(text)) for model, text in state_words.TERMS_MODEL.items()]
        self.rhythm.choices = [(rhythm.value, _(text)) for rhythm, text in state_words.RHYTHM.items()]
        bearers = [(bearer.value, _(text)) for bearer, text in state_words.BEARER.items()]
        for field in (self.loss_borne_by, self.damage_borne_by, self.expiry_borne_by):
            field.choices = bearers
        self.pull_out_days.suffix = _("days")

    def terms(self) -> NewTerms:
        """What was typed; call after validation."""
        return NewTerms(
            starts_on=self.starts_on.value,
            model=TermsModel(self.model.value),
            rate_bps=self.rate_bps.value or 0,
            fee=self.fee.value or 0,
            rhythm=Rhythm(self.rhythm.value),
            rhythm_day=self.rhythm_day.value or 0,
            loss_borne_by=Bearer(self.loss_borne_by.value),
            damage_borne_by=Bearer(self.damage_borne_by.value),
            expiry_borne_by=Bearer(self.expiry_borne_by.value),
            pull_out_days=self.pull_out_days.value,
            note=self.note.value or "",
        )


def terms_data(terms: AgreementTerms | NewTerms, starts_on: date) -> dict[str, Any]:
    """What the form shows before anything was typed."""
    return {
        "starts_on": starts_on.isoformat(),
        "model": terms.model.value,
        "rate_bps": show_share(terms.rate_bps) if terms.rate_bps else "",
        "fee": f"{terms.fee:,}".replace(",", ".") if terms.fee else "",
        "rhythm": terms.rhythm.value,
        "rhythm_day": str(terms.rhythm_day or ""),
        "loss_borne_by": terms.loss_borne_by.value,
        "damage_borne_by": terms.damage_borne_by.value,
        "expiry_borne_by": terms.expiry_borne_by.value,
        "pull_out_days": str(terms.pull_out_days),
    }


class EndForm(PageForm):
    """From when nothing new is received."""

    ends_on = DayField(N_("Nothing new from"))


class CorrectForm(PageForm):
    """An amount that is added to what is owed, and why."""

    amount = SignedRupiahField(N_("Amount"), hint=N_("With a minus it is taken off what the maker gets."))
    reason = LongTextField(N_("Reason"), maximum=240, rows=2, hint=N_("It stands on the next statement."))
    key = TextField(maximum=40)


class MakerPriceForm(PageForm):
    """What the maker wants for a unit from a day on."""

    variant = ChoiceField(N_("Product"))
    amount = RupiahField(N_("Maker's price"), minimum=1)
    starts_on = DayField(N_("Holds from"))


class CloseForm(PageForm):
    """Up to which evening a statement is closed."""

    up_to = DayField(N_("Everything up to"))


class AccountForm(PageForm):
    """A bank account of a maker."""

    bank = TextField(N_("Bank"), maximum=60)
    number = TextField(N_("Account number"), maximum=40)
    holder = TextField(N_("Account holder"), maximum=120)


class DecisionForm(PageForm):
    """Yes or no, and about which record where the page has several."""

    decision = TextField(maximum=20)
    account = Whole(minimum=0, maximum=2**62, required=False)
    reason = TextField(N_("Reason"), maximum=240, required=False)


class PaidForm(PageForm):
    """That a payout has arrived."""

    paid_on = DayField(N_("Paid on"))
    reference = TextField(N_("Bank's reference, or who took the cash"), maximum=60)
    photos = FilesField(N_("Proof"), required=False, hint=N_("A photo of the transfer or the signed receipt."))


class PayoutForm(PageForm):
    """Who is paid how much; `payout_form` adds three fields for each maker."""

    key = TextField(maximum=64)


def payout_form(codes: list[str], shown: dict[str, dict[str, Any]] | None = None) -> PayoutForm:
    """The form of one outlet's payouts, filled with `shown` where nothing was sent."""
    fields: dict[str, Any] = {}
    for code in codes:
        fields[f"pay_{code}"] = CheckField(N_("Pay out"))
        fields[f"amount_{code}"] = RupiahField(N_("Amount"), required=False)
        fields[f"cash_{code}"] = CheckField(N_("In cash"))
    data = {f"{name}_{code}": value for code, values in (shown or {}).items() for name, value in values.items()}
    form: PayoutForm = type("OutletPayoutForm", (PayoutForm,), fields)(data=data)
    return form
