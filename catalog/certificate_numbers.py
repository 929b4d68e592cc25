"""The numbers on papers: P-IRT, BPOM, halal, SNI and geographical indication, read strictly and kept in one form (docs/certificates.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from catalog.models.certificate import CertificateKind
from kernel.errors import N_, InvalidInput

#: Digit 1 of a P-IRT number.
PIRT_PACKS = {
    1: "glass",
    2: "plastic",
    3: "paper",
    4: "can",
    5: "foil",
    6: "other",
    7: "composite",
    8: "multiple",
}
#: Digits 2 and 3: the fifteen groups of food that may carry one.
PIRT_FOOD_GROUPS = {
    1: "dried meat",
    2: "dried fish",
    3: "dried poultry",
    4: "pickled and dried vegetables",
    5: "coconut products",
    6: "flour and its products",
    7: "fats and oil",
    8: "jam and jelly",
    9: "sugar, confectionery and honey",
    10: "coffee and tea",
    11: "seasoning",
    12: "spices",
    13: "powdered drinks",
    14: "fruit products",
    15: "grain, nut and tuber products",
}
_PIRT = re.compile(r"(?:P-?IRT)?[ .:]*(?:NO\.?)?[ .:]*([0-9]{13})[ -]?([0-9]{2})", re.ASCII)
_OLD_PIRT = re.compile(r"(?:P-?IRT)?[ .:]*(?:NO\.?)?[ .:]*([0-9]{12})", re.ASCII)
_BPOM = re.compile(r"(?:BPOM[ -]*(?:RI)?[ .:-]*)?(MD|ML)[ .:-]*([0-9]{12,15})", re.ASCII)
_HALAL = re.compile(r"ID[ .-]*([0-9]{10,20})", re.ASCII)
_SNI = re.compile(
    r"SNI[ .:-]*((?:(?:ISO|IEC|CAC|CODEX)[ /-]?(?:[A-Z]+ )?)*[0-9]{2,6}(?:[-.][0-9]{1,4})*(?::[0-9]{4}|-[0-9]{4})?)", re.ASCII
)
_INDICATION = re.compile(r"(?:ID)[ .-]*G[ .-]*([0-9]{6,12})", re.ASCII)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class PirtNumber:
    """A household food permit, taken apart. The region is a statistical (BPS) code, not an area code of ours."""

    pack: int
    food_group: int
    region: str
    #: 2000 + the last two digits; None on the old numbers of 12 digits, which do not tell.
    expiry_year: int | None
    #: As printed: `1234567890123-45`, or 12 digits.
    text: str


def parse_pirt(text: str, *, field: str = "number") -> PirtNumber:
    """A P-IRT number of 15 digits (printed 13-2) or 12 (issued earlier); InvalidInput otherwise."""
    typed = _tidy(text)
    new, old = _PIRT.fullmatch(typed), _OLD_PIRT.fullmatch(typed)
    if new:
        digits, year = new[1], 2000 + int(new[2])
        printed = f"{new[1]}-{new[2]}"
    elif old:
        digits, year = old[1], None
        printed = old[1]
    else:
        raise InvalidInput(N_("A P-IRT number has 15 digits, printed like 2061612010001-29; older ones have 12."), field=field)
    pack, group = int(digits[0]), int(digits[1:3])
    if pack not in PIRT_PACKS:
        raise InvalidInput(N_("The first digit of a P-IRT number names the pack: 1 to 8."), field=field)
    if group not in PIRT_FOOD_GROUPS:
        raise InvalidInput(N_("The second and third digit of a P-IRT number name the food group: 01 to 15."), field=field)
    return PirtNumber(pack=pack, food_group=group, region=digits[3:7], expiry_year=year, text=printed)


def check_pirt_dates(number: PirtNumber, valid_from_on: date, valid_until_on: date | None) -> None:
    """InvalidInput unless the dates fit the number: it says its last year, and a permit lasts five years at most."""
    if valid_until_on is None:
        raise InvalidInput(N_("Type the day until which the permit is valid."), field="valid_until_on")
    if number.expiry_year is not None and number.expiry_year != valid_until_on.year:
        raise InvalidInput(
            N_("The last two digits of the number say it expires in %(year)s."), field="valid_until_on", year=str(number.expiry_year)
        )
    if valid_until_on.year - valid_from_on.year > 5:
        raise InvalidInput(N_("A P-IRT permit is valid for five years at most."), field="valid_until_on")


def normalise_number(kind: CertificateKind, text: str, *, field: str = "number") -> str:
    """The number of a paper of `kind` as it is stored and shown; InvalidInput with the expected form otherwise."""
    if kind is CertificateKind.PIRT:
        return parse_pirt(text, field=field).text
    return _NUMBERS[kind](_tidy(text), field)


def _bpom(typed: str, field: str) -> str:
    found = _BPOM.fullmatch(typed)
    if not found:
        raise InvalidInput(N_("A BPOM number is MD or ML with 12 to 15 digits, such as MD 206110001234."), field=field)
    return f"{found[1]} {found[2]}"


def _halal(typed: str, field: str) -> str:
    if typed.startswith("KH"):
        raise InvalidInput(N_("This is the number of the fatwa (KH); type the certificate number, which begins with ID."), field=field)
    found = _HALAL.fullmatch(typed)
    if not found:
        raise InvalidInput(N_("A halal certificate number is ID with digits, such as ID16110000123450123."), field=field)
    return f"ID{found[1]}"


def _sni(typed: str, field: str) -> str:
    found = _SNI.fullmatch(typed)
    if not found:
        raise InvalidInput(N_("An SNI number looks like SNI 7622:2011."), field=field)
    return f"SNI {found[1]}"


def _indication(typed: str, field: str) -> str:
    found = _INDICATION.fullmatch(typed)
    if not found:
        raise InvalidInput(N_("A geographical indication looks like IDG 000000123."), field=field)
    return f"IDG {found[1]}"


def _award(typed: str, field: str) -> str:
    """An award's decree has no common form; it may be missing."""
    if len(typed) > 40:
        raise InvalidInput(N_("This may have at most %(maximum)s characters."), field=field, maximum=40)
    return typed


_NUMBERS = {
    CertificateKind.BPOM: _bpom,
    CertificateKind.HALAL: _halal,
    CertificateKind.SNI: _sni,
    CertificateKind.GEOGRAPHICAL_INDICATION: _indication,
    CertificateKind.OVOP_AWARD: _award,
}


def _tidy(text: str) -> str:
    return _SPACE.sub(" ", "".join(c for c in text if c.isprintable() or c.isspace())).strip().upper()
