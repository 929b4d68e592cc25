"""F37: a migration is killed midway: the schema is the old one or the new one, never between, and the app refuses what does not fit it."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, event, inspect, text

from config import ROOT
from storefront.app import create_app
from storefront.database import db
from storefront.readiness import WrongSchema, check_start, schema_head
from tests.conftest import create_database, fresh_copy, make_settings
from tests.faults.processes import start

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("template_url")]  # which says: on both databases

Schema = tuple[object, ...]


@dataclass(frozen=True)
class Step:
    """One migration: the database before it, how many statements it sends, and what both schemas look like."""

    revision: str
    before_url: str
    statements: int
    before: Schema
    after: Schema


def schema_of(engine: Engine) -> Schema:
    """Tables with their columns, indexes and triggers, and the version that is written down."""
    found = inspect(engine)
    columns = {table: sorted(column["name"] for column in rows) for (_, table), rows in found.get_multi_columns().items()}
    indexes = {table: sorted(str(index["name"]) for index in rows) for (_, table), rows in found.get_multi_indexes().items()}
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            triggers = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")).all()
        else:
            triggers = connection.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname")).all()
        versions = connection.scalars(text("SELECT version_num FROM alembic_version")).all() if "alembic_version" in columns else []
    tables = sorted(table for table in columns if table != "alembic_version")
    return [(table, columns[table], indexes[table]) for table in tables], list(triggers), list(versions)


def app_at(url: str, folder: Path) -> Flask:
    return create_app(make_settings(url, folder))


def count_statements(engine: Engine, kill_at: int = 0) -> list[int]:
    """Counts what is sent, and dies before the statement `kill_at`."""
    counted = [0]

    def note(*_arguments: object) -> None:
        counted[0] += 1
        if counted[0] == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", note)
    return counted


def upgrade_and_die(url: str, folder: Path, revision: str, kill_at: int) -> None:
    """A migration that never ends."""
    with app_at(url, folder).app_context():
        count_statements(db.engine, kill_at)
        upgrade(str(ROOT / "migrations"), revision=revision)


@pytest.fixture(scope="module")
def steps(server_url: str, folder: Path, worker_id: str, pytestconfig: pytest.Config) -> Iterator[list[Step]]:
    """Every migration on its own, with a database kept before each; in the short set the first two, and the newest four."""
    script = ScriptDirectory(str(ROOT / "migrations"))
    revisions = [step.revision for step in reversed(list(script.walk_revisions()))]
    wanted = set(revisions) if pytestconfig.getoption("--long") else {*revisions[:2], *revisions[-4:]}
    found = []
    with ExitStack() as kept:
        url = create_database(server_url, f"steps_{worker_id}_{os.getpid()}")
        for number, revision in enumerate(revisions):
            if revision not in wanted:
                continue
            app = app_at(url, folder / "data")
            with app.app_context():
                if number and revisions[number - 1] not in wanted:
                    upgrade(revision=revisions[number - 1])
                before = schema_of(db.engine)
                db.engine.dispose()
                old = kept.enter_context(fresh_copy(url, server_url, folder, f"step_{worker_id}_{os.getpid()}_{number}"))
                counted = count_statements(db.engine)
                upgrade(revision=revision)
                found.append(Step(revision, old, counted[0], before, schema_of(db.engine)))
                db.engine.dispose()
        yield found


@pytest.mark.parametrize("kills", [1, pytest.param(20, marks=pytest.mark.long)])
def test_a_killed_migration_leaves_the_old_schema_or_the_new_one(
    steps: list[Step], server_url: str, folder: Path, worker_id: str, kills: int
) -> None:
    dice = random.Random(37)
    for step in steps if kills > 1 else [steps[0], *steps[-4:]]:  # the newest are those that somebody may still meet
        for kill_at in sorted(dice.sample(range(1, step.statements + 1), min(kills, step.statements))):
            with fresh_copy(step.before_url, server_url, folder, f"killed_{worker_id}_{os.getpid()}") as url:
                process = start(upgrade_and_die, url, folder / "data", step.revision, kill_at)
                process.join(60)
                assert process.exitcode == -signal.SIGKILL
                app = app_at(url, folder / "data")
                with app.app_context():
                    found = schema_of(db.engine)
                    assert found[:2] in (step.before[:2], step.after[:2]), f"{step.revision}, killed before statement {kill_at}"
                    assert found[2] in (step.before[2] or [], step.after[2], [])
                    upgrade(revision=step.revision)
                    assert schema_of(db.engine) == step.after
                    db.session.remove()
                    db.engine.dispose()


def test_the_app_refuses_every_schema_but_its_own(steps: list[Step], folder: Path) -> None:
    for step in (steps[0], steps[1], steps[-1]):
        app = app_at(step.before_url, folder / "data")
        with pytest.raises(WrongSchema, match="run flask db upgrade"):
            check_start(app)
        answer = app.test_client().get("/readyz")
        assert answer.status_code == 503
        assert "./run flask db upgrade" in answer.get_json()["database"]
        assert app.test_client().get("/").status_code == 503
        result = app.test_cli_runner().invoke(args=["worker", "--once"])
        assert result.exit_code == 1
        assert "./run flask db upgrade" in result.output
        if step is steps[-1]:
            assert f"this code needs {schema_head()}" in result.output
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
