"""How the house's enumerated values are said to people, in the language of the page."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from babel.numbers import format_decimal, format_percent

from catalog.models.certificate import CertificateKind
from catalog.models.channel import Channel, GoodsGroup
from catalog.models.maker import MakerKind
from catalog.models.product import HalalState, TravelLimit, Unit
from catalog.models.programme import ProgrammeStatus, Scheme
from catalog.products import ALLERGENS
from kernel.errors import N_
from storefront.i18n import current_language, ngettext
from storefront.i18n import gettext as _

#: One table per enum: enums that are texts compare equal across classes.
WORDS: dict[type[StrEnum], dict[StrEnum, str]] = {
    MakerKind: {
        MakerKind.HOUSEHOLD: N_("Household business"),
        MakerKind.GROUP: N_("Makers' group"),
        MakerKind.COOPERATIVE: N_("Cooperative"),
        MakerKind.BUMDES: N_("Village-owned enterprise (BUMDes)"),
        MakerKind.COMMUNITY: N_("Community"),
        MakerKind.SCHOOL: N_("School"),
        MakerKind.CLASS: N_("School class"),
    },
    Scheme: {
        Scheme.OVOP: N_("One Village One Product"),
        Scheme.OCOP: N_("One Community One Product"),
        Scheme.OSOP: N_("One School One Product"),
        Scheme.ONE_CLASS: N_("One Class One Product"),
    },
    ProgrammeStatus: {
        ProgrammeStatus.NOT_MAPPED: N_("Not yet mapped"),
        ProgrammeStatus.MAPPED: N_("Mapped"),
        ProgrammeStatus.SELECTED: N_("Selected"),
        ProgrammeStatus.CURATED: N_("Curated"),
        ProgrammeStatus.LAUNCHED: N_("Launched"),
        ProgrammeStatus.GRADUATED: N_("Graduated"),
        ProgrammeStatus.DROPPED: N_("Dropped"),
    },
    CertificateKind: {
        CertificateKind.PIRT: N_("Home-industry food permit (P-IRT)"),
        CertificateKind.BPOM: N_("BPOM distribution permit"),
        CertificateKind.HALAL: N_("Halal certificate"),
        CertificateKind.SNI: N_("SNI national standard"),
        CertificateKind.GEOGRAPHICAL_INDICATION: N_("Geographical indication"),
        CertificateKind.OVOP_AWARD: N_("OVOP award"),
    },
    Channel: {
        Channel.WEB: N_("Web shop"),
        Channel.COUNTER: N_("Counter"),
        Channel.WHOLESALE: N_("Wholesale"),
        Channel.FEEDS: N_("Product feeds"),
        Channel.MARKETPLACES: N_("Marketplaces"),
    },
    GoodsGroup: {
        GoodsGroup.EVERYTHING: N_("All goods"),
        GoodsGroup.FOOD: N_("Food and drink"),
        GoodsGroup.OTHER: N_("Goods that are not food"),
    },
    HalalState: {
        HalalState.CERTIFIED: N_("Halal certified"),
        HalalState.NOT_YET: N_("Not yet halal certified"),
        HalalState.DECLARED_NON_HALAL: N_("Declared non-halal"),
        HalalState.NOT_APPLICABLE: N_("Not food or drink"),
    },
    TravelLimit: {
        TravelLimit.NONE: N_("Can be sent"),
        TravelLimit.FRAGILE: N_("Only for pickup: fragile"),
        TravelLimit.LIQUID: N_("Only for pickup: liquid"),
        TravelLimit.FRESH: N_("Only for pickup: fresh"),
    },
}

#: Where a short form fits better: chips, badges, facets.
SHORT_WORDS: dict[type[StrEnum], dict[StrEnum, str]] = {
    Scheme: {
        Scheme.OVOP: "OVOP",
        Scheme.OCOP: "OCOP",
        Scheme.OSOP: "OSOP",
        Scheme.ONE_CLASS: N_("One Class"),
    },
    CertificateKind: {
        CertificateKind.PIRT: "P-IRT",
        CertificateKind.BPOM: "BPOM",
        CertificateKind.HALAL: "Halal",
        CertificateKind.SNI: "SNI",
        CertificateKind.GEOGRAPHICAL_INDICATION: N_("Geographical indication"),
        CertificateKind.OVOP_AWARD: N_("OVOP award"),
    },
}

MEASURES: dict[Unit, str] = {
    Unit.GRAM: N_("per %(quantity)s g"),
    Unit.MILLILITRE: N_("per %(quantity)s ml"),
    Unit.PIECE: N_("per piece"),
}


def word(value: StrEnum, *, short: bool = False) -> str:
    """What people call `value`; KeyError for an enum without words, which a test finds first."""
    kind = type(value)
    text = SHORT_WORDS.get(kind, {}).get(value) if short else None
    return _(text or WORDS[kind][value])


def days_words(least: int, most: int) -> str:
    """`2–4 days`, `1 day`."""
    return ngettext("%(num)s day", "%(num)s days", most) if least == most else _("%(least)s–%(most)s days", least=least, most=most)


def allergen(name: str) -> str:
    """One of catalog.products.ALLERGENS in words; an unknown one as it was written."""
    return _(ALLERGENS.get(name, name))


#: In what people weigh: the word that a form sends, the unit we keep, how many of it, and what it is called.
WEIGHTS: dict[str, tuple[Unit, int, str]] = {
    "kg": (Unit.GRAM, 1_000, "kg"),
    "g": (Unit.GRAM, 1, "g"),
    "l": (Unit.MILLILITRE, 1_000, "l"),
    "ml": (Unit.MILLILITRE, 1, "ml"),
    "piece": (Unit.PIECE, 1, N_("pieces")),
}


def amount_words(quantity: int | None, unit: Unit | None) -> str:
    """`49,2 kg`, `250 ml`, `12 pieces`; nothing where nobody weighed it."""
    if quantity is None or unit is None:
        return ""
    each, name = next((each, name) for of, each, name in WEIGHTS.values() if of is unit and quantity >= each)
    written = format_decimal(Decimal(quantity) / each, "#,##0.###", locale=current_language())
    return f"{written}\N{NO-BREAK SPACE}{_(name)}"


def best_weight(quantity: int, unit: Unit) -> tuple[str, int, str]:
    """The largest measure in which the quantity is whole: (word of a form, how many of the unit, name)."""
    return next((key, each, name) for key, (of, each, name) in WEIGHTS.items() if of is unit and quantity % each == 0)


def measure(unit: Unit, quantity: int) -> str:
    """`per 100 g`, `per piece`: what a unit price is for."""
    return _(MEASURES[unit], quantity=quantity)


def percent(rate_bps: int) -> str:
    """`12,5%` for 1250 basis points."""
    return format_percent(Decimal(rate_bps) / 10_000, "#,##0.##%", locale=current_language())
