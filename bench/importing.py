"""A table of 50,000 products, three in a hundred bad, coming in while people look at the shop.

    ./run bench importing [--rows 50000] [--xlsx]

The demo regency is served by gunicorn with its usual two workers; four readers go through its pages all the time, and a writer asks for
the write lock again and again. First without an import, then while a worker process of its own reads, checks and brings in the table; the
ratio of the two is what an import costs the others. Then the same table is checked once more: nothing may be new.
Limits (F41 of the faults' list): 60 s for bringing in, 200 MB, pages' p95 500 ms, 200 ms of the write lock at a time.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench.ground import Shop, copy, prepare_demo
from bench.load import Load, drive
from bench.serving import ROOT, serve

PAGES = ("/", "/products", "/products?page=2", "/villages", "/search?q=keripik")
SECONDS, MEGABYTES, PAGE_MS, LOCK_MS = 60.0, 200.0, 500.0, 200.0
READERS, QUIET = 4, 8.0


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="./run bench importing", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--xlsx", action="store_true")
    parser.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(*options.work)
        return
    with tempfile.TemporaryDirectory() as folder:
        shop = copy(prepare_demo(), Path(folder) / "shop")
        table = write_table(shop, Path(folder), options.rows, is_workbook=options.xlsx)
        print(f"{options.rows:,} rows, {table.stat().st_size / 1e6:.1f} MB, {'XLSX' if options.xlsx else 'CSV'}")
        with serve("storefront.app:create_app()", shop.environment, "/") as server:
            quiet, quiet_locks = watch(shop, server.port, lambda: time.sleep(QUIET))
            told: list[str] = []
            busy, busy_locks = watch(shop, server.port, lambda: told.extend(run_worker(shop, table)))
        print("\n".join(f"  {line}" for line in told))
        for name, load, locks in (("without an import", quiet, quiet_locks), ("meanwhile", busy, busy_locks)):
            print(f"  {name}: pages p50 {load.percentile(0.5):.0f}, p95 {load.percentile(0.95):.0f} ms, {load.errors} errors;", end=" ")
            print(f"a writer waits p95 {locks.percentile(0.95):.0f}, at most {max(locks.times) * 1_000:.0f} ms for the lock")
        print(f"  pages' p95: {busy.percentile(0.95) / quiet.percentile(0.95):.1f} × of without; limit {PAGE_MS:g} ms")


def write_table(shop: Shop, folder: Path, rows: int, *, is_workbook: bool) -> Path:
    """Products of the demo's makers; every hundredth three times has a category that is none."""
    ask, dice = sqlite3.connect(shop.folder / "etalase.db").execute, random.Random(41)
    makers = [row[0] for row in ask("SELECT name FROM makers ORDER BY id")]
    shelves = [row[0] for row in ask("SELECT name_id FROM categories ORDER BY id")]
    table: list[list[str | int]] = [["Nama UMKM", "Nama Produk", "Kategori", "Halal", "Masa simpan", "Ringkasan"]]
    for number in range(rows):
        shelf = "Bukan rak" if number % 100 < 3 else dice.choice(shelves)
        halal, life = dice.choice(("sudah", "belum", "")), dice.choice(("90 hari", "3 bulan", "30"))
        table.append([dice.choice(makers), f"Keripik impor {number}", shelf, halal, life, "Dibuat di dapur sendiri dari hasil kebun desa."])
    path = folder / ("table.xlsx" if is_workbook else "table.csv")
    with path.open("wb") as file:
        if is_workbook:
            from storefront.workbooks import workbook_parts

            file.writelines(workbook_parts([("Produk", table)]))
        else:
            file.write("\r\n".join(";".join(map(str, row)) for row in table).encode("cp1252"))
    return path


def watch(shop: Shop, port: int, act: Callable[[], object]) -> tuple[Load, Load]:
    """Readers and a writer, for as long as `act` takes."""
    over, pages, locks = threading.Event(), Load(), Load()

    def read() -> None:
        while not over.is_set():
            some = drive(port, PAGES, connections=READERS, requests=20)
            pages.times += some.times
            pages.errors += some.errors

    def write() -> None:
        connection = sqlite3.connect(shop.folder / "etalase.db", timeout=30, isolation_level=None)
        while not over.is_set():
            begun = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            locks.times.append(time.perf_counter() - begun)
            connection.execute("ROLLBACK")
            time.sleep(0.1)

    threads = [threading.Thread(target=read), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    try:
        act()
    finally:
        over.set()
        for thread in threads:
            thread.join()
    return pages, locks


def run_worker(shop: Shop, table: Path) -> list[str]:
    """What the worker's process told."""
    command = [sys.executable, "-m", "bench.importing", "--work", str(table), "products"]
    environment = {**os.environ, **shop.environment}
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout.splitlines()


def work(path: str, kind: str) -> None:
    """The worker's process: all stages, told in lines."""
    import resource

    from sqlalchemy import select
    from sqlalchemy.orm import selectinload

    from catalog.importing import runs
    from catalog.models.importing import ImportKind, ImportRun, ImportState
    from kernel import accounts
    from kernel.people import Role, RoleGrant, User
    from storefront import importing
    from storefront.app import create_app
    from storefront.database import reading, transaction

    with create_app().app_context():
        statement = select(User).join(RoleGrant).where(RoleGrant.role == Role.ADMINISTRATOR).options(selectinload(User.grants))
        actor = accounts.as_actor(reading().scalars(statement).first() or User())

        def send() -> str:
            with transaction() as session:
                return runs.start_import(session, actor, ImportKind(kind), Path(path).name, Path(path).read_bytes()).code

        def stage(code: str, until: ImportState, verb: Callable[..., ImportRun] | None = None) -> ImportRun:
            if verb is not None:
                with transaction() as session:
                    verb(session, actor, runs.get_run(session, actor, code))
            begun, processor = time.perf_counter(), time.process_time()
            while True:
                importing.work_imports()
                run = runs.get_run(reading(), actor, code)
                if run.state is until:
                    break
                time.sleep(0.5)  # the worker's loop does
            processor = time.process_time() - processor
            seconds, memory = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{until.value}: {seconds:.1f} s ({processor:.1f} s of a processor), {memory:.0f} MB at most, {run.counts or run.planned}",
                flush=True,
            )
            return run

        code = send()
        stage(code, ImportState.READY)
        stage(code, ImportState.CHECKED, runs.check_import)
        stage(code, ImportState.DONE, runs.run_import)
        again = send()
        stage(again, ImportState.READY)
        stage(again, ImportState.CHECKED, runs.check_import)


if __name__ == "__main__":
    main()
