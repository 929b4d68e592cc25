"""Makes the demo's ground: tables, areas, pictures, the PALI demo and its search index; each step only when it is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from flask import Flask
from flask_migrate import upgrade
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from catalog.area_import import SHIPPED_LIST, batches, import_areas, load_names, read_list
from catalog.areas import count_areas
from catalog.media import FolderStorage
from catalog.models.area import AreaLevel
from catalog.search import rebuilding
from catalog.search.engine import SearchUnavailable
from catalog.search.source import count_live
from config import Settings
from storefront.database import db, reading, transaction
from storefront.demo.album import Album, list_shots
from storefront.demo.seeding import is_seeded, seed
from storefront.demo.stories import load_stories
from storefront.search_engine import get_engine

#: Villages in the shipped list.
VILLAGES = 83_762
#: Where prepared pictures are kept, so that starting over is quick.
ALBUM = "album"


def prepare(app: Flask, settings: Settings) -> None:
    """Everything a demo needs before it can be served; quick when it stands already."""
    console = Console(stderr=True)
    with app.app_context():
        upgrade()
        import_all_areas(console)
        create_demo(settings, console)
        build_index(console)
        db.session.remove()
        db.engine.dispose()


def import_all_areas(console: Console) -> None:
    """The shipped list of areas, unless it is there."""
    if count_areas(reading())[AreaLevel.VILLAGE] >= VILLAGES:
        return
    rows, _bad = read_list(SHIPPED_LIST, load_names())
    with progress(console, "Areas of Indonesia", len(rows)) as advance:
        for batch in batches(rows):
            with transaction() as session:
                import_areas(session, batch)
            advance(len(batch))


def create_demo(settings: Settings, console: Console) -> None:
    """The PALI demo with its pictures, unless it stands."""
    if is_seeded(reading()):
        return
    stories = load_stories()
    album = Album(settings.data_folder / ALBUM)
    wanted = album.missing(list_shots(stories))
    with progress(console, "Pictures", len(wanted)) as advance:
        album.fill(wanted, lambda: advance(1))
    with progress(console, "Makers of PALI", len(stories.makers)) as advance, transaction() as session:
        storage = FolderStorage(settings.media_folder)
        seed(session, storage, stories, album.photo, year=settings.programme_year, done=lambda: advance(1))


def build_index(console: Console) -> None:
    """A search index, unless there is one that holds something."""
    session = reading()
    with suppress(SearchUnavailable):
        if get_engine().document_count():
            return
    with progress(console, "Search index", count_live(session)) as advance:
        shown = 0

        def show(done: int) -> None:
            nonlocal shown
            advance(done - shown)
            shown = done

        rebuilding.rebuild(session, get_engine(), show)


@contextmanager
def progress(console: Console, title: str, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on `console`; the block gets a function that moves it on."""
    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=total)
        yield lambda steps: bar.advance(task, steps)
