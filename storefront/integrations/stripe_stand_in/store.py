"""Everything the stand-in remembers: objects by id, answers by idempotency key, and the file they survive in."""

from __future__ import annotations

import copy
import json
import secrets
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kernel import clock
from storefront.integrations.stripe_stand_in.refusals import Refusal, missing

StripeObject = dict[str, Any]

#: Stripe forgets an idempotency key after this many seconds.
KEY_LIFE = 24 * 60 * 60
PREFIXES = {
    "checkout.session": "cs_test_",
    "payment_intent": "pi_",
    "charge": "ch_",
    "refund": "re_",
    "event": "evt_",
    "webhook_endpoint": "we_",
}
#: Refunds are the one kind of ours without this field in the SDK's classes.
WITHOUT_LIVEMODE = {"refund"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered under an idempotency key, and to which request."""

    request: str
    status: int
    body: str
    at: int


class Store:
    """Objects are plain dictionaries as Stripe sends them; keys that begin with `_` are ours and never leave.

    Whoever changes something holds `lock` and calls `save` before letting go.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.objects: dict[str, StripeObject] = {}
        self.answers: dict[str, Answer] = {}
        self._file = folder / "stripe_stand_in.json" if folder else None
        if self._file and self._file.exists():
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            self.objects = kept["objects"]
            self.answers = {key: Answer(**answer) for key, answer in kept["answers"].items()}

    def add(self, kind: str, **fields: Any) -> StripeObject:
        made: StripeObject = {"id": PREFIXES[kind] + secrets.token_hex(12), "object": kind, "created": unix_now()}
        if kind not in WITHOUT_LIVEMODE:
            made["livemode"] = False
        self.objects[made["id"]] = made | fields
        return self.objects[made["id"]]

    def get(self, object_id: str, kind: str) -> StripeObject:
        found = self.objects.get(object_id)
        if found is None or found["object"] != kind:
            raise missing(kind, object_id)
        return found

    def of_kind(self, kind: str) -> Iterator[StripeObject]:
        """The newest first, as every list of Stripe's."""
        return (found for found in reversed(list(self.objects.values())) if found["object"] == kind)

    def public(self, found: StripeObject, expand: Sequence[str] = ()) -> StripeObject:
        """A copy fit to be sent, with the ids named in `expand` replaced by their objects."""
        sent = copy.deepcopy({name: value for name, value in found.items() if not name.startswith("_")})
        for path in expand:
            name, _, rest = path.partition(".")
            if name not in sent:
                raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
            if isinstance(sent[name], str) and sent[name] in self.objects:
                sent[name] = self.public(self.objects[sent[name]], [rest] if rest else [])
        return sent

    def remember(self, key: str, answer: Answer) -> None:
        self.answers = {known: kept for known, kept in self.answers.items() if kept.at > answer.at - KEY_LIFE}
        self.answers[key] = answer

    def save(self) -> None:
        """Write everything beside the old file and swap, so that a kill leaves one or the other."""
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        answers = {key: asdict(answer) for key, answer in self.answers.items()}
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps({"objects": self.objects, "answers": answers}), encoding="utf-8")
        fresh.replace(self._file)

    def clear(self, *, keep_endpoints: bool) -> None:
        """Forget everything, or all but the webhook endpoints."""
        with self.lock:
            kept = list(self.of_kind("webhook_endpoint")) if keep_endpoints else []
            self.objects = {found["id"]: found for found in kept}
            self.answers = {}
            self.save()


def unix_now() -> int:
    return int(clock.now().timestamp())
