"""States: the table of steps, and news about a payment that may arrive in any order, any number of times."""

from __future__ import annotations

import random
from functools import reduce
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.gateways import ProviderState
from orders.states import CAN_BE_CONFIRMED, HOLDING, STEPS, UNDECIDED, OrderState, PaymentState, WrongState, check_step, learn

S = OrderState
#: The table of steps, written a second time by hand.
LEGAL = {
    (S.AWAITING_PAYMENT, S.CONFIRMED),
    (S.AWAITING_PAYMENT, S.CANCELLED),
    (S.AWAITING_PAYMENT, S.EXPIRED),
    (S.CONFIRMED, S.READY),
    (S.CONFIRMED, S.SHIPPED),
    (S.CONFIRMED, S.COMPLETED),
    (S.CONFIRMED, S.CANCELLED),
    (S.CONFIRMED, S.EXPIRED),
    (S.READY, S.SHIPPED),
    (S.READY, S.COMPLETED),
    (S.READY, S.CANCELLED),
    (S.READY, S.EXPIRED),
    (S.SHIPPED, S.COMPLETED),
    (S.EXPIRED, S.CONFIRMED),
}


@pytest.mark.parametrize(("now", "then"), sorted(product(OrderState, OrderState)))
def test_a_step_is_possible_only_when_the_table_says_so(now: OrderState, then: OrderState) -> None:
    if (now, then) in LEGAL:
        check_step(now, then)
    else:
        with pytest.raises(WrongState):
            check_step(now, then)


def test_goods_are_held_and_payments_undecided_in_these_states_alone() -> None:
    assert {S.AWAITING_PAYMENT, S.CONFIRMED, S.READY} == HOLDING
    assert {PaymentState.STARTED, PaymentState.OPEN, PaymentState.PROCESSING} == UNDECIDED
    assert {PaymentState.OPEN, PaymentState.EXPIRED, PaymentState.FAILED} == CAN_BE_CONFIRMED


def test_what_is_completed_or_cancelled_stays_so() -> None:
    assert STEPS[OrderState.COMPLETED] == STEPS[OrderState.CANCELLED] == frozenset()


def test_every_state_that_holds_goods_can_end_without_being_paid() -> None:
    assert all({OrderState.CANCELLED, OrderState.EXPIRED} <= STEPS[state] for state in HOLDING)


def test_the_same_news_in_any_order_and_repeated_ends_in_the_same_state() -> None:
    dice = random.Random(5)
    for _shuffle in range(2_000):
        news = dice.choices(list(ProviderState), k=dice.randint(1, 8))
        again = news + dice.choices(news, k=dice.randint(0, 8))
        dice.shuffle(again)
        assert reduce(learn, again, PaymentState.STARTED) == reduce(learn, news, PaymentState.STARTED), (news, again)


@given(st.sampled_from(PaymentState), st.lists(st.sampled_from(ProviderState)))
def test_money_is_never_forgotten_and_a_review_never_ends_by_itself(state: PaymentState, news: list[ProviderState]) -> None:
    end = reduce(learn, news, state)
    if state in (PaymentState.REVIEW, PaymentState.RETURNED):  # a person's word, and money given back, are the end
        assert end is state
    elif state is PaymentState.PAID or ProviderState.PAID in news:
        assert end is PaymentState.PAID


@pytest.mark.parametrize(
    ("now", "said", "then"),
    [
        (PaymentState.STARTED, ProviderState.OPEN, PaymentState.OPEN),
        (PaymentState.PROCESSING, ProviderState.OPEN, PaymentState.PROCESSING),
        (PaymentState.EXPIRED, ProviderState.OPEN, PaymentState.EXPIRED),
        (PaymentState.EXPIRED, ProviderState.PAID, PaymentState.PAID),
        (PaymentState.PROCESSING, ProviderState.FAILED, PaymentState.FAILED),
        (PaymentState.PAID, ProviderState.EXPIRED, PaymentState.PAID),
    ],
)
def test_one_piece_of_news(now: PaymentState, said: ProviderState, then: PaymentState) -> None:
    assert learn(now, said) is then
