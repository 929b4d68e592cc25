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
from storefront.templating import current_settings

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
        if code := _CODE.search(text.strip()):
            area = find_area(reading(), code[0])
            if area is None or area.level not in self.levels:
                raise InvalidInput(N_("We know no place with this code. Type its name, or choose it from the list."))
            return area.code
        name, _comma, above = text.partition(",")
        meant = self._meant(name, above)
        if len(meant) == 1:
            return meant[0].code
        if not meant:
            raise InvalidInput(N_("We know no place with this name. Check the spelling, or type its code."))
        self.candidates = suggestions(meant[:MOST_CANDIDATES])
        raise InvalidInput(N_("Several places have this name. Choose the right one below."))

    def _meant(self, name: str, above: str) -> list[Area]:
        """What a typed name can mean, the places at home first.

        A whole name decides, unless it lies elsewhere and places at home begin with it: Rantau in Tapin is not Rantau in Bengkayang.
        """
        home = current_settings().area_prefix
        near, all_over = self._search(name, within=home), self._search(name)
        whole = [area for area in dict.fromkeys([*near, *all_over]) if _is_whole(area, name)]
        if above.strip():
            narrowed = _narrow(whole or all_over, above)
            return narrowed or whole or all_over
        if near and not any(area in near for area in whole):
            return list(dict.fromkeys([*near, *whole]))
        return whole or all_over

    def _search(self, name: str, within: str = "") -> list[Area]:
        found = search_areas(reading(), name, within=within, level=self.level, limit=60)
        if within and fold_name(name) and (area := find_area(reading(), within)) and _is_whole(area, name):
            found = [area, *found]  # a branch of the tree does not hold its own root
        return [area for area in found if area.level in self.levels]


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


def _is_whole(area: Area, name: str) -> bool:
    """Whether this is the area's name, or what people call the regency: Tapin for Kabupaten Tapin, PALI for its long name."""
    folded = fold_name(name)
    called = {area.folded_name, fold_name(area.short_name or "")}
    if area.level is AreaLevel.REGENCY:
        called |= {area.folded_name.removeprefix(kind) for kind in ("kabupaten", "kota")}
    return folded in called


def _narrow(areas: list[Area], above: str) -> list[Area]:
    names = dict(suggestions(areas))
    return [area for area in areas if fold_name(above) in fold_name(names[area.code])]
