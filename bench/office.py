"""The office's pages of the programme at a province's size: lists, map, reports, dashboard, and the picker of areas.

    ./run bench office [--area 53] [--products 10000] [--rounds 15]

The demo regency grows to a whole province once (`flask demo grow --area`) in var/bench/office: 3,442 villages with their
standing, potential products and reports, and the products. Then each page is asked for by a signed-in province officer, in
this process: the median of the rounds, the processor time, SQL statements and bytes. The reference is one statement that
fetches every village of the province with its district. Limits: 300 ms for a page, 50 ms for the picker (issue: the office).
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

import config
from bench.ground import KEPT, ROOT, Shop, prepare_demo
from catalog.queries.parts import District, Village
from catalog.queries.points import below
from kernel import accounts
from kernel.people import Grant, Role
from storefront.app import create_app
from storefront.database import db, reading, transaction

PAGE, PICKER = 300.0, 50.0
EMAIL = "bench-provinsi@demo.etalase.test"


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench office", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--area", default="53")
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    shop = _grow(options.area, options.products)
    app = create_app(config.load({**shop.environment, "ETALASE_AREA_PREFIX": options.area}))
    with app.app_context():
        reference = _reference(options.area, options.rounds)
        print(f"reference, every village with its district in one statement: {reference:.1f} ms")
    client = _sign_in(app, options.area)
    print(f"{'page':<34}{'ms':>8}{'CPU ms':>8}{'× ref':>7}{'SQL':>5}{'kB':>7}  limit")
    is_right = True
    for name, address, limit in _pages(options.area):
        wall, cpu, statements, size = _ask(app, client, address, options.rounds)
        verdict = "ok" if wall <= limit else "ok by CPU, the machine is loaded" if cpu <= limit else "BEYOND"
        is_right = is_right and cpu <= limit
        print(f"{name:<34}{wall:>8.1f}{cpu:>8.1f}{wall / reference:>7.1f}{statements:>5}{size / 1000:>7.0f}  {limit:.0f} ms: {verdict}")
    sys.exit(0 if is_right else 1)


def _pages(area: str) -> list[tuple[str, str, float]]:
    within = f"area={area}"
    return [
        ("mapping, map and figures", f"/office/mapping/?{within}", PAGE),
        ("mapping, villages", f"/office/mapping/villages?{within}", PAGE),
        ("mapping, last page of villages", f"/office/mapping/villages?{within}&page=69", PAGE),
        ("mapping, villages by text", f"/office/mapping/villages?{within}&q=tenun", PAGE),
        ("mapping, without evidence", f"/office/mapping/villages?{within}&missing=evidence", PAGE),
        ("mapping, same product", f"/office/mapping/same?{within}", PAGE),
        ("reports, figures and needs", f"/office/reporting/?{within}", PAGE),
        ("reports, list", f"/office/reporting/list?{within}", PAGE),
        ("dashboard, quarter", f"/office/monitoring/?{within}", PAGE),
        ("dashboard, year", f"/office/monitoring/?{within}&span=year", PAGE),
        ("picker, beginning of a name", "/office/areas.json?q=su", PICKER),
        ("picker, name with district", "/office/areas.json?q=betung%20abab", PICKER),
        ("picker, any area", "/office/areas.json?q=kupang&level=any", PICKER),
        ("picker, nothing found", "/office/areas.json?q=zzyzx", PICKER),
    ]


def _grow(area: str, products: int) -> Shop:
    """The province, made once."""
    shop = Shop(KEPT / f"office-{area}-{products}", products)
    is_grown = (shop.folder / "done").exists()
    if not is_grown:
        demo = prepare_demo()
        shutil.rmtree(shop.folder, ignore_errors=True)
        shop.folder.mkdir(parents=True)
        for path in Path(demo.folder).glob("etalase.db*"):
            shutil.copy(path, shop.folder)
    commands = [["db", "upgrade"]] if is_grown else [["db", "upgrade"], ["demo", "grow", "--products", str(products), "--area", area]]
    for command in commands:
        flask = [sys.executable, "-m", "flask", "--app", "storefront.app", *command]
        subprocess.run(flask, cwd=ROOT, env=os.environ | shop.environment, check=True)
    (shop.folder / "done").touch()
    return shop


def _sign_in(app: Flask, area: str) -> FlaskClient:
    with app.app_context(), transaction() as session:
        person = accounts.find_user_by_email(session, EMAIL)
        if person is None:
            person = accounts.create_user(session, email=EMAIL, name="Bench", password="bench-bench-bench")
        session.refresh(person, ["grants"])
        if not person.grants:
            accounts.grant_role(session, person, Grant(Role.PROVINCE_OFFICER, area_prefix=area))
        token = accounts.open_session(session, person, "bench")
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


def _reference(area: str, rounds: int) -> float:
    statement = select(Village.code, Village.name, District.name).join(District, District.code == Village.parent_code)
    found = []
    for _round in range(rounds + 1):
        began = time.perf_counter()
        reading().execute(statement.where(below(area, area.count(".")))).all()
        found.append((time.perf_counter() - began) * 1_000)
    return statistics.median(found[1:])


def _ask(app: Flask, client: FlaskClient, address: str, rounds: int) -> tuple[float, float, int, int]:
    """Milliseconds, processor milliseconds, statements and bytes of a page; what a process makes once is not counted."""
    statements: list[str] = []
    with app.app_context():
        engine = db.engine
    client.get(address)

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    walls, cpus, size = [], [], 0
    for _round in range(rounds):
        statements.clear()
        began, busy = time.perf_counter(), time.process_time()
        answer = client.get(address)
        walls.append((time.perf_counter() - began) * 1_000)
        cpus.append((time.process_time() - busy) * 1_000)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        size = len(answer.data)
    event.remove(engine, "before_cursor_execute", note)
    return statistics.median(walls), statistics.median(cpus), len(statements), size


if __name__ == "__main__":
    main()
