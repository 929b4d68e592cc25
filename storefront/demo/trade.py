"""A month of trade in the demo, through the verbs that people use, at the moments at which it would have happened.

Seventeen makers bring goods, buyers order, two things come back, some break; statements are closed, payouts approved and
paid; a lot is recalled, goods go back to a maker, a shelf is counted. The same day always gives the same goods and figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from kernel import accounts as people
from kernel import clock
from kernel.people import Actor, User
from orders.consignment import accounts, agreements, payouts, statements
from orders.consignment.agreements import NewTerms
from orders.consignment.ledger import owed
from orders.consignment.periods import last_settlement
from orders.models.agreement import Agreement, Rhythm, TermsModel
from orders.models.consignment import MakerStatement
from orders.models.delivery import Condition, ConfirmedBy
from orders.stockroom import deliveries
from orders.stockroom.delivery_lines import LineFacts, add_line
from storefront.demo import trade_orders, trade_shelf
from storefront.demo.cast import ADMINISTRATOR, CASHIER, MANAGER

MAKERS = 17
#: Only goods that keep this long are brought in the month, so that nothing of it has expired today.
KEEPS_DAYS = 150
#: Makers by their place in the list: who has no bank account, who sells outright from now on, who is settled weekly.
CASH_ONLY, BOUGHT, WEEKLY = (3, 11), 6, 9
_SIGNATURE = "M40 120" + "".join(f"L{x} {120 + (x * 37) % 60 - 30}" for x in range(60, 420, 12))


@dataclass(slots=True)
class Trader:
    """A maker with the goods that are sold in the month."""

    maker: Maker
    agreement: Agreement
    variants: list[Variant]
    has_account: bool


@dataclass(slots=True)
class Month:
    """Who trades where from `first` to the day before `last`, and what was done so far."""

    session: Session
    outlet: Outlet
    manager: Actor
    administrator: Actor
    cashier: Actor
    first: date
    last: date
    traders: list[Trader]
    done: Callable[[], None]
    chance: Random = field(default_factory=lambda: Random(1612))

    @contextmanager
    def on(self, day: date, hour: int = 9, minute: int = 0) -> Iterator[None]:
        """Let it be that day on the outlet's wall clock; never later than now."""
        with clock.at(datetime.combine(day, time(hour, minute), clock.ZONES[self.outlet.zone])):
            yield

    def after(self, days: int) -> date:
        """So many days after the last settlement."""
        return self.last + timedelta(days=days)


def is_traded(session: Session) -> bool:
    """Whether the month was made; it is made in one transaction, so it stands whole."""
    return bool(session.scalar(select(exists().where(MakerStatement.id > 0))))


def trade(session: Session, outlet_slug: str, done: Callable[[], None] = lambda: None) -> None:
    """Make the month in the caller's transaction, `done` being called after each maker's statement. Harmless when it stands."""
    if is_traded(session):
        return
    month = _prepare(session, outlet_slug, done)
    if len(month.traders) < MAKERS:  # a demo from before there were agreements
        return
    for place in CASH_ONLY:
        month.traders[place].has_account = False
    for place, trader in enumerate(month.traders):
        _bring(month, place, trader)
    trade_orders.sell_month(month)
    trade_shelf.lose_some(month)
    for place, trader in enumerate(month.traders):
        _close(month, place, trader)
        month.done()
    _pay_out(month)
    _agree_anew(month)
    trade_orders.sell_since(month)
    trade_shelf.give_back(month)
    trade_shelf.count(month)
    trade_shelf.recall(month)
    _ask_for_account(month)


def _prepare(session: Session, outlet_slug: str, done: Callable[[], None]) -> Month:
    outlet = session.scalars(select(Outlet).where(Outlet.slug == outlet_slug)).one()
    today = clock.today(outlet.zone)
    last = last_settlement(Rhythm.MONTHLY, 5, today - timedelta(days=90), today)
    if last is None:  # ninety days hold a fifth
        raise LookupError("no day of settlement")
    first = (last.replace(day=1) - timedelta(days=1)).replace(day=5)
    manager, administrator, cashier = (_actor(session, member.email) for member in (MANAGER, ADMINISTRATOR, CASHIER))
    return Month(session, outlet, manager, administrator, cashier, first, last, _find_traders(session, outlet), done)


def _actor(session: Session, email: str) -> Actor:
    return people.as_actor(session.scalars(select(User).where(User.email == email).options(selectinload(User.grants))).one())


def _find_traders(session: Session, outlet: Outlet) -> list[Trader]:
    """The first makers with goods that keep, by their slug."""
    rows = session.execute(
        select(Maker, Agreement, Variant, Product)
        .join(Agreement, Agreement.maker_id == Maker.id)
        .join(Product, Product.maker_id == Maker.id)
        .join(Variant, Variant.product_id == Product.id)
        .where(Agreement.outlet_id == outlet.id, Variant.is_active)
        .order_by(Maker.slug, Product.slug, Variant.position)
    )
    found: dict[int, Trader] = {}
    for maker, agreement, variant, product in rows:
        if product.shelf_life_days is not None and product.shelf_life_days < KEEPS_DAYS:
            continue
        trader = found.setdefault(maker.id, Trader(maker, agreement, [], has_account=True))
        if len(trader.variants) < 3:
            trader.variants.append(variant)
    return list(found.values())[:MAKERS]


def _bring(month: Month, place: int, trader: Trader) -> None:
    """A bank account that two people agreed to, and a delivery that both sides confirmed."""
    session, day = month.session, month.first - timedelta(days=5)
    if trader.has_account:
        with month.on(day, 8, place):
            number = f"00{trader.maker.id:08d}"
            asked = accounts.request_account(session, month.manager, trader.agreement.id, "Bank Contoh", number, trader.maker.name)
        with month.on(day, 8, 30 + place):
            accounts.approve_account(session, month.administrator, asked.id)
    with month.on(day, 9 + place // 4, place % 4 * 12):
        bring(month, trader, month.first - timedelta(days=8), place)


def bring(month: Month, trader: Trader, produced_on: date, place: int) -> None:
    """A delivery note with a line for each variant, confirmed by the outlet and by the maker in one of three ways."""
    session = month.session
    note = deliveries.open_delivery(session, month.manager, month.outlet, trader.maker, brought_by="Keluarga pembuat (contoh)")
    for number, variant in enumerate(trader.variants):
        units = 14 + (place * 5 + number * 3) % 12
        broken = 2 if number == 0 and place % 5 == 2 else 0
        facts = LineFacts(
            quantity=units,
            produced_on=produced_on,
            accepted=units - broken,
            condition=Condition.DAMAGED if broken else Condition.GOOD,
            refusal_reason="Kemasan penyok saat datang." if broken else "",
        )
        add_line(session, note, variant, facts)
    deliveries.confirm_count(session, month.manager, note.id)
    way = (ConfirmedBy.LINK, ConfirmedBy.CODE, ConfirmedBy.SIGNATURE)[place % 3]
    drawn = _SIGNATURE if way is ConfirmedBy.SIGNATURE else ""
    deliveries.confirm_by_maker(session, note.id, note.revision, way, "Keluarga pembuat (contoh)", signature=drawn)


def _close(month: Month, place: int, trader: Trader) -> None:
    with month.on(month.last, 9, place):
        statements.close_statement(month.session, month.manager, trader.agreement.id, month.last - timedelta(days=1))


def _pay_out(month: Month) -> None:
    """One batch: prepared by the lead, approved by the administrator, paid and noted one by one."""
    session = month.session
    sums = owed(session, [trader.agreement.id for trader in month.traders])
    amounts = {agreement_id: amount for agreement_id, amount in sums.items() if amount > 0}
    in_cash = frozenset(trader.agreement.id for trader in month.traders if not trader.has_account) & amounts.keys()
    with month.on(month.last, 13):
        key = f"demo-payout-{month.last.isoformat()}"
        batch = payouts.prepare_batch(session, month.manager, month.outlet, amounts, key, in_cash=frozenset(in_cash))
    with month.on(month.last, 14, 30):
        payouts.approve_batch(session, month.administrator, batch.id)
    loaded = payouts.get_batch(session, month.manager, batch.code)
    for number, payout in enumerate(loaded.payouts):
        with month.on(month.last, 16, number):
            reference = "Diterima pembuat (contoh)" if payout.account_id is None else f"CONTOH-{month.last:%y%m%d}-{number + 1:02}"
            payouts.mark_paid(session, month.manager, payout.id, reference, clock.today(month.outlet.zone))


def _agree_anew(month: Month) -> None:
    """One maker is settled weekly from now on; another sells outright, with a price for each variant and a first such delivery."""
    session, day = month.session, clock.today(month.outlet.zone)
    weekly, bought = month.traders[WEEKLY], month.traders[BOUGHT]
    with month.on(day, 10):
        weekly_terms = NewTerms(starts_on=day, rhythm=Rhythm.WEEKLY, rhythm_day=1, note="Permintaan pembuat.")
        agreements.agree_terms(session, month.manager, weekly.agreement.id, weekly_terms)
        outright = NewTerms(starts_on=day, model=TermsModel.PURCHASE, rhythm=Rhythm.ON_CALL)
        agreements.agree_terms(session, month.manager, bought.agreement.id, outright)
        prices = trade_orders.prices_of(month, bought.variants)
        for variant in bought.variants:
            wanted = prices[variant.id] * 7 // 10 // 500 * 500
            agreements.set_maker_price(session, month.manager, bought.agreement.id, variant, wanted, day)
        bring(month, bought, day - timedelta(days=2), BOUGHT)


def _ask_for_account(month: Month) -> None:
    """A change that waits for a second person."""
    trader = month.traders[0]
    with month.on(month.after(4), 15):
        accounts.request_account(month.session, month.manager, trader.agreement.id, "Bank Contoh Baru", "0099000017", trader.maker.name)
