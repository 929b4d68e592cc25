"""A10: a cookie that was copied before something ended the session opens nothing afterwards, in eleven situations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import accounts, clock, roster
from kernel.outbox import OutboxMessage
from kernel.people import Grant, Role, User
from tests.make import PASSWORD, make_actor, make_user
from tests.make_second_factor import code_of, turn_on

NEW = "sebuah kata sandi baru"
PAGES = ("/account/profile", "/account/orders", "/account/devices", "/office/", "/office/products")


class Situation:
    """A signed-in curator, a thief with a copy of the cookie, and what the curator or an administrator does next."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.user = make_user(session, Grant(Role.CURATOR, area_prefix="16.12"))
        self.key = ""
        session.commit()
        self.browser = self.sign_in()
        cookie = self.browser.get_cookie("etalase")
        assert cookie is not None
        self.stolen = cookie.value
        assert self.opened() == list(PAGES), "the copy is good while the session lives"

    def sign_in(self, password: str = PASSWORD) -> FlaskClient:
        """A browser in which the person has just signed in."""
        browser = self.app.test_client()
        answer = browser.post("/account/sign-in", data={"email": self.user.email, "password": password})
        assert answer.status_code == 303
        return browser

    def opened(self) -> list[str]:
        """What the copy of the cookie opens."""
        opened = []
        for page in PAGES:
            thief = self.app.test_client()
            thief.set_cookie("etalase", self.stolen)
            if thief.get(page).status_code == 200:
                opened.append(page)
        return opened

    def person(self) -> User:
        """The person, read anew with roles."""
        self.session.expire_all()
        person = self.session.get_one(User, self.user.id)
        self.session.refresh(person, ["grants"])
        return person


def sign_out(at: Situation) -> None:
    at.browser.post("/account/sign-out")


def sign_in_again(at: Situation) -> None:
    """In the same browser: every sign-in is a new session."""
    at.browser.post("/account/sign-in", data={"email": at.user.email, "password": PASSWORD})


def change_password(at: Situation) -> None:
    """Elsewhere: the browser of the change stays, the copy dies."""
    other = at.sign_in()
    assert other.post("/account/password", data={"current": PASSWORD, "password": NEW}).status_code == 303


def reset_password(at: Situation) -> None:
    browser = at.app.test_client()
    browser.post("/account/forgotten-password", data={"email": at.user.email})
    kind = accounts.MAIL_PASSWORD_RESET
    letter = at.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id.desc())).first()
    assert letter is not None
    assert browser.post(f"/account/new-password/{letter.payload['token']}", data={"password": NEW}).status_code == 303


def end_all_devices(at: Situation) -> None:
    at.sign_in().post("/account/devices/end")


def end_this_device(at: Situation) -> None:
    row = accounts.list_sessions(at.session, at.user.id)[0]
    at.sign_in().post("/account/devices/end", data={"device": accounts.handle_of(row)})


def dismiss(at: Situation) -> None:
    roster.dismiss(at.session, make_actor(at.session), at.person())
    at.session.commit()


def give_role(at: Situation) -> None:
    roster.grant(at.session, make_actor(at.session), at.person(), Grant(Role.CURATOR, area_prefix="16.13"))
    at.session.commit()


def withdraw_role(at: Situation) -> None:
    person = at.person()
    roster.withdraw(at.session, make_actor(at.session), person, person.grants[0].id)
    at.session.commit()


def turn_on_second_factor(at: Situation) -> None:
    turn_on(at.session, at.person())
    at.session.commit()


def reset_second_factor(at: Situation) -> None:
    at.key, _codes = turn_on(at.session, at.person())
    at.session.commit()
    at.browser = at.sign_in()
    at.browser.post("/account/sign-in/code", data={"code": code_of(at.key)})
    cookie = at.browser.get_cookie("etalase")
    assert cookie is not None
    at.stolen = cookie.value
    assert at.opened() == list(PAGES)
    roster.reset_second_factor(at.session, make_actor(at.session), at.person())
    at.session.commit()


ENDINGS: tuple[Callable[[Situation], None], ...] = (
    sign_out,
    sign_in_again,
    change_password,
    reset_password,
    end_all_devices,
    end_this_device,
    dismiss,
    give_role,
    withdraw_role,
    turn_on_second_factor,
    reset_second_factor,
)


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.__name__)
def test_a10_a_copied_cookie_is_dead_after(ending: Callable[[Situation], None], app: Flask, session: Session, client: FlaskClient) -> None:
    """A10."""
    situation = Situation(app, session)
    ending(situation)
    assert situation.opened() == []


def test_a10_a_copied_cookie_is_dead_when_its_time_is_up(app: Flask, session: Session, client: FlaskClient) -> None:
    """A10."""
    situation = Situation(app, session)
    with time_machine.travel(clock.now() + accounts.SESSION_LENGTH + timedelta(seconds=1), tick=False):
        assert situation.opened() == []


def test_a10_a_cookie_planted_before_signing_in_is_not_signed_in_afterwards(app: Flask, session: Session, client: FlaskClient) -> None:
    """A10, fixation: whoever gave the victim a cookie does not share the session that follows."""
    attacker = app.test_client()
    attacker.get("/account/sign-in")
    attacker.post("/cart/lines", data={})
    planted = attacker.get_cookie("etalase")
    user = make_user(session)
    victim = app.test_client()
    if planted is not None:
        victim.set_cookie("etalase", planted.value)
    assert victim.post("/account/sign-in", data={"email": user.email, "password": PASSWORD}).status_code == 303
    assert victim.get("/account/profile").status_code == 200
    assert attacker.get("/account/profile").status_code == 303


@pytest.mark.parametrize("change", ["cut", "flip", "unsigned", "foreign"])
def test_a10_a_cookie_that_was_made_or_changed_elsewhere_is_nothing(app: Flask, session: Session, client: FlaskClient, change: str) -> None:
    """A10: the cookie is signed; without the secret nobody writes `_user_id` into it."""
    situation = Situation(app, session)
    payload, _, signature = situation.stolen.partition(".")
    forged = {
        "cut": situation.stolen[:-3],
        "flip": situation.stolen[:10] + ("A" if situation.stolen[10] != "A" else "B") + situation.stolen[11:],
        "unsigned": payload,
        "foreign": f"{payload}.AAAAAA.{signature[::-1]}",
    }
    situation.stolen = forged[change]
    assert situation.opened() == []
