"""Forms of the account pages; labels are marked here and translated when the form is made."""

from __future__ import annotations

from kernel.accounts import MINIMUM_PASSWORD_LENGTH
from kernel.errors import N_
from storefront.fields import ChoiceField, CodeField, EmailField, PageForm, PasswordField, PhoneField, TextField

assert MINIMUM_PASSWORD_LENGTH == 10, "the hint below says so"  # noqa: S101 - a text that must follow the rule
_PASSWORD_HINT = N_("At least 10 characters. Several words in a row are easy to remember and hard to guess.")
LANGUAGE_CHOICES = [("id", "Bahasa Indonesia"), ("en", "English")]


class SignInForm(PageForm):
    """E-mail and password."""

    email = EmailField(N_("E-mail"), autocomplete="username")
    password = PasswordField(N_("Password"), autocomplete="current-password")


class EmailForm(PageForm):
    """Only an e-mail: to register or to reset a password."""

    email = EmailField(N_("E-mail"), autocomplete="email")


class RegistrationForm(PageForm):
    """What finishes a registration after the mailed link."""

    name = TextField(N_("Your name"), maximum=120, autocomplete="name")
    phone = PhoneField(
        N_("WhatsApp number"), required=False, autocomplete="tel", hint=N_("So that the outlet can reach you about an order.")
    )
    password = PasswordField(N_("Password"), autocomplete="new-password", hint=_PASSWORD_HINT)


class NewPasswordForm(PageForm):
    """A new password after a mailed link."""

    password = PasswordField(N_("New password"), autocomplete="new-password", hint=_PASSWORD_HINT)


class ChangePasswordForm(PageForm):
    """A new password for whoever knows the old one."""

    current = PasswordField(N_("Current password"), autocomplete="current-password")
    password = PasswordField(N_("New password"), autocomplete="new-password", hint=_PASSWORD_HINT)


class CloseAccountForm(PageForm):
    """The proof that whoever closes an account is its owner."""

    current = PasswordField(N_("Current password"), autocomplete="current-password")


class ProfileForm(PageForm):
    """What a person tells us about themselves. Nothing else is accepted (A15)."""

    name = TextField(N_("Your name"), maximum=120, autocomplete="name")
    phone = PhoneField(
        N_("WhatsApp number"), required=False, autocomplete="tel", hint=N_("So that the outlet can reach you about an order.")
    )
    language = ChoiceField(N_("Language of our mails to you"), choices=LANGUAGE_CHOICES)


class CodeForm(PageForm):
    """A code of the second factor: six digits of the app, or a recovery code."""

    code = CodeField(N_("Code from your app"), autocomplete="one-time-code")


class PasswordAndCodeForm(PageForm):
    """Both proofs, to turn the second factor off."""

    password = PasswordField(N_("Current password"), autocomplete="current-password")
    code = CodeField(N_("Code from your app"), autocomplete="one-time-code", hint=N_("Or one of your recovery codes."))
