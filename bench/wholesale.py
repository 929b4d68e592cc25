"""Offers by the case beside the public list of the same products, and the price list of all of them as a workbook.

    ./run bench wholesale [--offers 10000] [--rounds 15] [--fresh]

The grown demo (bench/ground.py) gets an offer for each of so many pack sizes, with three price steps, capacity and cartons; a partner
asks for the list and for filters of every kind. Each answer follows one of the public list in the same process, which is made anew each
time (no memory of pages), and the ratio is taken between medians of processor time, which other work on the machine disturbs least.
Target: at most 1.5 × the public list. The row `after a change` is the first page after an offer was touched.
The workbook is written by a process of its own; it may take 10 s and grow it by 150 MB.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from resource import RUSAGE_SELF, getrusage

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select, update
from sqlalchemy.orm import Session

from bench.ground import KEPT, Shop, copy, prepare, upgrade
from bench.serving import ROOT
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from kernel import accounts, clock
from kernel.people import GUEST, SYSTEM
from orders.models.offer import Offer, OfferPrice, OfferSource, OfferState, ReturnPolicy
from orders.models.partner import PartnerKind, PartnerState
from orders.wholesale import applications, buyers, groups, partners
from orders.wholesale.company_facts import PartnerFacts
from orders.wholesale.partners import PartnerTerms

LIMIT, SECONDS, MEGABYTES = 1.5, 10.0, 150.0
PUBLIC = "/products"
PAGES = {
    "list": "/wholesale/offers",
    "page 40": "/wholesale/offers?page=40",
    "capacity and case": "/wholesale/offers?monthly=500&case=24",
    "halal": "/wholesale/offers?paper=halal",
    "ready for minimarket": "/wholesale/offers?ready=minimarket",
    "margin, by price": "/wholesale/offers?margin=20&sort=price",
    "words": "/wholesale/offers?q=keripik",
}
EMAIL = "bench@contoh.example.com"
AT_ONCE = 500


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="./run bench wholesale", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--offers", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--fresh", action="store_true", help="make the offers anew")
    parser.add_argument("--file", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    shop = _shop(asked.offers, fresh=asked.fresh)
    os.environ.update({**shop.environment, "ETALASE_PAGE_MEMORY": "0"})
    from storefront.app import create_app

    app = create_app()
    if asked.file:
        print(*write_file(app))
        return
    measure(app, asked.rounds)
    command = [sys.executable, "-m", "bench.wholesale", "--file", "--offers", str(asked.offers)]
    written = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    seconds, busy, grown, size, rows = written
    verdict = "holds" if float(seconds) <= SECONDS and float(grown) <= MEGABYTES else "MISSED"
    print(
        f"price list of {int(rows):,} offers: {float(seconds):.1f} s ({float(busy):.1f} s of the processor), {int(size) / 1e6:.1f} MB",
        end="",
    )
    print(f", memory +{float(grown):.0f} MB: {verdict}")


def measure(app: Flask, rounds: int) -> None:
    """Every page beside the public list, printed as a table."""
    guest, buyer = app.test_client(), _browser(app)
    public: list[float] = []
    times: dict[str, list[float]] = {name: [] for name in PAGES}
    for client, path in ((guest, PUBLIC), *((buyer, path) for path in PAGES.values())):
        _ask(client, path)
    for _round in range(rounds):
        for name, path in PAGES.items():
            public.append(_ask(guest, PUBLIC))
            times[name].append(_ask(buyer, path))
    reference = statistics.median(public)
    print(f"public list {reference * 1_000:.1f} ms of processor time (median of {len(public)})")
    print(f"{'page':24}{'ms':>8}{'of public':>11}{'SQL':>6}")
    for name, path in PAGES.items():
        ratio = statistics.median(times[name]) / reference
        with _counting(app) as statements:
            _ask(buyer, path)
        verdict = "holds" if ratio <= LIMIT else "MISSED"
        print(f"{name:24}{statistics.median(times[name]) * 1_000:8.1f}{ratio:11.2f}{len(statements):6}  {verdict}")
    changed = [_ask_after_a_change(app, buyer) for _round in range(min(rounds, 5))]
    print(f"{'after a change':24}{statistics.median(changed) * 1_000:8.1f}{statistics.median(changed) / reference:11.2f}")


def write_file(app: Flask) -> tuple[float, float, float, int, int]:
    """Seconds, those of the processor, megabytes the process grew by, bytes and offers of the whole price list."""
    buyer = _browser(app)
    buyer.get("/wholesale/offers/price-list.xlsx?monthly=999999999")  # what a process loads once
    before, begun, size = getrusage(RUSAGE_SELF).ru_maxrss, time.perf_counter(), 0
    busy = time.process_time()
    answer = buyer.get("/wholesale/offers/price-list.xlsx", buffered=False)
    for part in answer.iter_encoded():
        size += len(part)
    answer.close()
    taken, busy = time.perf_counter() - begun, time.process_time() - busy
    grown = (getrusage(RUSAGE_SELF).ru_maxrss - before) / 1024
    from storefront.database import reading

    with app.app_context():
        count = len(reading().scalars(select(Offer.id).where(Offer.state == OfferState.OPEN)).all())
    return taken, busy, grown, size, count


def _ask(client: FlaskClient, path: str) -> float:
    begun = time.process_time()
    answer = client.get(path)
    taken = time.process_time() - begun
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return taken


def _ask_after_a_change(app: Flask, buyer: FlaskClient) -> float:
    from storefront.database import transaction

    with app.app_context(), transaction() as session:
        session.execute(update(Offer).where(Offer.id == 1).values(updated_at=clock.now()))
    return _ask(buyer, PAGES["list"])


@contextmanager
def _counting(app: Flask) -> Iterator[list[str]]:
    from storefront.database import db

    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement != "BEGIN":
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _browser(app: Flask) -> FlaskClient:
    from storefront.database import transaction

    with app.app_context(), transaction() as session:
        person = accounts.find_user_by_email(session, EMAIL)
        if person is None:
            raise SystemExit("no buyer; run with --fresh")
        token = accounts.open_session(session, person, "bench")
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


def _shop(offers: int, *, fresh: bool) -> Shop:
    """A copy of the grown demo with so many offers; made once."""
    folder = KEPT / f"wholesale-{offers}"
    shop = Shop(folder, offers)
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        copy(prepare(offers), folder)
        os.environ.update(shop.environment)
        from storefront.app import create_app

        with create_app().app_context():
            from storefront.database import transaction

            with transaction() as session:
                _fill(session, offers)
        (folder / "done").touch()
    upgrade(shop)
    return shop


def _fill(session: Session, count: int) -> None:
    """Offers in bulk, as the office's verbs would have written them, and one approved partner."""
    outlet = session.scalars(select(Outlet).order_by(Outlet.id).limit(1)).one()
    today, moment = clock.today(outlet.zone), clock.now()
    taken = set(session.scalars(select(Offer.variant_id)))
    packs = session.execute(
        select(Variant.id, Variant.shipping_weight_g, Product.shelf_life_days)
        .join(Product, Product.id == Variant.product_id)
        .order_by(Variant.id)
    )
    fresh = [pack for pack in packs if pack[0] not in taken][: count - len(taken)]
    start = (session.scalar(select(Offer.id).order_by(Offer.id.desc()).limit(1)) or 0) + 1
    numbered = iter(enumerate(fresh, start))
    while chunk := list(islice(numbered, AT_ONCE)):
        session.execute(insert(Offer), [_offer(number, *pack, outlet.id, moment) for number, pack in chunk])
        session.execute(
            insert(OfferSource),
            [{"offer_id": n, "variant_id": pack[0], "monthly_quantity": 100 + n * 37 % 3_000, "is_active": True} for n, pack in chunk],
        )
        session.execute(insert(OfferPrice), [row for number, _pack in chunk for row in _prices(number, today)])
    _papers(session, today, moment)
    _partner(session, outlet)


def _papers(session: Session, today: date, moment: object) -> None:
    """What the law asks of food, so that the partner sees every offer."""
    numbered = iter(session.scalars(select(Product.id).order_by(Product.id)).all())
    same = {"number": "1", "issuer": "Bench", "valid_from_on": today, "created_at": moment, "is_sample": True}
    while chunk := list(islice(numbered, AT_ONCE)):
        kinds = (CertificateKind.BPOM, CertificateKind.HALAL)
        session.execute(insert(Certificate), [{"product_id": number, "kind": kind, **same} for number in chunk for kind in kinds])


def _offer(number: int, variant_id: int, weight: int, shelf_life: int | None, outlet_id: int, moment: object) -> dict[str, object]:
    units = (6, 12, 20, 24, 40)[number % 5]
    return {
        "id": number,
        "code": f"W{number:07d}",
        "outlet_id": outlet_id,
        "variant_id": variant_id,
        "state": OfferState.OPEN,
        "units_per_case": units,
        "case_length_mm": 400 if number % 7 else None,
        "case_width_mm": 300,
        "case_height_mm": 250,
        "case_weight_g": units * weight,
        "minimum_cases": 1 + number % 4,
        "lead_days": number % 21,
        "shelf_life_days": shelf_life,
        "remaining_days": shelf_life * 2 // 3 if shelf_life else None,
        "delivery_prefixes": [] if number % 3 else ["16"],
        "return_policy": ReturnPolicy.DAMAGED,
        "suggested_price": 25_000 + number % 50 * 500,
        "is_sample": True,
        "created_at": moment,
        "updated_at": moment,
    }


def _prices(number: int, today: date) -> list[dict[str, object]]:
    base = 16_000 + number % 80 * 250
    steps = ((1 + number % 4, base), (10, base * 97 // 100), (40, base * 94 // 100))
    return [{"offer_id": number, "group_id": None, "from_cases": cases, "unit_price": price, "starts_on": today} for cases, price in steps]


def _partner(session: Session, outlet: Outlet) -> None:
    group = groups.create_group(session, SYSTEM, outlet, "Bench")
    facts = PartnerFacts(
        kind=PartnerKind.MINIMARKET,
        name="Bench",
        legal_name="PT Bench",
        npwp="0012345674092000",
        address="Jalan",
        area_code="16.71",
        contact_name="Bench",
        contact_email=EMAIL,
        contact_phone="+6281200000099",
    )
    partner = applications.apply(session, GUEST, outlet, facts, token="bench", language="id", is_sample=True)
    partners.set_terms(session, SYSTEM, partner.id, PartnerTerms(group_code=group.code, profile_key="minimarket"))
    partners.decide(session, SYSTEM, partner.id, PartnerState.APPROVED)
    buyers.add_buyer(session, SYSTEM, partner, email=EMAIL, name="Bench", secret="bench", is_approver=True)


if __name__ == "__main__":
    main()
