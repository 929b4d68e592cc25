"""A report on receipt paper: a head, sections of words with figures, a foot; shift reports and labels are such. Pure.

static/counter/receipt_layout.js sets reports in the same way.
"""

from __future__ import annotations

from typing import TypedDict

from storefront.documents import columns as set_in
from storefront.documents.columns import Row, Style, pair, rule, told


class ReportSection(TypedDict):
    """Words and figures below a title. A figure that begins with `=` is a sum and is set strong."""

    title: str
    rows: list[tuple[str, str]]


class Report(TypedDict):
    """A report whose texts are ready in its language."""

    shop: str
    outlet: str
    title: str
    head: list[str]
    sections: list[ReportSection]
    foot: list[str]
    #: Lines to write names on.
    signatures: list[str]


def lay_out_report(report: Report, columns: int) -> list[Row]:
    """The rows of the paper, each within `columns`."""
    rows = set_in.centred(report["shop"], columns, Style.STRONG) + set_in.centred(report["outlet"], columns)
    rows += [rule(columns, "="), *set_in.large(report["title"], columns)]
    for text in report["head"]:
        rows += told(text, columns)
    for section in report["sections"]:
        rows.append(rule(columns))
        if section["title"]:
            rows += told(section["title"], columns, 0, Style.STRONG)
        for label, figure in section["rows"]:
            style = Style.STRONG if figure.startswith("=") else Style.PLAIN
            rows += pair(label, figure.removeprefix("="), columns, style)
    rows.append(rule(columns))
    for text in report["foot"]:
        rows += told(text, columns)
    for name in report["signatures"]:
        rows += [Row(Style.PLAIN, ""), *told(f"{name}:", columns), Row(Style.PLAIN, ""), rule(columns, "_")]
    return rows
