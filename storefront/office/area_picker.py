"""Answers for fields that ask for a place: areas whose names begin with what was typed, those near home first."""

from __future__ import annotations

from flask import jsonify
from flask.typing import ResponseReturnValue

from catalog.areas import describe_areas, search_areas
from catalog.models.area import Area, AreaLevel
from catalog.village_search import search_villages
from storefront.database import reading
from storefront.i18n import current_language
from storefront.pages import asked
from storefront.templating import current_settings

#: How many are offered at once.
MOST = 12
#: What a field can ask for.
LEVELS: dict[str, AreaLevel | None] = {"village": AreaLevel.VILLAGE, "any": None}


def area_picker() -> ResponseReturnValue:
    """`[{code, text}]` for `?q=talang bul&level=village`. The list of areas is public; nothing here depends on who asks."""
    text, level = asked("q", 80), LEVELS.get(asked("level", 8) or "village", AreaLevel.VILLAGE)
    session, language = reading(), current_language()
    near = current_settings().area_prefix
    villages = search_villages(session, text, near=near, language=language, limit=MOST)
    found = [{"code": each.code, "text": each.text} for each in villages]
    if level is None:
        areas: list[Area] = [area for area in search_areas(session, text, level=None, limit=MOST) if area.level is not AreaLevel.VILLAGE]
        names = describe_areas(session, areas, language)
        found = [*({"code": area.code, "text": names.get(area.code, area.name)} for area in areas), *found][:MOST]
    answer = jsonify(found)
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer
