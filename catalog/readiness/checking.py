"""Whether an offer has what a kind of retailer asks for, and what it lacks; pure. The condition of the lists is orders.wholesale.ready."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.models.certificate import CertificateKind
from catalog.models.product import HalalState
from catalog.models.readiness import RequirementKind

#: In what the number of a requirement counts; kinds that are absent count nothing.
AMOUNTS: dict[RequirementKind, str] = {
    RequirementKind.SHELF_LIFE: "days",
    RequirementKind.REMAINING_LIFE: "days",
    RequirementKind.LEAD_TIME: "days",
    RequirementKind.CAPACITY: "units",
    RequirementKind.PHOTOS: "pictures",
    RequirementKind.MARGIN: "bps",
}


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement: days, units, pictures or basis points in `amount`; for papers, any one of `papers` will do."""

    kind: RequirementKind
    amount: int = 0
    papers: tuple[CertificateKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What is known of one offer on one day."""

    #: Kinds of papers of the product or its maker that are valid on the day.
    papers: frozenset[CertificateKind]
    halal_state: HalalState
    has_gtin: bool
    has_case_gtin: bool
    #: None: does not spoil, or, for food, nobody has said.
    shelf_life_days: int | None
    remaining_days: int | None
    is_measured: bool
    has_pallet: bool
    monthly_quantity: int
    lead_days: int
    is_insured: bool
    has_label_data: bool
    photo_count: int
    takes_back: bool
    margin_bps: int | None

    @property
    def is_food(self) -> bool:
        """Food and drink, which the halal duty and best-before dates concern."""
        return self.halal_state is not HalalState.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class Gap:
    """A need that is not met, and what there is instead where it can be counted."""

    need: Need
    have: int | None = None


def find_gaps(needs: Iterable[Need], dossier: Dossier) -> tuple[Gap, ...]:
    """The needs an offer does not meet, in their order; empty: it is ready."""
    return tuple([Gap(need, _counted(need.kind, dossier)) for need in needs if not _is_met(need, dossier)])


def _is_met(need: Need, dossier: Dossier) -> bool:
    if need.kind in _YES_OR_NO:
        met: bool = getattr(dossier, _YES_OR_NO[need.kind])
        return met
    match need.kind:
        case RequirementKind.PAPER:
            return not dossier.papers.isdisjoint(need.papers)
        case RequirementKind.HALAL:
            return not dossier.is_food or CertificateKind.HALAL in dossier.papers or dossier.halal_state is HalalState.DECLARED_NON_HALAL
        case RequirementKind.LABEL_DATA:
            return not dossier.is_food or dossier.has_label_data
        case _:
            return _is_enough(need, dossier)


def _is_enough(need: Need, dossier: Dossier) -> bool:
    have = _counted(need.kind, dossier)
    if need.kind in (RequirementKind.SHELF_LIFE, RequirementKind.REMAINING_LIFE):
        return have >= need.amount if have is not None else not dossier.is_food
    if need.kind is RequirementKind.LEAD_TIME:
        return have is not None and have <= need.amount
    return have is not None and have >= need.amount


def _counted(kind: RequirementKind, dossier: Dossier) -> int | None:
    have: int | None = getattr(dossier, _COUNTED[kind]) if kind in _COUNTED else None
    return have


#: Where a dossier answers.
_YES_OR_NO = {
    RequirementKind.REGISTERED_GTIN: "has_gtin",
    RequirementKind.CASE_GTIN: "has_case_gtin",
    RequirementKind.CARTON_DATA: "is_measured",
    RequirementKind.PALLET_DATA: "has_pallet",
    RequirementKind.INSURANCE: "is_insured",
    RequirementKind.RETURNS: "takes_back",
}
_COUNTED = {
    RequirementKind.SHELF_LIFE: "shelf_life_days",
    RequirementKind.REMAINING_LIFE: "remaining_days",
    RequirementKind.LEAD_TIME: "lead_days",
    RequirementKind.CAPACITY: "monthly_quantity",
    RequirementKind.PHOTOS: "photo_count",
    RequirementKind.MARGIN: "margin_bps",
}
