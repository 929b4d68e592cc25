"""Forms of the office about stock, orders and people."""

from __future__ import annotations

from kernel.errors import N_
from storefront.fields import CheckField, ChoiceField, DayField, EmailField, LongTextField, PageForm, PhoneField, TextField, WholeField
from storefront.places import PlaceField


class HandOverForm(PageForm):
    """What the buyer shows, and that the cash was taken."""

    code = TextField(N_("Order code or phone number of the buyer"), maximum=30)
    cash = CheckField(N_("The cash is in the till"))


class CancelForm(PageForm):
    """Why an order ends."""

    reason = LongTextField(N_("Reason"), maximum=240, rows=2, hint=N_("The buyer may ask for it."))


class ReceiveForm(PageForm):
    """Units of one lot that arrive at an outlet."""

    lot = ChoiceField(N_("Lot"))
    lot_code = TextField(N_("Code on the pack"), maximum=20, required=False, hint=N_("Empty: a code is made from the day."))
    produced_on = DayField(N_("Made on"), required=False)
    best_before_on = DayField(N_("Best before"), required=False)
    quantity = WholeField(N_("How many arrived"), minimum=1, maximum=100_000, width="short")
    reference = TextField(N_("Delivery note"), maximum=40, required=False, hint=N_("Its number, or who brought it."))


class CorrectForm(PageForm):
    """What was counted, and why it differs."""

    counted = WholeField(
        N_("Counted on the shelf"), minimum=0, maximum=100_000, width="short", hint=N_("All of them, also those kept for orders.")
    )
    kind = ChoiceField(N_("What happened"))
    reason = LongTextField(N_("Reason"), maximum=240, rows=2)


class PersonForm(PageForm):
    """A new colleague. They choose their own password by mail."""

    name = TextField(N_("Name"), maximum=120)
    email = EmailField(N_("E-mail"))
    phone = PhoneField(N_("WhatsApp number"), required=False)
    language = ChoiceField(N_("Language of our mails"), choices=[("id", "Bahasa Indonesia"), ("en", "English")])


class RoleForm(PageForm):
    """A role and where it counts."""

    role = ChoiceField(N_("Role"))
    area = PlaceField(
        N_("Area"),
        level=None,
        required=False,
        hint=N_("A village officer's village, a mentor's district, the office's regency. Empty: all of Indonesia."),
    )
    outlet = ChoiceField(N_("Outlet"), required=False, hint=N_("For cashiers and outlet leads."))
    maker = ChoiceField(N_("Maker"), required=False, hint=N_("For makers."))
