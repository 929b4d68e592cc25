"""A23: what a client writes into Host and X-Forwarded-* decides nothing: not the site's name, not who is counted, not https."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from kernel import throttle
from kernel.people import LoginAttempt
from storefront.app import create_app
from storefront.database import db
from storefront.mail import sending
from tests.conftest import fresh_copy, make_settings
from tests.make import make_user

pytestmark = pytest.mark.one_database

SECRET = "a-secret-for-tests-only-0123456789"
OURS = "etalase.example.go.id"
WRONG_HOSTS = (
    "evil.example",
    f"{OURS}.evil.example",
    f"evil{OURS}",
    f"{OURS}@evil.example",
    f"{OURS}:80@evil.example",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "",
    f"{OURS}/evil",
    f"{OURS} evil.example",
    f"{OURS},evil.example",
)
#: Ten sets a client may send to be somebody else, somewhere else or on https.
FORGED: tuple[dict[str, str], ...] = (
    {"X-Forwarded-For": "203.0.113.9"},
    {"X-Forwarded-For": "203.0.113.9, 198.51.100.1"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Real-IP": "203.0.113.9"},
    {"Forwarded": "for=203.0.113.9;host=evil.example;proto=https"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    {"X-Forwarded-Prefix": "/evil", "X-Script-Name": "/evil"},
    {"X-Original-URL": "/office/", "X-Rewrite-URL": "/office/"},
    {"Client-IP": "203.0.113.9", "True-Client-IP": "203.0.113.9", "CF-Connecting-IP": "203.0.113.9"},
    {"X-HTTP-Method-Override": "DELETE", "X-Forwarded-Port": "1"},
)


def _app(url: str, folder: Path, **changes: object) -> Flask:
    app = create_app(replace(make_settings(url, folder), **changes))  # type: ignore[arg-type]
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture(scope="module")
def strict(template_url: str, server_url: str, folder: Path) -> Iterator[Flask]:
    """The shop as in production: one host, no proxy. One for all: nothing is written to it but counted tries."""
    with fresh_copy(template_url, server_url, folder, "forged_headers") as url:
        app = _app(url, folder / "forged_headers", mode="production", base_url=f"https://{OURS}", secret_key=SECRET)
        yield app
        _close(app)


@pytest.fixture
def behind_proxy(fresh_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The shop behind one proxy, which appends the address it saw."""
    app = _app(fresh_database_url, tmp_path, base_url=f"https://{OURS}", trusted_hosts=OURS, proxy_count=1)
    yield app
    _close(app)


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("host", WRONG_HOSTS)
@pytest.mark.parametrize("path", ["/", "/en/account/sign-in", "/office/", "/healthz"])
def test_a23_a_foreign_host_gets_400_and_no_page(strict: Flask, host: str, path: str) -> None:
    """A23: in production the base address says which host is ours when no setting does."""
    answer = strict.test_client().get(path, environ_overrides={"HTTP_HOST": host, "SERVER_NAME": host or "evil.example"})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert "evil" not in answer.headers.get("Location", "")


def test_a23_our_own_host_is_answered(strict: Flask) -> None:
    """A23, the control."""
    for host in (OURS, f"{OURS}:443"):
        assert strict.test_client().get("/about", headers={"Host": host}).status_code == 200, host


@pytest.mark.parametrize("headers", FORGED, ids=" ".join)
def test_a23_forged_headers_change_no_page(strict: Flask, headers: dict[str, str]) -> None:
    """A23: the same bytes but for form tokens, and nothing of what was forged."""
    browser = strict.test_client()
    plain = browser.get("/en/about", headers={"Host": OURS})
    forged = strict.test_client().get("/en/about", headers={"Host": OURS} | headers)
    assert forged.status_code == plain.status_code == 200
    assert forged.data == plain.data
    assert "evil" not in str(forged.headers)
    office = strict.test_client().get("/office/", headers={"Host": OURS} | headers)
    assert office.status_code == 303
    assert office.headers["Location"] == "/account/sign-in?next=/office/"


@pytest.mark.parametrize("headers", FORGED, ids=" ".join)
def test_a23_the_limit_counts_the_connection_whatever_headers_say(
    app: Flask, connection: Connection, session: Session, headers: dict[str, str]
) -> None:
    """A23: without a proxy only the socket's address counts."""
    user = make_user(session)
    session.commit()
    data = {"email": user.email, "password": "salah-sekali"}
    app.test_client().post("/account/sign-in", data=data, headers=headers, environ_overrides={"REMOTE_ADDR": "192.0.2.77"})
    assert _keys(session) == _expected(user.email, "192.0.2.77")


@pytest.mark.parametrize(
    ("sent", "counted"),
    [
        ("192.0.2.5", "192.0.2.5"),
        ("203.0.113.9, 192.0.2.5", "192.0.2.5"),
        ("a, b, c, 192.0.2.5", "192.0.2.5"),
        ("127.0.0.1, ::1, 192.0.2.5", "192.0.2.5"),
    ],
)
def test_a23_behind_a_proxy_only_what_the_proxy_added_counts(behind_proxy: Flask, sent: str, counted: str) -> None:
    """A23: the last address is the proxy's own word; what stands before it is the client's."""
    answer = behind_proxy.test_client().post(
        "/account/sign-in",
        data={"email": "nobody@example.org", "password": "salah-sekali"},
        headers={"Host": OURS, "X-Forwarded-For": sent, "X-Forwarded-Host": OURS},
    )
    assert answer.status_code == 422
    with behind_proxy.app_context(), Session(db.engine) as session:
        assert _keys(session) == _expected("nobody@example.org", counted)


def test_a23_a_proxy_cannot_be_made_to_name_another_host(behind_proxy: Flask) -> None:
    """A23: X-Forwarded-Host has to be ours as well."""
    answer = behind_proxy.test_client().get("/", headers={"Host": OURS, "X-Forwarded-Host": "evil.example"})
    assert answer.status_code == 400


def test_a23_a_poisoned_host_reaches_no_mailed_link(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A23: links in mails are made from the base address, even where any host is answered."""
    user = make_user(session)
    session.commit()
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    assert app.test_client().post("/account/forgotten-password", data={"email": user.email}, headers=evil).status_code == 303
    sent: list[EmailMessage] = []

    class Mailer:
        def send(self, message: EmailMessage) -> None:
            sent.append(message)

    monkeypatch.setattr(sending, "make_mailer", lambda _settings: Mailer())
    with app.app_context():
        sending.send_waiting()
    letters = [part.get_content() for message in sent for part in message.walk() if part.get_content_maintype() == "text"]
    assert letters
    assert all("http://localhost/account/new-password/" in letter and "evil" not in letter for letter in letters)


def _keys(session: Session) -> set[str]:
    session.expire_all()
    return set(session.scalars(select(LoginAttempt.key)))


def _expected(email: str, address: str) -> set[str]:
    return {limit.key for limit in throttle.sign_in_limits(SECRET, email, address)}
