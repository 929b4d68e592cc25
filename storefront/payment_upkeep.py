"""The worker's share of payments: ask what messages left open, close pages whose order's time is up, then give the goods back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from kernel import alarms, clock, crashpoints
from kernel.errors import N_, DomainError
from orders import holds, payments, reconciling
from orders.gateways import GatewayUnavailable, ProviderState
from orders.models.payment import Payment
from orders.reconciling import AccountDay, Difference
from storefront.database import end_reading, reading, transaction
from storefront.gateways import get_gateways
from storefront.logs import log
from storefront.templating import current_settings

BATCH = 50
#: How far back a provider is asked; its pages close within a day, late methods within three.
ASK_BACK = timedelta(days=7)


#: The alarm about books that differ stands until the next night's look.
UNTIL_NEXT_LOOK = timedelta(hours=25)
COMPARED = N_("Compared: the payments of %(day)s")
UNANSWERED = N_("Payments of the last days that nobody could tell us about: %(count)s")


@dataclass(frozen=True, slots=True)
class Asked:
    """How many payments were asked about, how many got no answer, and which have moved on."""

    total: int
    silent: int
    found: tuple[str, ...]


def close_overdue_payments() -> int:
    """Expire overdue payment pages at their providers, so that nobody pays for goods that are about to go; how many were closed."""
    waiting = holds.list_to_close(reading(), BATCH)
    end_reading()
    closed = 0
    for payment in waiting:
        gateway = get_gateways().get(payment.method)
        if gateway is None:
            continue
        try:
            facts = gateway.expire(payment.reference)
        except DomainError as error:  # the provider is silent: the goods stay held until it answers
            log.warning("payment not closed", error=type(error).__name__)
            continue
        crashpoints.here("payment.closed_there")
        with transaction() as session:
            payments.settle(session, payment.payment_id, facts)
        closed += 1
    return closed


def ask_undecided() -> Asked:
    """Ask the providers about every payment of the last days that is still open here: this finds what their messages lost."""
    waiting = reconciling.list_undecided(reading(), clock.now() - ASK_BACK)
    end_reading()
    found, silent = [], 0
    for payment in waiting:
        gateway = get_gateways().get(payment.method)
        try:
            if gateway is None:
                raise GatewayUnavailable
            facts = gateway.fetch(payment.reference)
        except DomainError as error:
            log.warning("payment not answered", payment=payment.payment_id, error=type(error).__name__)
            silent += 1
            continue
        crashpoints.here("payment.asked")
        with transaction() as session:
            before = session.get_one(Payment, payment.payment_id).state
            payments.settle(session, payment.payment_id, facts)
            after = session.get_one(Payment, payment.payment_id).state
        if after is not before:
            found.append(f"order {payment.order_code}: {before.value} -> {after.value}")
            log.info("payment found", order=payment.order_code, state=after.value)
    return Asked(len(waiting), silent, tuple(found))


@dataclass(frozen=True, slots=True)
class Books:
    """A day's money by account, what the provider received of it, and every difference."""

    accounts: list[AccountDay]
    theirs: int
    differences: list[Difference]


def compare_day(day: date, zone: str) -> Books:
    """Our ledger of a day beside what the providers say of each of its payments."""
    start, end = reconciling.day_bounds(day, zone)
    accounts = reconciling.sum_day(reading(), start, end)
    received = reconciling.list_received(reading(), start, end)
    end_reading()
    theirs, differences = 0, list[Difference]()
    for ours in received:
        gateway = get_gateways().get(ours.method)
        try:
            if gateway is None:
                raise GatewayUnavailable
            facts = gateway.fetch(ours.reference)
        except DomainError as silence:
            log.warning("payment not answered", payment=ours.payment_id, error=type(silence).__name__)
            differences.append(reconciling.no_answer(ours))
            continue
        if facts.state is ProviderState.PAID:
            theirs += facts.amount
        if (problem := reconciling.difference(ours, facts)) is not None:
            differences.append(problem)
    return Books(accounts, theirs, differences)


def check_yesterday() -> Books:
    """The worker's daily look at the books: whatever differs is an alarm that doctor and office show until the next look."""
    zone = current_settings().zone
    day = clock.today(zone) - timedelta(days=1)
    asked = ask_undecided()
    books = compare_day(day, zone)
    if asked.silent:
        books.differences.append(Difference(UNANSWERED, {"count": asked.silent}))
    with transaction() as session:
        if books.differences:
            log.error("books differ", day=day.isoformat(), differences=len(books.differences))
            said = [Difference(COMPARED, {"day": day.isoformat()}), *books.differences]
            detail, lines = "; ".join(map(str, said)), [asdict(each) for each in said]
            alarms.sound(session, "books", detail, UNTIL_NEXT_LOOK, lines=lines)
        else:
            alarms.hush(session, "books")
    return books


def release_overdue_orders() -> int:
    """Give goods of overdue orders back, batch by batch; how many orders ended."""
    ended = 0
    while True:
        with transaction() as session:
            codes = holds.sweep_expired(session, BATCH)
            crashpoints.here("holds.released")
        ended += len(codes)
        if len(codes) < BATCH:
            return ended
