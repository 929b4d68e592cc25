"""A field for a place: typed by name or code, suggested from a list, and asked back when several places have the name."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from catalog.areas import describe_areas, find_area, fold_name, search_areas
from catalog.models.area import Area, AreaLevel
from kernel.errors import N_, InvalidInput
from storefront.database import reading
from storefront.fields import TypedField
from storefront.i18n import current_language

_CODE = re.compile(r"[0-9]{2}(?:\.[0-9]{2}){1,2}(?:\.[0-9]{4})?|^[0-9]{2}$", re.ASCII)
MOST_CANDIDATES = 12


class PlaceField(TypedField):
    """A village; with level=None any area, or one of `levels`; `value` is its code. `candidates` are offered when a name will not do."""

    kind = "place"

    def __init__(
        self, label: str = "", *, level: AreaLevel | None = AreaLevel.VILLAGE, levels: Collection[AreaLevel] = (), **rest: Any
    ) -> None:
        super().__init__(label, **rest)
        self.level = None if levels else level
        self.levels = frozenset(levels or ([level] if level else AreaLevel))
        self.candidates: list[tuple[str, str]] = []

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None, **rest: Any) -> None:
        """A picked candidate counts more than what stands in the box; WTForms calls this."""
        super().process(formdata, data, extra_filters, **rest) if data is not None else super().process(formdata, **rest)
        picked = formdata.get(f"{self.name}_pick", "") if formdata is not None else ""
        if picked:
            self.data = picked

    def parse(self, text: str) -> str:
        session = reading()
        if code := _CODE.search(text.strip()):
            area = find_area(session, code[0])
            if area is None or area.level not in self.levels:
                raise InvalidInput(N_("We know no place with this code. Type its name, or choose it from the list."))
            return area.code
        name, _comma, above = text.partition(",")
        found = [area for area in search_areas(session, name, level=self.level, limit=60) if area.level in self.levels]
        exact = [area for area in found if area.folded_name == fold_name(name)] or found
        if above.strip() and len(exact) > 1:
            exact = _narrow(exact, above) or exact
        if len(exact) == 1:
            return exact[0].code
        if not exact:
            raise InvalidInput(N_("We know no place with this name. Check the spelling, or type its code."))
        self.candidates = suggestions(exact[:MOST_CANDIDATES])
        raise InvalidInput(N_("Several places have this name. Choose the right one below."))


def suggestions(areas: Sequence[Area]) -> list[tuple[str, str]]:
    """(code, full name) of each area, for lists to choose from; one statement for the names above them."""
    if not areas:
        return []
    names = describe_areas(reading(), list(areas), current_language())
    return [(area.code, names.get(area.code, area.name)) for area in areas]


def village_label(village: Area) -> str:
    """A village with its district (loaded), short enough for a filter."""
    return f"{village.name} ({village.parent.name})" if village.parent else village.name


def place_text(code: str | None) -> str:
    """What the box shows for a code: the name people know and the code that decides."""
    area = find_area(reading(), code) if code else None
    return f"{area.name} · {area.code}" if area else ""


def _narrow(areas: list[Area], above: str) -> list[Area]:
    names = dict(suggestions(areas))
    return [area for area in areas if fold_name(above) in fold_name(names[area.code])]
