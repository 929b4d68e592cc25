"""A till of the demo as its tablet would write: entries with receipt numbers, signed by a key of the demo's own."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import clock
from kernel.ids import make_token
from kernel.people import Actor
from orders.counter import devices, entries
from orders.counter.entries import Answer, Envelope
from orders.counter.signatures import message_of
from orders.discounts import shares_of
from orders.models.till import Till, TillDevice
from orders.rounding import round_cash

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Sold:
    """A line of a receipt: a variant's code, how many, and today's price."""

    variant: str
    quantity: int
    price: int


@dataclass(slots=True)
class Journal:
    """The tablet in the cashier's hand: its key, its counters, and entries that were not sent yet."""

    outlet: Outlet
    till: Till
    device: TillDevice
    key: EllipticCurvePrivateKey
    cashier: str
    shift: str = ""
    sequence: int = 0
    running: int = 0
    waiting: list[Envelope] = field(default_factory=list)

    def open(self, at: datetime, number: int, opening_float: int) -> None:
        """A new shift with its float."""
        self.shift = str(uuid4())
        day = clock.local(at, self.outlet.zone).date().isoformat()
        self.write(at, "shift_opened", number=number, business_date=day, opening_float=opening_float)

    def sell(self, at: datetime, lines: list[Sold], tenders: list[dict[str, Any]], *, discount: int = 0, **more: Any) -> str:
        """A paid receipt; its number. The tenders' amounts sum to what is due."""
        totals = [line.price * line.quantity for line in lines]
        shares = shares_of(totals, discount)
        number = self._receipt(at)
        self.write(
            at,
            "sale",
            receipt=number,
            running=self.running,
            token=make_token(),
            language="id",
            lines=[
                {"variant": line.variant, "quantity": line.quantity, "unit_price": line.price, "list_price": line.price, "discount": share}
                for line, share in zip(lines, shares, strict=True)
            ],
            subtotal=sum(totals),
            discount=discount,
            total=sum(totals) - discount,
            tenders=tenders,
            **more,
        )
        return number

    def take_back(self, at: datetime, original: str, line: Sold, paid: int, reason: str, supervisor: str) -> None:
        """Units of an earlier receipt, cash from the drawer."""
        number = self._receipt(at)
        goods = {"variant": line.variant, "quantity": line.quantity, "amount": paid, "is_fit": True}
        self.write(
            at,
            "return",
            receipt=number,
            running=self.running,
            original=original,
            lines=[goods],
            amount=paid,
            way="cash",
            cash=round_cash(paid).cash,
            reason=reason,
            language="id",
            supervision={"code": supervisor, "reason": reason},
        )

    def write(self, at: datetime, kind: str, **values: Any) -> None:
        """One signed line of the journal."""
        said = {"kind": kind, "version": 1, "at": at.isoformat(), "ahead_ms": 0, "shift": self.shift, "cashier": self.cashier}
        body = json.dumps(said | values, separators=(",", ":"), ensure_ascii=False)
        self.sequence += 1
        entry_id = str(uuid4())
        self.waiting.append(Envelope(entry_id, self.sequence, body, sign(self.key, entry_id, self.sequence, body)))

    def send(self, session: Session, at: datetime) -> list[Answer]:
        """Deliver what waits, at that moment, in batches as a till does."""
        answers: list[Answer] = []
        with clock.at(at):
            while self.waiting:
                batch, self.waiting = self.waiting[:50], self.waiting[50:]
                answers += entries.receive_entries(session, self.device, batch, device_now=clock.now())
            devices.record_contact(session, self.device, 0, "demo", 0)
        return answers

    def _receipt(self, at: datetime) -> str:
        self.running += 1
        day = clock.local(at, self.outlet.zone).strftime("%Y%m%d")
        return f"{self.outlet.code}-{devices.series_of(self.device)}-{day}-{self.running:04}"


def pair(session: Session, actor: Actor, outlet: Outlet, till: Till, label: str, cashier: str) -> Journal:
    """A tablet that was paired with the till the way a person does it."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    spki = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    code = devices.make_pairing_code(session, actor, till.id)
    device, _token = devices.pair_device(session, code, label, base64.b64encode(spki).decode())
    return Journal(outlet, till, device, key, cashier)


def sign(key: EllipticCurvePrivateKey, entry_id: str, sequence: int, body: str) -> str:
    """r and s as WebCrypto writes them, in base64url."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    r, s = utils.decode_dss_signature(key.sign(message_of(entry_id, sequence, body), ec.ECDSA(hashes.SHA256())))
    return base64.urlsafe_b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode().rstrip("=")


def cash(amount: int, given: int | None = None) -> dict[str, Any]:
    """Cash, with change when more was given."""
    rounded = round_cash(amount).cash
    handed = rounded if given is None else max(given, rounded)
    return {"method": "cash", "amount": amount, "cash": rounded, "given": handed, "change": handed - rounded}


def other(method: str, amount: int, reference: str) -> dict[str, Any]:
    """QRIS, the bank's card terminal, or a transfer."""
    return {"method": method, "amount": amount, "reference": reference}
