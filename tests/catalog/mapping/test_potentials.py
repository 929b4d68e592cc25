"""What villages could make, and what shows it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from catalog.mapping import potentials
from catalog.mapping.likeness import likeness_of
from catalog.mapping.potentials import EvidenceFacts, PotentialFacts
from catalog.models.mapping import EvidenceKind
from catalog.models.programme import Scheme
from kernel import clock
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM, Role
from tests.make import BETUNG, KARANG_AGUNG, TALANG_BULANG, make_actor, make_areas


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Keripik Ubi", "keripik ubi", True),
        ("Keripik ubi khas desa", "Ubi, keripik", True),
        ("Olahan nanas", "Nanas", True),
        ("Keripik ubi", "Keripik ubi kencur", False),
        ("Aneka olahan", "Olahan aneka", True),
    ],
)
def test_names_are_alike_by_their_words(one: str, other: str, same: bool) -> None:
    assert (likeness_of(one) == likeness_of(other)) is same


def test_a_mentor_writes_down_what_a_village_of_theirs_could_make_and_none_other(session: Session) -> None:
    make_areas(session)
    mentor = make_actor(session, Role.MENTOR, area_prefix="16.12.01")
    made = potentials.add_potential(session, mentor, TALANG_BULANG, PotentialFacts("Dodol nanas"))
    assert potentials.get_potential(session, mentor, made.code.lower()).id == made.id
    with pytest.raises(NotAllowed):
        potentials.add_potential(session, mentor, KARANG_AGUNG, PotentialFacts("Keripik"))
    elsewhere = potentials.add_potential(session, SYSTEM, KARANG_AGUNG, PotentialFacts("Keripik"))
    with pytest.raises(NotFound):
        potentials.get_potential(session, mentor, elsewhere.code)
    with pytest.raises(NotAllowed):
        potentials.remove_potential(session, make_actor(session, Role.OBSERVER, area_prefix="16.12"), made)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (PotentialFacts(" "), "name_id"),
        (PotentialFacts("Keripik", scheme=Scheme.OCOP), "unit_name"),
        (PotentialFacts("Keripik", scheme=Scheme.OSOP, unit_name="SLB Contoh"), "contact_name"),
        (PotentialFacts("Keripik", contact_phone="12"), "contact_phone"),
        (PotentialFacts("x" * 121), "name_id"),
    ],
)
def test_what_is_missing_is_named(session: Session, facts: PotentialFacts, field: str) -> None:
    make_areas(session)
    with pytest.raises(InvalidInput) as refusal:
        potentials.add_potential(session, SYSTEM, BETUNG, facts)
    assert refusal.value.field == field


def test_evidence_has_a_source_and_a_day_that_has_come(session: Session) -> None:
    make_areas(session)
    made = potentials.add_potential(session, SYSTEM, BETUNG, PotentialFacts("Mocaf"))
    today = clock.today()
    kept = potentials.add_evidence(session, SYSTEM, made, EvidenceFacts(EvidenceKind.NOTE, "Kepala desa", today, "Dua oven baru."))
    assert potentials.get_evidence(session, SYSTEM, kept.code) == (kept, made)
    for facts, field in (
        (EvidenceFacts(EvidenceKind.NOTE, "", today, "Ada"), "source"),
        (EvidenceFacts(EvidenceKind.NOTE, "Kepala desa", today + timedelta(days=1), "Ada"), "seen_on"),
        (EvidenceFacts(EvidenceKind.NOTE, "Kepala desa", today), "note"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            potentials.add_evidence(session, SYSTEM, made, facts)
        assert refusal.value.field == field
    assert potentials.remove_evidence(session, SYSTEM, kept, BETUNG) == ""
    with pytest.raises(NotFound):
        potentials.get_evidence(session, SYSTEM, kept.code)


def test_what_is_off_the_list_can_come_back(session: Session) -> None:
    make_areas(session)
    made = potentials.add_potential(session, SYSTEM, BETUNG, PotentialFacts("Mocaf"))
    potentials.remove_potential(session, SYSTEM, made)
    assert made.removed_at is not None
    potentials.restore_potential(session, SYSTEM, made)
    assert made.removed_at is None
