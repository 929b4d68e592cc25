"""Forms about partners, offers and readiness in the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from catalog.areas import is_area_code
from catalog.models.certificate import CertificateKind
from catalog.models.readiness import RequirementKind
from catalog.readiness.checking import AMOUNTS, Need
from kernel.errors import N_, InvalidInput
from kernel.money import LARGEST_AMOUNT
from kernel.parsing import parse_rupiah, parse_whole_number
from orders.models.offer import ReturnPolicy
from orders.models.partner import PaperKind
from orders.wholesale.capacity import MOST_UNITS
from orders.wholesale.offers import HEAVIEST_CASE_G, LONGEST_LEAD_DAYS, LONGEST_LIFE_DAYS, LONGEST_SIDE_MM, MOST_UNITS_IN_CASE, OfferFacts
from orders.wholesale.partners import LONGEST_TERM_DAYS, PartnerTerms
from orders.wholesale.price_lists import MOST_CASES
from orders.wholesale.tiers import Tier
from storefront.fields import (
    CheckField,
    ChoiceField,
    ChoicesField,
    DayField,
    EmailField,
    FilesField,
    LongTextField,
    PageForm,
    RupiahField,
    TextField,
    WholeField,
)
from storefront.i18n import gettext as _
from storefront.private_files import ACCEPT
from storefront.wholesale_words import PAPER, RETURNS
from storefront.words import word


class NoteForm(PageForm):
    """A decision with its reason."""

    note = LongTextField(N_("Reason, which the company reads"), maximum=2_000, required=False, rows=3)


class PartnerTermsForm(PageForm):
    """What was agreed with a partner."""

    group = ChoiceField(N_("Group: which offers and prices they see"))
    profile = ChoiceField(N_("Asks for what a … asks for"), required=False)
    credit_limit = RupiahField(N_("Most it may owe"), maximum=LARGEST_AMOUNT, hint=N_("0: payment before delivery."))
    payment_days = WholeField(N_("Days from invoice to due date"), minimum=0, maximum=LONGEST_TERM_DAYS, width="short")
    trading_terms = WholeField(
        N_("Trading terms in percent"), minimum=0, maximum=15, width="short", suffix="%", hint=N_("At most 15% (Permendag 23/2021).")
    )

    def terms(self) -> PartnerTerms:
        """As the verb takes them."""
        return PartnerTerms(
            group_code=self.group.value,
            profile_key=self.profile.value or "",
            credit_limit=self.credit_limit.value,
            payment_days=self.payment_days.value,
            trading_terms_bps=self.trading_terms.value * 100,
        )


class PaperForm(PageForm):
    """A paper of a company that was compared with the original."""

    kind = ChoiceField(N_("Which paper"))
    number = TextField(N_("Number"), maximum=60)
    valid_until_on = DayField(N_("Last day"), required=False)
    scan = FilesField(N_("Scan or photo of the paper"), accept=ACCEPT, required=False)

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.kind.choices = [(kind.value, _(label)) for kind, label in PAPER.items()]

    def chosen(self) -> PaperKind:
        """The kind of paper."""
        return PaperKind(self.kind.value)


class PaperDayForm(PageForm):
    """Until when a paper counts that was handed in and is compared now."""

    last_day = DayField(N_("Last day"), required=False)


class PartnerBuyerForm(PageForm):
    """The first person who buys; the partner adds the others."""

    name = TextField(N_("Name"), maximum=120)
    email = EmailField(N_("E-mail"))


class GroupForm(PageForm):
    """What a group is called and sees."""

    outlet = ChoiceField(N_("Outlet"))
    name = TextField(N_("Name"), maximum=80)
    sees_everything = CheckField(N_("Sees every open offer"))
    offers = ChoicesField(N_("Otherwise only these"))


class SellerForm(PageForm):
    """What holds for every wholesale order with the outlet."""

    first_order_minimum = RupiahField(N_("First order from"), maximum=LARGEST_AMOUNT)
    reorder_minimum = RupiahField(N_("Further orders from"), maximum=LARGEST_AMOUNT)
    payment_days = WholeField(N_("Days from invoice to due date"), minimum=0, maximum=LONGEST_TERM_DAYS, width="short")
    note_id = TextField(N_("A sentence for partners, in Indonesian"), maximum=240, required=False)
    note_en = TextField(N_("The same in English"), maximum=240, required=False)


#: Fields that mean for an offer what they are called.
_PLAIN = tuple({field.name for field in fields(OfferFacts)} - {"case_gtin", "return_policy", "delivery_prefixes"})


class OfferForm(PageForm):
    """The case, what is promised, and what a shop may ask."""

    units_per_case = WholeField(N_("Units in a case"), minimum=1, maximum=MOST_UNITS_IN_CASE, width="short")
    minimum_cases = WholeField(N_("Minimum in cases"), minimum=1, maximum=MOST_CASES, width="short")
    mix = ChoiceField(N_("Counts together with"), required=False)
    lead_days = WholeField(N_("Lead time (days)"), minimum=0, maximum=LONGEST_LEAD_DAYS, width="short")
    suggested_price = RupiahField(N_("Suggested retail price"), minimum=1, maximum=LARGEST_AMOUNT, required=False)
    shelf_life_days = WholeField(
        N_("Shelf life (days)"), minimum=1, maximum=LONGEST_LIFE_DAYS, required=False, width="short", hint=N_("Empty: does not spoil.")
    )
    remaining_days = WholeField(N_("Left on receipt (days)"), minimum=0, maximum=LONGEST_LIFE_DAYS, required=False, width="short")
    return_policy = ChoiceField(N_("Returns"))
    delivery = TextField(
        N_("Delivered to area codes"), maximum=200, required=False, hint=N_("Such as 16, 18.71 with commas; empty: all of Indonesia.")
    )
    insured_until_on = DayField(N_("Product insurance until"), required=False)
    case_length_mm = WholeField(N_("Case length (mm)"), minimum=1, maximum=LONGEST_SIDE_MM, required=False, width="short")
    case_width_mm = WholeField(N_("Case width (mm)"), minimum=1, maximum=LONGEST_SIDE_MM, required=False, width="short")
    case_height_mm = WholeField(N_("Case height (mm)"), minimum=1, maximum=LONGEST_SIDE_MM, required=False, width="short")
    case_weight_g = WholeField(N_("Case weight (g)"), minimum=1, maximum=HEAVIEST_CASE_G, required=False, width="short")
    cases_per_layer = WholeField(N_("Cases in a layer"), minimum=1, maximum=1_000, required=False, width="short")
    layers_per_pallet = WholeField(N_("Layers on a pallet"), minimum=1, maximum=100, required=False, width="short")
    case_gtin = TextField(
        N_("GTIN of the case"), maximum=20, required=False, hint=N_("14 digits; only when the unit has a number issued by GS1.")
    )

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.return_policy.choices = [(policy.value, _(label)) for policy, label in RETURNS.items()]

    def facts(self) -> OfferFacts:
        """As the verb takes them; InvalidInput for an area code that is none."""
        values = self.values(*_PLAIN)
        codes = [code.strip() for code in (self.delivery.value or "").split(",") if code.strip()]
        if not all(is_area_code(code) for code in codes):
            raise InvalidInput(N_("Type official area codes with commas between them, such as 16, 18.71."), field="delivery")
        policy = ReturnPolicy(self.return_policy.value)
        return OfferFacts(**values, case_gtin=self.case_gtin.value or None, return_policy=policy, delivery_prefixes=tuple(codes))


class NewOfferForm(OfferForm):
    """The same for a variant that is not offered yet."""

    outlet = ChoiceField(N_("Outlet"))
    monthly_quantity = WholeField(N_("Units its maker can make in a month"), minimum=0, maximum=MOST_UNITS, width="short")


class PriceForm(PageForm):
    """A price list as lines: `2 = 18.000` is Rp18.000 for a unit from two cases on."""

    group = ChoiceField(N_("For"), required=False)
    starts_on = DayField(N_("First day"))
    ends_on = DayField(N_("Last day"), required=False)
    tiers = LongTextField(
        N_("Steps"),
        maximum=400,
        required=False,
        rows=4,
        hint=N_("One line for each step: number of cases = price for one unit, such as 2 = 18.000. Empty: the list ends."),
    )

    def steps(self) -> list[Tier]:
        """What was typed; InvalidInput naming the line that cannot be read."""
        found = []
        for number, line in enumerate((self.tiers.value or "").splitlines(), 1):
            if not line.strip():
                continue
            cases, mark, price = line.partition("=")
            try:
                if not mark:
                    raise InvalidInput
                found.append(Tier(parse_whole_number(cases, 1, MOST_CASES, "tiers"), parse_rupiah(price, field="tiers", minimum=1)))
            except InvalidInput:
                raise InvalidInput(N_("Line %(number)s cannot be read. Write it like 2 = 18.000."), field="tiers", number=number) from None
        return found


class CapacityForm(PageForm):
    """What a maker can make in a usual month, or in one that is different."""

    quantity = WholeField(N_("Units"), minimum=0, maximum=MOST_UNITS, width="short")
    month = ChoiceField(N_("Month"), required=False)


class SourceForm(PageForm):
    """Another maker of the same product."""

    variant = TextField(N_("Item code of the other maker's pack"), maximum=12)
    quantity = WholeField(N_("Units it can make in a month"), minimum=0, maximum=MOST_UNITS, width="short")


class SampleSendForm(PageForm):
    """A sample goes out."""

    carrier = TextField(N_("Sent with"), maximum=60, required=False, hint=N_("Courier, or who takes it along."))
    tracking_number = TextField(N_("Tracking number"), maximum=60, required=False)
    answer = TextField(N_("A word to the buyer"), maximum=500, required=False)


class ProfileForm(PageForm):
    """What a kind of retailer asks for: a tick for each need, a figure where it counts, and papers of which one is enough."""

    name_id = TextField(N_("Name in Indonesian"), maximum=80)
    name_en = TextField(N_("Name in English"), maximum=80)
    kinds = ChoicesField(N_("Asked for"))
    papers = ChoicesField(N_("Papers of which one is enough"))
    note = TextField(N_("What changed, and why"), maximum=240, required=False)
    amount_shelf_life = WholeField(N_("Shelf life: days"), minimum=1, maximum=LONGEST_LIFE_DAYS, required=False, width="short")
    amount_remaining_life = WholeField(N_("Left on receipt: days"), minimum=1, maximum=LONGEST_LIFE_DAYS, required=False, width="short")
    amount_lead_time = WholeField(N_("Lead time: days"), minimum=1, maximum=LONGEST_LEAD_DAYS, required=False, width="short")
    amount_capacity = WholeField(N_("Capacity: units a month"), minimum=1, maximum=1_000_000, required=False, width="short")
    amount_photos = WholeField(N_("Pictures: how many"), minimum=1, maximum=20, required=False, width="short")
    amount_margin = WholeField(N_("Margin: percent"), minimum=0, maximum=90, required=False, width="short")

    def __init__(self, kind_words: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(**named)
        self.kinds.choices = list(kind_words)
        self.papers.choices = [(kind.value, word(kind, short=True)) for kind in CertificateKind]

    def needs(self) -> list[Need]:
        """What was ticked; InvalidInput when a figure is missing."""
        found = []
        for kind in RequirementKind:
            if kind.value not in self.kinds.value:
                continue
            amount = 0
            if kind in AMOUNTS:
                amount = self[f"amount_{kind.value}"].value
                if amount is None:
                    raise InvalidInput(N_("Please fill this in."), field=f"amount_{kind.value}")
                amount *= 100 if kind is RequirementKind.MARGIN else 1
            papers = tuple(CertificateKind(value) for value in self.papers.value) if kind is RequirementKind.PAPER else ()
            found.append(Need(kind, amount, papers))
        return found
