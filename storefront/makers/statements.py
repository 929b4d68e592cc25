"""Statements: the list, one with everything on it, and the same as PDF, as a table and as a message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import Response, stream_with_context
from flask.typing import ResponseReturnValue

from kernel import clock
from kernel.paging import Page
from orders.consignment import statement_content
from orders.consignment.statement_content import Content
from orders.consignment.statements import stream_sales
from orders.models.consignment import MakerStatement
from orders.portal import figures, records
from storefront.contact import whatsapp_link
from storefront.database import reading
from storefront.documents import statement_words
from storefront.documents.answers import answer_pdf
from storefront.i18n import current_language, speaking
from storefront.maker_door import enter
from storefront.makers.frame import show
from storefront.pages import asked_page, page_addresses

#: Lines of a statement on the screen; the table and the PDF hold all of them.
MOST_LINES = 100


def statements(maker: str) -> ResponseReturnValue:
    """The newest first."""
    session, entry, number = reading(), enter(maker), asked_page()
    places = {place.agreement_id: place for place in figures.list_places(session, entry.maker.id)}
    total, rows = records.count_statements(session, places), records.list_statements(session, places, page=number)
    return show(
        "makers/statements/statements.html",
        entry,
        page=Page(rows, total, number, records.PAGE_SIZE),
        last_days={row.code: clock.local(row.until_at - timedelta(seconds=1), places[row.agreement_id].zone).date() for row in rows},
        by_agreement=places,
        page_url=page_addresses("makers.statements", maker=maker),
    )


def statement(maker: str, code: str) -> ResponseReturnValue:
    """One statement, as it was closed."""
    entry = enter(maker)
    found, content = _read(entry.maker.id, code)
    return show(
        "makers/statements/statement.html",
        entry,
        statement=found,
        content=content,
        lines=content.lines[:MOST_LINES],
        hidden=len(content.lines) - min(len(content.lines), MOST_LINES),
        words=statement_words,
        message=whatsapp_link(statement_words.message_text(content)),
    )


def statement_paper(maker: str, code: str) -> ResponseReturnValue:
    """The PDF."""
    # Loaded with the first paper, as in storefront.documents.answers.
    from storefront.documents.statement import draw_statement, title_of

    found, content = _read(enter(maker).maker.id, code)
    return answer_pdf(draw_statement(content, found.closed_at, found.content_hash), title_of(content))


def statement_table(maker: str, code: str) -> ResponseReturnValue:
    """The table with every sale, written while it is read."""
    found, content = _read(enter(maker).maker.id, code)
    language = current_language()

    def rows() -> Iterator[str]:
        with speaking(language):
            yield from statement_words.table_csv(content, stream_sales(reading(), found))

    answer = Response(stream_with_context(rows()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.code}.csv"'
    return answer


def _read(maker_id: int, code: str) -> tuple[MakerStatement, Content]:
    found = records.get_statement(reading(), maker_id, code)
    return found, statement_content.read(found.content)
