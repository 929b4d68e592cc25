"""Shapes of what everybody may read: products, makers and villages with their published facts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from catalog.models.maker import MakerKind
from catalog.models.product import HalalState, TravelLimit, Unit
from catalog.models.programme import ProgrammeStatus, Scheme
from catalog.models.stock import BatchState
from storefront.api.shapes.ground import Asked, Moment, Paper, Picture, Rupiah, Shape, Text, VillageName, Walk


class Variant(Shape):
    """One pack size. Without a price it cannot be bought today."""

    code: str
    name: Text
    net_quantity: int
    unit: Unit
    price: Rupiah | None
    in_stock: bool
    gtin: Annotated[str | None, Field(description="A number issued by GS1, or null. Our own numbers never stand here.")]


class CategoryName(Shape):
    """A shelf of the shop."""

    slug: str
    name: Text


class MakerName(Shape):
    """Whose product it is."""

    slug: str
    name: str
    kind: MakerKind


class Product(Shape):
    """A live product with today's prices and papers."""

    slug: str
    url: str
    name: Text
    summary: Text
    description: Text
    scheme: Scheme
    category: CategoryName
    maker: MakerName
    village: VillageName
    halal: HalalState
    allergens: list[str]
    shelf_life_days: int | None
    travel_limit: TravelLimit
    variants: list[Variant]
    papers: list[Paper]
    pictures: list[Picture]
    is_sample: bool
    updated_at: Moment


class ProductPage(Walk):
    """Products in the order of their last change."""

    items: list[Product]
    removed: Annotated[list[str], Field(description="Slugs of products that were taken away.")]


class Maker(Shape):
    """What a maker has published about itself."""

    slug: str
    url: str
    name: str
    kind: MakerKind
    village: VillageName
    story: Text
    founded_year: int | None
    people_count: int | None
    phone: Annotated[str | None, Field(description="Only where the maker wants to be called by buyers.")]
    product_count: int
    papers: list[Paper]
    pictures: list[Picture]
    is_sample: bool
    updated_at: Moment


class MakerPage(Walk):
    """Makers in the order of their last change."""

    items: list[Maker]


class Village(Shape):
    """A village in the programme."""

    code: str
    url: str
    name: str
    kind: str | None
    district: str
    latitude: float | None
    longitude: float | None
    status: ProgrammeStatus
    product: Annotated[Text | None, Field(description="The programme's product of this village.")]
    product_count: int
    maker_count: int


class Material(Shape):
    """A raw material that went into a lot, and where it is from."""

    name: Text
    origin: str
    share_bps: Annotated[int | None, Field(description="Share of the whole in hundredths of a percent.")]


class JourneyStop(Shape):
    """When goods of the lot first came to an outlet."""

    what: str
    place: str
    at: Moment


class Batch(Shape):
    """One production lot as its page shows it: dates, papers of its production day, origins, its way, and whether it was stopped."""

    product: str
    url: str
    name: Text
    lot: str
    produced_on: str | None
    best_before_on: str | None
    state: Annotated[BatchState, Field(description="`blocked` or `recalled`: do not sell or use it.")]
    state_reason: str
    maker: MakerName
    village: VillageName
    halal: HalalState
    papers_on: Annotated[str, Field(description="The day whose papers these are: the production day where it is known.")]
    papers: list[Paper]
    ingredients: list[Material]
    journey: list[JourneyStop]
    events: Annotated[str, Field(description="Where the same stands as EPCIS 2.0 events.")]
    is_sample: bool


class BatchEventsBody(Shape):
    """The events of the document."""

    model_config = ConfigDict(serialize_by_alias=True)

    events: Annotated[
        list[dict[str, Any]],
        Field(
            alias="eventList",
            description="EPCIS 2.0 events: an ObjectEvent for the lot's beginning and one for each first arrival at an outlet, "
            "a TransformationEvent for how it was made.",
        ),
    ]


class BatchEvents(Shape):
    """An EPCISDocument (EPCIS 2.0 in JSON-LD). Its creation date is the newest event's: it changes when they do."""

    model_config = ConfigDict(serialize_by_alias=True)

    context: Annotated[list[str | dict[str, str]], Field(alias="@context")]
    type: Literal["EPCISDocument"]
    schema_version: Annotated[str, Field(alias="schemaVersion")]
    created_at: Annotated[str, Field(alias="creationDate")]
    body: Annotated[BatchEventsBody, Field(alias="epcisBody")]


class BatchAsked(Asked):
    """Which lot. It stands behind the question mark because lot codes may hold a slash."""

    lot: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$", description="The lot code on the pack.")]


class BatchEventsAsked(BatchAsked):
    """Which lot. Scans are sent on to here with whatever stood in their own address, so other names are left alone."""

    model_config = ConfigDict(extra="ignore")


class VillagesAsked(Asked):
    """Which programme year."""

    year: Annotated[str | None, Field(pattern=r"^20[0-9]{2}$")] = None


class Villages(Shape):
    """All villages of the home area."""

    area: str
    year: int
    items: list[Village]
