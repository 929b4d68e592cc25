"""What a company says about itself: checked alike when it applies, when it corrects its application and when the office corrects it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from catalog.areas import parse_area_code
from catalog.models.area import Area
from kernel import accounts
from kernel.errors import N_, InvalidInput
from kernel.parsing import parse_choice, parse_text
from kernel.phones import normalise_phone
from orders.models.partner import PartnerKind
from orders.wholesale.company_numbers import parse_nib, parse_npwp

MESSAGE_LENGTH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerFacts:
    """What a company says about itself; numbers and phone as people write them."""

    kind: PartnerKind
    name: str
    legal_name: str
    npwp: str = ""
    nib: str = ""
    is_pkp: bool = False
    address: str
    area_code: str
    contact_name: str
    contact_email: str
    contact_phone: str
    message: str = ""


def checked_facts(session: Session, facts: PartnerFacts) -> PartnerFacts:
    """The same, tidied; InvalidInput names the field that cannot be right."""
    area_code = parse_area_code(facts.area_code, field="area_code")
    if session.get(Area, area_code) is None:
        raise InvalidInput(N_("Please choose one of the options."), field="area_code")
    npwp = parse_npwp(facts.npwp) if facts.npwp.strip() else ""
    if facts.is_pkp and not npwp:
        raise InvalidInput(N_("A company that is registered for PPN has a taxpayer number."), field="npwp")
    phone = normalise_phone(facts.contact_phone)
    if not phone:
        raise InvalidInput(N_("Please fill this in."), field="contact_phone")
    email = _email(facts.contact_email)
    return replace(
        facts,
        kind=parse_choice(PartnerKind, facts.kind, field="kind"),
        name=parse_text(facts.name, field="name", maximum=120, required=True),
        legal_name=parse_text(facts.legal_name, field="legal_name", maximum=160, required=True),
        npwp=npwp,
        nib=parse_nib(facts.nib) if facts.nib.strip() else "",
        address=parse_text(facts.address, field="address", maximum=240, required=True),
        area_code=area_code,
        contact_name=parse_text(facts.contact_name, field="contact_name", maximum=120, required=True),
        contact_email=email,
        contact_phone=phone,
        message=parse_text(facts.message, field="message", maximum=MESSAGE_LENGTH),
    )


def _email(text: str) -> str:
    try:
        return accounts.fold_email(text)
    except InvalidInput as refusal:
        refusal.field = "contact_email"
        raise
