"""Making vouchers: limits, the second person, stopping, and what the ledger says they gave away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from kernel import audit, clock
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM, Actor, Role
from orders import fulfilment, voucher_issuing
from orders.refunds import SecondPersonNeeded
from orders.states import OrderState
from orders.voucher_issuing import VoucherState, get_voucher
from orders.vouchers import UnknownVoucher, VoucherEnded
from tests.make import make_actor, make_outlet
from tests.make_orders import PICKUP, pay, place
from tests.make_stock import make_goods
from tests.make_vouchers import make_voucher, new_voucher
from tests.orders.test_refunds import give, refund

DAY = timedelta(days=1)


def acts_on(session: Session, subject: str) -> list[str]:
    return [entry.action for entry in audit.list_for(session, subject)]


def test_a_voucher_within_the_limits_works_at_once_and_is_written_down(session: Session) -> None:
    outlet = make_outlet(session)
    lead = make_actor(session, Role.OUTLET_MANAGER, outlet_id=outlet.id)
    voucher = make_voucher(session, outlet, lead)
    view = get_voucher(session, lead, voucher.code)
    assert (view.state, view.worth, view.given_away) == (VoucherState.ACTIVE, 20_000, 0)
    assert view.voucher.created_by is not None
    (entry,) = audit.list_for(session, f"voucher:{voucher.id}")
    assert entry.action == "voucher.created"
    assert voucher.code not in str(entry.details), "a code is as good as money"


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ({"amount": 10_000, "use_limit": 100}, False),
        ({"amount": 10_000, "use_limit": 101}, True),
        ({"amount": None, "percent_bps": 2_000, "most_discount": 1_000}, False),
        ({"amount": None, "percent_bps": 2_001, "most_discount": 1_000}, True),
        ({"amount": None, "percent_bps": 1_000, "most_discount": 1_000_001, "use_limit": 1}, True),
    ],
)
def test_above_a_limit_it_waits_for_a_second_person(session: Session, changes: dict[str, int], waits: bool) -> None:
    goods = make_goods(session, 5)
    asker = make_actor(session, Role.OUTLET_MANAGER, outlet_id=goods.outlet.id)
    second = make_actor(session, Role.OUTLET_MANAGER, outlet_id=goods.outlet.id)
    voucher = make_voucher(session, goods.outlet, asker, **changes)
    assert (voucher.approved_at is None) is waits
    if not waits:
        return
    with pytest.raises(UnknownVoucher):
        place(session, goods, voucher_code=voucher.code)
    with pytest.raises(SecondPersonNeeded):
        voucher_issuing.approve_voucher(session, asker, voucher.id)
    for _twice in range(2):
        voucher_issuing.approve_voucher(session, second, voucher.id)
    assert voucher.approved_by_id == second.user_id
    assert acts_on(session, f"voucher:{voucher.id}") == ["voucher.approved", "voucher.created"]
    assert place(session, goods, voucher_code=voucher.code).discount_total > 0


def test_a_rejected_voucher_never_works(session: Session) -> None:
    outlet = make_outlet(session)
    second = make_actor(session, Role.ADMINISTRATOR)
    voucher = make_voucher(session, outlet, make_actor(session, Role.OUTLET_MANAGER, outlet_id=outlet.id), use_limit=1_000)
    voucher_issuing.reject_voucher(session, second, voucher.id)
    assert get_voucher(session, second, voucher.code).state is VoucherState.STOPPED
    with pytest.raises(Conflict):
        voucher_issuing.approve_voucher(session, second, voucher.id)


def test_what_works_already_cannot_be_rejected(session: Session) -> None:
    voucher = make_voucher(session, make_outlet(session), make_actor(session))
    with pytest.raises(Conflict):
        voucher_issuing.reject_voucher(session, make_actor(session), voucher.id)


def test_a_stopped_voucher_leaves_old_orders_their_discount(session: Session) -> None:
    goods = make_goods(session, 5)
    voucher = make_voucher(session, goods.outlet)
    order = place(session, goods, voucher_code=voucher.code)
    for _twice in range(2):
        voucher_issuing.stop_voucher(session, SYSTEM, voucher.id)
    with pytest.raises(VoucherEnded):
        place(session, goods, voucher_code=voucher.code)
    assert pay(session, order).total == 15_000
    assert acts_on(session, f"voucher:{voucher.id}").count("voucher.stopped") == 1


def test_what_it_gave_away_comes_from_the_ledger(session: Session) -> None:
    goods = make_goods(session, 20)
    voucher = make_voucher(session, goods.outlet, use_limit=5)
    kept = pay(session, place(session, goods, quantity=2, voucher_code=voucher.code))
    cancelled = place(session, goods, voucher_code=voucher.code, payment_method=PICKUP)
    fulfilment.cancel_order(session, SYSTEM, cancelled.id, "batal")
    part = pay(session, place(session, goods, quantity=2, voucher_code=voucher.code))
    give(session, refund(session, part, 1))
    view = get_voucher(session, SYSTEM, voucher.code)
    assert (view.voucher.uses, view.given_away) == (2, 10_000 + 5_000)
    uses = {each.order_code: (each.order_state, each.given_away) for each in voucher_issuing.list_uses(session, voucher.id)}
    assert uses == {
        kept.code: (OrderState.CONFIRMED, 10_000),
        cancelled.code: (OrderState.CANCELLED, 0),
        part.code: (OrderState.CONFIRMED, 5_000),
    }


def test_each_state_has_its_day(session: Session) -> None:
    today = clock.today()
    voucher = make_voucher(session, make_outlet(session), starts_on=today, ends_on=today + DAY)
    states = [voucher_issuing.state_of(voucher, today + days * DAY) for days in (-1, 0, 1, 2)]
    assert states == [VoucherState.COMING, VoucherState.ACTIVE, VoucherState.ACTIVE, VoucherState.ENDED]
    voucher.uses = voucher.use_limit
    assert voucher_issuing.state_of(voucher, today) is VoucherState.USED_UP


@pytest.mark.parametrize("role", [Role.CASHIER, Role.CURATOR, Role.SHOPPER])
def test_only_leads_and_administrators_make_vouchers(session: Session, role: Role) -> None:
    outlet = make_outlet(session)
    with pytest.raises(NotAllowed):
        make_voucher(session, outlet, make_actor(session, role, outlet_id=outlet.id))
    voucher = make_voucher(session, outlet)
    for verb in (voucher_issuing.stop_voucher, voucher_issuing.approve_voucher, voucher_issuing.reject_voucher):
        with pytest.raises(NotAllowed):
            verb(session, make_actor(session, role, outlet_id=outlet.id), voucher.id)


def test_vouchers_of_another_outlet_do_not_exist(session: Session) -> None:
    voucher, elsewhere = make_voucher(session, make_outlet(session)), make_outlet(session)
    stranger = make_actor(session, Role.OUTLET_MANAGER, outlet_id=elsewhere.id)
    with pytest.raises(NotFound):
        get_voucher(session, stranger, voucher.code)
    page, views = voucher_issuing.list_vouchers(session, stranger)
    assert (page.total, views) == (0, [])
    with pytest.raises(NotAllowed):
        voucher_issuing.stop_voucher(session, stranger, voucher.id)


def test_the_list_shows_all_or_those_that_wait(session: Session) -> None:
    outlet, actor = make_outlet(session), make_actor(session)
    ready, waiting = make_voucher(session, outlet, actor), make_voucher(session, outlet, actor, use_limit=1_000)
    assert [view.voucher.id for view in voucher_issuing.list_vouchers(session, actor)[1]] == [waiting.id, ready.id]
    assert [view.voucher.id for view in voucher_issuing.list_vouchers(session, actor, waiting=True)[1]] == [waiting.id]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("label", {"label": "ab"}),
        ("label", {"label": "x" * 81}),
        ("label", {"label": "a\x00bcd"}),
        ("percent", {"percent_bps": 1_000}),
        ("percent", {"amount": None}),
        ("percent", {"amount": None, "percent_bps": 10_001, "most_discount": 1}),
        ("percent", {"amount": None, "percent_bps": 0, "most_discount": 1}),
        ("most_discount", {"amount": None, "percent_bps": 1_000}),
        ("most_discount", {"amount": None, "percent_bps": 1_000, "most_discount": 0}),
        ("amount", {"amount": 0}),
        ("amount", {"amount": 10**11}),
        ("least_subtotal", {"least_subtotal": -1}),
        ("use_limit", {"use_limit": 0}),
        ("use_limit", {"use_limit": 100_001}),
        ("ends_on", {"ends_on": clock.today() - DAY}),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(session: Session, field: str, changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        voucher_issuing.create_voucher(session, SYSTEM, make_outlet(session), new_voucher(**changes))
    assert refusal.value.field == field


def test_nobody_decides_for_somebody_without_a_name(session: Session) -> None:
    """The system made it: any person with the permission may agree."""
    outlet = make_outlet(session, voucher_worth_limit=0)
    voucher = make_voucher(session, outlet)
    lead: Actor = make_actor(session, Role.OUTLET_MANAGER, outlet_id=outlet.id)
    assert voucher_issuing.approve_voucher(session, lead, voucher.id).approved_by_id == lead.user_id
