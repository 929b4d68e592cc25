"""F41: a worker killed in the middle of an import, again and again: the next one goes on, and nothing comes in twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, selectinload

from catalog.importing import chunks, runs, working
from catalog.models.importing import ImportKind, ImportRun, ImportState
from catalog.models.maker import Maker
from config import Settings
from kernel import accounts
from kernel.people import Grant, Role, User
from tests.conftest import make_settings
from tests.faults.processes import start, wait_for
from tests.make import make_areas, make_user
from tests.races.racing import writing

pytestmark = [pytest.mark.race, pytest.mark.one_database]


def work_until_killed(settings: Settings) -> None:
    """A worker that does nothing but import."""
    from storefront import importing
    from storefront.app import create_app

    with create_app(settings).app_context():
        while True:
            importing.work_imports(0.2)


def rows_done(database: Engine) -> tuple[ImportState, int]:
    with Session(database) as session:
        row = session.execute(select(ImportRun.state, ImportRun.rows_done)).one()
        return row.state, row.rows_done


@pytest.mark.parametrize(("rows", "kills"), [(1_000, 3), pytest.param(20_000, 50, marks=pytest.mark.long)])
def test_an_import_outlives_its_workers_without_doubles(
    fresh_database_url: str, database: Engine, tmp_path: Path, rows: int, kills: int
) -> None:
    lines = ["Nama usaha;Desa", *(f"Dapur {n};{'Entah' if n % 33 == 0 else 'Karang Agung'}" for n in range(1, rows + 1))]
    with writing(database) as session:
        make_areas(session)
        user = make_user(session, Grant(Role.CURATOR, area_prefix="16.12"))
    with writing(database) as session:
        user = session.scalars(select(User).options(selectinload(User.grants))).one()
        curator = accounts.as_actor(user)
        run = runs.start_import(session, curator, ImportKind.MAKERS, "pembuat.csv", "\n".join(lines).encode())
        working.store_table(session, run.id, chunks.read_table(run.kind, chunks.load_file(session, run)))
        runs.check_import(session, curator, run)
    settings, dice = make_settings(fresh_database_url, tmp_path), random.Random(41)
    killed, begun = 0, False
    while (seen := rows_done(database))[0] is not ImportState.DONE:
        if seen[0] is ImportState.CHECKED:
            assert not begun
            begun = True
            with writing(database) as session:
                runs.run_import(session, curator, session.scalars(select(ImportRun)).one())
        process = start(work_until_killed, settings)
        few = dice.randint(1, max(2, rows // kills // 2)) if killed < kills else rows
        wait_for(
            lambda seen=seen, few=few: (now := rows_done(database))[0] is not seen[0] or now[1] - seen[1] >= few,  # type: ignore[misc]
            "the import goes on",
        )
        process.kill()
        process.join()
        killed += 1
    assert killed > kills // 2
    with Session(database) as session:
        run = session.scalars(select(ImportRun)).one()
        bad = rows // 33
        assert run.counts == {"new": rows - bad, "changed": 0, "unchanged": 0, "bad": bad}
        names = session.scalars(select(Maker.name)).all()
        assert len(names) == len(set(names)) == rows - bad
        assert session.scalar(select(func.count()).select_from(Maker)) == rows - bad
