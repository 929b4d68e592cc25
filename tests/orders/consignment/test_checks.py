"""Whatever happens at a shop in whatever order, makers' goods and money stay exact; and the doctor names what is not."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from catalog.models.stock import LossCause, Outlet
from kernel.people import SYSTEM, Role
from orders.consignment import goods, ledger, payouts, statements
from orders.invariants import CHECKS
from orders.models.agreement import Agreement
from orders.models.consignment import MakerStatement
from orders.models.maker_payout import MakerPayout
from tests.make import make_actor
from tests.make_consignment import breaches, day, make_agreement, make_consigned, sell
from tests.make_stock import make_goods
from tests.orders.consignment.shop_ground import ShopGround
from tests.orders.consignment.shop_machine import ShopMachine

#: Acts, each with the doctor after it; rounds of so many examples of at most so many steps make them up. A server answers each
#: of an act's forty statements through a socket, so there are fewer of them on PostgreSQL.
ACTS_WANTED, EXAMPLES, STEPS = {"sqlite": 700, "postgresql": 360}, 6, 60
MANY_ACTS = 2_000
#: Each of these must really have happened, not only been refused.
ACTS = {
    "delivery",
    "own goods",
    "order",
    "sale",
    "late sale",
    "refund",
    "write-off",
    "correction",
    "count",
    "pull-out announced",
    "pull-out done",
    "transfer sent",
    "transfer received",
    "recall",
    "new terms",
    "payout",
    "correction by hand",
    "statement",
}


@pytest.mark.parametrize("is_long", [False, pytest.param(True, marks=pytest.mark.long)], ids=["short", "long"])
def test_any_row_of_acts_keeps_the_books_exact(session: Session, is_long: bool) -> None:
    ShopGround.session, ShopGround.steps = session, 0
    ShopGround.tally.clear()
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    # Not made smaller when it fails: 60 acts can be read, and making them fewer takes minutes.
    rules = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=quiet,
        derandomize=False,
        database=None,
    )
    wanted = MANY_ACTS if is_long else ACTS_WANTED[session.get_bind().dialect.name]
    for number in count(1):
        run_state_machine_as_test(seed(number)(type("Shop", (ShopMachine,), {})), settings=rules)
        if ShopGround.steps >= wanted:
            break
    assert wanted < ACTS_WANTED["sqlite"] or ACTS - set(ShopGround.tally) == set()


def make_busy_books(session: Session) -> None:
    """An agreement with a sale, a loss, a paid payout and a closed statement."""
    agreement = make_agreement(session)
    wares = make_consigned(session, agreement)
    sell(session, wares, quantity=2)
    goods.write_off(session, SYSTEM, wares.level.id, 1, LossCause.DAMAGED, "terjatuh")
    outlet = session.get_one(Outlet, agreement.outlet_id)
    people = [make_actor(session, Role.OUTLET_MANAGER, outlet_id=outlet.id) for _person in range(2)]
    batch = payouts.prepare_batch(session, people[0], outlet, {agreement.id: 10_000}, "k" * 16, in_cash=frozenset({agreement.id}))
    payouts.approve_batch(session, people[1], batch.id)
    payouts.mark_paid(session, SYSTEM, session.scalars(select(MakerPayout.id)).one(), "Ibu Contoh", day(0))
    statements.close_statement(session, SYSTEM, agreement.id, day(-1))
    make_goods(session)
    session.flush()


ENTRY = (
    "INSERT INTO consignment_entries (agreement_id, posting, kind, account, amount, reason, recorded_at, occurred_at, booked_at) "
    "SELECT agreement_id, '{posting}', '{kind}', 'owed', -500, '', recorded_at, occurred_at, booked_at FROM consignment_entries LIMIT 1"
)
DAMAGES = {
    "a unit sold without its maker": (
        "I4",
        "INSERT INTO stock_movements (level_id, kind, on_hand_change, held_change, reference, reason, at) SELECT level_id, 'sold', "
        "-1, 0, '', '', at FROM stock_movements WHERE kind = 'written_off'",
        "sold 3 units",
    ),
    "a loss nobody booked": (
        "I4",
        "INSERT INTO stock_movements (level_id, kind, on_hand_change, held_change, reference, reason, at) SELECT level_id, "
        "'written_off', -1, 0, '', '', at FROM stock_movements WHERE kind = 'written_off'",
        "lost 2",
    ),
    "goods of another maker": (
        "I4",
        "UPDATE stock_levels SET agreement_id = (SELECT id FROM agreements) WHERE agreement_id IS NULL",
        "another maker's",
    ),
    "money for no sale": ("I4", ENTRY.format(posting="sale:999999", kind="sale"), "sales come to"),
    "a payout that is not in the books": ("I4", "UPDATE maker_payouts SET amount = amount + 1", "payouts come to"),
    "a batch one person approved": ("I4", "UPDATE payout_batches SET decided_by_id = prepared_by_id", "second person"),
    "a batch paid before its approval": ("I4", "UPDATE payout_batches SET state = 'prepared'", "paid without"),
    "a posting with one side": ("I7", ENTRY.format(posting="correction:forged", kind="correction"), "not to zero"),
    "an entry in a closed period": (
        "I6",
        ENTRY.format(posting="correction:late", kind="correction").replace("occurred_at, booked_at FROM", "occurred_at, '2020-01-01' FROM"),
        "the ledger says",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_doctor_names_damage(session: Session, damage: str) -> None:
    make_busy_books(session)
    assert breaches(session) == []
    number, act, said = DAMAGES[damage]
    session.execute(text(act))
    found = list(CHECKS[number](session))
    assert any(said in message for message in found), found
    session.rollback()


def test_a_statement_that_was_tampered_with_is_named(session: Session) -> None:
    """Whoever goes around the trigger is found by the hash; the forged sum stands against the ledger."""
    make_busy_books(session)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER maker_statements_no_update"))
    else:
        session.execute(text("ALTER TABLE maker_statements DISABLE TRIGGER maker_statements_append_only"))
    forged = update(MakerStatement).values(content=func.replace(MakerStatement.content, '"owed":0', '"owed":9'))
    session.execute(forged, execution_options={"synchronize_session": False})
    said = "\n".join(CHECKS["I6"](session))
    assert "was changed after it was closed" in said
    assert "trigger maker_statements" in said
    session.rollback()


def test_owed_is_shares_and_losses_less_payouts(session: Session) -> None:
    make_busy_books(session)
    (owed,) = ledger.owed(session, session.scalars(select(Agreement.id)).all()).values()
    assert owed == 2 * 21_250 + 21_250 - 10_000
