"""What a village tells visitors."""

import pytest
from sqlalchemy.orm import Session

from catalog.villages import VillageFacts, describe_visit, find_profile
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import GUEST, SYSTEM
from tests.make import BETUNG, TALANG_BULANG, make_areas


def test_a_village_describes_itself_and_corrects_what_it_said(session: Session) -> None:
    make_areas(session)
    describe_visit(session, SYSTEM, TALANG_BULANG, VillageFacts(intro_id="Kebun nanas.", contact_phone="0812 3456 7890"))
    describe_visit(session, SYSTEM, TALANG_BULANG, VillageFacts(intro_id="Kebun nanas.", intro_en="Pineapple gardens."))
    profile = find_profile(session, TALANG_BULANG)
    assert profile is not None
    assert (profile.intro_en, profile.contact_phone) == ("Pineapple gardens.", "")
    assert find_profile(session, BETUNG) is None


def test_wrong_values_and_strangers_are_refused(session: Session) -> None:
    make_areas(session)
    with pytest.raises(InvalidInput) as refusal:
        describe_visit(session, SYSTEM, TALANG_BULANG, VillageFacts(contact_phone="12"))
    assert refusal.value.field == "contact_phone"
    with pytest.raises(InvalidInput):
        describe_visit(session, SYSTEM, "16.12", VillageFacts())
    with pytest.raises(NotAllowed):
        describe_visit(session, GUEST, TALANG_BULANG, VillageFacts())
