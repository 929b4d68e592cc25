"""Events of lots as EPCIS 2.0 in JSON-LD: what each of our facts is called there. Pure.

Source: GS1 EPCIS 2.0 and Core Business Vocabulary 2.0. docs/provenance.md has the table.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from catalog.models.stock import LossCause, MovementKind
from catalog.provenance.digital_link import pack_address
from kernel import clock

Json = dict[str, Any]
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
MEDIA_TYPE = "application/ld+json"
#: Our own words for what the vocabulary lacks, below the shop's address.
PREFIX = "etalase"
_EVENTS = uuid.UUID("6f1a3c4e-6f0b-5a7e-9d59-8a5c1c6f2b10")
#: By kind of movement: action, business step, disposition.
_STEPS: dict[MovementKind, tuple[str, str, str]] = {
    MovementKind.RECEIVED: ("OBSERVE", "receiving", "in_progress"),
    MovementKind.SOLD: ("OBSERVE", "retail_selling", "retail_sold"),
    MovementKind.RETURNED: ("OBSERVE", "receiving", "returned"),
    MovementKind.RETURNED_TO_MAKER: ("OBSERVE", "shipping", "in_transit"),
    MovementKind.CORRECTED: ("OBSERVE", "stock_taking", "sellable_accessible"),
    MovementKind.COUNTED: ("OBSERVE", "stock_taking", "sellable_accessible"),
}
#: By cause of a loss.
_LOSSES: dict[LossCause | None, tuple[str, str, str]] = {
    LossCause.DAMAGED: ("DELETE", "destroying", "damaged"),
    LossCause.EXPIRED: ("DELETE", "destroying", "expired"),
    LossCause.LOST: ("DELETE", "stock_taking", "unknown"),
    LossCause.SAMPLE: ("DELETE", "dispensing", "dispensed"),
    None: ("DELETE", "destroying", "destroyed"),
}
_LEFT, _CAME = ("OBSERVE", "shipping", "in_transit"), ("OBSERVE", "receiving", "in_progress")
#: Movements that are exported: holding for an order is a promise, not something that happens to goods.
TOLD = frozenset({*_STEPS, MovementKind.MOVED, MovementKind.WRITTEN_OFF})
#: Kinds of papers by the word before the colon of a movement's reference.
_PAPERS = {"delivery": "desadv", "order": "po", "transfer": "desadv", "receipt": "inv", "return": "rma"}
_UNITS = {"g": ("GRM"), "ml": ("MLT")}


@dataclass(frozen=True, slots=True)
class Lot:
    """What an event says about the goods: one variant's lot."""

    variant_code: str
    gtin: str | None
    lot: str


@dataclass(frozen=True, slots=True)
class Commissioned:
    """A lot came into being."""

    key: str
    at: datetime
    zone: str
    area_code: str
    lots: tuple[Lot, ...]
    name: str
    produced_on: date | None
    best_before_on: date | None


@dataclass(frozen=True, slots=True)
class Input:
    """One raw material of a transformation."""

    name: str
    origin_code: str
    supplier: str
    quantity: int | None
    unit: str
    lot: str
    of: tuple[Lot, ...] = ()


@dataclass(frozen=True, slots=True)
class Transformed:
    """Raw materials became a lot; `instead_of` names the record it corrects."""

    key: str
    at: datetime
    recorded_at: datetime
    zone: str
    area_code: str
    processed_by: str
    outputs: tuple[Lot, ...]
    inputs: tuple[Input, ...]
    corrected_at: datetime | None = None
    corrected_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """One movement of stock at an outlet. `reference` is empty where the reader may not see it."""

    key: str
    at: datetime
    zone: str
    kind: MovementKind
    cause: LossCause | None
    change: int
    outlet_code: str
    lot: Lot
    reference: str = field(default="")
    #: Whether the reader may see how many.
    is_counted: bool = True


Event = Commissioned | Transformed | Moved


@dataclass(frozen=True, slots=True)
class Names:
    """How things are addressed below the shop's `root`."""

    root: str

    def lot(self, lot: Lot) -> str:
        """The class of all packs of the lot: a Digital Link, or our own address where there is no registered number."""
        return pack_address(self.root, code=lot.variant_code, gtin=lot.gtin, lot=lot.lot)

    def village(self, code: str) -> str:
        """An official area: the village's page, or a name only."""
        return f"{self.root}/villages/{code}"

    def thing(self, kind: str, code: str) -> str:
        """What has no page of its own, named as RFC 8615 and RDF 1.1 (skolem names) want it."""
        return f"{self.root}/.well-known/genid/{quote(kind, safe='')}/{quote(code, safe='')}"

    def event(self, key: str) -> str:
        """The same event has the same name in every export of this shop."""
        return f"urn:uuid:{uuid.uuid5(_EVENTS, f'{self.root} {key}')}"


def write_document(events: Iterable[Event], root: str, at: datetime) -> Iterator[str]:
    """An EPCISDocument piece by piece, in flat memory however many events there are."""
    names = Names(root.rstrip("/"))
    head = {
        "@context": [CONTEXT, {PREFIX: f"{names.root}/provenance/ns#"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _instant(at),
    }
    yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "epcisBody": {{"eventList": ['
    before = "\n"
    for event in events:
        yield before + json.dumps(as_json(event, names), ensure_ascii=False, separators=(",", ":"))
        before = ",\n"
    yield "\n]}}\n"


def as_json(event: Event, names: Names) -> Json:
    """One event as the standard says it."""
    match event:
        case Commissioned():
            return _commissioned(event, names)
        case Transformed():
            return _transformed(event, names)
        case Moved():
            return _moved(event, names)


def _commissioned(event: Commissioned, names: Names) -> Json:
    said: Json = {f"{PREFIX}:lotNumber": event.lots[0].lot, f"{PREFIX}:name": event.name, f"{PREFIX}:countryOfOrigin": "ID"}
    if event.produced_on:
        said[f"{PREFIX}:productionDate"] = event.produced_on.isoformat()
    if event.best_before_on:
        said[f"{PREFIX}:bestBeforeDate"] = event.best_before_on.isoformat()
    return _frame("ObjectEvent", event.key, event.at, event.zone, names) | {
        "action": "ADD",
        "quantityList": [{"epcClass": names.lot(lot)} for lot in event.lots],
        "bizStep": "commissioning",
        "disposition": "active",
        **_at_village(event.area_code, names),
        "ilmd": said,
    }


def _transformed(event: Transformed, names: Names) -> Json:
    found = _frame("TransformationEvent", event.key, event.at, event.zone, names)
    if event.corrected_at:
        found["errorDeclaration"] = {
            "declarationTime": _instant(event.corrected_at),
            "reason": "incorrect_data",
            "correctiveEventIDs": [names.event(event.corrected_by)],
        }
    found |= {
        "recordTime": _instant(event.recorded_at),
        "inputQuantityList": [quantity for place, each in enumerate(event.inputs, 1) for quantity in _input(event.key, place, each, names)],
        "outputQuantityList": [{"epcClass": names.lot(lot)} for lot in event.outputs],
        "bizStep": "commissioning",
        "disposition": "active",
        **_at_village(event.area_code, names),
        f"{PREFIX}:processedBy": event.processed_by,
        f"{PREFIX}:materials": [_said(each, names) for each in event.inputs],
    }
    return found | ({f"{PREFIX}:note": event.note} if event.note else {})


def _input(key: str, place: int, material: Input, names: Names) -> list[Json]:
    """The material as classes: our own lot's, or a name made for it."""
    classes = [names.lot(lot) for lot in material.of] or [names.thing("material", f"{key}/{place}")]
    found: Json = {"epcClass": classes[0]}
    if material.quantity is not None:
        found["quantity"] = material.quantity
        if material.unit in _UNITS:
            found["uom"] = _UNITS[material.unit]
    return [found]


def _said(material: Input, names: Names) -> Json:
    found: Json = {f"{PREFIX}:name": material.name}
    if material.origin_code:
        found[f"{PREFIX}:origin"] = names.village(material.origin_code)
    if material.supplier:
        found[f"{PREFIX}:supplier"] = material.supplier
    if material.lot:
        found[f"{PREFIX}:lot"] = material.lot
    return found


def _moved(event: Moved, names: Names) -> Json:
    if event.kind is MovementKind.MOVED:
        action, step, disposition = _CAME if event.change > 0 else _LEFT
    elif event.kind is MovementKind.WRITTEN_OFF:
        action, step, disposition = _LOSSES[event.cause]
    else:
        action, step, disposition = _STEPS[event.kind]
    place = {"id": names.thing("outlet", event.outlet_code)}
    found = _frame("ObjectEvent", event.key, event.at, event.zone, names) | {
        "action": action,
        "quantityList": [{"epcClass": names.lot(event.lot)} | ({"quantity": abs(event.change)} if event.is_counted else {})],
        "bizStep": step,
        "disposition": disposition,
        "readPoint": place,
        "bizLocation": place,
    }
    if step == "stock_taking":
        found[f"{PREFIX}:difference"] = event.change
    if event.reference:
        kind, _colon, code = event.reference.partition(":")
        paper: Json = {"type": _PAPERS[kind]} if kind in _PAPERS else {}
        found["bizTransactionList"] = [paper | {"bizTransaction": names.thing(kind or "paper", code or event.reference)}]
    return found


def _frame(kind: str, key: str, at: datetime, zone: str, names: Names) -> Json:
    return {"type": kind, "eventID": names.event(key), "eventTime": _instant(at), "eventTimeZoneOffset": _offset(at, zone)}


def _at_village(area_code: str, names: Names) -> Json:
    place = {"id": names.village(area_code)}
    return {"readPoint": place, "bizLocation": place}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _offset(at: datetime, zone: str) -> str:
    """`+07:00`."""
    offset = at.astimezone(clock.ZONES[zone]).utcoffset() or timedelta()
    hours, minutes = divmod(int(offset.total_seconds()) // 60, 60)
    return f"{hours:+03d}:{minutes:02d}"


def lots_of(rows: Sequence[tuple[str, str | None]], lot: str) -> tuple[Lot, ...]:
    """The lot in each of a product's packs: (variant code, GTIN)."""
    return tuple(Lot(code, gtin, lot) for code, gtin in rows)
