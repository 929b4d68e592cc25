"""Forms about a company that partners and the office both fill in: what it says about itself, and a paper with its scan."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from kernel.errors import N_
from orders.models.partner import PaperKind, Partner, PartnerKind
from orders.wholesale.company_facts import PartnerFacts
from orders.wholesale.company_numbers import parse_nib, parse_npwp
from storefront.fields import CheckField, ChoiceField, EmailField, FilesField, PageForm, PhoneField, TextField
from storefront.i18n import gettext as _
from storefront.places import PlaceField, place_text
from storefront.private_files import ACCEPT
from storefront.wholesale_words import PAPER, PARTNER_KIND

#: The private folder of partners' papers.
ROOM = "partners"
FACTS = tuple(field.name for field in fields(PartnerFacts))


class NpwpField(TextField):
    """A taxpayer number; `value` is its digits."""

    def parse(self, text: str) -> str:
        return parse_npwp(text)


class NibField(TextField):
    """A business number; `value` is its digits."""

    def parse(self, text: str) -> str:
        return parse_nib(text)


class CompanyForm(PageForm):
    """What a company says about itself."""

    kind = ChoiceField(N_("Kind of shop"))
    name = TextField(N_("Name of the chain or shop"), maximum=120, autocomplete="organization")
    legal_name = TextField(N_("Legal name"), maximum=160, hint=N_("As on the deed or the NIB, such as PT Contoh Jaya."))
    nib = NibField(N_("Business number (NIB)"), maximum=24, required=False, hint=N_("13 digits."))
    npwp = NpwpField(N_("Taxpayer number (NPWP)"), maximum=24, required=False, hint=N_("15 or 16 digits."))
    is_pkp = CheckField(N_("Registered for PPN (PKP)"))
    address = TextField(N_("Address of the office"), maximum=240, autocomplete="address-line1")
    area_code = PlaceField(N_("Village, district or city"), level=None, hint=N_("Type the name, such as Talang Ubi or Palembang."))
    contact_name = TextField(N_("Contact's name"), maximum=120, autocomplete="off")
    contact_email = EmailField(N_("Contact's e-mail"), autocomplete="off")
    contact_phone = PhoneField(N_("Contact's phone or WhatsApp number"), autocomplete="off")

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.kind.choices = [(kind.value, _(label)) for kind, label in PARTNER_KIND.items()]

    def facts(self, **others: Any) -> PartnerFacts:
        """The company, as the verbs take it; `others` are what this form does not ask."""
        values = {name: self[name].value for name in FACTS if name in self}
        return PartnerFacts(**others | values | {"kind": PartnerKind(values["kind"])})


def typed_facts(partner: Partner) -> dict[str, Any]:
    """What a form shows of a company before anybody types."""
    known = {name: getattr(partner, name) for name in FACTS}
    return known | {"kind": partner.kind.value, "area_code": place_text(partner.area_code)}


class CompanyPaperForm(PageForm):
    """A paper of the company with its scan."""

    kind = ChoiceField(N_("Which paper"))
    number = TextField(
        N_("Number"), maximum=60, required=False, hint=N_("Not needed for the NIB and NPWP that stand in the company's particulars.")
    )
    scan = FilesField(
        N_("Scan or photo of the paper"),
        accept=ACCEPT,
        hint=N_("A photo, or a PDF of at most 8 MB. Only you and the office see it."),
    )

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.kind.choices = [(kind.value, _(label)) for kind, label in PAPER.items()]

    def chosen(self) -> PaperKind:
        """The kind of paper."""
        return PaperKind(self.kind.value)
