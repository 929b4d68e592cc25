"""Villages as mapping sees them: the list with filters, the same as rows for a file, and figures by the areas below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from catalog.areas import display_name, fold_name, level_of
from catalog.mapping.focus import PROVINCE, Focus
from catalog.models.area import Area, VillageKind
from catalog.models.mapping import Evidence, PotentialProduct
from catalog.models.programme import ProgrammeRecord, ProgrammeStatus, Scheme
from catalog.programme import count_reached
from catalog.queries.parts import District, Regency, Village
from kernel.locales import pick
from kernel.paging import Page, escape_like

PAGE_SIZE = 50
#: Rows fetched at once for a file.
_AT_ONCE = 500
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class VillageFilter:
    """What a list is narrowed to; empty means everything in the area."""

    status: ProgrammeStatus | None = None
    scheme: Scheme | None = None
    #: Mapped or further, with nothing that shows it.
    missing_evidence: bool = False
    #: A part of the village's name or of its product's.
    text: str = ""


@dataclass(frozen=True, slots=True)
class VillageRow:
    """One village and how far it is."""

    code: str
    name: str
    kind: VillageKind | None
    district: str
    regency: str
    status: ProgrammeStatus
    product: str
    potentials: int
    evidence: int
    updated_at: datetime | None

    @property
    def takes_part(self) -> bool:
        """Every desa; a kelurahan once it was mapped."""
        return self.kind is not VillageKind.KELURAHAN or self.status is not ProgrammeStatus.NOT_MAPPED


@dataclass(slots=True)
class AreaProgress:
    """How many villages of one area stand where. Kelurahan that take no part are left out."""

    code: str
    name: str
    counts: dict[ProgrammeStatus, int] = field(default_factory=lambda: dict.fromkeys(ProgrammeStatus, 0))

    @property
    def total(self) -> int:
        """All that take part."""
        return sum(self.counts.values())

    def reached(self, status: ProgrammeStatus) -> int:
        """Those that came as far as `status`, or further."""
        return count_reached(self.counts, status)

    @property
    def mapped(self) -> int:
        return self.reached(ProgrammeStatus.MAPPED)

    @property
    def selected(self) -> int:
        return self.reached(ProgrammeStatus.SELECTED)

    @property
    def launched(self) -> int:
        return self.reached(ProgrammeStatus.LAUNCHED)


_STATUS = func.coalesce(ProgrammeRecord.status, literal(ProgrammeStatus.NOT_MAPPED, ProgrammeRecord.status.type))
_OUTSIDE = and_(Village.kind == VillageKind.KELURAHAN, _STATUS == ProgrammeStatus.NOT_MAPPED)


def list_villages(session: Session, focus: Focus, year: int, wanted: VillageFilter, language: str, *, page: int = 1) -> Page[VillageRow]:
    """The villages of an area by district, desa first, with those that nobody looked at yet. Two statements."""
    narrowed = _joined(select(func.count()), focus, year).where(*_conditions(wanted))
    total = session.scalar(narrowed) or 0
    statement = _rows(focus, year, wanted).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return Page([_row(row, language) for row in session.execute(statement)], total, page, PAGE_SIZE)


def stream_villages(session: Session, focus: Focus, year: int, wanted: VillageFilter, language: str) -> Iterator[VillageRow]:
    """All of them, for a file."""
    for row in session.execute(_rows(focus, year, wanted), execution_options={"yield_per": _AT_ONCE}):
        yield _row(row, language)


def measure_progress(session: Session, focus: Focus, year: int, language: str) -> list[AreaProgress]:
    """The figures of the areas below a province or regency, or of a district itself, by name. One statement.

    The figures of a whole are the sums of its parts, here and on the public page.
    """
    below: Any = Regency if focus.level == PROVINCE else District
    columns = (below.code, below.name, below.short_name, _STATUS)
    statement = _joined(select(*columns, func.count()), focus, year)
    if focus.level == PROVINCE:
        statement = statement.join(Regency, Regency.code == District.parent_code)
    statement = statement.where(~_OUTSIDE).group_by(*columns)
    found: dict[str, AreaProgress] = {}
    for code, name, short_name, status, count in session.execute(statement):
        area = Area(code=code, name=name, short_name=short_name, level=level_of(code))
        found.setdefault(code, AreaProgress(code, display_name(area, language))).counts[status] += count
    return sorted(found.values(), key=lambda area: (area.name, area.code))


def add_up(code: str, name: str, parts: list[AreaProgress]) -> AreaProgress:
    """The whole of some parts."""
    whole = AreaProgress(code, name)
    for part in parts:
        for status, count in part.counts.items():
            whole.counts[status] += count
    return whole


def _joined(statement: Rows, focus: Focus, year: int) -> Rows:
    record = and_(ProgrammeRecord.village_code == Village.code, ProgrammeRecord.year == year)
    statement = statement.select_from(Village).join(District, District.code == Village.parent_code)
    return statement.outerjoin(ProgrammeRecord, record).where(focus.villages())


def _rows(focus: Focus, year: int, wanted: VillageFilter) -> Rows:
    columns = (
        *(Village.code, Village.name, Village.kind, District.name.label("district"), Regency.name.label("regency")),
        *(Regency.short_name.label("regency_short"), _STATUS.label("status")),
        *(ProgrammeRecord.product_name_id, ProgrammeRecord.product_name_en, ProgrammeRecord.updated_at),
        _standing(func.count()).scalar_subquery().label("potentials"),
        _with_evidence(func.count()).scalar_subquery().label("evidence"),
    )
    statement = _joined(select(*columns), focus, year).join(Regency, Regency.code == District.parent_code)
    return statement.where(*_conditions(wanted)).order_by(District.code, Village.kind, Village.code)


def _conditions(wanted: VillageFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        conditions.append(_STATUS.is_not_distinct_from(wanted.status))
    if wanted.scheme is not None:
        conditions.append(_standing(PotentialProduct.id).where(PotentialProduct.scheme == wanted.scheme).exists())
    if wanted.missing_evidence:
        conditions += [_STATUS != ProgrammeStatus.NOT_MAPPED, ~_with_evidence(Evidence.id).exists()]
    if wanted.text.strip():
        typed = f"%{escape_like(wanted.text.strip().lower())}%"
        named = [
            func.lower(column).like(typed, escape="\\") for column in (ProgrammeRecord.product_name_id, ProgrammeRecord.product_name_en)
        ]
        folded = fold_name(wanted.text)
        conditions.append(or_(*named, Village.folded_name.contains(folded)) if folded else or_(*named))
    return conditions


def _standing(column: Any) -> Rows:
    return (
        select(column)
        .select_from(PotentialProduct)
        .where(PotentialProduct.village_code == Village.code, PotentialProduct.removed_at.is_(None))
        .correlate(Village)
    )


def _with_evidence(column: Any) -> Rows:
    return _standing(column).join(Evidence, Evidence.potential_id == PotentialProduct.id)


def _row(row: Any, language: str) -> VillageRow:
    return VillageRow(
        code=row.code,
        name=row.name,
        kind=row.kind,
        district=row.district,
        regency=row.regency_short or row.regency,
        status=row.status,
        product=pick(language, row.product_name_id or "", row.product_name_en or ""),
        potentials=row.potentials,
        evidence=row.evidence,
        updated_at=row.updated_at,
    )
