"""Payouts take two people, never exceed what is owed and are booked once; a swapped account waits (A24)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from kernel import audit, clock
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import SYSTEM, Actor, Role
from orders.consignment import accounts, ledger, payouts
from orders.consignment.accounts import ChangeWaits, SecondPersonNeeded
from orders.consignment.payouts import AccountChanged, NoAccount, PayoutAboveOwed, PayoutOpen
from orders.models.agreement import Agreement
from orders.models.consignment import ConsignmentEntry, EntryKind
from orders.models.maker_payout import MakerAccount, MakerPayout, PayoutBatch, PayoutState, PayoutWay
from tests.make import make_actor, make_outlet
from tests.make_consignment import breaches, day, make_agreement, make_consigned, sell
from tests.orders.test_refunds import refund

KEY = "k" * 16


@pytest.fixture
def agreement(session: Session) -> Agreement:
    """An agreement under which Rp42.500 are owed."""
    agreement = make_agreement(session)
    sell(session, make_consigned(session, agreement), quantity=2)
    return agreement


def outlet_of(session: Session, agreement: Agreement) -> Outlet:
    return session.get_one(Outlet, agreement.outlet_id)


def manager_of(session: Session, agreement: Agreement) -> Actor:
    return make_actor(session, Role.OUTLET_MANAGER, outlet_id=agreement.outlet_id)


def use_account(session: Session, agreement: Agreement, number: str = "0001112223") -> MakerAccount:
    account = accounts.request_account(session, SYSTEM, agreement.id, "Bank Contoh", number, "Dapur Contoh")
    return accounts.approve_account(session, SYSTEM, account.id)


def prepare(session: Session, actor: Actor, agreement: Agreement, amount: int, key: str = KEY, *, cash: bool = True) -> PayoutBatch:
    in_cash = frozenset({agreement.id}) if cash else frozenset()
    return payouts.prepare_batch(session, actor, outlet_of(session, agreement), {agreement.id: amount}, key, in_cash=in_cash)


def only_payout(session: Session, batch: PayoutBatch) -> MakerPayout:
    return session.scalars(select(MakerPayout).where(MakerPayout.batch_id == batch.id)).one()


def owed(session: Session, agreement: Agreement) -> int:
    return ledger.owed(session, [agreement.id])[agreement.id]


@pytest.fixture
def pair(session: Session, agreement: Agreement) -> tuple[Actor, Actor]:
    """The one who prepares and the one who approves."""
    return manager_of(session, agreement), manager_of(session, agreement)


class TestPaying:
    def test_prepared_by_one_approved_by_another_and_booked_when_it_is_paid(
        self, session: Session, agreement: Agreement, pair: tuple[Actor, Actor]
    ) -> None:
        one, other = pair
        use_account(session, agreement)
        batch = prepare(session, one, agreement, 42_500, cash=False)
        assert owed(session, agreement) == 42_500
        payouts.approve_batch(session, other, batch.id)
        payout = payouts.mark_paid(session, one, only_payout(session, batch).id, "TRF-1", day(0), proof="bukti.jpg")
        assert (owed(session, agreement), batch.state, payout.way) == (0, PayoutState.SETTLED, PayoutWay.TRANSFER)
        assert [entry.action for entry in audit.list_for(session, f"payout:{batch.code}")] == ["payout.approved", "payout.prepared"]
        assert breaches(session) == []

    def test_the_person_who_prepared_it_cannot_approve_it(self, session: Session, agreement: Agreement, pair: tuple[Actor, Actor]) -> None:
        batch = prepare(session, pair[0], agreement, 1_000)
        with pytest.raises(SecondPersonNeeded):
            payouts.approve_batch(session, pair[0], batch.id)
        with pytest.raises(Conflict):
            payouts.mark_paid(session, pair[0], only_payout(session, batch).id, "TRF-1", day(0))
        assert owed(session, agreement) == 42_500

    @pytest.mark.parametrize("amount", [42_501, 10**9])
    def test_never_more_than_is_owed(self, session: Session, agreement: Agreement, amount: int) -> None:
        with pytest.raises(PayoutAboveOwed):
            prepare(session, SYSTEM, agreement, amount)

    @pytest.mark.parametrize("amount", [0, -5])
    def test_nothing_and_less_is_refused(self, session: Session, agreement: Agreement, amount: int) -> None:
        with pytest.raises(InvalidInput):
            prepare(session, SYSTEM, agreement, amount)

    def test_what_came_back_after_preparing_stops_the_approval(
        self, session: Session, agreement: Agreement, pair: tuple[Actor, Actor]
    ) -> None:
        order = sell(session, make_consigned(session, agreement))
        batch = prepare(session, pair[0], agreement, 63_750)
        refund(session, order, 1)
        with pytest.raises(PayoutAboveOwed):
            payouts.approve_batch(session, pair[1], batch.id)
        payouts.cancel_batch(session, pair[1], batch.id, "barang kembali")
        assert prepare(session, pair[0], agreement, 42_500, "l" * 16).state is PayoutState.PREPARED

    def test_a_double_click_is_one_batch_and_a_second_batch_waits(self, session: Session, agreement: Agreement) -> None:
        batch = prepare(session, SYSTEM, agreement, 10_000)
        assert prepare(session, SYSTEM, agreement, 10_000).id == batch.id
        with pytest.raises(PayoutOpen):
            prepare(session, SYSTEM, agreement, 10_000, "m" * 16)

    def test_paying_twice_books_once(self, session: Session, agreement: Agreement) -> None:
        batch = prepare(session, SYSTEM, agreement, 10_000)
        payouts.approve_batch(session, SYSTEM, batch.id)
        payout = only_payout(session, batch)
        payouts.mark_paid(session, SYSTEM, payout.id, "Ibu Contoh", day(0))
        for act in (
            lambda: payouts.mark_paid(session, SYSTEM, payout.id, "Ibu Contoh", day(0)),
            lambda: payouts.drop_payout(session, SYSTEM, payout.id, "salah"),
        ):
            with pytest.raises(Conflict):
                act()
        posted = select(func.count(func.distinct(ConsignmentEntry.posting))).where(ConsignmentEntry.kind == EntryKind.PAYOUT)
        assert (session.scalar(posted), owed(session, agreement)) == (1, 32_500)

    def test_what_the_bank_refused_can_be_prepared_anew(self, session: Session, agreement: Agreement) -> None:
        batch = prepare(session, SYSTEM, agreement, 42_500)
        payouts.approve_batch(session, SYSTEM, batch.id)
        payouts.drop_payout(session, SYSTEM, only_payout(session, batch).id, "rekening ditolak")
        assert (batch.state, owed(session, agreement)) == (PayoutState.SETTLED, 42_500)
        assert prepare(session, SYSTEM, agreement, 42_500, "n" * 16).state is PayoutState.PREPARED
        assert breaches(session) == []

    def test_cashiers_and_people_of_other_outlets_are_refused(self, session: Session, agreement: Agreement) -> None:
        cashier = make_actor(session, Role.CASHIER, outlet_id=agreement.outlet_id)
        elsewhere = make_actor(session, Role.OUTLET_MANAGER, outlet_id=make_outlet(session).id)
        for stranger in (cashier, elsewhere):
            with pytest.raises(NotAllowed):
                prepare(session, stranger, agreement, 1_000)
        batch = prepare(session, SYSTEM, agreement, 1_000)
        with pytest.raises(NotAllowed):
            payouts.approve_batch(session, elsewhere, batch.id)
        with pytest.raises(NotFound):
            payouts.get_batch(session, elsewhere, batch.code)

    def test_an_agreement_of_another_outlet_cannot_be_slipped_in(self, session: Session, agreement: Agreement) -> None:
        with pytest.raises(NotFound):
            payouts.prepare_batch(session, SYSTEM, make_outlet(session), {agreement.id: 1_000}, KEY, in_cash=frozenset({agreement.id}))

    def test_what_can_be_paid_is_listed_with_its_account(self, session: Session, agreement: Agreement) -> None:
        account = use_account(session, agreement)
        make_agreement(session, outlet_of(session, agreement))
        (payable,) = payouts.list_payable(session, outlet_of(session, agreement))
        assert (payable.owed, payable.is_open, payable.account) == (42_500, False, account)


class TestAccounts:
    def test_the_first_account_is_good_when_a_second_person_agrees(
        self, session: Session, agreement: Agreement, pair: tuple[Actor, Actor]
    ) -> None:
        account = accounts.request_account(session, pair[0], agreement.id, "Bank Contoh", "000 111-2223", "Dapur Contoh")
        assert accounts.find_account(session, agreement.id) is None
        with pytest.raises(SecondPersonNeeded):
            accounts.approve_account(session, pair[0], account.id)
        with pytest.raises(NoAccount):
            prepare(session, pair[0], agreement, 1_000, cash=False)
        accounts.approve_account(session, pair[1], account.id)
        assert accounts.find_account(session, agreement.id) == account
        assert account.account_number == "0001112223"

    def test_a_swapped_account_waits_three_days_and_can_be_stopped(
        self, session: Session, agreement: Agreement, pair: tuple[Actor, Actor]
    ) -> None:
        """A24: whoever can change an account cannot send today's money there."""
        first = use_account(session, agreement)
        swapped = accounts.request_account(session, pair[0], agreement.id, "Bank Lain", "9998887776", "Orang Lain")
        accounts.approve_account(session, pair[1], swapped.id)
        batch = prepare(session, pair[0], agreement, 1_000, cash=False)
        assert only_payout(session, batch).account_id == first.id
        with time_machine.travel(clock.now() + accounts.DELAY - timedelta(minutes=1), tick=False):
            assert accounts.find_account(session, agreement.id) == first
        accounts.stop_account(session, pair[0], swapped.id)
        with time_machine.travel(clock.now() + accounts.DELAY, tick=False):
            assert accounts.find_account(session, agreement.id) == first

    def test_a_batch_whose_account_changed_meanwhile_is_not_approved(
        self, session: Session, agreement: Agreement, pair: tuple[Actor, Actor]
    ) -> None:
        use_account(session, agreement)
        changed = accounts.request_account(session, pair[0], agreement.id, "Bank Lain", "9998887776", "Dapur Contoh")
        accounts.approve_account(session, pair[1], changed.id)
        batch = prepare(session, pair[0], agreement, 1_000, cash=False)
        with time_machine.travel(clock.now() + accounts.DELAY, tick=False), pytest.raises(AccountChanged):
            payouts.approve_batch(session, pair[1], batch.id)

    def test_one_change_at_a_time_and_none_is_decided_twice(self, session: Session, agreement: Agreement) -> None:
        account = accounts.request_account(session, SYSTEM, agreement.id, "Bank Contoh", "0001112223", "Dapur Contoh")
        with pytest.raises(ChangeWaits):
            accounts.request_account(session, SYSTEM, agreement.id, "Bank Contoh", "0001112224", "Dapur Contoh")
        accounts.reject_account(session, SYSTEM, account.id)
        with pytest.raises(Conflict):
            accounts.approve_account(session, SYSTEM, account.id)
        assert accounts.find_account(session, agreement.id) is None

    @pytest.mark.parametrize("number", ["", "12", "12345a", "=1+1", "٣٤٥٦٧٨"])
    def test_what_is_no_account_number_is_refused(self, session: Session, agreement: Agreement, number: str) -> None:
        with pytest.raises(InvalidInput):
            accounts.request_account(session, SYSTEM, agreement.id, "Bank Contoh", number, "Dapur Contoh")
