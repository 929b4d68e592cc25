"""The words by which tables name a choice, in both languages; the first of each is the one our own tables use."""

from __future__ import annotations

from typing import TypeVar

from catalog.areas import fold_name
from catalog.models.certificate import CertificateKind
from catalog.models.maker import MakerKind
from catalog.models.product import HalalState, TravelLimit
from catalog.models.programme import Scheme
from catalog.products import ALLERGENS
from kernel.errors import N_, InvalidInput

_T = TypeVar("_T")


def _folded(table: dict[_T, tuple[str, ...]]) -> dict[str, _T]:
    return {fold_name(word): member for member, words in table.items() for word in words}


MAKER_KINDS = _folded(
    {
        MakerKind.HOUSEHOLD: ("rumah tangga", "usaha rumahan", "perorangan", "umkm", "home industry", "irt"),
        MakerKind.GROUP: ("kelompok", "kub", "poktan", "kelompok tani", "kwt", "pokja"),
        MakerKind.COOPERATIVE: ("koperasi", "co-operative", "kud"),
        MakerKind.BUMDES: ("bumdes", "bum desa", "badan usaha milik desa"),
        MakerKind.COMMUNITY: ("komunitas", "sanggar"),
        MakerKind.SCHOOL: ("sekolah", "smk", "sma"),
        MakerKind.CLASS: ("kelas",),
    }
)
SCHEMES = _folded(
    {
        Scheme.OVOP: ("ovop", "one village one product", "satu desa satu produk"),
        Scheme.OCOP: ("ocop", "one community one product"),
        Scheme.OSOP: ("osop", "one school one product"),
        Scheme.ONE_CLASS: ("one class", "one class one product", "satu kelas satu produk"),
    }
)
HALAL_STATES = _folded(
    {
        HalalState.CERTIFIED: ("sudah", "bersertifikat", "halal", "ya", "yes", "bersertifikat halal"),
        HalalState.NOT_YET: ("belum", "proses", "dalam proses", "belum bersertifikat", "tidak", "no"),
        HalalState.DECLARED_NON_HALAL: ("non halal", "tidak halal", "haram"),
        HalalState.NOT_APPLICABLE: ("tidak perlu", "bukan makanan", "n/a", "tidak berlaku"),
    }
)
TRAVEL_LIMITS = _folded(
    {
        TravelLimit.NONE: ("bisa", "dapat dikirim", "ya", "yes", "tidak ada"),
        TravelLimit.FRAGILE: ("pecah", "mudah pecah", "pecah belah"),
        TravelLimit.LIQUID: ("cair", "cairan"),
        TravelLimit.FRESH: ("segar", "basah", "beku"),
    }
)
CERTIFICATE_KINDS = _folded(
    {
        CertificateKind.PIRT: ("p-irt", "pirt", "spp-irt", "sppirt"),
        CertificateKind.BPOM: ("bpom", "bpom md", "md", "izin edar"),
        CertificateKind.HALAL: ("halal", "sertifikat halal"),
        CertificateKind.SNI: ("sni",),
        CertificateKind.GEOGRAPHICAL_INDICATION: ("indikasi geografis", "ig", "geographical indication"),
        CertificateKind.OVOP_AWARD: ("penghargaan ovop", "ovop", "penghargaan", "award"),
    }
)
_ALLERGENS = _folded(
    {
        "gluten": ("gluten", "gandum", "terigu", "cereals with gluten"),
        "crustaceans": ("krustasea", "udang", "kepiting", "shrimp"),
        "molluscs": ("moluska", "kerang", "cumi"),
        "fish": ("ikan",),
        "eggs": ("telur", "egg"),
        "milk": ("susu",),
        "peanuts": ("kacang tanah", "peanut"),
        "soy": ("kedelai", "soya"),
        "tree_nuts": ("kacang pohon", "mede", "kenari", "almon"),
        "sesame": ("wijen",),
        "sulphites": ("sulfit",),
    }
)


def read_allergens(text: str, field: str) -> tuple[str, ...]:
    """A list parted by commas or semicolons, as words of ALLERGENS in their order."""
    found = set()
    for part in text.replace(";", ",").split(","):
        if not part.strip():
            continue
        word = fold_name(part)
        known = _ALLERGENS.get(word) or next((each for each in ALLERGENS if fold_name(each) == word), None)
        if known is None:
            raise InvalidInput(N_("We do not know the allergen “%(text)s”."), field=field, text=part.strip()[:40])
        found.add(known)
    return tuple(word for word in ALLERGENS if word in found)
