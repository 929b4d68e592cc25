"""Quotes as both sides see them: one view, one history (docs/quotes.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload

from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from catalog.shelves import reach_of
from kernel import clock
from kernel.errors import NotFound
from kernel.locales import pick
from kernel.paging import Page, read_page
from kernel.people import Actor, Permission, User
from orders.models.offer import Offer
from orders.models.partner import Partner, PartnerBranch
from orders.models.purchase import PurchaseOrder
from orders.models.quote import Quote, QuoteLine, QuoteTurn
from orders.wholesale import billing
from orders.wholesale.buyers import Audience
from orders.wholesale.states import QuoteAct, QuoteState, Side, acts_for, is_open_on

PAGE_SIZE = 30
#: Quotes the office has to answer.
OFFICE_TURN = (QuoteState.REQUESTED, QuoteState.COUNTERED)


@dataclass(frozen=True, slots=True)
class LineView:
    """Cases of one offer in a turn; amounts are whole rupiah, None while nobody named a price."""

    offer_id: int
    offer_code: str
    sku: str
    name: str
    cases: int
    units_per_case: int
    unit_price: int | None

    @property
    def units(self) -> int:
        """All units of the line."""
        return self.cases * self.units_per_case

    @property
    def total(self) -> int | None:
        """Before trading terms."""
        return self.unit_price * self.units if self.unit_price is not None else None


@dataclass(frozen=True, slots=True)
class TurnView:
    """One turn of a quote."""

    number: int
    side: Side
    act: QuoteAct
    who: str
    at: datetime
    message: str
    lines: tuple[LineView, ...]
    freight: int
    terms_bps: int
    payment_days: int
    valid_until_on: date | None

    @property
    def is_priced(self) -> bool:
        """Whether every line has a price."""
        return bool(self.lines) and all(line.unit_price is not None for line in self.lines)

    @property
    def goods(self) -> int:
        """All lines before trading terms."""
        return sum(line.total or 0 for line in self.lines)

    @property
    def terms(self) -> int:
        """What trading terms take off."""
        return billing.terms_of(self.goods, self.terms_bps)

    @property
    def total(self) -> int:
        """What the partner would pay."""
        return self.goods - self.terms + self.freight


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A whole quote. `current` is the turn whose lines count now."""

    quote_id: int
    code: str
    state: QuoteState
    turn: int
    partner_name: str
    partner_code: str
    partner_id: int
    branch_name: str
    branch_code: str
    outlet_id: int
    asked_by: str
    wanted_on: date | None
    valid_until_on: date | None
    is_open: bool
    created_at: datetime
    zone: str
    turns: tuple[TurnView, ...]
    purchase_code: str

    @property
    def current(self) -> TurnView:
        """The last turn with lines."""
        return next(turn for turn in reversed(self.turns) if turn.lines)

    @property
    def offered(self) -> TurnView | None:
        """The last offer of the office."""
        return next((turn for turn in reversed(self.turns) if turn.act is QuoteAct.OFFER), None)

    @property
    def is_expired(self) -> bool:
        """An offer whose last day is over."""
        return self.state is QuoteState.OFFERED and not self.is_open

    def may(self, side: Side) -> frozenset[str]:
        """What a side may do now, in words of QuoteAct; an offer that has run out is not accepted."""
        acts = acts_for(self.state, side)
        return frozenset(act.value for act in acts if act is not QuoteAct.ACCEPT or self.is_open)


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote in a list."""

    code: str
    state: QuoteState
    is_expired: bool
    partner_name: str
    branch_name: str
    items: int
    total: int | None
    valid_until_on: date | None
    changed_at: datetime


def get_for_partner(session: Session, audience: Audience, code: str, language: str) -> QuoteView:
    """A quote of this partner; NotFound for anybody else's."""
    return _get(session, (Quote.partner_id == audience.partner_id,), code, language)


def get_for_office(session: Session, actor: Actor, code: str, language: str) -> QuoteView:
    """A quote of a seller in reach; NotFound elsewhere."""
    return _get(session, tuple(reach_of(actor, Permission.MANAGE_WHOLESALE)), code, language)


def list_for_partner(session: Session, audience: Audience, *, page: int = 1) -> tuple[Page[Quote], list[QuoteRow]]:
    """A partner's quotes, the latest change first."""
    return _list(session, select(Quote).where(Quote.partner_id == audience.partner_id), page)


def list_for_office(
    session: Session, actor: Actor, states: Collection[QuoteState] = (), *, page: int = 1
) -> tuple[Page[Quote], list[QuoteRow]]:
    """Quotes of the sellers in reach; those the office has to answer come oldest first."""
    statement = select(Quote).join(Outlet, Outlet.id == Quote.outlet_id).where(*reach_of(actor, Permission.MANAGE_WHOLESALE))
    if states:
        statement = statement.where(Quote.state.in_(states))
    if set(states) == set(OFFICE_TURN):
        statement = statement.order_by(Quote.changed_at, Quote.id)
    return _list(session, statement, page)


def _list(session: Session, statement: Select[Quote], page: int) -> tuple[Page[Quote], list[QuoteRow]]:
    ordered = statement.order_by(Quote.changed_at.desc(), Quote.id.desc())
    found = read_page(session, ordered, number=page, size=PAGE_SIZE, options=[joinedload(Quote.partner), joinedload(Quote.branch)])
    totals = _totals(session, [quote.id for quote in found.rows])
    today = clock.today()
    rows = [
        QuoteRow(
            code=quote.code,
            state=quote.state,
            is_expired=quote.state is QuoteState.OFFERED and not is_open_on(quote.state, quote.valid_until_on, today),
            partner_name=quote.partner.name,
            branch_name=quote.branch.name,
            items=totals.get(quote.id, (0, None))[0],
            total=totals.get(quote.id, (0, None))[1],
            valid_until_on=quote.valid_until_on,
            changed_at=quote.changed_at,
        )
        for quote in found.rows
    ]
    return found, rows


def _totals(session: Session, quote_ids: Sequence[int]) -> dict[int, tuple[int, int | None]]:
    """Items and worth (goods only; None without every price) of the last turn with lines, by quote; one statement."""
    if not quote_ids:
        return {}
    statement = (
        select(QuoteTurn.quote_id, QuoteTurn.number, QuoteLine.cases * QuoteLine.units_per_case * QuoteLine.unit_price)
        .join(QuoteLine, QuoteLine.turn_id == QuoteTurn.id)
        .where(QuoteTurn.quote_id.in_(quote_ids))
        .order_by(QuoteTurn.quote_id, QuoteTurn.number)
    )
    last: dict[int, tuple[int, list[int | None]]] = {}
    for quote_id, number, amount in session.execute(statement):
        known = last.get(quote_id)
        if known is None or known[0] != number:
            last[quote_id] = (number, [])
        last[quote_id][1].append(amount)
    return {
        quote_id: (len(amounts), None if None in amounts else sum(amount or 0 for amount in amounts))
        for quote_id, (_number, amounts) in last.items()
    }


def _get(session: Session, conditions: Sequence[ColumnElement[bool]], code: str, language: str) -> QuoteView:
    statement = (
        select(Quote, Partner, PartnerBranch, Outlet.zone, User.name, PurchaseOrder.code)
        .join(Partner, Partner.id == Quote.partner_id)
        .join(PartnerBranch, PartnerBranch.id == Quote.branch_id)
        .join(Outlet, Outlet.id == Quote.outlet_id)
        .outerjoin(User, User.id == Quote.asked_by_id)
        .outerjoin(PurchaseOrder, PurchaseOrder.quote_id == Quote.id)
        .where(Quote.code == code.strip().upper(), *conditions)
    )
    row = session.execute(statement.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    quote, partner, branch, zone, asked_by, purchase_code = row
    return QuoteView(
        quote_id=quote.id,
        code=quote.code,
        state=quote.state,
        turn=quote.turn,
        partner_name=partner.name,
        partner_code=partner.code,
        partner_id=partner.id,
        branch_name=branch.name,
        branch_code=branch.code,
        outlet_id=quote.outlet_id,
        asked_by=asked_by or "",
        wanted_on=quote.wanted_on,
        valid_until_on=quote.valid_until_on,
        is_open=is_open_on(quote.state, quote.valid_until_on, clock.today(zone)),
        created_at=quote.created_at,
        zone=zone,
        turns=_turns(session, quote.id, language),
        purchase_code=purchase_code or "",
    )


def _turns(session: Session, quote_id: int, language: str) -> tuple[TurnView, ...]:
    """Every turn with its lines, in order; two statements."""
    turns = session.scalars(select(QuoteTurn).where(QuoteTurn.quote_id == quote_id).order_by(QuoteTurn.number)).all()
    statement = (
        select(QuoteLine, Offer.code, Variant.code, Product.name_id, Product.name_en, Variant.name_id, Variant.name_en)
        .join(QuoteTurn, QuoteTurn.id == QuoteLine.turn_id)
        .join(Offer, Offer.id == QuoteLine.offer_id)
        .join(Variant, Variant.id == Offer.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(QuoteTurn.quote_id == quote_id)
        .order_by(QuoteLine.turn_id, QuoteLine.position)
    )
    lines: defaultdict[int, list[LineView]] = defaultdict(list)
    for line, offer_code, sku, name_id, name_en, pack_id, pack_en in session.execute(statement):
        name = pick(language, f"{name_id}, {pack_id}", f"{name_en or name_id}, {pack_en or pack_id}")
        lines[line.turn_id].append(LineView(line.offer_id, offer_code, sku, name, line.cases, line.units_per_case, line.unit_price))
    return tuple(
        TurnView(
            number=turn.number,
            side=turn.side,
            act=turn.act,
            who=turn.actor_name,
            at=turn.at,
            message=turn.message,
            lines=tuple(lines[turn.id]),
            freight=turn.freight,
            terms_bps=turn.terms_bps,
            payment_days=turn.payment_days,
            valid_until_on=turn.valid_until_on,
        )
        for turn in turns
    )
