"""Tills, devices that sign with a real key, and what they write into their journals, for tests."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from catalog.models.product import Price
from catalog.models.stock import Outlet
from kernel import clock
from kernel.accounts import digest
from kernel.ids import make_token
from kernel.people import Grant, Role, User
from orders.counter.entries import Answer, Envelope, receive_entries
from orders.counter.signatures import message_of
from orders.discounts import share_of_units, shares_of
from orders.models.order import Order, OrderAllocation, OrderLine
from orders.models.shift import CounterIncident, CounterSale, IncidentKind
from orders.models.till import EntryState, Till, TillDevice, TillPin
from orders.rounding import round_cash
from tests.make import make_outlet, make_user
from tests.make_stock import Goods

_numbers = count(1)


def make_till(session: Session, outlet: Outlet | None = None, **changes: Any) -> Till:
    """A place to sell at, with the outlet's next number; `outlet` is loaded."""
    outlet = outlet or make_outlet(session)
    number = session.query(Till).filter_by(outlet_id=outlet.id).count() + 1
    values = {"outlet": outlet, "outlet_id": outlet.id, "number": number, "name": f"Kasir {number}", "created_at": clock.now()}
    till = Till(**(values | changes))
    session.add(till)
    session.flush()
    return till


def make_key() -> ec.EllipticCurvePrivateKey:
    """As WebCrypto makes one when a device is paired."""
    return ec.generate_private_key(ec.SECP256R1())


def public_key_of(key: ec.EllipticCurvePrivateKey) -> str:
    """What the device tells the server of it."""
    spki = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(spki).decode()


def sign(key: ec.EllipticCurvePrivateKey, entry_id: str, sequence: int, body: str) -> str:
    """r and s of the signature, as WebCrypto writes them, in base64url."""
    r, s = utils.decode_dss_signature(key.sign(message_of(entry_id, sequence, body), ec.ECDSA(hashes.SHA256())))
    return base64.urlsafe_b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode().rstrip("=")


@dataclass
class Tablet:
    """A paired device with its key, its counters and a shift: what a test holds in its hand."""

    device: TillDevice
    till: Till
    outlet: Outlet
    key: ec.EllipticCurvePrivateKey
    token: str
    cashier: User
    shift: str = field(default_factory=lambda: str(uuid4()))
    sequence: int = 0
    running: int = 0
    #: How far its clock is ahead, and whether it knows.
    ahead: timedelta = timedelta()
    knows: bool = True

    def now(self) -> datetime:
        """Its clock."""
        return clock.now() + self.ahead

    def entry(self, kind: str, *, at: datetime | None = None, **values: Any) -> dict[str, Any]:
        """The body of an entry of this device, at `at` by its own clock."""
        said = {
            "kind": kind,
            "version": 1,
            "at": (at or self.now()).isoformat(),
            "ahead_ms": round(self.ahead.total_seconds() * 1000) if self.knows else None,
            "shift": self.shift,
            "cashier": self.cashier.code,
        }
        return said | values

    def opened(self, opening_float: int = 500_000, **changes: Any) -> dict[str, Any]:
        """The drawer begins to sell."""
        values = {"number": 1, "business_date": clock.today(self.outlet.zone).isoformat(), "opening_float": opening_float}
        return self.entry("shift_opened", **(values | changes))

    def receipt(self) -> dict[str, Any]:
        """The next receipt's number."""
        self.running += 1
        letters = "" if self.device.series == 1 else chr(ord("A") + self.device.series - 1)
        day = clock.today(self.outlet.zone).strftime("%Y%m%d")
        return {"receipt": f"{self.outlet.code}-{self.till.number}{letters}-{day}-{self.running:04}", "running": self.running}

    def sale(self, *goods: Goods | tuple[Goods, int], discount: int = 0, voucher_discount: int = 0, **changes: Any) -> dict[str, Any]:
        """A receipt over some goods at their shelf price, paid in cash exactly unless `tenders` say otherwise."""
        lines = changes.pop("lines", None) or [line_of(each) for each in goods]
        totals = [line["unit_price"] * line["quantity"] for line in lines]
        for line, share in zip(lines, shares_of(totals, discount + voucher_discount), strict=True):
            line["discount"] = share
        total = sum(totals) - discount - voucher_discount
        values = {
            "token": make_token(),
            "language": "id",
            "lines": lines,
            "subtotal": sum(totals),
            "discount": discount,
            "voucher_discount": voucher_discount,
            "total": total,
            "tenders": [cash_tender(total)],
        }
        return self.entry("sale", **(self.receipt() | values | changes))

    def sign(self, body: dict[str, Any] | str, phone: str = "", **changes: Any) -> Envelope:
        """The entry in its envelope, numbered and signed."""
        self.sequence += 1
        text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))
        entry_id = changes.get("id") or str(uuid4())
        sequence = changes.get("sequence", self.sequence)
        signature = changes.get("signature") or sign(self.key, entry_id, sequence, text)
        return Envelope(entry_id, sequence, text, signature, phone)


def make_device(session: Session, till: Till | None = None, cashier: User | None = None, **changes: Any) -> Tablet:
    """A paired device with its key and token; its cashier may sell at the outlet."""
    till = till or make_till(session)
    outlet = session.get_one(Outlet, till.outlet_id)
    cashier = cashier or make_cashier(session, outlet)
    key, token = make_key(), make_token()
    series = session.query(TillDevice).filter_by(till_id=till.id).count() + 1
    values = {
        "till": till,
        "till_id": till.id,
        "series": series,
        "label": f"Tablet {next(_numbers)}",
        "token_digest": digest(token),
        "public_key": public_key_of(key),
        "paired_at": clock.now() - timedelta(days=2),
    }
    device = TillDevice(**(values | changes))
    session.add(device)
    session.flush()
    return Tablet(device, till, outlet, key, token, cashier)


def make_cashier(session: Session, outlet: Outlet, role: Role = Role.CASHIER) -> User:
    """Somebody who sells at the outlet."""
    return make_user(session, Grant(role, outlet_id=outlet.id))


def make_supervisor(session: Session, outlet: Outlet) -> User:
    """Somebody whose PIN allows more."""
    return make_cashier(session, outlet, Role.OUTLET_MANAGER)


def line_of(goods: Goods | tuple[Goods, int], *, price: int | None = None, **changes: Any) -> dict[str, Any]:
    """A receipt's line: so many units of goods, without a scanned lot."""
    each, quantity = goods if isinstance(goods, tuple) else (goods, 1)
    price = price if price is not None else _shelf_price(each)
    return {"variant": each.variant.code, "quantity": quantity, "unit_price": price, "list_price": price} | changes


def _shelf_price(goods: Goods) -> int:
    session = object_session(goods.variant)
    assert session is not None
    prices = select(Price.amount).where(Price.variant_id == goods.variant.id).order_by(Price.starts_on.desc()).limit(1)
    return session.scalars(prices).one()


def cash_tender(amount: int, given: int | None = None) -> dict[str, Any]:
    """Cash, exactly unless more was given."""
    cash = round_cash(amount).cash
    given = cash if given is None else given
    return {"method": "cash", "amount": amount, "cash": cash, "given": given, "change": given - cash}


def tender(method: str, amount: int, reference: str = "") -> dict[str, Any]:
    """QRIS, a bank's card terminal, or a transfer."""
    return {"method": method, "amount": amount, "reference": reference}


def return_of(
    tablet: Tablet, sale: dict[str, Any], *parts: tuple[int, int, bool], way: str = "cash", by: User | None = None, **changes: Any
) -> dict[str, Any]:
    """Units of a receipt's lines come back: (line, units, fit for sale); allowed by `by`. The first units of each line."""
    lines = []
    for number, units, is_fit in parts:
        line = sale["lines"][number]
        amount = line["unit_price"] * units - share_of_units(line["discount"], line["quantity"], 0, units)
        lines.append({"variant": line["variant"], "lot": line.get("lot"), "quantity": units, "amount": amount, "is_fit": is_fit})
    amount = sum(line["amount"] for line in lines)
    values = {
        "original": sale["receipt"],
        "lines": lines,
        "amount": amount,
        "way": way,
        "cash": -round_cash(-amount).cash if way == "cash" else 0,
        "reason": "Kemasan rusak",
        "language": "id",
        "supervision": {"code": by.code, "reason": "Sudah dilihat"} if by else None,
    }
    return tablet.entry("return", **(tablet.receipt() | values | changes))


def open_till(session: Session, till: Till | None = None, **changes: Any) -> Tablet:
    """A paired device whose shift is open."""
    tablet = make_device(session, till, **changes)
    deliver(session, tablet, tablet.opened())
    return tablet


def deliver(session: Session, tablet: Tablet, *bodies: Any, phone: str = "") -> list[Answer]:
    """The device sends these entries; what it is told."""
    envelopes = [tablet.sign(body, phone) for body in bodies]
    return receive_entries(session, tablet.device, envelopes, device_now=tablet.now())


def sell(session: Session, tablet: Tablet, *goods: Goods | tuple[Goods, int], phone: str = "", **changes: Any) -> Order:
    """One sale that is accepted; `body` is a whole one."""
    session.flush()
    body = changes.pop("body", None) or tablet.sale(*goods, **changes)
    (answer,) = deliver(session, tablet, body, phone=phone)
    assert answer.state is EntryState.ACCEPTED, answer.reason
    return session.scalars(select(Order).where(Order.code == answer.order_code)).one()


def sell_refused(session: Session, tablet: Tablet, body: Any) -> str:
    """One sale that is set aside; why."""
    (answer,) = deliver(session, tablet, body)
    assert answer.state is EntryState.REFUSED
    return answer.reason


def incidents(session: Session) -> list[CounterIncident]:
    """All of them, in the order they were opened."""
    statement = select(CounterIncident).where(CounterIncident.kind != IncidentKind.SHIFT_INCOMPLETE)
    return list(session.scalars(statement.order_by(CounterIncident.id).execution_options(populate_existing=True)))


def knows_pin(session: Session, user_id: int, pin: str) -> bool:
    """Whether a till would take this for the person's PIN, by what it keeps of them."""
    kept = session.scalars(select(TillPin).where(TillPin.user_id == user_id).execution_options(populate_existing=True)).one()
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), bytes.fromhex(kept.salt), kept.iterations).hex() == kept.verifier


def level_of(session: Session, goods: Goods) -> tuple[int, int, int]:
    """On hand, held and oversold."""
    session.refresh(goods.level)
    return goods.level.on_hand, goods.level.held, goods.level.oversold


def sale_of(session: Session, order: Order) -> CounterSale:
    """What the counter knows of the order."""
    return session.scalars(select(CounterSale).where(CounterSale.order_id == order.id)).one()


def levels_used(session: Session, order: Order) -> list[tuple[int, int]]:
    """Level id and units, in the order in which they were taken."""
    statement = select(OrderAllocation.level_id, OrderAllocation.quantity).join(OrderLine).where(OrderLine.order_id == order.id)
    return [tuple(row) for row in session.execute(statement.order_by(OrderAllocation.id))]  # type: ignore[misc]
