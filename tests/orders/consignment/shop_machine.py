"""A souvenir centre in which anything may happen in any order: the machine behind the property test of the makers' books."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import func, select

from catalog import batch_blocks, stock
from catalog.models.stock import Batch, BatchState, LossCause, Outlet, StockLevel
from kernel import clock
from kernel.people import SYSTEM
from orders import fulfilment, parcels, refunds
from orders.consignment import agreements, fees, goods, ledger, payouts, sales, statements
from orders.models.consignment import MakerStatement
from orders.models.maker_payout import MakerPayout
from orders.models.order import Channel, Order, OrderAllocation, OrderLine, OrderState
from orders.models.stockroom import PullOut, PullOutReason, PullOutState, StockCount, Transfer, TransferState
from orders.refund_states import RefundReason, ways_for
from orders.stockroom import counts, pull_outs, transfers
from orders.stockroom.counts import Figure
from orders.stockroom.pull_outs import Done
from orders.stockroom.transfers import Arrived
from tests.make import make_batch
from tests.make_consignment import terms
from tests.make_orders import PICKUP, pay, place
from tests.make_shipping import PARCEL, destination
from tests.make_stock import Goods
from tests.orders.consignment.shop_ground import TERMS, ShopGround

SMALL = st.integers(1, 6)
SHOPS = st.sampled_from([Channel.WEB, Channel.COUNTER])
ANY = st.integers(0, 10_000)


class ShopMachine(ShopGround):
    """Everything that happens in a shop, in any order."""

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
