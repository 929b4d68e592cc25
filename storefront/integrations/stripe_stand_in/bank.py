"""The stand-in as one object: what it remembers, how it moves money, what it tells the shop, how it misbehaves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storefront.integrations.stripe_stand_in.chaos import Chaos
from storefront.integrations.stripe_stand_in.charges import Charges
from storefront.integrations.stripe_stand_in.keys import Keys
from storefront.integrations.stripe_stand_in.sessions import Sessions
from storefront.integrations.stripe_stand_in.store import Store, StripeObject
from storefront.integrations.stripe_stand_in.webhooks import Webhooks


class Bank:
    """Everything behind the addresses. `folder` is where it remembers across restarts, None for memory only."""

    def __init__(self, *, folder: Path | None = None, first_pause: float = 0.25, seed: int = 0) -> None:
        self.store = Store(folder)
        self.chaos = Chaos(seed)
        self.keys = Keys(self.store)
        self.webhooks = Webhooks(self.store, self.chaos, first_pause=first_pause)
        self.charges = Charges(self.store, self.webhooks.emit)
        self.sessions = Sessions(self.store, self.charges, self.webhooks.emit)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """One change at a time, kept even when it ends in a refusal: a declined charge is a fact too."""
        with self.store.lock:
            try:
                yield
            finally:
                self.store.save()

    def totals(self) -> StripeObject:
        """The ledger a shop compares with its own: whole rupiah, and sessions by state."""
        with self.store.lock:
            self.sessions.sweep()
            states: dict[str, int] = {}
            for session in self.store.of_kind("checkout.session"):
                state = "paid" if session["payment_status"] == "paid" else session["status"]
                states[state] = states.get(state, 0) + 1
            return {**self.charges.totals(), "sessions": states}

    def reset(self, *, keep_endpoints: bool = True) -> None:
        """As on the first day: no objects, no chaos, nothing queued; who gets the webhooks stays unless told."""
        self.chaos.calm()
        self.keys.wait_until_idle(timeout=5)
        self.webhooks.forget()
        self.store.clear(keep_endpoints=keep_endpoints)
