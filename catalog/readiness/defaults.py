"""The profiles every office starts with, as data (sources: docs/readiness.md)."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.models.certificate import CertificateKind
from catalog.models.readiness import RequirementKind
from catalog.readiness.checking import Need

_PERMIT = (CertificateKind.PIRT, CertificateKind.BPOM)


@dataclass(frozen=True, slots=True)
class ProfileData:
    """A profile as text and needs."""

    key: str
    name_id: str
    name_en: str
    needs: tuple[Need, ...]


PROFILES: tuple[ProfileData, ...] = (
    ProfileData(
        "minimarket",
        "Minimarket",
        "Minimarket",
        (
            Need(RequirementKind.PAPER, papers=_PERMIT),
            Need(RequirementKind.HALAL),
            Need(RequirementKind.REGISTERED_GTIN),
            Need(RequirementKind.SHELF_LIFE, 90),
            Need(RequirementKind.REMAINING_LIFE, 60),
            Need(RequirementKind.LABEL_DATA),
            Need(RequirementKind.CARTON_DATA),
            Need(RequirementKind.CAPACITY, 500),
            Need(RequirementKind.RETURNS),
            Need(RequirementKind.MARGIN, 2_000),
        ),
    ),
    ProfileData(
        "supermarket",
        "Supermarket",
        "Supermarket",
        (
            Need(RequirementKind.PAPER, papers=_PERMIT),
            Need(RequirementKind.HALAL),
            Need(RequirementKind.REGISTERED_GTIN),
            Need(RequirementKind.CASE_GTIN),
            Need(RequirementKind.SHELF_LIFE, 120),
            Need(RequirementKind.REMAINING_LIFE, 80),
            Need(RequirementKind.LABEL_DATA),
            Need(RequirementKind.CARTON_DATA),
            Need(RequirementKind.PALLET_DATA),
            Need(RequirementKind.CAPACITY, 1_000),
            Need(RequirementKind.LEAD_TIME, 14),
            Need(RequirementKind.INSURANCE),
            Need(RequirementKind.PHOTOS, 2),
            Need(RequirementKind.RETURNS),
            Need(RequirementKind.MARGIN, 1_500),
        ),
    ),
    ProfileData(
        "gift_shop",
        "Hotel dan toko cendera mata",
        "Hotel and gift shop",
        (
            Need(RequirementKind.HALAL),
            Need(RequirementKind.SHELF_LIFE, 60),
            Need(RequirementKind.LABEL_DATA),
            Need(RequirementKind.CARTON_DATA),
            Need(RequirementKind.CAPACITY, 50),
            Need(RequirementKind.PHOTOS, 1),
            Need(RequirementKind.MARGIN, 2_500),
        ),
    ),
)
