"""The programme page: every village's standing on one map and in one table."""

from __future__ import annotations

from collections import Counter

from flask import render_template
from flask.typing import ResponseReturnValue

from catalog.models.programme import ProgrammeStatus
from catalog.queries.programme import get_programme_page, takes_part
from kernel import clock
from orders.monitoring.public import get_public_figures
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.shop.drawing import draw_area
from storefront.templating import current_settings, local
from storefront.words import word


def programme() -> ResponseReturnValue:
    """The home regency in the programme year of the settings."""
    settings = current_settings()
    page = get_programme_page(reading(), settings.area_prefix, settings.programme_year, current_language())
    standings = Counter(point.status for point in page.villages if takes_part(point))
    counts = {status: standings[status] for status in ProgrammeStatus}
    return render_template(
        "shop/programme/programme.html",
        programme=page,
        figures=get_public_figures(reading(), settings.area_prefix, clock.today(settings.zone)),
        area=draw_area(page.villages),
        legend=[(status, f"{word(status)} ({count})") for status, count in counts.items() if count or status is ProgrammeStatus.SELECTED],
        chosen=[point for point in page.villages if point.status not in (ProgrammeStatus.NOT_MAPPED, ProgrammeStatus.MAPPED)],
        trail=[(_("Home"), local("/")), (_("Programme"), None)],
    )
