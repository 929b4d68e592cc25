"""WhatsApp links with the text already written, and the outlet's opening in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from urllib.parse import quote

from babel.dates import format_date, get_day_names

from catalog.opening import Opening, find_change, find_opening
from kernel import clock
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.kept_pages import until
from storefront.templating import day as day_words


def whatsapp_link(text: str, number: str = "") -> str:
    """Opens WhatsApp with `text` written: to `number` (E.164), or to whomever the person chooses."""
    digits = "".join(sign for sign in number if sign.isdigit())
    return f"https://wa.me/{digits}?text={quote(text, safe='')}"


def map_link(latitude: float | None, longitude: float | None) -> str:
    """Opens the map application of any phone, or a page on a computer (`geo:` does nothing on iPhones); empty without a place."""
    return "" if latitude is None or longitude is None else f"https://www.google.com/maps/search/?api=1&query={latitude},{longitude}"


def wall_clock(text: str) -> str:
    """`08.00` in Indonesian, `08:00` in English."""
    return text.replace(":", ".") if current_language() == "id" else text


class Opens(Protocol):
    """What has opening hours: seven entries from Monday on the wall clock of `zone`."""

    @property
    def opening_hours(self) -> Sequence[Sequence[str] | None]: ...

    @property
    def days_off(self) -> Sequence[str]: ...

    @property
    def zone(self) -> str: ...


def opening_of(outlet: Opens) -> Opening | None:
    """When the outlet is open next, on its own wall clock."""
    moment = clock.local(clock.now(), outlet.zone)
    until(find_change(outlet.opening_hours, moment))
    return find_opening(outlet.opening_hours, moment, outlet.days_off)


def opening_words(outlet: Opens) -> str:
    """One short sentence for someone who wants to come."""
    opening = opening_of(outlet)
    if opening is None:
        return _("Opening hours: please ask.")
    opens, closes = wall_clock(opening.opens), f"{wall_clock(opening.closes)}\N{NO-BREAK SPACE}{outlet.zone}"
    if opening.is_now:
        return _("Open today until %(closes)s", closes=closes)
    if opening.days_ahead == 0:
        return _("Opens today at %(opens)s–%(closes)s", opens=opens, closes=closes)
    if opening.days_ahead == 1:
        return _("Closed now. Opens tomorrow %(opens)s–%(closes)s", opens=opens, closes=closes)
    return _("Closed now. Opens on %(day)s %(opens)s–%(closes)s", day=_day_words(opening), opens=opens, closes=closes)


def _day_words(opening: Opening) -> str:
    """`Senin`; with its date once there is a nearer day of that name."""
    return weekday(opening.day) if opening.days_ahead < 7 else f"{weekday(opening.day)}, {day_words(opening.day)}"


def weekday(day: date) -> str:
    """`Senin`, `Monday`."""
    return format_date(day, "EEEE", locale=current_language())


def weekday_names() -> list[str]:
    """The seven days from Monday."""
    names = get_day_names("wide", locale=current_language())
    return [names[index] for index in range(7)]
