"""Browsers of the office's tests, signed in as whoever the test needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import World, browser_of

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def sign_in(app: Flask, session: Session, world: World) -> SignIn:
    """`sign_in(CURATOR)`: a browser with that person signed in."""
    return lambda part: browser_of(app, session, world, part)
