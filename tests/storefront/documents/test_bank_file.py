"""The bank's list: only what two people agreed to, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
from io import StringIO

from flask import Flask
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel.people import SYSTEM
from orders.consignment import accounts, payouts
from orders.models.maker_payout import PayoutBatch
from storefront.documents.bank_file import bank_file
from storefront.i18n import speaking
from tests.make_consignment import make_agreement, make_consigned, sell


def read(batch: PayoutBatch) -> list[list[str]]:
    with speaking("id"):
        return list(csv.reader(StringIO("".join(bank_file(batch)).removeprefix("\ufeff"), newline="")))


def test_the_list_holds_the_transfers_of_an_approved_batch(app: Flask, session: Session) -> None:
    first = make_agreement(session)
    outlet = session.get_one(Outlet, first.outlet_id)
    second = make_agreement(session, outlet)
    for agreement in (first, second):
        sell(session, make_consigned(session, agreement))
    account = accounts.request_account(session, SYSTEM, first.id, "=Bank Contoh", "0001112223", "Dapur Contoh")
    accounts.approve_account(session, SYSTEM, account.id)
    amounts = {first.id: 20_000, second.id: 5_000}
    made = payouts.prepare_batch(session, SYSTEM, outlet, amounts, "k" * 16, in_cash=frozenset({second.id}))
    session.expire_all()
    with app.test_request_context("/"):
        assert len(read(payouts.get_batch(session, SYSTEM, made.code))) == 1
        payouts.approve_batch(session, SYSTEM, made.id)
        rows = read(payouts.get_batch(session, SYSTEM, made.code))
    assert rows[1:] == [["'=Bank Contoh", "0001112223", "Dapur Contoh", "20000", f"{made.code}-1"]]
