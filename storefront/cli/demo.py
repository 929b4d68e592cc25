"""`flask demo`: the PALI demo in this database, and a large sample catalogue for benchmarks."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from rich.console import Console

from kernel.engines import refresh_statistics
from storefront.database import transaction
from storefront.demo import growth, preparing, programme_growth
from storefront.search_engine import get_engine
from storefront.templating import current_settings

group = AppGroup("demo", help="Sample data: the demo regency, and as many products as a benchmark wants.")


@group.command("create")
def create_command() -> None:
    """Create the PALI demo (areas, makers, products, stock, people); harmless when it stands already."""
    _refuse_production()
    with preparing.bars(Console(stderr=True)) as add_bar:
        preparing.import_all_areas(add_bar)
        preparing.create_demo(current_settings(), add_bar)
        preparing.build_index(add_bar)
    click.echo("The demo stands.")


@group.command("grow")
@click.option("--products", type=click.IntRange(1, growth.LARGEST), required=True, help="How many grown products there shall be in all.")
@click.option(
    "--area", default="", help="Code of a province, such as 53: grow there, with its programme records, potential products and reports."
)
def grow_command(products: int, area: str) -> None:
    """Grow a deterministic catalogue across the imported villages. Interrupted, it goes on where it stopped."""
    _refuse_production()
    if area and not (len(area) == 2 and area.isascii() and area.isdigit()):
        raise click.ClickException("Give the two digits of a province, such as 53.")
    if products > growth.range_of(area)[1]:
        raise click.ClickException(f"A province can have {growth.PROVINCE_LARGEST:,} grown products at most.")
    try:
        with preparing.bars(Console(stderr=True)) as add_bar:
            added = growth.grow(transaction, products, add_bar("Products", products), area)
            if area:
                programme_growth.grow_programme(transaction, area, current_settings().programme_year, add_bar)
    except growth.NotReady as error:
        raise click.ClickException("There are no villages, shelves or outlet yet. Run: flask demo create") from error
    if added:
        with transaction() as session:
            refresh_statistics(session)
        get_engine().request_rebuild("the catalogue was grown")
    click.echo(f"{added:,} products added. The worker rebuilds the search index; to do it now: flask search rebuild")


def _refuse_production() -> None:
    """Sample goods among real ones could be sold."""
    if current_settings().is_production:
        raise click.ClickException("Sample data belongs to demo and test installations: set ETALASE_MODE=demo.")
