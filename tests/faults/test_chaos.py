"""Random buyers, staff and workers while the provider loses answers and scrambles its messages; then both ledgers must be one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import DomainError
from kernel.people import SYSTEM
from orders import fulfilment, parcels, refunds
from orders.invariants import check_all
from orders.models.order import Fulfilment, Order, OrderLine
from orders.models.payment import Account, LedgerEntry, Payment
from orders.models.refund import Refund
from orders.refund_states import RefundReason, RefundState, RefundWay
from orders.states import HOLDING, OrderState, PaymentState
from storefront import worker
from storefront.app import create_app
from storefront.database import db
from tests.conftest import make_settings
from tests.faults.market import HIDDEN
from tests.faults.processes import LEFT_OUT
from tests.live import serving
from tests.make import BETUNG
from tests.make_shipping import PARCEL, make_zone
from tests.make_stock import Goods, make_goods
from tests.make_vouchers import make_voucher
from tests.payments import CARD_DECLINED, StripeStandIn
from tests.races.racing import writing

pytestmark = pytest.mark.race


@dataclass
class Bazaar:
    """What the dice can do. Every operation goes the way people and machines go: over HTTP, through verbs, by worker rounds."""

    app: Flask
    address: str
    stand_in: StripeStandIn
    goods: list[Goods]
    voucher: str
    dice: random.Random
    clients: list[FlaskClient] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)

    def run(self, operations: int) -> None:
        acts: list[tuple[Callable[[], None], int]] = [
            (self.place, 8),
            (self.pay, 7),
            (self.decline, 2),
            (self.promise, 3),
            (self.settle_promise, 3),
            (self.come_back, 4),
            (self.try_again, 4),
            (self.cancel, 2),
            (self.refund, 2),
            (self.send_on, 2),
            (self.run_out, 2),
            (self.work, 3),
            (self.fall_silent, 2),
        ]
        weights = [weight for _act, weight in acts]
        for _ in range(operations):
            (act,) = self.dice.choices([act for act, _weight in acts], weights)
            self.done[act.__name__] = self.done.get(act.__name__, 0) + 1
            act()

    def place(self) -> None:
        """A guest orders something, and sends the form once more now and then."""
        client = self.app.test_client()
        self.clients.append(client)
        goods = self.dice.choice(self.goods)
        client.post("/cart/lines", data={"variant": goods.variant.code, "quantity": str(self.dice.randint(1, 3))})
        if self.dice.random() < 0.25:
            client.post("/cart/voucher", data={"voucher": self.voucher})
        if self.dice.random() < 0.3:
            client.post("/cart/receiving", data={"fulfilment": "shipping", "village": "Betung", "village_code": BETUNG})
        form = dict(HIDDEN.findall(client.get("/checkout").text))
        form |= {"street": "Jalan Contoh 12"} if form.get("fulfilment") == "shipping" else {}
        form |= {"name": "Pembeli Contoh", "phone": "0812 3456 7890", "email": "", "payment_method": "stripe"}
        for _ in range(self.dice.choice([1, 1, 2])):
            assert client.post("/checkout", data=form).status_code in (303, 422)  # 422: sold out meanwhile

    def pay(self) -> None:
        """Somebody pays on whatever page of the provider is open."""
        if page := self._open_page():
            self.stand_in.pay(page)

    def decline(self) -> None:
        if page := self._open_page():
            self.stand_in.pay(page, CARD_DECLINED)

    def promise(self) -> None:
        if page := self._open_page():
            self.stand_in.promise(page)

    def settle_promise(self) -> None:
        """Money promised by a late method arrives, or never."""
        store = self.stand_in.bank.store
        promised = [each for each in store.of_kind("checkout.session") if each["status"] == "complete"]
        waiting = [each["id"] for each in promised if store.objects[each["payment_intent"]]["status"] == "processing"]
        if waiting:
            self.stand_in.settle(self.dice.choice(waiting), arrived=self.dice.random() < 0.7)

    def come_back(self) -> None:
        """The return page asks the provider."""
        if order := self._some_order():
            self._visit(f"/orders/{order.token}/check")

    def try_again(self) -> None:
        if order := self._some_order():
            self._visit(f"/orders/{order.token}/payment", payment_method="stripe")

    def cancel(self) -> None:
        if order := self._some_order():
            self._visit(f"/orders/{order.token}/cancel")

    def refund(self) -> None:
        """Staff give a paid order's money back; the worker sends it."""
        order = self._some_order(self.dice.choice([OrderState.CONFIRMED, OrderState.SHIPPED, OrderState.COMPLETED]))
        if order is None:
            return
        with self.app.app_context():
            engine = db.engine
        try:
            with writing(engine) as session:
                lines = session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).all()
                wanted = {line.id: (self.dice.randint(1, line.quantity), True) for line in lines}
                refunds.request_refund(session, SYSTEM, order.id, wanted, RefundReason.DAMAGED, RefundWay.PROVIDER, uuid4().hex)
        except DomainError:
            return

    def send_on(self) -> None:
        """Staff give a paid order to the courier, or to the buyer at the counter."""
        order = self._some_order(OrderState.CONFIRMED)
        if order is None:
            return
        with self.app.app_context():
            engine = db.engine
        try:
            with writing(engine) as session:
                if order.fulfilment is Fulfilment.SHIPPING:
                    parcels.ship_order(session, SYSTEM, order.id, [PARCEL])
                else:
                    fulfilment.hand_over(session, SYSTEM, order.id, order.code)
        except DomainError:
            return

    def run_out(self) -> None:
        """The time of one unpaid order is over."""
        if order := self._some_order(OrderState.AWAITING_PAYMENT):
            with self.app.app_context(), db.engine.begin() as connection:
                connection.execute(update(Order).where(Order.id == order.id, Order.hold_until.is_not(None)).values(hold_until=clock.now()))

    def work(self) -> None:
        """One round of the worker."""
        with self.app.app_context():
            worker.tick([task for task in worker.tasks() if task.name not in LEFT_OUT], float("inf"))

    def fall_silent(self) -> None:
        """The next call and its retries fail, before or after the work."""
        when, status = self.dice.choice(["before", "after"]), self.dice.choice([0, 500, 429])
        self.stand_in.bank.chaos.set(faults=[{"when": when, "status": status, "times": 3}, *FAULTS])

    def calm_down(self) -> None:
        """No more chaos: every message is delivered once more, everything unpaid runs out, the worker does its rounds."""
        webhooks = self.stand_in.bank.webhooks
        webhooks.wait_until_quiet(60)
        self.stand_in.bank.chaos.calm()
        with self.stand_in.bank.changing():
            for event in self.stand_in.bank.store.of_kind("event"):
                event["pending_webhooks"] = 1
        webhooks.register(f"{self.address}/webhooks/stripe", "whsec_tests", resume=True)
        assert webhooks.wait_until_quiet(120)
        for _round in range(3):
            past = clock.now()
            with self.app.app_context(), db.engine.begin() as connection:
                connection.execute(update(Order).where(Order.state.in_(HOLDING), Order.hold_until.is_not(None)).values(hold_until=past))
                connection.execute(update(Refund).where(Refund.sent_at.is_not(None)).values(sent_at=past.replace(year=past.year - 1)))
            self.work()
            assert webhooks.wait_until_quiet(60)

    def _visit(self, address: str, **data: str) -> None:
        answer = self.dice.choice(self.clients).post(address, data=data or {"go": "1"})
        assert answer.status_code in (303, 409), answer.text

    def _some_order(self, state: OrderState | None = None) -> Order | None:
        statement = select(Order).order_by(Order.id)
        with self.app.app_context(), Session(db.engine) as session:
            found = session.scalars(statement.where(Order.state == state) if state else statement).all()
        return self.dice.choice(found) if found else None

    def _open_page(self) -> str | None:
        pages = [each["url"] for each in self.stand_in.bank.store.of_kind("checkout.session") if each["status"] == "open"]
        return self.dice.choice(pages) if pages else None


FAULTS: list[dict[str, object]] = [
    {"when": "after", "status": 0, "times": 0, "rate": 0.05},
    {"when": "after", "status": 500, "times": 0, "rate": 0.05},
    {"when": "before", "status": 429, "times": 0, "rate": 0.05},
]
MESSAGES: dict[str, object] = {
    "drop": {"rate": 0.2},
    "duplicate": {"rate": 0.3},
    "forge": {"rate": 0.2},
    "delay": 0.005,
    "shuffle": 0.1,
}


@pytest.fixture
def bazaar(
    fresh_database_url: str, tmp_path: Path, stripe_stand_in: StripeStandIn, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[int], Bazaar]]:
    """A shop for one seed, served for the provider's messages."""
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0.01)
    monkeypatch.setattr("stripe._http_client.HTTPClient.MAX_DELAY", 0.02)
    settings = replace(
        make_settings(fresh_database_url, tmp_path),
        stripe_api_base=stripe_stand_in.url,
        stripe_checkout_origin=stripe_stand_in.url,
        log_level="CRITICAL",
    )
    app = create_app(settings)
    app.config.update(WTF_CSRF_ENABLED=False)
    with app.app_context(), writing(db.engine) as session:
        goods = [make_goods(session, 200)]
        goods += [make_goods(session, quantity, outlet=goods[0].outlet) for quantity in (40, 5)]
        make_zone(session, goods[0].outlet)
        voucher = make_voucher(session, goods[0].outlet, use_limit=12, amount=5_000).code
    with serving(app) as address:
        stripe_stand_in.deliver_to(f"{address}/webhooks/stripe")
        stripe_stand_in.bank.chaos._random.seed(8)
        stripe_stand_in.bank.chaos.set(faults=FAULTS, **MESSAGES)
        yield lambda seed: Bazaar(app, address, stripe_stand_in, goods, voucher, random.Random(seed))


@pytest.mark.parametrize(
    ("seed", "operations"), [(1, 120), pytest.param(2, 1_000, marks=pytest.mark.long), pytest.param(3, 1_000, marks=pytest.mark.long)]
)
def test_after_the_chaos_both_ledgers_are_one(bazaar: Callable[[int], Bazaar], seed: int, operations: int) -> None:
    market = bazaar(seed)
    market.run(operations)
    market.calm_down()
    theirs = market.stand_in.totals()
    with market.app.app_context(), Session(db.engine) as session:
        assert [f"{breach.invariant} {breach.message}" for breach in check_all(session)] == []
        captured = session.execute(
            select(Order.code, func.sum(Payment.amount))
            .join(Payment, Payment.order_id == Order.id)
            .where(Payment.paid_at.is_not(None))
            .group_by(Order.code)
        )
        assert {code: int(amount) for code, amount in captured} == {
            code: money["captured"] for code, money in theirs["orders"].items() if money["captured"]
        }
        kept = session.scalar(select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.account == Account.STRIPE))
        assert kept == theirs["kept"]
        open_still = session.scalars(select(Payment.state).where(Payment.state.in_([PaymentState.STARTED, PaymentState.OPEN]))).all()
        assert open_still == []
        assert session.scalars(select(Refund.state).where(Refund.state == RefundState.SENT)).all() == []
        sent = select(func.count(Order.id)).where(
            Order.fulfilment == Fulfilment.SHIPPING, Order.state.in_([OrderState.SHIPPED, OrderState.COMPLETED])
        )
        cheaper = select(func.count(Order.id)).where(Order.discount_total > 0)
        if operations >= 1_000:  # a short game may have neither
            assert session.scalar(sent), market.done
            assert session.scalar(cheaper), market.done
    assert theirs["captured"] > 0, market.done
