"""`flask areas import`: bring the official list of areas into the table, as often as one likes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from catalog.area_import import SHIPPED_LIST, BadRow, ImportCount, NotAnAreaList, batches, import_areas, load_names, read_list
from catalog.areas import count_areas
from kernel.engines import refresh_statistics
from storefront.database import reading, transaction

group = AppGroup("areas", help="Official areas: provinces, regencies, districts and villages.")

_SHOWN_BAD_ROWS = 50


@group.command("import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_command(file: Path | None) -> None:
    """Import FILE (.csv or .csv.gz), or the list that comes with the house.

    Can be repeated and interrupted: rows that are right already are left alone, and what was stored stays stored.
    """
    console = Console(stderr=True)
    names = load_names()
    try:
        rows, bad = read_list(file or SHIPPED_LIST, names)
    except NotAnAreaList as error:
        raise click.ClickException(str(error)) from error
    total = ImportCount()
    orphans = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Areas", total=len(rows))
        for batch in batches(rows):
            with transaction() as session:
                count, left_out = import_areas(session, batch)
            total.add(count)
            orphans += left_out
            progress.advance(task, len(batch))
    with transaction() as session:
        refresh_statistics(session)
    _report_bad(console, bad, [f"{row.code} {row.name}: its parent {row.parent_code} is not in the list" for row in orphans])
    _report(total)
    if bad or orphans:
        raise click.exceptions.Exit(1)


def _report(total: ImportCount) -> None:
    if total.added or total.changed:
        click.echo(f"{total.added:,} rows added, {total.changed:,} corrected, {total.unchanged:,} were right already.")
    else:
        click.echo(f"0 rows changed: all {total.unchanged:,} were right already.")
    levels = count_areas(reading())
    click.echo("The table holds " + ", ".join(f"{number:,} of level {level.value}" for level, number in levels.items()) + ".")


def _report_bad(console: Console, bad: Iterable[BadRow], orphans: Iterable[str]) -> None:
    lines = [*(f"row {row.number}: {row.reason}" for row in bad), *orphans]
    for line in lines[:_SHOWN_BAD_ROWS]:
        console.print(f"left out {line}", style="yellow", markup=False, highlight=False)
    if len(lines) > _SHOWN_BAD_ROWS:
        console.print(f"… and {len(lines) - _SHOWN_BAD_ROWS:,} more", style="yellow")
