"""The demo's vouchers: one that works, and one that is worth so much that a second person has to agree."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import accounts
from kernel.people import SYSTEM, User
from orders.voucher_issuing import NewVoucher, create_voucher


def create_vouchers(session: Session, outlet: Outlet, manager_email: str, today: date) -> None:
    """Their codes are made anew in every demo; the office shows and prints them."""
    person = session.scalars(select(User).where(User.email == manager_email)).one_or_none()
    if person is not None:
        session.refresh(person, ["grants"])
    actor = accounts.as_actor(person) if person is not None else SYSTEM
    last = today + timedelta(days=90)
    for label, percent_bps, least_subtotal, most_discount, uses in (
        ("Pasar desa (contoh)", 1_000, 50_000, 20_000, 50),
        ("Pembukaan gerai (contoh)", 2_500, 0, 100_000, 20),
    ):
        create_voucher(session, actor, outlet, NewVoucher(label, percent_bps, None, least_subtotal, most_discount, uses, True, today, last))
