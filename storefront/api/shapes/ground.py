"""What all shapes of the API stand on: no field that is not described, whole numbers as JSON means them, pages with a cursor."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from catalog.models.certificate import CertificateKind
from kernel.locales import pick
from kernel.money import LARGEST_AMOUNT

MOST_ITEMS = 100
#: The last change in microseconds since 1970, and the row's number: a place between two rows.
CURSOR = r"^[0-9]{1,16}-[0-9]{1,9}$"


def whole(value: Any) -> Any:
    """JSON has one kind of number: 2.0 is a whole one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _digits(value: Any) -> Any:
    """Whole numbers in an address are plain digits: `+5`, `1_0` and ` 5` are typing accidents."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else "?"
    return value


def _within_our_time(moment: datetime | None) -> datetime | None:
    """Nothing of ours changed before 2000 or after 2200; a zone cannot push the ends of the calendar over the edge then."""
    if moment is None:
        return None
    first, last = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
    return first if moment < first else min(moment, last)


class Shape(BaseModel):
    """An answer, or a part of one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Asked(BaseModel):
    """What may stand behind the question mark of an address."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sent(BaseModel):
    """A body that is sent to us: its types must be right, nothing is guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Rupiah = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT, description="Whole rupiah.")]
Whole = Annotated[int, BeforeValidator(whole)]
Count = Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(whole)]


class PageAsked(Asked):
    """A page of a list that can be followed: everything, or what changed since a moment or a cursor."""

    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS, description="Items on a page."), BeforeValidator(_digits)] = 50
    changed_since: Annotated[
        AwareDatetime | None,
        Field(description="Only what changed at or after this moment (RFC 3339, with a zone)."),
        AfterValidator(_within_our_time),
    ] = None
    cursor: Annotated[
        str | None,
        Field(pattern=CURSOR, description="The `cursor` of an earlier page: go on behind it."),
    ] = None


class Walk(Shape):
    """What every page of a followed list says beside its items."""

    cursor: Annotated[str | None, Field(description="Ask with it for what comes next, now or tomorrow. Null: the list is empty.")]
    has_more: Annotated[bool, Field(description="Whether the next page has something already.")]


class Text(Shape):
    """A text in both languages; one that exists in one language only stands in both places."""

    id: str
    en: str


def text(indonesian: str | None, english: str | None) -> Text:
    """Both texts of a record."""
    return Text(id=pick("id", indonesian or "", english or ""), en=pick("en", indonesian or "", english or ""))


class Picture(Shape):
    """A photo as JPEG; `width` and `height` are pixels."""

    url: str
    width: int
    height: int
    alt: Text


class Award(Shape):
    """An award with its year and the scale its stars count on."""

    scheme: str
    year: int
    stars: int
    stars_scale: int


class Paper(Shape):
    """A certificate that is valid today. One that ran out is not here."""

    kind: CertificateKind
    number: str
    issuer: str
    valid_from: str
    valid_until: str | None
    of_maker: Annotated[bool, Field(description="Held by the maker for everything it makes.")]
    award: Award | None
    is_sample: bool


class VillageName(Shape):
    """A village with what lies above it; `code` is the official area code."""

    code: str
    name: str
    kind: str | None
    district: str
    regency: str
    province: str


Moment = datetime
