"""What a report is about: outlets in a person's reach, a period, and the one before; the same conditions for every sum."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, SQLColumnExpression, and_, case, false, literal_column, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Double

from catalog.models.stock import Outlet
from catalog.shelves import reach_of
from kernel import clock
from kernel.people import Actor, Permission
from orders.reports.period import Period

#: No zone of Indonesia changes its clocks in summer.
HOURS = {"WIB": 7, "WITA": 8, "WIT": 9}


@dataclass(frozen=True, slots=True)
class ReportOutlet:
    """An outlet a person may read reports of."""

    id: int
    code: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Outlets, days, and the days before for comparison."""

    outlets: tuple[ReportOutlet, ...]
    period: Period
    before: Period

    @property
    def outlet_ids(self) -> list[int]:
        """Their keys."""
        return [outlet.id for outlet in self.outlets]

    @property
    def zones(self) -> dict[str, list[int]]:
        """The outlets' keys by zone."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for outlet in self.outlets:
            found[outlet.zone].append(outlet.id)
        return dict(found)

    def during(
        self, at: SQLColumnExpression[datetime], outlet_id: SQLColumnExpression[int], period: Period | None = None
    ) -> ColumnElement[bool]:
        """Whether a moment lies in the period on the clocks of its outlet; false for other outlets."""
        parts = []
        for zone, ids in self.zones.items():
            from_at, until_at = (period or self.period).bounds(zone)
            parts.append(and_(outlet_id.in_(ids), at >= from_at, at < until_at))
        return or_(*parts) if parts else false()

    def in_either(self, at: SQLColumnExpression[datetime], outlet_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        """Whether a moment lies in the period or in the one before."""
        return or_(self.during(at, outlet_id), self.during(at, outlet_id, self.before))

    def is_now(self, at: SQLColumnExpression[datetime], outlet_id: SQLColumnExpression[int]) -> ColumnElement[int]:
        """1 in the period, 0 in the one before it."""
        return case((self.during(at, outlet_id), 1), else_=0)

    def day_of(self, at: SQLColumnExpression[datetime], outlet_id: SQLColumnExpression[int]) -> ColumnElement[date]:
        """The date of a moment where its outlet stands."""
        days = [(outlet_id.in_(ids), local_day(at, HOURS[zone])) for zone, ids in self.zones.items()]
        if len(days) <= 1:
            return days[0][1] if days else local_day(at, HOURS["WIB"])
        return case(*days[:-1], else_=days[-1][1])

    def today(self) -> date:
        """Today at the outlet; at several, at the most eastern one."""
        return max((clock.today(outlet.zone) for outlet in self.outlets), default=clock.today())


def list_report_outlets(session: Session, actor: Actor) -> tuple[ReportOutlet, ...]:
    """The outlets whose reports a person may read, closed ones too, by name."""
    statement = select(Outlet.id, Outlet.code, Outlet.name, Outlet.zone).where(*reach_of(actor, Permission.VIEW_REPORTS))
    return tuple(ReportOutlet(*row) for row in session.execute(statement.order_by(Outlet.name, Outlet.id)))


class local_day(FunctionElement[date]):  # noqa: N801 - reads as the SQL function it becomes
    """The date of a stored moment so many hours east of Greenwich."""

    type = Date()
    inherit_cache = True

    def __init__(self, at: SQLColumnExpression[datetime], hours: int) -> None:
        super().__init__(at, literal_column(f"'{hours:+d} hours'"))


class day_number(FunctionElement[float]):  # noqa: N801
    """A moment as a number of days, to take one from another."""

    type = Double()
    inherit_cache = True


@compiles(local_day)
def _local_day(element: local_day, compiler: Any, **options: Any) -> str:
    at, hours = element.clauses
    return f"date({compiler.process(at, **options)}, {compiler.process(hours, **options)})"


@compiles(local_day, "postgresql")
def _local_day_postgresql(element: local_day, compiler: Any, **options: Any) -> str:
    at, hours = element.clauses
    return f"CAST({compiler.process(at, **options)} AT TIME ZONE 'UTC' + INTERVAL {compiler.process(hours, **options)} AS DATE)"


@compiles(day_number)
def _day_number(element: day_number, compiler: Any, **options: Any) -> str:
    return f"julianday({compiler.process(element.clauses, **options)})"


@compiles(day_number, "postgresql")
def _day_number_postgresql(element: day_number, compiler: Any, **options: Any) -> str:
    return f"(CAST(extract(epoch FROM {compiler.process(element.clauses, **options)}) AS double precision) / 86400)"
