"""Whose products a person may propose, and units that are registered on the way."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from catalog.curation import units
from catalog.curation.units import Guardian
from catalog.makers import MakerFacts
from catalog.models.maker import MakerKind
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.people import Role
from tests.make import KARANG_AGUNG, TALANG_BULANG, make_actor, make_maker
from tests.make_curation import Panel


def test_a_village_lists_its_own_makers_and_a_maker_itself(session: Session, panel: Panel) -> None:
    here, there = make_maker(session, village_code=KARANG_AGUNG), make_maker(session, village_code=TALANG_BULANG)
    listed = {maker.id for maker in units.list_units(session, panel.village)}
    assert here.id in listed
    assert there.id not in listed
    own = make_actor(session, Role.MAKER, maker_id=there.id)
    assert [maker.id for maker in units.list_units(session, own)] == [there.id]
    assert units.get_unit(session, own, there.slug).id == there.id
    for actor, maker in ((panel.village, there), (own, here)):
        with pytest.raises(NotFound):
            units.get_unit(session, actor, maker.slug)


@pytest.mark.parametrize("kind", sorted(units.OF_PUPILS))
def test_pupils_have_a_grown_up_behind_them(session: Session, panel: Panel, kind: MakerKind) -> None:
    facts = MakerFacts(name="Sekolah Contoh", kind=kind, village_code=KARANG_AGUNG)
    for missing in (None, Guardian("", "0812 3456 7890"), Guardian("Ibu Guru", ""), Guardian("Ibu Guru", "12")):
        with pytest.raises(InvalidInput):
            units.register_unit(session, panel.village, facts, missing)
    made = units.register_unit(session, panel.village, facts, Guardian("Ibu Guru", "0812 3456 7890"))
    guardian = units.find_guardian(session, made.id)
    assert guardian is not None
    assert (guardian.name, guardian.phone) == ("Ibu Guru", "+6281234567890")


def test_nobody_registers_a_unit_elsewhere_or_without_proposing(session: Session, panel: Panel) -> None:
    facts = MakerFacts(name="Kelompok Contoh", kind=MakerKind.GROUP, village_code=TALANG_BULANG)
    for actor in (panel.village, panel.assessors[0], make_actor(session, Role.MAKER, maker_id=make_maker(session).id)):
        with pytest.raises(NotAllowed):
            units.register_unit(session, actor, facts)
    made = units.register_unit(session, panel.curator, facts, Guardian("Tidak perlu", "0812 3456 7890"))
    assert units.find_guardian(session, made.id) is None, "a group answers for itself"
