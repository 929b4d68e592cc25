"""The shop as processes that can be killed: a web process on a port that stays its own, worker rounds, and a buyer with a browser."""

from __future__ import annotations

import http.client
import multiprocessing
import os
import re
import signal
import socket
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from config import Settings
from kernel.crashpoints import VARIABLE
from orders.gateways import PaymentMethod
from orders.invariants import check_all
from orders.models.order import Order
from orders.models.payment import Account, LedgerEntry, Payment
from tests.conftest import make_settings
from tests.make_stock import Goods
from tests.payments import StripeStandIn
from tests.races.racing import PRELOAD

PATIENCE = 60.0
#: Worker tasks that have nothing to do with money and goods.
LEFT_OUT = {"index", "index health", "query log", "old buyers", "old tries"}

_processes = multiprocessing.get_context("forkserver")


def serve(settings: Settings, port: int, crash_at: str) -> None:
    """A web process: threads over one engine, until it is killed."""
    from werkzeug.serving import make_server

    os.environ[VARIABLE] = crash_at
    app = _make_app(settings)
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


def work(settings: Settings, crash_at: str) -> None:
    """A worker's one round."""
    from storefront import worker

    os.environ[VARIABLE] = crash_at
    app = _make_app(settings)
    with app.app_context():
        worker.tick([task for task in worker.tasks() if task.name not in LEFT_OUT], float("inf"))


def _make_app(settings: Settings) -> Any:
    from storefront.app import create_app

    app = create_app(settings)
    app.config.update(WTF_CSRF_ENABLED=False)
    return app


def start(target: Callable[..., None], *arguments: Any) -> BaseProcess:
    """A clean child of a server process that has loaded everything and opened nothing."""
    _processes.set_forkserver_preload(PRELOAD)
    process = _processes.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Look again and again until it is so; AssertionError when patience ends."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.01)


@dataclass
class Shop:
    """The shop under fire: its database, the payment stand-in it talks to, and the process that serves it now."""

    settings: Settings
    port: int
    engine: Engine
    stand_in: StripeStandIn
    goods: Goods
    process: BaseProcess | None = None

    @property
    def url(self) -> str:
        """Where buyers and webhooks find it, whichever process serves."""
        return f"http://127.0.0.1:{self.port}"

    def open(self, crash_at: str = "") -> None:
        """Start serving; the process will die at `crash_at`."""
        self.close()
        self.process = start(serve, self.settings, self.port, crash_at)
        wait_for(self._answers, "the shop opens")

    def close(self) -> None:
        """Kill whatever serves."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None

    def expect_death(self) -> None:
        """The process was killed at its point, by itself."""
        assert self.process is not None
        self.process.join(PATIENCE)
        assert self.process.exitcode == -signal.SIGKILL, f"it should have been killed: {self.process.exitcode}"
        self.process = None

    def work(self, crash_at: str = "") -> None:
        """One worker round; with `crash_at` it must be killed there."""
        process = start(work, self.settings, crash_at)
        process.join(PATIENCE)
        assert process.exitcode == (-signal.SIGKILL if crash_at else 0), f"the worker ended with {process.exitcode}"

    def let_time_pass(self) -> None:
        """Every unpaid order's hold is over, and every claimed letter's and refund's lease."""
        with self.engine.begin() as connection:
            past = "'2026-01-01 00:00:00'" if self.engine.dialect.name == "sqlite" else "now() - interval '1 day'"
            connection.execute(text(f"UPDATE orders SET hold_until = {past} WHERE hold_until IS NOT NULL"))
            connection.execute(text(f"UPDATE outbox_messages SET due_at = {past} WHERE sent_at IS NULL"))
            connection.execute(text(f"UPDATE refunds SET sent_at = {past} WHERE sent_at IS NOT NULL"))

    def ask(self, statement: Any) -> Any:
        """One value from the database."""
        with Session(self.engine) as session:
            return session.scalar(statement)

    def check(self) -> None:
        """The stand-in's money is ours, to the rupiah and by order; every invariant holds."""
        self.stand_in.bank.webhooks.wait_until_quiet(PATIENCE)
        theirs = self.stand_in.totals()
        with Session(self.engine) as session:
            assert [f"{breach.invariant} {breach.message}" for breach in check_all(session)] == []
            by_card = (Payment.paid_at.is_not(None), Payment.method == PaymentMethod.STRIPE)
            paid = session.scalar(select(func.coalesce(func.sum(Payment.amount), 0)).where(*by_card))
            posted = session.scalar(
                select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(
                    LedgerEntry.account == Account.STRIPE, LedgerEntry.posting.like("payment:%:captured")
                )
            )
            assert theirs["captured"] == paid == posted
            twice = select(Order.checkout_key).group_by(Order.checkout_key).having(func.count() > 1)
            assert session.scalars(twice).all() == []

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.is_alive(), f"the shop did not start: {self.process.exitcode}"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def shop_at(url: str, folder: Path, engine: Engine, stand_in: StripeStandIn, goods: Goods) -> Iterator[Shop]:
    """A shop that is not yet open, with webhooks on their way to its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = replace(
        make_settings(url, folder),
        base_url=f"http://127.0.0.1:{port}",
        stripe_api_base=stand_in.url,
        stripe_checkout_origin=stand_in.url,
        log_level="CRITICAL",
    )
    shop = Shop(settings, port, engine, stand_in, goods)
    stand_in.deliver_to(f"{shop.url}/webhooks/stripe")
    try:
        yield shop
    finally:
        shop.close()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0 when the connection broke."""

    status: int
    location: str
    text: str


BROKEN = Answer(0, "", "")


@dataclass
class Buyer:
    """A guest with a browser without JavaScript, who does not give up."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)

    def visit(self, address: str, **data: str) -> Answer:
        """GET, or POST when there is data; redirects are not followed."""
        path = urllib.parse.urlsplit(address)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        try:
            target = path.path + (f"?{path.query}" if path.query else "")
            if data:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                connection.request("POST", target, urllib.parse.urlencode(data), headers)
            else:
                connection.request("GET", target, headers=headers)
            answer = connection.getresponse()
            body = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return BROKEN
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, answer.headers["Location"] or "", body)

    def fill_cart(self, goods: Goods, quantity: int = 1) -> None:
        """Goods into the cart, and the page between cart and payment opened."""
        assert self.visit("/cart/lines", variant=goods.variant.code, quantity=str(quantity)).status == 303
        page = self.visit("/checkout").text
        hidden = re.findall(r'<input type="hidden" name="(checkout_key|seen_total|outlet)" value="([^"]*)">', page)
        contact = {"name": "Pembeli Contoh", "phone": "0812 3456 7890", "email": "pembeli@contoh.example", "payment_method": "stripe"}
        self.form = dict(hidden) | contact

    def order(self) -> Answer:
        """Send the form; again and again it is the same order."""
        return self.visit("/checkout", **self.form)
