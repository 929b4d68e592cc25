"""The worker's share of the tills: leases that ran out, money no list has shown, and devices that keep sales to themselves."""

from __future__ import annotations

from datetime import timedelta

from kernel import alarms
from orders.counter import leases, silent, unmatched
from storefront.database import end_reading, reading, transaction
from storefront.logs import log

BATCH = 100
ALARM = "tills"
#: The alarm stands a little longer than until the next look.
STANDS = timedelta(minutes=15)


def end_leases() -> int:
    """Give back units whose lease is over, batch by batch; how many leases ended."""
    ended = 0
    while True:
        with transaction() as session:
            done = leases.end_expired_leases(session, BATCH)
        ended += done
        if done < BATCH:
            return ended


def look_for_money() -> int:
    """Open an incident for each payment at a counter that no list has shown for days; how many."""
    opened = 0
    while True:
        with transaction() as session:
            done = unmatched.open_unmatched(session, BATCH)
        opened += done
        if done < BATCH:
            return opened


def watch_tills() -> int:
    """Sound an alarm about devices that said that sales wait on them and have not been here since; how many."""
    found = silent.list_silent(reading())
    end_reading()
    with transaction() as session:
        if found:
            log.warning("tills are silent", tills=len(found))
            alarms.sound(session, ALARM, "; ".join(each.words for each in found), STANDS)
        else:
            alarms.hush(session, ALARM)
    return len(found)
