"""Who calls: the key in the Authorization header, its scope, and how many calls its minute has left."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app, request

from kernel import quotas
from kernel.errors import N_
from kernel.quotas import Allowance
from orders.models.api_key import Scope
from orders.wholesale import api_keys
from orders.wholesale.api_keys import Caller
from orders.wholesale.buyers import Buyer, find_buyer
from storefront.api.refusals import Refused
from storefront.database import reading, transaction
from storefront.i18n import gettext as _
from storefront.problems import problem

#: Calls of one key in a minute, over all processes.
CALLS_PER_MINUTE = 600
_EXTENSION = "etalase.api_allowances"
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Identified:
    """A caller that may make this call: its key, the buyer it acts for, and what the headers say about its minute."""

    key: Caller
    buyer: Buyer
    headers: Mapping[str, str]


def identify(scope: Scope) -> Identified:
    """The caller of this request. Refuses with 401, 403 or 429; a key whose buyer may not buy (any more) opens nothing."""
    word, _space, secret = request.headers.get("Authorization", "").partition(" ")
    key = api_keys.find_caller(reading(), secret.strip()) if word.lower() == "bearer" else None
    if key is None:
        raise Refused(problem(401, headers={"WWW-Authenticate": 'Bearer realm="Etalase"'}))
    return admit(key, scope)


def admit(key: Caller, scope: Scope) -> Identified:
    """The same for a key that was found already."""
    headers = _spend(key)
    if scope not in key.scopes:
        message = _(N_("This needs a key with the scope %(scope)s."), scope=scope.value)
        raise Refused(problem(403, message, code="scope_missing", headers=headers))
    buyer = find_buyer(reading(), key.actor)
    if buyer is None or buyer.audience.partner_id != key.partner_id:
        raise Refused(problem(403, headers=headers))
    return Identified(key, buyer, headers)


def _spend(key: Caller) -> Mapping[str, str]:
    """Count one call; refuses with 429 when the key's minute is used up. Writes once for every block of calls."""
    held: dict[str, Allowance] = current_app.extensions.setdefault(_EXTENSION, {})
    with _lock:
        allowance = held.get(key.key_code)
        if allowance is None or allowance.window_at != quotas.this_window() or (not allowance.left and allowance.untaken):
            allowance = held[key.key_code] = _take(key)
        has_left = allowance.left > 0
        allowance.left -= has_left
        headers = _headers(allowance)
    if not has_left:
        raise Refused(problem(429, headers={**headers, "Retry-After": headers["RateLimit-Reset"]}))
    return headers


def _take(key: Caller) -> Allowance:
    with transaction() as session:
        allowance = quotas.take_block(session, f"api-key:{key.key_code}", CALLS_PER_MINUTE)
        api_keys.note_use(session, key.key_id)
    return allowance


def _headers(allowance: Allowance) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(CALLS_PER_MINUTE),
        "RateLimit-Remaining": str(allowance.remaining),
        "RateLimit-Reset": str(allowance.seconds_to_next()),
    }
