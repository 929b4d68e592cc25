"""The worker's loop: mail that waits, products to index, holds that ran out; every task in short transactions of its own."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from kernel import throttle
from kernel.engines import refresh_statistics
from orders import retention
from storefront.database import db, transaction
from storefront.logs import log
from storefront.mail.sending import send_waiting
from storefront.payment_upkeep import ask_undecided, close_overdue_payments, release_overdue_orders
from storefront.refunding import send_waiting_refunds
from storefront.search_engine import check_index, keep_index, keep_query_log


@dataclass(slots=True)
class Task:
    """Something to do every `seconds`; `due` is on the monotonic clock."""

    name: str
    run: Callable[[], object]
    seconds: float
    due: float = 0.0


def tasks() -> list[Task]:
    """All tasks, in the order in which a tick runs them."""
    return [
        Task("mail", send_waiting, 1),
        Task("index", keep_index, 1),
        Task("payments to close", close_overdue_payments, 15),
        Task("refunds", send_waiting_refunds, 15),
        Task("holds", release_overdue_orders, 15),
        Task("payments to ask", ask_undecided, 600),
        Task("query log", keep_query_log, 30),
        Task("old buyers", forget_old_buyers, 3600),
        Task("old tries", forget_old_tries, 3600),
        Task("index health", check_index, 300),
        Task("statistics", look_at_indexes, 3600),
    ]


def forget_old_buyers() -> int:
    """What the privacy page promises, batch by batch; how many orders were emptied."""
    emptied = 0
    while True:
        with transaction() as session:
            done = retention.forget_old_buyers(session)
        emptied += done
        if done < retention.BATCH:
            return emptied


def forget_old_tries() -> int:
    """Drop counted tries to sign in that no limit looks at any more."""
    with transaction() as session:
        return throttle.purge_old_tries(session)


def look_at_indexes() -> None:
    """Keep the database's choice of indexes good while the catalogue grows."""
    with transaction() as session:
        refresh_statistics(session)


def tick(work: list[Task], moment: float) -> None:
    """Run what is due. A failing task is logged and tried again at its next turn; the others go on."""
    for task in work:
        if moment < task.due:
            continue
        task.due = moment + task.seconds
        try:
            task.run()
        except Exception as error:
            log.error("worker task failed", task=task.name, error=type(error).__name__, exc_info=error)
        finally:
            db.session.remove()


def run_forever() -> None:
    """Tick until SIGTERM or SIGINT; a task that runs is finished first."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: stop.set())
    work = tasks()
    log.info("worker started")
    while not stop.is_set():
        tick(work, time.monotonic())
        stop.wait(0.5)
    log.info("worker stopped")
