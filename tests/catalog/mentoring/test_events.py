"""Events, supporting organisations and referrals."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from catalog.mentoring import events, organisations, queries
from catalog.mentoring.events import EventFacts
from catalog.mentoring.organisations import NEXT, ContactFacts, OrganisationFacts
from catalog.models.mentoring import EventKind, EventState, OrganisationKind, ProgrammeEvent, ReferralState
from kernel import clock
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM, Role
from tests.make import BETUNG, KARANG_AGUNG, TALANG_BULANG, make_actor, make_areas, make_maker

TODAY = clock.today()
DAY = timedelta(days=1)
FACTS = EventFacts(
    kind=EventKind.TRAINING, title="Label pangan", place="Aula Betung", held_on=TODAY, villages=[BETUNG, KARANG_AGUNG, TALANG_BULANG]
)
BANK = OrganisationFacts(
    kind=OrganisationKind.BANK,
    name="Bank Contoh",
    area_code="16.12",
    helps_with="KUR",
    contacts=[ContactFacts("Ibu Sri", phone="0812 3456 7890")],
)


@pytest.fixture
def event(session: Session) -> ProgrammeEvent:
    make_areas(session)
    return events.create_event(session, SYSTEM, "16.12", FACTS)


def test_attendance_is_counted_by_village_also_where_nobody_came(session: Session, event: ProgrammeEvent) -> None:
    here = [events.register(session, SYSTEM, event, BETUNG, name) for name in ("Ani", "Budi")]
    events.register(session, SYSTEM, event, KARANG_AGUNG, "Cici")
    assert events.mark(session, SYSTEM, event, [here[0].code]) == 1
    numbers = {each.village.code: (each.registered, each.attended) for each in queries.list_attendance(session, SYSTEM, event)}
    assert numbers == {BETUNG: (2, 1), KARANG_AGUNG: (1, 0), TALANG_BULANG: (0, 0)}
    assert event.state is EventState.HELD
    assert events.mark(session, SYSTEM, event, [each.code for each in here]) == 2
    assert [row[1:] for row in queries.list_events(session, SYSTEM, TODAY)] == [(3, 2)]


def test_the_same_name_of_a_village_registers_once_and_strangers_not_at_all(session: Session, event: ProgrammeEvent) -> None:
    events.register(session, SYSTEM, event, BETUNG, "Ani  Sari")
    with pytest.raises(Conflict):
        events.register(session, SYSTEM, event, BETUNG, "Ani Sari")
    with pytest.raises(InvalidInput):
        events.register(session, SYSTEM, event, "16.12.01.1003", "Dedi")
    with pytest.raises(InvalidInput):
        events.invite(session, SYSTEM, event, ["16.01.07.2001"])
    assert events.invite(session, SYSTEM, event, ["16.12.01.1003", BETUNG]) == 1


def test_nobody_is_marked_before_the_day_or_after_it_was_called_off(session: Session, event: ProgrammeEvent) -> None:
    events.change_event(session, SYSTEM, event, replace(FACTS, held_on=TODAY + DAY))
    with pytest.raises(InvalidInput):
        events.mark(session, SYSTEM, event, [])
    events.cancel(session, SYSTEM, event)
    for act in (lambda: events.register(session, SYSTEM, event, BETUNG, "Ani"), lambda: events.cancel(session, SYSTEM, event)):
        with pytest.raises(Conflict):
            act()


def test_a_district_sees_the_regencys_event_with_its_own_people_only(session: Session, event: ProgrammeEvent) -> None:
    events.register(session, SYSTEM, event, TALANG_BULANG, "Ani")
    events.register(session, SYSTEM, event, BETUNG, "Budi")
    mentor = make_actor(session, Role.MENTOR, area_prefix="16.12.01")
    assert events.get_event(session, mentor, event.code).id == event.id
    assert [each.name for each in queries.list_attendees(session, mentor, event)] == ["Ani"]
    with pytest.raises(NotAllowed):
        events.mark(session, mentor, event, [])
    with pytest.raises(NotFound):
        events.get_event(session, make_actor(session, Role.CURATOR, area_prefix="16.01"), event.code)


def test_an_organisation_is_kept_with_its_contacts(session: Session) -> None:
    make_areas(session)
    bank = organisations.save_organisation(session, SYSTEM, BANK)
    organisations.save_organisation(session, SYSTEM, replace(BANK, name="Bank Lain", contacts=[]), bank)
    read = organisations.get_organisation(session, make_actor(session, Role.MENTOR, area_prefix="16.12.01"), bank.code)
    assert (read.name, read.contacts) == ("Bank Lain", [])
    with pytest.raises(NotAllowed):
        organisations.save_organisation(session, make_actor(session, Role.MENTOR, area_prefix="16.12.01"), BANK)
    assert organisations.list_organisations(session, make_actor(session, Role.CURATOR, area_prefix="16.01")) == []


@pytest.mark.parametrize("before", list(ReferralState))
@pytest.mark.parametrize("after", list(ReferralState))
def test_a_referral_goes_only_where_the_table_says(session: Session, before: ReferralState, after: ReferralState) -> None:
    maker = make_maker(session)
    made = organisations.refer(session, SYSTEM, maker, organisations.save_organisation(session, SYSTEM, BANK), "Modal kerja", TODAY)
    made.state = before
    session.flush()
    if after in NEXT[before]:
        assert organisations.note_result(session, SYSTEM, made.code, after, "Sudah dijawab").state is after
    else:
        with pytest.raises(Conflict):
            organisations.note_result(session, SYSTEM, made.code, after, "Sudah dijawab")


def test_a_referral_lies_in_its_makers_area(session: Session) -> None:
    maker = make_maker(session, village_code=KARANG_AGUNG)
    bank = organisations.save_organisation(session, SYSTEM, BANK)
    made = organisations.refer(session, SYSTEM, maker, bank, "Modal kerja", TODAY)
    mentor = make_actor(session, Role.MENTOR, area_prefix="16.12.01")
    with pytest.raises(NotFound):
        organisations.get_referral(session, mentor, made.code)
    with pytest.raises(NotFound):
        organisations.refer(session, mentor, maker, bank, "Modal", TODAY)
    assert queries.list_referrals(session, mentor).total == 0
    assert queries.list_referrals(session, SYSTEM, organisation=bank.code).total == 1
    organisations.save_organisation(session, SYSTEM, replace(BANK, is_active=False), bank)
    with pytest.raises(InvalidInput):
        organisations.refer(session, SYSTEM, maker, bank, "Modal", TODAY)
