"""The worker's loop: mail that waits, products to index, holds that ran out; every task in short transactions of its own."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from catalog.papers import warnings as paper_warnings
from kernel import chain, clock, idempotency, leases, marks, quotas, throttle
from kernel.engines import refresh_statistics
from orders import parcels, retention
from orders.invariants import CHAINED
from orders.wholesale import reminders
from storefront.curation_upkeep import forget_unsent_forms, keep_curation
from storefront.database import db, transaction
from storefront.importing import forget_old_imports, work_imports
from storefront.logs import log
from storefront.mail.sending import send_waiting
from storefront.payment_upkeep import ask_undecided, check_yesterday, close_overdue_payments, release_overdue_orders
from storefront.refunding import send_waiting_refunds
from storefront.replicas import HEARTBEAT_SECONDS, keep_heartbeat
from storefront.search_engine import check_index, keep_index, keep_query_log
from storefront.templating import current_settings
from storefront.till_upkeep import end_leases, look_for_money, watch_tills
from storefront.webhook_sending import send_waiting_webhooks, watch_offers
from storefront.wholesale_upkeep import look_at_searches
from storefront.window_upkeep import keep_exposure, keep_featured

#: A worker that dies is followed by the next one after this long (F39); it is renewed while the holder lives.
LEASE, RENEW_AFTER = timedelta(seconds=90), 20.0


@dataclass(slots=True)
class Turn:
    """This process's claim to be the worker: of several that run, one works and the others wait for its lease to end."""

    holder: str = field(default_factory=lambda: f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid4().hex[:8]}")
    _renewed: float = float("-inf")
    _is_ours: bool = False

    def is_ours(self) -> bool:
        """Whether this process may work now; asks the database when the last answer is older than RENEW_AFTER seconds."""
        if self._is_ours and time.monotonic() - self._renewed < RENEW_AFTER:
            return True
        with transaction() as session:
            found = leases.take(session, "worker", self.holder, LEASE)
        if found is not self._is_ours:
            log.info("worker's turn", is_ours=found)
        self._is_ours, self._renewed = found, time.monotonic()
        return found

    def give_up(self) -> None:
        """Let the next worker begin at once."""
        with transaction() as session:
            leases.give_up(session, "worker", self.holder)
        self._is_ours = False


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
        Task("webhooks", send_waiting_webhooks, 1),
        Task("index", keep_index, 1),
        Task("imports", work_imports, 0),
        Task("payments to close", close_overdue_payments, 15),
        Task("refunds", send_waiting_refunds, 15),
        Task("holds", release_overdue_orders, 15),
        Task("payments to ask", ask_undecided, 600),
        Task("leases of tills", end_leases, 30),
        Task("silent tills", watch_tills, 300),
        Task("money at tills", look_for_money, 3600),
        Task("replicas", keep_heartbeat, HEARTBEAT_SECONDS),
        Task("query log", keep_query_log, 30),
        Task("exposure", keep_exposure, 30),
        Task("featured", keep_featured, 60),
        Task("curation", keep_curation, 3600),
        Task("unsent forms", forget_unsent_forms, 24 * 3600),
        Task("old imports", forget_old_imports, 3600),
        Task("saved searches", look_at_searches, 600),
        Task("old parcels", complete_old_parcels, 3600),
        Task("invoices", remind_of_invoices, 3600),
        Task("old buyers", forget_old_buyers, 3600),
        Task("old tries", forget_old_tries, 3600),
        Task("old calls", forget_old_calls, 3600),
        Task("what programs are told", watch_offers, 900),
        Task("papers that end", warn_of_papers, 3600),
        Task("index health", check_index, 300),
        Task("statistics", look_at_indexes, 3600),
        Task("marks", gather_marks, 60),
        Task("chain", close_facts, 300),
        Task("yesterday's books", check_yesterday, 24 * 3600),
    ]


def complete_old_parcels() -> int:
    """Orders that left long ago count as delivered (docs/shipping.md), in portions; how many."""
    completed = 0
    while True:
        with transaction() as session:
            codes = parcels.complete_old(session)
        completed += len(codes)
        if not codes:
            return completed


def remind_of_invoices() -> int:
    """Letters about invoices that are due or were not paid, each once."""
    with transaction() as session:
        return reminders.write_reminders(session)


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


def warn_of_papers() -> int:
    """Letters about papers that will run out, each step once (docs/certificates.md); how many papers."""
    warned = 0
    while True:
        with transaction() as session:
            done = paper_warnings.warn(session, clock.today(current_settings().zone))
        warned += done
        if not done:
            return warned


def forget_old_calls() -> int:
    """Drop minutes in which programs called, and answers that were kept for them long enough."""
    with transaction() as session:
        return quotas.purge(session) + idempotency.purge(session)


def look_at_indexes() -> None:
    """Keep the database's choice of indexes good while the catalogue grows."""
    with transaction() as session:
        refresh_statistics(session)


def gather_marks() -> int:
    """Make one row of marks of content that have many; how many rows went."""
    with transaction() as session:
        return marks.gather(session)


def close_facts() -> int:
    """Close what has settled in the append-only tables into links; how many. The digests also go to the log, as a witness elsewhere."""
    closed = 0
    for table in CHAINED:
        while True:
            with transaction() as session:
                link = chain.close_link(session, table)
            if link is None:
                break
            closed += 1
            log.info("facts closed", table=link.table, last_id=link.last_id, rows=link.rows, digest=link.digest)
    return closed


def tick(work: list[Task], moment: float, may_run: Callable[[], bool] = lambda: True) -> None:
    """Run what is due, as long as it is our turn. A failing task is logged and tried again at its next turn; the others go on."""
    for task in work:
        if moment < task.due:
            continue
        if not may_run():
            return
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
    work, turn = tasks(), Turn()
    log.info("worker started")
    while not stop.is_set():
        try:
            tick(work, time.monotonic(), turn.is_ours)
        except SQLAlchemyError as error:  # the database restarts: so do we, at the next turn
            log.error("worker waits for the database", error=type(error).__name__)
        finally:
            db.session.remove()
        stop.wait(0.5)
    with suppress(SQLAlchemyError):
        turn.give_up()
    log.info("worker stopped")
