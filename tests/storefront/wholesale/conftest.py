"""Browsers of the wholesale tests, signed in as whoever the test needs."""

from tests.storefront.office.conftest import SignIn, sign_in, world  # noqa: F401 - fixtures of the same world
