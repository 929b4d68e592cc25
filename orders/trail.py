"""The audit trail as people read it: the acts on records in their reach, narrowed by record, person, act and days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select, true
from sqlalchemy.orm import Session

from catalog.desk import below
from catalog.models.area import Area
from catalog.models.certificate import Certificate
from catalog.models.curation import Submission
from catalog.models.maker import Maker
from catalog.models.product import Product
from catalog.models.stock import Outlet
from kernel import clock
from kernel.audit import AuditEntry
from kernel.paging import Page, escape_like
from kernel.people import Actor, Permission, User
from orders.models.agreement import Agreement
from orders.models.delivery import Delivery
from orders.models.order import Order

PAGE_SIZE = 50
#: How far back a list looks unless somebody says otherwise: the trail only grows.
USUAL_SPAN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What the trail is narrowed to; days are inclusive, in the office's zone."""

    from_on: date
    until_on: date
    #: `product`, `product:keripik`, or a part of the record's own name.
    subject: str = ""
    #: A person's code.
    person: str = ""
    #: `product`, `product.live`, …
    action: str = ""


def list_acts(session: Session, actor: Actor, wanted: TrailFilter, zone: str, *, page: int = 1) -> Page[AuditEntry]:
    """Acts in reach, the newest first; no total is counted beyond what a person would turn to. Two statements."""
    statement = _narrowed(select(AuditEntry).where(in_reach(actor)), wanted, zone)
    seen = statement.with_only_columns(AuditEntry.id).limit(PAGE_SIZE * 200)
    total = session.scalar(select(func.count()).select_from(seen.subquery())) or 0
    ordered = statement.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return Page(session.scalars(ordered).all(), total, page, PAGE_SIZE)


def list_of(session: Session, subjects: Sequence[str], limit: int = 20, **only: str) -> list[AuditEntry]:
    """The newest acts on records that whoever asks may see already; of all but the first those that name `only` in their details."""
    named = and_(true(), *(cast(AuditEntry.details[key].as_string(), String) == value for key, value in only.items() if value))
    reached = or_(AuditEntry.subject == subjects[0], named)
    statement = select(AuditEntry).where(AuditEntry.subject.in_(subjects), reached)
    return list(session.scalars(statement.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)))


def list_people(session: Session, codes: Sequence[str]) -> list[User]:
    """The people behind codes, for the filter that names one."""
    return list(session.scalars(select(User).where(User.code.in_(codes))))


def in_reach(actor: Actor) -> ColumnElement[bool]:
    """Acts on records this person could open: everything for whoever manages people, else by area and by outlet."""
    if actor.can(Permission.MANAGE_PEOPLE) and "" in actor.area_prefixes(Permission.MANAGE_PEOPLE):
        return true()
    areas = actor.area_prefixes(Permission.VIEW_CURATION)
    found: list[ColumnElement[bool]] = []
    if areas:
        found += [
            _named("product", select(Product.slug).where(below(Product.village_code, areas))),
            _named("maker", select(Maker.slug).where(below(Maker.village_code, areas))),
            _named("submission", select(Submission.code).where(below(Submission.village_code, areas))),
            _named("certificate", _certificates(areas)),
            _named("area", select(Area.code).where(below(Area.code, areas))),
        ]
    if actor.can(Permission.VIEW_ORDERS):
        outlets = _outlets(actor)
        found += [
            _named("order", select(Order.code).where(Order.outlet_id.in_(outlets))),
            _named("delivery", select(Delivery.code).where(Delivery.outlet_id.in_(outlets))),
            _named("agreement", select(Agreement.code).where(Agreement.outlet_id.in_(outlets))),
            _named("outlet", select(Outlet.code).where(Outlet.id.in_(outlets))),
        ]
    return or_(False, *found)


def _named(thing: str, keys: Select[Any]) -> ColumnElement[bool]:
    (column,) = keys.selected_columns
    return AuditEntry.subject.in_(keys.with_only_columns(literal(f"{thing}:", String).concat(column)))


def _certificates(areas: Sequence[str]) -> Select[Any]:
    return (
        select(Certificate.code)
        .outerjoin(Product, Product.id == Certificate.product_id)
        .outerjoin(Maker, Maker.id == Certificate.maker_id)
        .where(or_(below(Product.village_code, areas), below(Maker.village_code, areas)))
    )


def _outlets(actor: Actor) -> Select[Any]:
    ids = actor.outlet_ids(Permission.VIEW_ORDERS)
    statement = select(Outlet.id).where(below(Outlet.area_code, actor.area_prefixes(Permission.VIEW_ORDERS)))
    return statement if ids is None else statement.where(Outlet.id.in_(ids))


def _narrowed(statement: Select[AuditEntry], wanted: TrailFilter, zone: str) -> Select[AuditEntry]:
    starts, ends = _midnight(wanted.from_on, zone), _midnight(wanted.until_on + timedelta(days=1), zone)
    statement = statement.where(AuditEntry.at >= starts, AuditEntry.at < ends)
    if wanted.subject:
        if ":" in wanted.subject:
            statement = statement.where(AuditEntry.subject == wanted.subject)
        else:
            like = f"%{escape_like(wanted.subject.lower())}%"
            statement = statement.where(func.lower(AuditEntry.subject).like(like, escape="\\"))
    if wanted.person:
        statement = statement.where(AuditEntry.actor_id.in_(select(User.id).where(User.code == wanted.person.upper())))
    if wanted.action:
        whole = AuditEntry.action == wanted.action
        part = AuditEntry.action.startswith(f"{wanted.action}.", autoescape=True)
        statement = statement.where(whole if "." in wanted.action else part)
    return statement


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock.ZONES[zone])
