"""Turns of a quote, stages of an order and the state of an invoice, as tables."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from orders.wholesale.states import (
    BINDING,
    InvoiceState,
    NotYourTurn,
    PurchaseState,
    QuoteAct,
    QuoteState,
    Side,
    WrongStage,
    acts_for,
    check_stage,
    invoice_state,
    is_open_on,
    next_state,
)

TODAY = date(2026, 11, 30)
OVER = (QuoteState.ACCEPTED, QuoteState.DECLINED, QuoteState.WITHDRAWN)


@pytest.mark.parametrize(("state", "side", "act"), [*product(OVER, Side, QuoteAct)])
def test_a_quote_that_is_over_takes_no_turn(state: QuoteState, side: Side, act: QuoteAct) -> None:
    with pytest.raises(NotYourTurn):
        next_state(state, side, act)


def test_only_the_partner_accepts_and_only_what_was_offered() -> None:
    accepting = [(state, side) for state, side in product(QuoteState, Side) if QuoteAct.ACCEPT in acts_for(state, side)]
    assert accepting == [(QuoteState.OFFERED, Side.PARTNER)]


def test_either_side_can_end_every_open_quote() -> None:
    ends = {QuoteAct.DECLINE, QuoteAct.WITHDRAW}
    for state, side in product((QuoteState.REQUESTED, QuoteState.OFFERED, QuoteState.COUNTERED), Side):
        assert acts_for(state, side) & ends


def test_an_offer_holds_through_its_last_day() -> None:
    assert is_open_on(QuoteState.OFFERED, TODAY, TODAY)
    assert not is_open_on(QuoteState.OFFERED, TODAY - timedelta(days=1), TODAY)
    assert not is_open_on(QuoteState.COUNTERED, TODAY, TODAY)
    assert not is_open_on(QuoteState.OFFERED, None, TODAY)


def test_goods_that_have_left_cannot_be_cancelled() -> None:
    for stage in (PurchaseState.DISPATCHED, PurchaseState.RECEIVED, PurchaseState.SETTLED, PurchaseState.INVOICED):
        with pytest.raises(WrongStage):
            check_stage(stage, PurchaseState.CANCELLED)


def test_an_order_that_waits_for_an_approver_binds_nobody() -> None:
    assert PurchaseState.WAITING not in BINDING
    assert PurchaseState.OPEN in BINDING


@pytest.mark.parametrize(
    ("outstanding", "late", "state"),
    [(1, 0, InvoiceState.DUE), (1, 1, InvoiceState.OVERDUE), (0, 90, InvoiceState.PAID), (-5, 90, InvoiceState.PAID)],
)
def test_an_invoice_is_overdue_from_the_day_after(outstanding: int, late: int, state: InvoiceState) -> None:
    assert invoice_state(outstanding, TODAY - timedelta(days=late), TODAY) is state
