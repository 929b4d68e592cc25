"""What happens at a drawer beside sales, and ways in which a cashier could cheat: all end in audit, report or an incident (A18)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from kernel.people import User
from orders.counter import cash
from orders.counter.figures import ShiftFigures, figures_of
from orders.invariants import check_all
from orders.models.shift import CashDirection, CashMove, IncidentKind, Shift
from orders.models.till import EntryState
from tests.make import make_outlet
from tests.make_counter import Tablet, deliver, incidents, line_of, make_supervisor, return_of, tender
from tests.make_stock import Goods, make_goods


@pytest.fixture
def goods(session: Session, tablet: Tablet) -> Goods:
    """Twenty bags at 25,000."""
    return make_goods(session, 20, outlet=tablet.outlet)


@pytest.fixture
def boss(session: Session, tablet: Tablet) -> User:
    """The outlet's manager."""
    return make_supervisor(session, tablet.outlet)


def accept(session: Session, tablet: Tablet, *bodies: dict[str, Any]) -> None:
    assert [(answer.state, answer.reason) for answer in deliver(session, tablet, *bodies)] == [(EntryState.ACCEPTED, "")] * len(bodies)


def figures(session: Session) -> ShiftFigures:
    return figures_of(session, session.scalars(select(Shift)).one())


def allowed(by: User | None) -> dict[str, Any]:
    return {"supervision": {"code": by.code, "reason": "Sudah dilihat"}} if by else {}


def cancelled(tablet: Tablet, goods: Goods, **changes: Any) -> dict[str, Any]:
    values = {"lines": [line_of(goods)], "total": 25_000, "after_payment": False, "reason": "Tidak jadi"}
    return tablet.entry("cart_cancelled", **(values | changes))


def test_cash_moves_change_what_is_expected(session: Session, tablet: Tablet) -> None:
    accept(
        session,
        tablet,
        tablet.entry("cash_moved", direction="in", amount=200_000, reason="Uang kembalian"),
        tablet.entry("cash_moved", direction="out", amount=100_000, reason="Beli kantong"),
    )
    moves = session.scalars(select(CashMove).order_by(CashMove.id)).all()
    assert [(move.direction, move.amount, move.cashier_id) for move in moves] == [
        (CashDirection.IN, 200_000, tablet.cashier.id),
        (CashDirection.OUT, 100_000, tablet.cashier.id),
    ]
    found = figures(session)
    assert (found.cash_in, found.cash_out, found.tenders[0].expected) == (200_000, 100_000, 600_000)
    assert incidents(session) == [], "as much as the outlet allows"
    assert check_all(session) == []


def test_giving_up_a_cart_is_in_the_report_and_no_crime(session: Session, tablet: Tablet, goods: Goods) -> None:
    accept(session, tablet, cancelled(tablet, goods))
    found = figures(session)
    assert (found.cancelled_carts, found.cancelled_lines, found.cancelled_amount) == (1, 1, 25_000)
    assert [(act.kind, act.cashier, act.amount) for act in found.acts] == [("cancelled", tablet.cashier.name, 25_000)]
    assert incidents(session) == []


Act = Callable[[Tablet, Goods, "User | None", dict[str, Any]], dict[str, Any]]
#: The act, its word in the shift's report, its name in the audit, and what the incident says when nobody allowed it.
CHEATS: dict[str, tuple[Act, str, str, Any]] = {
    "a payment was begun and the cart given up": (
        lambda tablet, goods, by, _sale: cancelled(tablet, goods, after_payment=True, **allowed(by)),
        "cancelled_after_payment",
        "till.cart_cancelled",
        {"what": ["cancelled_after_payment"]},
    ),
    "cash was taken out beyond the limit": (
        lambda tablet, _goods, by, _sale: tablet.entry("cash_moved", direction="out", amount=100_001, reason="Pinjam", **allowed(by)),
        "cash_out",
        "till.cash_out",
        {"what": ["cash_out_without_supervisor"]},
    ),
    "goods came back": (
        lambda tablet, _goods, by, sale: return_of(tablet, sale, (0, 1, True), by=by),
        "return",
        "till.returned",
        {"what": ["return_without_supervisor"]},
    ),
    "a price was changed": (
        lambda tablet, goods, by, _sale: tablet.sale(lines=[line_of(goods, price=1_000, list_price=25_000)], **allowed(by)),
        "price",
        "order.sold",
        {"prices": [{"list_price": 25_000, "unit_price": 1_000}]},
    ),
    "a discount beyond the limit was given": (
        lambda tablet, goods, by, _sale: tablet.sale((goods, 4), discount=10_001, **allowed(by)),
        "discount",
        "order.sold",
        {"discount": 10_001},
    ),
}


@pytest.mark.parametrize("name", list(CHEATS))
def test_what_a_supervisor_allowed_is_in_report_and_audit(session: Session, tablet: Tablet, goods: Goods, boss: User, name: str) -> None:
    act, word, action, _wrong = CHEATS[name]
    sale = tablet.sale((goods, 2))
    accept(session, tablet, sale)
    accept(session, tablet, act(tablet, goods, boss, sale))
    assert incidents(session) == []
    (found,) = [each for each in figures(session).acts if each.kind == word]
    assert (found.cashier, found.supervisor, bool(found.reason)) == (tablet.cashier.name, boss.name, True)
    assert action in set(session.scalars(select(AuditEntry.action).where(AuditEntry.actor_id == tablet.cashier.id)))
    assert check_all(session) == []


@pytest.mark.parametrize("who", ["nobody", "the cashier themself", "a manager of another outlet", "a manager who was dismissed"])
@pytest.mark.parametrize("name", list(CHEATS))
def test_without_a_supervisor_of_this_outlet_it_stands_with_an_incident(
    session: Session, tablet: Tablet, goods: Goods, boss: User, name: str, who: str
) -> None:
    act, word, _action, wrong = CHEATS[name]
    boss.is_active = False
    session.flush()
    others = {
        "nobody": None,
        "the cashier themself": tablet.cashier,
        "a manager of another outlet": make_supervisor(session, make_outlet(session)),
        "a manager who was dismissed": boss,
    }
    sale = tablet.sale((goods, 2))
    accept(session, tablet, sale)
    accept(session, tablet, act(tablet, goods, others[who], sale))
    (incident,) = incidents(session)
    assert incident.kind is IncidentKind.NOT_ALLOWED
    ((key, value),) = wrong.items()
    said = incident.detail[key]
    assert said == value if key != "prices" else value[0].items() <= said[0].items()
    assert word in {each.kind for each in figures(session).acts}
    assert check_all(session) == []


def test_a_manager_at_the_till_needs_nobody_else(session: Session, tablet: Tablet, goods: Goods, boss: User) -> None:
    sale = tablet.sale((goods, 2))
    accept(session, tablet, sale)
    tablet.cashier = boss
    accept(session, tablet, *(act(tablet, goods, None, sale) for act, *_rest in CHEATS.values()))
    assert incidents(session) == []


def test_opening_the_drawer_is_counted_and_often_is_too_often(session: Session, tablet: Tablet, boss: User) -> None:
    def opened(by: User | None = None) -> dict[str, Any]:
        return tablet.entry("drawer_opened", reason="Tukar uang", **allowed(by))

    accept(session, tablet, *(opened() for _each in range(cash.FREE_OPENINGS)))
    assert incidents(session) == []
    accept(session, tablet, opened(boss))
    assert incidents(session) == []
    accept(session, tablet, opened())
    assert [incident.detail["what"] for incident in incidents(session)] == [["drawer_opened_often"]]
    assert figures(session).drawer_openings == cash.FREE_OPENINGS + 2


def test_a_refund_without_a_receipt_is_refused(session: Session, tablet: Tablet, goods: Goods, boss: User) -> None:
    invented = tablet.sale(goods)
    (answer,) = deliver(session, tablet, return_of(tablet, invented, (0, 1, True), by=boss))
    assert answer.state is EntryState.REFUSED
    assert figures(session).tenders[0].expected == 500_000
    assert [incident.kind for incident in incidents(session)] == [IncidentKind.REFUSED_ENTRY]


def test_somebody_who_may_not_sell_is_named(session: Session, tablet: Tablet, goods: Goods) -> None:
    tablet.cashier.is_active = False
    session.flush()
    accept(session, tablet, tablet.entry("drawer_opened", reason="Tukar uang"), tablet.sale(goods))
    assert [incident.kind for incident in incidents(session)] == [IncidentKind.NOT_ALLOWED] * 2
    assert incidents(session)[0].detail["what"] == ["person_may_not_sell"]


def test_a_payment_number_cannot_be_shown_twice(session: Session, tablet: Tablet, goods: Goods) -> None:
    paid = [tender("qris", 25_000, "QR-7788")]
    accept(session, tablet, tablet.sale(goods, tenders=paid), tablet.sale(goods, tenders=paid))
    assert [incident.kind for incident in incidents(session)] == [IncidentKind.REFERENCE_TWICE]


def test_an_unknown_person_is_refused(session: Session, tablet: Tablet) -> None:
    (answer,) = deliver(session, tablet, tablet.entry("drawer_opened", reason="Tukar uang") | {"cashier": "NOBODY"})
    assert (answer.state, answer.reason) == (EntryState.REFUSED, "The person at the till is not known.")


def test_an_entry_counts_once_however_often_it_is_sent(session: Session, tablet: Tablet) -> None:
    from orders.counter.entries import receive_entries

    envelope = tablet.sign(tablet.entry("cash_moved", direction="out", amount=5_000, reason="Parkir"))
    for _time in range(3):
        receive_entries(session, tablet.device, [envelope], device_now=tablet.now())
    assert figures(session).cash_out == 5_000
