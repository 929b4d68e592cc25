"""Idempotency as Stripe keeps it: the first answer again, a refusal for another request, 409 while one is running."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from storefront.integrations.stripe_stand_in.refusals import Refusal
from storefront.integrations.stripe_stand_in.store import Answer, Store, unix_now

#: Stripe keeps what began to run, not what failed validation or was turned away at the door.
NOT_KEPT = {400, 401, 404, 409, 429}


class Keys:
    """The claims on idempotency keys, by the value of the Idempotency-Key header."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._running: set[str] = set()
        self._changed = threading.Condition(store.lock)

    @contextmanager
    def claimed(self, key: str | None) -> Iterator[None]:
        if key is None:
            yield
            return
        with self._store.lock:
            if key in self._running:
                message = "There is currently another in-progress request using this Idempotent Key."
                raise Refusal(message, status=409, kind="idempotency_error", code="idempotency_key_in_use")
            self._running.add(key)
        try:
            yield
        finally:
            with self._store.lock:
                self._running.discard(key)
                self._changed.notify_all()

    def wait_until_idle(self, timeout: float) -> bool:
        """Whether every request under a key has been answered within `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, timeout)

    def answered(self, key: str | None, request: str) -> Answer | None:
        """The answer given before; Refusal when `request` (path and body) is not the one it was given to."""
        answer = self._store.answers.get(key) if key else None
        if answer is None:
            return None
        if answer.request != request:
            message = "Keys for idempotent requests can only be used with the same parameters they were first used with."
            raise Refusal(message, kind="idempotency_error")
        return answer

    def keep(self, key: str | None, request: str, status: int, body: str) -> None:
        if key and status not in NOT_KEPT:
            self._store.remember(key, Answer(request, status, body, unix_now()))
