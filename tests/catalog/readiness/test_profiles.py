"""Profiles: defaults until an office changes one, a new version for each change, and nobody's change is lost."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from catalog.models.certificate import CertificateKind
from catalog.models.readiness import RequirementKind
from catalog.readiness import profiles
from catalog.readiness.checking import Need
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import GUEST, SYSTEM, Actor, Grant, Role

OFFICE = Actor(None, "Kurator", (Grant(Role.CURATOR, "16.12"),))


def change(session: Session, actor: Actor = OFFICE, *needs: Need, version: int = 1, key: str = "minimarket") -> profiles.Profile:
    return profiles.change_profile(session, actor, key, version=version, name_id="Mini", name_en="Mini", needs=needs, note="Uji")


def test_an_office_begins_with_three_profiles(session: Session) -> None:
    keys = [profile.key for profile in profiles.list_profiles(session)]
    profiles.install_defaults(session)
    profiles.install_defaults(session)
    assert [profile.key for profile in profiles.list_profiles(session)] == keys == ["minimarket", "supermarket", "gift_shop"]
    assert [profile.version for profile in profiles.list_profiles(session)] == [1, 1, 1]


def test_a_change_is_a_new_version_and_the_old_one_stays_readable(session: Session) -> None:
    need = Need(RequirementKind.PAPER, papers=(CertificateKind.HALAL,))
    assert change(session, OFFICE, need).version == 2
    assert profiles.get_profile(session, "minimarket").needs == (need,)
    versions = profiles.list_versions(session, "minimarket")
    assert [(row.version, row.is_current) for row in versions] == [(2, True), (1, False)]
    assert len(versions[1].requirements) == 10


def test_a_change_over_somebody_elses_is_refused(session: Session) -> None:
    change(session, OFFICE, Need(RequirementKind.HALAL))
    with pytest.raises(Conflict):
        change(session, SYSTEM, Need(RequirementKind.RETURNS), version=1)


@pytest.mark.parametrize(
    "need",
    [Need(RequirementKind.PAPER), Need(RequirementKind.SHELF_LIFE, 0), Need(RequirementKind.RETURNS, 4), Need(RequirementKind.PHOTOS, -1)],
)
def test_a_need_that_asks_nothing_is_refused(session: Session, need: Need) -> None:
    with pytest.raises(InvalidInput):
        change(session, OFFICE, need)


def test_only_the_office_changes_profiles_that_exist(session: Session) -> None:
    with pytest.raises(NotAllowed):
        change(session, GUEST)
    with pytest.raises(NotFound):
        change(session, OFFICE, key="unknown")
