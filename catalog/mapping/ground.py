"""What the office's map is drawn from: every village of a regency or district, or the districts of a province as sums."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import and_, func, literal, select
from sqlalchemy.orm import Session

from catalog.mapping.focus import PROVINCE, Focus
from catalog.models.area import VillageKind
from catalog.models.programme import ProgrammeRecord, ProgrammeStatus
from catalog.programme import count_reached
from catalog.queries.parts import District, Regency, Village
from kernel.locales import pick

_STATUS = func.coalesce(ProgrammeRecord.status, literal(ProgrammeStatus.NOT_MAPPED, ProgrammeRecord.status.type))


@dataclass(frozen=True, slots=True)
class MappedVillage:
    """A village with a place on the map."""

    code: str
    name: str
    #: The district, whose land it stands on.
    group: str
    latitude: float
    longitude: float
    status: ProgrammeStatus
    product: str
    takes_part: bool


@dataclass(slots=True)
class MappedDistrict:
    """A district in the middle of its villages, with how many stand where. `group` is its regency."""

    code: str
    name: str
    group: str
    latitude: float
    longitude: float
    counts: dict[ProgrammeStatus, int] = field(default_factory=lambda: dict.fromkeys(ProgrammeStatus, 0))

    @property
    def total(self) -> int:
        """Its villages."""
        return sum(self.counts.values())

    def reached(self, status: ProgrammeStatus) -> int:
        """Those that came as far as `status`, or further."""
        return count_reached(self.counts, status)


def is_grouped(focus: Focus) -> bool:
    """Whether the map shows districts: a province's thousands of villages would be neither light nor legible."""
    return focus.level == PROVINCE


def list_mapped_villages(session: Session, focus: Focus, year: int, language: str) -> list[MappedVillage]:
    """The villages of a regency, district or village that have a place, by code. One statement."""
    record = and_(ProgrammeRecord.village_code == Village.code, ProgrammeRecord.year == year)
    columns = (Village.code, Village.name, Village.kind, District.name, Village.latitude, Village.longitude, _STATUS)
    statement = select(*columns, ProgrammeRecord.product_name_id, ProgrammeRecord.product_name_en)
    statement = statement.select_from(Village).join(District, District.code == Village.parent_code).outerjoin(ProgrammeRecord, record)
    statement = statement.where(focus.villages(), Village.latitude.is_not(None), Village.longitude.is_not(None)).order_by(Village.code)
    found = []
    for code, name, kind, district, latitude, longitude, status, in_indonesian, in_english in session.execute(statement):
        takes_part = kind is not VillageKind.KELURAHAN or status is not ProgrammeStatus.NOT_MAPPED
        product = pick(language, in_indonesian or "", in_english or "")
        found.append(MappedVillage(code, name, district, latitude or 0.0, longitude or 0.0, status, product, takes_part))
    return found


def list_mapped_districts(session: Session, focus: Focus, year: int) -> list[MappedDistrict]:
    """The districts of a province, by code. One statement."""
    record = and_(ProgrammeRecord.village_code == Village.code, ProgrammeRecord.year == year)
    columns = (District.code, District.name, Regency.name, Regency.short_name, _STATUS)
    sums = (func.count(), func.count(Village.latitude), func.sum(Village.latitude), func.sum(Village.longitude))
    statement = select(*columns, *sums).select_from(Village).join(District, District.code == Village.parent_code)
    statement = statement.join(Regency, Regency.code == District.parent_code).outerjoin(ProgrammeRecord, record)
    places: dict[str, tuple[int, float, float]] = {}
    found: dict[str, MappedDistrict] = {}
    for code, name, regency, short_name, status, count, placed, north, east in session.execute(
        statement.where(focus.villages()).group_by(*columns).order_by(District.code)
    ):
        district = found.setdefault(code, MappedDistrict(code, name, short_name or regency, 0, 0))
        district.counts[status] += count
        before = places.get(code, (0, 0.0, 0.0))
        places[code] = (before[0] + placed, before[1] + (north or 0), before[2] + (east or 0))
    for code, (placed, north, east) in places.items():
        if placed:
            found[code].latitude, found[code].longitude = north / placed, east / placed
        else:
            del found[code]
    return list(found.values())


def list_places(session: Session, focus: Focus) -> list[tuple[float, float]]:
    """Latitude and longitude of every village that has them. One statement."""
    statement = select(Village.latitude, Village.longitude).join(District, District.code == Village.parent_code)
    rows = session.execute(statement.where(focus.villages(), Village.latitude.is_not(None), Village.longitude.is_not(None)))
    return [(north or 0.0, east or 0.0) for north, east in rows]
