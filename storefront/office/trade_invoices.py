"""Invoices in the office: what is open and overdue, money that came, credit notes, what goes back, and how well orders are filled."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel.errors import InvalidInput
from kernel.ids import make_token
from kernel.people import Permission
from orders.wholesale import invoice_views, invoices, performance, purchase_views, receivables
from orders.wholesale.invoice_views import InvoiceView
from orders.wholesale.invoices import Back
from orders.wholesale.purchasing import subject_of
from storefront import trade_words
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.record_history import history_of
from storefront.pages import asked, asked_page, page_addresses, save
from storefront.security import current_actor
from storefront.templating import rupiah
from storefront.trade_forms import ProofForm, TransferForm, credit_form


def trade_invoices() -> ResponseReturnValue:
    """Open ones by due day; overdue ones; or all, the newest first."""
    show = asked("show", 10) if asked("show", 10) in ("overdue", "all") else "open"
    page, rows = invoice_views.list_for_office(
        reading(), current_actor(), only_open=show == "open", only_overdue=show == "overdue", page=asked_page()
    )
    return render_template(
        "office/trade/invoices.html",
        page=page,
        rows=rows,
        show=show,
        trade_says=trade_words,
        page_url=page_addresses("office.trade_invoices", show=show),
    )


def trade_invoice(code: str) -> ResponseReturnValue:
    """One invoice: what it bills, what came, what is left."""
    return _page(_view(code))


def trade_invoice_pay(code: str) -> ResponseReturnValue:
    """Money was seen in the account: all of it or a part."""
    form = TransferForm()
    number = _view(code).order.purchase.id

    def work(session: Session) -> None:
        receivables.record_transfer(session, current_actor(), number, form.amount.value, form.proof.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("%(amount)s is recorded.", amount=rupiah(form.amount.value)), "success")
        return redirect(url_for("office.trade_invoice", code=code), 303)
    return _page(_view(code), pay=form), 422


def trade_invoice_credit(code: str) -> ResponseReturnValue:
    """A credit note: units that turned out wrong, or money off."""
    view = _view(code)
    form = _credit_form(view)
    number, places = view.invoice.id, [batch.place for batch in view.order.batches]
    issued: list[str] = []

    def work(session: Session) -> None:
        units = {
            _place(place): Back(form[f"units_{place}"].value, form.is_fit.value)
            for place in places
            if f"units_{place}" in form and form[f"units_{place}"].value
        }
        if units and form.amount.value:
            raise InvalidInput(_("Give units or an amount, not both."), field="amount")
        if units:
            note = invoices.credit_goods(session, current_actor(), number, units, form.reason.value, form.key.data or "")
        else:
            note = invoices.credit_allowance(
                session, current_actor(), number, form.amount.value or 0, form.reason.value, form.key.data or ""
            )
        issued.append(note.code)

    if form.validate_on_submit() and save(form, work):
        flash(_("Credit note %(code)s is issued.", code=issued[0]), "success")
        return redirect(url_for("office.trade_invoice", code=code), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("office/trade/credit.html", view=_view(code), form=form), status


def trade_invoice_back(code: str) -> ResponseReturnValue:
    """What the partner had paid too much was sent back."""
    form = ProofForm()
    number = _view(code).order.purchase.id

    def work(session: Session) -> None:
        receivables.give_back(session, current_actor(), number, form.proof.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("It is written down that the money went back."), "success")
        return redirect(url_for("office.trade_invoice", code=code), 303)
    return _page(_view(code), back=form), 422


def trade_ageing() -> ResponseReturnValue:
    """What each partner owes, by how long it is overdue."""
    rows = invoice_views.list_ageing(reading(), current_actor())
    totals = [sum(row.ages[number] for row in rows) for number in range(5)]
    return render_template("office/trade/ageing.html", rows=rows, totals=totals)


def trade_performance() -> ResponseReturnValue:
    """How well orders are filled, by partner and by maker."""
    session, actor = reading(), current_actor()
    tables = [(_("Partners"), performance.by_partner(session, actor)), (_("Makers"), performance.by_maker(session, actor))]
    return render_template("office/trade/performance.html", tables=tables)


def _view(code: str) -> InvoiceView:
    session, actor = reading(), current_actor()
    invoice, order_code = invoice_views.find_for_office(session, actor, code)
    order = purchase_views.get_for_office(session, actor, order_code, current_language())
    return invoice_views.view_of(session, invoice, order, current_language())


def _place(text: str) -> tuple[int, int]:
    line_id, level_id = text.split("-")
    return int(line_id), int(level_id)


def _credit_form(view: InvoiceView) -> Any:
    left = invoices.map_creditable(reading(), view.invoice)
    return credit_form([(f"{line_id}-{level_id}", units) for (line_id, level_id), units in left.items()], make_token())


def _page(view: InvoiceView, pay: Any = None, back: Any = None) -> str:
    outlet = view.order.outlet
    may_record = current_actor().can(Permission.MANAGE_MONEY, area_code=outlet.area_code, outlet_id=outlet.id)
    return render_template(
        "office/trade/invoice.html",
        view=view,
        pay=pay or TransferForm(formdata=None, data={"amount": max(0, view.outstanding)}),
        back=back or ProofForm(formdata=None),
        may_record=may_record,
        trade_says=trade_words,
        history=history_of([subject_of(view.order.purchase)]),
    )
