"""Signing in and out, registering and resetting through the real client."""

from __future__ import annotations

import re
import statistics
import time
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import accounts, clock, roster, throttle
from kernel.outbox import OutboxMessage
from kernel.people import Grant, LoginAttempt, LoginSession, Role, User
from tests.hashing import REAL_DUMMY_HASH, REAL_HASHER
from tests.make import PASSWORD, make_actor, make_user
from tests.make_stock import make_goods

NEW = "sebuah kata sandi baru"


def _sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **form: str):  # type: ignore[no-untyped-def]
    return client.post("/account/sign-in", data={"email": email, "password": password, **form})


def _is_in(client: FlaskClient) -> bool:
    return client.get("/account/profile").status_code == 200


def _token(session: Session, kind: str) -> str:
    found = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id.desc())).first()
    assert found is not None
    return str(found.payload["token"])


def test_a_person_signs_in_and_out(client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    answer = _sign_in(client, user.email.upper())
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/orders")
    assert _is_in(client)
    assert client.post("/account/sign-out").status_code == 303
    assert not _is_in(client)


def test_staff_land_in_the_office(client: FlaskClient, session: Session) -> None:
    user = make_user(session, Grant(Role.CURATOR, area_prefix="16.12"))
    assert _sign_in(client, user.email).headers["Location"] == "/office/"


def test_after_signing_in_a_visitor_goes_on_where_they_wanted_in_their_language(client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    asked = client.get("/en/account/profile?x=1")
    assert asked.status_code == 303
    assert asked.headers["Location"] == "/en/account/sign-in?next=/en/account/profile?x%3D1"
    assert _sign_in(client, user.email, next="/en/account/profile?x=1").headers["Location"] == "/en/account/profile?x=1"


def test_a_foreign_target_is_ignored(client: FlaskClient, session: Session) -> None:
    assert _sign_in(client, make_user(session).email, next="//evil.example").headers["Location"] == "/account/orders"


@pytest.mark.parametrize(("email", "password"), [("known", "salah-sekali"), ("nobody@example.org", PASSWORD), ("dismissed", PASSWORD)])
def test_known_unknown_and_dismissed_people_read_the_same_refusal(client: FlaskClient, session: Session, email: str, password: str) -> None:
    people = {"known": make_user(session).email, "dismissed": make_user(session, is_active=False).email}
    answer = _sign_in(client, people.get(email, email), password)
    assert answer.status_code == 422
    assert "E-mail dan kata sandi ini tidak cocok." in answer.text
    assert people.get(email, email) in answer.text, "what was typed is kept"
    assert password not in answer.text


def test_the_try_is_counted_before_the_password_is_looked_at(client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    for _ in range(throttle.PER_EMAIL):
        assert _sign_in(client, user.email, "salah-sekali").status_code == 422
    refused = _sign_in(client, user.email, PASSWORD)
    assert refused.status_code == 429
    assert not _is_in(client)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        assert _sign_in(client, user.email).status_code == 303


def test_a_limit_holds_for_a_further_worker_and_after_a_restart(app: Flask, client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    for _ in range(throttle.PER_EMAIL):
        _sign_in(client, user.email, "salah-sekali")
    assert _sign_in(app.test_client(), user.email, PASSWORD).status_code == 429, "the count is a row, not a variable"


def test_success_clears_the_account(client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    for _ in range(throttle.PER_EMAIL - 1):
        _sign_in(client, user.email, "salah-sekali")
    assert _sign_in(client, user.email).status_code == 303
    session.expire_all()
    account = throttle.sign_in_limits("a-secret-for-tests-only-0123456789", user.email, "127.0.0.1")[0]
    assert session.scalar(select(func.count()).select_from(LoginAttempt).where(LoginAttempt.key == account.key)) == 0


def test_every_sign_in_is_a_new_session_and_the_old_one_ends(client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    _sign_in(client, user.email)
    first = client.get_cookie("etalase")
    _sign_in(client, user.email)
    second = client.get_cookie("etalase")
    assert first is not None
    assert second is not None
    assert first.value != second.value
    client.set_cookie("etalase", first.value)
    assert not _is_in(client)


@pytest.mark.parametrize("ending", ["sign out", "password", "reset", "dismissal", "role", "withdrawn", "all devices", "expiry"])
def test_a_replayed_cookie_is_dead(app: Flask, client: FlaskClient, session: Session, ending: str) -> None:
    user = make_user(session, Grant(Role.CURATOR, area_prefix="16.12"))
    _sign_in(client, user.email)
    cookie = client.get_cookie("etalase")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("etalase", cookie.value)
    assert _is_in(thief)
    _end(ending, app, client, session, user)
    thief.set_cookie("etalase", cookie.value)
    travel = time_machine.travel(clock.now() + accounts.SESSION_LENGTH + timedelta(hours=1)) if ending == "expiry" else None
    if travel:
        with travel:
            assert not _is_in(thief)
    else:
        assert not _is_in(thief)


def _end(ending: str, app: Flask, client: FlaskClient, session: Session, user: User) -> None:
    administrator = make_actor(session)
    session.commit()
    if ending == "sign out":
        client.post("/account/sign-out")
    elif ending in ("password", "all devices"):
        other = app.test_client()
        _sign_in(other, user.email)
        if ending == "password":
            assert other.post("/account/password", data={"current": PASSWORD, "password": NEW}).status_code == 303
        else:
            other.post("/account/devices/end")
    elif ending == "reset":
        app.test_client().post("/account/forgotten-password", data={"email": user.email})
        link = f"/account/new-password/{_token(session, accounts.MAIL_PASSWORD_RESET)}"
        assert app.test_client().post(link, data={"password": NEW}).status_code == 303
    elif ending == "dismissal":
        roster.dismiss(session, administrator, user)
    elif ending == "role":
        roster.grant(session, administrator, user, Grant(Role.CURATOR, area_prefix="16.13"))
    elif ending == "withdrawn":
        roster.withdraw(session, administrator, user, user.grants[0].id)
    session.commit()


def test_a_shopper_registers_by_mail(client: FlaskClient, session: Session) -> None:
    assert client.post("/account/register", data={"email": "baru@example.org"}).headers["Location"] == "/account/register?sent=1"
    link = f"/account/register/{_token(session, accounts.MAIL_REGISTRATION)}"
    assert "baru@example.org" in client.get(link).text
    wrong = client.post(link, data={"name": "Baru", "phone": "12", "password": "x"})
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.text
    extra = {f"field{n}": "x" for n in range(14)} | {"role": "administrator", "is_active": "", "email": "other@example.org", "grants": "1"}
    done = client.post(link, data={"name": "Baru", "phone": "0812 3456 7890", "password": NEW, **extra})
    assert done.status_code == 303
    assert _is_in(client)
    user = accounts.find_user_by_email(session, "baru@example.org")
    assert user is not None
    assert user.phone == "+6281234567890"
    session.refresh(user, ["grants"])
    assert user.grants == []
    assert accounts.find_user_by_email(session, "other@example.org") is None
    assert client.get(link).status_code == 410


def test_registering_and_resetting_answer_alike_for_known_and_unknown(client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    for page in ("register", "forgotten-password"):
        answers = [client.post(f"/account/{page}", data={"email": email}) for email in (user.email, "nobody@example.org")]
        assert len({(answer.status_code, answer.headers["Location"], answer.data) for answer in answers}) == 1


def test_a_stranger_cannot_have_us_flood_a_mailbox(client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    statuses = [client.post("/account/forgotten-password", data={"email": user.email}).status_code for _ in range(5)]
    assert statuses == [303, 303, 303, 429, 429]


def test_a_reset_link_works_once(client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    client.post("/account/forgotten-password", data={"email": user.email})
    link = f"/account/new-password/{_token(session, accounts.MAIL_PASSWORD_RESET)}"
    assert client.get(link).status_code == 200
    assert client.post(link, data={"password": "pendek"}).status_code == 422
    assert client.post(link, data={"password": NEW}).status_code == 303
    assert client.post(link, data={"password": NEW}).status_code == 410
    assert _sign_in(client, user.email, NEW).status_code == 303


def test_the_sign_in_form_needs_its_token(app: Flask, client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert _sign_in(client, user.email).status_code == 400
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account/sign-in").text)
        assert token is not None
        assert _sign_in(client, user.email, csrf_token=token[1]).status_code == 303
        assert client.post("/account/sign-out", data={"csrf_token": token[1]}).status_code == 400, "the old token died with the sign-in"
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_a_get_of_the_way_out_does_nothing(client: FlaskClient, session: Session) -> None:
    _sign_in(client, make_user(session).email)
    assert client.get("/account/sign-out").status_code == 405
    assert _is_in(client)


def test_the_database_keeps_no_token(client: FlaskClient, session: Session) -> None:
    _sign_in(client, make_user(session).email)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    digests = set(session.scalars(select(LoginSession.token_digest)))
    assert accounts.digest(token) in digests
    assert token not in digests


@pytest.mark.long
def test_known_and_unknown_people_wait_equally_long(
    app: Flask, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "PER_EMAIL", 10_000)
    monkeypatch.setattr(throttle, "PER_ADDRESS", 10_000)
    monkeypatch.setattr(accounts, "_hasher", REAL_HASHER)
    monkeypatch.setattr(accounts, "_DUMMY_HASH", REAL_DUMMY_HASH)
    user = make_user(session, password_hash=accounts.hash_password(PASSWORD))
    times: dict[str, list[float]] = {user.email: [], "nobody@example.org": []}
    for _ in range(60):
        for email, measured in times.items():  # in turns, so that a busy machine slows both alike
            began = time.perf_counter()
            _sign_in(client, email, "salah-sekali")
            measured.append(time.perf_counter() - began)
    known, unknown = (statistics.median(measured) for measured in times.values())
    assert abs(known - unknown) < 0.05


def test_what_a_guest_chose_is_in_the_cart_after_signing_in(client: FlaskClient, session: Session) -> None:
    goods = make_goods(session)
    user = make_user(session)
    session.commit()
    assert client.post("/cart/lines", data={"variant": goods.variant.code, "quantity": "2"}).status_code == 303
    _sign_in(client, user.email)
    with client.session_transaction() as cookie:
        assert cookie["cart_count"] == 2
        assert "cart" not in cookie
    assert goods.product.name_en in client.get("/en/cart").text
    client.post("/account/sign-out")
    assert goods.product.name_en not in client.get("/en/cart").text, "the next person at this computer sees nothing of it"
