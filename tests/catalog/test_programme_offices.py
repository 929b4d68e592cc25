"""The office in charge: the longest code speaks for a village, an administrator changes it, schemes are what it runs."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from catalog import programme_offices
from catalog.models.programme import Scheme
from catalog.programme_offices import OfficeFacts
from kernel import audit
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.people import Role
from tests.make import KARANG_AGUNG, make_actor, make_areas


def _save(session: Session, area: str = "16.12", **changes: object) -> None:
    facts = OfficeFacts(area_code=area, name_id=f"Dinas {area}", **changes)  # type: ignore[arg-type]
    programme_offices.save_office(session, make_actor(session), facts)


def test_the_longest_code_speaks_for_a_village(session: Session) -> None:
    make_areas(session)
    assert programme_offices.find_office_for(session, KARANG_AGUNG) is None
    _save(session, "16")
    province = programme_offices.find_office_for(session, KARANG_AGUNG)
    _save(session, "16.12")
    regency = programme_offices.find_office_for(session, KARANG_AGUNG)
    assert province is not None
    assert regency is not None
    assert (province.area_code, regency.area_code) == ("16", "16.12")
    assert programme_offices.find_office_for(session, "17.01") is None


def test_without_a_scheme_it_runs_all(session: Session) -> None:
    make_areas(session)
    assert programme_offices.list_schemes_for(session, KARANG_AGUNG) == list(Scheme)
    _save(session)
    assert programme_offices.list_schemes_for(session, KARANG_AGUNG) == list(Scheme)
    _save(session, schemes=[Scheme.OSOP, Scheme.OVOP])
    assert programme_offices.list_schemes_for(session, KARANG_AGUNG) == [Scheme.OVOP, Scheme.OSOP]


def test_only_an_administrator_names_an_office_and_every_change_is_on_record(session: Session) -> None:
    make_areas(session)
    with pytest.raises(NotAllowed):
        programme_offices.save_office(session, make_actor(session, Role.CURATOR), OfficeFacts(area_code="16.12", name_id="X"))
    _save(session)
    _save(session)
    _save(session, phone="0812 3456 7890")
    entries = audit.list_for(session, "programme_office:16.12")
    assert [entry.details["changed"] for entry in entries][:1] == [["phone"]]
    assert len(entries) == 2, "nothing changed, nothing noted"
    assert programme_offices.get_office(session, "16.12").phone == "+6281234567890"
    with pytest.raises(NotFound):
        programme_offices.get_office(session, "16")


@pytest.mark.parametrize("area", ["16.12.04", KARANG_AGUNG, "99", ""])
def test_an_office_belongs_to_a_regency_or_a_province(session: Session, area: str) -> None:
    make_areas(session)
    with pytest.raises(InvalidInput):
        _save(session, area)
