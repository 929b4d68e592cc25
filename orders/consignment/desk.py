"""Reads for the office's pages about consignment: who has no agreement, what waits, closed statements, a maker's own prices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from catalog.models.area import Area, AreaLevel
from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from catalog.prices import current_price
from kernel import clock
from kernel.errors import NotFound
from kernel.people import Actor, Permission
from orders.consignment import payouts, statements
from orders.models.agreement import Agreement, MakerPrice, OpenRegency
from orders.models.consignment import MakerStatement
from orders.models.maker_payout import MakerAccount, MakerPayout, PayoutBatch, PayoutState


@dataclass(frozen=True, slots=True)
class VariantPrice:
    """One variant of a maker: what buyers pay today, and what the maker wants today."""

    variant_id: int
    code: str
    name_id: str
    name_en: str
    #: Whole rupiah; None without a price on that day.
    price: int | None
    maker_price: int | None
    maker_price_since: date | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits at an outlet for somebody to act."""

    statements: int = 0
    batches: int = 0
    accounts: int = 0


def list_makers_without(session: Session, outlet: Outlet, text: str = "", limit: int = 20) -> Sequence[Maker]:
    """Makers of the outlet's regency who have no agreement with it, by name, village loaded."""
    regency = ".".join(outlet.area_code.split(".")[:2])
    made = exists().where(Agreement.maker_id == Maker.id, Agreement.outlet_id == outlet.id)
    statement = select(Maker).where(Maker.village_code.startswith(f"{regency}."), ~made).options(joinedload(Maker.village))
    if text:
        statement = select(Maker).where(Maker.name.icontains(text, autoescape=True), ~made).options(joinedload(Maker.village))
    return session.scalars(statement.order_by(Maker.name, Maker.id).limit(limit)).all()


def get_maker(session: Session, slug: str) -> Maker:
    """A maker with its village; NotFound otherwise."""
    maker = session.scalar(select(Maker).where(Maker.slug == slug).options(joinedload(Maker.village)))
    if maker is None:
        raise NotFound
    return maker


def list_closed(session: Session, outlet_id: int, limit: int = 50) -> Sequence[MakerStatement]:
    """The statements of an outlet closed last, agreements and makers loaded."""
    statement = select(MakerStatement).join(Agreement).where(Agreement.outlet_id == outlet_id)
    loaded = joinedload(MakerStatement.agreement).joinedload(Agreement.maker)
    return session.scalars(statement.options(loaded).order_by(MakerStatement.closed_at.desc(), MakerStatement.id.desc()).limit(limit)).all()


def list_payouts(session: Session, agreement_id: int, limit: int = 20) -> Sequence[MakerPayout]:
    """The newest payouts of an agreement, their batches loaded."""
    statement = select(MakerPayout).where(MakerPayout.agreement_id == agreement_id).options(joinedload(MakerPayout.batch))
    return session.scalars(statement.order_by(MakerPayout.id.desc()).limit(limit)).all()


def coming_accounts(session: Session, agreement_ids: Collection[int]) -> dict[int, datetime]:
    """From when a changed bank account of an agreement will be good, where one waits for its day."""
    statement = select(MakerAccount.agreement_id, func.min(MakerAccount.effective_at)).where(
        MakerAccount.agreement_id.in_(agreement_ids), MakerAccount.effective_at > clock.now()
    )
    rows = session.execute(statement.group_by(MakerAccount.agreement_id))
    return {row[0]: row[1] for row in rows if row[1] is not None}


def undecided_accounts(session: Session, outlet_id: int) -> set[int]:
    """Agreements of an outlet whose bank account waits for a second person."""
    statement = select(MakerAccount.agreement_id).join(Agreement, Agreement.id == MakerAccount.agreement_id)
    return set(session.scalars(statement.where(Agreement.outlet_id == outlet_id, MakerAccount.decided_at.is_(None))))


def count_waiting(session: Session, actor: Actor, outlets: Sequence[Outlet]) -> Waiting:
    """Statements whose day has come, and batches and accounts that wait for a second person other than this one."""
    ids = [outlet.id for outlet in outlets if actor.can(Permission.APPROVE_PAYOUTS, area_code=outlet.area_code, outlet_id=outlet.id)]
    batches = select(func.count(PayoutBatch.id)).where(
        PayoutBatch.outlet_id.in_(ids),
        PayoutBatch.state == PayoutState.PREPARED,
        PayoutBatch.prepared_by_id.is_distinct_from(actor.user_id),
    )
    accounts = (
        select(func.count(MakerAccount.id))
        .join(Agreement, Agreement.id == MakerAccount.agreement_id)
        .where(
            Agreement.outlet_id.in_(ids), MakerAccount.decided_at.is_(None), MakerAccount.requested_by_id.is_distinct_from(actor.user_id)
        )
    )
    due = sum(len(statements.list_due(session, outlet)) for outlet in outlets)
    to_approve, to_check = session.execute(select(batches.scalar_subquery(), accounts.scalar_subquery())).one()
    return Waiting(due, to_approve, to_check)


def list_prices(session: Session, agreement: Agreement, day: date) -> list[VariantPrice]:
    """Every active variant of the agreement's maker with both prices of `day`."""
    rows = session.execute(
        select(Variant, Product)
        .join(Product, Product.id == Variant.product_id)
        .where(Product.maker_id == agreement.maker_id, Variant.is_active)
        .options(joinedload(Variant.prices))
        .order_by(Product.name_id, Variant.position)
    ).unique()
    own = select(MakerPrice).where(MakerPrice.agreement_id == agreement.id, MakerPrice.starts_on <= day).order_by(MakerPrice.starts_on)
    latest = {price.variant_id: price for price in session.scalars(own)}
    found = []
    for variant, product in rows:
        mine, shown = latest.get(variant.id), current_price(variant.prices, day)
        found.append(
            VariantPrice(
                variant_id=variant.id,
                code=variant.code,
                name_id=f"{product.name_id}, {variant.name_id}",
                name_en=f"{product.name_en or product.name_id}, {variant.name_en}",
                price=shown,
                maker_price=mine.amount if mine else None,
                maker_price_since=mine.starts_on if mine else None,
            )
        )
    return found


def list_regencies(session: Session, actor: Actor) -> list[tuple[str, str, datetime | None]]:
    """(code, name, since when makers' shares are public) of regencies with makers where this person may decide it."""
    codes = {".".join(code.split(".")[:2]) for code in session.scalars(select(Maker.village_code).distinct())}
    opened = {row.area_code: row.opened_at for row in session.scalars(select(OpenRegency))}
    rows = session.execute(select(Area.code, Area.name).where(Area.code.in_(codes), Area.level == AreaLevel.REGENCY).order_by(Area.name))
    return [(row.code, row.name, opened.get(row.code)) for row in rows if actor.can(Permission.EDIT_MAKERS, area_code=row.code)]


def payable_by_code(session: Session, outlet: Outlet) -> dict[str, payouts.Payable]:
    """What is owed at an outlet, by the agreement's code."""
    return {each.code: each for each in payouts.list_payable(session, outlet)}
