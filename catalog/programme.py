"""The programme: one record per village and year, from not yet mapped to launched, and how many villages stand where."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session, joinedload

from catalog.access import ensure_can
from catalog.areas import get_village
from catalog.models.area import Area, AreaLevel, VillageKind
from catalog.models.programme import ProgrammeRecord, ProgrammeStatus
from kernel import audit, clock
from kernel.errors import N_, InvalidInput
from kernel.parsing import check_range, parse_choice, parse_text
from kernel.people import Actor, Permission

FIRST_YEAR = 2007


def record_village(
    session: Session,
    actor: Actor,
    village_code: str,
    year: int,
    status: ProgrammeStatus,
    *,
    product_name_id: str = "",
    product_name_en: str = "",
    note: str = "",
    is_sample: bool = False,
) -> ProgrammeRecord:
    """Say how far a village is in a year, new or corrected. From "mapped" on it must name the product it puts forward."""
    ensure_can(actor, Permission.DECIDE_PROGRAMME, village_code)
    village = get_village(session, village_code)
    check_year(year)
    status = parse_choice(ProgrammeStatus, status, field="status")
    product_name_id = parse_text(product_name_id, field="product_name_id", maximum=120)
    product_name_en = parse_text(product_name_en, field="product_name_en", maximum=120)
    if status is not ProgrammeStatus.NOT_MAPPED and not (product_name_id or product_name_en):
        raise InvalidInput(N_("Name the product the village puts forward."), field="product_name_id")
    record = find_record(session, village_code, year)
    before = record.status.value if record else None
    if record is None:
        record = ProgrammeRecord(village_code=village.code, year=year, is_sample=is_sample)
        session.add(record)
    record.status = status
    record.product_name_id, record.product_name_en = product_name_id, product_name_en
    record.note = parse_text(note, field="note", maximum=2_000)
    record.updated_at = clock.now()
    session.flush()
    audit.record(session, actor, "programme.record", f"area:{village_code}", {"year": year, "from": before, "to": status.value})
    return record


def open_year(session: Session, actor: Actor, year: int, area_code: str) -> int:
    """Put every desa of `area_code` that has no record of `year` on the list as not yet mapped; how many were added."""
    ensure_can(actor, Permission.DECIDE_PROGRAMME, area_code)
    check_year(year)
    listed = exists().where(ProgrammeRecord.village_code == Area.code, ProgrammeRecord.year == year)
    codes = session.scalars(
        select(Area.code).where(
            Area.level == AreaLevel.VILLAGE, Area.kind == VillageKind.DESA, Area.code.startswith(f"{area_code}."), ~listed
        )
    ).all()
    moment = clock.now()
    rows = [
        {"village_code": code, "year": year, "status": ProgrammeStatus.NOT_MAPPED, "updated_at": moment, "is_sample": False}
        for code in codes
    ]
    if rows:
        session.execute(insert(ProgrammeRecord), rows)
        audit.record(session, actor, "programme.open", f"area:{area_code}", {"year": year, "added": len(rows)})
    return len(rows)


def find_record(session: Session, village_code: str, year: int) -> ProgrammeRecord | None:
    """The village's record of the year, or None: not on the list is the same as not yet mapped."""
    return session.scalar(select(ProgrammeRecord).where(ProgrammeRecord.village_code == village_code, ProgrammeRecord.year == year))


def list_records(session: Session, year: int, *, within: str = "", statuses: Sequence[ProgrammeStatus] = ()) -> list[ProgrammeRecord]:
    """The year's records below `within` with their villages loaded, by area code."""
    statement = select(ProgrammeRecord).where(ProgrammeRecord.year == year).options(joinedload(ProgrammeRecord.village))
    if within:
        statement = statement.where(ProgrammeRecord.village_code.startswith(f"{within}."))
    if statuses:
        statement = statement.where(ProgrammeRecord.status.in_(statuses))
    return list(session.scalars(statement.order_by(ProgrammeRecord.village_code)))


def count_reached(counts: dict[ProgrammeStatus, int], status: ProgrammeStatus) -> int:
    """How many villages have come as far as `status` or further: a launched village has been selected, too."""
    return sum(count for each, count in counts.items() if each.reached >= status.reached)


def check_year(year: int) -> None:
    """InvalidInput unless it can be a year of the programme."""
    check_range(year, FIRST_YEAR, clock.today().year + 1, "year")
