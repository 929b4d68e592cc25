"""Reports as tables of plain cells: a page shows them, and a spreadsheet gets the same ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from babel.dates import format_skeleton
from babel.numbers import format_compact_decimal
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import N_
from kernel.locales import pick
from orders.models.order import Channel
from orders.models.payment import Account
from orders.reports import goods, losses, money, sales
from orders.reports.period import Period
from orders.reports.sales import Grouping, SaleLine, Sums
from orders.reports.scope import Scope
from storefront import state_words
from storefront.charts import NARROW, WIDE, Chart, Value, draw_columns, draw_rows
from storefront.i18n import current_language, ngettext
from storefront.i18n import gettext as _
from storefront.spreadsheets import Cell
from storefront.templating import number, rupiah

#: Rows of a table on a page, and bars of a chart; the file has all.
MOST_ROWS, MOST_BARS = 100, 10
GROUP_NAMES: dict[Grouping, str] = {
    Grouping.MAKER: N_("Maker"),
    Grouping.VILLAGE: N_("Village"),
    Grouping.DISTRICT: N_("District"),
    Grouping.CATEGORY: N_("Category"),
    Grouping.CHANNEL: N_("Channel"),
    Grouping.PAYMENT: N_("Way to pay"),
}
CHANNELS: dict[Channel, str] = {Channel.WEB: N_("Web shop"), Channel.COUNTER: N_("Counter"), Channel.WHOLESALE: N_("Wholesale")}
ACCOUNTS = {
    Account.STRIPE: N_("Card"),
    Account.QRIS: "QRIS",
    Account.BANK: N_("Bank transfer"),
    Account.CARD: N_("Card terminal"),
    Account.CASH: N_("Cash"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is text, number, rupiah, percent (whole) or day."""

    heading: str
    kind: str = "text"


@dataclass(slots=True)
class Table:
    """Rows of cells under their columns; `total` is the last line."""

    name: str
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]]
    total: tuple[Cell, ...] | None = None

    def cells(self) -> Iterator[Sequence[Cell]]:
        """Headings and rows as a file has them."""
        yield [column.heading for column in self.columns]
        yield from self.rows
        if self.total is not None:
            yield self.total


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its name and, where there is one, how it was before."""

    name: str
    value: str
    before: str = ""
    tone: str = ""


@dataclass(slots=True)
class Report:
    """What a page shows: figures, one chart in two widths, and the tables that are the truth."""

    tables: list[Table]
    tiles: list[Tile] = field(default_factory=list)
    charts: tuple[Chart, ...] = ()
    chart_name: str = ""
    chart_text: str = ""
    is_empty: bool = False


def make_overview(session: Session, scope: Scope) -> Report:
    """Days or months, the money beside them, and the period before."""
    found, orders = sales.sum_sales(session, scope), sales.count_orders(session, scope)
    makers, buyers = money.sum_makers(session, scope), money.sum_buyers(session, scope)
    now, before = found.now, found.before
    tiles = [
        _tile(_("Sales"), now.gross, before.gross, "leaf"),
        _tile(_("For the makers"), now.share, before.share),
        _tile(_("For the outlet"), now.commission + now.own, before.commission + before.own),
        _tile(_("Margin on makers' goods"), makers[0].margin - buyers[0].discounts, makers[1].margin - buyers[1].discounts),
        Tile(_("Units"), number(now.quantity), _before(number(before.quantity))),
        Tile(_("Orders"), number(orders[0]), _before(number(orders[1]))),
    ]
    days = Table(
        _("By month") if scope.period.is_by_month else _("By day"),
        (Column(_("Month") if scope.period.is_by_month else _("Day"), "month" if scope.period.is_by_month else "day"), *_sum_columns()),
        [(bucket.isoformat(), *_sum_cells(sums)) for bucket, sums in found.buckets.items()],
        (_("Total"), *_sum_cells(now)),
    )
    values = [
        Value(short_day(bucket, scope.period), sums.gross, f"{short_day(bucket, scope.period)}: {rupiah(sums.gross)}")
        for bucket, sums in found.buckets.items()
    ]
    report = Report([days, _money_table(makers, buyers), _ways_table(buyers[0])], tiles, chart_name=_("Sales"))
    report.is_empty = not (orders[0] or orders[1] or now.quantity or before.quantity or any(buyers[0].came_in.values()))
    if scope.period.days > 1:
        report.charts = tuple(draw_columns(values, compact, width) for width in (WIDE, NARROW))
        best = max(found.buckets, key=lambda bucket: found.buckets[bucket].gross)
        report.chart_text = _(
            "%(total)s in all; the most on %(day)s: %(most)s.",
            total=rupiah(now.gross),
            day=short_day(best, scope.period),
            most=rupiah(found.buckets[best].gross),
        )
    return report


def make_grouped(session: Session, scope: Scope, grouping: Grouping) -> Report:
    """Sales by maker, village and so on, the largest first."""
    rows = sales.group_sales(session, scope, grouping)
    total, before = Sums(), Sums()
    for row in rows:
        total.add(row.now)
        before.add(row.before)
    columns = (Column(_(GROUP_NAMES[grouping])), *_sum_columns(), Column(_("Part of all"), "percent"), Column(_("Before"), "rupiah"))
    named = [(_group_name(grouping, row), row) for row in rows]
    table = Table(
        _(GROUP_NAMES[grouping]),
        columns,
        [(name, *_sum_cells(row.now), _part(row.now.gross, total.gross), row.before.gross) for name, row in named],
        (_("Total"), *_sum_cells(total), _part(total.gross, total.gross), before.gross) if rows else None,
    )
    shown = [Value(name, row.now.gross, f"{name}: {rupiah(row.now.gross)}") for name, row in named[:MOST_BARS] if row.now.gross > 0]
    report = Report([table], chart_name=_(GROUP_NAMES[grouping]), is_empty=not rows)
    if shown:
        report.charts = tuple(draw_rows(shown, rupiah, width) for width in (WIDE, NARROW))
        report.chart_text = _("The most: %(said)s.", said=shown[0].said)
    return report


def make_goods(session: Session, scope: Scope) -> Report:
    """How much of what stood on the shelf was sold, and how long it stood."""
    rows = goods.list_goods(session, scope)
    columns = (
        *(Column(_("Product")), Column(_("Code")), Column(_("Maker")), Column(_("At first"), "number"), Column(_("Came in"), "number")),
        *(Column(_("Sold"), "number"), Column(_("Lost"), "number"), Column(_("Left"), "number")),
        *(Column(_("Sold of all"), "percent"), Column(_("Days until sold"), "number"), Column(_("Days on the shelf"), "number")),
    )
    cells: list[tuple[Cell, ...]] = [
        (
            *(_named(row.name_id, row.name_en), row.code, row.maker, row.opening, row.came_in, row.sold, row.lost, row.closing),
            *(None if row.sell_through_bps is None else round(row.sell_through_bps / 100), row.days_to_sell, row.days_standing),
        )
        for row in rows
    ]
    opening, came_in, sold, lost, left = (
        sum(getattr(row, name) for row in rows) for name in ("opening", "came_in", "sold", "lost", "closing")
    )
    total = (_("Total"), "", "", opening, came_in, sold, lost, left, _part(sold, opening + came_in), None, None)
    tiles = [
        Tile(_("Sold of all"), _percent(_part(sold, opening + came_in)), tone="leaf"),
        Tile(_("Sold"), number(sold)),
        Tile(_("Came in"), number(came_in)),
        Tile(_("Left"), number(left)),
    ]
    return Report([Table(_("Goods"), columns, cells, total if rows else None)], tiles, is_empty=not rows)


def make_losses(session: Session, scope: Scope) -> Report:
    """What expired, broke or went missing, who bears it, and what is about to expire."""
    rows, lost, risk = losses.list_losses(session, scope), losses.list_lost_goods(session, scope), losses.weigh_risk(session, scope)
    amounts = (Column(_("Units"), "number"), Column(_("Worth on the shelf"), "rupiah"), Column(_("Owed to makers"), "rupiah"))
    causes: list[tuple[Cell, ...]] = [
        (
            _(state_words.LOSS[row.cause]),
            _("the outlet's own goods") if row.is_own else _(state_words.BEARER[row.borne_by]),
            row.quantity,
            row.worth,
            row.paid,
        )
        for row in rows
    ]
    products: list[tuple[Cell, ...]] = [
        (_named(row.name_id, row.name_en), row.code, row.maker, row.quantity, row.worth, row.paid) for row in lost
    ]
    sums = (sum(row.quantity for row in rows), sum(row.worth for row in rows), sum(row.paid for row in rows))
    tables = [
        Table(_("By cause"), (Column(_("Cause")), Column(_("Borne by")), *amounts), causes, (_("Total"), "", *sums) if rows else None),
        Table(_("By product"), (Column(_("Product")), Column(_("Code")), Column(_("Maker")), *amounts), products),
    ]
    tiles = [
        Tile(_("Lost, at the shelf price"), rupiah(sums[1]), tone="amber" if sums[1] else ""),
        Tile(_("Owed to makers for it"), rupiah(sums[2])),
        Tile(_("Past its date on the shelf today"), rupiah(risk.expired_worth), _units(risk.expired), "red" if risk.expired else ""),
        Tile(_("Expires within 30 days"), rupiah(risk.soon_worth), _units(risk.soon), "amber" if risk.soon else ""),
    ]
    return Report(tables if rows else [], tiles, is_empty=not rows and not risk.expired and not risk.soon)


def line_columns() -> tuple[Column, ...]:
    """Of the raw sale lines."""
    return (
        *(Column(_("Time")), Column(_("Outlet")), Column(_("Order code")), Column(_("Channel")), Column(_("Way to pay"))),
        *(Column(_("Code")), Column(_("Product")), Column(_("Maker")), Column(_("Village")), Column(_("Lot"))),
        *(Column(_("Units"), "number"), Column(_("Price"), "rupiah"), *_sum_columns()[1:]),
    )


def line_cells(lines: Iterable[SaleLine]) -> Iterator[tuple[Cell, ...]]:
    """Sales and returns (negative) one by one, the time on the outlet's clock."""
    channels = {channel.value: _(name) for channel, name in CHANNELS.items()}
    methods = {method.value: _(name) for method, name in state_words.METHOD.items()}
    language = current_language()
    for line in lines:
        yield (
            *(f"{clock.local(line.at, line.zone):%Y-%m-%d %H:%M}", line.outlet, line.order_code, channels[line.channel]),
            *(
                " + ".join(methods[name] for name in line.methods) or "–",
                line.variant_code,
                pick(language, line.name_id, line.name_en),
                line.maker,
                line.village,
            ),
            *(line.lot_code, line.quantity, line.unit_price, line.gross, line.share, line.commission + line.own),
        )


def show(cell: Cell, kind: str) -> str:
    """A cell as a page shows it."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        is_day = kind in ("day", "month") and cell[:4].isdigit()
        return (
            format_skeleton("yMMM" if kind == "month" else "MMMEd", date.fromisoformat(cell), locale=current_language()) if is_day else cell
        )
    if kind == "rupiah":
        return rupiah(cell)
    return _percent(cell) if kind == "percent" else number(cell)


def compact(amount: int) -> str:
    """`1,5 jt`: a rupiah figure for a scale."""
    return format_compact_decimal(amount, locale=current_language(), fraction_digits=1)


def _sum_columns() -> tuple[Column, ...]:
    names = (_("Sales"), _("For the makers"), _("For the outlet"))
    return (Column(_("Units"), "number"), *(Column(name, "rupiah") for name in names))


def _sum_cells(sums: Sums) -> tuple[int, int, int, int]:
    return sums.quantity, sums.gross, sums.share, sums.commission + sums.own


def _money_table(makers: tuple[money.Makers, money.Makers], buyers: tuple[money.Buyers, money.Buyers]) -> Table:
    lines = [
        (_("Commission from makers' goods"), [one.commission for one in makers]),
        (_("Shelf fees"), [one.fees for one in makers]),
        (_("Losses that the outlet bears"), [-one.losses for one in makers]),
        (_("Discounts given"), [-one.discounts for one in buyers]),
        (_("Margin on makers' goods"), [one.margin - two.discounts for one, two in zip(makers, buyers, strict=True)]),
        (_("Let off to partners"), [-one.allowances for one in buyers]),
        (_("Goods bought outright"), [-one.purchases for one in makers]),
        (_("Shipping charged"), [one.shipping for one in buyers]),
        (_("Given back to buyers"), [-one.refunded for one in buyers]),
        (_("Cash rounding"), [one.rounding for one in buyers]),
    ]
    columns = (Column(_("From the books")), Column(_("This period"), "rupiah"), Column(_("Before"), "rupiah"))
    return Table(_("From the books"), columns, [(name, *amounts) for name, amounts in lines])


def _ways_table(buyers: money.Buyers) -> Table:
    columns = (Column(_("Money from buyers")), Column(_("Came in"), "rupiah"), Column(_("Went back"), "rupiah"))
    rows: list[tuple[Cell, ...]] = [(_(ACCOUNTS[account]), buyers.came_in[account], buyers.went_out[account]) for account in money.MONEY]
    return Table(_("Money from buyers"), columns, rows, (_("Total"), sum(buyers.came_in.values()), sum(buyers.went_out.values())))


def _group_name(grouping: Grouping, row: sales.GroupRow) -> str:
    if grouping is Grouping.CHANNEL:
        return _(CHANNELS[Channel(row.key)])
    if grouping is Grouping.PAYMENT:
        return next((_(name) for method, name in state_words.METHOD.items() if method.value == row.key), _("On an invoice"))
    return _named(row.name_id, row.name_en)


def _named(name_id: str, name_en: str) -> str:
    return pick(current_language(), name_id, name_en)


def _tile(name: str, now: int, before: int, tone: str = "") -> Tile:
    return Tile(name, rupiah(now), _before(rupiah(before)), tone)


def _before(said: str) -> str:
    return _("before: %(said)s", said=said)


def _part(part: int, whole: int) -> int | None:
    return round(part * 100 / whole) if whole > 0 else None


def _percent(value: int | None) -> str:
    return "–" if value is None else f"{value}%"


def _units(value: int) -> str:
    return ngettext("%(count)s unit", "%(count)s units", value, count=number(value))


def short_day(day: date, period: Period) -> str:
    """`3 Nov`, or `Nov 2026` where months are told."""
    return format_skeleton("yMMM" if period.is_by_month else "MMMd", day, locale=current_language())
