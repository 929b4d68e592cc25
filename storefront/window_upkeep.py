"""The worker's share of the window: whose turn it is today, and counting what was shown."""

from __future__ import annotations

from catalog import exposure
from kernel import clock, spool
from storefront.database import end_reading, reading, transaction
from storefront.search_engine import spool_folder


def keep_turns(zone: str = "WIB") -> int:
    """Settle today's turns once a day; how many products have theirs."""
    day = clock.today(zone)
    is_settled = exposure.has_turns(reading(), day)
    end_reading()
    if is_settled:
        return 0
    with transaction() as session:
        return len(exposure.take_turns(session, day))


def keep_exposure() -> int:
    """Move what pages noted to the database; how many counts."""
    folder = spool_folder()
    exposure.SPOOL.set_aside(folder)
    files = exposure.SPOOL.settled(folder)
    if not files:
        return 0
    with transaction() as session:
        counted = exposure.collect(session, files)
        exposure.forget_old(session)
    spool.discard(files)
    return counted
