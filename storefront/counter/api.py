"""What a paired device asks the server: pairing, the catalogue, its entries, a sign of life, an earlier receipt, a voucher."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel import clock, throttle
from kernel.errors import DomainError, InvalidInput, NotFound
from kernel.money import LARGEST_AMOUNT
from orders import vouchers
from orders.counter import catalogue as snapshots
from orders.counter import devices, leases, receipts
from orders.counter import entries as counter_entries
from orders.counter.answers import Answer, Envelope
from orders.models.till import EntryState, TillDevice
from storefront.counter import page
from storefront.database import reading, transaction
from storefront.errors import message_of
from storefront.templating import current_settings

Refusal = tuple[dict[str, Any], int]
View = Callable[..., dict[str, Any] | Refusal]
#: A till sends its journal in parts of at most so many entries.
MOST_ENTRIES = 50
NO_ENVELOPE = "not an envelope"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _answers_json(view: View) -> Callable[..., ResponseReturnValue]:
    """Refusals as `{"error": …}` with 422, 404 or 429; what is not JSON of the right shape is refused with 422."""

    @wraps(view)
    def answer(**values: Any) -> ResponseReturnValue:
        try:
            found = view(**values)
        except NotFound as refusal:
            found = _refusal(message_of(refusal), 404)
        except throttle.TooManyTries as refusal:
            found = _refusal(message_of(refusal), 429)
        except DomainError as refusal:
            found = _refusal(message_of(refusal), 422)
        facts, status = found if isinstance(found, tuple) else (found, 200)
        return facts, status, {"Cache-Control": "no-store"}

    return answer


def _refusal(message: str, status: int) -> Refusal:
    return {"error": message, "server_now": _now()}, status


def _unknown() -> Refusal:
    return {"error": "unknown", "server_now": _now()}, 401


def _now() -> str:
    return clock.now().isoformat()


def _device(session: Session) -> TillDevice | None:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return devices.find_device(session, token) if scheme == "Till" and token else None


def _note_contact(session: Session, device: TillDevice, asked: Mapping[str, Any], device_now: datetime, waiting: int) -> None:
    skew = round((device_now - clock.now()).total_seconds())
    devices.record_contact(session, device, waiting, _text(asked, "app", 20), skew)


@_answers_json
def pair() -> dict[str, Any] | Refusal:
    """Exchange the number that a manager reads out for a token; the device keeps it and the key it made."""
    asked = _asked()
    code, label, key = _text(asked, "code", 20), _text(asked, "label", 80), _text(asked, "public_key", 200)
    limits = throttle.pairing_limits(current_settings().secret_key, request.remote_addr or "")
    with transaction() as session:
        tries = [row.id for row in throttle.count_try(session, limits)]
    with transaction() as session:
        device, token = devices.pair_device(session, code, label, key)
        throttle.forget_tries(session, tries)
        outlet = device.till.outlet
        return {
            "token": token,
            "device": device.code,
            # `mark` is the till's part of a receipt number: `2`, and `2B` for its second device.
            "till": {"number": device.till.number, "name": device.till.name, "series": device.series, "mark": devices.series_of(device)},
            "outlet": {"code": outlet.code, "name": outlet.name, "zone": outlet.zone},
            "next_running": devices.next_running(session, device),
            "next_shift_number": devices.next_shift_number(session, device.till_id),
            "server_now": _now(),
        }


@_answers_json
def catalogue() -> dict[str, Any] | Refusal:
    """Everything the till needs to sell without a network; of the variants only those buckets that the device has not."""
    asked = _asked()
    session = reading()
    device = _device(session)
    if device is None or device.revoked_at is not None:
        return _unknown()
    return {"server_now": _now(), **snapshots.read_catalogue(session, device, _digests(asked), _text(asked, "words", 40))}


@_answers_json
def entries() -> dict[str, Any] | Refusal:
    """Take a part of the journal: each entry once, with an answer for each. A revoked device may still deliver."""
    asked = _asked()
    sent, device_now = asked.get("entries"), _clock_there(asked)
    if not isinstance(sent, list) or len(sent) > MOST_ENTRIES:
        raise InvalidInput(field="entries")
    if _device(reading()) is None:  # a stranger never gets as far as the database's write lock
        return _unknown()
    with transaction() as session:
        device = _device(session)
        if device is None:
            return _unknown()
        _note_contact(session, device, asked, device_now, max(0, _whole(asked, "waiting") - len(sent)))
        envelopes = [_envelope(each) for each in sent]
        taken = [each for each in envelopes if isinstance(each, Envelope)]
        answers = [each for each in envelopes if isinstance(each, Answer)]
        answers += counter_entries.receive_entries(session, device, taken, device_now=device_now)
        is_revoked = device.revoked_at is not None
    return {"server_now": _now(), "revoked": is_revoked, "answers": [_said(each) for each in answers]}


def _asked() -> dict[str, Any]:
    """The question's object; what is none is refused."""
    found = request.get_json(force=True, silent=True)
    if not isinstance(found, dict):
        raise InvalidInput
    return found


def _text(asked: Mapping[str, Any], name: str, longest: int) -> str:
    value = asked.get(name, "")
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise InvalidInput(field=name)
    return value


def _whole(asked: Mapping[str, Any], name: str) -> int:
    value = asked.get(name, 0)
    if type(value) is not int or not 0 <= value <= LARGEST_AMOUNT:
        raise InvalidInput(field=name)
    return value


def _clock_there(asked: Mapping[str, Any]) -> datetime:
    """What the device's clock says; any year will do, without a zone it says nothing."""
    try:
        found = datetime.fromisoformat(_text(asked, "device_now", 40))
    except ValueError:
        raise InvalidInput(field="device_now") from None
    if found.tzinfo is None:
        raise InvalidInput(field="device_now")
    return found


def _digests(asked: Mapping[str, Any]) -> dict[str, str]:
    found = asked.get("buckets", {})
    if not isinstance(found, dict) or len(found) > snapshots.BUCKETS or not all(isinstance(each, str) for each in found.values()):
        raise InvalidInput(field="buckets")
    return found


def _envelope(raw: Any) -> Envelope | Answer | None:
    """What is no envelope, but has an id, is answered at once: no part of a journal may hold up the rest (F22)."""
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or not _UUID.fullmatch(raw["id"]):
        return None
    texts = {name: raw.get(name, "") for name in ("body", "signature", "phone")}
    sequence = raw.get("sequence")
    if type(sequence) is not int or not 1 <= sequence < 2**31 or not all(isinstance(text, str) for text in texts.values()):
        return Answer(raw["id"], EntryState.REFUSED, NO_ENVELOPE, None)
    return Envelope(raw["id"], sequence, **texts)


def _said(answer: Answer) -> dict[str, Any]:
    reason = message_of(DomainError(answer.message, **answer.params)) if answer.message else ""
    return {"id": answer.id, "state": answer.state.value, "reason": reason, "order": answer.order_code}


@_answers_json
def contact() -> dict[str, Any] | Refusal:
    """A sign of life: the office sees the till, the till learns the time, whether it was revoked, and of a new version."""
    asked = _asked()
    if _device(reading()) is None:
        return _unknown()
    with transaction() as session:
        device = _device(session)
        if device is None:
            return _unknown()
        _note_contact(session, device, asked, _clock_there(asked), _whole(asked, "waiting"))
        leases.renew_leases(session, device)
        is_revoked = device.revoked_at is not None
    return {"server_now": _now(), "revoked": is_revoked, "app": page.version()}


@_answers_json
def receipt(number: str) -> dict[str, Any] | Refusal:
    """An earlier receipt of this outlet, from whichever of its tills, with what of it can still come back."""
    session = reading()
    device = _device(session)
    if device is None or device.revoked_at is not None:
        return _unknown()
    return {"server_now": _now(), "receipt": receipts.read_receipt(session, device.till.outlet_id, number)}


@_answers_json
def voucher() -> dict[str, Any] | Refusal:
    """What a voucher takes off these goods; the sale that uses it says so."""
    asked = _asked()
    session = reading()
    device = _device(session)
    if device is None or device.revoked_at is not None:
        return _unknown()
    found = vouchers.find_discount(session, _text(asked, "code", 40), _whole(asked, "subtotal"), outlet_id=device.till.outlet_id)
    return {"server_now": _now(), "discount": found.amount, "label": found.label, "code": found.code}
