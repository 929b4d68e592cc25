"""The worker's share of the window: what the home page features today, and counting what was shown."""

from __future__ import annotations

from catalog import exposure
from kernel import clock, spool
from storefront.database import end_reading, reading, transaction
from storefront.search_engine import spool_folder


def keep_featured(zone: str = "") -> int:
    """Settle once a day what the home page features; how many products."""
    day = clock.today(zone)
    is_settled = exposure.has_featured(reading(), day)
    end_reading()
    if is_settled:
        return 0
    with transaction() as session:
        return len(exposure.choose_featured(session, day))


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
