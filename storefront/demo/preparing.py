"""Makes the demo's ground: tables, areas, pictures, the PALI demo and its search index; each step only when it is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
from kernel import clock
from kernel.people import SYSTEM
from storefront.database import db, reading, transaction
from storefront.demo.album import Album
from storefront.demo.cast import HOME
from storefront.demo.counter import has_traded, trade_at_counter
from storefront.demo.curating import FIRST_SEASON, curate, is_curated
from storefront.demo.mentoring import is_mentored, mentor
from storefront.demo.partner_trade import is_trading, trade_with_partners
from storefront.demo.programme_work import is_worked, work_programme
from storefront.demo.seeding import OUTLET_SLUG, is_seeded, seed
from storefront.demo.stories import load_stories
from storefront.demo.trade import MAKERS, is_traded, trade
from storefront.demo.window import dress, is_dressed
from storefront.private_files import PrivateStorage
from storefront.search_engine import get_engine

#: Villages in the shipped list.
VILLAGES = 83_762
AddBar = Callable[[str, int], Callable[[int], None]]
#: Where prepared pictures are kept, so that starting over is quick.
ALBUM = "album"


def prepare(app: Flask, settings: Settings) -> None:
    """Everything a demo needs before it can be served; quick when it stands already."""
    with app.app_context(), bars(Console(stderr=True)) as add_bar:
        upgrade()
        with ThreadPoolExecutor(1) as side:
            # The pictures take the other cores while this one reads the areas.
            pictures = None if is_seeded(reading()) else side.submit(_album(settings).fill_for, load_stories(), add_bar)
            import_all_areas(add_bar)
            if pictures:
                pictures.result()
        create_demo(settings, add_bar)
        create_trade(add_bar)
        create_counter(add_bar)
        create_partner_trade(add_bar)
        create_curation(settings, add_bar)
        create_programme(settings, add_bar)
        create_window(add_bar)
        create_mentoring(settings, add_bar)
        build_index(add_bar)
        db.session.remove()
        db.engine.dispose()


def import_all_areas(add_bar: AddBar) -> None:
    """The shipped list of areas, unless it is there."""
    if count_areas(reading())[AreaLevel.VILLAGE] >= VILLAGES:
        return
    rows, _bad = read_list(SHIPPED_LIST, load_names())
    advance = add_bar("Areas of Indonesia", len(rows))
    for batch in batches(rows):
        with transaction() as session:
            import_areas(session, batch)
        advance(len(batch))


def create_demo(settings: Settings, add_bar: AddBar) -> None:
    """The PALI demo with its pictures, unless it stands."""
    if is_seeded(reading()):
        return
    stories = load_stories()
    album = _album(settings)
    album.fill_for(stories, add_bar)
    advance = add_bar("Makers of PALI", len(stories.makers))
    with transaction() as session:
        storage = FolderStorage(settings.media_folder)
        seed(session, storage, stories, album.photo, year=settings.programme_year, done=lambda: advance(1))


def create_trade(add_bar: AddBar) -> None:
    """The month of trade, unless it was made."""
    if is_traded(reading()):
        return
    advance = add_bar("A month of trade", MAKERS)
    with transaction() as session:
        trade(session, OUTLET_SLUG, done=lambda: advance(1))


def create_counter(add_bar: AddBar) -> None:
    """Two days at the counter, unless they were made."""
    if has_traded(reading()):
        return
    advance = add_bar("Two days at the counter", 1)
    with transaction() as session:
        trade_at_counter(session, OUTLET_SLUG)
    advance(1)


def create_partner_trade(add_bar: AddBar) -> None:
    """Some orders of the minimarket chain, unless they were made."""
    if is_trading(reading()):
        return
    advance = add_bar("Partners' orders", 1)
    with transaction() as session:
        trade_with_partners(session, OUTLET_SLUG)
    advance(1)


def create_curation(settings: Settings, add_bar: AddBar) -> None:
    """The season of curation, unless it was made."""
    if is_curated(reading()):
        return
    advance = add_bar("A season of curation", len(FIRST_SEASON) + 2)
    with transaction() as session:
        curate(session, FolderStorage(settings.media_folder), done=lambda: advance(1))


def create_programme(settings: Settings, add_bar: AddBar) -> None:
    """Potential products and the year's reports, unless they were made."""
    if is_worked(reading()):
        return
    advance = add_bar("Mapping and reports", 1)
    with transaction() as session:
        work_programme(session, SYSTEM, HOME, settings.programme_year, clock.today())
    advance(1)


def create_window(add_bar: AddBar) -> None:
    """The window, unless it was dressed."""
    if is_dressed(reading()):
        return
    advance = add_bar("The window", 3)
    with transaction() as session:
        dress(session, done=lambda: advance(1))


def create_mentoring(settings: Settings, add_bar: AddBar) -> None:
    """Visits, events, organisations and a dossier, unless they were made."""
    if is_mentored(reading()):
        return
    advance = add_bar("Mentoring", 1)
    visits, scans = (PrivateStorage(settings.private_folder / room) for room in ("visits", "certificates"))
    with transaction() as session:
        mentor(session, FolderStorage(settings.media_folder), visits.save, scans.save, clock.today())
    advance(1)


def build_index(add_bar: AddBar) -> None:
    """A search index, unless there is one that holds something."""
    with suppress(SearchUnavailable):
        if get_engine().document_count():
            return
    session = reading()
    advance = add_bar("Search index", count_live(session))
    shown = 0

    def show(done: int) -> None:
        nonlocal shown
        advance(done - shown)
        shown = done

    rebuilding.rebuild(session, get_engine(), show)


def _album(settings: Settings) -> Album:
    return Album(settings.data_folder / ALBUM)


@contextmanager
def bars(console: Console) -> Iterator[AddBar]:
    """Progress bars on `console`, which appear when something has to be done."""
    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:

        def add_bar(title: str, total: int) -> Callable[[int], None]:
            task = progress.add_task(title, total=total)
            return lambda steps: progress.advance(task, steps)

        yield add_bar
