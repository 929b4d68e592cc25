"""Villages move one step at a time, on record; a step back or out says why."""

from __future__ import annotations

from itertools import product

import pytest
from sqlalchemy.orm import Session

from catalog.mapping.moves import MOVES, WrongMove, needs_reason
from catalog.mapping.moving import move_village
from catalog.mapping.potentials import PotentialFacts, add_potential, remove_potential
from catalog.models.programme import ProgrammeStatus
from catalog.programme import find_record
from kernel import audit
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import SYSTEM, Role
from tests.make import BETUNG, KARANG_AGUNG, make_actor, make_areas, make_programme_record

S = ProgrammeStatus
FORWARD = [(S.NOT_MAPPED, S.MAPPED), (S.MAPPED, S.SELECTED), (S.SELECTED, S.CURATED), (S.CURATED, S.LAUNCHED), (S.LAUNCHED, S.GRADUATED)]
BACK = [(after, before) for before, after in FORWARD] + [(each, S.DROPPED) for each in (S.MAPPED, S.SELECTED, S.CURATED, S.LAUNCHED)]
BACK.append((S.DROPPED, S.MAPPED))


@pytest.mark.parametrize(("before", "after"), list(product(S, S)), ids=lambda value: value.value)
def test_every_pair_of_standings_is_a_step_a_step_back_or_refused(before: ProgrammeStatus, after: ProgrammeStatus) -> None:
    if (before, after) in FORWARD:
        assert not needs_reason(before, after)
    elif (before, after) in BACK:
        assert needs_reason(before, after)
    else:
        with pytest.raises(WrongMove):
            needs_reason(before, after)


def test_the_table_names_every_standing() -> None:
    assert set(MOVES) == set(S)


def test_a_village_without_a_record_is_mapped_with_its_product_and_moved_on(session: Session) -> None:
    make_areas(session)
    curator = make_actor(session, Role.CURATOR, area_prefix="16.12")
    potential = add_potential(session, curator, BETUNG, PotentialFacts("Tepung mocaf", "Mocaf flour"))
    with pytest.raises(InvalidInput, match="Name the product"):
        move_village(session, curator, BETUNG, 2026, S.MAPPED, seen=S.NOT_MAPPED)
    move_village(session, curator, BETUNG, 2026, S.MAPPED, seen=S.NOT_MAPPED, potential=potential)
    record = move_village(session, curator, BETUNG, 2026, S.SELECTED, seen=S.MAPPED)
    assert (record.status, record.product_name_id, record.product_name_en) == (S.SELECTED, "Tepung mocaf", "Mocaf flour")
    moves = [entry for entry in audit.list_for(session, f"area:{BETUNG}") if entry.action == "programme.move"]
    assert [(entry.details["from"], entry.details["to"]) for entry in moves] == [("mapped", "selected"), ("not_mapped", "mapped")]


def test_a_step_back_says_why(session: Session) -> None:
    make_programme_record(session, BETUNG, status=S.SELECTED, product_name_id="Mocaf")
    with pytest.raises(InvalidInput) as refusal:
        move_village(session, SYSTEM, BETUNG, 2026, S.DROPPED, seen=S.SELECTED)
    assert refusal.value.field == "reason"
    record = move_village(session, SYSTEM, BETUNG, 2026, S.DROPPED, seen=S.SELECTED, reason="Pembuatnya pindah.")
    assert (record.status, record.note) == (S.DROPPED, "Pembuatnya pindah.")


def test_whoever_looked_at_an_older_standing_is_asked_to_look_again(session: Session) -> None:
    make_programme_record(session, BETUNG, status=S.SELECTED, product_name_id="Mocaf")
    with pytest.raises(WrongMove):
        move_village(session, SYSTEM, BETUNG, 2026, S.SELECTED, seen=S.MAPPED)


def test_only_the_offices_curators_of_the_area_move_its_villages(session: Session) -> None:
    make_programme_record(session, KARANG_AGUNG, product_name_id="Keripik")
    for role, prefix in (
        (Role.VILLAGE_OFFICER, KARANG_AGUNG),
        (Role.MENTOR, "16.12"),
        (Role.PROVINCE_OFFICER, "16"),
        (Role.CURATOR, "16.12.01"),
    ):
        with pytest.raises(NotAllowed):
            move_village(session, make_actor(session, role, area_prefix=prefix), KARANG_AGUNG, 2026, S.SELECTED, seen=S.MAPPED)


def test_a_year_stands_for_itself(session: Session) -> None:
    make_programme_record(session, BETUNG, year=2025, status=S.LAUNCHED, product_name_id="Mocaf")
    potential = add_potential(session, SYSTEM, BETUNG, PotentialFacts("Tepung mocaf"))
    move_village(session, SYSTEM, BETUNG, 2026, S.MAPPED, seen=S.NOT_MAPPED, potential=potential)
    record, before = find_record(session, BETUNG, 2026), find_record(session, BETUNG, 2025)
    assert record is not None
    assert before is not None
    assert (record.status, record.product_name_id, before.status) == (S.MAPPED, "Tepung mocaf", S.LAUNCHED)


def test_another_villages_product_or_one_off_the_list_is_not_put_forward(session: Session) -> None:
    make_programme_record(session, BETUNG, product_name_id="Mocaf")
    other = add_potential(session, SYSTEM, KARANG_AGUNG, PotentialFacts("Keripik"))
    gone = add_potential(session, SYSTEM, BETUNG, PotentialFacts("Opak"))
    remove_potential(session, SYSTEM, gone)
    for potential in (other, gone):
        with pytest.raises(InvalidInput):
            move_village(session, SYSTEM, BETUNG, 2026, S.SELECTED, seen=S.MAPPED, potential=potential)
