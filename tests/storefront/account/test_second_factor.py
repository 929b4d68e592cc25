"""Two-step sign-in through the real client: setting it up, signing in, recovery codes, turning it off."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import accounts, clock, second_factor, throttle
from kernel.outbox import OutboxMessage
from kernel.people import Grant, LoginSession, Role, User
from tests.house.permission_table import TABLE
from tests.make import PASSWORD, make_user
from tests.make_second_factor import SECRET, code_of, turn_on, turned_on

PAGE = "/account/second-factor"
CODE = "/account/sign-in/code"
FIELD = re.compile(r'<input[^>]*name="code"[^>]*>')


def _give_password(client: FlaskClient, user: User, **form: str):  # type: ignore[no-untyped-def]
    return client.post("/account/sign-in", data={"email": user.email, "password": PASSWORD, **form})


def _is_in(client: FlaskClient) -> bool:
    return client.get("/account/profile").status_code == 200


def _key_on(page: str) -> str:
    found = re.search(r'<code class="key-text">([A-Z2-7 ]+)</code>', page)
    assert found is not None
    return found[1].replace(" ", "")


def _recovery_codes_on(page: str) -> list[str]:
    return re.findall(r"<li><code>([0-9-]+)</code></li>", page)


def test_a_person_sets_it_up_and_signs_in_with_it_from_then_on(app: Flask, client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    _give_password(client, user)
    other = app.test_client()
    _give_password(other, user)
    page = client.get(f"/en{PAGE}").text
    key = _key_on(page)
    assert _key_on(client.get(PAGE).text) == key, "the other language shows the same key"
    refused = client.post(PAGE, data={"code": "000000"})
    assert refused.status_code == 422
    assert _key_on(refused.text) == key, "who scanned the code need not scan again"
    done = client.post(PAGE, data={"code": code_of(key, -30)})
    assert done.status_code == 200
    assert done.headers["Cache-Control"] == "no-store"
    codes = _recovery_codes_on(done.text)
    assert len(codes) == second_factor.RECOVERY_CODES
    assert codes[0] not in client.get(PAGE).text, "they are shown once"
    assert not _is_in(other), "every other browser is signed out"
    client.post("/account/sign-out")
    asked = _give_password(client, user)
    assert (asked.status_code, asked.headers["Location"]) == (303, CODE)
    assert not _is_in(client)
    assert client.post(CODE, data={"code": code_of(key)}).headers["Location"] == "/account/orders"
    assert _is_in(client)


def test_the_drawn_code_says_the_same_key(client: FlaskClient, session: Session) -> None:
    import resvg_py

    user = make_user(session)
    _give_password(client, user)
    page = client.get(PAGE).text
    drawing = re.search(r"<svg[^>]*key-symbol.*?</svg>", page, re.DOTALL)
    assert drawing is not None
    namespaced = drawing[0].replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    picture = bytes(resvg_py.svg_to_bytes(svg_string=namespaced, width=600))
    import io

    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))
    assert len(read) == 1
    assert read[0].text.startswith("otpauth://totp/")
    assert f"secret={_key_on(page)}" in read[0].text
    assert "issuer=Etalase" in read[0].text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_field_helps_phones_to_fill_it_in(client: FlaskClient, session: Session, prefix: str) -> None:
    user, _key, _codes = turned_on(session)
    session.commit()
    _give_password(client, user)
    field = FIELD.search(client.get(prefix + CODE).text)
    assert field is not None
    assert 'autocomplete="one-time-code"' in field[0]
    assert 'inputmode="numeric"' in field[0]


def test_the_half_signed_in_state_opens_nothing(client: FlaskClient, session: Session) -> None:
    user, _key, _codes = turned_on(session, Grant(Role.ADMINISTRATOR))
    session.commit()
    _give_password(client, user)
    inside = []
    for endpoint, row in TABLE.items():
        if endpoint.startswith(("office.", "account.")) and "{" not in row.address and endpoint not in OPEN:
            answer = client.get(row.address)
            if answer.status_code != 405 and not answer.headers.get("Location", "").startswith("/account/sign-in"):
                inside.append(f"{row.address}: {answer.status_code}")
    assert inside == []
    assert session.scalars(select(LoginSession).where(LoginSession.user_id == user.id)).first() is None, "there is no session yet"


#: Pages for people who are not signed in.
OPEN = frozenset(
    {
        "account.sign_in",
        "account.sign_in_code",
        "account.register",
        "account.finish_registration",
        "account.forgotten_password",
        "account.new_password",
    }
)


def test_the_half_signed_in_state_ends_in_five_minutes(client: FlaskClient, session: Session) -> None:
    with time_machine.travel(clock.now(), tick=False) as clock_of_test:
        user, key, _codes = turned_on(session)
        session.commit()
        _give_password(client, user, next="/account/devices")
        clock_of_test.shift(timedelta(minutes=5, seconds=2))
        answer = client.post(CODE, data={"code": code_of(key), "next": "/account/devices"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account/sign-in?next=/account/devices")
        assert not _is_in(client)


def test_the_code_page_without_a_password_leads_back(client: FlaskClient) -> None:
    assert client.get(CODE).headers["Location"] == "/account/sign-in"
    assert client.post(CODE, data={"code": "123456"}).headers["Location"] == "/account/sign-in"


def test_the_return_address_survives_both_steps_and_only_leads_inside(client: FlaskClient, session: Session) -> None:
    user, key, _codes = turned_on(session)
    session.commit()
    asked = _give_password(client, user, next="/en/account/profile?x=1")
    assert asked.headers["Location"] == f"{CODE}?next=/en/account/profile?x%3D1"
    assert 'name="next" value="/en/account/profile?x=1"' in client.get(asked.headers["Location"]).text
    wrong = client.post(CODE, data={"code": "111111", "next": "/en/account/profile?x=1"})
    assert wrong.status_code == 422
    assert 'value="/en/account/profile?x=1"' in wrong.text
    done = client.post(CODE, data={"code": code_of(key), "next": "/en/account/profile?x=1"})
    assert done.headers["Location"] == "/en/account/profile?x=1"


def test_a_foreign_return_address_is_ignored_at_the_second_step(client: FlaskClient, session: Session) -> None:
    user, key, _codes = turned_on(session)
    session.commit()
    assert _give_password(client, user, next="//evil.example").headers["Location"] == CODE
    assert client.post(CODE, data={"code": code_of(key), "next": "//evil.example"}).headers["Location"] == "/account/orders"


def test_a_finished_sign_in_is_a_new_session_and_its_half_state_is_used_up(app: Flask, client: FlaskClient, session: Session) -> None:
    user, key, codes = turned_on(session)
    session.commit()
    _give_password(client, user)
    cookie = client.get_cookie("etalase")
    assert cookie is not None
    client.post(CODE, data={"code": code_of(key)})
    with client.session_transaction() as kept:
        assert "half_signed_in" not in kept
    thief = app.test_client()
    thief.set_cookie("etalase", cookie.value)
    assert thief.post(CODE, data={"code": codes[0]}).headers["Location"] == "/account/sign-in", "even with a right code"
    assert not _is_in(thief)


def test_signing_in_as_somebody_else_ends_the_session_of_before(client: FlaskClient, session: Session) -> None:
    first = make_user(session)
    user, key, _codes = turned_on(session)
    session.commit()
    _give_password(client, first)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    _give_password(client, user)
    client.post(CODE, data={"code": code_of(key)})
    session.expire_all()
    assert accounts.find_user_by_token(session, token) is None
    assert user.email in client.get("/account/profile").text


def test_a_recovery_code_signs_in_once(app: Flask, session: Session) -> None:
    user, _key, codes = turned_on(session)
    session.commit()
    outcomes = []
    for _ in range(2):
        client = app.test_client()
        _give_password(client, user)
        outcomes.append(client.post(CODE, data={"code": codes[0]}).status_code)
    assert outcomes == [303, 422]


def test_tries_are_counted_before_the_code_is_looked_at_and_survive_a_new_start(
    app: Flask, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, key, _codes = turned_on(session)
    session.commit()
    _give_password(client, user)
    for _ in range(throttle.CODES_PER_PERSON):
        assert client.post(CODE, data={"code": "000000"}).status_code == 422
    looked_at = []
    use_code = second_factor.use_code
    monkeypatch.setattr(second_factor, "use_code", lambda *rest, **named: looked_at.append(1) or use_code(*rest, **named))
    assert client.post(CODE, data={"code": code_of(key)}).status_code == 429
    other = app.test_client()
    _give_password(other, user)
    assert other.post(CODE, data={"code": code_of(key)}).status_code == 429, "the count belongs to the person, not to the browser"
    assert looked_at == []
    with time_machine.travel(clock.now() + throttle.CODE_WINDOW + timedelta(seconds=1), tick=False):
        _give_password(other, user)
        assert other.post(CODE, data={"code": code_of(key)}).status_code == 303


def test_a_right_code_gives_the_tries_back(app: Flask, client: FlaskClient, session: Session) -> None:
    user, _key, codes = turned_on(session)
    session.commit()
    for code in (codes[0], codes[1]):
        _give_password(client, user)
        for _ in range(throttle.CODES_PER_PERSON - 1):
            assert client.post(CODE, data={"code": "000000"}).status_code == 422
        assert client.post(CODE, data={"code": code}).status_code == 303


def test_turning_it_off_needs_password_and_code(client: FlaskClient, session: Session) -> None:
    user, key, codes = turned_on(session)
    session.commit()
    _give_password(client, user)
    client.post(CODE, data={"code": code_of(key)})
    off = f"{PAGE}/off"
    assert client.post(off, data={"password": "salah-sekali", "code": codes[0]}).status_code == 422
    assert client.post(off, data={"password": PASSWORD, "code": "000000"}).status_code == 422
    assert client.post(off, data={}).status_code == 422
    session.expire_all()
    assert session.get_one(User, user.id).second_factor_at is not None
    assert client.post(off, data={"password": PASSWORD, "code": codes[0]}).headers["Location"] == PAGE
    assert _is_in(client)
    client.post("/account/sign-out")
    assert _give_password(client, user).headers["Location"] == "/account/orders"


def test_new_recovery_codes_need_a_code(client: FlaskClient, session: Session) -> None:
    user, key, codes = turned_on(session)
    session.commit()
    _give_password(client, user)
    client.post(CODE, data={"code": code_of(key)})
    assert client.post(f"{PAGE}/recovery-codes", data={"code": "000000"}).status_code == 422
    fresh = _recovery_codes_on(client.post(f"{PAGE}/recovery-codes", data={"code": codes[0]}).text)
    assert len(fresh) == second_factor.RECOVERY_CODES
    assert not set(fresh) & set(codes)
    assert "10" in client.get(PAGE).text


def test_a_new_password_by_mail_does_not_replace_the_code(client: FlaskClient, session: Session) -> None:
    user, _key, _codes = turned_on(session)
    session.commit()
    client.post("/account/forgotten-password", data={"email": user.email})
    kind = accounts.MAIL_PASSWORD_RESET
    letter = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id.desc())).first()
    assert letter is not None
    client.post(f"/account/new-password/{letter.payload['token']}", data={"password": "sebuah kata sandi baru"})
    answer = client.post("/account/sign-in", data={"email": user.email, "password": "sebuah kata sandi baru"})
    assert answer.headers["Location"] == CODE


def test_the_pages_of_an_older_state_lead_to_the_present_one(client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    _give_password(client, user)
    for page in ("/recovery-codes", "/off"):
        assert client.get(PAGE + page).headers["Location"] == PAGE
        assert client.post(PAGE + page, data={"code": "123456", "password": PASSWORD}).headers["Location"] == PAGE
    turn_on(session, session.get_one(User, user.id))
    session.commit()
    _give_password(client, user)
    client.post(CODE, data={"code": "000000"})
    assert SECRET not in client.get(CODE).text


def test_whoever_shares_the_browser_gets_a_key_of_their_own(client: FlaskClient, session: Session) -> None:
    """The proposed key in the cookie belongs to one person."""
    first, second = make_user(session), make_user(session)
    _give_password(client, first)
    key = _key_on(client.get(PAGE).text)
    _give_password(client, second)
    assert _key_on(client.get(PAGE).text) != key
