"""`flask search`: rebuild the index, work off the queue, check its health, report what people did not find."""

from __future__ import annotations

import click

from catalog.search import queue, rebuilding
from catalog.search.engine import IndexBusy, SearchUnavailable
from catalog.search.query_log import found_nothing
from catalog.search.source import count_live
from storefront.database import reading
from storefront.search_engine import get_engine, keep_index, keep_query_log


@click.group("search")
def group() -> None:
    """Look after the search index."""


@group.command("rebuild")
def rebuild_command() -> None:
    """Index all live products afresh; the old index answers until the new one is whole."""
    session = reading()
    try:
        with click.progressbar(length=count_live(session), label="Indexing") as bar:
            total = rebuilding.rebuild(session, get_engine(), lambda done: bar.update(done - bar.pos))
            bar.update(bar.length - bar.pos if bar.length else 0)
    except IndexBusy as error:
        raise click.ClickException("Another process is writing the index. Please try again in a moment.") from error
    click.echo(f"{total} products can be found.")


@group.command("drain")
def drain_command() -> None:
    """Bring the index up to date with all changed products."""
    indexed = keep_index()
    click.echo(f"{indexed} changes indexed, {queue.count_waiting(reading())} waiting.")


@group.command("check")
def check_command() -> None:
    """Compare checksums, counts, a known query and the database; ask the worker for a rebuild if they disagree."""
    engine = get_engine()
    if not rebuilding.check_health(engine):
        raise click.ClickException(f"The index is not healthy: {engine.rebuild_reason()}. A rebuild was asked for.")
    try:
        found = rebuilding.find_differences(reading(), engine)
    except SearchUnavailable as error:
        raise click.ClickException(str(error)) from error
    if found.missing or found.surplus:
        engine.request_rebuild("the index and the database differ")
        raise click.ClickException(f"{len(found.missing)} products are missing, {len(found.surplus)} should not be found.")
    click.echo(f"The index is healthy and holds {engine.document_count()} products.")


@group.command("report")
@click.option("--days", default=90, show_default=True, help="How far to look back.")
@click.option("--limit", default=50, show_default=True, help="How many questions to list.")
def report_command(days: int, limit: int) -> None:
    """List the searches that found nothing, the most frequent first."""
    keep_query_log()
    questions = found_nothing(reading(), days, limit)
    if not questions:
        click.echo("No search of this period found nothing.")
    for asked in questions:
        click.echo(f"{asked.times:6d}  {asked.language}  {asked.last_at:%Y-%m-%d}  {asked.text}")
