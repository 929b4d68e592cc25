"""Statements in the office: what is due, what the open period holds, closing it, and a closed one as page, paper and table."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.stock import Outlet
from kernel import clock
from kernel.errors import DomainError
from kernel.parsing import parse_date
from orders.consignment import agreements, desk, statement_content
from orders.consignment import statements as verbs
from orders.consignment.periods import midnight
from orders.consignment.statement_content import Content
from orders.models.agreement import Agreement, TermsModel
from orders.models.consignment import MakerStatement
from storefront.contact import whatsapp_link
from storefront.database import reading
from storefront.documents import statement_words
from storefront.documents.answers import answer_pdf
from storefront.i18n import gettext as _
from storefront.i18n import speaking
from storefront.office.agreements import choose_outlet
from storefront.office.consignment_forms import CloseForm
from storefront.office.record_history import history_of
from storefront.pages import asked, save
from storefront.security import current_actor


def statements() -> ResponseReturnValue:
    """What is to be closed, and what was closed last."""
    outlets, outlet = choose_outlet()
    session = reading()
    due = verbs.list_due(session, outlet) if outlet else []
    names = {each.agreement_id: session.get_one(Maker, session.get_one(Agreement, each.agreement_id).maker_id).name for each in due}
    return render_template(
        "office/statements/statements.html",
        outlets=outlets,
        outlet=outlet,
        due=due,
        names=names,
        closed=desk.list_closed(session, outlet.id) if outlet else [],
    )


def statement_close(agreement: str) -> ResponseReturnValue:
    """GET shows what would stand on the statement and names what closing does; POST closes it."""
    actor = current_actor()
    found = agreements.get_agreement(reading(), actor, agreement)
    form = CloseForm(formdata=request.form if request.method == "POST" else None)
    made: list[MakerStatement] = []

    def work(session: Session) -> None:
        made.append(verbs.close_statement(session, actor, found.id, form.up_to.value))

    if form.validate_on_submit() and save(form, work):
        flash(_("The statement is closed. Nothing on it changes any more."), "success")
        return redirect(url_for("office.statement", statement=made[0].code), 303)
    return _close_page(agreement, form), 422 if request.method == "POST" else 200


def statement(statement: str) -> ResponseReturnValue:
    """A closed statement, with the message to the maker."""
    found, content, maker = _read(statement)
    with speaking("id"):  # makers read Indonesian
        message = statement_words.message_text(content)
    return render_template(
        "office/statements/statement.html",
        statement=found,
        content=content,
        maker=maker,
        message=message,
        whatsapp=whatsapp_link(message, maker.phone),
        words=statement_words,
        history=history_of([f"statement:{content.code}", f"agreement:{found.agreement.code}"], statement=content.code),
    )


def statement_pdf(statement: str) -> ResponseReturnValue:
    """The paper, in the language of the page or `?language=`."""
    from storefront.documents.statement import draw_statement, title_of  # loaded with the first paper

    found, content, _maker = _read(statement)
    with speaking(_language()):
        return answer_pdf(draw_statement(content, found.closed_at, found.content_hash), title_of(content))


def statement_csv(statement: str) -> ResponseReturnValue:
    """Products, sums and every sale as a table, streamed."""
    found, content, _maker = _read(statement)
    language = _language()

    def rows() -> object:
        with speaking(language):
            yield from statement_words.table_csv(content, verbs.stream_sales(reading(), found))

    answer = Response(stream_with_context(rows()), mimetype="text/csv")  # type: ignore[call-overload]
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.code}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _read(code: str) -> tuple[MakerStatement, Content, Maker]:
    session = reading()
    found = verbs.get_statement(session, current_actor(), code)
    return found, statement_content.read(found.content), session.get_one(Maker, found.agreement.maker_id)


def _language() -> str:
    from storefront.i18n import current_language

    wanted = asked("language", 2)
    return wanted if wanted in ("id", "en") else current_language()


def _close_page(code: str, form: CloseForm) -> str:
    session = reading()
    found = agreements.get_agreement(session, current_actor(), code)
    outlet = session.get_one(Outlet, found.outlet_id)
    up_to = _wanted_day(found, outlet, form)
    form.up_to.data = form.up_to.data or up_to.isoformat()
    last = verbs.find_last(session, found.id)
    content = verbs.make_content(session, found, last, midnight(up_to + timedelta(days=1), outlet.zone), up_to)
    can_close = up_to < clock.today(outlet.zone) and (
        found.closed_until_at is None or midnight(up_to + timedelta(days=1), outlet.zone) > found.closed_until_at
    )
    has_fee = agreements.terms_on(session, found.id, up_to).model is TermsModel.MONTHLY_FEE
    return render_template(
        "office/statements/close.html",
        agreement=found,
        maker=session.get_one(Maker, found.maker_id),
        outlet=outlet,
        content=content,
        up_to=up_to,
        form=form,
        can_close=can_close,
        has_fee=has_fee,
        words=statement_words,
    )


def _wanted_day(found: Agreement, outlet: Outlet, form: CloseForm) -> date:
    """The day in the form or the address; else the one that is due; else yesterday."""
    yesterday = clock.today(outlet.zone) - timedelta(days=1)
    text = str(form.up_to.data or "") or asked("up_to", 20)
    if text:
        try:
            return min(parse_date(text, field="up_to"), yesterday + timedelta(days=1))
        except DomainError:
            return yesterday
    due = {each.agreement_id: each.up_to for each in verbs.list_due(reading(), outlet)}
    return due.get(found.id, yesterday)
