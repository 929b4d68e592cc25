"""Purchase orders as both sides see them: lines, makers, cartons, what arrived, money, and one history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.areas import describe_areas
from catalog.models.maker import Maker
from catalog.models.stock import Batch, Outlet, StockLevel
from catalog.shelves import reach_of
from kernel.audit import AuditEntry
from kernel.errors import NotFound
from kernel.locales import pick
from kernel.paging import Page, read_page
from kernel.people import Actor, Permission, User
from orders.models.invoice import CreditNote, Invoice
from orders.models.order import OrderLine
from orders.models.partner import Partner, PartnerBranch
from orders.models.purchase import (
    Carton,
    Dispatch,
    GoodsReceipt,
    PurchaseLine,
    PurchaseOrder,
    PurchaseShare,
    ReceiptLine,
)
from orders.wholesale.buyers import Audience
from orders.wholesale.states import PurchaseState

PAGE_SIZE = 30
#: What waits for the office, by the page that shows it.
TO_DIVIDE, TO_SEND = (PurchaseState.OPEN,), (PurchaseState.PREPARING,)
TO_SETTLE, TO_INVOICE = (PurchaseState.RECEIVED,), (PurchaseState.SETTLED,)
UNDER_WAY = (PurchaseState.WAITING, PurchaseState.OPEN, PurchaseState.PREPARING, PurchaseState.DISPATCHED, PurchaseState.RECEIVED)


@dataclass(frozen=True, slots=True)
class BatchView:
    """Cartons of one batch of one maker, and what became of its units at the partner."""

    order_line_id: int
    level_id: int
    name: str
    maker_name: str
    village_name: str
    lot_code: str
    best_before_on: date | None
    cartons: int
    first_carton: int
    last_carton: int
    units: int
    receipt: ReceiptLine | None

    @property
    def place(self) -> str:
        """Names the batch in a form's fields."""
        return f"{self.order_line_id}-{self.level_id}"


@dataclass(frozen=True, slots=True)
class ShareView:
    """What one maker supplies of a line."""

    purchase_line_id: int
    order_line_id: int
    maker_name: str
    maker_slug: str
    village_name: str
    cases: int
    to_make: int
    packed: int


@dataclass(frozen=True, slots=True)
class PurchaseView:
    """A whole order; `history` are its acts, oldest first."""

    purchase: PurchaseOrder
    partner: Partner
    branch: PartnerBranch
    branch_area: str
    outlet: Outlet
    bought_by: str
    approved_by: str
    lines: tuple[PurchaseLine, ...]
    shares: tuple[ShareView, ...]
    batches: tuple[BatchView, ...]
    dispatch: Dispatch | None
    receipt: GoodsReceipt | None
    invoice: Invoice | None
    credit_notes: tuple[CreditNote, ...]
    history: tuple[AuditEntry, ...]
    quote_code: str

    @property
    def code(self) -> str:
        """For people."""
        return self.purchase.code

    @property
    def state(self) -> PurchaseState:
        """Where it stands."""
        return self.purchase.state

    @property
    def cases(self) -> int:
        """All cases of all lines."""
        return sum(line.cases for line in self.lines)

    @property
    def packed(self) -> int:
        """Cartons that are packed."""
        return sum(batch.cartons for batch in self.batches)

    @property
    def credited(self) -> int:
        """What credit notes take off the invoice."""
        return sum(note.amount for note in self.credit_notes)

    def shares_of(self, line: PurchaseLine) -> list[ShareView]:
        """The makers of a line."""
        return [share for share in self.shares if share.purchase_line_id == line.id]


def get_for_partner(session: Session, audience: Audience, code: str, language: str) -> PurchaseView:
    """An order of this partner; NotFound for anybody else's."""
    return _get(session, (PurchaseOrder.partner_id == audience.partner_id,), code, language)


def get_for_office(session: Session, actor: Actor, code: str, language: str) -> PurchaseView:
    """An order of a seller in reach; NotFound elsewhere."""
    return _get(session, tuple(reach_of(actor, Permission.MANAGE_WHOLESALE)), code, language)


def list_for_partner(session: Session, audience: Audience, states: Collection[PurchaseState] = (), *, page: int = 1) -> Page[PurchaseOrder]:
    """A partner's orders, the newest first, with lines and branch."""
    statement = select(PurchaseOrder).where(PurchaseOrder.partner_id == audience.partner_id)
    return _list(session, statement, states, page)


def list_for_office(session: Session, actor: Actor, states: Collection[PurchaseState] = (), *, page: int = 1) -> Page[PurchaseOrder]:
    """Orders of the sellers in reach, the newest first, with partner, lines and branch."""
    statement = (
        select(PurchaseOrder).join(Outlet, Outlet.id == PurchaseOrder.outlet_id).where(*reach_of(actor, Permission.MANAGE_WHOLESALE))
    )
    return _list(session, statement, states, page)


def count_by_state(session: Session, actor: Actor) -> dict[PurchaseState, int]:
    """How many orders stand where, at the sellers in reach."""
    statement = (
        select(PurchaseOrder.state, func.count(PurchaseOrder.id))
        .join(Outlet, Outlet.id == PurchaseOrder.outlet_id)
        .where(*reach_of(actor, Permission.MANAGE_WHOLESALE))
        .group_by(PurchaseOrder.state)
    )
    counts = {row[0]: int(row[1]) for row in session.execute(statement)}
    return {state: counts.get(state, 0) for state in PurchaseState}


def _list(session: Session, statement: Select[PurchaseOrder], states: Collection[PurchaseState], page: int) -> Page[PurchaseOrder]:
    if states:
        statement = statement.where(PurchaseOrder.state.in_(states))
    ordered = statement.order_by(PurchaseOrder.created_at.desc(), PurchaseOrder.id.desc())
    options = [joinedload(PurchaseOrder.partner), joinedload(PurchaseOrder.branch), selectinload(PurchaseOrder.lines)]
    return read_page(session, ordered, number=page, size=PAGE_SIZE, options=options)


def _get(session: Session, conditions: Sequence[ColumnElement[bool]], code: str, language: str) -> PurchaseView:
    statement = (
        select(PurchaseOrder)
        .join(Outlet, Outlet.id == PurchaseOrder.outlet_id)
        .where(PurchaseOrder.code == code.strip().upper(), *conditions)
        .options(
            joinedload(PurchaseOrder.partner),
            joinedload(PurchaseOrder.branch).joinedload(PartnerBranch.area),
            joinedload(PurchaseOrder.outlet),
            joinedload(PurchaseOrder.quote),
            selectinload(PurchaseOrder.lines).joinedload(PurchaseLine.offer),
        )
        .execution_options(populate_existing=True)
    )
    purchase = session.scalar(statement)
    if purchase is None:
        raise NotFound
    people = [purchase.bought_by_id, purchase.approved_by_id]
    names: dict[int | None, str] = dict(session.execute(select(User.id, User.name).where(User.id.in_(people))).all())
    receipt = session.scalar(select(GoodsReceipt).where(GoodsReceipt.purchase_id == purchase.id).options(selectinload(GoodsReceipt.lines)))
    invoice = session.scalar(select(Invoice).where(Invoice.purchase_id == purchase.id).options(selectinload(Invoice.lines)))
    notes = select(CreditNote).join(Invoice, Invoice.id == CreditNote.invoice_id).where(Invoice.purchase_id == purchase.id)
    batches = _batches(session, purchase, receipt, language)
    return PurchaseView(
        purchase=purchase,
        partner=purchase.partner,
        branch=purchase.branch,
        branch_area=describe_areas(session, [purchase.branch.area], language)[purchase.branch.area_code],
        outlet=purchase.outlet,
        bought_by=names.get(purchase.bought_by_id, ""),
        approved_by=names.get(purchase.approved_by_id, ""),
        lines=tuple(purchase.lines),
        shares=_shares(session, purchase, batches),
        batches=batches,
        dispatch=session.scalar(select(Dispatch).where(Dispatch.purchase_id == purchase.id)),
        receipt=receipt,
        invoice=invoice,
        credit_notes=tuple(session.scalars(notes.order_by(CreditNote.id).options(selectinload(CreditNote.lines)))),
        history=_history(session, purchase),
        quote_code=purchase.quote.code if purchase.quote else "",
    )


def _history(session: Session, purchase: PurchaseOrder) -> tuple[AuditEntry, ...]:
    statement = select(AuditEntry).where(AuditEntry.subject == f"purchase:{purchase.code}").order_by(AuditEntry.at, AuditEntry.id)
    return tuple(session.scalars(statement.limit(100)))


def _shares(session: Session, purchase: PurchaseOrder, batches: Sequence[BatchView]) -> tuple[ShareView, ...]:
    statement = (
        select(PurchaseShare, Maker.name, Maker.slug, OrderLine.village_name)
        .join(Maker, Maker.id == PurchaseShare.maker_id)
        .join(OrderLine, OrderLine.id == PurchaseShare.order_line_id)
        .where(PurchaseShare.purchase_id == purchase.id)
        .order_by(PurchaseShare.id)
    )
    packed: dict[int, int] = {}
    for batch in batches:
        packed[batch.order_line_id] = packed.get(batch.order_line_id, 0) + batch.cartons
    return tuple(
        ShareView(
            purchase_line_id=share.purchase_line_id,
            order_line_id=share.order_line_id,
            maker_name=name,
            maker_slug=slug,
            village_name=village,
            cases=share.cases,
            to_make=share.to_make,
            packed=packed.get(share.order_line_id, 0),
        )
        for share, name, slug, village in session.execute(statement)
    )


def _batches(session: Session, purchase: PurchaseOrder, receipt: GoodsReceipt | None, language: str) -> tuple[BatchView, ...]:
    """Cartons by order line and level, in the order of their numbers; one statement."""
    goods = (OrderLine.name_id, OrderLine.name_en, OrderLine.maker_name, OrderLine.village_name, Batch.lot_code, Batch.best_before_on)
    statement = (
        select(
            Carton.order_line_id,
            Carton.level_id,
            *goods,
            func.count(Carton.id).label("cartons"),
            func.min(Carton.number).label("first_carton"),
            func.max(Carton.number).label("last_carton"),
            func.sum(Carton.units).label("units"),
        )
        .join(OrderLine, OrderLine.id == Carton.order_line_id)
        .join(StockLevel, StockLevel.id == Carton.level_id)
        .join(Batch, Batch.id == StockLevel.batch_id)
        .where(Carton.purchase_id == purchase.id)
        .group_by(Carton.order_line_id, Carton.level_id, *goods)
        .order_by(func.min(Carton.number))
    )
    counted = {(line.order_line_id, line.level_id): line for line in receipt.lines} if receipt else {}
    return tuple(
        BatchView(
            order_line_id=row.order_line_id,
            level_id=row.level_id,
            name=pick(language, row.name_id, row.name_en),
            maker_name=row.maker_name,
            village_name=row.village_name,
            lot_code=row.lot_code,
            best_before_on=row.best_before_on,
            cartons=int(row.cartons),
            first_carton=int(row.first_carton),
            last_carton=int(row.last_carton),
            units=int(row.units),
            receipt=counted.get((row.order_line_id, row.level_id)),
        )
        for row in session.execute(statement)
    )
