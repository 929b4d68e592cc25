"""A12: a thousand tries from four real processes get no further than the limit, and a new start forgets nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from kernel import accounts, second_factor, throttle
from storefront.app import create_app
from storefront.database import db
from tests.conftest import make_settings
from tests.make import PASSWORD, make_user
from tests.make_second_factor import code_of, turned_on
from tests.races.racing import race, writing

pytestmark = pytest.mark.race

WORKERS = 4
#: Tries of each of them.
MANY = pytest.mark.parametrize("tries", [50, pytest.param(250, marks=pytest.mark.long)])
CODE = "/account/sign-in/code"


def _open_shop(url: str, folder: Path) -> Flask:
    app = create_app(make_settings(url, folder))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def engine(fresh_database_url: str) -> Iterator[Engine]:
    from kernel.engines import make_engine

    engine = make_engine(fresh_database_url)
    yield engine
    engine.dispose()


def guess_passwords(
    _engine: Engine, start: Callable[[], object], url: str, folder: str, email: str, worker: int, tries: int
) -> tuple[int, int, int]:
    """(tries that were looked at, tries that were refused unseen, argon2 verifications) of one web process."""
    app = _open_shop(url, Path(folder))
    verified = 0
    check = accounts._hasher.verify

    class Counting:
        def verify(self, *given: str) -> bool:
            nonlocal verified
            verified += 1
            return check(*given)

    accounts._hasher = Counting()  # type: ignore[assignment]  # this process is the racer's own
    browser = app.test_client()
    statuses = []
    start()
    for number in range(tries):
        address = f"192.0.{worker}.{number % 250}"  # a try from everywhere: the account's limit must hold alone
        form = {"email": email, "password": f"tebakan-{worker}-{number}"}
        statuses.append(browser.post("/account/sign-in", data=form, environ_overrides={"REMOTE_ADDR": address}).status_code)
    _close(app)
    return statuses.count(422), statuses.count(429), verified


def guess_codes(
    _engine: Engine, start: Callable[[], object], url: str, folder: str, cookie: str, worker: int, tries: int
) -> tuple[int, int, int]:
    """(tries that were looked at, tries that were refused unseen, codes checked) of one web process that knows the password."""
    app = _open_shop(url, Path(folder))
    looked = 0
    use = second_factor.use_code

    def counting(*given: object, **named: object) -> None:
        nonlocal looked
        looked += 1
        use(*given, **named)  # type: ignore[arg-type]

    second_factor.use_code = counting
    browser = app.test_client()
    browser.set_cookie("etalase", cookie)
    statuses = []
    start()
    for number in range(tries):
        address = f"198.51.{worker}.{number % 250}"
        form = {"code": f"{worker}{number:05}"}
        statuses.append(browser.post(CODE, data=form, environ_overrides={"REMOTE_ADDR": address}).status_code)
    _close(app)
    return statuses.count(422), statuses.count(429), looked


@MANY
def test_a12_any_number_of_passwords_on_four_processes_are_ten(engine: Engine, fresh_database_url: str, tmp_path: Path, tries: int) -> None:
    """A12: the limiter stands before argon2, holds across processes, and a restart with the right password is refused too."""
    with writing(engine) as session:
        email = make_user(session).email
    arguments = [(fresh_database_url, str(tmp_path), email, worker, tries) for worker in range(WORKERS)]
    outcomes = race(fresh_database_url, guess_passwords, arguments)
    looked, refused, verified = (sum(column) for column in zip(*outcomes, strict=True))  # type: ignore[arg-type]
    assert (looked, refused) == (throttle.PER_EMAIL, WORKERS * tries - throttle.PER_EMAIL)
    assert verified == throttle.PER_EMAIL, "no password was looked at beyond the limit"
    restarted = _open_shop(fresh_database_url, tmp_path)
    assert restarted.test_client().post("/account/sign-in", data={"email": email, "password": PASSWORD}).status_code == 429
    _close(restarted)


@MANY
def test_a12_any_number_of_codes_on_four_processes_are_five(engine: Engine, fresh_database_url: str, tmp_path: Path, tries: int) -> None:
    """A12: whoever knows the password still gets five codes in a quarter of an hour, right ones included, restarts included."""
    with writing(engine) as session:
        user, key, _codes = turned_on(session)
        email = user.email
    shop = _open_shop(fresh_database_url, tmp_path)
    browser = shop.test_client()
    assert browser.post("/account/sign-in", data={"email": email, "password": PASSWORD}).headers["Location"] == CODE
    cookie = browser.get_cookie("etalase")
    assert cookie is not None
    _close(shop)
    arguments = [(fresh_database_url, str(tmp_path), cookie.value, worker, tries) for worker in range(WORKERS)]
    outcomes = race(fresh_database_url, guess_codes, arguments)
    looked, refused, checked = (sum(column) for column in zip(*outcomes, strict=True))  # type: ignore[arg-type]
    assert (looked, refused) == (throttle.CODES_PER_PERSON, WORKERS * tries - throttle.CODES_PER_PERSON)
    assert checked == throttle.CODES_PER_PERSON
    restarted = _open_shop(fresh_database_url, tmp_path)
    again = restarted.test_client()
    again.set_cookie("etalase", cookie.value)
    assert again.post(CODE, data={"code": code_of(key)}).status_code == 429
    with Session(engine) as session:
        assert accounts.list_sessions(session, user.id) == []
    _close(restarted)


def test_a12_one_address_tries_fifty_accounts_at_most(engine: Engine, fresh_database_url: str, tmp_path: Path) -> None:
    """A12, stuffing: many accounts from one network, with passwords leaked elsewhere."""
    shop = _open_shop(fresh_database_url, tmp_path)
    browser = shop.test_client()
    statuses = [
        browser.post(
            "/account/sign-in",
            data={"email": f"orang{number}@example.org", "password": "bocor-di-tempat-lain"},
            environ_overrides={"REMOTE_ADDR": f"2001:db8:7:7::{number:x}"},
        ).status_code
        for number in range(throttle.PER_ADDRESS + 20)
    ]
    _close(shop)
    assert statuses == [422] * throttle.PER_ADDRESS + [429] * 20


@pytest.mark.parametrize(
    ("page", "form", "most"),
    [
        ("/account/forgotten-password", {"email": "a@example.org"}, throttle.MAILS_PER_EMAIL),
        ("/account/register", {"email": "a@example.org"}, throttle.MAILS_PER_EMAIL),
        ("/orders/find", {"code": "K7QTX4MN", "phone": "0812 3456 7890"}, throttle.LOOK_UPS_PER_ORDER),
    ],
)
def test_a12_every_other_secret_has_its_limit(app: Flask, session: Session, page: str, form: dict[str, str], most: int) -> None:
    """A12: mails to somebody's address, and order codes."""
    statuses = [app.test_client().post(page, data=form).status_code for _ in range(most + 3)]
    assert statuses[most:] == [429] * 3
    assert 429 not in statuses[:most]
