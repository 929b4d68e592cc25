"""URL map of the account pages."""

from __future__ import annotations

from flask import Blueprint

from storefront.account import orders, profile, second_factor, signing
from storefront.routing import Reach, Route, add_routes

FORM = ("GET", "POST")

ROUTES: list[Route] = [
    Route("/sign-in", signing.sign_in, Reach.PUBLIC, FORM),
    Route("/sign-in/code", signing.sign_in_code, Reach.PUBLIC, FORM),
    Route("/sign-out", signing.sign_out, Reach.SIGNED_IN, ("POST",)),
    Route("/register", signing.register, Reach.PUBLIC, FORM),
    Route("/register/<token>", signing.finish_registration, Reach.LINK, FORM),
    Route("/forgotten-password", signing.forgotten_password, Reach.PUBLIC, FORM),
    Route("/new-password/<token>", signing.new_password, Reach.LINK, FORM),
    Route("/", profile.home, Reach.SIGNED_IN),
    Route("/orders", orders.orders, Reach.SIGNED_IN),
    Route("/profile", profile.profile, Reach.SIGNED_IN, FORM),
    Route("/password", profile.password, Reach.SIGNED_IN, FORM),
    Route("/second-factor", second_factor.second_factor, Reach.SIGNED_IN, FORM),
    Route("/second-factor/recovery-codes", second_factor.recovery_codes, Reach.SIGNED_IN, FORM),
    Route("/second-factor/off", second_factor.second_factor_off, Reach.SIGNED_IN, FORM),
    Route("/closing", profile.closing, Reach.SIGNED_IN, FORM),
    Route("/devices", profile.devices, Reach.SIGNED_IN),
    Route("/devices/end", profile.end_device, Reach.SIGNED_IN, ("POST",)),
]

blueprint = add_routes(Blueprint("account", __name__, url_prefix="/account"), ROUTES)
