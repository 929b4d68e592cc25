"""Opening an outlet and correcting what buyers read of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from catalog import outlets
from catalog.outlets import OutletFacts, parse_hours
from kernel import audit
from kernel.errors import Conflict, InvalidInput, NotAllowed
from kernel.people import Role
from tests.make import make_actor, make_areas

WEEK = [("08:00", "20:00")] * 6 + [None]
FACTS = OutletFacts(
    name="Pusat Oleh-oleh Rantau",
    operator_name="Koperasi Contoh",
    area_code="16.12.01.1003",
    address="Jalan Contoh 1",
    zone="WITA",
    phone="0812 3456 7890",
    latitude=-2.93,
    longitude=115.16,
    opening_hours=WEEK,
)


def test_an_administrator_opens_an_outlet_and_its_lead_changes_hours_but_not_who_runs_it(session: Session) -> None:
    make_areas(session)
    outlet = outlets.open_outlet(session, make_actor(session), "rantau", FACTS)
    assert (outlet.code, outlet.slug, outlet.phone) == ("RANTAU", "pusat-oleh-oleh-rantau", "+6281234567890")
    lead = make_actor(session, Role.OUTLET_MANAGER, outlet_id=outlet.id)
    known = outlets.facts_of(outlet)
    outlets.change_outlet(session, lead, outlet, replace(known, opening_hours=[("14:00", "23:00")] * 7))
    assert outlet.opening_hours[6] == ["14:00", "23:00"]
    with pytest.raises(NotAllowed):
        outlets.change_outlet(session, lead, outlet, replace(outlets.facts_of(outlet), operator_name="Orang Lain"))
    outlets.change_outlet(session, make_actor(session), outlet, replace(outlets.facts_of(outlet), operator_name="Koperasi Lain"))
    assert [entry.action for entry in audit.list_for(session, "outlet:RANTAU")] == ["outlet.change", "outlet.change", "outlet.open"]


def test_saving_what_stands_there_already_is_no_change(session: Session) -> None:
    make_areas(session)
    outlet = outlets.open_outlet(session, make_actor(session), "RANTAU", FACTS)
    outlets.change_outlet(session, make_actor(session), outlet, outlets.facts_of(outlet))
    assert [entry.action for entry in audit.list_for(session, "outlet:RANTAU")] == ["outlet.open"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"area_code": "16.12"}, "area_code"),
        ({"zone": "GMT"}, "zone"),
        ({"longitude": None}, "latitude"),
        ({"opening_hours": WEEK[:3]}, "opening_hours"),
        ({"opening_hours": [("8", "20")] * 7}, "opening_hours"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(session: Session, changes: dict[str, object], field: str) -> None:
    make_areas(session)
    with pytest.raises(InvalidInput) as refusal:
        outlets.open_outlet(session, make_actor(session), "RANTAU", replace(FACTS, **changes))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_code_is_short_and_its_own_and_only_an_administrator_gives_one(session: Session) -> None:
    make_areas(session)
    for code in ("RA", "RANTAU-1", "RANTAURAYA"):
        with pytest.raises(InvalidInput):
            outlets.open_outlet(session, make_actor(session), code, FACTS)
    outlets.open_outlet(session, make_actor(session), "RANTAU", FACTS)
    with pytest.raises(Conflict):
        outlets.open_outlet(session, make_actor(session), "rantau ", FACTS)
    for actor in (make_actor(session, Role.CURATOR, area_prefix="16.12"), make_actor(session, Role.ADMINISTRATOR, area_prefix="16.12")):
        with pytest.raises(NotAllowed):
            outlets.open_outlet(session, actor, "LAIN", FACTS)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("08.00–20.00", ("08:00", "20:00")),
        ("8-20", ("08:00", "20:00")),
        (" 08:30 - 21.15 ", ("08:30", "21:15")),
        ("17.00–01.00", ("17:00", "01:00")),
        ("", None),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, hours: tuple[str, str] | None) -> None:
    assert parse_hours(text) == hours


@pytest.mark.parametrize("text", ["8", "08.00", "25.00-26.00", "08.60-10.00", "tutup", "8-20-22"])
def test_hours_nobody_can_keep_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_hours(text)
