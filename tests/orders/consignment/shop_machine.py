"""A souvenir centre in which anything may happen in any order: the machine behind the property test of the makers' books."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import batch_blocks, stock
from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Batch, BatchState, LossCause, MovementKind, Outlet, StockLevel, StockMovement
from kernel import clock
from kernel.errors import DomainError
from kernel.people import SYSTEM
from orders import fulfilment, parcels, refunds
from orders.consignment import agreements, fees, goods, ledger, payouts, sales, statement_content, statements
from orders.invariants import CHECKS
from orders.models.agreement import Agreement, Bearer, Rhythm, TermsModel
from orders.models.consignment import ConsignmentEntry, ConsignmentSale, MakerStatement
from orders.models.maker_payout import MakerPayout
from orders.models.order import Channel, Order, OrderAllocation, OrderLine, OrderState
from orders.models.stockroom import PullOut, PullOutReason, PullOutState, StockCount, Transfer, TransferState
from orders.refund_states import RefundReason, ways_for
from orders.stockroom import counts, pull_outs, transfers
from orders.stockroom.counts import Figure
from orders.stockroom.pull_outs import Done
from orders.stockroom.transfers import Arrived
from tests.make import make_batch, make_maker, make_outlet, make_product
from tests.make_consignment import terms
from tests.make_orders import PICKUP, pay, place
from tests.make_shipping import PARCEL, destination, make_zone
from tests.make_stock import Goods

BEGIN = datetime(2026, 11, 2, 3, tzinfo=UTC)
SMALL = st.integers(1, 6)
SHOPS = st.sampled_from([Channel.WEB, Channel.COUNTER])
ANY = st.integers(0, 10_000)
TERMS = st.fixed_dictionaries(
    {
        "model": st.sampled_from(TermsModel),
        "rate_bps": st.integers(0, 10_000),
        "fee": st.integers(1, 90_000),
        "rhythm": st.sampled_from([Rhythm.ON_CALL, Rhythm.FORTNIGHTLY]),
        "loss_borne_by": st.sampled_from(Bearer),
        "damage_borne_by": st.sampled_from(Bearer),
        "expiry_borne_by": st.sampled_from(Bearer),
        "pull_out_days": st.integers(0, 20),
    }
)
#: Statements of the invariants, made once.
_OWNED = StockLevel.agreement_id.is_not(None)
MOVED = (
    select(StockLevel.agreement_id, StockMovement.kind, func.sum(StockMovement.on_hand_change))
    .join(StockLevel, StockLevel.id == StockMovement.level_id)
    .where(_OWNED)
    .group_by(StockLevel.agreement_id, StockMovement.kind)
)
SHELF = select(StockLevel.agreement_id, func.sum(StockLevel.on_hand)).where(_OWNED).group_by(StockLevel.agreement_id)
SOLD = (
    select(ConsignmentSale.agreement_id, func.sum(ConsignmentSale.quantity))
    .where(ConsignmentSale.reverses_id.is_(None))
    .group_by(ConsignmentSale.agreement_id)
)
UNEVEN = select(ConsignmentEntry.agreement_id).group_by(ConsignmentEntry.agreement_id).having(func.sum(ConsignmentEntry.amount) != 0)


class ShopMachine(RuleBasedStateMachine):
    """Two outlets, three makers, their agreements; `tally` counts what was really done, over all examples."""

    session: Session
    tally: ClassVar[Counter[str]] = Counter()
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.traveller = time_machine.travel(BEGIN, tick=False)
        self.clock = self.traveller.start()
        self.savepoint = self.session.begin_nested()
        self.closed: dict[int, tuple[str, str]] = {}
        #: What this machine knows of each maker's units, from its own acts: received, sold, returned, given back, gone.
        self.units: defaultdict[int, Counter[str]] = defaultdict(Counter)

    def teardown(self) -> None:
        try:
            assert self.doctor("I1", "I2", "I4", "I6", "I7") == []
        finally:  # or whatever comes next would live in this shop's days
            self.session.expunge_all()
            self.savepoint.rollback()
            self.traveller.stop()

    @initialize(data=st.data())
    def open_shop(self, data: st.DataObject) -> None:
        session = self.session
        self.outlets = [make_outlet(session, zone="WITA"), make_outlet(session)]
        self.makers = [make_maker(session) for _maker in range(3)]
        self.products: list[Product] = []
        for maker in self.makers:
            for _product in range(2):
                self.products.append(make_product(session, maker=maker, price=data.draw(st.integers(100, 90_000))))
            for outlet in self.outlets:
                agreements.create_agreement(session, SYSTEM, maker, outlet, terms(**data.draw(TERMS), rhythm_day=1))
        self.variants = {product.id: product.variants[0] for product in self.products}
        for outlet in self.outlets:
            make_zone(session, outlet)
        for agreement in self.agreements():
            for product in self.products_of(agreement):
                if data.draw(st.booleans()):
                    amount = data.draw(st.integers(100, 90_000))
                    agreements.set_maker_price(session, SYSTEM, agreement.id, self.variants[product.id], amount, clock.today())
        for number in range(6):
            self.deliver(number=number, units=9, days=None)

    # what there is

    def agreements(self) -> list[Agreement]:
        return list(self.session.scalars(select(Agreement).order_by(Agreement.id)))

    def products_of(self, agreement: Agreement) -> list[Product]:
        return [product for product in self.products if product.maker_id == agreement.maker_id]

    def pick(self, found: Any, number: int) -> Any:
        """One of what was found, or None."""
        rows = list(found)
        return rows[number % len(rows)] if rows else None

    def level(self, number: int, *, only_free: bool = True) -> StockLevel | None:
        free = StockLevel.on_hand > (StockLevel.held if only_free else 0)
        statement = select(StockLevel).where(free).order_by(StockLevel.id).execution_options(populate_existing=True)
        level: StockLevel | None = self.pick(self.session.scalars(statement), number)
        return level

    def variant_of(self, level: StockLevel) -> Variant:
        return next(variant for variant in self.variants.values() if variant.id == level.variant_id)

    def maker_of(self, level: StockLevel) -> Maker:
        product = select(Product.maker_id).join(Batch, Batch.product_id == Product.id).where(Batch.id == level.batch_id)
        return self.session.get_one(Maker, self.session.scalars(product).one())

    def order(self, number: int, *states: OrderState) -> Order | None:
        found = self.session.scalars(select(Order).where(Order.state.in_(states)).order_by(Order.id))
        order: Order | None = self.pick(found, number)
        return order

    def did(self, what: str) -> None:
        ShopMachine.tally[what] += 1

    def attempt(self, what: str, act: Any) -> Any:
        """Do it; a refusal is as good an answer, and must leave nothing behind."""
        try:
            with self.session.begin_nested():
                done = act()
        except DomainError:
            self.session.expire_all()
            self.did(f"{what} refused")
            return None
        self.did(what)
        return done if done is not None else True

    # goods come

    @rule(number=ANY, units=st.integers(1, 12), days=st.one_of(st.none(), st.integers(2, 60)))
    def deliver(self, number: int, units: int, days: int | None) -> None:
        agreement = self.pick(self.agreements(), number)
        product = self.pick(self.products_of(agreement), number // 7)
        best_before = clock.today() + timedelta(days=days) if days else None
        batch = make_batch(self.session, product, produced_on=clock.today() - timedelta(days=1), best_before_on=best_before)
        outlet = self.session.get_one(Outlet, agreement.outlet_id)
        variant = self.variants[product.id]
        level = self.attempt(
            "delivery",
            lambda: goods.receive_goods(self.session, SYSTEM, outlet, variant, batch, units, f"delivery:{batch.lot_code}"),
        )
        if isinstance(level, StockLevel) and level.agreement_id:
            self.units[level.agreement_id]["received"] += units

    @rule(number=ANY, units=SMALL)
    def buy_in(self, number: int, units: int) -> None:
        """The outlet's own goods stand beside the maker's."""
        product = self.pick(self.products, number)
        batch = make_batch(self.session, product)
        stock.receive_stock(self.session, SYSTEM, self.pick(self.outlets, number), self.variants[product.id], batch, units, "delivery:own")
        self.did("own goods")

    # goods are sold

    @rule(
        number=ANY,
        units=SMALL,
        channel=SHOPS,
        way=st.sampled_from(["collected", "sent", "cash", "left"]),
    )
    def sell(self, number: int, units: int, channel: Channel, way: str) -> None:
        level = self.level(number)
        if level is None:
            return
        order = self.attempt("order", lambda: self.place(level, units, channel, way))
        if order is None or way == "left":
            return
        self.hand_out(order)

    def place(self, level: StockLevel, units: int, channel: Channel, way: str) -> Order:
        variant = self.variant_of(level)
        outlet = self.session.get_one(Outlet, level.outlet_id)
        wares = Goods(variant.product_id, variant, None, outlet, level)  # type: ignore[arg-type]
        if way == "cash":
            return place(self.session, wares, quantity=units, payment_method=PICKUP, contact=self.somebody())
        extra = {"destination": destination()} if way == "sent" else {}
        return pay(self.session, place(self.session, wares, quantity=units, channel=channel, **extra))

    def somebody(self) -> Any:
        """A phone may have three unpaid orders only."""
        from tests.make_orders import contact

        return contact(phone=f"+62812{uuid4().int % 10**8:08d}")

    def hand_out(self, order: Order) -> None:
        def act() -> Order:
            if order.fulfilment.value == "shipping":
                return parcels.ship_order(self.session, SYSTEM, order.id, [PARCEL])
            return fulfilment.hand_over(self.session, SYSTEM, order.id, order.code)

        if self.attempt("sale", act):
            self.note_sold(order)

    def note_sold(self, order: Order) -> None:
        sold = (
            select(StockLevel.agreement_id, func.sum(OrderAllocation.quantity))
            .join(OrderAllocation, OrderAllocation.level_id == StockLevel.id)
            .join(OrderLine, OrderLine.id == OrderAllocation.line_id)
            .where(OrderLine.order_id == order.id, StockLevel.agreement_id.is_not(None))
            .group_by(StockLevel.agreement_id)
        )
        for agreement_id, units in self.session.execute(sold):
            self.units[agreement_id]["sold"] += units

    @rule(number=ANY, units=SMALL)
    def sell_and_take_back(self, number: int, units: int) -> None:
        """A sale and, often, a refund: the commonest acts are drawn more often."""
        self.sell(number, units, Channel.COUNTER, "collected")
        if number % 2:
            self.refund(number, 1, number % 3 > 0)

    @rule(number=ANY)
    def collect_later(self, number: int) -> None:
        order = self.order(number, OrderState.CONFIRMED, OrderState.READY)
        if order is not None:
            self.hand_out(order)

    @rule(number=ANY, units=SMALL, days=st.integers(0, 12))
    def sell_offline(self, number: int, units: int, days: int) -> None:
        """A late fact: it happened days ago and is written now."""
        level = self.level(number)
        if level is None:
            return
        order = self.attempt("order", lambda: self.place(level, units, Channel.COUNTER, "collected"))
        if order is None:
            return
        held = fulfilment.allocations_of(self.session, [order.id])[order.id]
        reference = f"order:{order.code}"

        def act() -> None:
            stock.take_held(self.session, held, reference)
            sales.book_sales(self.session, order.id, reference, occurred_at=clock.now() - timedelta(days=days))
            order.state, order.hold_until, order.completed_at = OrderState.COMPLETED, None, clock.now()
            self.session.flush()

        if self.attempt("late sale", act):
            self.note_sold(order)

    @rule(number=ANY, units=SMALL, fit=st.booleans())
    def refund(self, number: int, units: int, fit: bool) -> None:
        order = self.order(number, OrderState.COMPLETED, OrderState.SHIPPED, OrderState.CONFIRMED)
        if order is None:
            return
        line = self.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).first()
        assert line is not None
        payment = refunds.find_paid(self.session, order.id)
        assert payment is not None
        key, way, why = uuid4().hex, sorted(ways_for(payment.method))[0], RefundReason.OTHER
        wanted = {line.id: (units, fit)}
        self.attempt("refund", lambda: refunds.request_refund(self.session, SYSTEM, order.id, wanted, why, way, key, approval_above=10**10))

    # goods go without a buyer

    @rule(number=ANY, units=SMALL, cause=st.sampled_from(LossCause))
    def write_off(self, number: int, units: int, cause: LossCause) -> None:
        level = self.level(number)
        if level is not None:
            self.attempt("write-off", lambda: goods.write_off(self.session, SYSTEM, level.id, units, cause, "uji coba"))

    @rule(number=ANY, counted=st.integers(0, 9))
    def correct(self, number: int, counted: int) -> None:
        level = self.level(number, only_free=False)
        if level is None:
            return
        where = (self.session.get_one(Outlet, level.outlet_id), self.variant_of(level), self.session.get_one(Batch, level.batch_id))
        self.attempt(
            "correction",
            lambda: goods.correct_goods(self.session, SYSTEM, *where, counted, "uji coba", agreement_id=level.agreement_id),
        )

    @rule(number=ANY, shift=st.integers(-3, 2))
    def count(self, number: int, shift: int) -> None:
        outlet = self.pick(self.outlets, number)

        def act() -> StockCount:
            found = counts.start_count(self.session, SYSTEM, outlet)
            figures = []
            for place_in_row, line in enumerate(found.lines[:4]):
                on_hand = self.session.scalars(select(StockLevel.on_hand).where(StockLevel.id == line.level_id)).one()
                figures.append(Figure(line.id, max(0, on_hand + (shift if place_in_row == number % 4 else 0))))
            counts.type_figures(self.session, SYSTEM, found.id, figures)
            counts.close_count(self.session, SYSTEM, found.id)
            counts.give_reasons(self.session, SYSTEM, found.id, {line.id: "uji coba" for line in found.lines})
            return counts.book_count(self.session, SYSTEM, found.id)

        self.attempt("count", act)

    @rule(number=ANY, units=SMALL)
    def pull_out(self, number: int, units: int) -> None:
        level = self.level(number)
        if level is None or level.agreement_id is None:
            return
        outlet, maker = self.session.get_one(Outlet, level.outlet_id), self.maker_of(level)
        wanted = {level.id: units}
        self.attempt(
            "pull-out announced",
            lambda: pull_outs.announce_pull_out(self.session, SYSTEM, outlet, maker, wanted, PullOutReason.EXPIRING),
        )

    @rule(number=ANY, written_off=st.integers(0, 2))
    def finish_pull_out(self, number: int, written_off: int) -> None:
        waiting = select(PullOut).where(PullOut.state == PullOutState.ANNOUNCED).order_by(PullOut.id)
        found = self.pick(self.session.scalars(waiting), number)
        if found is None:
            return
        lines = pull_outs.get_pull_out(self.session, SYSTEM, stock.Permission.EDIT_STOCK, found.code).lines
        done = {line.id: Done(max(0, line.quantity - written_off), min(written_off, line.quantity)) for line in lines}
        self.attempt("pull-out done", lambda: pull_outs.finish_pull_out(self.session, SYSTEM, found.id, done, "Ibu Contoh"))

    @rule(number=ANY, units=SMALL)
    def send_transfer(self, number: int, units: int) -> None:
        level = self.level(number)
        if level is None:
            return
        here = self.session.get_one(Outlet, level.outlet_id)
        there = next(outlet for outlet in self.outlets if outlet.id != here.id)

        def act() -> Transfer:
            found = transfers.open_transfer(self.session, SYSTEM, here, there)
            transfers.set_line(self.session, SYSTEM, found.id, level.id, units)
            return transfers.send_transfer(self.session, SYSTEM, found.id)

        self.attempt("transfer sent", act)

    @rule(number=ANY, missing=st.integers(0, 2))
    def receive_transfer(self, number: int, missing: int) -> None:
        sent = select(Transfer).where(Transfer.state == TransferState.SENT).order_by(Transfer.id)
        found = self.pick(self.session.scalars(sent), number)
        if found is None:
            return
        lines = transfers.get_transfer(self.session, SYSTEM, stock.Permission.EDIT_STOCK, found.code).lines
        arrived = {line.id: Arrived(max(0, line.quantity - missing), "uji coba") for line in lines}
        self.attempt("transfer received", lambda: transfers.receive_transfer(self.session, SYSTEM, found.id, arrived))

    @rule(number=ANY, is_recalled=st.booleans())
    def stop_batch(self, number: int, is_recalled: bool) -> None:
        batch = self.pick(self.session.scalars(select(Batch).order_by(Batch.id)), number)
        if batch is None:
            return
        act = batch_blocks.recall_batch if is_recalled else batch_blocks.block_batch
        if batch.state is not BatchState.OPEN:
            act = batch_blocks.release_batch
        self.attempt("recall", lambda: act(self.session, SYSTEM, batch, "uji coba"))

    # money

    @rule(number=ANY, values=TERMS)
    def agree(self, number: int, values: dict[str, Any]) -> None:
        agreement = self.pick(self.agreements(), number)
        new = terms(starts_on=clock.today("WITA"), **values)
        self.attempt("new terms", lambda: agreements.agree_terms(self.session, SYSTEM, agreement.id, new))

    @rule(number=ANY, part=st.integers(1, 4))
    def pay_maker(self, number: int, part: int) -> None:
        agreement = self.pick(self.agreements(), number)
        outlet = self.session.get_one(Outlet, agreement.outlet_id)
        owed = ledger.owed(self.session, [agreement.id])[agreement.id]
        amounts, cash = {agreement.id: owed * part // 3}, frozenset({agreement.id})

        def act() -> None:
            batch = payouts.prepare_batch(self.session, SYSTEM, outlet, amounts, uuid4().hex, in_cash=cash)
            payouts.approve_batch(self.session, SYSTEM, batch.id)
            payout = self.session.scalars(select(MakerPayout.id).where(MakerPayout.batch_id == batch.id)).one()
            payouts.mark_paid(self.session, SYSTEM, payout, "Ibu Contoh", clock.today("WIB"))

        paid = self.attempt("payout", act)
        assert not (paid and owed * part // 3 > owed)

    @rule(number=ANY, amount=st.integers(-9_000, 9_000))
    def put_right(self, number: int, amount: int) -> None:
        agreement = self.pick(self.agreements(), number)
        key = uuid4().hex
        self.attempt("correction by hand", lambda: fees.correct_balance(self.session, SYSTEM, agreement.id, amount, "salah catat", key))

    @rule(number=ANY, back=st.integers(1, 5))
    def close(self, number: int, back: int) -> None:
        agreement = self.pick(self.agreements(), number)
        outlet = self.session.get_one(Outlet, agreement.outlet_id)
        up_to = clock.today(outlet.zone) - timedelta(days=back)
        made = self.attempt("statement", lambda: statements.close_statement(self.session, SYSTEM, agreement.id, up_to))
        if isinstance(made, MakerStatement):
            self.closed[made.id] = (made.content, made.content_hash)

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        self.clock.shift(timedelta(hours=hours))
        self.did("time passes")

    # what is always true

    def doctor(self, *names: str) -> list[str]:
        return [message for name in names for message in CHECKS[name](self.session)]

    @invariant()
    def books_are_sound(self) -> None:
        ShopMachine.steps += 1
        if hasattr(self, "outlets"):
            assert self.doctor("I1", "I4", "I7") == []
            self.check_units()
            self.check_money()

    def check_units(self) -> None:
        """Received = sold + returned + written off + on hand, counted by this machine where it can, by movements otherwise."""
        sums: defaultdict[int, Counter[MovementKind]] = defaultdict(Counter)
        for agreement_id, kind, units in self.session.execute(MOVED):
            sums[agreement_id][kind] = units
        shelf = {row[0]: row[1] for row in self.session.execute(SHELF)}
        sold = {row[0]: row[1] for row in self.session.execute(SOLD)}
        for agreement_id, known in self.units.items():
            assert sums[agreement_id][MovementKind.RECEIVED] == known["received"]
            assert sold.get(agreement_id, 0) == known["sold"] == -sums[agreement_id][MovementKind.SOLD]
        for agreement_id, units in shelf.items():
            assert units == sum(sums[agreement_id].values())

    def check_money(self) -> None:
        """Debits equal credits per maker; what was closed reads as it did."""
        assert self.session.scalars(UNEVEN).all() == []
        if self.closed:
            rows = self.session.execute(select(MakerStatement.id, MakerStatement.content, MakerStatement.content_hash))
            for statement_id, content, content_hash in rows:
                assert self.closed[statement_id] == (content, content_hash)
                assert statement_content.hash_of(content) == content_hash
