"""Outlets that take QRIS and transfers, and orders paid that way, for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel.people import SYSTEM
from orders import outlet_payments
from orders.gateways import PaymentMethod
from orders.models.order import Order
from orders.outlet_payments import PaymentDetails
from orders.qris import QrisCode, write_tlv
from tests.make import make_outlet
from tests.make_orders import place
from tests.make_stock import Goods, make_goods

QRIS, TRANSFER = PaymentMethod.QRIS, PaymentMethod.BANK_TRANSFER


def static_qris(name: str = "TOKO CONTOH", city: str = "PALI") -> str:
    """A made-up static code of a merchant that does not exist."""
    account = write_tlv([("00", "ID.CO.CONTOH.WWW"), ("01", "936009990000000000"), ("02", "000000000000000"), ("03", "UMI")])
    fields = [("00", "01"), ("01", "11"), ("26", account), ("52", "5399"), ("53", "360"), ("58", "ID"), ("59", name), ("60", city)]
    return QrisCode(tuple(fields)).payload


def details(**changes: str) -> PaymentDetails:
    """Both local ways."""
    values = {
        "qris_payload": static_qris(),
        "bank_name": "Bank Contoh",
        "bank_account_number": "0001112223",
        "bank_account_name": "Koperasi",
    }
    return PaymentDetails(**(values | changes))


def make_taking_outlet(session: Session, **changes: Any) -> Outlet:
    """An outlet that takes QRIS and transfers."""
    return outlet_payments.set_details(session, SYSTEM, make_outlet(session, **changes), details())


def place_by(session: Session, method: PaymentMethod, goods: Goods | None = None, **changes: Any) -> Order:
    """An order to be paid by QRIS or transfer."""
    goods = goods or make_goods(session, 10, outlet=make_taking_outlet(session))
    return place(session, goods, payment_method=method, **changes)
