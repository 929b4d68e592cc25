"""Browsers of the wholesale tests, signed in as whoever the test needs."""

from tests.storefront.office.conftest import SignIn, sign_in  # noqa: F401 - a fixture of the same world
