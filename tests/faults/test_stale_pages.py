"""A page from memory is never older than the last commit, whichever of several web processes answers."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.maker import Maker
from catalog.models.product import Category
from config import Settings
from kernel.marks import PAGES
from kernel.people import SYSTEM
from tests.conftest import make_settings
from tests.faults.processes import serve, start, wait_for
from tests.make import make_maker
from tests.make_catalogue import make_certificate, make_ingredient, make_profile
from tests.make_stock import Goods, make_goods
from tests.races.racing import writing

SLUG = "keripik-ubi-kencur"
MAKER = "dapur-bu-siti"
PRODUCT = f"/products/{SLUG}"
Change = Callable[[Session, Goods], object]


def _set(model: type, name: str, value: str) -> Change:
    def change(session: Session, goods: Goods) -> None:
        number = goods.product.maker_id if model is Maker else goods.product.category_id
        setattr(session.get_one(model, number), name, value)

    return change


#: What changes, the page that must show it, and the words it must then hold.
CHANGES: list[tuple[Change, str, str]] = [
    (
        lambda session, goods: session.execute(text(f"UPDATE products SET name_id = 'Keripik lain' WHERE id = {goods.product.id}")),
        PRODUCT,
        "Keripik lain",
    ),
    (lambda session, goods: session.execute(text("UPDATE prices SET amount = 31500")), PRODUCT, "Rp31.500"),
    (
        lambda session, goods: stock.receive_stock(session, SYSTEM, goods.outlet, goods.variant, goods.batch, 7, "delivery:more"),
        PRODUCT,
        "17 tersedia",
    ),
    (lambda session, goods: make_certificate(session, product_id=goods.product.id, number="2061612019999-31"), PRODUCT, "2061612019999-31"),
    (lambda session, goods: make_ingredient(session, goods.product, name_id="Kencur hutan"), PRODUCT, "Kencur hutan"),
    (_set(Category, "name_id", "Kudapan"), PRODUCT, "Kudapan"),
    (_set(Maker, "name", "Dapur Bu Ratna"), f"/makers/{MAKER}", "Dapur Bu Ratna"),
    (
        lambda session, goods: make_profile(session, goods.product.village_code, intro_id="Desa kami di tepi sungai."),
        "/villages/{village}",
        "di tepi sungai",
    ),
    (lambda session, goods: session.execute(text("UPDATE outlets SET name = 'Pusat Oleh-oleh Baru'")), "/about", "Pusat Oleh-oleh Baru"),
]


@pytest.fixture
def goods(database: Engine) -> Goods:
    with writing(database) as session:
        return make_goods(session, 10, slug=SLUG, maker=make_maker(session, slug=MAKER))


@contextmanager
def two_workers(settings: Settings) -> Iterator[list[int]]:
    """The ports of two web processes of one shop."""
    ports: list[int] = []
    processes: list[BaseProcess] = []
    for _ in range(2):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            ports.append(probe.getsockname()[1])
        processes.append(start(serve, settings, ports[-1], ""))
    try:
        for port in ports:
            wait_for(lambda port=port: _look(port, "/about"), "the shop opens")  # type: ignore[misc]  # bound at once
        yield ports
    finally:
        for process in processes:
            process.kill()
            process.join()


def _look(port: int, path: str) -> str:
    with suppress(OSError):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    return ""


def _settings(url: str, folder: Path) -> Settings:
    return replace(make_settings(url, folder), log_level="CRITICAL")


def test_a_change_shows_on_the_very_next_page_of_every_worker(
    fresh_database_url: str, database: Engine, tmp_path: Path, goods: Goods
) -> None:
    with two_workers(_settings(fresh_database_url, tmp_path)) as ports:
        for change, address, wanted in CHANGES:
            path = address.format(village=goods.product.village_code)
            before = {port: (_look(port, path), _look(port, path)) for port in ports}
            assert all(wanted not in page for pages in before.values() for page in pages), path
            with writing(database) as session:
                change(session, goods)
            missing = [f"{path} of worker {port}" for port in reversed(ports) if wanted not in _look(port, path)]
            assert missing == []


def test_without_the_triggers_the_old_page_stays(fresh_database_url: str, database: Engine, tmp_path: Path, goods: Goods) -> None:
    """The control: what the test above looks at does come from memory."""
    with database.begin() as connection:
        acts = ("insert", "update", "delete")
        is_sqlite = connection.dialect.name == "sqlite"
        for trigger in [f"products_{PAGES}_{act}" for act in acts] if is_sqlite else [f"products_{PAGES} ON products"]:
            connection.execute(text(f"DROP TRIGGER {trigger}"))
    with two_workers(_settings(fresh_database_url, tmp_path)) as ports:
        old = [_look(port, PRODUCT) for port in ports]
        change, _path, wanted = CHANGES[0]
        with writing(database) as session:
            change(session, goods)
        assert all(wanted not in page for page in (*old, *(_look(port, PRODUCT) for port in ports)))
