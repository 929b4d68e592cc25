"""Forms of the office's mentoring pages."""

from __future__ import annotations

import re

from wtforms import HiddenField

from catalog.mentoring.organisations import ContactFacts
from kernel.errors import N_, InvalidInput
from storefront.fields import (
    CheckField,
    ChoiceField,
    ChoicesField,
    DayField,
    FilesField,
    LongTextField,
    PageForm,
    PhoneField,
    TextField,
    TypedField,
)

_DEGREES = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{1,8})?", re.ASCII)


class DegreesField(TypedField):
    """A coordinate as people copy it: -3,38341 or -3.38341."""

    maximum = 14

    def parse(self, text: str) -> float:
        typed = text.strip()
        if not _DEGREES.fullmatch(typed):
            raise InvalidInput(N_("A coordinate looks like -3.3834."))
        return float(typed.replace(",", "."))


def read_contacts(text: str) -> list[ContactFacts]:
    """People to talk to, one a line: name; duty; phone; e-mail."""
    return [ContactFacts(*[part.strip() for part in line.split(";")][:4]) for line in text.splitlines() if line.strip()]


class VisitForm(PageForm):
    """A visit, as it is noted on a phone."""

    token = HiddenField()
    unit = ChoiceField(N_("Whom did you visit?"))
    visited_on = DayField(N_("On which day"))
    place = TextField(N_("Where"), maximum=120, required=False, hint=N_("Such as the kitchen, the field, the village hall."))
    seen = LongTextField(N_("What you saw"), maximum=4_000, rows=6)
    agreed = LongTextField(N_("What you agreed on"), maximum=4_000, rows=3, required=False)
    next_on = DayField(N_("Next visit"), required=False)
    photos = FilesField(N_("Photos"), required=False, hint=N_("At most 6. Only the office sees them."))
    has_consent = CheckField(N_("The people visited agree that the place is noted"))
    latitude = DegreesField(N_("Latitude"), required=False)
    longitude = DegreesField(N_("Longitude"), required=False)
    item = TextField(N_("To be done"), maximum=500, required=False)
    item_owner = ChoiceField(N_("By whom"), required=False)
    item_due_on = DayField(N_("Until"), required=False)


class ItemForm(PageForm):
    """Something to be done for a maker."""

    improvement = ChoiceField(N_("From a decision"), required=False)
    text = TextField(N_("To be done"), maximum=500, required=False, hint=N_("May stay empty when you choose something from a decision."))
    owner = ChoiceField(N_("By whom"))
    due_on = DayField(N_("Until"))


class DoneForm(PageForm):
    """What shows that an item is done."""

    result = TextField(N_("What shows that it is done"), maximum=500)
    photos = FilesField(N_("Photo or file"), required=False, accept="image/*,application/pdf")


class AssignmentForm(PageForm):
    """A mentor for a maker or a village."""

    mentor = ChoiceField(N_("Mentor"))
    unit = ChoiceField(N_("Maker or village"))
    starts_on = DayField(N_("From this day on"))
    note = TextField(N_("Note"), maximum=240, required=False)


class LastDayForm(PageForm):
    """The last day of an assignment."""

    last_day = DayField(N_("Last day"))


class EventForm(PageForm):
    """A training or another event."""

    kind = ChoiceField(N_("What kind of event"))
    title = TextField(N_("Title"), maximum=120)
    area = ChoiceField(N_("For which area"))
    held_on = DayField(N_("Day"))
    hours = TextField(N_("Hours"), maximum=40, required=False, hint=N_("Such as 08.30–15.00."))
    place = TextField(N_("Place"), maximum=160)
    about = LongTextField(N_("What it is about"), maximum=1_000, rows=3, required=False)
    villages = ChoicesField(N_("Villages that are invited"))


class AttendeeForm(PageForm):
    """Somebody who comes."""

    village = ChoiceField(N_("From which village"))
    name = TextField(N_("Name"), maximum=120)
    phone = PhoneField(N_("Phone"), required=False)


class OrganisationForm(PageForm):
    """A supporting organisation."""

    kind = ChoiceField(N_("What kind of organisation"))
    name = TextField(N_("Name"), maximum=120)
    area = ChoiceField(N_("For which area"))
    helps_with = LongTextField(N_("What it helps with"), maximum=500, rows=3, required=False)
    address = TextField(N_("Address"), maximum=240, required=False)
    contacts = LongTextField(
        N_("People to talk to"),
        maximum=1_200,
        rows=3,
        required=False,
        hint=N_("One person a line: name; duty; phone; e-mail. Only the name is needed."),
    )
    is_active = CheckField(N_("Helps at present"))


class ReferralForm(PageForm):
    """A maker is sent to an organisation."""

    organisation = ChoiceField(N_("To which organisation"))
    purpose = TextField(N_("What for"), maximum=240)


class ResultForm(PageForm):
    """What the organisation answered."""

    state = ChoiceField(N_("Answer"))
    result = TextField(N_("Result"), maximum=500, required=False)
