"""Forms of the stock room: deliveries, counts, transfers, pull-outs, lots."""

from __future__ import annotations

from typing import Any

from kernel.errors import N_, DomainError
from storefront.documents.label_stock import RESOLUTIONS, STOCKS, LabelKind, PackKind
from storefront.fields import ChoiceField, DayField, FilesField, LongTextField, PageForm, TextField, WholeField
from storefront.i18n import gettext as _

LABEL_STOCKS = {
    "40x30": N_("Roll, 40 × 30 mm"),
    "50x30": N_("Roll, 50 × 30 mm"),
    "a4-24": N_("A4 sheet, 24 labels (70 × 37 mm)"),
    "a4-65": N_("A4 sheet, 65 labels (38 × 21 mm)"),
    "58x60": N_("Roll, 58 × 60 mm"),
    "a4-8": N_("A4 sheet, 8 labels (99 × 68 mm)"),
    "a4-4": N_("A4, four cards"),
    "a4-1": N_("A4, one sign"),
}
LABEL_KINDS: dict[LabelKind | PackKind, str] = {
    LabelKind.TAG: N_("Price tag with lot and date"),
    LabelKind.SHELF: N_("Shelf label with large price"),
    PackKind.PACK: N_("Pack label with the code that opens its page"),
    PackKind.CARD: N_("Story card for the shelf"),
    PackKind.SIGN: N_("Sign for the village"),
}
LABEL_LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LABEL_FILES = [("pdf", "PDF"), ("svg", "SVG")]
TABLES = ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class NewDeliveryForm(PageForm):
    """Who brings goods to which outlet, now or on a day."""

    agreement = ChoiceField(N_("Maker and outlet"), hint=N_("Only makers with a running agreement are listed."))
    expected_on = DayField(N_("Expected on"), required=False, hint=N_("Empty: the goods are here."))
    brought_by = TextField(N_("Brought by"), maximum=120, required=False)
    note = LongTextField(N_("Note"), maximum=240, rows=2, required=False)


class LineForm(PageForm):
    """Units of one lot on a delivery note."""

    quantity = WholeField(N_("How many arrived"), minimum=1, maximum=100_000, width="short")
    accepted = WholeField(
        N_("How many are accepted"), minimum=0, maximum=100_000, width="short", required=False, hint=N_("Empty: all of them.")
    )
    lot_code = TextField(N_("Code on the pack"), maximum=20, required=False, hint=N_("Empty: a code is made from the day."))
    produced_on = DayField(N_("Made on"), required=False)
    best_before_on = DayField(N_("Best before"), required=False)
    condition = ChoiceField(N_("Condition"))
    refusal_reason = TextField(N_("Why not all are accepted"), maximum=240, required=False)
    photos = FilesField(N_("Photo of the goods"), required=False, hint=N_("For damaged or wrong goods."))


class StepForm(PageForm):
    """A step of a paper: which one, and why where a reason is needed."""

    step = TextField(maximum=20)
    reason = LongTextField(N_("Reason"), maximum=240, rows=2, required=False)


class MakerWordForm(PageForm):
    """The maker agrees at the outlet: by the code from their message, or by signing on the tablet."""

    way = ChoiceField(choices=[("code", "code"), ("signature", "signature")])
    name = TextField(N_("Name of the maker, or of who speaks for them"), maximum=120)
    code = TextField(N_("Code from the maker's message"), maximum=12, required=False)
    signature = TextField(maximum=20_000, required=False)


class ImportForm(PageForm):
    """A delivery as a list."""

    file = FilesField(N_("List (CSV or XLSX)"), accept=TABLES, required=False)


class LabelsForm(PageForm):
    """On which paper, and what kind."""

    stock = ChoiceField(N_("Printed on"))
    kind = ChoiceField(N_("Kind of label"))
    language = ChoiceField(N_("Language"), choices=LABEL_LANGUAGES)
    dpi = ChoiceField(N_("Dots of the printer"), choices=[(str(dpi), f"{dpi} dpi") for dpi in RESOLUTIONS])
    file = ChoiceField(N_("File"), choices=LABEL_FILES)
    first = WholeField(N_("First free label on the sheet"), minimum=1, maximum=65, width="short", required=False)

    @property
    def chosen_kind(self) -> LabelKind | PackKind:
        """The kind that was chosen, once the form is valid."""
        return next(kind for kind in LABEL_KINDS if kind.value == self.kind.value)

    def fill(self) -> None:
        """Put the choices in, in the language of the page."""
        self.stock.choices = [(name, _(LABEL_STOCKS[name])) for name in STOCKS]
        self.kind.choices = [(kind.value, _(text)) for kind, text in LABEL_KINDS.items()]


class NewCountForm(PageForm):
    """What is to be counted."""

    outlet = ChoiceField(N_("Outlet"))
    maker = ChoiceField(N_("Goods of"), required=False, hint=N_("Empty: the whole shelf."))
    note = TextField(N_("Note"), maximum=240, required=False)


class NewTransferForm(PageForm):
    """From where to where."""

    from_outlet = ChoiceField(N_("Sent from"))
    to_outlet = ChoiceField(N_("Sent to"))
    note = TextField(N_("Note"), maximum=240, required=False)


class PullOutForm(PageForm):
    """Why goods leave the shelf, and by when they should be collected."""

    reason = ChoiceField(N_("Reason"))
    collect_by_on = DayField(N_("Please collect by"), required=False)
    note = TextField(N_("Note"), maximum=240, required=False)


class PullOutDoneForm(PageForm):
    """Who took the goods."""

    handed_to = TextField(N_("Who took the goods"), maximum=120, required=False)
    cause = ChoiceField(N_("Why the others were destroyed"))


class TableForm(PageForm):
    """A form whose rows are read by hand: figures by row, each kept as typed, each with its own refusal."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.row_errors: dict[str, str] = {}

    def refuse(self, refusal: DomainError, rename: Any = str) -> None:
        """A refusal of a row stands beside its field and, with a link to it, on top."""
        if refusal.field and "-" in refusal.field:
            self.row_errors[refusal.field] = _(refusal.message, **refusal.params)
        else:
            super().refuse(refusal, rename)

    def problems(self) -> list[tuple[str, str]]:
        return [*super().problems(), *self.row_errors.items()]


class BatchForm(PageForm):
    """What happens to a lot, and why."""

    act = ChoiceField(N_("What happens"))
    reason = LongTextField(N_("Reason"), maximum=240, rows=2, hint=N_("Cashiers read it when they scan this lot."))
