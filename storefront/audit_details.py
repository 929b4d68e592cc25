"""What is said about an act of the audit trail besides its name: numbers, reasons, and what a value was before and is now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from catalog.areas import is_area_code
from catalog.models.certificate import CertificateKind
from catalog.models.channel import Channel
from catalog.models.programme import ProgrammeStatus
from kernel.errors import N_
from storefront import curation_words, mentoring_words, state_words, wholesale_words
from storefront.i18n import gettext as _
from storefront.templating import day, rupiah
from storefront.words import WORDS

#: What is said about an act besides, by its key in the details; other keys stay with the record.
DETAILS: dict[str, str] = {
    "reason": N_("Reason"),
    "role": N_("Role"),
    "remarks": N_("Remarks"),
    "number": N_("Number"),
    "gate": N_("Gate"),
    "kind": N_("Kind"),
    "channel": N_("Channel"),
    "last_day": N_("Last day"),
    "starts_on": N_("First day"),
    "from": N_("Before"),
    "to": N_("After"),
    "changed": N_("Changed"),
    "quantity": N_("Quantity"),
    "amount": N_("Amount"),
    "lot": N_("Lot"),
    "organisation": N_("Supporting organisation"),
    "village": N_("Village"),
    "name": N_("Name"),
    "legal_name": N_("Legal name"),
    "npwp": N_("Taxpayer number (NPWP)"),
    "nib": N_("Business number (NIB)"),
    "address": N_("Address"),
    "area_code": N_("Area"),
    "contact_name": N_("Contact"),
    "contact_email": N_("E-mail"),
    "contact_phone": N_("Phone"),
    "credit_limit": N_("Credit limit"),
    "payment_days": N_("Days to pay"),
}
#: Details that mean something else for one thing than for the others.
_OTHERWISE: dict[tuple[str, str], str] = {("transfer", "from"): N_("Sent from"), ("transfer", "to"): N_("Sent to")}
#: The words of a detail that is a code: by the thing and the detail's key.
VALUES: dict[tuple[str, str], Mapping[Any, str | tuple[str, str]]] = {
    ("certificate", "kind"): WORDS[CertificateKind],
    ("import", "kind"): state_words.IMPORT_KIND,
    ("order", "channel"): WORDS[Channel],
    ("partner", "kind"): {**wholesale_words.PAPER, **wholesale_words.PARTNER_KIND},
    ("payment", "reason"): state_words.REVIEW,
    ("programme", "from"): WORDS[ProgrammeStatus],
    ("programme", "to"): WORDS[ProgrammeStatus],
    ("pull_out", "reason"): state_words.PULL_OUT_REASON,
    ("referral", "from"): mentoring_words.REFERRAL,
    ("referral", "to"): mentoring_words.REFERRAL,
    ("refund", "reason"): state_words.REFUND_REASON,
    ("report", "from"): state_words.REPORT,
    ("report", "to"): state_words.REPORT,
    ("role", "role"): state_words.ROLE,
    ("submission", "from"): curation_words.CURATION,
    ("submission", "to"): {**curation_words.CURATION, **curation_words.GATE_RESULT},
    ("submission", "kind"): curation_words.KIND,
    ("submission", "gate"): curation_words.GATE,
}
#: What a code of ours looks like; one without words stays with the record.
_CODE = re.compile(r"[a-z]+(_[a-z]+)*(, [a-z]+(_[a-z]+)*)*")
_CODED = frozenset({"kind", "channel", "from", "to", "changed"})
#: Details that are the code of an area, or of a person.
_AREAS = ("village", "area_code")
_PEOPLE = (("shift.handed_over", "to"),)
LONGEST = 200


def named_areas(details: dict[str, object]) -> set[str]:
    """The codes of areas that an act names: whoever shows it looks up what they are called."""
    values = [value for key in _AREAS for value in _sides(details.get(key))]
    return {code for value in values if is_area_code(code := str(value))}


def named_people(action: str, details: dict[str, object]) -> set[str]:
    """The codes of people that an act names."""
    return {str(details[key]) for thing_act, key in _PEOPLE if action == thing_act and details.get(key)}


def detail_words(action: str, details: dict[str, object], names: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """What can be said about an act, as (name, text); `names` has what the areas and people in it are called."""
    thing = action.partition(".")[0]
    called = names or {}
    said = ((_OTHERWISE.get((thing, key), name), _said(thing, key, _called(details.get(key), called))) for key, name in DETAILS.items())
    return [(_(name), text) for name, text in said if text]


def _sides(value: object) -> list[object]:
    """A value, or both sides of a change."""
    return list(value.values()) if isinstance(value, dict) else [value]


def _called(value: object, called: Mapping[str, str]) -> object:
    """A value by its name, or both sides of a change by theirs."""
    if isinstance(value, dict):
        return {side: called.get(str(part), part) for side, part in value.items()}
    return called.get(str(value), value)


def _said(thing: str, key: str, value: object) -> str:
    """The text of one detail; "" for nothing, and for what only programs understand."""
    if isinstance(value, dict) and value.keys() == {"from", "to"}:
        before, after = (_said(thing, key, value[part]) or "–" for part in ("from", "to"))
        return f"{before} → {after}"
    if value in (None, "", [], {}) or isinstance(value, dict):
        return ""
    if key in ("amount", "credit_limit") and isinstance(value, int):
        return rupiah(value)
    text = ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)
    word = VALUES.get((thing, key), {}).get(text)
    if word:
        return _(word if isinstance(word, str) else word[0])
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return day(date.fromisoformat(text))
    if key in _CODED and _CODE.fullmatch(text):
        return ""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
