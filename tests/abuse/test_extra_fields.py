"""A15: a form changes what it shows; twenty and more fields that it does not have change nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from kernel.base import Base
from tests.abuse.conftest import read_rows
from tests.abuse.form_filling import Form, read_page
from tests.cast import ADMINISTRATOR, CASHIER, CURATOR, GUEST, OUTLET_MANAGER, SHOPPER, World, browser_of
from tests.house.permission_table import TABLE

pytestmark = pytest.mark.one_database

MARK = "A15sisipan"
#: Names of columns and of things that other shops have been tricked with.
EXTRA = {
    "id": "987654321",
    "code": f"{MARK}C",
    "token": f"{MARK}T",
    "role": "administrator",
    "roles": "administrator",
    "grants": "administrator",
    "is_admin": "1",
    "is_active": "",
    "is_staff": "1",
    "user_id": "987654321",
    "owner_id": "987654321",
    "maker_id": "987654321",
    "outlet_id": "987654321",
    "actor_id": "987654321",
    "buyer_id": "987654321",
    "approved_by_id": "987654321",
    "email": f"{MARK}@example.org".lower(),
    "password_hash": f"{MARK}H",
    "second_factor_at": "2020-01-01",
    "verified_at": "2020-01-01",
    "created_at": "2020-01-01",
    "paid_at": "2020-01-01",
    "authorised_at": "2020-01-01",
    "state": "paid",
    "status": "paid",
    "paid": "987654321",
    "total": "987654321",
    "price": "987654321",
    "unit_price": "987654321",
    "discount": "987654321",
    "shipping": "987654321",
    "shipping_amount": "987654321",
    "tax": "987654321",
    "currency": "usd",
    "on_hand": "987654321",
    "reserved": "987654321",
    "popularity": "987654321",
    "slug": f"{MARK}-slug".lower(),
    "proof": f"{MARK}P",
    "notes": f"{MARK}N",
    "__class__": f"{MARK}X",
    "grants-0-role": "administrator",
    "user.is_active": "",
    "order[state]": "paid",
}
LEAST_EXTRA = 20

Change = set[tuple[str, str, tuple[str, ...]]]
#: Every row of every table, as the driver gives it: read hundreds of times.
Snapshot = dict[str, list[tuple[Any, ...]]]


def _read(connection: Connection) -> Snapshot:
    return {table.name: read_rows(connection, table) for table in Base.metadata.sorted_tables}


def _changes(before: Snapshot, after: Snapshot) -> Change:
    """(table, what, which columns) of every difference: not the values, as codes and moments differ between any two runs."""
    found: Change = set()
    for table, names in _columns(before, after).items():
        old, rows = _by_key(table, before), _by_key(table, after)
        for key, row in rows.items():
            if key not in old:
                found.add((table, "added", tuple(sorted(name for name in names if row[name] not in (None, "", 0, False)))))
            elif row != old[key]:
                found.add((table, "changed", tuple(sorted(name for name in names if row[name] != old[key][name]))))
        if set(old) - set(rows):
            found.add((table, "removed", ()))
    return found


def _columns(before: Snapshot, after: Snapshot) -> dict[str, list[str]]:
    """The columns of the tables that are not what they were."""
    return {name: Base.metadata.tables[name].columns.keys() for name, rows in after.items() if rows != before.get(name)}


def _by_key(table: str, snapshot: Snapshot) -> dict[tuple[Any, ...], dict[str, Any]]:
    names = Base.metadata.tables[table].columns.keys()
    keys = [names.index(column.name) for column in Base.metadata.tables[table].primary_key]
    return {tuple(row[key] for key in keys): dict(zip(names, row, strict=True)) for row in snapshot[table]}


def _marks(before: Snapshot, after: Snapshot) -> list[str]:
    """Where anything of the extra fields has come to rest."""
    signs = (MARK.lower(), "987654321", "2020-01-01")
    return [
        f"{table}.{column} = {value!r}"
        for table, names in _columns(before, after).items()
        for row in after[table]
        for column, value in zip(names, row, strict=True)
        if any(sign in str(value).lower() for sign in signs)
    ]


def _try(connection: Connection, session: Session, post: Callable[[], int]) -> tuple[int, Snapshot]:
    with connection.begin_nested() as attempt:
        status = post()
        after = _read(connection)
        attempt.rollback()
    session.expire_all()
    return status, after


def _post(browser: FlaskClient, cookie: str, action: str, data: dict[str, str]) -> int:
    """Each try starts from the same cookie: what the database forgets again, the browser must too."""
    if cookie:
        browser.set_cookie("etalase", cookie)
    return browser.post(action, data=data).status_code


def _forms(app: Flask, browser: FlaskClient, world: World, below: str) -> list[Form]:
    """One of every kind of form on the pages of this browser below an address, by address and fields."""
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    found: dict[tuple[str, frozenset[str]], Form] = {}
    for endpoint, row in TABLE.items():
        address = world.address(row.address)
        if "GET" not in (rules[endpoint].methods or ()) or not address.startswith(below):
            continue
        answer = browser.get(address)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            for form in read_page(answer.text, address)[0]:
                if not form.has_file:
                    found.setdefault((form.action, frozenset(form.names)), form)
        answer.close()
    return list(found.values())


@pytest.mark.parametrize(
    ("part", "below", "least_done"),
    [
        (GUEST, "/", 2),
        (SHOPPER, "/", 3),
        (CASHIER, "/", 3),
        (OUTLET_MANAGER, "/office/outlets", 1),  # one form with fewer fields than the administrator's; the others are the same
        pytest.param(OUTLET_MANAGER, "/", 6, marks=pytest.mark.long),
        pytest.param(CURATOR, "/", 6, marks=pytest.mark.long),  # the administrator has the same forms, and more
        (ADMINISTRATOR, "/", 12),
    ],
)
def test_a15_fields_that_a_form_does_not_show_change_nothing(
    app: Flask, connection: Connection, session: Session, world: World, part: str, below: str, least_done: int
) -> None:
    """A15: each form as each role, once as it is and once with 20 or more further fields: the same tables and columns change."""
    browser = browser_of(app, session, world, part)
    if part in (GUEST, SHOPPER):
        assert browser.post("/cart/lines", data={"variant": world.words["variant"], "quantity": "1"}).status_code == 303
    before = _read(connection)
    assert _marks({}, before) == []
    done, problems = 0, []
    for form in _forms(app, browser, world, below):
        if form.action.endswith("/sign-out"):
            continue
        extra = {name: value for name, value in EXTRA.items() if name not in form.names}
        assert len(extra) >= LEAST_EXTRA
        cookie = browser.get_cookie("etalase")
        value = cookie.value if cookie else ""
        outcomes = [_try(connection, session, partial(_post, browser, value, form.action, data)) for data in (form.sent, extra | form.sent)]
        (status, plain), (status_with_extra, stuffed) = outcomes
        done += status == 303
        if status != status_with_extra:
            problems.append(f"{form.action}: {status}, with extra fields {status_with_extra}")
        if _changes(before, plain) != _changes(before, stuffed):
            problems.append(f"{form.action}: {_changes(before, plain) ^ _changes(before, stuffed)}")
        problems += [f"{form.action}: {mark}" for mark in _marks(before, stuffed)]
    print(f"{part}: {done} forms accepted")
    assert problems == []
    assert done >= least_done, "too few forms were accepted to say anything"


def test_a15_the_comparison_notices_a_field_that_gets_through(connection: Connection, session: Session, world: World) -> None:
    """A15, the control."""
    before = _read(connection)
    user = world.people[SHOPPER]
    user.is_active = False
    user.name = f"{MARK}"
    session.flush()
    after = _read(connection)
    assert _changes(before, after) == {("users", "changed", ("is_active", "name"))}
    assert len(_marks(before, after)) == 1
