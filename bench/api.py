"""How long a page of 100 offers takes through the API, with a key and without the network, beside a public page of 100 products.

    ./run bench api [--offers 1000] [--calls 60]

Prints medians and 95th percentiles in milliseconds, the ratio between the two, and the SQL statements of a page.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from pathlib import Path

from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event
from sqlalchemy.orm import Session

from catalog.models.product import HalalState
from storefront.api import callers
from storefront.app import create_app
from storefront.database import db, transaction
from tests.conftest import make_settings
from tests.make import make_maker, make_product
from tests.make_api import make_trade
from tests.make_catalogue import make_certificate, make_photo
from tests.make_wholesale import make_offer

#: The target (issue: an API page of 100 offers).
MILLISECONDS = 60


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench api", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, default=1_000)
    parser.add_argument("--calls", type=int, default=60)
    asked = parser.parse_args()
    callers.CALLS_PER_MINUTE = 100_000
    with tempfile.TemporaryDirectory(prefix="bench-api-") as place:
        app = create_app(make_settings(f"sqlite:///{place}/bench.db", Path(place)))
        with app.app_context():
            upgrade()
            with transaction() as session:
                secret = _fill(session, asked.offers)
            db.session.remove()
            headers = {"Authorization": f"Bearer {secret}"}
            offers = _measure(app.test_client(), "/api/v1/offers?limit=100", headers, asked.calls)
            products = _measure(app.test_client(), "/api/v1/products?limit=100", {}, asked.calls)
            print(f"{asked.offers} offers, SQLite, one process, no network")
            for name, (middle, late, statements) in (("100 offers", offers), ("100 products", products)):
                print(f"{name:14} median {middle:6.1f} ms   p95 {late:6.1f} ms   {statements} statements")
            verdict = "met" if offers[1] <= MILLISECONDS else "missed"
            print(f"offers / products: {offers[0] / products[0]:.2f}   target p95 {MILLISECONDS} ms: {verdict}")
            db.engine.dispose()


def _fill(session: Session, count: int) -> str:
    trade = make_trade(session)
    maker = make_maker(session)
    make_certificate(session, maker_id=maker.id)
    for _ in range(count - 1):
        product = make_product(session, maker=maker, halal_state=HalalState.NOT_APPLICABLE)
        make_photo(session, product_id=product.id)
        make_offer(session, trade.outlet, product.variants[0])
    return trade.secret


def _measure(client: FlaskClient, address: str, headers: dict[str, str], calls: int) -> tuple[float, float, int]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    for _ in range(3):
        assert client.get(address, headers=headers).status_code == 200
    gc.collect()
    gc.freeze()  # as deploy/gunicorn.conf.py does: the server does not look through its own code for garbage
    event.listen(db.engine, "before_cursor_execute", note)
    client.get(address, headers=headers)
    event.remove(db.engine, "before_cursor_execute", note)
    times = []
    for _ in range(calls):
        began = time.perf_counter()
        answer = client.get(address, headers=headers)
        times.append((time.perf_counter() - began) * 1_000)
        assert len(answer.get_json()["items"]) == 100
    return (
        statistics.median(times),
        statistics.quantiles(times, n=20)[-1],
        len([each for each in statements if not each.startswith(("BEGIN", "PRAGMA"))]),
    )


if __name__ == "__main__":
    main()
