"""A whole day at the till's page: opened, sold online and offline, goods back, cash out, counted blind, closed; the books agree (U33)."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from catalog.models.stock import StockLevel
from orders.invariants import check_all
from orders.models.order import OrderLine
from orders.models.payment import Account, LedgerEntry, Payment
from orders.models.shift import CashMove, CounterIncident, CounterReturn, CounterSale, Shift, ShiftClosing
from orders.models.till import EntryState, TillEntry
from storefront.database import db
from tests.browser.cashier import Cashier, at_the_till, counter_shop, number_of

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from tests.browser.till import TillShop

__all__ = ["counter_shop"]  # a fixture of this module

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

FLOAT = 500_000
CASH_OUT = 150_000


def sell_in_every_way(cashier: Cashier, count: int) -> int:
    """So many sales, one after another in each way; what of them was paid in cash after rounding."""
    goods, page = cashier.shop.goods, cashier.page
    for number in range(count):
        for step in range(number % 3 + 1):
            cashier.scan(number_of(cashier.shop, goods[(number + step) % len(goods)][0]))
        way = ("cash", "note", "qris", "card", "split", "discount")[number % 6]
        if way == "discount":
            cashier.press("F4")
            page.locator("#cut").fill("3%")
            page.locator("#reason").fill("Beli banyak")
            cashier.tap(".sheet [type=submit]")
        if way == "qris":
            cashier.press("F10")
            page.wait_for_selector(".qris-code svg")
            cashier.press("Enter")
        elif way == "card":
            cashier.press("F9")
            cashier.tap("[data-way=card]")
            page.locator("#reference").fill(f"EDC-{number}")
            cashier.tap("[data-confirm=card]")
        elif way == "split":
            cashier.press("F9")
            cashier.tap("[data-way=transfer]")
            page.locator("#part").fill("5000")
            page.locator("#reference").fill(f"TRF-{number}")
            cashier.tap("[data-confirm=transfer]")
            page.wait_for_selector(".tenders li")
            cashier.press("F12")
        elif way == "note":
            cashier.press("F9")
            cashier.press("Alt+1")
        else:
            cashier.press("F12")
            cashier.press("F12")
        cashier.wait_for_receipt()
    shift = cashier.shift()
    return int(shift["tenders"]["cash"]["amount"])


def give_back(cashier: Cashier) -> None:
    """One unit of the day's first receipt comes back, not fit to be sold."""
    page = cashier.page
    cashier.menu("returns")
    page.wait_for_selector("[data-screen=returns]")
    cashier.tap(".picks li:last-child .pick")
    page.locator(".return-lines select").first.select_option("1")
    page.locator(".return-lines select").nth(1).select_option("off")
    page.locator("#reason").fill("Kemasan rusak")
    cashier.tap(".close-form .key-primary")
    cashier.supervise()
    page.wait_for_selector(".paid-change")
    cashier.tap("[data-first]")
    cashier.wait_until_selling()


def take_cash_out(cashier: Cashier) -> None:
    cashier.menu("cash")
    cashier.page.locator("#cash-amount").fill(str(CASH_OUT))
    cashier.page.locator("#reason").fill("Setor ke bank")
    cashier.tap(".sheet [type=submit]")
    cashier.page.wait_for_function("() => document.querySelector('.sheet .pin') || document.querySelector('#said').textContent")
    if cashier.page.locator(".sheet .pin").count():
        cashier.supervise()
    cashier.page.wait_for_function("() => document.querySelector('#said').textContent.includes('150.000')")


def close(cashier: Cashier, missing: int) -> dict[str, Any]:
    """Count blind, `missing` rupiah less than there should be, explain it, and close; the shift's figures afterwards."""
    page = cashier.page
    shift = cashier.shift()
    cash = FLOAT + shift["tenders"]["cash"]["amount"] + shift["cash_in"] - shift["cash_out"] - shift["returns"]["cash"] - missing
    cashier.menu("close")
    page.wait_for_selector("[data-screen=close]")
    assert "Seharusnya" not in page.locator(".close").inner_text()  # blind
    for value in (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100):
        page.locator(f"#count-{value}").fill(str(cash // value))
        cash %= value
    for method in ("qris", "card", "transfer"):
        page.locator(f"#sum-{method}").fill(str(shift["tenders"].get(method, {}).get("amount", 0)))
    cashier.tap(".close-form [type=submit]")
    page.wait_for_selector(".differences")
    assert page.locator(".is-off").all_inner_texts() == [f"−Rp{missing // 1000}.{missing % 1000:03}"]
    cashier.tap("[data-close]")
    assert page.locator("[data-screen=report]").count() == 0  # every difference is explained first
    page.locator("#why-cash").fill("Kembalian keliru")
    cashier.tap("[data-close]")
    page.wait_for_selector("[data-screen=report]")
    return cashier.shift()


def books(shop: TillShop) -> dict[str, Any]:
    """What the server knows of the day."""
    with shop.shop.app.app_context():
        session = db.session()
        sales = list(session.scalars(select(CounterSale).order_by(CounterSale.running)))
        account = select(func.coalesce(func.sum(LedgerEntry.amount), 0))
        return {
            "states": set(session.scalars(select(TillEntry.state))),
            "running": [sale.running for sale in sales],
            "sold": sum(
                line.line_total - line.discount
                for sale in sales
                for line in session.scalars(select(OrderLine).where(OrderLine.order_id == sale.order_id))
            ),
            "paid": session.scalar(select(func.sum(Payment.amount))),
            "cash": session.scalar(account.where(LedgerEntry.account == Account.CASH)),
            "qris": session.scalar(account.where(LedgerEntry.account == Account.QRIS)),
            "returns": len(list(session.scalars(select(CounterReturn)))),
            "moved": [each.amount for each in session.scalars(select(CashMove))],
            "closings": [(each.counted["cash"], each.is_provisional, each.note) for each in session.scalars(select(ShiftClosing))],
            "open": session.scalar(select(func.count()).select_from(Shift).where(Shift.closed_at.is_(None))),
            "incidents": [each.kind.value for each in session.scalars(select(CounterIncident))],
            "units": sum(session.scalars(select(StockLevel.on_hand))),
            "breaches": check_all(session),
        }


@pytest.mark.parametrize("sales", [6, pytest.param(40, marks=pytest.mark.long)])
def test_a_day_from_the_float_to_the_z_report(counter_shop: TillShop, tablet: BrowserContext, sales: int) -> None:
    units = books(counter_shop)["units"]
    cashier = at_the_till(counter_shop, tablet.new_page())
    sell_in_every_way(cashier, sales - sales // 2)
    tablet.set_offline(True)
    cash = sell_in_every_way(cashier, sales // 2)
    give_back(cashier)
    take_cash_out(cashier)
    tablet.set_offline(False)
    counter_shop.sync(cashier.page, 120)
    begun = time.monotonic()
    shift = close(cashier, missing=2_500)
    assert time.monotonic() - begun < 120
    counter_shop.sync(cashier.page)

    found = books(counter_shop)
    assert found["breaches"] == []
    assert found["states"] == {EntryState.ACCEPTED}
    assert found["running"] == list(range(1, sales + 1))
    assert found["sold"] == found["paid"] == shift["sales"]["total"]
    assert found["cash"] == cash - shift["returns"]["cash"]
    assert found["qris"] == shift["tenders"]["qris"]["amount"]
    assert (found["returns"], found["moved"], found["open"]) == (1, [CASH_OUT], 0)
    counted = FLOAT + cash - CASH_OUT - shift["returns"]["cash"] - 2_500
    assert found["closings"] == [(counted, False, "Tunai: Kembalian keliru")]
    assert found["incidents"] == []
    sold_units = sum(line["quantity"] for body in _bodies(counter_shop) for line in body["lines"])
    assert found["units"] == units - sold_units  # what came back was written off
    assert "Rp" in cashier.page.locator(".report").inner_text()
    cashier.tap("[data-first]")
    cashier.page.wait_for_selector("[data-screen=sign-in]")


def _bodies(shop: TillShop) -> list[dict[str, Any]]:
    with shop.shop.app.app_context():
        entries = db.session.scalars(select(TillEntry))
        return [json.loads(each.body) for each in entries if each.kind.value == "sale"]
