"""A statement in words and rows: what stands on paper, in the message to the maker and in the table, in the language spoken now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from orders.consignment.statement_content import Content, Line, Note
from orders.consignment.statements import SaleRow
from orders.documents import amount_in_words
from orders.models.agreement import TermsModel
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.spreadsheets import Cell, csv_rows
from storefront.templating import day, moment, number, rupiah
from storefront.words import percent

#: So many products fit into a message that people still read.
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class StatementSum:
    """One line of what is owed; `weight` is `grand`, `plain` or `soft`."""

    label: str
    amount: int
    weight: str = "plain"


def period_words(content: Content) -> str:
    """`1 October 2026 to 4 November 2026`, or only its end for the first statement."""
    until = day(date.fromisoformat(content.to_on))
    if content.from_on is None:
        return _("until %(day)s", day=until)
    return _("%(first)s to %(last)s", first=day(date.fromisoformat(content.from_on)), last=until)


def terms_words(content: Content) -> str:
    """What was agreed when the statement was closed, in one sentence."""
    return model_words(TermsModel(content.terms["model"]), content.terms["rate_bps"], content.terms["fee"])


def model_words(model: TermsModel, rate_bps: int, fee: int) -> str:
    """Who gets what, in one sentence."""
    match model:
        case TermsModel.COMMISSION:
            return _("The outlet keeps %(rate)s of the selling price.", rate=percent(rate_bps))
        case TermsModel.MARKUP:
            return _("The maker gets its own price; the outlet adds %(rate)s.", rate=percent(rate_bps))
        case TermsModel.MONTHLY_FEE:
            return _("The maker gets the whole price; the shelf costs %(fee)s a month.", fee=rupiah(fee))
        case _:
            return _("The outlet buys the goods at the maker's price when they arrive.")


def name_of(line: Line) -> str:
    """The product's name in the language spoken now."""
    return line.name_en if current_language() == "en" else line.name_id


def sums_of(content: Content) -> list[StatementSum]:
    """From what was open to what is owed; the amounts add up to the last one."""
    sums = [StatementSum(_("Open from the statement before"), content.opening, "soft")] if content.opening else []
    sums.append(StatementSum(_("Sold, less what came back"), content.gross))
    if content.commission:
        sums.append(StatementSum(_("The outlet's part"), -content.commission))
    if content.losses:
        sums.append(StatementSum(_("Paid for goods lost or spoilt here"), content.losses))
    if content.purchases:
        sums.append(StatementSum(_("Goods bought outright"), content.purchases))
    sums += [StatementSum(_note_words(note), note.amount) for note in content.notes]
    return [*sums, StatementSum(owed_label(content), content.owed, "grand")]


def owed_label(content: Content) -> str:
    """Who owes whom."""
    return _("Owed to the maker") if content.owed >= 0 else _("The maker owes the outlet")


def owed_in_words(content: Content) -> str:
    """The amount that is owed, spelled out."""
    return amount_in_words(abs(content.owed), current_language())


def message_text(content: Content) -> str:
    """Plain text for WhatsApp: stars make bold there, and a small screen shows all of it."""
    lines = [
        f"*{_('Statement')} {content.code}*",
        f"{content.maker_name}, {content.village_name}",
        f"{content.outlet_name}: {period_words(content)}",
        "",
    ]
    moved = [line for line in content.lines if line.sold or line.returned or line.received or line.written_off or line.on_hand]
    for line in moved[:MOST_LINES]:
        lines.append(f"• {name_of(line)}: {_units(line)}")
    if len(moved) > MOST_LINES:
        lines.append(_("… and %(count)s more products", count=number(len(moved) - MOST_LINES)))
    if moved:
        lines.append("")
    for each in sums_of(content)[:-1]:
        lines.append(f"{each.label}: {rupiah(each.amount)}")
    lines += ["", f"*{owed_label(content)}: {rupiah(abs(content.owed))}*", f"({owed_in_words(content)})"]
    if content.is_sample:
        lines += ["", _("Sample data, not a real statement.")]
    return "\n".join(lines)


def table_csv(content: Content, sales: Iterable[SaleRow] = ()) -> Iterator[str]:
    """The statement as CSV: products, sums, and every sale where they are given. Amounts are plain whole rupiah."""
    return csv_rows(_table_rows(content, sales))


def _table_rows(content: Content, sales: Iterable[SaleRow]) -> Iterator[list[Cell]]:
    yield [_("Statement"), content.code]
    yield [_("Maker"), content.maker_name, content.village_name]
    yield [_("Outlet"), content.outlet_name, content.operator_name]
    yield [_("Period"), period_words(content)]
    yield []
    yield [
        _("Code"),
        _("Product"),
        _("Received"),
        _("Moved"),
        _("Sold"),
        _("Returned by buyers"),
        _("Back to the maker"),
        _("Damaged"),
        _("Expired"),
        _("Lost"),
        _("Sample"),
        _("On hand"),
        _("Selling price"),
        _("Commission"),
        _("Maker's share"),
        _("Paid for losses"),
    ]
    for line in content.lines:
        units = (line.received, line.moved, line.sold, line.returned, line.returned_to_maker)
        gone = (line.damaged, line.expired, line.lost, line.sample, line.on_hand)
        yield [line.code, name_of(line), *units, *gone, line.gross, line.commission, line.share, line.losses]
    yield []
    for each in sums_of(content):
        yield [each.label, each.amount]
    first = True
    for row in sales:
        if first:
            yield []
            yield [
                _("When"),
                _("Order"),
                _("Product"),
                _("Quantity"),
                _("Selling price"),
                _("Commission"),
                _("Maker's share"),
            ]
            first = False
        name = row.name_en if current_language() == "en" else row.name_id
        yield [moment(row.occurred_at, content.zone), row.order_code, name, row.quantity, row.gross, row.commission, row.share]


def _units(line: Line) -> str:
    """What became of a product's units, naught left out."""
    told = [
        _("%(count)s came", count=number(line.received)) if line.received else "",
        _("%(count)s sold", count=number(line.sold)) if line.sold else "",
        _("%(count)s returned", count=number(line.returned)) if line.returned else "",
        _("%(count)s back to you", count=number(line.returned_to_maker)) if line.returned_to_maker else "",
        _("%(count)s gone", count=number(line.written_off)) if line.written_off else "",
        _("%(count)s left", count=number(line.on_hand)),
    ]
    return ", ".join(part for part in told if part)


def _note_words(note: Note) -> str:
    when = day(date.fromisoformat(note.on))
    match note.kind:
        case "fee":
            return _("Shelf fee %(month)s", month=note.reason)
        case "payout":
            return _("Paid on %(day)s (%(reference)s)", day=when, reference=note.reason)
        case _:
            return _("Correction of %(day)s: %(reason)s", day=when, reason=note.reason)
