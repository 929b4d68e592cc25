"""Letters about money: before the due day and after it, each once, and none once it is paid."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.outbox import OutboxMessage
from kernel.people import SYSTEM
from orders.wholesale import receivables, reminders
from tests.make_trade import invoiced, make_trade


def letters(session: Session) -> list[str]:
    statement = select(OutboxMessage.key).where(OutboxMessage.kind == reminders.MAIL_REMINDER).order_by(OutboxMessage.id)
    return [key.rsplit(":", 1)[1] for key in session.scalars(statement)]


def test_each_letter_is_written_once_and_none_after_the_money_is_here(session: Session) -> None:
    begin = clock.now() - timedelta(days=60)
    trade = make_trade(session)
    with clock.at(begin):
        invoice = invoiced(session, trade, 4, payment_days=30)
    written = []
    for day in (0, 26, 27, 28, 30, 31, 32, 37, 37, 45):
        with clock.at(begin + timedelta(days=day)):
            written.append(reminders.write_reminders(session))
    assert written == [0, 0, 1, 0, 0, 1, 0, 1, 0, 1]
    assert letters(session) == ["-3", "1", "7", "14"]
    receivables.record_transfer(session, SYSTEM, invoice.purchase_id, invoice.total, "TRX-0001")
    assert reminders.write_reminders(session) == 0


def test_after_a_long_silence_only_the_latest_letter_is_written(session: Session) -> None:
    with clock.at(clock.now() - timedelta(days=50)):
        invoiced(session, make_trade(session), 4, payment_days=0)
    reminders.write_reminders(session)
    assert letters(session) == ["30"]
