"""A full day at a counter, online and offline: afterwards makers' books, stock, drawer and reports agree with the receipts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import MovementKind, Outlet, StockLevel, StockMovement
from kernel import clock
from orders.consignment.ledger import owed
from orders.counter import devices, entries
from orders.counter.day_totals import sum_day
from orders.counter.entries import Envelope
from orders.counter.figures import figures_of
from orders.counter.queries import difference_of
from orders.gateways import PaymentMethod
from orders.invariants import check_all
from orders.models.agreement import Agreement
from orders.models.consignment import ConsignmentSale
from orders.models.order import Order, OrderLine
from orders.models.payment import Account, LedgerEntry
from orders.models.shift import CounterSale, Shift, ShiftClosing
from orders.models.till import EntryState
from orders.portal import figures as portal
from orders.reports import sales
from orders.reports.period import Period
from orders.reports.sales import Grouping
from orders.reports.scope import ReportOutlet, Scope
from orders.rounding import round_cash
from tests.make import make_maker, make_outlet, make_product
from tests.make_consignment import make_agreement, make_consigned
from tests.make_counter import Tablet, cash_tender, line_of, make_device, make_supervisor, make_till, tender
from tests.make_stock import Goods, stock_up

SALES, FLOAT, OUT, SHORT = 40, 300_000, 75_000, 1_500


@dataclass
class Day:
    """What the receipts say: everything that is asserted later is added up here, by hand."""

    session: Session
    outlet: Outlet
    tablet: Tablet
    goods: list[Goods]
    chance: Random = field(default_factory=lambda: Random(5))
    drawer: int = FLOAT
    others: Counter[str] = field(default_factory=Counter)
    #: Units that are gone, by the variant's code, and rupiah at shelf prices.
    units: Counter[str] = field(default_factory=Counter)
    gross: Counter[str] = field(default_factory=Counter)
    total: int = 0
    sent: list[Envelope] = field(default_factory=list)
    waiting: list[Envelope] = field(default_factory=list)

    def write(self, body: dict[str, object]) -> dict[str, object]:
        """One line of the journal, not sent yet."""
        self.waiting.append(self.tablet.sign(body))
        return body

    def sync(self, *, lost: bool = False) -> None:
        """Deliver what waits; when the answer is lost, it stays and is delivered again later."""
        answers = entries.receive_entries(self.session, self.tablet.device, self.waiting[:50], device_now=self.tablet.now())
        assert {answer.state for answer in answers} <= {EntryState.ACCEPTED}, answers
        if not lost:
            self.sent += self.waiting
            self.waiting = []

    def sell(self, number: int) -> dict[str, object]:
        """A receipt of one to three lines, in one or two ways to pay, some with a discount."""
        chosen = self.chance.sample(self.goods, 1 + number % 3)
        lines = [line_of((each, 1 + self.chance.randrange(3))) for each in chosen]
        subtotal = sum(line["unit_price"] * line["quantity"] for line in lines)
        discount = subtotal // 20 if number % 8 == 3 else 0
        tenders = self._tenders(number, subtotal - discount)
        for line in lines:
            self.units[line["variant"]] += line["quantity"]
            self.gross[line["variant"]] += line["unit_price"] * line["quantity"]
        self.total += subtotal - discount
        return self.write(self.tablet.sale(lines=lines, discount=discount, tenders=tenders, reason="Pelanggan tetap" if discount else ""))

    def _tenders(self, number: int, total: int) -> list[dict[str, object]]:
        if number % 10 == 9:
            found = [cash_tender(10_000), tender("qris", total - 10_000, f"RRN{number:04}")]
        elif number % 5 == 2:
            found = [tender("qris", total, f"RRN{number:04}")]
        elif number % 10 == 6:
            found = [tender("card", total, f"APP{number:04}")]
        else:
            found = [cash_tender(total, total + 3_000 - total % 1_000)]
        for each in found:
            if each["method"] == "cash":
                self.drawer += each["cash"]
            else:
                self.others[each["method"]] += each["amount"]
        return found

    def give_back(self, sale: dict[str, object], supervisor: str) -> int:
        """One unit of a receipt's first line, in cash; what was paid for it."""
        line = sale["lines"][0]  # type: ignore[index]
        paid = line["unit_price"] - line["discount"] // line["quantity"]
        goods = {"variant": line["variant"], "quantity": 1, "amount": paid, "is_fit": True}
        self.write(
            self.tablet.entry(
                "return",
                **self.tablet.receipt(),
                original=sale["receipt"],
                lines=[goods],
                amount=paid,
                way="cash",
                cash=round_cash(paid).cash,
                reason="Salah beli",
                language="id",
                supervision={"code": supervisor, "reason": "Salah beli"},
            )
        )
        self.drawer -= round_cash(paid).cash
        self.units[line["variant"]] -= 1
        self.gross[line["variant"]] -= line["unit_price"]
        self.total -= paid
        return paid


@pytest.fixture
def day(session: Session) -> Day:
    """Two makers whose goods are in commission and one whose goods are the outlet's own, two products each; and a paired tablet."""
    outlet = make_outlet(session)
    goods = []
    for price in (17_500, 42_250):
        agreement = make_agreement(session, outlet)
        goods += [make_consigned(session, agreement, 60, price=price + extra) for extra in (0, 5_100)]
    maker = make_maker(session)
    goods += [stock_up(session, make_product(session, maker=maker, price=price), outlet, 60) for price in (8_000, 31_900)]
    tablet = make_device(session, make_till(session, outlet))
    session.flush()
    return Day(session, outlet, tablet, goods)


def test_a_days_receipts_agree_with_every_book(day: Day) -> None:
    session, tablet = day.session, day.tablet
    supervisor = make_supervisor(session, day.outlet)
    day.write(tablet.opened(FLOAT))
    receipts = []
    for number in range(SALES):
        receipts.append(day.sell(number))
        if number < 12 or number > 30:  # online: every sale is delivered at once, some answers get lost
            day.sync(lost=number % 3 == 1)
        if number == 20:
            day.write(tablet.entry("cash_moved", direction="out", amount=OUT, reason="Setor ke bank", supervision=None))
            day.drawer -= OUT
            day.give_back(receipts[0], supervisor.code)
    day.write(tablet.entry("shift_closed", counted={"cash": day.drawer - SHORT, **day.others}, denominations=[], note="Dicari besok."))
    day.sync(lost=True)
    day.sync()
    devices.record_contact(session, tablet.device, 0, "1", 0)
    session.flush()
    # everything once more, from the first to the last: nothing changes
    counts = _counts(session)
    for start in range(0, len(day.sent), 50):
        entries.receive_entries(session, tablet.device, day.sent[start : start + 50], device_now=tablet.now())
    assert _counts(session) == counts
    session.expire_all()

    _receipts_are_gapless(session, receipts)
    _stock_agrees(day)
    _makers_books_agree(day)
    _money_agrees(day)
    _reports_agree(day)
    assert check_all(session) == []


def _counts(session: Session) -> list[int]:
    models = (Order, OrderLine, LedgerEntry, StockMovement, ConsignmentSale, CounterSale, ShiftClosing)
    return [session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def _receipts_are_gapless(session: Session, receipts: list[dict[str, object]]) -> None:
    printed = set(session.scalars(select(CounterSale.receipt_number)))
    assert printed == {receipt["receipt"] for receipt in receipts}
    assert len(printed) == SALES


def _stock_agrees(day: Day) -> None:
    left = select(Variant.code, func.sum(StockLevel.on_hand)).join(StockLevel, StockLevel.variant_id == Variant.id).group_by(Variant.code)
    found = {code: int(units) for code, units in day.session.execute(left)}
    for goods in day.goods:
        assert found[goods.variant.code] == 60 - day.units[goods.variant.code]
    moved = select(func.sum(-StockMovement.on_hand_change)).where(StockMovement.kind.in_((MovementKind.SOLD, MovementKind.RETURNED)))
    assert day.session.scalar(moved) == sum(day.units.values())


def _makers_books_agree(day: Day) -> None:
    """Each maker is credited for what the receipts say was sold, and sees it in the portal."""
    statement = (
        select(Maker.id, Agreement.id, func.sum(ConsignmentSale.quantity), func.sum(ConsignmentSale.gross), func.sum(ConsignmentSale.share))
        .join(Agreement, Agreement.maker_id == Maker.id)
        .join(ConsignmentSale, ConsignmentSale.agreement_id == Agreement.id)
        .group_by(Maker.id, Agreement.id)
    )
    rows = day.session.execute(statement).all()
    codes = dict(day.session.execute(select(Variant.code, Product.maker_id).join(Product)).all())
    assert len(rows) == 2
    sums = owed(day.session, [row[1] for row in rows])
    today = clock.today(day.outlet.zone)
    for maker_id, agreement_id, units, gross, share in rows:
        mine = [code for code, owner in codes.items() if owner == maker_id]
        assert units == sum(day.units[code] for code in mine)
        assert gross == sum(day.gross[code] for code in mine)
        assert sums[agreement_id] == share
        seen, _month = portal.sold_today_and_since(day.session, [agreement_id], today, today.replace(day=1), day.outlet.zone)
        assert (seen.units, seen.gross, seen.share) == (units, gross, share)


def _money_agrees(day: Day) -> None:
    session = day.session
    balances = {
        account: int(amount)
        for account, amount in session.execute(select(LedgerEntry.account, func.sum(LedgerEntry.amount)).group_by(LedgerEntry.account))
    }
    assert balances[Account.CASH] == day.drawer + OUT - FLOAT
    assert balances[Account.QRIS] == day.others["qris"]
    assert balances[Account.CARD] == day.others["card"]
    assert balances[Account.RECEIVABLE] == 0
    shift = session.scalars(select(Shift)).one()
    (closing,) = session.scalars(select(ShiftClosing)).all()
    assert (closing.expected["cash"], difference_of(closing), closing.is_provisional) == (day.drawer, -SHORT, False)
    figures = figures_of(session, shift)
    expected = {each.method: each.expected for each in figures.tenders if each.expected}
    assert expected == {"cash": day.drawer, **day.others}
    assert sum(share.amount for share in figures.by_cashier) == day.total


def _reports_agree(day: Day) -> None:
    """The board's day and the reports by channel, maker and way to pay add up to the same receipts."""
    session, today = day.session, clock.today(day.outlet.zone)
    board = sum_day(session, day.outlet, today)
    assert (board.sales, board.kept) == (SALES, day.total)
    assert sum(row.quantity for row in board.makers) == sum(day.units.values())
    assert sum(row.gross for row in board.makers) == sum(day.gross.values())
    assert sum(row.paid for row in board.makers) == day.total
    assert board.by_method[PaymentMethod.QRIS].amount == day.others["qris"]
    outlet = ReportOutlet(day.outlet.id, day.outlet.code, day.outlet.name, day.outlet.zone)
    yesterday = today - timedelta(days=1)
    scope = Scope((outlet,), Period(today, today), Period(yesterday, yesterday))
    gross = sum(day.gross.values())
    (channel,) = sales.group_sales(session, scope, Grouping.CHANNEL)
    assert (channel.key, channel.now.gross, channel.now.quantity) == ("counter", gross, sum(day.units.values()))
    for grouping in (Grouping.MAKER, Grouping.PAYMENT):
        rows = sales.group_sales(session, scope, grouping)
        assert len(rows) == 3
        assert sum(row.now.gross for row in rows) == gross
    assert {row.key for row in rows} == {"cash", "qris", "card_terminal"}
    several = [line.methods for line in sales.list_lines(session, scope, 500) if len(line.methods) > 1]
    assert {tuple(sorted(methods)) for methods in several} == {("cash", "qris")}
