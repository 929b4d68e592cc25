"""Forms of the desk: what is returned and why, the checklist, scorecards, decisions in ready words, answers to appeals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from catalog.curation.states import CurationState
from kernel.errors import N_, DomainError, InvalidInput
from storefront.fields import CheckField, ChoiceField, LongTextField, PageForm, TextField
from storefront.i18n import gettext as _


class DeskForm(PageForm):
    """One act at the desk with its words: remarks to the maker, the answer to an appeal, a conflict of interest."""

    words = LongTextField(N_("Words"), maximum=2_000, required=False, rows=4)


class RowsForm(PageForm):
    """A form with boxes for each of some things, named `<what>-<key>`; a refusal lands beside the thing it is about."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.row_errors: dict[str, str] = {}

    def refuse(self, refusal: DomainError, rename: Any = str) -> None:
        """Beside the row that it names, else on top."""
        if refusal.field:
            self.row_errors[refusal.field] = _(refusal.message, **refusal.params)
        else:
            super().refuse(refusal, rename)

    def problems(self) -> list[tuple[str, str]]:
        """Those of the rows after those of the whole form; the id is the row's."""
        return super().problems() + [(f"row-{key}", message) for key, message in self.row_errors.items()]


def typed(values: MultiDict[str, str] | Mapping[str, str], name: str, longest: int = 2_000) -> str:
    """What stands in a box."""
    return values.get(name, "").replace("\r\n", "\n").strip()[:longest]


def posted(name: str) -> str:
    """What was sent in a box."""
    return typed(request.form, name)


@dataclass(frozen=True, slots=True)
class Ready:
    """A reason in ready words: for which outcome, how the choice is called, and what the maker reads in each language."""

    key: str
    outcome: CurationState
    label: str
    text_id: str
    text_en: str


_S = CurationState
#: In plain words, as the maker reads them. The first of each outcome is the usual one.
READY: tuple[Ready, ...] = (
    Ready(
        "good",
        _S.APPROVED,
        N_("Meets the criteria"),
        "Produk ini memenuhi syarat dan siap dijual. Terima kasih atas kerja Anda; pertahankan mutunya.",
        "This product meets the criteria and is ready to be sold. Thank you for your work; please keep its quality.",
    ),
    Ready(
        "good_with_hints",
        _S.APPROVED,
        N_("Meets the criteria, with hints for the next time"),
        "Produk ini memenuhi syarat dan siap dijual. Yang dapat diperbaiki sebelum penilaian berikutnya kami tulis di bawah.",
        "This product meets the criteria and is ready to be sold. What can become better before the next scoring is listed below.",
    ),
    Ready(
        "quality",
        _S.IMPROVE,
        N_("Quality or packaging"),
        "Produk ini belum dapat dijual. Perbaiki hal-hal di bawah ini, lalu usulkan lagi. Pendamping akan membantu Anda.",
        "This product cannot be sold yet. Please improve what is listed below, then propose it again. A mentor will help you.",
    ),
    Ready(
        "papers",
        _S.IMPROVE,
        N_("Papers or label"),
        "Izin atau label produk ini belum lengkap. Lengkapi yang ditulis di bawah ini, lalu usulkan lagi.",
        "The papers or the label of this product are not complete. Please complete what is listed below, then propose it again.",
    ),
    Ready(
        "reseller",
        _S.REJECTED,
        N_("Not made by the maker"),
        "Produk ini tidak dibuat sendiri oleh pengusul, jadi tidak dapat masuk program. Usulkan produk yang dibuat di desa Anda.",
        "This product is not made by those who proposed it, so it cannot join the programme. Please propose what is made in your village.",
    ),
    Ready(
        "unsafe",
        _S.REJECTED,
        N_("Not safe to sell"),
        "Produk ini tidak aman untuk dijual, jadi kami tidak dapat menerimanya. Hubungi kami bila Anda ingin tahu lebih lanjut.",
        "This product is not safe to sell, so we cannot accept it. Please call us if you would like to know more.",
    ),
)


class DecisionForm(PageForm):
    """The outcome with its reason; own words take the place of the ready ones."""

    ready = ChoiceField(N_("Decision"))
    reason_id = LongTextField(N_("Own words to the maker, in Indonesian"), maximum=480, required=False, rows=3)
    reason_en = LongTextField(N_("Own words to the maker, in English"), maximum=480, required=False, rows=3)
    summary_id = TextField(N_("Summary for everybody, in Indonesian"), maximum=500, required=False)
    summary_en = TextField(N_("Summary for everybody, in English"), maximum=500, required=False)
    private_remarks = LongTextField(N_("Only for the office"), maximum=2_000, required=False, rows=2)
    replaces = CheckField(N_("The proposed text takes the place of the correction"))

    def chosen(self) -> Ready:
        """The ready words behind the choice."""
        found = next((each for each in READY if each.key == self.ready.value), None)
        if found is None:
            raise InvalidInput(N_("Please choose one of the options."), field="ready")
        return found
