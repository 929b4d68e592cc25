"""Selling without JavaScript, and typing what was written on paper while the power was out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernel import clock
from kernel.errors import DomainError, NotAllowed, NotFound
from orders.counter import plain as reads
from orders.counter import shifts
from orders.counter.paper import PaperLine, sell_on_paper
from orders.models.till import Till
from storefront.counter.plain_forms import FloatForm, LineRow, SaleForm, read_lines, typed_rows
from storefront.database import reading, transaction
from storefront.documents.answers import answer_pdf
from storefront.i18n import gettext as _
from storefront.security import current_actor


def plain() -> ResponseReturnValue:
    """The tills where this person may sell."""
    tills = reads.list_tills(reading(), current_actor())
    if len(tills) == 1:
        return redirect(url_for("counter.plain_till", outlet=tills[0].outlet.code, number=tills[0].number), 303)
    return render_template("counter/plain/tills.html", tills=tills)


def plain_till(outlet: str, number: int) -> ResponseReturnValue:
    """A sale, or a line of a paper sheet. What was typed stays when something is refused."""
    till = reads.get_till(reading(), current_actor(), outlet, number)
    form, rows = SaleForm(data={"method": "cash", "language": "id"}), typed_rows()
    form.fill()
    if not form.is_submitted():
        return _page(till, form, rows)
    lines = read_lines(reading(), rows)
    if form.validate() and lines is not None:
        sold = _sell(till, form, rows, lines)
        if sold:
            return redirect(url_for("counter.plain_till", outlet=outlet, number=number, sold=sold), 303)
    return _page(reads.get_till(reading(), current_actor(), outlet, number), form, rows), 422


def plain_shift(outlet: str, number: int) -> ResponseReturnValue:
    """Begin a shift with the cash in the drawer."""
    till = reads.get_till(reading(), current_actor(), outlet, number)
    form = FloatForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                shifts.open_without_device(session, current_actor(), till.id, form.opening_float.value)
        except (NotFound, NotAllowed):
            raise
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The shift is open. You can sell now."), "success")
            return redirect(url_for("counter.plain_till", outlet=outlet, number=number), 303)
    till = reads.get_till(reading(), current_actor(), outlet, number)
    return render_template("counter/plain/shift.html", till=till, form=form), 422


def plain_sheet(outlet: str, number: int) -> ResponseReturnValue:
    """The paper sheet on A4, to be kept beside the till."""
    from storefront.documents.sales_sheet import draw_sales_sheet  # loaded with the first paper

    till = reads.get_till(reading(), current_actor(), outlet, number)
    sellers = reads.list_best_sellers(reading(), till.outlet, clock.today(till.outlet.zone))
    return answer_pdf(draw_sales_sheet(till, sellers), f"{_('Paper sales sheet')} {till.outlet.code} {till.number}")


def _sell(till: Till, form: SaleForm, rows: list[LineRow], lines: list[PaperLine]) -> str:
    """The receipt number, or nothing with the refusal on the form."""
    sale = form.sale(lines)
    try:
        with transaction() as session:
            own = reads.get_till(session, current_actor(), till.outlet.code, till.number)
            if form.sheet.value:
                return reads.type_sheet_line(session, current_actor(), own, sale, form.sheet.value).receipt_number
            return sell_on_paper(session, current_actor(), own, sale).receipt_number
    except (NotFound, NotAllowed):
        raise
    except DomainError as refusal:
        place = (refusal.field or "").removeprefix("lines-")
        used = [row for row in rows if not row.is_empty()]
        if place.isdigit() and int(place) < len(used):
            used[int(place)].errors.append(_(refusal.message, **refusal.params))
        else:
            form.refuse(refusal)
        return ""


def _page(till: Till, form: SaleForm, rows: list[LineRow]) -> str:
    session = reading()
    shift = shifts.find_open(session, till.id)
    if shift is None and not form.is_submitted() and "paper" not in request.args:
        return render_template("counter/plain/shift.html", till=till, form=FloatForm(formdata=None))
    sold = reads.find_typed_sale(session, till, request.args["sold"]) if "sold" in request.args else None
    problems = form.problems() + [(f"code-{row.number}", f"{row.number}: {text}") for row in rows for text in row.errors]
    return render_template("counter/plain/sale.html", till=till, form=form, rows=rows, sold=sold, shift=shift, problems=problems)
