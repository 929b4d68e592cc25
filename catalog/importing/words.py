"""The words by which tables name a choice, in both languages; the first of each is the one our own tables use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from catalog.areas import fold_name
from catalog.models.certificate import CertificateKind
from catalog.models.maker import MakerKind
from catalog.models.product import HalalState, TravelLimit
from catalog.models.programme import Scheme
from catalog.products import ALLERGENS
from kernel.errors import N_, InvalidInput

_T = TypeVar("_T", bound=str)


@dataclass(frozen=True, slots=True)
class Words(Generic[_T]):
    """The words of one choice: by their letters, and the one our own tables write for each member."""

    by_letters: Mapping[str, _T]
    first: Mapping[_T, str]

    def read(self, text: str, field: str) -> _T:
        """The member that `text` names."""
        found = self.by_letters.get(fold_name(text))
        if found is None:
            raise InvalidInput(
                N_("We do not know “%(text)s” here. One of these fits: %(options)s."),
                field=field,
                text=text[:40],
                options=", ".join(self.first.values()),
            )
        return found


def _words(table: dict[_T, tuple[str, ...]]) -> Words[_T]:
    letters = {fold_name(word): member for member, words in table.items() for word in (str(member), *words)}
    return Words(letters, {member: words[0] for member, words in table.items()})


MAKER_KINDS = _words(
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
SCHEMES = _words(
    {
        Scheme.OVOP: ("ovop", "one village one product", "satu desa satu produk"),
        Scheme.OCOP: ("ocop", "one community one product"),
        Scheme.OSOP: ("osop", "one school one product"),
        Scheme.ONE_CLASS: ("one class", "one class one product", "satu kelas satu produk"),
    }
)
HALAL_STATES = _words(
    {
        HalalState.CERTIFIED: ("sudah", "bersertifikat", "halal", "ya", "yes", "bersertifikat halal"),
        HalalState.NOT_YET: ("belum", "proses", "dalam proses", "belum bersertifikat", "tidak", "no"),
        HalalState.DECLARED_NON_HALAL: ("non halal", "tidak halal", "haram"),
        HalalState.NOT_APPLICABLE: ("tidak perlu", "bukan makanan", "n/a", "tidak berlaku"),
    }
)
TRAVEL_LIMITS = _words(
    {
        TravelLimit.NONE: ("bisa", "dapat dikirim", "ya", "yes", "tidak ada"),
        TravelLimit.FRAGILE: ("pecah", "mudah pecah", "pecah belah"),
        TravelLimit.LIQUID: ("cair", "cairan"),
        TravelLimit.FRESH: ("segar", "basah", "beku"),
    }
)
CERTIFICATE_KINDS = _words(
    {
        CertificateKind.PIRT: ("p-irt", "pirt", "spp-irt", "sppirt"),
        CertificateKind.BPOM: ("bpom", "bpom md", "md", "izin edar"),
        CertificateKind.HALAL: ("halal", "sertifikat halal"),
        CertificateKind.SNI: ("sni",),
        CertificateKind.GEOGRAPHICAL_INDICATION: ("indikasi geografis", "ig", "geographical indication"),
        CertificateKind.OVOP_AWARD: ("penghargaan ovop", "ovop", "penghargaan", "award"),
    }
)
#: Words of catalog.products.ALLERGENS.
_ALLERGENS = _words(
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
        known = _ALLERGENS.by_letters.get(fold_name(part))
        if known is None:
            raise InvalidInput(N_("We do not know the allergen “%(text)s”."), field=field, text=part.strip()[:40])
        found.add(known)
    return tuple(word for word in ALLERGENS if word in found)
