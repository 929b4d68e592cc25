"""The refusals of the domain: each says in one translatable sentence what a person can do about it."""

from __future__ import annotations

from typing import Any


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, do not translate here"
    """Mark `message` for extraction; the storefront translates it when it is shown."""
    return message


class DomainError(Exception):
    """A refusal with a message for people. `message` is an English msgid; `params` fill its %(name)s places.

    `field` names the form field the refusal belongs to, when there is one.
    """

    message: str = N_("This could not be done.")

    def __init__(self, message: str | None = None, *, field: str | None = None, **params: Any) -> None:
        self.message = message or type(self).message
        self.field = field
        self.params = params
        super().__init__(self.message % params if params else self.message)


class NotFound(DomainError):
    """What was asked for is not there, or not for this person: the web answers 404 either way."""

    message = N_("We could not find that.")


class NotAllowed(DomainError):
    """The actor lacks the permission."""

    message = N_("You do not have permission to do this.")


class ApprovalNeeded(DomainError):
    """Above the outlet's limit one person cannot do this alone; `worth` is the rupiah at stake."""

    message = N_("Somebody else has to agree to this first.")

    def __init__(self, worth: int) -> None:
        self.worth = worth
        super().__init__()


class InvalidInput(DomainError):
    """A value a person typed cannot be used; says how to fix it."""

    message = N_("Please check what you typed.")


class Conflict(DomainError):
    """The world changed between reading and writing; trying again may help."""

    message = N_("This was changed in the meantime. Please look again.")
