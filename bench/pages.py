"""Buyer pages beside a bare Flask + Jinja + one-query page (bench/bare.py), served the same way in the same run.

    ./run bench pages [--products 1000 10000] [--rounds 3] [--seconds 1] [--compressed] [--fresh]

Both sides: gunicorn, 2 synchronous workers, 8 connections, a new connection per request, SQLite. In every round each page's
window of load follows a window of the bare page, and the ratio is taken between these neighbours; the table shows medians
over the rounds. `of bare` compares requests per second, `of bare, CPU` the processor time of the workers per request, which
other work on the machine disturbs less. Everything runs on loopback and ends by itself.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from bench import bare
from bench.ground import KEPT, Shop, prepare
from bench.load import HOST, Load, drive
from bench.serving import ROOT, Server, serve

CONNECTIONS = 8
PURCHASES = 12
#: What docs/performance.md promises now.
TARGETS = {"statements": 6, "resident MB": 90, "product of bare": 0.2, "requests of a purchase": 4}


@dataclass(slots=True)
class Row:
    """One kind of page over the rounds."""

    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    of_bare: list[float] = field(default_factory=list)
    of_bare_cpu: list[float] = field(default_factory=list)
    errors: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench pages", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0, help="length of one window of load")
    parser.add_argument("--compressed", action="store_true", help="ask as browsers do, for brotli; ours compresses, the bare page does not")
    parser.add_argument("--fresh", action="store_true", help="make the shops anew")
    parser.add_argument("--count", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("addresses", nargs="*", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.count:
        count_statements(asked.addresses)
        return
    if asked.fresh:
        shutil.rmtree(KEPT, ignore_errors=True)
    headers = "Accept-Encoding: br, gzip\r\n" if asked.compressed else ""
    with tempfile.TemporaryDirectory(prefix="bench-pages-") as place:
        database = Path(place) / "bare.db"
        reference = bare.fill(database, 1_000)
        for products in asked.products:
            shop = prepare(products)
            with (
                serve("bench.bare:create_app()", {bare.DATABASE: str(database)}, reference[0]) as beside,
                serve("storefront.app:create_app()", shop.environment, "/") as ours,
            ):
                measure(shop, ours, beside, reference, rounds=asked.rounds, seconds=asked.seconds, headers=headers)


def measure(shop: Shop, ours: Server, beside: Server, reference: list[str], *, rounds: int, seconds: float, headers: str) -> None:
    """All pages of one shop, printed as a table."""
    pages = shop.addresses()
    rows = {name: Row() for name in pages}
    for server, paths in ((beside, reference[:60]), *((ours, paths) for paths in pages.values())):
        drive(server.port, paths * 3, connections=2, requests=len(paths) * 3, headers=headers)  # so that each worker has met each page
    bare_rates = []
    for _ in range(rounds):
        for name, paths in pages.items():
            reference_load, reference_cost = window(beside, reference, seconds, "")
            load, cost = window(ours, paths, seconds, headers)
            bare_rates.append(reference_load.rate)
            row = rows[name]
            row.rates.append(load.rate)
            row.p50.append(load.percentile(0.5))
            row.p95.append(load.percentile(0.95))
            row.of_bare.append(load.rate / reference_load.rate)
            row.of_bare_cpu.append(reference_cost / cost)
            row.errors += load.errors
    statements = counted(shop, [paths[0] for paths in pages.values()])
    print(
        f"\n{shop.products:,} products; bare page {statistics.median(bare_rates):,.0f} requests/s (p50 over {rounds} rounds of {seconds} s)"
    )
    print(f"{'page':10}{'req/s':>8}{'p50 ms':>8}{'p95 ms':>8}{'of bare':>9}{'of bare, CPU':>14}{'SQL':>5}{'errors':>8}")
    for (name, row), count in zip(rows.items(), statements, strict=True):
        figures = [statistics.median(values) for values in (row.rates, row.p50, row.p95, row.of_bare, row.of_bare_cpu)]
        print("{:10}{:8,.0f}{:8.1f}{:8.1f}{:9.2f}{:14.2f}".format(name, *figures) + f"{count:5}{row.errors:8}")
    resident, bare_resident = ours.resident_megabytes(), beside.resident_megabytes()
    print(f"resident per worker {resident:.0f} MB (bare {bare_resident:.0f} MB, ratio {resident / bare_resident:.2f})", end="; ")
    print(
        f"command to first page {ours.started_in:.2f} s (bare {beside.started_in:.2f} s, ratio {ours.started_in / beside.started_in:.1f})"
    )
    requests, times = purchases(ours, pages["product"])
    share = statistics.median(times) / (1 / statistics.median(bare_rates))
    print(f"guest purchase: {requests} requests, p50 {statistics.median(times) * 1_000:.0f} ms one after another ({share:.0f} bare pages)")
    verdict(statements, resident, statistics.median(rows["product"].of_bare_cpu), requests)


def window(server: Server, paths: Sequence[str], seconds: float, headers: str) -> tuple[Load, float]:
    """One window of load, and the workers' processor seconds per answer."""
    before = server.cpu_seconds()
    load = drive(server.port, paths, connections=CONNECTIONS, seconds=seconds, headers=headers)
    return load, (server.cpu_seconds() - before) / max(1, len(load.times))


def verdict(statements: list[int], resident: float, product: float, requests: int) -> None:
    """Which of today's targets hold."""
    checks = {
        f"at most {TARGETS['statements']} SQL statements on a page": max(statements) <= TARGETS["statements"],
        f"at most {TARGETS['resident MB']} MB resident per worker": resident <= TARGETS["resident MB"],
        f"product page at least {TARGETS['product of bare']} of the bare page (CPU)": product >= TARGETS["product of bare"],
        f"a guest purchase in at most {TARGETS['requests of a purchase']} requests": requests <= TARGETS["requests of a purchase"],
    }
    for target, holds in checks.items():
        print(f"  {'holds ' if holds else 'MISSED'}  {target}")


def purchases(server: Server, products: Sequence[str]) -> tuple[int, list[float]]:
    """Whole guest purchases, paid at pickup: requests each, and seconds each."""
    counts, times = set(), []
    for address in products[:PURCHASES]:
        begun = time.perf_counter()
        if requests := buy(server.port, address):
            times.append(time.perf_counter() - begun)
            counts.add(requests)
    if not times:
        raise SystemExit("none of the sampled products could be bought")
    return max(counts), times


def buy(port: int, address: str) -> int:
    """From a product's page to a placed order; how many requests it took, 0 when it is sold out or its last piece is kept for payers."""
    guest = Guest(port)
    page = guest.ask("GET", address)
    variant = find_variant(page)
    if variant is None:
        return 0
    guest.ask("POST", "/cart/lines", {"csrf_token": find(page, "csrf_token"), "variant": variant, "quantity": "1"})
    place(guest)
    return guest.requests if guest.location.startswith("/orders/") else 0


def place(guest: Guest) -> None:
    """Order what is in the guest's cart, to be paid at pickup."""
    form = guest.ask("GET", "/checkout")
    fields = {name: find(form, name) for name in ("csrf_token", "checkout_key", "seen_total", "outlet")}
    phone = f"08120{time.time_ns() // 1_000 % 10**7:07d}"  # one number may hold three unpaid orders
    contact = {"name": "Pembeli Contoh", "phone": phone, "email": "", "payment_method": "pay_at_pickup"}
    guest.ask("POST", "/checkout", fields | contact)


def find_variant(page: str) -> str | None:
    """The code of the first size that can be bought."""
    found = re.search(r'name="variant" value="([^"]+)"(?! disabled)', page)
    return found[1] if found else None


def find(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


@dataclass(slots=True)
class Guest:
    """A browser without script that keeps its cookies."""

    port: int
    cookie: str = ""
    location: str = ""
    requests: int = 0

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> str:
        """One request; redirects are noted and not followed."""
        connection = HTTPConnection(HOST, self.port, timeout=30)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode(fields) if fields is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        self.requests += 1
        self.location = answer.getheader("Location") or ""
        if set_cookie := answer.getheader("Set-Cookie"):
            self.cookie = set_cookie.partition(";")[0]
        connection.close()
        return text


def counted(shop: Shop, addresses: list[str]) -> list[int]:
    """SQL statements per page, counted in a process of its own."""
    command = [sys.executable, "-m", "bench.pages", "--count", str(shop.folder), *addresses]
    answer = subprocess.run(command, cwd=ROOT, env={**os.environ, **shop.environment}, check=True, capture_output=True, text=True)
    return [int(line) for line in answer.stdout.split()]


def count_statements(addresses: list[str]) -> None:
    """Print for each address how many statements its second visit sends."""
    from sqlalchemy import event

    from storefront.app import create_app
    from storefront.database import db

    app = create_app()
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    client = app.test_client()
    for address in addresses:
        client.get(address)
        seen.clear()
        client.get(address)
        print(len(seen))


if __name__ == "__main__":
    main()
