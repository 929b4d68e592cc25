"""F1, F9, F17, F43: processes killed at every named point; afterwards nothing is lost and nothing is double (docs/faults.md)."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

import config
from catalog.models.stock import Outlet, StockLevel
from kernel.crashpoints import VARIABLE
from kernel.outbox import OutboxMessage
from kernel.people import SYSTEM
from orders import refunds
from orders.models.order import Order, OrderLine
from orders.models.payment import Payment
from orders.models.refund import Refund
from orders.refund_states import RefundReason, RefundState, RefundWay
from orders.states import OrderState, PaymentState
from tests.faults.processes import PATIENCE, Answer, Buyer, Shop, wait_for
from tests.faults.programs import killed_while_a_program_orders, killed_while_telling_a_program
from tests.house.sources import modules
from tests.make_counter import line_of, make_till, open_till
from tests.races.racing import writing

pytestmark = pytest.mark.race


def buy(shop: Shop) -> tuple[Buyer, Answer]:
    """A guest who has placed an order by card and looks at the bank's page."""
    buyer = Buyer(shop.port)
    buyer.fill_cart(shop.goods)
    answer = buyer.order()
    assert answer.location.startswith(shop.stand_in.url)
    return buyer, answer


def newest(shop: Shop) -> Order:
    """The order placed last."""
    order: Order = shop.ask(select(Order).order_by(Order.id.desc()).limit(1))
    return order


def is_in(shop: Shop, state: OrderState) -> Callable[[], bool]:
    return lambda: newest(shop).state is state


def killed_while_placing(shop: Shop, point: str) -> None:
    """The form breaks off; sent once more it is one order, which is then paid."""
    before = shop.ask(select(func.count(Order.id)))
    shop.open(crash_at=point)
    buyer = Buyer(shop.port)
    buyer.fill_cart(shop.goods)
    assert buyer.order().status == 0
    shop.expect_death()
    shop.open()
    answer = buyer.order()
    assert answer.location.startswith(shop.stand_in.url)
    shop.stand_in.pay(answer.location)
    wait_for(is_in(shop, OrderState.CONFIRMED), "the message arrives")
    assert shop.ask(select(func.count(Order.id))) == before + 1
    sessions = [each for each in shop.stand_in.bank.store.of_kind("checkout.session") if each["client_reference_id"] == newest(shop).code]
    assert len(sessions) == 1


def killed_while_hearing_of_money(shop: Shop, point: str) -> None:
    """The message's process dies; the provider sends it again until somebody answers."""
    shop.open(crash_at=point)
    _buyer, page = buy(shop)
    shop.stand_in.pay(page.location)
    shop.expect_death()
    shop.open()
    wait_for(is_in(shop, OrderState.CONFIRMED), "the message arrives once more")


def killed_while_the_buyer_returns(shop: Shop, point: str) -> None:
    """No message ever comes; the page that asks the provider dies, and says the truth when it is loaded again."""
    shop.open(crash_at=point)
    buyer, page = buy(shop)
    shop.stand_in.bank.chaos.set(drop={"rate": 1.0})
    shop.stand_in.pay(page.location)
    address = f"/orders/{newest(shop).token}"
    assert buyer.visit(f"{address}/check", ask="1").status == 0
    shop.expect_death()
    shop.open()
    waiting = buyer.visit(f"{address}?returned=1").text
    assert "sedang dikonfirmasi" in waiting
    assert "gagal" not in waiting
    assert buyer.visit(f"{address}/check", ask="1").status == 303
    assert newest(shop).state is OrderState.CONFIRMED
    shop.stand_in.bank.chaos.calm()


def killed_while_closing_a_page(shop: Shop, point: str) -> None:
    """The worker closed the page at the provider and died: the next one learns it, and gives the goods back once."""
    shop.open()
    _buyer, page = buy(shop)
    shop.stand_in.bank.chaos.set(drop={"rate": 1.0})
    free = shop.ask(select(StockLevel.on_hand - StockLevel.held))
    shop.let_time_pass()
    shop.work(crash_at=point)
    shop.work()
    assert newest(shop).state is OrderState.EXPIRED
    assert shop.ask(select(StockLevel.on_hand - StockLevel.held)) == free + 1
    shop.stand_in.pay(page.location)  # too late: the page takes no money any more
    shop.stand_in.bank.chaos.calm()


def killed_while_asking_about_lost_messages(shop: Shop, point: str) -> None:
    """All messages are lost and the worker that asks dies: the next one finds the money."""
    shop.open()
    _buyer, page = buy(shop)
    shop.stand_in.bank.chaos.set(drop={"rate": 1.0})
    shop.stand_in.pay(page.location)
    shop.work(crash_at=point)
    shop.work()
    assert newest(shop).state is OrderState.CONFIRMED
    shop.stand_in.bank.chaos.calm()


def killed_while_sending_letters(shop: Shop, point: str) -> None:
    """The letter is out, and nobody noted it: it goes once more under the same key, and arrives as one."""
    shop.open()
    buy(shop)
    shop.work(crash_at=point)
    shop.let_time_pass()
    shop.work()
    shop.let_time_pass()
    shop.work()
    assert shop.ask(select(func.count(OutboxMessage.id)).where(OutboxMessage.sent_at.is_(None))) == 0
    sent = shop.ask(select(func.count(OutboxMessage.id)))
    assert len(list(shop.settings.mailbox_folder.glob("*.eml"))) == sent


def killed_while_refunding(shop: Shop, point: str) -> None:
    """The provider gave the money back and nobody noted it: it is asked again, and gives nothing more."""
    shop.open()
    _buyer, page = buy(shop)
    shop.stand_in.pay(page.location)
    wait_for(is_in(shop, OrderState.CONFIRMED), "the message arrives")
    shop.stand_in.bank.webhooks.wait_until_quiet()
    shop.close()  # nobody hears the provider's own messages about the refund meanwhile
    order, before = newest(shop), shop.stand_in.totals()["refunded"]
    with writing(shop.engine) as session:
        line = session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).one()
        refunds.request_refund(session, SYSTEM, order.id, {line.id: (1, True)}, RefundReason.DAMAGED, RefundWay.PROVIDER, uuid4().hex)
    shop.work(crash_at=point)
    shop.let_time_pass()
    shop.work()
    refund: Refund = shop.ask(select(Refund).where(Refund.order_id == order.id))
    assert refund.state is RefundState.SUCCEEDED
    assert shop.stand_in.totals()["refunded"] == before + order.total
    shop.open()


def killed_while_taking_in_a_till(shop: Shop, point: str) -> None:
    """F18: the delivery breaks off; the till sends the same once more, and the sale is there once."""
    with writing(shop.engine) as session:
        tablet = open_till(session, make_till(session, session.get_one(Outlet, shop.goods.outlet.id)))
        sale = tablet.sign(tablet.sale(lines=[line_of(shop.goods, price=25_000)]))
    delivery = {"device_now": tablet.now().isoformat(), "waiting": 1, "app": "test", "entries": [asdict(sale)]}
    shop.open(crash_at=point)
    assert send_json(shop.port, "/counter/api/entries", tablet.token, delivery) is None
    shop.expect_death()
    shop.open()
    for _twice in range(2):
        answered = send_json(shop.port, "/counter/api/entries", tablet.token, delivery)
        assert answered is not None
        assert [each["state"] for each in answered["answers"]] == ["accepted"]


def send_json(port: int, address: str, token: str, said: dict[str, Any]) -> dict[str, Any] | None:
    """What a paired device is answered; None when the connection broke."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        headers = {"Authorization": f"Till {token}", "Content-Type": "application/json"}
        connection.request("POST", address, json.dumps(said), headers)
        found: dict[str, Any] = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return found


SCENARIOS: dict[str, Callable[[Shop, str], None]] = {
    "order.held": killed_while_placing,
    "payment.before_opening": killed_while_placing,
    "payment.opened": killed_while_placing,
    "webhook.verified": killed_while_hearing_of_money,
    "payment.posted": killed_while_hearing_of_money,
    "webhook.settled": killed_while_hearing_of_money,
    "payment.fetched": killed_while_the_buyer_returns,
    "payment.closed_there": killed_while_closing_a_page,
    "holds.released": killed_while_closing_a_page,
    "payment.asked": killed_while_asking_about_lost_messages,
    "outbox.sent": killed_while_sending_letters,
    "refund.answered": killed_while_refunding,
    "sale.recorded": killed_while_taking_in_a_till,
    "entries.applied": killed_while_taking_in_a_till,
    "api.claimed": killed_while_a_program_orders,
    "api.answered": killed_while_a_program_orders,
    "webhook.sent": killed_while_telling_a_program,
}
#: Those of partners' programs, in which nobody buys in the shop.
OF_PROGRAMS = frozenset({"api.claimed", "api.answered", "webhook.sent"})
#: How often each point is passed in the long set: F17 and F43 ask for more than F1.
MANY = {"holds.released": 50, "outbox.sent": 50}


def named_points() -> set[str]:
    """What the code calls `crashpoints.here` with."""
    return {point for path in modules() for point in re.findall(r'crashpoints\.here\("([^"]+)"\)', path.read_text())}


def test_every_named_point_is_exercised() -> None:
    assert named_points() == set(SCENARIOS)


def test_production_refuses_to_be_killed() -> None:
    real = {"ETALASE_SECRET_KEY": "x" * 40, "ETALASE_BASE_URL": "https://etalase.example"}
    assert config.load(real).is_production
    with pytest.raises(config.SettingsError, match=VARIABLE):
        config.load(real | {VARIABLE: "order.held"})


@pytest.mark.parametrize(
    ("point", "runs"),
    [(point, 1) for point in SCENARIOS] + [pytest.param(point, MANY.get(point, 25), marks=pytest.mark.long) for point in SCENARIOS],
)
def test_a_process_killed_there_loses_nothing_and_doubles_nothing(shop: Shop, point: str, runs: int) -> None:
    for _run in range(1 if point in OF_PROGRAMS else runs):  # each begins with a partner of its own
        SCENARIOS[point](shop, point)
        shop.check()
    assert shop.ask(select(func.count(Order.id))) == (0 if point in OF_PROGRAMS else runs)
    unclear = select(func.count(Payment.id)).where(Payment.state.in_([PaymentState.REVIEW, PaymentState.STARTED]))
    assert shop.ask(unclear) == 0
