"""What the pages of the programme share: the area they look at, the year, and the way up and down."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from catalog.mapping.focus import Focus, get_focus
from catalog.programme import FIRST_YEAR
from kernel import clock
from kernel.errors import NotFound
from kernel.people import Permission
from storefront.database import reading
from storefront.i18n import current_language
from storefront.pages import asked
from storefront.security import current_actor
from storefront.templating import current_settings

#: Up to so many areas below stand side by side; more are chosen from a list.
FEW_BELOW = 8


def looked_at() -> Focus:
    """The area in the address, or the person's own; 404 out of reach."""
    return get_focus(
        reading(), current_actor(), Permission.VIEW_PROGRAMME, asked("area", 13), current_settings().area_prefix, current_language()
    )


def asked_year() -> int:
    """The programme year in the address, or the one of the settings; 404 for what is none."""
    text = request.args.get("year", "")
    if not text:
        return current_settings().programme_year
    if not (text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= clock.today().year + 1):
        raise NotFound
    return int(text)


def way_around(focus: Focus, endpoint: str, **kept: Any) -> dict[str, Any]:
    """For `office/mapping/_area.html`: the areas above and below with their addresses, and what the address keeps."""
    kept = {name: value for name, value in kept.items() if value not in ("", None, False)}

    def pairs(steps: Any) -> list[tuple[str, str, str]]:
        return [(step.code, step.name, url_for(endpoint, area=step.code, **kept)) for step in steps]

    return {
        "focus": focus,
        "above": pairs(focus.above),
        "below": pairs(focus.below),
        "kept": kept,
        "here_url": url_for(endpoint),
        "few": FEW_BELOW,
    }
