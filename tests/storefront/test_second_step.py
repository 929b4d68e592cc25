"""Staff who must set up a second factor see nothing of the office before; acts with money ask for a fresh code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

import config
from catalog.models.stock import Outlet
from kernel import accounts, clock, second_factor, throttle
from kernel.people import Actor, Grant, Permission, Role, User
from storefront.routing import Access, access_table, step_up_endpoints
from tests.cast import ADMINISTRATOR, CASHIER, OUTLET_MANAGER, SHOPPER, World, browser_of
from tests.house.permission_table import TABLE
from tests.make_second_factor import code_of, turn_on

BANK = {"bank_name": "Bank Contoh", "bank_account_number": "12345678", "bank_account_name": "Outlet & Co <b>"}


@pytest.fixture
def strict(app: Flask) -> Iterator[None]:
    """Staff must have a second factor, as in production."""
    before = app.extensions["etalase.settings"]
    app.extensions["etalase.settings"] = replace(before, second_factor_roles="cashier, outlet_manager, curator, administrator")
    yield
    app.extensions["etalase.settings"] = before


def _signed_in(app: Flask, session: Session, world: World, part: str) -> tuple[FlaskClient, str]:
    """A browser of `part` with a second factor whose last code is long ago; and the key."""
    key, _codes = turn_on(session, world.people[part])
    return browser_of(app, session, world, part), key


def test_whoever_must_set_it_up_is_led_there_and_can_do_nothing_else_in_the_office(
    app: Flask, session: Session, world: World, strict: None
) -> None:
    browser = browser_of(app, session, world, ADMINISTRATOR)
    guarded: dict[str, Access] = {
        name: access for name, access in access_table(app).items() if isinstance(access, Permission) and not name.startswith("wholesale.")
    }
    assert len(guarded) > 50
    strays = []
    for endpoint in guarded:
        rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
        for method in {"GET", "POST"} & (rule.methods or set()):
            answer = browser.open(world.address(TABLE[endpoint].address), method=method)
            if (answer.status_code, answer.headers.get("Location")) != (303, "/account/second-factor"):
                strays.append(f"{method} {endpoint}: {answer.status_code}")
    assert strays == []
    assert "office" not in browser.get("/account/second-factor").headers.get("Location", "")


def test_setting_it_up_opens_the_office(app: Flask, session: Session, world: World, strict: None) -> None:
    browser = browser_of(app, session, world, CASHIER)
    assert browser.get("/office/").headers["Location"] == "/account/second-factor"
    turn_on(session, world.people[CASHIER])
    browser = browser_of(app, session, world, CASHIER)
    assert browser.get("/office/").status_code == 200


def test_a_shopper_need_not(app: Flask, session: Session, world: World, strict: None) -> None:
    assert browser_of(app, session, world, SHOPPER).get("/account/orders").status_code == 200


def test_demo_and_tests_leave_it_to_the_person(app: Flask, session: Session, world: World) -> None:
    assert browser_of(app, session, world, CASHIER).get("/office/").status_code == 200


@pytest.mark.parametrize(
    ("mode", "said", "wanted"),
    [
        ("production", "", set(config.STAFF_ROLES)),
        ("production", "none", set()),
        ("production", "administrator", {"administrator"}),
        ("demo", "", set()),
        ("demo", "curator, administrator", {"curator", "administrator"}),
    ],
)
def test_the_setting_says_which_roles(mode: str, said: str, wanted: set[str]) -> None:
    assert config.Settings(mode=mode, second_factor_roles=said).roles_with_second_factor == wanted


def test_a_role_nobody_knows_stops_the_start() -> None:
    with pytest.raises(config.SettingsError, match="ETALASE_SECOND_FACTOR_ROLES"):
        config.load({"ETALASE_MODE": "demo", "ETALASE_SECOND_FACTOR_ROLES": "kasir"})


def test_the_settings_know_the_roles_that_open_the_office() -> None:
    able = {role.value for role in Role if Actor(1, "x", (Grant(role),)).can(Permission.VIEW_OFFICE)}
    assert set(config.STAFF_ROLES) == able


def test_acts_with_money_and_rights_ask_again(app: Flask) -> None:
    assert step_up_endpoints(app) >= {
        "office.outlet",
        "office.refund_decide",
        "office.person_grant",
        "office.person_reset_second_factor",
    }


def test_payment_details_wait_for_a_fresh_code_and_keep_what_was_filled_in(app: Flask, session: Session, world: World) -> None:
    browser, key = _signed_in(app, session, world, OUTLET_MANAGER)
    address = world.address("/office/outlets/{outlet}")
    assert browser.get(address).status_code == 200, "looking asks for nothing"
    asked = browser.post(f"/en{address}", data=BANK)
    assert asked.status_code == 422
    assert 'name="bank_account_name" value="Outlet &amp; Co &lt;b&gt;"' in asked.text
    assert f'action="/en{address}"' in asked.text
    assert _bank_of(session, world) == ""
    wrong = browser.post(address, data=BANK | {"second_factor_code": "000000"})
    assert wrong.status_code == 422
    assert 'value="000000"' not in wrong.text
    assert _bank_of(session, world) == ""
    assert browser.post(address, data=BANK | {"second_factor_code": code_of(key)}).status_code == 303
    assert _bank_of(session, world) == "Bank Contoh"
    assert browser.post(address, data=BANK | {"bank_name": "Bank Lain"}).status_code == 303, "fresh for a quarter of an hour"
    with time_machine.travel(clock.now() + second_factor.FRESH + timedelta(seconds=1), tick=False):
        assert browser.post(address, data=BANK).status_code == 422
    assert _bank_of(session, world) == "Bank Lain"


def test_tries_at_an_act_share_the_limit_of_all_codes(app: Flask, session: Session, world: World) -> None:
    browser, key = _signed_in(app, session, world, OUTLET_MANAGER)
    address = world.address("/office/outlets/{outlet}")
    for _ in range(throttle.CODES_PER_PERSON):
        assert browser.post(address, data=BANK | {"second_factor_code": "000000"}).status_code == 422
    assert browser.post(address, data=BANK | {"second_factor_code": code_of(key)}).status_code == 429
    assert _bank_of(session, world) == ""


def test_without_a_second_factor_nothing_is_asked(app: Flask, session: Session, world: World) -> None:
    browser = browser_of(app, session, world, OUTLET_MANAGER)
    assert browser.post(world.address("/office/outlets/{outlet}"), data=BANK).status_code == 303


def test_an_administrator_resets_a_colleague_after_a_code(app: Flask, session: Session, world: World) -> None:
    turn_on(session, world.people[CASHIER])
    there = browser_of(app, session, world, CASHIER)
    browser, key = _signed_in(app, session, world, ADMINISTRATOR)
    person = f"/office/people/{world.people[CASHIER].code}"
    assert "second-factor/reset" in browser.get(person).text
    assert browser.post(f"{person}/second-factor/reset").status_code == 422
    done = browser.post(f"{person}/second-factor/reset", data={"second_factor_code": code_of(key)})
    assert done.headers["Location"] == person
    session.expire_all()
    assert session.get_one(User, world.people[CASHIER].id).second_factor_at is None
    assert there.get("/office/").status_code == 303
    assert "second-factor/reset" not in browser.get(person).text
    assert browser.post(f"{person}/second-factor/reset").status_code == 409


def test_the_list_of_people_shows_who_has_it(app: Flask, session: Session, world: World) -> None:
    turn_on(session, world.people[CASHIER])
    page = browser_of(app, session, world, ADMINISTRATOR).get("/en/office/people").text
    assert page.count("two steps") == 1


def _bank_of(session: Session, world: World) -> str:
    session.expire_all()
    return session.query(Outlet).filter_by(code=world.words["outlet"]).one().bank_name


def test_a_dismissed_colleague_half_way_in_gets_no_further(app: Flask, client: FlaskClient, session: Session, world: World) -> None:
    from tests.make import PASSWORD

    user = world.people[CASHIER]
    key, _codes = turn_on(session, user)
    session.commit()
    client.post("/account/sign-in", data={"email": user.email, "password": PASSWORD})
    session.get_one(User, user.id).is_active = False
    session.commit()
    assert client.post("/account/sign-in/code", data={"code": code_of(key)}).headers["Location"] == "/account/sign-in"
    assert accounts.list_sessions(session, user.id) == []
