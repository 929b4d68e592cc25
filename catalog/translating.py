"""Texts side by side in both languages: what has no translation, what was changed since somebody compared it, and saving both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from catalog import collections, makers, products, villages
from catalog.access import ensure_can
from catalog.desk import below
from catalog.models.area import Area, VillageProfile
from catalog.models.collection import Collection
from catalog.models.desk_work import TextCheck
from catalog.models.maker import Maker
from catalog.models.product import ListingState, Product
from kernel import audit, clock
from kernel.errors import N_, NotFound
from kernel.paging import Page, read_page
from kernel.people import Actor, Permission

PAGE_SIZE = 30
#: Records whose compared texts are looked at again for a list.
_MOST_COMPARED = 1_000


class TextKind(StrEnum):
    """Whose texts they are."""

    PRODUCT = "product"
    MAKER = "maker"
    COLLECTION = "collection"
    VILLAGE = "village"


class TextState(StrEnum):
    """How a translation stands to its source."""

    EMPTY = "empty"
    MISSING = "missing"
    UNCOMPARED = "uncompared"
    #: Compared once, and one of the two changed since.
    STALE = "stale"
    COMPARED = "compared"


@dataclass(frozen=True, slots=True)
class Pair:
    """One text in both languages."""

    name: str
    indonesian: str
    english: str
    state: TextState


@dataclass(frozen=True, slots=True)
class Entry:
    """One record with its texts."""

    kind: TextKind
    #: Its address or code.
    key: str
    title: str
    pairs: tuple[Pair, ...]

    def count(self, *states: TextState) -> int:
        """How many of its texts stand like that."""
        return sum(pair.state in states for pair in self.pairs)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the texts of one kind are, who may edit them, and by which verb."""

    model: type[Any]
    key: str
    names: Mapping[str, int]
    permission: Permission
    area: InstrumentedAttribute[str] | None
    save: Callable[[Session, Actor, Any, dict[str, Any]], object]


#: What the texts are called, and how long they may be.
LABELS: dict[str, str] = {
    "name": N_("Name"),
    "summary": N_("One sentence"),
    "description": N_("Description"),
    "material": N_("Material"),
    "technique": N_("Technique"),
    "design": N_("Design"),
    "culture": N_("Culture"),
    "storage": N_("Storage"),
    "story": N_("Story"),
    "title": N_("Title"),
    "intro": N_("Introduction"),
    "visit": N_("Visiting"),
    "season": N_("Season"),
}


def _save_product(session: Session, actor: Actor, record: Product, texts: dict[str, Any]) -> object:
    return products.update_product(session, actor, record, replace(products.facts_of(session, record), **texts))


def _save_maker(session: Session, actor: Actor, record: Maker, texts: dict[str, Any]) -> object:
    return makers.update_maker(session, actor, record, replace(makers.facts_of(record), **texts))


def _save_collection(session: Session, actor: Actor, record: Collection, texts: dict[str, Any]) -> object:
    return collections.update_collection(session, actor, record, replace(collections.facts_of(record), **texts))


def _save_village(session: Session, actor: Actor, record: VillageProfile, texts: dict[str, Any]) -> object:
    facts = villages.VillageFacts(**texts, contact_phone=record.contact_phone)
    return villages.describe_visit(session, actor, record.area_code, facts)


_PRODUCT_NAMES = {"name": 120, "summary": 240, "description": 5_000, "storage": 240} | dict.fromkeys(
    ("material", "technique", "design", "culture"), 2_000
)
_SOURCES: dict[TextKind, _Source] = {
    TextKind.PRODUCT: _Source(Product, "slug", _PRODUCT_NAMES, Permission.EDIT_PRODUCTS, Product.village_code, _save_product),
    TextKind.MAKER: _Source(Maker, "slug", {"story": 4_000}, Permission.EDIT_MAKERS, Maker.village_code, _save_maker),
    TextKind.COLLECTION: _Source(Collection, "slug", {"title": 80, "story": 2_000}, Permission.PUBLISH_PRODUCTS, None, _save_collection),
    TextKind.VILLAGE: _Source(
        VillageProfile,
        "area_code",
        {"intro": 2_000, "visit": 4_000, "season": 200},
        Permission.EDIT_MAKERS,
        VillageProfile.area_code,
        _save_village,
    ),
}


def lengths_of(kind: TextKind) -> Mapping[str, int]:
    """The texts of a kind and how long each may be."""
    return _SOURCES[kind].names


def list_missing(session: Session, actor: Actor, kind: TextKind, page: int = 1) -> Page[Any]:
    """Records in reach of which a text is there in one language only; what is live comes first. `entries_of` reads them."""
    source = _SOURCES[kind]
    statement = select(source.model).where(_reach(actor, source), or_(*(_has_half(source.model, name) for name in source.names)))
    if kind is TextKind.PRODUCT:
        statement = statement.where(Product.state != ListingState.WITHDRAWN).order_by(Product.state != ListingState.LIVE)
    return read_page(session, statement.order_by(getattr(source.model, source.key)), number=page, size=PAGE_SIZE)


def list_stale(session: Session, actor: Actor, kind: TextKind) -> list[Entry]:
    """Records in reach of which a text was changed after somebody compared both languages."""
    source = _SOURCES[kind]
    compared = select(TextCheck.record).where(TextCheck.kind == kind.value)
    statement = select(source.model).where(_reach(actor, source), getattr(source.model, source.key).in_(compared))
    records = session.scalars(statement.order_by(getattr(source.model, source.key)).limit(_MOST_COMPARED)).all()
    return [entry for entry in entries_of(session, kind, records) if entry.count(TextState.STALE)]


def count_missing(session: Session, actor: Actor) -> dict[TextKind, int]:
    """Records of each kind that lack a translation. One statement per kind."""
    return {kind: list_missing(session, actor, kind).total for kind in TextKind}


def entries_of(session: Session, kind: TextKind, records: Sequence[Any]) -> list[Entry]:
    """The texts of these records with their states. Two statements at most."""
    source = _SOURCES[kind]
    keys = [getattr(record, source.key) for record in records]
    rows = session.scalars(select(TextCheck).where(TextCheck.kind == kind.value, TextCheck.record.in_(keys)))
    digests = {(row.record, row.field): row.digest for row in rows}
    titles = _village_names(session, keys) if kind is TextKind.VILLAGE else {}
    return [_entry(kind, record, digests, titles) for record in records]


def get_entry(session: Session, actor: Actor, kind: TextKind, key: str) -> Entry:
    """One record's texts; NotFound out of reach."""
    return entries_of(session, kind, [_get(session, actor, kind, key)])[0]


def save_texts(session: Session, actor: Actor, kind: TextKind, key: str, texts: Mapping[str, str], compared: Sequence[str]) -> Entry:
    """Save the texts (`name_id`, `name_en`, …) through the record's own verb, and note which pairs were compared just now."""
    source, record = _SOURCES[kind], _get(session, actor, kind, key)
    wanted = {f"{name}_{language}": texts[f"{name}_{language}"] for name in source.names for language in ("id", "en")}
    source.save(session, actor, record, wanted)
    session.flush()
    record = _get(session, actor, kind, key)
    noted = [name for name in source.names if name in compared and _digest(record, name)]
    for name in noted:
        row = session.scalar(select(TextCheck).where(TextCheck.kind == kind.value, TextCheck.record == key, TextCheck.field == name))
        if row is None:
            row = TextCheck(kind=kind.value, record=key, field=name)
            session.add(row)
        row.digest, row.checked_by_id, row.checked_at = _digest(record, name), actor.user_id, clock.now()
    session.flush()
    if noted:
        audit.record(session, actor, "texts.compared", f"{kind.value}:{key}", {"texts": noted})
    return get_entry(session, actor, kind, key)


def _get(session: Session, actor: Actor, kind: TextKind, key: str) -> Any:
    source = _SOURCES[kind]
    if not key.isascii() or not key.isprintable():
        raise NotFound
    ensure_can(actor, source.permission)
    record = session.scalar(select(source.model).where(_reach(actor, source), getattr(source.model, source.key) == key))
    if record is None:
        raise NotFound
    return record


def _reach(actor: Actor, source: _Source) -> ColumnElement[bool]:
    prefixes = actor.area_prefixes(source.permission)
    if source.area is None:
        return true() if prefixes else false()
    return below(source.area, prefixes)


def _has_half(model: type[Any], name: str) -> ColumnElement[bool]:
    indonesian, english = getattr(model, f"{name}_id"), getattr(model, f"{name}_en")
    return or_(and_(indonesian != "", english == ""), and_(indonesian == "", english != ""))


def _entry(kind: TextKind, record: Any, digests: Mapping[tuple[str, str], str], titles: Mapping[str, str]) -> Entry:
    source = _SOURCES[kind]
    key = getattr(record, source.key)
    pairs = tuple(_pair(record, name, digests.get((key, name))) for name in source.names)
    first = next((pair.indonesian or pair.english for pair in pairs), key)
    title = record.name if kind is TextKind.MAKER else titles.get(key) or first or key
    return Entry(kind, key, title, pairs)


def _pair(record: Any, name: str, digest: str | None) -> Pair:
    indonesian, english = getattr(record, f"{name}_id"), getattr(record, f"{name}_en")
    if not indonesian and not english:
        state = TextState.EMPTY
    elif not indonesian or not english:
        state = TextState.MISSING
    elif digest is None:
        state = TextState.UNCOMPARED
    else:
        state = TextState.COMPARED if digest == _digest(record, name) else TextState.STALE
    return Pair(name, indonesian, english, state)


def _digest(record: Any, name: str) -> str:
    """What both texts say, or "" when one is missing."""
    indonesian, english = getattr(record, f"{name}_id"), getattr(record, f"{name}_en")
    return sha256(f"{indonesian}\0{english}".encode()).hexdigest() if indonesian and english else ""


def _village_names(session: Session, codes: Sequence[str]) -> dict[str, str]:
    return {row.code: row.name for row in session.scalars(select(Area).where(Area.code.in_(codes)))}
