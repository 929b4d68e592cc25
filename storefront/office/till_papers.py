"""Papers of the tills in the office: a shift's X or Z report on rolls and on A4."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from kernel.errors import NotFound
from orders.counter import queries, shifts
from storefront.database import reading
from storefront.documents.answers import answer_pdf
from storefront.security import current_actor


def till_shift_report(outlet: str, shift: str) -> ResponseReturnValue:
    """The report as PDF; `?paper=58mm` or `80mm` for a roll, else A4."""
    from storefront.documents.shift_report import draw_shift_report, title_of  # loaded with the first paper

    session = reading()
    found = queries.get_shift(session, current_actor(), shift)
    if found.till.outlet.code != outlet:
        raise NotFound
    drawn = draw_shift_report(found, shifts.figures_of(session, found), request.args.get("paper", ""))
    return answer_pdf(drawn, f"{title_of(found)} {outlet} {found.till.number} {found.number}")
