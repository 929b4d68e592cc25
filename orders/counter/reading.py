"""What an envelope says: its body, whether its device signed it, and when it really happened."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kernel.errors import N_
from orders.counter.answers import Envelope
from orders.counter.signatures import verify
from orders.counter.timing import Timing, correct
from orders.models.till import EntryKind, TillDevice

if TYPE_CHECKING:  # pydantic is loaded when the first entry comes, not with every web worker
    from orders.counter.bodies import Body

WRONG_SIGNATURE = N_("The signature does not fit: the entry was changed, or another device wrote it.")
UNREADABLE = N_("This entry cannot be read.")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Arrival:
    """An envelope with what could be read of it; `mistake` is an English msgid, "" when it is sound."""

    envelope: Envelope
    body: Body | None
    mistake: str
    timing: Timing
    kind: EntryKind
    shift_code: str


def is_entry(envelope: Envelope) -> bool:
    """Whether it can be kept at all: an id as tills make them, a number, and text that a database takes."""
    text = f"{envelope.body}{envelope.signature}{envelope.phone}"
    is_text = "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
    return bool(_UUID.fullmatch(envelope.id)) and 1 <= envelope.sequence <= _LARGEST_NUMBER and is_text


def read_text(text: str) -> Body | None:
    """The body, or None when it does not fit its description."""
    from pydantic import ValidationError

    from orders.counter.bodies import read_body

    try:
        return read_body(text)
    except (ValidationError, ValueError, RecursionError):
        return None


def read_envelope(device: TillDevice, envelope: Envelope, device_now: datetime | None, moment: datetime) -> Arrival:
    """What the envelope says, as far as it can be read. `device_now` is the device's clock at `moment`."""
    body = read_text(envelope.body)
    mistake = "" if body is not None else UNREADABLE
    if not is_signed(device, envelope):
        mistake = WRONG_SIGNATURE
    if body is None:
        kind, shift_code = _guess(envelope.body)
        return Arrival(envelope, None, mistake, Timing(moment, moment, 0), kind, shift_code)
    timing = correct(body.at, body.ahead_ms, device_now, moment, device.paired_at)
    return Arrival(envelope, body, mistake, timing, EntryKind(body.kind), body.shift)


def is_signed(device: TillDevice, envelope: Envelope) -> bool:
    """Whether this very device wrote the entry."""
    return verify(device.public_key, envelope.id, envelope.sequence, envelope.body, envelope.signature)


def _guess(text: str) -> tuple[EntryKind, str]:
    """Kind and shift of a body that does not fit, where it says them: a manager looks at it, a sale is the likeliest."""
    try:
        said = json.loads(text)
        return EntryKind(said["kind"]), str(said.get("shift", ""))[:36].replace("\x00", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return EntryKind.SALE, ""
