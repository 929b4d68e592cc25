"""The programme: every village on the list, one record a year, and counts that add up."""

from collections import Counter

import pytest
from sqlalchemy.orm import Session

from catalog.models.programme import ProgrammeStatus
from catalog.programme import count_reached, find_record, list_records, open_year, record_village
from kernel import audit
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import GUEST, SYSTEM, Role
from tests.make import BETUNG, KARANG_AGUNG, TALANG_BULANG, make_actor, make_areas


@pytest.fixture(autouse=True)
def areas(session: Session) -> None:
    make_areas(session)


def test_opening_a_year_lists_every_desa_once(session: Session) -> None:
    assert open_year(session, SYSTEM, 2026, "16.12") == 3  # the kelurahan takes no part
    assert open_year(session, SYSTEM, 2026, "16.12") == 0
    assert [record.status for record in list_records(session, 2026, within="16.12")] == [ProgrammeStatus.NOT_MAPPED] * 3


def test_a_village_has_one_record_a_year_which_is_corrected(session: Session) -> None:
    open_year(session, SYSTEM, 2026, "16.12")
    record_village(session, SYSTEM, BETUNG, 2026, ProgrammeStatus.MAPPED, product_name_id="Tepung mocaf", product_name_en="Mocaf flour")
    record_village(session, SYSTEM, BETUNG, 2026, ProgrammeStatus.SELECTED, product_name_id="Tepung mocaf")
    record = find_record(session, BETUNG, 2026)
    assert record is not None
    assert record.status is ProgrammeStatus.SELECTED
    assert find_record(session, BETUNG, 2025) is None
    assert audit.list_for(session, f"area:{BETUNG}")[0].details == {"year": 2026, "from": "mapped", "to": "selected"}


def test_who_came_further_counts_for_the_earlier_steps_too(session: Session) -> None:
    open_year(session, SYSTEM, 2026, "16.12")
    record_village(session, SYSTEM, BETUNG, 2026, ProgrammeStatus.MAPPED, product_name_id="Tepung mocaf")
    record_village(session, SYSTEM, TALANG_BULANG, 2026, ProgrammeStatus.LAUNCHED, product_name_id="Olahan nanas")
    counts = Counter(record.status for record in list_records(session, 2026))
    assert count_reached(counts, ProgrammeStatus.MAPPED) == 2
    assert count_reached(counts, ProgrammeStatus.SELECTED) == 1


def test_records_come_with_their_villages(session: Session) -> None:
    open_year(session, SYSTEM, 2026, "16.12")
    record_village(session, SYSTEM, KARANG_AGUNG, 2026, ProgrammeStatus.MAPPED, product_name_id="Keripik ubi kencur")
    assert [record.village.name for record in list_records(session, 2026, within="16.12")] == ["Talang Bulang", "Betung", "Karang Agung"]
    assert [record.village_code for record in list_records(session, 2026, statuses=[ProgrammeStatus.MAPPED])] == [KARANG_AGUNG]


@pytest.mark.parametrize(
    ("code", "year", "product", "field"),
    [
        ("16.12.04", 2026, "Tepung", "village_code"),
        ("16.12.04.2999", 2026, "Tepung", "village_code"),
        (BETUNG, 1999, "Tepung", "year"),
        (BETUNG, 2026, " ", "product_name_id"),
    ],
)
def test_a_wrong_value_is_refused_with_its_field(session: Session, code: str, year: int, product: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        record_village(session, SYSTEM, code, year, ProgrammeStatus.MAPPED, product_name_id=product)
    assert refusal.value.field == field


def test_another_regency_and_a_stranger_are_refused(session: Session) -> None:
    for actor in (GUEST, make_actor(session, Role.CURATOR, area_prefix="63.05")):
        with pytest.raises(NotAllowed):
            record_village(session, actor, BETUNG, 2026, ProgrammeStatus.NOT_MAPPED)
        with pytest.raises(NotAllowed):
            open_year(session, actor, 2026, "16.12")
