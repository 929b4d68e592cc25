"""A20: whole flows are run with every log line kept; none holds a name, number, address, token or key."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernel.outbox import OutboxMessage
from storefront.database import reading
from storefront.integrations.mail import FolderMailer
from storefront.logs import JsonLines
from storefront.mail import sending
from tests.abuse.form_filling import read_page
from tests.cast import ADMINISTRATOR, CASHIER, World, browser_of
from tests.house.sources import ROOT
from tests.make import PASSWORD, make_user
from tests.make_second_factor import SECRET, code_of

pytestmark = pytest.mark.one_database

NAME, PHONE, EMAIL = "Siti Rahasia", "0812 9999 8888", "siti.rahasia@contoh.example"
WRONG = "kata-sandi-yang-salah"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything any logger says, in the form it is written in production, at the most talkative level we offer."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    lines = JsonLines()
    handler.format = lines.format  # type: ignore[method-assign]
    root, ours = logging.getLogger(), logging.getLogger("etalase")
    before = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.DEBUG)
    yield written
    ours.setLevel(before)
    root.removeHandler(handler)


def _found(written: str, secrets: set[str]) -> list[str]:
    assert "" not in secrets
    flat = re.sub(r"[\s-]", "", written)
    return sorted(secret for secret in secrets if secret in written or re.sub(r"[\s-]", "", secret) in flat)


def _tokens(session: Session) -> set[str]:
    session.expire_all()
    return {str(message.payload["token"]) for message in session.scalars(select(OutboxMessage)) if "token" in message.payload}


def _buy(browser: FlaskClient, world: World) -> None:
    assert browser.post("/cart/lines", data={"variant": world.words["variant"], "quantity": "1"}).status_code == 303
    (form,) = [form for form in read_page(browser.get("/checkout").text, "/checkout")[0] if "checkout_key" in form.names]
    typed = {"name": NAME, "phone": PHONE, "email": EMAIL, "payment_method": "pay_at_pickup"}
    bought = browser.post("/checkout", data=form.sent | typed)
    assert bought.status_code == 303, re.findall(r"error-summary.*?</div>", bought.text, re.DOTALL)
    assert browser.get(bought.headers["Location"]).status_code == 200
    assert browser.get(bought.headers["Location"].partition("?")[0] + "/confirmation.pdf").status_code == 200
    browser.post("/orders/find", data={"code": world.words["order"], "phone": PHONE})


def test_a20_buying_signing_in_and_the_office_leave_nothing_personal_in_the_log(
    app: Flask, session: Session, world: World, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    """A20: a purchase, sign-in right and wrong, registration, reset, second factor, office pages, letters: 0 hits."""
    secrets = {NAME, PHONE, "+6281299998888", "6281299998888", EMAIL, PASSWORD, WRONG, SECRET, "sk_test_tests", "whsec_tests"}
    browser = app.test_client()
    _buy(browser, world)
    user = make_user(session, name="Budi Rahasia")
    session.commit()
    secrets |= {user.email, user.name, user.password_hash, world.words["token"], world.words["statement"]}
    browser.post("/account/sign-in", data={"email": user.email, "password": WRONG})
    assert browser.post("/account/sign-in?next=/account/second-factor", data={"email": user.email, "password": PASSWORD}).status_code == 303
    found = re.search(r'<code class="key-text">([A-Z2-7 ]+)</code>', browser.get("/account/second-factor").text)
    assert found
    key = found[1].replace(" ", "")
    codes = re.findall(r"<li><code>([0-9-]+)</code></li>", browser.post("/account/second-factor", data={"code": code_of(key, -30)}).text)
    assert len(codes) == 10
    code = code_of(key)
    with browser.session_transaction() as cookie:
        secrets |= {str(cookie["_user_id"]), key, *codes, code}
    browser.post("/account/sign-out")
    browser.post("/account/sign-in", data={"email": user.email, "password": PASSWORD})
    browser.post("/account/sign-in/code", data={"code": "000000"})
    assert browser.post("/account/sign-in/code", data={"code": code}).status_code == 303
    for page in ("register", "forgotten-password"):
        browser.post(f"/account/{page}", data={"email": user.email if page != "register" else EMAIL})
    for token in _tokens(session):
        secrets.add(token)
        browser.get(f"/account/register/{token}")
        browser.post(f"/account/new-password/{token}", data={"password": "x"})
    for part in (CASHIER, ADMINISTRATOR):
        office = browser_of(app, session, world, part)
        for page in ("/office/", f"/office/orders?q={NAME}", f"/office/orders/{world.words['order']}", f"/office/people?q={user.email}"):
            office.get(page)
        office.post(f"/office/orders/{world.words['order']}/cancel", data={"reason": NAME})
    browser.get(f"/search?q={NAME}")
    browser.get(f"/tidak-ada/{world.words['token']}?email={EMAIL}")

    class Broken:
        def send(self, message: object) -> None:
            raise ConnectionRefusedError(f"550 {EMAIL} {message}")

    monkeypatch.setattr(sending, "make_mailer", lambda _settings: Broken())
    with app.app_context():
        sending.send_waiting()
    monkeypatch.setattr(sending, "make_mailer", lambda _settings: FolderMailer(tmp_path))  # type: ignore[arg-type]
    written = log.getvalue()
    assert written.count('"event": "request"') > 25, "the log was kept"
    assert '"event": "mail not sent"' in written
    assert _found(written, secrets) == []


def test_a20_a_failing_statement_keeps_its_values_to_itself(
    app: Flask, client: FlaskClient, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A20: the traceback names the statement, never what it was given; the page says nothing at all."""

    def fail(*_given: object, **_named: object) -> None:
        reading().execute(text("SELECT * FROM no_such_table WHERE name = :name"), {"name": NAME})

    monkeypatch.setattr("storefront.shop.home.get_home_page", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        pages = [client.get("/"), client.get("/en/"), client.get("/", headers={"Accept": "application/json"})]
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
    assert "no_such_table" in log.getvalue()
    assert NAME not in log.getvalue()
    for page in pages:
        assert page.status_code in (500, 503)
        assert not re.search(r"no_such_table|Traceback|sqlalchemy|File \"|SELECT|psycopg|sqlite", page.text, re.IGNORECASE)


def test_a20_the_page_for_our_own_failures_is_the_same_for_all_of_them(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A20: nothing of the failure, the settings or the machine reaches the visitor."""
    texts = set()
    for failure in (ValueError(f"{EMAIL} {SECRET}"), KeyError(NAME), RuntimeError(str(ROOT)), ZeroDivisionError("x")):

        def fail(*_given: object, error: Exception = failure, **_named: object) -> None:
            raise error

        monkeypatch.setattr("storefront.shop.home.get_home_page", fail)
        app.config["PROPAGATE_EXCEPTIONS"] = False
        try:
            page = client.get("/")
        finally:
            app.config["PROPAGATE_EXCEPTIONS"] = None
        assert page.status_code == 500
        texts.add(page.text)
    assert len(texts) == 1
    assert not re.search(r"rahasia|secret|Traceback|Error|/storefront/", texts.pop())


def test_a20_the_servers_in_front_write_no_paths() -> None:
    """A20: a path may hold a guest's link, so neither gunicorn nor nginx keeps a log of them."""
    assert re.search(r"^accesslog = None", (ROOT / "deploy" / "gunicorn.conf.py").read_text(), re.MULTILINE)
    assert re.search(r"^\s*access_log off;", (ROOT / "deploy" / "nginx.conf").read_text(), re.MULTILINE)


def test_a20_the_search_for_secrets_finds_them(log: io.StringIO) -> None:
    """A20, the control: spaces and hyphens hide nothing."""
    logging.getLogger("etalase").warning("called 0812-9999-8888")
    assert _found(log.getvalue(), {PHONE, EMAIL}) == [PHONE]
