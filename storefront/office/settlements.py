"""Bank statements and QRIS settlement lists: upload, look at every row, then post those that leave no doubt."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from kernel.paging import Page
from kernel.people import Permission
from orders import settlements as verbs
from orders.gateways import PaymentMethod
from orders.settlements import CERTAIN, PlannedRow, RowResult
from storefront.database import reading, transaction
from storefront.i18n import gettext as _
from storefront.i18n import ngettext
from storefront.office.money_forms import StatementForm
from storefront.office.record_history import history_of
from storefront.pages import asked_page, page_addresses, save, status_of
from storefront.security import current_actor

ROWS_PER_PAGE = 200


def settlements() -> ResponseReturnValue:
    """The lists of late, and a new one to upload."""
    actor = current_actor()
    outlets = shelves.list_outlets(reading(), actor, Permission.MANAGE_MONEY)
    form = StatementForm(data={"method": PaymentMethod.BANK_TRANSFER.value, "outlet": outlets[0].code if outlets else ""})
    form.outlet.choices = [(outlet.code, outlet.name) for outlet in outlets]
    form.method.choices = [
        (PaymentMethod.BANK_TRANSFER.value, _("Bank statement")),
        (PaymentMethod.QRIS.value, _("QRIS settlement list")),
        (PaymentMethod.CARD_TERMINAL.value, _("Card terminal's list")),
    ]
    made: list[str] = []

    def work(session: Session) -> None:
        target = shelves.get_outlet(session, actor, Permission.MANAGE_MONEY, form.outlet.value)
        name, data = form.file.value
        made.append(verbs.upload_statement(session, actor, target, PaymentMethod(form.method.value), name, data).token)

    if form.validate_on_submit() and save(form, work):
        return redirect(url_for("office.settlement", token=made[0]), 303)
    files = verbs.list_files(reading(), actor)
    return render_template("office/settlements/settlements.html", form=form, files=files), status_of(form)


def settlement(token: str) -> ResponseReturnValue:
    """What every row means, before and after posting."""
    session = reading()
    file = verbs.get_file(session, current_actor(), token)
    planned = verbs.plan_statement(session, file)
    counts = Counter(each.result for each in planned)
    page = _cut(planned)
    return render_template(
        "office/settlements/settlement.html",
        file=file,
        page=page,
        counts=[(result, counts[result]) for result in RowResult if counts[result]],
        certain=sum(counts[result] for result in CERTAIN),
        page_url=page_addresses("office.settlement", token=token),
        history=history_of([f"settlement:{token}", f"outlet:{file.outlet.code}"], file=file.name),
    )


def settlement_post(token: str) -> ResponseReturnValue:
    """Post the certain rows; doing it twice changes nothing."""
    with transaction() as session:
        posted = verbs.post_certain(session, current_actor(), token)
    number = sum(posted.values())
    flash(ngettext("%(num)s row is posted.", "%(num)s rows are posted.", number), "success" if number else "info")
    return redirect(url_for("office.settlement", token=token), 303)


def _cut(planned: list[PlannedRow]) -> Page[PlannedRow]:
    number = asked_page()
    start = (number - 1) * ROWS_PER_PAGE
    return Page(rows=planned[start : start + ROWS_PER_PAGE], number=number, size=ROWS_PER_PAGE, total=len(planned))
