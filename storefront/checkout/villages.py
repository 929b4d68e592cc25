"""The village box: suggestions as JSON while a buyer types, and a field that understands a name, asks back, and keeps the choice."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from catalog.village_search import LONGEST_QUESTION, VillageChoice, describe_choice, search_villages
from kernel.errors import N_, InvalidInput
from storefront.database import reading
from storefront.fields import TypedField
from storefront.i18n import current_language
from storefront.templating import current_settings

#: The official list changes once a year: browsers and proxies may keep an answer for a day.
KEPT_SECONDS = 24 * 3600


def find_villages() -> Response:
    """`/checkout/villages?q=`: up to eight villages, those near the outlet first; the same for everybody."""
    response = jsonify(
        [{"code": each.code, "text": each.text, "postcode": each.postal_code} for each in _search(request.args.get("q", ""))]
    )
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response


def describe(code: str) -> VillageChoice | None:
    """A village by its code, in the language of the page."""
    return describe_choice(reading(), code, current_language())


class VillageField(TypedField):
    """A village typed by name; `value` is its code. A second box `<name>_code` carries the choice made from a list.

    `candidates` are offered when what was typed fits several. The choice counts only while it is what the text says.
    """

    kind = "village"
    left_empty = N_("Type your village and choose it from the list.")

    def __init__(self, label: str = "", **rest: Any) -> None:
        super().__init__(label, **rest)
        self.candidates: list[VillageChoice] = []
        self.choice: VillageChoice | None = None
        #: Whether the form needs a village at all; the box may stand on the page unasked.
        self.is_wanted = True
        self._picked = ""

    def process(self, formdata: Any, *data: Any, **rest: Any) -> None:
        """A remembered code is shown as the village's name; WTForms calls this."""
        super().process(formdata, *data, **rest)
        if formdata is not None:
            self._picked = formdata.get(f"{self.name}_code", "")
        elif self.data:
            self.choice = describe(self.data)
            self.data = self.choice.text if self.choice else ""

    def pre_validate(self, form: Any) -> None:
        """Nothing is asked of a box that is not needed; WTForms calls this."""
        if self.is_wanted:
            super().pre_validate(form)

    def parse(self, text: str) -> str:
        found = _search(text)
        picked = describe(self._picked) if self._picked else None
        typed = " ".join(text.split()).casefold()
        meant = [each for each in found if each.text.casefold() == typed] or found
        if picked is not None and (picked.text.casefold() == typed or picked in found):
            meant = [picked]
        if not meant:
            raise InvalidInput(N_("We know no village with this name. Check the spelling, or add the district."))
        if len(meant) > 1:
            self.candidates = meant
            raise InvalidInput(N_("Several villages fit. Choose yours below."))
        self.choice = meant[0]
        self.data = self.choice.text
        return self.choice.code


def _search(text: str) -> list[VillageChoice]:
    near = current_settings().area_prefix
    return search_villages(reading(), text[:LONGEST_QUESTION], near=near, language=current_language())
