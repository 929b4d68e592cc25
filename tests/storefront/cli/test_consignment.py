"""`flask consignment close-due` closes what is due, once."""

from __future__ import annotations

import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from catalog.models.stock import Outlet
from orders.consignment import statements
from tests.make_consignment import make_agreement, make_consigned, sell


def test_due_statements_are_closed_and_a_second_run_finds_none(app: Flask, session: Session) -> None:
    with time_machine.travel("2026-10-01T05:00:00+00:00", tick=False):
        agreement = make_agreement(session)
        sell(session, make_consigned(session, agreement, 5))
        session.commit()
    with time_machine.travel("2026-11-06T05:00:00+00:00", tick=False):
        first = app.test_cli_runner().invoke(args=["consignment", "close-due"])
        again = app.test_cli_runner().invoke(args=["consignment", "close-due"])
    assert first.exit_code == 0, first.output
    assert f"{agreement.code}-S1  up to 2026-11-04" in first.output
    assert "0 statements closed." in again.output
    session.expire_all()
    assert len(statements.list_statements(session, agreement.id)) == 1


def test_an_unknown_outlet_is_refused(app: Flask, session: Session) -> None:
    assert session.get(Outlet, 0) is None
    result = app.test_cli_runner().invoke(args=["consignment", "close-due", "--outlet", "NOWHERE"])
    assert result.exit_code != 0
    assert "NOWHERE" in result.output
