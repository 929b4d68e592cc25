"""What pages receive: frozen records in the page's language, ready to print, without a session behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from catalog.curation.stars import Stars
from catalog.models.area import VillageKind
from catalog.models.certificate import CertificateKind
from catalog.models.maker import MakerKind
from catalog.models.product import HalalState, TravelLimit, Unit
from catalog.models.programme import ProgrammeStatus, Scheme
from catalog.prices import UnitPrice


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored photo: the storage holds `<name>-<width>.<avif|webp|jpg>`; width and height are those of the largest."""

    name: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A certificate that is valid today. Awards always carry scheme, year and the scale of their stars."""

    kind: CertificateKind
    number: str
    issuer: str
    valid_from_on: date
    valid_until_on: date | None
    award_scheme: str
    award_year: int | None
    stars: int | None
    stars_scale: int | None
    of_maker: bool
    is_sample: bool
    #: Names its page: `/certificates/<code>`.
    code: str


@dataclass(frozen=True, slots=True)
class Place:
    """A village with everything above it. Names are the official ones and the same in both languages."""

    code: str
    name: str
    kind: VillageKind | None
    district_code: str
    district_name: str
    regency_code: str
    regency_name: str
    province_name: str
    postal_code: str
    latitude: float | None
    longitude: float | None

    @property
    def title(self) -> str:
        """`Desa Talang Bulang` or `Kelurahan Handayani Mulya`."""
        return f"{self.kind.value.capitalize()} {self.name}" if self.kind else self.name

    @property
    def address(self) -> str:
        """`Desa Talang Bulang, Kec. Talang Ubi, PALI`."""
        return f"{self.title}, Kec. {self.district_name}, {self.regency_name}"


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product in a list. `price` is the lowest of its variants today; None when nothing is priced."""

    product_id: int
    slug: str
    name: str
    maker_name: str
    maker_slug: str
    village_code: str
    village_name: str
    district_name: str
    price: int | None
    highest_price: int | None
    unit_price: UnitPrice | None
    #: Units nobody holds, over all variants and active outlets, without batches past their date.
    available: int
    picture: Picture | None
    scheme: Scheme
    claims: tuple[Claim, ...]
    is_sample: bool

    @property
    def is_from_price(self) -> bool:
        """Other variants cost more: say "from"."""
        return self.price != self.highest_price

    @property
    def place(self) -> str:
        """`Talang Bulang, Talang Ubi`."""
        return f"{self.village_name}, {self.district_name}" if self.district_name else self.village_name


@dataclass(frozen=True, slots=True)
class VariantView:
    """One pack size. `price` is None when it has none today: it can then not be bought."""

    variant_id: int
    code: str
    name: str
    net_quantity: int
    unit: Unit
    price: int | None
    unit_price: UnitPrice | None
    available: int
    #: The GTIN only; our own 2xx numbers never leave the house.
    gtin: str | None

    @property
    def is_buyable(self) -> bool:
        """Priced and on the shelf."""
        return self.price is not None and self.available > 0


@dataclass(frozen=True, slots=True)
class IngredientView:
    """One ingredient and, where known, the area it comes from."""

    name: str
    origin: str
    origin_village_code: str | None
    share_bps: int | None


@dataclass(frozen=True, slots=True)
class BatchView:
    """One production lot that is on the shelf now."""

    lot_code: str
    produced_on: date | None
    best_before_on: date | None
    available: int


@dataclass(frozen=True, slots=True)
class OutletView:
    """Where goods are collected. `opening_hours` has seven entries from Monday: (opens, closes) as "08:00", or None."""

    outlet_id: int
    code: str
    slug: str
    name: str
    operator_name: str
    address: str
    phone: str
    latitude: float | None
    longitude: float | None
    opening_hours: tuple[tuple[str, str] | None, ...]
    #: ISO dates on which it stays closed.
    days_off: tuple[str, ...]
    zone: str
    is_sample: bool
    takes_qris: bool
    takes_transfers: bool


@dataclass(frozen=True, slots=True)
class MakerCard:
    """A maker in a list or beside a product."""

    slug: str
    name: str
    kind: MakerKind
    village_code: str
    village_name: str
    story: str
    founded_year: int | None
    people_count: int | None
    #: E.164, only when the maker wants to be called by buyers.
    public_phone: str
    picture: Picture | None
    product_count: int
    is_sample: bool


@dataclass(frozen=True, slots=True)
class VillagePoint:
    """A village on a map or in the programme's table."""

    code: str
    name: str
    kind: VillageKind | None
    district_code: str
    district_name: str
    latitude: float | None
    longitude: float | None
    status: ProgrammeStatus
    programme_product: str
    product_count: int
    maker_count: int


@dataclass(frozen=True, slots=True)
class VillageCard:
    """A village in a list: place before product."""

    code: str
    name: str
    kind: VillageKind | None
    district_name: str
    status: ProgrammeStatus
    programme_product: str
    intro: str
    picture: Picture | None
    product_count: int


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Everything the product page says."""

    product_id: int
    slug: str
    name: str
    summary: str
    description: str
    material: str
    technique: str
    design: str
    culture: str
    storage: str
    shelf_life_days: int | None
    allergens: tuple[str, ...]
    #: `certified` only while a halal certificate is valid today.
    halal: HalalState
    #: Why it is collected only; NONE when it can be sent.
    travel_limit: TravelLimit
    scheme: Scheme
    category_slug: str
    category_name: str
    maker: MakerCard
    place: Place
    pictures: tuple[Picture, ...]
    variants: tuple[VariantView, ...]
    ingredients: tuple[IngredientView, ...]
    batches: tuple[BatchView, ...]
    claims: tuple[Claim, ...]
    outlets: tuple[OutletView, ...]
    more_from_maker: tuple[ProductCard, ...]
    more_from_village: tuple[ProductCard, ...]
    #: The villages around, for read_places.
    places: str
    stars: Stars | None
    is_sample: bool

    @property
    def available(self) -> int:
        """Units of all variants that can be bought now."""
        return sum(variant.available for variant in self.variants if variant.price is not None)

    @property
    def prices(self) -> tuple[int, ...]:
        """The prices of today, lowest first."""
        return tuple(sorted(variant.price for variant in self.variants if variant.price is not None))


@dataclass(frozen=True, slots=True)
class VillagePage:
    """Everything a village tells visitors and buyers."""

    place: Place
    intro: str
    visit: str
    season: str
    contact_phone: str
    status: ProgrammeStatus
    programme_year: int
    programme_product: str
    pictures: tuple[Picture, ...]
    makers: tuple[MakerCard, ...]
    products: tuple[ProductCard, ...]
    village_points: tuple[VillagePoint, ...]
    is_sample: bool


@dataclass(frozen=True, slots=True)
class MakerPage:
    """A maker with what it makes."""

    maker: MakerCard
    place: Place
    pictures: tuple[Picture, ...]
    claims: tuple[Claim, ...]
    products: tuple[ProductCard, ...]
    #: The villages around, for read_places.
    places: str


@dataclass(frozen=True, slots=True)
class DistrictFigures:
    """One district in the programme. `makers` is None where the number is too small to be shown alone."""

    code: str
    name: str
    villages: tuple[VillagePoint, ...]
    mapped: int
    selected: int
    launched: int
    makers: int | None


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """How far an area has come in one programme year. Counts include what lies further: selected villages are mapped too."""

    area_code: str
    area_name: str
    year: int
    villages: tuple[VillagePoint, ...]
    districts: tuple[DistrictFigures, ...]
    total: int
    mapped: int
    selected: int
    curated: int
    launched: int
    makers: int | None
    products: int
    products_by_scheme: tuple[tuple[Scheme, int], ...]


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A shelf and how many live products stand on it."""

    slug: str
    name: str
    product_count: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The few numbers the home page is proud of."""

    villages: int
    mapped: int
    selected: int
    districts: int
    #: None where too few to be shown alone.
    makers: int | None
    products: int


@dataclass(frozen=True, slots=True)
class CollectionCard:
    """A collection on the home page."""

    slug: str
    title: str
    story: str
    ends_on: date | None
    count: int
    #: Of its first products, three at most.
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class CollectionPage:
    """A collection with its live products, in the office's order."""

    slug: str
    title: str
    story: str
    starts_on: date
    ends_on: date | None
    is_over: bool
    is_sample: bool
    products: tuple[ProductCard, ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    """Everything the home page shows."""

    categories: tuple[CategoryView, ...]
    featured: tuple[ProductCard, ...]
    villages: tuple[VillageCard, ...]
    figures: Figures
    outlets: tuple[OutletView, ...]
    collections: tuple[CollectionCard, ...]
    village_points: tuple[VillagePoint, ...]
