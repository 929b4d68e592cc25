"""Letters about an account: finish registering, set a new password, welcome a colleague."""

from __future__ import annotations

from storefront.i18n import gettext as _
from storefront.mail.letters import Letter, Payload, public_url, write
from storefront.templating import current_settings


def registration(payload: Payload) -> Letter:
    """The link that finishes registering."""
    link = public_url("account.finish_registration", token=payload["token"])
    subject = _("Finish your registration at %(shop)s", shop=current_settings().shop_name)
    return write("registration", subject, payload["email"], link=link)


def account_exists(payload: Payload) -> Letter:
    """Somebody tried to register an e-mail that has an account; only its owner learns it."""
    subject = _("You already have an account at %(shop)s", shop=current_settings().shop_name)
    return write("account_exists", subject, payload["email"], link=public_url("account.sign_in"))


def password_reset(payload: Payload) -> Letter:
    """The link that sets a new password."""
    link = public_url("account.new_password", token=payload["token"])
    return write("password_reset", _("Set a new password"), payload["email"], link=link, name=payload["name"])


def invitation(payload: Payload) -> Letter:
    """A colleague's first password."""
    link = public_url("account.new_password", token=payload["token"])
    subject = _("Your account at %(shop)s is ready", shop=current_settings().shop_name)
    return write("invitation", subject, payload["email"], link=link, name=payload["name"])


def second_factor_on(payload: Payload) -> Letter:
    """Signing in takes a code from now on."""
    subject = _("Two-step sign-in is on")
    return write("second_factor_on", subject, payload["email"], link=public_url("account.devices"), name=payload["name"])


def second_factor_off(payload: Payload) -> Letter:
    """The password alone is enough again; whoever did not want that must hear of it."""
    subject = _("Two-step sign-in is off")
    return write("second_factor_off", subject, payload["email"], link=public_url("account.forgotten_password"), name=payload["name"])
