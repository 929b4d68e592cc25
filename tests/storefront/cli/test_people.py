"""`flask people create-administrator` as an operator runs it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from kernel import accounts
from kernel.people import Permission, User
from tests.make_second_factor import turned_on

NAMED = ["people", "create-administrator", "--email", "Kepala@Contoh.example", "--name", "Kepala Contoh"]


def test_the_first_administrator_may_do_everything(app: Flask, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=NAMED, input="sandi-panjang-sekali\nsandi-panjang-sekali\n")
    assert result.exit_code == 0, result.output
    assert "sandi-panjang" not in result.output
    person = accounts.check_password(session, email="kepala@contoh.example", password="sandi-panjang-sekali")
    session.refresh(person, ["grants"])
    assert accounts.as_actor(person).can(Permission.MANAGE_PEOPLE, area_code="53.01.01.2001")


def test_a_weak_password_or_a_taken_address_is_refused_with_a_reason(app: Flask, session: Session) -> None:
    runner = app.test_cli_runner()
    weak = runner.invoke(args=[*NAMED, "--password", "pendek"])
    assert weak.exit_code == 1
    assert "at least 10 characters" in weak.output
    assert runner.invoke(args=[*NAMED, "--password", "sandi-panjang-sekali"]).exit_code == 0
    again = runner.invoke(args=[*NAMED, "--password", "sandi-panjang-sekali"])
    assert again.exit_code == 1
    assert "exists already" in again.output


def test_whoever_is_locked_out_gets_back_in_by_the_operator(app: Flask, session: Session) -> None:
    user, _key, _codes = turned_on(session)
    session.commit()
    command = ["people", "reset-second-factor", user.email]
    done = app.test_cli_runner().invoke(args=command)
    assert done.exit_code == 0, done.output
    session.expire_all()
    assert session.get_one(User, user.id).second_factor_at is None
    assert app.test_cli_runner().invoke(args=command).exit_code == 1
