"""Forms of the wholesale pages: applying, branches, buyers, samples, saved searches."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField

from kernel.errors import N_
from kernel.money import LARGEST_AMOUNT
from orders.wholesale.buyers import BranchFacts
from orders.wholesale.samples import MOST_UNITS
from storefront.company_forms import CompanyForm
from storefront.fields import (
    CheckField,
    ChoiceField,
    EmailField,
    LongTextField,
    PageForm,
    PhoneField,
    RupiahField,
    TextField,
    WholeField,
)
from storefront.i18n import gettext as _
from storefront.places import PlaceField


class CorrectionForm(CompanyForm):
    """The same company in the words of whoever applies for it."""

    contact_name = TextField(N_("Your name"), maximum=120, autocomplete="name")
    contact_email = EmailField(N_("Your e-mail"), autocomplete="email")
    contact_phone = PhoneField(N_("Your phone or WhatsApp number"), autocomplete="tel")
    message = LongTextField(
        N_("What are you looking for?"), maximum=2_000, required=False, hint=N_("Kinds of products, number of shops, units a month.")
    )


class ApplicationForm(CorrectionForm):
    """A company that applies. `token` makes a form that is sent twice one application."""

    token = HiddenField()
    seller = ChoiceField(N_("From whom do you want to buy?"))


class BranchForm(PageForm):
    """A place where goods are delivered."""

    name = TextField(N_("Name of the place"), maximum=80, hint=N_("Such as “Main warehouse”."))
    address = TextField(N_("Address"), maximum=240)
    area_code = PlaceField(N_("Village, district or city"), level=None)
    contact_name = TextField(N_("Who takes the goods in"), maximum=120, required=False)
    contact_phone = PhoneField(N_("Phone there"), required=False)
    receiving_note = TextField(N_("When and how goods are taken in"), maximum=240, required=False)

    def facts(self) -> BranchFacts:
        """The place, as the verb takes it."""
        return BranchFacts(**self.values())


class LimitsForm(PageForm):
    """What somebody may order alone."""

    is_approver = CheckField(N_("Approver: agrees to larger orders, looks after people and places"))
    order_limit = RupiahField(N_("Most for one order"), minimum=1, maximum=LARGEST_AMOUNT, required=False, hint=N_("Empty: no limit."))
    month_limit = RupiahField(N_("Most in a month"), minimum=1, maximum=LARGEST_AMOUNT, required=False, hint=N_("Empty: no limit."))


class BuyerForm(LimitsForm):
    """Somebody who shall buy for the company."""

    name = TextField(N_("Name"), maximum=120)
    email = EmailField(N_("E-mail"))


class SampleForm(PageForm):
    """Some units to taste or look at."""

    branch = ChoiceField(N_("Send it to"))
    units = WholeField(N_("Units"), minimum=1, maximum=MOST_UNITS, width="short")
    note = TextField(N_("Note"), maximum=500, required=False, hint=N_("For whom, or by when."))


class FeedbackForm(PageForm):
    """What the partner thinks of a sample."""

    rating = ChoiceField(N_("Your verdict"))
    feedback = LongTextField(N_("In words"), maximum=2_000, required=False, hint=N_("The maker reads this too: taste, pack, label, price."))

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.rating.choices = [
            ("5", _("5 – we want to list it")),
            ("4", _("4 – good, with small changes")),
            ("3", _("3 – perhaps later")),
            ("2", _("2 – needs work")),
            ("1", _("1 – not for us")),
        ]


class SearchForm(PageForm):
    """A name for a question."""

    name = TextField(N_("Name of this search"), maximum=80)
