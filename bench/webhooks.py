"""How fast a payment's message is answered while eight arrive at once, each three times: gunicorn, SQLite, the stand-in for Stripe.

    ./run bench webhooks [--orders 48]

Every first message verifies the signature, asks the provider for the facts and settles the order; the others have no effect.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import stripe
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.order_pages import order
from bench.orders import environment, prepared, slugs_of
from bench.pages import Guest
from bench.serving import serve
from kernel.engines import make_engine
from orders.invariants import check_all
from orders.models.payment import Payment
from storefront.integrations.stripe_stand_in.bank import Bank
from storefront.integrations.stripe_stand_in.serving import running
from tests.payments import SECRET_KEY, WEBHOOK_SECRET, StripeStandIn

AT_ONCE, TIMES, MILLISECONDS = 8, 3, 100


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench webhooks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=48)
    asked = parser.parse_args()
    bank = Bank()
    with (
        tempfile.TemporaryDirectory(prefix="bench-webhooks-") as place,
        running(bank) as address,
        prepared("sqlite", Path(place)) as ground,
    ):
        keys = {
            "ETALASE_STRIPE_SECRET_KEY": SECRET_KEY,
            "ETALASE_STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "ETALASE_STRIPE_API_BASE": address,
            "ETALASE_CARD_PAGES": "0",  # all guests come from one address here
        }
        bank.webhooks.register("http://127.0.0.1:9/nobody", WEBHOOK_SECRET)
        bank.chaos.set(drop={"rate": 1.0})  # messages are sent from here instead
        with serve("storefront.app:create_app()", environment(ground.url, Path(place)) | keys, "/cart") as server:
            slugs, stand_in = slugs_of(ground), StripeStandIn(address, bank)
            for _ in range(asked.orders):
                guest = Guest(server.port)
                order(guest, random.choice(slugs), "stripe")
                stand_in.pay(guest.location)
            events = [each for each in bank.store.of_kind("event") if each["type"] == "checkout.session.completed"]
            bodies = [json.dumps(bank.store.public(each)) for each in events]
            with ThreadPoolExecutor(AT_ONCE) as pool:
                times = sorted(pool.map(lambda body: deliver(server.port, body), [body for body in bodies for _ in range(TIMES)]))
        engine = make_engine(ground.url)
        with Session(engine) as session:
            paid = session.scalar(select(func.count(Payment.id)).where(Payment.paid_at.is_not(None)))
            breaches = check_all(session)
        engine.dispose()
    p50, p95 = (times[int(len(times) * share)] * 1_000 for share in (0.5, 0.95))
    print(f"{len(times)} messages about {len(bodies)} payments, {AT_ONCE} at once: p50 {p50:.0f} ms, p95 {p95:.0f} ms; {paid} paid")
    print(f"  {'holds ' if p95 <= MILLISECONDS else 'MISSED'}  p95 at most {MILLISECONDS} ms")
    print(f"  {'holds ' if paid == asked.orders and not breaches else 'MISSED'}  each payment has its effect once, every invariant holds")


def deliver(port: int, body: str) -> float:
    """One signed message; seconds until its answer, which must be a 200."""
    signature = stripe.WebhookSignature.generate_signature_header(body, WEBHOOK_SECRET, int(time.time()))
    message = urllib.request.Request(f"http://127.0.0.1:{port}/webhooks/stripe", body.encode(), {"Stripe-Signature": signature})
    began = time.perf_counter()
    with urllib.request.urlopen(message, timeout=30) as answer:
        answer.read()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
