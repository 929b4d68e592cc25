"""Nobody is shown a link or a form that they may not use, or that leads nowhere: a walk over the house by everybody of the cast."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tests.cast import ADMINISTRATOR, CAST, GUEST, World, browser_of
from tests.ways import Walk

pytestmark = pytest.mark.one_database

#: What only some may enter; the shop is the same for all, and the guest walks there.
ROOMS = {"account", "office", "makers", "wholesale", "counter"}
#: This world's visit names a photo that nobody took.
WITHOUT_A_FILE = {"office.visit_photo"}


def walkers() -> list[Any]:
    """Everybody; who may do everything finds few closed doors, and long ways to them."""
    return [pytest.param(part, marks=pytest.mark.long if part == ADMINISTRATOR else []) for part in CAST]


@pytest.mark.parametrize("part", walkers())
def test_everything_that_is_shown_can_be_used(app: Flask, connection: Connection, session: Session, world: World, part: str) -> None:
    """Every form is sent as it stands, too; what that did is taken back before the next step."""
    cookie = browser_of(app, session, world, part).get_cookie("etalase")

    def ask(method: str, address: str, values: list[tuple[str, str]]) -> tuple[int, str, str]:
        browser = app.test_client()
        if cookie is not None:
            browser.set_cookie("etalase", cookie.value)
        given = {name: [value for known, value in values if known == name] for name, _ in values}
        with connection.begin_nested() as attempt:
            answer = browser.open(address, method=method, data=given or None)
            answer.close()
            attempt.rollback()
        return answer.status_code, answer.headers.get("Location", ""), answer.text if answer.mimetype == "text/html" else ""

    def is_theirs(endpoint: str) -> bool:
        return (part == GUEST or endpoint.partition(".")[0] in ROOMS) and endpoint not in WITHOUT_A_FILE

    doors = ("/",) if part == GUEST else ("/account/sign-in", "/account/profile")
    assert list(Walk(app, ask, is_theirs).faults(*doors)) == []
