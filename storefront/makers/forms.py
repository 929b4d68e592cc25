"""Forms of the makers' portal."""

from __future__ import annotations

from typing import Any

from flask import request

from kernel.errors import N_, DomainError
from storefront.fields import ChoiceField, DayField, PageForm, TextField
from storefront.i18n import gettext as _


class RowsForm(PageForm):
    """A form with a row of boxes for each of some goods, named `quantity-<code>`; refusals land beside their box."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.row_errors: dict[str, str] = {}

    def refuse(self, refusal: DomainError, rename: Any = str) -> None:
        """Beside the row's own box where the refusal names one."""
        if refusal.field and "-" in refusal.field:
            message = _(refusal.message, **refusal.params)
            self.row_errors[refusal.field] = message
        else:
            super().refuse(refusal, rename)

    def problems(self) -> list[tuple[str, str]]:
        """The rows' problems after those of the fields."""
        return super().problems() + list(self.row_errors.items())

    def typed(self, name: str) -> str:
        """What was typed into a row's box."""
        return request.form.get(name, "").strip()[:20] if self.is_submitted() else ""

    def codes(self, prefix: str, most: int) -> list[str]:
        """The rows into which something was typed, by what follows `prefix` in the names of their boxes."""
        found = [name.removeprefix(prefix) for name, text in request.form.items() if name.startswith(prefix) and text.strip()]
        return found[:most]


class AnnounceForm(RowsForm):
    """What comes, when, and to which outlet."""

    agreement = ChoiceField(N_("To which outlet?"))
    expected_on = DayField(N_("When will you bring it?"))
    note = TextField(N_("A word to the outlet"), maximum=240, required=False)


class ConfirmForm(PageForm):
    """Who speaks for the maker."""

    name = TextField(N_("Your name"), maximum=120, autocomplete="name")


class AskBackForm(RowsForm):
    """Why goods are wanted back."""

    note = TextField(N_("Why, and when can you come?"), maximum=240, required=False)


class AccountForm(PageForm):
    """Another bank account."""

    bank = TextField(N_("Bank"), maximum=60, hint=N_("For example Bank Sumsel Babel"))
    number = TextField(N_("Account number"), maximum=40)
    holder = TextField(N_("Name of the account's holder"), maximum=120)
