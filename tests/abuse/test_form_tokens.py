"""A14: no change without the form's own token, and no address that is only looked at changes anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.abuse.conftest import Fingerprint
from tests.abuse.form_filling import read_page
from tests.cast import ADMINISTRATOR, CASHIER, CURATOR, GUEST, OUTLET_MANAGER, SHOPPER, World, browser_of
from tests.house.permission_table import TABLE
from tests.make import PASSWORD
from tests.make_second_factor import turned_on

pytestmark = pytest.mark.one_database

#: How many links beyond the routes themselves are followed for one role.
FURTHER = 40
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def guarded(app: Flask) -> Iterator[None]:
    """Form tokens are checked, as everywhere outside of tests."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def _posts(app: Flask, world: World) -> list[str]:
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    return [world.address(row.address) for endpoint, row in TABLE.items() if row.has_token and "POST" in (rules[endpoint].methods or ())]


@pytest.mark.parametrize("part", [GUEST, SHOPPER, CASHIER, OUTLET_MANAGER, CURATOR, ADMINISTRATOR])
def test_a14_no_form_is_accepted_without_its_token(
    app: Flask, session: Session, world: World, guarded: None, fingerprint: Fingerprint, part: str
) -> None:
    """A14: every POST route, as each role: 400 and not one byte of the database changed."""
    browser = browser_of(app, session, world, part)
    before = fingerprint()
    addresses = _posts(app, world)
    assert len(addresses) > 50
    assert [(address, status) for address in addresses if (status := browser.post(address).status_code) != 400] == []
    assert fingerprint() == before


@pytest.mark.parametrize("kind", ["made up", "of another browser", "of before signing in", "as a header of another site", "as JSON"])
def test_a14_no_other_token_will_do(app: Flask, session: Session, world: World, guarded: None, fingerprint: Fingerprint, kind: str) -> None:
    """A14: only the token of this browser and this session."""
    other = app.test_client()
    foreign = _TOKEN.search(other.get("/account/sign-in").text)
    browser = app.test_client()
    early = _TOKEN.search(browser.get("/account/sign-in").text)
    assert foreign
    assert early
    user = world.people[ADMINISTRATOR]
    signed = browser.post("/account/sign-in", data={"email": user.email, "password": PASSWORD, "csrf_token": early[1]})
    assert signed.status_code == 303
    form = {"made up": "x" * 91, "of another browser": foreign[1], "of before signing in": early[1]}.get(kind, "")
    before = fingerprint()
    accepted = []
    for address in _posts(app, world):
        if kind == "as JSON":
            answer = browser.post(address, json={"name": "x"})
        else:
            headers = {"X-CSRFToken": foreign[1], "Origin": "https://evil.example"} if kind.startswith("as a header") else {}
            answer = browser.post(address, data={"csrf_token": form} if form else {}, headers=headers)
        if answer.status_code != 400:
            accepted.append(f"{address}: {answer.status_code}")
    assert accepted == []
    assert fingerprint() == before


def test_a14_the_second_step_needs_its_token_too(app: Flask, session: Session, guarded: None) -> None:
    """A14: half way in nothing is accepted without a token either."""
    user, _key, codes = turned_on(session)
    session.commit()
    browser = app.test_client()
    token = _TOKEN.search(browser.get("/account/sign-in").text)
    assert token
    browser.post("/account/sign-in", data={"email": user.email, "password": PASSWORD, "csrf_token": token[1]})
    assert browser.post("/account/sign-in/code", data={"code": codes[0]}).status_code == 400
    fresh = _TOKEN.search(browser.get("/account/sign-in/code").text)
    assert fresh
    assert browser.post("/account/sign-in/code", data={"code": codes[0], "csrf_token": fresh[1]}).status_code == 303


@pytest.mark.parametrize(
    "part", [GUEST, pytest.param(CASHIER, marks=pytest.mark.long), pytest.param(CURATOR, marks=pytest.mark.long), ADMINISTRATOR]
)
def test_a14_looking_at_every_page_and_link_leaves_the_database_as_it_was(
    app: Flask, session: Session, world: World, fingerprint: Fingerprint, part: str
) -> None:
    """A14: a crawl over all GET routes with a careless query, then over the links of their pages: same digest of every table.

    tests/house/test_permissions.py watches the statements of the same routes as all ten of the cast.
    """
    browser = browser_of(app, session, world, part)
    before = fingerprint()
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    addresses = [world.address(row.address) for endpoint, row in TABLE.items() if "GET" in (rules[endpoint].methods or ())]
    links: list[str] = []
    for address in addresses:
        joint = "&" if "?" in address else "?"
        answer = browser.get(f"{address}{joint}delete=1&approve=1&_method=POST")
        assert answer.status_code < 500, address
        if answer.mimetype == "text/html" and answer.status_code == 200:
            links += read_page(answer.text, address)[1]
        answer.close()
    further = {link.partition("#")[0] for link in links if link.startswith("/") and not link.startswith(("//", "/static", "/media", "/en"))}
    for address in sorted(further - set(addresses))[:FURTHER]:
        browser.get(address).close()
    assert len(addresses) > 60
    assert fingerprint() == before
