"""A delivery from a CSV or XLSX file: look at every row first, then put the good ones on the note."""

from __future__ import annotations

import base64
import binascii

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel.errors import N_, DomainError, InvalidInput
from kernel.people import Permission
from orders.stockroom import deliveries, delivery_sheet
from orders.stockroom.delivery_sheet import PlannedRow, RowResult
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.i18n import ngettext
from storefront.office.stockroom_forms import ImportForm
from storefront.pages import save
from storefront.security import current_actor

#: A checked file travels in the page to the second step; a larger one is chosen again.
CARRIED = 300_000


def delivery_import(code: str) -> ResponseReturnValue:
    """Choose a file, look at what its rows do, then take the good ones. Looking changes nothing."""
    actor, form = current_actor(), ImportForm()
    note = deliveries.get_delivery(reading(), actor, Permission.EDIT_STOCK, code)
    name, data = _sent(form) if form.is_submitted() else ("", b"")
    rows: list[PlannedRow] = []
    if form.validate_on_submit() and not form.problems():
        if request.form.get("step") == "import":

            def work(session: Session) -> None:
                fresh = deliveries.get_delivery(session, actor, Permission.EDIT_STOCK, code)
                deliveries.lock_delivery(session, actor, fresh.id)
                rows.extend(delivery_sheet.import_sheet(session, fresh, name, data))

            if save(form, work):
                return _done(code, rows)
        else:
            try:
                rows = delivery_sheet.plan_sheet(reading(), note, name, data)
            except DomainError as refusal:
                form.refuse(refusal)
    note = deliveries.get_delivery(reading(), actor, Permission.EDIT_STOCK, code)
    carried = base64.b64encode(data).decode() if rows and len(data) <= CARRIED else ""
    page = render_template(
        "office/deliveries/import.html",
        delivery=note,
        form=form,
        rows=rows,
        counts={result: sum(row.result is result for row in rows) for result in RowResult},
        file_name=name,
        carried=carried,
        RowResult=RowResult,
    )
    return page, 422 if form.problems() else 200


def _done(code: str, rows: list[PlannedRow]) -> ResponseReturnValue:
    """Say what was taken; the refused rows stay on a page of their own only as long as the file is at hand, so they are named here."""
    taken = sum(row.result is RowResult.NEW for row in rows)
    flash(ngettext("%(num)s row was added to the note.", "%(num)s rows were added to the note.", taken), "success")
    refused = [row for row in rows if row.result is RowResult.REFUSED]
    if refused:
        said = "; ".join(f"{row.number}: {_(row.reason, **(row.params or {}))}" for row in refused[:10])
        flash(ngettext("%(num)s row was refused.", "%(num)s rows were refused.", len(refused)) + f" {said}", "warning")
    return redirect(url_for("office.delivery", code=code), 303)


def _sent(form: ImportForm) -> tuple[str, bytes]:
    """The chosen file, or the one that was looked at before."""
    file = next((file for file in request.files.getlist("file") if file.filename), None)
    if file is not None:
        return (file.filename or "")[:120], file.read()
    try:
        data = base64.b64decode(request.form.get("carried", ""), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data:
        form.refuse(InvalidInput(N_("Please choose a file.")))
    return request.form.get("file_name", "")[:120], data
