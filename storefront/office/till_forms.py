"""Forms of the office about tills: the till itself, PINs, a forgotten shift's count, incidents, rescue files."""

from __future__ import annotations

from kernel.errors import N_
from storefront.fields import CheckField, ChoiceField, FilesField, LongTextField, PageForm, RupiahField, TextField, WholeField


class TillForm(PageForm):
    """What a till is called and how it works."""

    name = TextField(N_("Name of the till"), maximum=60, hint=N_("Such as Till by the door. It is printed on the receipts."))
    lease_units = WholeField(
        N_("Units kept for this till"),
        minimum=0,
        maximum=99,
        hint=N_("So many of each product stay for the till while it has no network; the web shop sells only the rest. 0: none."),
    )
    is_active = CheckField(N_("The till is in use"))


class NewTillForm(PageForm):
    """A further till of an outlet."""

    name = TextField(N_("Name of the till"), maximum=60, hint=N_("Such as Till by the door. It is printed on the receipts."))


class PinForm(PageForm):
    """A person's PIN at the tills, typed twice."""

    pin = TextField(N_("New PIN (6 digits)"), maximum=6)
    again = TextField(N_("The same PIN again"), maximum=6)


class CountedForm(PageForm):
    """What a manager counted after a shift that nobody closed."""

    cash = RupiahField(N_("Cash in the drawer"), hint=N_("All of it, the float included."))
    qris = RupiahField(N_("QRIS by the merchant app"), required=False)
    card = RupiahField(N_("Card slips"), required=False)
    transfer = RupiahField(N_("Transfers"), required=False)
    note = LongTextField(N_("Why it is closed here"), maximum=240, rows=2)


class ResolveForm(PageForm):
    """How an incident ends."""

    resolution = ChoiceField(N_("What was found"))
    note = LongTextField(N_("Note"), maximum=240, rows=2, required=False)


class DecideForm(PageForm):
    """Whether an entry happened."""

    decision = ChoiceField(choices=[("accept", "accept"), ("dismiss", "dismiss")])
    note = LongTextField(N_("Reason"), maximum=240, rows=2, hint=N_("It is kept with your name."))


class RescueForm(PageForm):
    """A file that a device saved because it could not send."""

    file = FilesField(N_("Rescue file"), accept=".json,application/json", hint=N_("etalase-rescue-….json, saved on the till's sync page."))
