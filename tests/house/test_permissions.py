"""Every route is driven as every member of the cast: nobody gets in who may not, and nobody is kept out who may (A4, A14)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from storefront.routing import access_table
from tests.cast import (
    ADMINISTRATOR,
    CASHIER_ELSEWHERE,
    CAST,
    CURATOR_ELSEWHERE,
    GUEST,
    MAKER,
    MAKER_ELSEWHERE,
    World,
    browser_of,
)
from tests.house.permission_rows.groups import COME_IN, Row
from tests.house.permission_table import ROOMS, TABLE
from tests.sound_html import faults_of

HOW_TO_ADD = "add a row for it in tests/house/permission_rows/: its address, and who of the cast may use it"
_WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "REPLACE")


def parts(*on_both: str) -> list[Any]:
    """Everybody of the cast; who is not named looks at one database only, as the doors stand before the queries."""
    return [pytest.param(part, marks=[] if part in on_both else pytest.mark.one_database) for part in CAST]


def _rules(app: Flask) -> dict[str, Rule]:
    return {rule.endpoint: rule for rule in app.url_map.iter_rules()}


def test_every_route_has_a_row(app: Flask) -> None:
    missing = [f"{rule.endpoint} ({rule.rule}): {HOW_TO_ADD}" for rule in app.url_map.iter_rules() if rule.endpoint not in TABLE]
    assert missing == []


def test_no_route_has_two_rows() -> None:
    rows = [endpoint for room in ROOMS for endpoint in room.ROWS]
    assert sorted({endpoint for endpoint in rows if rows.count(endpoint) > 1}) == []


def test_no_row_is_left_over(app: Flask) -> None:
    assert sorted(set(TABLE) - set(_rules(app))) == []


def test_every_route_is_declared_in_a_url_map(app: Flask) -> None:
    """A route that bypassed Route() would be refused to everybody with a 500."""
    assert sorted(set(_rules(app)) - set(access_table(app)) - {"static"}) == []


def test_every_address_leads_to_its_route(app: Flask, world: World) -> None:
    wrong = {}
    for endpoint, rule in _rules(app).items():
        path = world.address(TABLE[endpoint].address).partition("?")[0]
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        found, _values = app.url_map.bind("localhost").match(path, method=method)
        if found != endpoint:
            wrong[endpoint] = found
    assert wrong == {}


#: The same roles in another place: an address that names nothing is theirs like their twin's, who tries it; they do in the long set.
TWINS = (CURATOR_ELSEWHERE, CASHIER_ELSEWHERE, MAKER_ELSEWHERE)


@pytest.mark.parametrize("part", parts(ADMINISTRATOR, MAKER))
def test_each_of_the_cast_meets_the_right_door_and_looking_changes_nothing(
    app: Flask, connection: Connection, session: Session, world: World, part: str, writes: list[str], pytestconfig: pytest.Config
) -> None:
    """Every address is tried in the same world with the same cookie: what a try changed is taken back before the next."""
    has_twin = part in TWINS and not pytestconfig.getoption("--long")
    cookie = browser_of(app, session, world, part).get_cookie("etalase")
    rules = _rules(app)
    surprises = []
    for endpoint, row in sorted(TABLE.items()):
        if has_twin and "{" not in row.address:
            continue
        address = world.address(row.address)
        for method in [method for method in ("GET", "POST") if method in (rules[endpoint].methods or ())]:
            browser = app.test_client()
            if cookie is not None:
                browser.set_cookie("etalase", cookie.value)
            writes.clear()
            with connection.begin_nested() as attempt:
                status, location = _drive(browser, method, address, row, world)
                attempt.rollback()
            if not _is_right(row, part, status, location):
                surprises.append(f"{method} {address}: {status} {location}")
            if method == "GET" and writes:
                surprises.append(f"{method} {address}: {writes}")
    assert surprises == []


#: Whoever reads at least one page for all; the others of the cast try the English addresses in the long set.
READERS = {row.reader for row in TABLE.values()}


@pytest.mark.one_database
@pytest.mark.parametrize("part", [pytest.param(part, marks=[] if part in READERS else pytest.mark.long) for part in CAST])
def test_looking_in_another_language_changes_nothing_and_every_page_is_sound(
    app: Flask, session: Session, world: World, part: str, writes: list[str], pytestconfig: pytest.Config
) -> None:
    """Each page by the one who reads it; by everybody in the long set, as the doors stand before the languages."""
    browser, is_long = browser_of(app, session, world, part), pytestconfig.getoption("--long")
    writes.clear()
    faults: dict[str, list[str]] = {}
    for endpoint, rule in sorted(_rules(app).items()):
        if "GET" in (rule.methods or ()) and (is_long or part == TABLE[endpoint].reader):
            answer = browser.get("/en" + world.address(TABLE[endpoint].address))
            if part == TABLE[endpoint].reader and _is_page(answer) and (found := faults_of(answer.text)):
                faults[endpoint] = found
            answer.close()
            assert answer.status_code < 500, endpoint
            assert writes == [], endpoint
    assert faults == {}


@pytest.fixture
def writes(connection: Connection) -> Iterator[list[str]]:
    """Every statement that would change the database, as it is sent."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(_WRITES):
            seen.append(statement)

    event.listen(connection.engine, "before_cursor_execute", note)
    yield seen
    event.remove(connection.engine, "before_cursor_execute", note)


def _is_page(answer: TestResponse) -> bool:
    return answer.mimetype == "text/html" and not 300 <= answer.status_code < 400


def _drive(browser: FlaskClient, method: str, address: str, row: Row, world: World) -> tuple[int, str]:
    form = {name: world.address(value) for name, value in row.form.items()}
    answer = browser.get(address) if method == "GET" else browser.post(address, data=form)
    answer.close()
    return answer.status_code, answer.headers.get("Location", "")


def _is_right(row: Row, part: str, status: int, location: str) -> bool:
    is_sent_to_sign_in = status == 303 and location.startswith("/account/sign-in")
    if part in row.may:
        may_end_at_sign_in = row.address in ("/account/sign-out", "/account/sign-in/code")
        return status in COME_IN | row.answers and (may_end_at_sign_in or not is_sent_to_sign_in)
    if part in row.hidden:
        return status == 404
    return is_sent_to_sign_in if part == GUEST else status == 403
