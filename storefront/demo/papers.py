"""Invented certificates of the demo's products, in the formats of real ones and marked as samples."""

from __future__ import annotations

from datetime import date, timedelta

from catalog.certificates import CertificateFacts
from catalog.models.certificate import CertificateKind
from storefront.demo.stories import ProductStory

#: The food group of a P-IRT number (digits 2 and 3), by shelf.
_FOOD_GROUPS = {
    "makanan-ringan": "15",
    "olahan-buah": "14",
    "kue": "06",
    "ikan-olahan": "02",
    "bumbu-dan-sambal": "11",
    "kopi-dan-minuman": "10",
    "madu-dan-gula": "09",
    "tepung-dan-beras": "06",
}
#: Digits 4 to 7 of a P-IRT number: the statistical code of PALI.
_PALI = "1612"
_SNI = {"tepung-dan-beras": "SNI 7622:2011"}
_RICE_SNI = "SNI 6128:2020"
_PLASTIC_PACK = "2"


def make_paper(kind: CertificateKind, product: ProductStory, sequence: int, today: date, *, expired: bool) -> CertificateFacts:
    """The paper of `kind` for the `sequence`-th product of the demo; an expired one ended last month."""
    starts_on = today - timedelta(days=5 * 365 + 30) if expired else today - timedelta(days=200 + 7 * sequence)
    match kind:
        case CertificateKind.PIRT:
            ends_on = _years_later(starts_on, 5)
            number = f"{_PLASTIC_PACK}{_FOOD_GROUPS[product.category]}{_PALI}{sequence % 100:02d}{sequence:04d}-{ends_on:%y}"
            return CertificateFacts(
                kind=kind, number=number, issuer="DPMPTSP Kabupaten PALI (contoh)", valid_from_on=starts_on, valid_until_on=ends_on
            )
        case CertificateKind.BPOM:
            return CertificateFacts(
                kind=kind,
                number=f"MD 2612{sequence:08d}",
                issuer="Badan POM (contoh)",
                valid_from_on=starts_on,
                valid_until_on=_years_later(starts_on, 5),
            )
        case CertificateKind.HALAL:
            return CertificateFacts(
                kind=kind, number=f"ID16{sequence:015d}", issuer="BPJPH (contoh)", valid_from_on=starts_on, valid_until_on=None
            )
        case CertificateKind.SNI:
            number = _RICE_SNI if product.picture == "rice" else _SNI[product.category]
            return CertificateFacts(
                kind=kind, number=number, issuer="LSPro (contoh)", valid_from_on=starts_on, valid_until_on=_years_later(starts_on, 4)
            )
        case CertificateKind.GEOGRAPHICAL_INDICATION:
            return CertificateFacts(
                kind=kind, number=f"ID G {sequence:09d}", issuer="DJKI (contoh)", valid_from_on=starts_on, valid_until_on=None
            )
        case CertificateKind.OVOP_AWARD:
            return _award(sequence, today)


def _award(sequence: int, today: date) -> CertificateFacts:
    """The regency's own curation, never presented as the ministry's award; valid for two years."""
    starts_on = date(today.year - 1, 12, 1)
    return CertificateFacts(
        kind=CertificateKind.OVOP_AWARD,
        issuer="Dinas Koperasi dan UKM Kabupaten PALI (contoh)",
        valid_from_on=starts_on,
        valid_until_on=_years_later(starts_on, 2),
        award_scheme="Kurasi OVOP PALI",
        award_year=starts_on.year,
        stars=2 + sequence % 2,
        stars_scale=3,
    )


def _years_later(day: date, years: int) -> date:
    """The last day of a validity of so many years."""
    return day.replace(year=day.year + years, day=min(day.day, 28)) - timedelta(days=1)
