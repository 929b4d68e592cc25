"""Orders as guests place them: over HTTP, against gunicorn with two workers, paid at pickup so that no provider is involved."""

from __future__ import annotations

import multiprocessing
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from typing import Any

from bench.pages import Guest, find
from bench.serving import serve

SECONDS, GUESTS = 4.0, 6
HTTP_MILLISECONDS, PURCHASES_PER_SECOND = 8.0, 80
_processes = multiprocessing.get_context("forkserver")


def measure_pages(name: str, environment: Mapping[str, str], slugs: Sequence[str], verdicts: dict[str, bool]) -> None:
    """One guest after another for the time of the order itself, then a crowd for whole purchases."""
    with serve("storefront.app:create_app()", environment, "/cart") as server:
        for _ in range(6):
            buy(server.port, random.choice(slugs))
        alone = [buy(server.port, random.choice(slugs)) for _ in range(60)]
        answers = _processes.Queue()
        crowd = [_processes.Process(target=_shop, args=(server.port, list(slugs), answers), daemon=True) for _ in range(GUESTS)]
        cpu = server.cpu_seconds()
        for guest in crowd:
            guest.start()
        found: list[tuple[int, float]] = [answers.get(timeout=60) for _ in crowd]
        for guest in crowd:
            guest.join()
        cpu = server.cpu_seconds() - cpu
    p50 = statistics.median(alone) * 1_000
    bought = sum(count for count, _seconds in found)
    rate = sum(count / seconds for count, seconds in found)
    print(
        f"{name} over HTTP: the order p50 {p50:.1f} ms with one guest; {rate:.0f} purchases/s (4 requests each) by {GUESTS} guests,",
        end=" ",
    )
    print(f"{cpu / max(1, bought) * 1_000:.1f} ms of worker CPU each, so {2 / (cpu / max(1, bought)):.0f}/s on two cores of their own")
    verdicts[f"{name}: an order over HTTP p50 at most {HTTP_MILLISECONDS:.0f} ms"] = p50 <= HTTP_MILLISECONDS
    verdicts[f"{name}: at least {PURCHASES_PER_SECOND} guest purchases a second"] = rate >= PURCHASES_PER_SECOND


def buy(port: int, slug: str) -> float:
    """A guest who pays at pickup; how long the order itself took, in seconds."""
    return order(Guest(port), slug, "pay_at_pickup")


def order(guest: Guest, slug: str, method: str) -> float:
    """The product, into the cart, the one page, the order; seconds of the last step. The guest is left where it leads."""
    product = guest.ask("GET", f"/products/{slug}")
    basket = {"csrf_token": find(product, "csrf_token"), "variant": find(product, "variant"), "quantity": "1"}
    guest.ask("POST", "/cart/lines", basket)
    page = guest.ask("GET", "/checkout")
    fields = {name: find(page, name) for name in ("csrf_token", "checkout_key", "seen_total", "outlet")}
    phone = f"0812{random.randrange(10**8):08d}"  # one number may hold three unpaid orders
    began = time.perf_counter()
    guest.ask("POST", "/checkout", fields | {"name": "Pembeli Contoh", "phone": phone, "email": "", "payment_method": method})
    took = time.perf_counter() - began
    if not guest.location:
        raise SystemExit("the order was not placed")
    return took


def _shop(port: int, slugs: list[str], answers: Any) -> None:
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        buy(port, random.choice(slugs))
        count += 1
    answers.put((count, time.perf_counter() - began))
