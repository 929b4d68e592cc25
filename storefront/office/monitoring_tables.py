"""The dashboard's figures as tiles, as charts with the table behind each, and as one table of areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from catalog.models.product import ListingState
from catalog.models.programme import ProgrammeStatus
from orders.models.order import Channel
from orders.monitoring.figures import AreaFigures
from orders.monitoring.spans import Span
from storefront import state_words
from storefront.charts import NARROW, WIDE, Chart, Value, draw_columns, draw_rows
from storefront.i18n import gettext as _
from storefront.office.report_tables import CHANNELS, Column, Table, Tile, compact, short_day
from storefront.spreadsheets import Cell
from storefront.templating import number, rupiah
from storefront.words import word

#: Bars of a chart; its table has all.
MOST_BARS = 10


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart in two widths with what it says in words, and the table behind it."""

    key: str
    charts: tuple[Chart, ...]
    text: str
    table: Table


def make_tiles(whole: AreaFigures) -> list[Tile]:
    """What an office asks first."""
    now, before = whole.now, whole.before
    share = "–" if whole.certified_percent is None else f"{whole.certified_percent}%"
    return [
        Tile(_("Villages mapped"), f"{number(whole.mapped)} / {number(whole.village_count)}", tone="leaf"),
        Tile(_("Makers who sold"), number(now.active_makers), _was(number(before.active_makers))),
        Tile(_("Products in the shop"), number(whole.live), _("of %(makers)s makers", makers=number(whole.makers))),
        Tile(_("With a valid paper"), share, _("%(count)s products", count=number(whole.certified))),
        Tile(_("Sales"), rupiah(now.gross), _was(rupiah(before.gross)), "leaf"),
        Tile(_("Makers paid"), number(now.paid_makers), _("%(amount)s in all", amount=rupiah(now.paid))),
        Tile(_("Mentoring visits"), number(now.visits), _was(number(before.visits))),
        Tile(_("Expired"), rupiah(now.expired), _was(rupiah(before.expired)), "amber" if now.expired else ""),
        Tile(_("Shown to visitors"), number(now.shown), _was(number(before.shown))),
    ]


def make_charts(
    parts: Sequence[AreaFigures], whole: AreaFigures, buckets: dict[date, int], span: Span, *, has_areas: bool = True
) -> list[Drawn]:
    """Sales over time and by channel, products by state; where there is more than a village, also what compares areas."""
    listed = [(_(state_words.LISTING[state][0]), whole.products[state]) for state in ListingState]
    drawn = [_over_time(buckets, span), _channels(whole), _states("products", _("Products by state"), listed)]
    return drawn + _of_areas(parts, whole) if has_areas else drawn


def _of_areas(parts: Sequence[AreaFigures], whole: AreaFigures) -> list[Drawn]:
    return [
        _ranked("areas", _("Sales by area"), parts, [(part.name, part.now.gross, part.before.gross) for part in parts], "rupiah"),
        _ranked(
            "shown", _("Shown to visitors, by area"), parts, [(part.name, part.now.shown, part.before.shown) for part in parts], "number"
        ),
        _states("villages", _("Villages by standing"), [(word(status), whole.villages[status]) for status in ProgrammeStatus]),
    ]


def areas_table(parts: Sequence[AreaFigures], whole: AreaFigures, *, is_villages: bool) -> Table:
    """Every figure of every area below, and the whole."""
    columns = (
        *(Column(_("Village") if is_villages else _("Area")), Column(_("Mapped"), "number"), Column(_("Makers"), "number")),
        *(Column(_("Makers who sold"), "number"), Column(_("Products"), "number"), Column(_("With a valid paper"), "percent")),
        *(Column(_("Sales"), "rupiah"), Column(_("before"), "rupiah"), Column(_("Makers paid"), "number")),
        *(Column(_("Paid out"), "rupiah"), Column(_("Visits"), "number"), Column(_("Expired"), "rupiah")),
        *(Column(_("Home page"), "number"), Column(_("Lists and search"), "number")),
    )
    rows: list[tuple[Cell, ...]] = [(part.name, *_cells(part)) for part in parts]
    return Table(_("Area by area"), columns, rows, (whole.name, *_cells(whole)) if parts else None)


def _cells(part: AreaFigures) -> tuple[Cell, ...]:
    now = part.now
    return (
        *(part.mapped, part.makers, now.active_makers, part.live, part.certified_percent, now.gross, part.before.gross),
        *(now.paid_makers, now.paid, now.visits, now.expired, now.shown_home, now.shown_found),
    )


def _over_time(buckets: dict[date, int], span: Span) -> Drawn:
    values = [Value(short_day(day, span.now), gross, f"{short_day(day, span.now)}: {rupiah(gross)}") for day, gross in buckets.items()]
    first = Column(_("Month"), "month") if span.now.is_by_month else Column(_("Day"), "day")
    rows: list[tuple[Cell, ...]] = [(day.isoformat(), gross) for day, gross in buckets.items()]
    table = Table(_("Sales over time"), (first, Column(_("Sales"), "rupiah")), rows)
    total = sum(buckets.values())
    best = max(buckets, key=lambda day: buckets[day])
    words = {"total": rupiah(total), "day": short_day(best, span.now), "most": rupiah(buckets[best])}
    text = _("%(total)s in all; the most on %(day)s: %(most)s.", **words) if total else _("Nothing yet.")
    charts = tuple(draw_columns(values, compact, width) for width in (WIDE, NARROW)) if total else ()
    return Drawn("time", charts, text, table)


def _channels(whole: AreaFigures) -> Drawn:
    rows = [(_(CHANNELS[channel]), whole.now.sales[channel], whole.before.sales[channel]) for channel in Channel]
    return _ranked("channels", _("Sales by channel"), (), rows, "rupiah")


def _ranked(key: str, name: str, parts: Sequence[AreaFigures], rows: Sequence[tuple[str, int, int]], kind: str) -> Drawn:
    """The largest first."""
    say = rupiah if kind == "rupiah" else number
    ranked = sorted(rows, key=lambda row: (-row[1], row[0]))
    values = [Value(label, amount, f"{label}: {say(amount)}") for label, amount, _before in ranked[:MOST_BARS] if amount > 0]
    table = Table(name, (Column(_("Area") if parts else _("Channel")), Column(_("now"), kind), Column(_("before"), kind)), list(ranked))
    text = _("The most: %(said)s.", said=values[0].said) if values else _("Nothing yet.")
    return Drawn(key, tuple(draw_rows(values, say, width) for width in (WIDE, NARROW)) if values else (), text, table)


def _states(key: str, name: str, rows: Sequence[tuple[str, int]]) -> Drawn:
    """In the order of the states; those that nobody is in are in the table only."""
    values = [Value(label, count, f"{label}: {number(count)}") for label, count in rows if count]
    table = Table(name, (Column(_("State")), Column(_("now"), "number")), list(rows))
    text = ", ".join(value.said for value in values) or _("Nothing yet.")
    return Drawn(key, tuple(draw_rows(values, number, width) for width in (WIDE, NARROW)) if values else (), text, table)


def _was(said: str) -> str:
    return _("before: %(said)s", said=said)
