"""Form fields that read what people type through kernel.parsing, keep it as typed, and refuse in the page's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import BooleanField, StringField
from wtforms.validators import ValidationError

from kernel import parsing
from kernel.accounts import fold_email
from kernel.errors import N_, DomainError, InvalidInput
from kernel.money import LARGEST_AMOUNT
from kernel.phones import normalise_phone, parse_phone
from storefront.i18n import gettext as _

#: What is sent, and how it is called in the page's language.
Choice = tuple[str, str]


class TypedField(StringField):
    """A text box with a meaning. `data` is what was typed and is shown again; `value` is what it means, once valid."""

    kind = "text"
    #: What is said when a field that is needed was left empty.
    left_empty = N_("Please fill this in.")

    def __init__(
        self,
        label: str = "",
        *,
        required: bool = True,
        hint: str = "",
        autocomplete: str = "",
        width: str = "",
        prefix: str = "",
        suffix: str = "",
        **rest: Any,
    ) -> None:
        super().__init__(label, **rest)
        self.required = required
        self.hint = hint
        self.autocomplete = autocomplete
        self.width = width
        self.prefix = prefix
        self.suffix = suffix
        self.value: Any = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """A field that was not sent counts as left empty, never as what the record holds; WTForms calls this."""
        self.data = valuelist[0] if valuelist else ""

    def parse(self, text: str) -> Any:
        """What `text` means; raises InvalidInput."""
        raise InvalidInput

    def pre_validate(self, form: Any) -> None:
        """Parse what was typed; WTForms calls this."""
        text = self.data or ""
        try:
            if not text.strip():
                if self.required:
                    raise InvalidInput(self.left_empty)
                self.value = self.parse_nothing()
            else:
                self.value = self.parse(text)
        except DomainError as refusal:
            raise ValidationError(_(refusal.message, **refusal.params)) from None

    def parse_nothing(self) -> Any:
        """What an empty optional box means."""
        return None


class TextField(TypedField):
    """One line of text."""

    def __init__(self, label: str = "", *, maximum: int, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.maximum = maximum

    def parse(self, text: str) -> str:
        return parsing.parse_text(" ".join(text.split()), field=self.name, maximum=self.maximum)

    def parse_nothing(self) -> str:
        return ""


class LongTextField(TextField):
    """Several lines of text."""

    kind = "textarea"

    def __init__(self, label: str = "", *, rows: int = 4, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.rows = rows

    def parse(self, text: str) -> str:
        return parsing.parse_text(text.replace("\r\n", "\n"), field=self.name, maximum=self.maximum)


class PasswordField(TypedField):
    """A password as it was typed, spaces and all; never shown again."""

    kind = "password"

    def parse(self, text: str) -> str:
        return text


class CodeField(TypedField):
    """A code of the second factor as it was typed; like a password it is never shown again."""

    left_empty = N_("Please type the code.")
    maximum = 20

    def parse(self, text: str) -> str:
        return text.strip()[: self.maximum]

    def _value(self) -> str:
        return ""


class EmailField(TypedField):
    """An e-mail address in the one way we keep it."""

    kind = "email"

    def parse(self, text: str) -> str:
        return fold_email(text)


class PhoneField(TypedField):
    """A phone number as E.164."""

    kind = "tel"

    def parse(self, text: str) -> str:
        return (parse_phone if self.required else normalise_phone)(text, field=self.name)

    def parse_nothing(self) -> str:
        return ""


class WholeField(TypedField):
    """A whole number within bounds."""

    kind = "number"

    def __init__(self, label: str = "", *, minimum: int, maximum: int, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.minimum = minimum
        self.maximum = maximum

    def parse(self, text: str) -> int:
        return parsing.parse_whole_number(text, self.minimum, self.maximum, self.name)


class RupiahField(TypedField):
    """An amount in whole rupiah, written with or without points."""

    kind = "rupiah"

    def __init__(self, label: str = "", *, minimum: int = 0, maximum: int = LARGEST_AMOUNT, **rest: Any) -> None:
        super().__init__(label, prefix="Rp", **rest)
        self.minimum = minimum
        self.maximum = maximum

    def parse(self, text: str) -> int:
        return parsing.parse_rupiah(text, field=self.name, minimum=self.minimum, maximum=self.maximum)


class DayField(TypedField):
    """A date, from a date picker or typed as day/month/year."""

    kind = "date"

    def parse(self, text: str) -> date:
        return parsing.parse_date(text, field=self.name)


class ChoiceField(TypedField):
    """One of a list of (value, label) pairs; `value` is the chosen value."""

    kind = "select"
    left_empty = N_("Please choose one.")

    def __init__(self, label: str = "", *, choices: Sequence[Choice] = (), **rest: Any) -> None:
        super().__init__(label, **rest)
        self.choices: Sequence[Choice] = choices

    def parse(self, text: str) -> str:
        found = next((str(value) for value, _label in self.choices if str(value) == text), None)
        if found is None:
            raise InvalidInput(N_("Please choose one from the list."))
        return found


class ChoicesField(TypedField):
    """Any number of a list of (value, label) pairs, as check boxes; `value` is the list of the chosen ones."""

    kind = "checks"

    def __init__(self, label: str = "", *, choices: Sequence[Choice] = (), **rest: Any) -> None:
        super().__init__(label, required=False, **rest)
        self.choices: Sequence[Choice] = choices

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep everything that was ticked; WTForms calls this."""
        self.data = list(valuelist)

    def iter_choices(self) -> list[tuple[str, str, bool]]:
        """(value, label, is chosen) of each choice."""
        chosen = set(self.data or ())
        return [(str(value), label, str(value) in chosen) for value, label in self.choices]

    def pre_validate(self, form: Any) -> None:
        if not set(self.data or ()) <= {str(value) for value, _label in self.choices}:
            raise ValidationError(_("Please choose one from the list."))
        self.value = list(self.data or ())


class CheckField(BooleanField):
    """Yes or no."""

    kind = "check"

    def __init__(self, label: str = "", *, hint: str = "", **rest: Any) -> None:
        super().__init__(label, **rest)
        self.hint = hint
        self.required = False

    @property
    def value(self) -> bool:
        """Whether it is ticked."""
        return bool(self.data)


class FilesField(MultipleFileField):
    """Files from the camera or the disk; `value` lists those that were really chosen."""

    kind = "files"

    def __init__(self, label: str = "", *, hint: str = "", accept: str = "image/*", required: bool = True, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.hint = hint
        self.accept = accept
        self.required = required
        self.value: list[Any] = []

    def pre_validate(self, form: Any) -> None:
        self.value = [file for file in self.data or () if getattr(file, "filename", "")]
        if self.required and not self.value:
            raise ValidationError(_("Please choose a file."))


class PageForm(FlaskForm):
    """A form of a page: labels in the page's language, values by name, and a place for the domain's refusal."""

    class Meta(FlaskForm.Meta):
        """An empty body is a form with nothing filled in, not a page that is looked at for the first time."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            wrapped = super().wrap_formdata(form, formdata)
            return ImmutableMultiDict() if wrapped is None and formdata is not None and form.is_submitted() else wrapped

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.refusals: list[str] = []
        for field in self:
            if field.label is not None and field.label.text:
                field.label.text = _(field.label.text)
            if getattr(field, "hint", ""):
                field.hint = _(field.hint)

    def values(self, *names: str) -> dict[str, Any]:
        """What the named fields mean (all but the form token when none is named)."""
        wanted: Iterable[Any] = (self[name] for name in names) if names else (field for field in self if hasattr(field, "value"))
        return {field.short_name: field.value for field in wanted}

    def refuse(self, refusal: DomainError, rename: Callable[[str], str] = str) -> None:
        """Put a refusal of the domain beside the field it is about, or on top of the form."""
        message = _(refusal.message, **refusal.params)
        name = rename(refusal.field) if refusal.field else ""
        if name in self:
            field = self[name]
            field.errors = [*field.errors, message]
        else:
            self.refusals.append(message)

    def problems(self) -> list[tuple[str, str]]:
        """(id of the field, "label: message") for the summary on top; the id is empty for what belongs to no field."""
        found = [("", message) for message in self.refusals]
        for field in self:
            named = f"{field.label.text}: " if field.label.text else ""
            found += [(field.id, f"{named}{message}") for message in field.errors]
        return found
