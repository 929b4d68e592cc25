"""Vouchers for tests, made through the verb that staff use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import clock
from kernel.people import SYSTEM, Actor
from orders import voucher_issuing
from orders.models.voucher import Voucher
from orders.voucher_issuing import NewVoucher


def new_voucher(**changes: Any) -> NewVoucher:
    """Ten thousand rupiah off, for two orders, this month."""
    today = clock.today()
    values = {
        "label": "Pasar desa",
        "percent_bps": None,
        "amount": 10_000,
        "least_subtotal": 0,
        "most_discount": None,
        "use_limit": 2,
        "once_per_phone": False,
        "starts_on": today,
        "ends_on": today + timedelta(days=30),
    }
    return NewVoucher(**(values | changes))


def make_voucher(session: Session, outlet: Outlet, actor: Actor = SYSTEM, **changes: Any) -> Voucher:
    """A voucher that works, unless it is worth more than the outlet's limits."""
    return voucher_issuing.create_voucher(session, actor, outlet, new_voucher(**changes))
