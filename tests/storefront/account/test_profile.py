"""A signed-in person's own pages."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import accounts
from kernel.people import LoginSession, User
from tests.make import PASSWORD, make_user

CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"


def _signed_in(app: Flask, user: User, agent: str = CHROME) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/account/sign-in", data={"email": user.email, "password": PASSWORD}, headers={"User-Agent": agent})
    assert answer.status_code == 303
    return client


def test_a_profile_is_saved_and_only_its_fields(app: Flask, client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    email = user.email
    browser = _signed_in(app, user)
    extra = {"email": "other@example.org", "is_active": "", "code": "X", "role": "administrator", "password_hash": "x"}
    answer = browser.post("/account/profile", data={"name": "Ibu Sari", "phone": "0812 3456 7890", "language": "en", **extra})
    assert answer.status_code == 303
    session.expire_all()
    kept = session.get_one(User, user.id)
    assert (kept.name, kept.phone, kept.language, kept.email) == ("Ibu Sari", "+6281234567890", "en", email)


def test_a_refused_profile_keeps_what_was_typed(app: Flask, client: FlaskClient, session: Session) -> None:
    browser = _signed_in(app, make_user(session))
    answer = browser.post("/en/account/profile", data={"name": "", "phone": "０８１２", "language": "zz"})
    assert answer.status_code == 422
    assert 'value="０８１２"' in answer.text
    assert answer.text.count("field-error") >= 3
    assert 'href="#phone"' in answer.text


def test_the_wrong_current_password_changes_nothing(app: Flask, client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    browser = _signed_in(app, user)
    assert browser.post("/account/password", data={"current": "salah-sekali", "password": "sebuah kata sandi baru"}).status_code == 422
    assert browser.post("/account/password", data={"current": PASSWORD, "password": "pendek"}).status_code == 422
    assert accounts.check_password(session, email=user.email, password=PASSWORD).id == user.id


def test_changing_the_password_keeps_this_device_and_ends_the_others(app: Flask, client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    here, there = _signed_in(app, user), _signed_in(app, user)
    assert here.post("/account/password", data={"current": PASSWORD, "password": "sebuah kata sandi baru"}).status_code == 303
    assert here.get("/account/profile").status_code == 200
    assert there.get("/account/profile").status_code == 303


def test_devices_are_named_and_one_can_be_signed_out(app: Flask, client: FlaskClient, session: Session) -> None:
    user, other = make_user(session), make_user(session)
    here, there, stranger = _signed_in(app, user), _signed_in(app, user, "curl/8"), _signed_in(app, other)
    page = here.get("/en/account/devices").text
    assert "Chrome, Android" in page
    assert "Another device" in page
    rows = accounts.list_sessions(session, user.id)
    handle = next(accounts.handle_of(row) for row in rows if row.device == "curl/8")
    assert stranger.post("/account/devices/end", data={"device": handle}).status_code == 404
    assert here.post("/account/devices/end", data={"device": handle}).status_code == 303
    assert there.get("/account/profile").status_code == 303
    assert here.get("/account/profile").status_code == 200
    assert session.scalar(select(LoginSession.ended_at).where(LoginSession.device == "curl/8")) is not None


def test_somebody_without_orders_is_told_so(app: Flask, client: FlaskClient, session: Session) -> None:
    answer = _signed_in(app, make_user(session)).get("/en/account/orders")
    assert "You have no orders yet" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_account_is_closed_by_its_owner_with_the_password(app: Flask, session: Session) -> None:
    user = make_user(session)
    email = user.email
    browser = _signed_in(app, user)
    assert "/account/closing" in browser.get("/account/profile").text
    refused = browser.post("/account/closing", data={"current": "not this one"})
    assert refused.status_code == 422
    session.expire_all()
    assert session.get_one(User, user.id).email == email
    answer = browser.post("/account/closing", data={"current": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "Akun Anda sudah ditutup" in browser.get("/about").text
    assert browser.get("/account/orders").headers["Location"].startswith("/account/sign-in")
    session.expire_all()
    assert not session.get_one(User, user.id).is_active
