"""A maker's own papers and goods for the portal: statements, payouts, accounts, products, deliveries and pull-outs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models.maker import Maker
from catalog.models.product import ListingState, Product, Variant
from catalog.models.stock import StockLevel
from kernel import clock
from kernel.errors import NotFound
from kernel.paging import Page, escape_like, read_page
from orders.models.agreement import Agreement
from orders.models.consignment import MakerStatement
from orders.models.delivery import Delivery, DeliveryLine, DeliveryState
from orders.models.maker_payout import MakerAccount, MakerPayout, PayoutBatch, PayoutState
from orders.models.stockroom import PullOut, PullOutState

PAGE_SIZE = 30
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A closed statement without its content."""

    code: str
    agreement_id: int
    until_at: datetime
    share: int
    owed: int


@dataclass(frozen=True, slots=True)
class Accounts:
    """Where the money of one agreement goes, and what is about to change."""

    used: MakerAccount | None
    #: Agreed to, and used from its `effective_at` on.
    coming: MakerAccount | None
    #: Asked for; a second person has not looked at it yet.
    asked: MakerAccount | None


def list_makers(session: Session, maker_ids: Collection[int]) -> Sequence[Maker]:
    """Makers by name, villages loaded."""
    return session.scalars(
        select(Maker).where(Maker.id.in_(maker_ids)).options(joinedload(Maker.village)).order_by(Maker.name, Maker.id)
    ).all()


def list_agreement_ids(session: Session, maker_id: int) -> Sequence[int]:
    """A maker's agreements, whatever became of them, for reads that need no more of them."""
    return session.scalars(select(Agreement.id).where(Agreement.maker_id == maker_id)).all()


def list_statements(session: Session, agreement_ids: Collection[int], *, size: int = PAGE_SIZE, page: int = 1) -> list[StatementRow]:
    """The newest first, without their content; one statement."""
    columns = (MakerStatement.code, MakerStatement.agreement_id, MakerStatement.until_at, MakerStatement.share, MakerStatement.owed)
    statement = select(*columns).where(MakerStatement.agreement_id.in_(agreement_ids))
    ordered = statement.order_by(MakerStatement.until_at.desc(), MakerStatement.id.desc()).limit(size).offset((page - 1) * size)
    return [StatementRow(*row) for row in session.execute(ordered)]


def count_statements(session: Session, agreement_ids: Collection[int]) -> int:
    """How many statements were closed under some agreements."""
    return session.scalar(select(func.count()).where(MakerStatement.agreement_id.in_(agreement_ids))) or 0


def get_statement(session: Session, maker_id: int, code: str) -> MakerStatement:
    """A maker's own statement with its agreement; NotFound for anybody else's."""
    statement = select(MakerStatement).join(Agreement, Agreement.id == MakerStatement.agreement_id)
    mine = statement.where(MakerStatement.code == code, Agreement.maker_id == maker_id)
    return _found(session.scalar(mine.options(joinedload(MakerStatement.agreement))))


def list_payouts(session: Session, agreement_ids: Collection[int], page: int = 1) -> Page[MakerPayout]:
    """What was paid or is on its way, the newest first; what was dropped or not approved yet never reached the maker."""
    on_its_way = and_(MakerPayout.settled_at.is_(None), PayoutBatch.state == PayoutState.APPROVED)
    statement = (
        select(MakerPayout)
        .join(PayoutBatch, PayoutBatch.id == MakerPayout.batch_id)
        .where(MakerPayout.agreement_id.in_(agreement_ids), or_(MakerPayout.paid_on.is_not(None), on_its_way))
        .order_by(MakerPayout.id.desc())
    )
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=[joinedload(MakerPayout.account)])


def accounts_of(session: Session, agreement_ids: Collection[int]) -> dict[int, Accounts]:
    """The bank accounts of each agreement; one statement."""
    found: dict[int, list[MakerAccount]] = {agreement_id: [] for agreement_id in agreement_ids}
    rows = session.scalars(select(MakerAccount).where(MakerAccount.agreement_id.in_(agreement_ids)).order_by(MakerAccount.id))
    for account in rows:
        found[account.agreement_id].append(account)
    return {agreement_id: _sort(rows) for agreement_id, rows in found.items()}


def list_products(session: Session, maker_id: int, page: int = 1) -> Page[Product]:
    """A maker's products with packs and photos, those for sale first."""
    is_live = Product.state == ListingState.LIVE
    statement = select(Product).where(Product.maker_id == maker_id).order_by(is_live.desc(), Product.name_id, Product.id)
    return read_page(
        session, statement, number=page, size=PAGE_SIZE, options=[selectinload(Product.photos), selectinload(Product.variants)]
    )


def units_of_products(session: Session, agreement_ids: Collection[int], product_ids: Collection[int]) -> dict[int, int]:
    """Units on hand of each product under some agreements."""
    rows = session.execute(
        select(Variant.product_id, func.sum(StockLevel.on_hand))
        .join(StockLevel, StockLevel.variant_id == Variant.id)
        .where(Variant.product_id.in_(product_ids), StockLevel.agreement_id.in_(agreement_ids))
        .group_by(Variant.product_id)
    )
    return {product_id: int(units) for product_id, units in rows}


def list_variants(session: Session, maker_id: int, text: str = "", limit: int = 20) -> Sequence[Variant]:
    """Packs a maker can bring, products loaded, those whose name or code matches `text`."""
    statement = select(Variant).join(Product, Product.id == Variant.product_id)
    statement = statement.where(Product.maker_id == maker_id, Variant.is_active, Product.state != ListingState.WITHDRAWN)
    if text:
        statement = statement.where(_matches(text))
    ordered = statement.order_by(Product.name_id, Variant.position, Variant.id).limit(limit)
    return session.scalars(ordered.options(joinedload(Variant.product))).all()


def variants_by_code(session: Session, maker_id: int, codes: Collection[str]) -> dict[str, Variant]:
    """A maker's own packs by code; others are left out."""
    statement = select(Variant).join(Product, Product.id == Variant.product_id).where(Variant.code.in_(codes), Product.maker_id == maker_id)
    return {variant.code: variant for variant in session.scalars(statement.options(joinedload(Variant.product)))}


def list_deliveries(session: Session, maker_id: int, page: int = 1) -> Page[Delivery]:
    """A maker's delivery notes with their lines; what waits for the maker first, then the newest."""
    waits = Delivery.state == DeliveryState.COUNTED
    statement = select(Delivery).where(Delivery.maker_id == maker_id).order_by(waits.desc(), Delivery.id.desc())
    options = [joinedload(Delivery.outlet), selectinload(Delivery.lines)]
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=options)


def get_delivery(session: Session, maker_id: int, code: str) -> Delivery:
    """A maker's own delivery note with everything on it; NotFound for anybody else's."""
    loaded = selectinload(Delivery.lines).joinedload(DeliveryLine.variant).joinedload(Variant.product)
    statement = select(Delivery).where(Delivery.code == code, Delivery.maker_id == maker_id)
    return _found(session.scalar(statement.options(joinedload(Delivery.outlet), joinedload(Delivery.maker), loaded)))


def list_pull_outs(session: Session, maker_id: int, page: int = 1) -> Page[PullOut]:
    """A maker's pull-outs with their lines; those to be collected first, then the newest."""
    is_open = PullOut.state == PullOutState.ANNOUNCED
    statement = select(PullOut).where(PullOut.maker_id == maker_id).order_by(is_open.desc(), PullOut.id.desc())
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=[joinedload(PullOut.outlet), selectinload(PullOut.lines)])


def _sort(rows: list[MakerAccount]) -> Accounts:
    now = clock.now()
    good = [row for row in rows if row.effective_at is not None]
    used = max(
        (row for row in good if row.effective_at and row.effective_at <= now), key=lambda row: (row.effective_at, row.id), default=None
    )
    coming = max((row for row in good if row.effective_at and row.effective_at > now), key=lambda row: row.id, default=None)
    return Accounts(used, coming, next((row for row in rows if row.decided_at is None), None))


def _matches(text: str) -> ColumnElement[bool]:
    wanted = f"%{escape_like(text.lower())}%"
    names = (Product.name_id, Product.name_en, Variant.code)
    return or_(*(func.lower(name).like(wanted, escape="\\") for name in names))


def _found(record: Record | None) -> Record:
    if record is None:
        raise NotFound
    return record
