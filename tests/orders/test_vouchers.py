"""Vouchers: each refusal by its name, the limit, given back once, and books that show what was given away."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.people import GUEST, SYSTEM
from orders import fulfilment, holds, ledger, queries, vouchers
from orders.checkout import PriceChanged
from orders.invariants import check_all
from orders.models.order import Order, OrderLine
from orders.models.payment import Account
from orders.models.refund import RefundLine
from orders.models.voucher import Voucher
from orders.states import OrderState, PaymentState, ReviewReason
from orders.vouchers import (
    CartTooSmall,
    UnknownVoucher,
    VoucherEnded,
    VoucherNotYet,
    VoucherRefused,
    VoucherUsedByPhone,
    VoucherUsedUp,
    find_discount,
    tidy_code,
)
from tests.make import make_outlet
from tests.make_orders import PICKUP, contact, pay, payment_of, place
from tests.make_stock import Goods, make_goods
from tests.make_vouchers import make_voucher
from tests.orders.test_refunds import give, refund

DAY = timedelta(days=1)


@pytest.fixture
def goods(session: Session) -> Goods:
    """Twenty packs at Rp25.000."""
    return make_goods(session, 20)


def uses_of(session: Session, voucher: Voucher) -> int:
    session.refresh(voucher)
    return voucher.uses


def test_a_code_has_more_than_forty_bits_and_no_look_alikes(session: Session, goods: Goods) -> None:
    code = make_voucher(session, goods.outlet).code
    assert 23 ** len(code) > 2**40
    assert not set(code) & set("01258BILOSUVZ")
    assert tidy_code(f" {code[:5].lower()}-{code[5:].lower()} ") == code
    for nonsense in ("", "x", code[:-1], code + "A", "0" * 10, "' OR 1=1 --"):
        assert tidy_code(nonsense) == ""


def test_a_voucher_takes_its_amount_off_the_goods(session: Session, goods: Goods) -> None:
    voucher = make_voucher(session, goods.outlet)
    order = place(session, goods, quantity=3, voucher_code=voucher.code, seen_total=65_000)
    assert (order.subtotal, order.discount_total, order.total) == (75_000, 10_000, 65_000)
    assert payment_of(session, order).amount == 65_000
    assert session.scalars(select(OrderLine.discount).where(OrderLine.order_id == order.id)).all() == [10_000]
    balance = ledger.balance(session, order.id)
    assert (balance[Account.RECEIVABLE], balance[Account.DISCOUNT], balance[Account.SALES]) == (65_000, 10_000, -75_000)
    assert uses_of(session, voucher) == 1
    view = queries.get_order_by_token(session, order.token)
    assert (view.discount_total, view.voucher_label) == (10_000, "Pasar desa")
    pay(session, order)
    assert check_all(session) == []


def test_the_total_that_was_seen_is_the_one_with_the_discount(session: Session, goods: Goods) -> None:
    voucher = make_voucher(session, goods.outlet)
    with pytest.raises(PriceChanged) as refusal:
        place(session, goods, voucher_code=voucher.code, seen_total=25_000)
    assert refusal.value.total == 15_000


def test_each_refusal_has_its_own_name(session: Session, goods: Goods) -> None:
    today = clock.today()
    make = {
        VoucherEnded: {"starts_on": today - 9 * DAY, "ends_on": today - DAY},
        VoucherNotYet: {"starts_on": today + DAY, "ends_on": today + DAY},
        CartTooSmall: {"least_subtotal": 25_001},
    }
    for refusal, changes in make.items():
        with pytest.raises(refusal):
            find_discount(session, make_voucher(session, goods.outlet, **changes).code, 25_000)
    stopped = make_voucher(session, goods.outlet)
    session.execute(update(Voucher).where(Voucher.id == stopped.id).values(stopped_at=clock.now()))
    with pytest.raises(VoucherEnded):
        place(session, goods, voucher_code=stopped.code)
    used_up = make_voucher(session, goods.outlet, use_limit=1)
    place(session, goods, voucher_code=used_up.code)
    with pytest.raises(VoucherUsedUp):
        place(session, goods, voucher_code=used_up.code)
    messages = {kind.message for kind in VoucherRefused.__subclasses__()}
    assert len(messages) == len(VoucherRefused.__subclasses__()) == 6


def test_the_first_and_the_last_day_count(session: Session, goods: Goods) -> None:
    today = clock.today()
    assert find_discount(session, make_voucher(session, goods.outlet, starts_on=today, ends_on=today).code, 25_000).amount == 10_000


def test_an_unknown_code_and_one_of_another_outlet_get_the_same_answer(session: Session, goods: Goods) -> None:
    foreign = make_voucher(session, make_outlet(session))
    waiting = make_voucher(session, goods.outlet, amount=900_000, use_limit=2)
    answers = []
    for code in ("AAAAAAAAAA", "not a code", foreign.code, waiting.code):
        with pytest.raises(VoucherRefused) as refusal:
            place(session, goods, voucher_code=code)
        answers.append((type(refusal.value), str(refusal.value)))
    assert set(answers) == {(UnknownVoucher, UnknownVoucher.message)}


class TestOncePerPhone:
    def test_the_same_phone_is_refused_and_another_is_not(self, session: Session, goods: Goods) -> None:
        voucher = make_voucher(session, goods.outlet, use_limit=9, once_per_phone=True)
        place(session, goods, voucher_code=voucher.code)
        with pytest.raises(VoucherUsedByPhone):
            place(session, goods, voucher_code=voucher.code)
        place(session, goods, voucher_code=voucher.code, contact=contact(phone="+6281234567891"))
        assert uses_of(session, voucher) == 2

    def test_after_a_cancelled_order_the_phone_may_use_it_again(self, session: Session, goods: Goods) -> None:
        voucher = make_voucher(session, goods.outlet, once_per_phone=True)
        order = place(session, goods, voucher_code=voucher.code, payment_method=PICKUP)
        fulfilment.cancel_order(session, SYSTEM, order.id, "batal")
        place(session, goods, voucher_code=voucher.code)
        assert uses_of(session, voucher) == 1

    def test_the_claim_looks_again_behind_its_lock(self, session: Session, goods: Goods) -> None:
        voucher = make_voucher(session, goods.outlet, use_limit=9, once_per_phone=True)
        seen = find_discount(session, voucher.code, 25_000, phone="+6281234567890")
        place(session, goods, voucher_code=voucher.code)
        order = place(session, goods)
        with pytest.raises(VoucherUsedByPhone):
            vouchers.claim_use(session, order, seen)


def test_the_claim_holds_the_limit_whatever_was_seen_before(session: Session, goods: Goods) -> None:
    voucher = make_voucher(session, goods.outlet, use_limit=1)
    seen = find_discount(session, voucher.code, 25_000)
    vouchers.claim_use(session, place(session, goods), seen)
    with pytest.raises(VoucherUsedUp):
        vouchers.claim_use(session, place(session, goods), seen)


def test_the_same_form_sent_twice_uses_the_voucher_once(session: Session, goods: Goods) -> None:
    voucher = make_voucher(session, goods.outlet, use_limit=1)
    key = uuid4().hex
    first = place(session, goods, voucher_code=voucher.code, checkout_key=key)
    assert place(session, goods, voucher_code=voucher.code, checkout_key=key).id == first.id
    assert uses_of(session, voucher) == 1


def test_an_order_has_one_voucher(session: Session, goods: Goods) -> None:
    """One rule set: the verb takes one code, and the table one use for an order."""
    first, second = make_voucher(session, goods.outlet), make_voucher(session, goods.outlet)
    order = place(session, goods, voucher_code=first.code)
    with pytest.raises(Exception, match=r"(?i)unique"), session.begin_nested():
        vouchers.claim_use(session, order, find_discount(session, second.code, 25_000))
    with pytest.raises(UnknownVoucher):
        place(session, goods, voucher_code=f"{first.code},{second.code}")
    assert uses_of(session, second) == 0


class TestGivingBack:
    @pytest.mark.parametrize("how", ["buyer", "staff", "expiry"])
    def test_an_unpaid_order_that_ends_gives_its_use_back_once(self, session: Session, goods: Goods, how: str) -> None:
        voucher = make_voucher(session, goods.outlet, use_limit=1)
        order = place(session, goods, voucher_code=voucher.code, payment_method=PICKUP)
        if how == "expiry":
            session.execute(update(Order).where(Order.id == order.id).values(hold_until=clock.now() - DAY))
            assert holds.sweep_expired(session) == [order.code]
        else:
            fulfilment.cancel_order(session, GUEST if how == "buyer" else SYSTEM, order.id, "batal", token=order.token)
        vouchers.give_back_uses(session, [order.id])
        assert uses_of(session, voucher) == 0
        assert set(ledger.balance(session, order.id).values()) == {0}
        assert check_all(session) == []
        place(session, goods, voucher_code=voucher.code)
        assert uses_of(session, voucher) == 1

    def test_a_full_refund_gives_the_use_back_and_a_part_does_not(self, session: Session, goods: Goods) -> None:
        voucher = make_voucher(session, goods.outlet, use_limit=1)
        order = pay(session, place(session, goods, quantity=3, voucher_code=voucher.code))
        part = give(session, refund(session, order, 1))
        assert (part.amount, uses_of(session, voucher)) == (25_000 - 3_333, 1)
        rest = give(session, refund(session, order, 2))
        assert (part.amount + rest.amount, uses_of(session, voucher)) == (65_000, 0)
        assert order.state is OrderState.CANCELLED
        assert set(ledger.balance(session, order.id).values()) == {0}
        assert check_all(session) == []

    def test_what_came_back_after_the_hand_over_counts_too(self, session: Session, goods: Goods) -> None:
        voucher = make_voucher(session, goods.outlet, use_limit=1)
        order = pay(session, place(session, goods, quantity=2, voucher_code=voucher.code))
        fulfilment.hand_over(session, SYSTEM, order.id, order.code)
        give(session, refund(session, order))
        assert uses_of(session, voucher) == 0
        assert check_all(session) == []

    def test_money_after_the_expiry_takes_the_voucher_again_while_it_is_there(self, session: Session, goods: Goods) -> None:
        voucher = make_voucher(session, goods.outlet, use_limit=1)
        order = expire(session, place(session, goods, voucher_code=voucher.code))
        assert uses_of(session, voucher) == 0
        assert pay(session, order).state is OrderState.CONFIRMED
        assert uses_of(session, voucher) == 1
        assert check_all(session) == []

    def test_money_after_the_expiry_waits_for_a_person_when_others_have_used_it_up(self, session: Session, goods: Goods) -> None:
        voucher = make_voucher(session, goods.outlet, use_limit=1)
        order = expire(session, place(session, goods, voucher_code=voucher.code))
        place(session, goods, voucher_code=voucher.code)
        assert pay(session, order).state is OrderState.EXPIRED
        payment = payment_of(session, order)
        assert (payment.state, payment.review_reason) == (PaymentState.REVIEW, ReviewReason.LATE)
        assert uses_of(session, voucher) == 1
        assert check_all(session) == []

    def test_goods_that_are_gone_leave_the_voucher_to_others(self, session: Session) -> None:
        goods = make_goods(session, 1)
        voucher = make_voucher(session, goods.outlet, use_limit=1)
        order = expire(session, place(session, goods, voucher_code=voucher.code))
        place(session, goods)
        pay(session, order)
        assert uses_of(session, voucher) == 0
        assert check_all(session) == []


def expire(session: Session, order: Order) -> Order:
    session.execute(update(Order).where(Order.id == order.id).values(hold_until=clock.now() - DAY))
    assert holds.sweep_expired(session) == [order.code]
    return order


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    prices=st.lists(st.integers(2_000, 300_000), min_size=1, max_size=3),
    quantity=st.integers(1, 2),
    percent_bps=st.integers(100, 10_000),
    seed=st.integers(0, 10_000),
)
def test_refunding_bit_by_bit_gives_back_what_was_paid(
    session: Session, prices: list[int], quantity: int, percent_bps: int, seed: int
) -> None:
    outlet = make_outlet(session, voucher_percent_limit_bps=10_000, voucher_worth_limit=10_000_000)
    shelf = [make_goods(session, 5, outlet=outlet, price=price) for price in prices]
    voucher = make_voucher(session, outlet, amount=None, percent_bps=percent_bps, most_discount=2_000_000, use_limit=1)
    order = pay(session, place(session, *shelf, quantity=quantity, voucher_code=voucher.code))
    count = len(shelf)
    for unit in range(quantity * count):
        wanted = [int(number == (seed + unit) % count) for number in range(count)]
        give(session, refund(session, order, *wanted, approval_above=10**10))
    assert ledger.refunded(session, order.id) == order.total
    assert set(ledger.balance(session, order.id).values()) == {0}
    discounts = select(func.sum(RefundLine.discount)).join(OrderLine).where(OrderLine.order_id == order.id)
    assert session.scalar(discounts) == order.discount_total
    assert uses_of(session, voucher) == 0
