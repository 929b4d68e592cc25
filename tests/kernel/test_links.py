"""Signed links end, cannot be forged, and die with what they are bound to."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from kernel import clock, links

SECRET = "a secret for these tests"
HOUR = timedelta(hours=1)


def test_a_link_says_who_it_is_about() -> None:
    token = links.sign(SECRET, "password", "K7QTX4MN", binding="hash")
    assert links.peek(token) == "K7QTX4MN"
    assert links.read(SECRET, "password", token, binding="hash", lifetime=HOUR) == "K7QTX4MN"


@pytest.mark.parametrize(
    ("secret", "purpose", "binding"), [("other", "password", "hash"), (SECRET, "invitation", "hash"), (SECRET, "password", "new")]
)
def test_another_secret_purpose_or_binding_opens_nothing(secret: str, purpose: str, binding: str) -> None:
    token = links.sign(SECRET, "password", "K7QTX4MN", binding="hash")
    with pytest.raises(links.LinkEnded):
        links.read(secret, purpose, token, binding=binding, lifetime=HOUR)


def test_a_link_ends() -> None:
    token = links.sign(SECRET, "password", "K7QTX4MN")
    with time_machine.travel(clock.now() + HOUR + timedelta(seconds=2), tick=False), pytest.raises(links.LinkEnded):
        links.read(SECRET, "password", token, lifetime=HOUR)


@pytest.mark.parametrize("token", ["", "x", ".x.y.z", "a" * 1000, "WzFd.a.b", "e30.a.b"])
def test_what_we_never_signed_says_nothing(token: str) -> None:
    with pytest.raises(links.LinkEnded):
        links.peek(token)
