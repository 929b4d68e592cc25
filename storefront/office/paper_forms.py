"""Forms of the office about papers, their scans, and what channels require."""

from __future__ import annotations

from kernel.errors import N_
from storefront.fields import ChoiceField, ChoicesField, DayField, FilesField, PageForm, TextField
from storefront.private_files import ACCEPT


class ScanForm(PageForm):
    """The picture or PDF of a paper."""

    scan = FilesField(
        N_("Scan or photo of the paper"), accept=ACCEPT, hint=N_("A photo, or a PDF of at most 8 MB. Only the office sees it.")
    )


class RenewalForm(PageForm):
    """The paper that follows an old one."""

    number = TextField(N_("Number"), maximum=40, required=False)
    issuer = TextField(N_("Issued by"), maximum=120)
    valid_from_on = DayField(N_("Valid from"))
    valid_until_on = DayField(N_("Valid until"), required=False, hint=N_("Empty: without an end."))
    scan = FilesField(N_("Scan or photo of the paper"), accept=ACCEPT, required=False)


class EndForm(PageForm):
    """The last day of a paper that was withdrawn, or of a requirement."""

    last_day = DayField(N_("Last day"))


class RequirementForm(PageForm):
    """What a channel requires from a day on."""

    channel = ChoiceField(N_("Channel"))
    goods = ChoiceField(N_("Of which goods"))
    category = ChoiceField(N_("Only this shelf"), required=False)
    area = ChoiceField(N_("Made in"))
    kinds = ChoicesField(N_("One of these papers"))
    starts_on = DayField(N_("From this day on"))
    basis = TextField(N_("Because of"), maximum=160, required=False, hint=N_("The regulation, or the partner's rule."))
