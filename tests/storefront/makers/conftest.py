"""Browsers of the portal's tests, and a maker with goods, sales and a closed statement."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from kernel import accounts
from kernel.people import SYSTEM, Grant, Role
from orders.models.maker_link import MakerLink
from orders.portal import links
from tests.make import make_user

SECRET = "a-secret-for-tests-only-0123456789"
AsMaker = Callable[..., FlaskClient]
ByLink = Callable[[Maker], FlaskClient]


@pytest.fixture
def as_maker(app: Flask, session: Session) -> AsMaker:
    """`as_maker(maker, …)`: a browser in which somebody with the role for these makers is signed in."""

    def sign_in(*makers: Maker) -> FlaskClient:
        user = make_user(session, *(Grant(Role.MAKER, maker_id=maker.id) for maker in makers))
        token = accounts.open_session(session, user, "tests")
        session.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return client

    return sign_in


@pytest.fixture
def by_link(app: Flask, session: Session) -> ByLink:
    """`by_link(maker)`: a browser that opened a new link of this maker."""

    def open_link(maker: Maker) -> FlaskClient:
        client = app.test_client()
        answer = client.get(f"/makers-portal/link/{token_of(links.create_link(session, SYSTEM, maker))}")
        assert answer.status_code == 303
        return client

    return open_link


def token_of(link: MakerLink) -> str:
    """What the address of a link ends with."""
    return links.write_token(link, SECRET)
