"""Lighthouse on the twelve page families of the shop, as a phone sees them, beside the targets of docs/performance.md.

    ./run bench lighthouse [--runs 3] [--only home list …]

A copy of the demo regency (made once in var/bench, as for `./run bench pages`) is served for the occasion. Lighthouse is a
Node program and no dependency of the shop: it is run with `npx` where Node 20 or newer is installed, or from the folder in
$LIGHTHOUSE; the browser is the tests' Chromium. Scores are medians of the runs; on a busy machine only the best of several
says something, because Lighthouse takes waiting for the processor for slowness of the page.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.ground import copy, prepare_demo
from bench.load import HOST
from bench.pages import Guest, find, find_variant, place
from bench.serving import serve
from tests.chromium import find_chromium

PACKAGE = "lighthouse@12.8.2"
CATEGORIES = {"performance": 95, "accessibility": 100, "best-practices": 95, "seo": 100}
#: Largest paint in seconds, layout shift, blocking time in milliseconds.
METRICS = {"largest-contentful-paint": 2.0, "cumulative-layout-shift": 0.05, "total-blocking-time": 100.0}
#: Pages for search engines; the others carry noindex on purpose and have no SEO target.
INDEXED = ("home", "list", "product", "maker", "village", "programme", "wholesale")


@dataclass(frozen=True, slots=True)
class Visit:
    """A page to look at, and the cookie of a guest whose cart it needs."""

    name: str
    path: str
    cookie: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="./run bench lighthouse", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3, help="per page; the median counts")
    parser.add_argument("--only", nargs="*", default=[], help="names of pages, all by default")
    asked = parser.parse_args()
    lighthouse, chromium = find_lighthouse(), find_chromium()
    if chromium is None:
        raise SystemExit("Lighthouse needs a Chromium: ./run test brings one, or set CHROMIUM.")
    with tempfile.TemporaryDirectory(prefix="bench-lighthouse-") as place_name:
        shop = copy(prepare_demo(), Path(place_name) / "shop")
        with serve("storefront.app:create_app()", shop.environment, "/") as server:
            print(f"{'page':10}{'perf':>6}{'a11y':>6}{'best':>6}{'seo':>6}{'LCP s':>8}{'CLS':>8}{'TBT ms':>8}   misses")
            for visit in visits(server.port, shop.folder):
                if not asked.only or visit.name in asked.only:
                    address = f"http://{HOST}:{server.port}{visit.path}"
                    reports = [look(lighthouse, chromium, address, visit.cookie) for _ in range(asked.runs)]
                    print_row(visit.name, reports)
    print(f"targets:  {CATEGORIES}, {METRICS}; SEO on {', '.join(INDEXED)}")


def find_lighthouse() -> list[str]:
    """The command: from $LIGHTHOUSE, or through npx."""
    if given := os.environ.get("LIGHTHOUSE"):
        return [given]
    if npx := shutil.which("npx"):
        return [npx, "--yes", PACKAGE]
    raise SystemExit("Lighthouse needs Node 20 or newer with npx; nothing else here does.")


def visits(port: int, folder: Path) -> list[Visit]:
    """The twelve families; a guest fills a cart and places an order first."""
    ask = sqlite3.connect(folder / "etalase.db").execute
    (product, maker, village, lot), *_ = ask(
        "SELECT p.slug, m.slug, p.village_code, b.lot_code FROM products p JOIN makers m ON m.id = p.maker_id"
        " JOIN batches b ON b.product_id = p.id WHERE p.state = 'live' ORDER BY p.id, b.id"
    )
    shopper, buyer = Guest(port), Guest(port)
    for guest in (shopper, buyer):
        page = guest.ask("GET", f"/products/{product}")
        line = {"csrf_token": find(page, "csrf_token"), "variant": find_variant(page) or "", "quantity": "1"}
        guest.ask("POST", "/cart/lines", line)
    place(buyer)
    if not buyer.location.startswith("/orders/"):
        raise SystemExit("the order could not be placed")
    return [
        Visit("home", "/"),
        Visit("list", "/products"),
        Visit("product", f"/products/{product}"),
        Visit("maker", f"/makers/{maker}"),
        Visit("village", f"/villages/{village}"),
        Visit("programme", "/programme"),
        Visit("lot", f"/products/{product}/batches/{lot}"),
        Visit("wholesale", "/wholesale/"),
        Visit("search", "/search?q=keripik+ubi"),
        Visit("cart", "/cart", shopper.cookie),
        Visit("checkout", "/checkout", shopper.cookie),
        Visit("order", buyer.location),
    ]


def look(lighthouse: list[str], chromium: str, address: str, cookie: str) -> dict[str, Any]:
    """One report, as the default mobile device on a slow network."""
    flags = "--headless=new --disable-background-networking" + (" --no-sandbox" if os.geteuid() == 0 else "")
    with tempfile.TemporaryDirectory() as place_name:
        report = Path(place_name) / "report.json"
        command = [*lighthouse, address, "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={flags}"]
        command += [f"--only-categories={','.join(CATEGORIES)}"]
        if cookie:
            command += ["--extra-headers", json.dumps({"Cookie": cookie})]
        subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": chromium}, timeout=180)
        found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return found


def print_row(name: str, reports: list[dict[str, Any]]) -> None:
    """Medians beside what they miss, and the audits behind a miss."""
    scores = {key: round(100 * statistics.median(report["categories"][key]["score"] or 0 for report in reports)) for key in CATEGORIES}
    metrics = {key: statistics.median(report["audits"][key]["numericValue"] for report in reports) for key in METRICS}
    metrics["largest-contentful-paint"] /= 1_000
    misses = [key for key, target in CATEGORIES.items() if scores[key] < target and (key != "seo" or name in INDEXED)]
    misses += [key for key, most in METRICS.items() if metrics[key] > most]
    lcp, cls, tbt = metrics.values()
    print(f"{name:10}" + "".join(f"{score:6}" for score in scores.values()) + f"{lcp:8.2f}{cls:8.3f}{tbt:8.0f}   {', '.join(misses)}")
    for category in misses:
        if category in CATEGORIES:
            print(f"{'':12}{category}: {'; '.join(failed(reports[-1], category))}")


def failed(report: dict[str, Any], category: str) -> list[str]:
    """The audits of a category that cost points."""
    lines = []
    for reference in report["categories"][category]["auditRefs"]:
        audit = report["audits"][reference["id"]]
        if reference["weight"] and audit["score"] is not None and audit["score"] < 0.95:
            lines.append(f"{reference['id']} {audit.get('displayValue', '')}".strip())
    return lines


if __name__ == "__main__":
    main()
