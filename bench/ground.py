"""The shops under measurement: the demo regency, grown to a size, in a folder that is kept for the next run."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "bench"
#: Addresses per kind of page; a window of load goes through them in turn.
SAMPLE = 60
WORDS = ("keripik", "kopi", "madu", "songket", "nanas", "gula aren", "anyaman rotan", "sambal", "keripik ubi", "kain tenun")


@dataclass(frozen=True, slots=True)
class Shop:
    """A folder with so many products, and the environment that serves it."""

    folder: Path
    products: int

    @property
    def environment(self) -> dict[str, str]:
        """Settings of a demo that logs as production does: a line per request, thrown away here."""
        return {
            "ETALASE_MODE": "demo",
            "ETALASE_SECRET_KEY": "bench-secret-bench-secret-bench-secret",
            "ETALASE_DATA_FOLDER": str(self.folder),
            "ETALASE_LOG_LEVEL": "WARNING",
            "ETALASE_WHATSAPP": "+6281200000000",
        }

    def addresses(self) -> dict[str, list[str]]:
        """Buyer pages by name, the same in every run."""
        ask = sqlite3.connect(self.folder / "etalase.db").execute
        dice = random.Random(self.products)

        def some(statement: str) -> list[str]:
            found = sorted(row[0] for row in ask(statement))
            return dice.sample(found, min(SAMPLE, len(found)))

        live = "FROM products WHERE state = 'live'"
        lots = "FROM products JOIN batches ON batches.product_id = products.id WHERE products.state = 'live'"
        shelves = some(f"SELECT slug FROM categories WHERE id IN (SELECT category_id {live})")
        return {
            "home": ["/"],
            "list": [f"/products?page={page}" for page in range(1, min(20, self.products // 24) + 1)],
            "category": [f"/products?category={slug}" for slug in shelves],
            "product": [f"/products/{slug}" for slug in some(f"SELECT slug {live}")],
            "lot": [f"/products/{each}" for each in some(f"SELECT slug || '/batches/' || lot_code {lots}")],
            "linkset": [f"/01/{gtin:0>14}?linkType=linkset" for gtin in some("SELECT gtin FROM variants WHERE gtin IS NOT NULL")],
            "village": [f"/villages/{code}" for code in some(f"SELECT DISTINCT village_code {live}")],
            "search": [f"/search?q={quote_plus(word)}" for word in WORDS],
        }


def prepare_demo(kept: Path = KEPT) -> Shop:
    """The demo regency alone; made once (its pictures take a minute or two), then found again."""
    shop = Shop(kept / "demo", 0)
    if not (shop.folder / "done").exists():
        shutil.rmtree(shop.folder, ignore_errors=True)
        print("Preparing the demo regency once …", file=sys.stderr)
        _flask(shop.environment, "db", "upgrade")
        _flask(shop.environment, "demo", "create")
        (shop.folder / "done").touch()
    upgrade(shop)
    return shop


def prepare(products: int, kept: Path = KEPT) -> Shop:
    """A shop of so many products; made once, then found again."""
    shop = Shop(kept / str(products), products)
    if not (shop.folder / "done").exists():
        shutil.rmtree(shop.folder, ignore_errors=True)
        copy(prepare_demo(kept), shop.folder)
        print(f"Growing {products:,} products once …", file=sys.stderr)
        _flask(shop.environment, "demo", "grow", "--products", str(products))
        _flask(shop.environment, "search", "rebuild")
        (shop.folder / "done").touch()
    upgrade(shop)
    return shop


def upgrade(shop: Shop) -> None:
    """Bring a kept shop's tables and index to what the code expects today: an older index would have the database answer instead."""
    _flask(shop.environment, "db", "upgrade")
    _flask(shop.environment, "search", "rebuild")


def copy(shop: Shop, folder: Path) -> Shop:
    """The same shop in another folder, where it may be bought from."""
    shutil.copytree(shop.folder, folder, ignore=shutil.ignore_patterns("done", "album"))
    return Shop(folder, shop.products)


def _flask(environment: Mapping[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "flask", "--app", "storefront.app", *arguments]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)
