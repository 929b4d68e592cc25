"""The facts of a dashboard, each counted once for all areas below the one looked at: a fixed number of statements (docs/monitoring.md)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, exists, func, literal, or_, select, type_coerce
from sqlalchemy.orm import Session

from catalog.areas import display_name, level_of
from catalog.mapping.focus import DISTRICT, PROVINCE, Focus
from catalog.models.area import Area, VillageKind
from catalog.models.certificate import Certificate
from catalog.models.collection import Exposure, ShownPlace
from catalog.models.maker import Maker
from catalog.models.mentoring import Visit
from catalog.models.product import ListingState, Product
from catalog.models.programme import ProgrammeRecord, ProgrammeStatus
from catalog.models.stock import LossCause, Outlet
from catalog.queries.parts import District, Regency, Village, valid_on
from kernel import clock
from orders.models.agreement import Agreement
from orders.models.maker_payout import MakerPayout
from orders.models.order import Order
from orders.monitoring.figures import AreaFigures
from orders.monitoring.spans import Span
from orders.reports.facts import sold_goods, with_products
from orders.reports.losses import lost_goods
from orders.reports.scope import ReportOutlet, Scope

Rows = Select[*tuple[Any, ...]]
#: Villages in a row of their own are those of a district; above, the areas one level down are added up.
_LEVELS: dict[int, Any] = {PROVINCE: Regency, PROVINCE + 1: District, DISTRICT: Village, DISTRICT + 1: Village}


class _Count:
    """Reads figures into the areas below a focus, statement by statement."""

    def __init__(self, session: Session, focus: Focus, span: Span, scope: Scope, year: int, language: str) -> None:
        self.session, self.focus, self.span, self.scope, self.year = session, focus, span, scope, year
        self.below: Any = _LEVELS[focus.level]
        self.language = language
        self.found: dict[str, AreaFigures] = {}

    def within(self, statement: Rows) -> Rows:
        """The statement, which has the village, with the areas above it and only what lies in the focus."""
        statement = statement.join(District, District.code == Village.parent_code)
        return statement.join(Regency, Regency.code == District.parent_code).where(self.focus.villages())

    def of_product(self, statement: Rows) -> Rows:
        """The same for a statement that has the product."""
        return self.within(statement.join(Village, Village.code == Product.village_code))

    def area(self, code: str) -> AreaFigures:
        """The figures of one area below."""
        return self.found.setdefault(code, AreaFigures(code, code))

    def villages(self) -> None:
        """Names of all areas below, and how far their villages are; kelurahan that take no part are left out."""
        status = func.coalesce(ProgrammeRecord.status, literal(ProgrammeStatus.NOT_MAPPED, ProgrammeRecord.status.type))
        columns = (self.below.code, self.below.name, self.below.short_name, status)
        outside = and_(Village.kind == VillageKind.KELURAHAN, status == ProgrammeStatus.NOT_MAPPED)
        record = and_(ProgrammeRecord.village_code == Village.code, ProgrammeRecord.year == self.year)
        statement = self.within(select(*columns, func.sum(case((outside, 0), else_=1))).select_from(Village))
        for code, name, short_name, standing, count in self.session.execute(
            statement.outerjoin(ProgrammeRecord, record).group_by(*columns)
        ):
            area = Area(code=code, name=name, short_name=short_name, level=level_of(code))
            figures = self.area(code)
            figures.name = display_name(area, self.language)
            figures.villages[standing] += int(count)

    def makers(self) -> None:
        """Who is registered."""
        statement = select(self.below.code, func.count()).select_from(Maker).join(Village, Village.code == Maker.village_code)
        for code, count in self.session.execute(self.within(statement).group_by(self.below.code)):
            self.area(code).makers = count

    def products(self, today: date) -> None:
        """How many stand where, and how many live ones have a valid paper."""
        paper = exists().where(or_(Certificate.product_id == Product.id, Certificate.maker_id == Product.maker_id), valid_on(today))
        is_certified = case((and_(Product.state == ListingState.LIVE, paper), 1), else_=0)
        statement = self.of_product(select(self.below.code, Product.state, func.count(), func.sum(is_certified)).select_from(Product))
        for code, state, count, certified in self.session.execute(statement.group_by(self.below.code, Product.state)):
            self.area(code).products[state] += count
            self.area(code).certified += int(certified)

    def sales(self) -> None:
        """By channel, and of how many makers anything was sold."""
        sold = sold_goods(self.scope)
        rows = self.of_product(with_products(select().select_from(sold), sold))
        by_channel = rows.join(Order, Order.id == sold.c.order_id).add_columns(
            self.below.code, sold.c.is_now, Order.channel, func.sum(sold.c.gross), func.sum(sold.c.quantity)
        )
        for code, is_now, channel, gross, units in self.session.execute(by_channel.group_by(self.below.code, sold.c.is_now, Order.channel)):
            moving = self._moving(code, is_now)
            moving.sales[channel] += int(gross)
            moving.units += int(units)
        makers = rows.add_columns(self.below.code, sold.c.is_now, func.count(Product.maker_id.distinct())).where(sold.c.quantity > 0)
        for code, is_now, count in self.session.execute(makers.group_by(self.below.code, sold.c.is_now)):
            self._moving(code, is_now).active_makers = count

    def payouts(self) -> None:
        """What makers were really paid."""
        is_now = self._is_now(MakerPayout.paid_on)
        columns = (self.below.code, is_now)
        statement = select(*columns, func.count(Agreement.maker_id.distinct()), func.sum(MakerPayout.amount)).select_from(MakerPayout)
        statement = statement.join(Agreement, Agreement.id == MakerPayout.agreement_id).join(Maker, Maker.id == Agreement.maker_id)
        statement = self.within(statement.join(Village, Village.code == Maker.village_code)).where(self._in_either(MakerPayout.paid_on))
        for code, now, makers, amount in self.session.execute(statement.group_by(*columns)):
            moving = self._moving(code, now)
            moving.paid_makers, moving.paid = makers, int(amount)

    def expired(self) -> None:
        """What was written off past its date; the span and the one before are asked apart."""
        for is_now, period in ((1, self.span.now), (0, self.span.before)):
            lost = lost_goods(Scope(self.scope.outlets, period, period))
            statement = self.of_product(
                with_products(select(self.below.code, func.sum(lost.c.quantity * lost.c.price)).select_from(lost), lost)
            )
            statement = statement.where(type_coerce(lost.c.cause, String) == LossCause.EXPIRED.value).group_by(self.below.code)
            for code, amount in self.session.execute(statement):
                self._moving(code, is_now).expired = int(amount or 0)

    def visits(self) -> None:
        """How often mentors came."""
        columns = (self.below.code, self._is_now(Visit.visited_on))
        statement = select(*columns, func.count()).select_from(Visit).join(Village, Village.code == Visit.village_code)
        statement = self.within(statement).where(self._in_either(Visit.visited_on))
        for code, now, count in self.session.execute(statement.group_by(*columns)):
            self._moving(code, now).visits = count

    def exposure(self) -> None:
        """How often products were shown."""
        is_home = case((Exposure.place == ShownPlace.HOME, Exposure.times), else_=0)
        columns = (self.below.code, self._is_now(Exposure.day_on))
        statement = select(*columns, func.sum(is_home), func.sum(Exposure.times)).select_from(Exposure)
        statement = self.of_product(statement.join(Product, Product.id == Exposure.product_id)).where(self._in_either(Exposure.day_on))
        for code, now, home, times in self.session.execute(statement.group_by(*columns)):
            moving = self._moving(code, now)
            moving.shown_home, moving.shown_found = int(home), int(times) - int(home)

    def _moving(self, code: str, is_now: int) -> Any:
        return self.area(code).now if is_now else self.area(code).before

    def _is_now(self, day: Any) -> ColumnElement[int]:
        return case((day.between(self.span.now.first, self.span.now.last), 1), else_=0)

    def _in_either(self, day: Any) -> ColumnElement[bool]:
        return or_(day.between(self.span.now.first, self.span.now.last), day.between(self.span.before.first, self.span.before.last))


def measure_areas(session: Session, focus: Focus, span: Span, year: int, language: str) -> list[AreaFigures]:
    """The figures of every area below, or of each village of a district, by name. Eleven statements, whatever the size."""
    count = _Count(session, focus, span, find_scope(session, span), year, language)
    count.villages()
    count.makers()
    count.products(clock.today())
    count.sales()
    count.payouts()
    count.expired()
    count.visits()
    count.exposure()
    return sorted(count.found.values(), key=lambda area: (area.name, area.code))


def measure_sales(session: Session, focus: Focus, span: Span) -> list[AreaFigures]:
    """Products and sales alone, for the public page: the areas below by code, without names. Four statements."""
    count = _Count(session, focus, span, find_scope(session, span), span.now.last.year, "id")
    count.products(clock.today())
    count.sales()
    return sorted(count.found.values(), key=lambda area: area.code)


def find_scope(session: Session, span: Span) -> Scope:
    """Every outlet: a village's goods may stand anywhere."""
    rows = session.execute(select(Outlet.id, Outlet.code, Outlet.name, Outlet.zone).order_by(Outlet.id))
    return Scope(tuple(ReportOutlet(*row) for row in rows), span.now, span.before)


def bucket_sales(session: Session, focus: Focus, span: Span) -> dict[date, int]:
    """Sales of the span by day, or by month when it is long. Two statements."""
    scope = find_scope(session, span)
    sold = sold_goods(scope, with_before=False)
    statement = with_products(select(sold.c.day, func.sum(sold.c.gross)).select_from(sold), sold)
    statement = statement.join(Village, Village.code == Product.village_code).join(District, District.code == Village.parent_code)
    buckets = dict.fromkeys(span.now.buckets(), 0)
    for day, gross in session.execute(statement.where(focus.villages()).group_by(sold.c.day)):
        buckets[span.now.bucket(day)] += int(gross)
    return buckets
