"""Blind counts in the office: the list without figures, the differences with their reasons, and the booking."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import shelves
from catalog.models.maker import Maker
from kernel.errors import DomainError
from kernel.parsing import parse_whole_number
from kernel.people import Permission
from orders.models.stockroom import CountLine, CountState, StockCount
from orders.stockroom import counts as verbs
from orders.stockroom import queries
from orders.stockroom.counts import Figure
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.record_history import history_of
from storefront.office.stockroom_forms import NewCountForm, StepForm, TableForm
from storefront.pages import asked_page, page_addresses, save, status_of
from storefront.security import current_actor

#: Lines of one page: a form may have 200 parts, and a phone should not scroll for ever.
PAGE_SIZE = 40


def counts() -> ResponseReturnValue:
    """Counts in reach, and a form that starts one."""
    actor = current_actor()
    form = NewCountForm()
    outlets = shelves.list_outlets(reading(), actor, Permission.EDIT_STOCK)
    form.outlet.choices = [(outlet.code, outlet.name) for outlet in outlets]
    form.maker.choices = [(maker.slug, maker.name) for maker in reading().scalars(select(Maker).order_by(Maker.name))]
    made: list[StockCount] = []

    def work(session: Session) -> None:
        outlet = shelves.get_outlet(session, actor, Permission.EDIT_STOCK, form.outlet.value)
        maker = session.scalar(select(Maker).where(Maker.slug == form.maker.value)) if form.maker.value else None
        made.append(verbs.start_count(session, actor, outlet, maker=maker, note=form.note.value))

    if form.validate_on_submit() and save(form, work):
        return redirect(url_for("office.count", code=made[0].code), 303)
    page = queries.list_counts(reading(), actor, asked_page())
    progress = queries.progress_of(reading(), [count.id for count in page.rows])
    return render_template(
        "office/counts/counts.html",
        page=page,
        progress=progress,
        form=form,
        may_start=bool(outlets),
        page_url=page_addresses("office.counts"),
    ), status_of(form)


def count(code: str) -> ResponseReturnValue:
    """The list to count by, forty lines to a page; nothing on it says what the books think."""
    actor, form = current_actor(), TableForm()
    found = verbs.get_count(reading(), actor, Permission.COUNT_STOCK, code)
    if found.state is not CountState.OPEN:
        return redirect(url_for("office.count_review", code=code), 303)
    number = min(asked_page(), max(1, -(-len(found.lines) // PAGE_SIZE)))
    lines = found.lines[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    typed = {line.id: _typed(form, line) for line in lines}
    if form.validate_on_submit() and _type(form, found, typed):
        last = number * PAGE_SIZE >= len(found.lines)
        flash(_("The figures are kept."), "success")
        return redirect(url_for("office.count", code=code, page=number if last else number + 1), 303)
    found = verbs.get_count(reading(), actor, Permission.COUNT_STOCK, code)
    lines = found.lines[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return render_template(
        "office/counts/count.html",
        count=found,
        lines=lines,
        names=queries.name_levels(reading(), [line.level_id for line in lines]),
        typed=typed,
        form=form,
        number=number,
        pages=max(1, -(-len(found.lines) // PAGE_SIZE)),
        counted=sum(line.counted is not None for line in found.lines),
        may_edit=_may_edit(found),
        page_url=page_addresses("office.count", code=code),
        history=history_of([f"count:{found.code}"]),
    ), status_of(form)


def count_review(code: str) -> ResponseReturnValue:
    """What differs, with room for the reasons; then the booking."""
    actor, form = current_actor(), TableForm()
    found = verbs.get_count(reading(), actor, Permission.COUNT_STOCK, code)
    if found.state is CountState.OPEN:
        return redirect(url_for("office.count", code=code), 303)
    different = [line for line in found.lines if line.difference][:PAGE_SIZE]
    typed = {line.id: request.form.get(f"reason-{line.id}", line.reason) for line in different}
    number = found.id

    def keep(session: Session) -> None:
        verbs.give_reasons(session, actor, number, typed)

    def book(session: Session) -> None:
        verbs.give_reasons(session, actor, number, typed)
        verbs.book_count(session, actor, number)

    books = request.form.get("step") == "book"
    if form.validate_on_submit() and save(form, book if books else keep):
        flash(_("The differences are booked.") if books else _("The reasons are kept."), "success")
        return redirect(url_for("office.count_review", code=code), 303)
    found = verbs.get_count(reading(), actor, Permission.COUNT_STOCK, code)
    different = [line for line in found.lines if line.difference]
    return render_template(
        "office/counts/review.html",
        count=found,
        lines=different,
        names=queries.name_levels(reading(), [line.level_id for line in different]),
        typed=typed,
        form=form,
        counted=sum(line.counted is not None for line in found.lines),
        worth=verbs.worth_of(found),
        needs_second=verbs.needs_second_person(found, actor),
        may_edit=_may_edit(found),
        history=history_of([f"count:{found.code}"]),
    ), status_of(form)


def count_step(code: str) -> ResponseReturnValue:
    """Close the list, count some lines again, or forget the count."""
    actor, form = current_actor(), StepForm()
    found = verbs.get_count(reading(), actor, Permission.COUNT_STOCK, code)
    number = found.id
    again = [line.id for line in found.lines if line.difference]
    steps = {
        "close": lambda session: verbs.close_count(session, actor, number),
        "again": lambda session: verbs.count_again(session, actor, number, again),
        "cancel": lambda session: verbs.cancel_count(session, actor, number),
    }
    if not form.validate_on_submit() or form.step.value not in steps or not save(form, steps[form.step.value]):
        for _field, problem in form.problems():
            flash(problem, "error")
    return redirect(url_for("office.count", code=code), 303)


def _typed(form: TableForm, line: CountLine) -> str:
    if form.is_submitted():
        return request.form.get(f"line-{line.id}", "").strip()
    return "" if line.counted is None else str(line.counted)


def _type(form: TableForm, found: StockCount, typed: dict[int, str]) -> bool:
    """Keep what can be kept: a line that is refused is told, the others go on. An empty box leaves what a colleague typed alone."""
    actor, number, kept = current_actor(), found.id, True
    for line_id, text in typed.items():
        if not text:
            continue
        try:
            figure = Figure(line_id, parse_whole_number(text, 0, 100_000, f"line-{line_id}"))
        except DomainError as refusal:
            form.refuse(refusal)
            kept = False
            continue

        def work(session: Session, figure: Figure = figure) -> None:
            verbs.type_figures(session, actor, number, [figure])

        before = next(line.counted for line in found.lines if line.id == line_id)
        if figure.counted != before:
            kept = save(form, work) and kept
    return kept


def _may_edit(found: StockCount) -> bool:
    return current_actor().can(Permission.EDIT_STOCK, area_code=found.outlet.area_code, outlet_id=found.outlet_id)
