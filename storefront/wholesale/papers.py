"""Papers that a company hands in: with its application, and when they are renewed."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel import throttle
from kernel.errors import NotFound
from orders.wholesale import company_papers
from storefront.company_forms import ROOM, CompanyPaperForm
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.pages import save, status_of
from storefront.private_files import PrivateFile, give_out, prepared, replace_file
from storefront.security import current_actor
from storefront.templating import current_settings
from storefront.wholesale.frame import enter_approver, show


def company_paper() -> ResponseReturnValue:
    """Hand in a paper that is new or was renewed."""
    buyer, form = enter_approver(), CompanyPaperForm()
    number = buyer.audience.partner_id

    def work(session: Session, file: PrivateFile) -> None:
        before = company_papers.hand_in(session, current_actor(), number, form.chosen(), form.number.value, file.scan)
        replace_file(session, ROOM, file, before)

    if form.validate_on_submit() and hand_in(form, work):
        flash(_("The office has the paper."), "success")
        return redirect(url_for("wholesale.company"), 303)
    return show("wholesale/company/paper.html", buyer, status_of(form), form=form)


def company_scan(paper: str) -> ResponseReturnValue:
    """The file of one of our papers, for those who look after the company."""
    found = company_papers.get_paper(reading(), enter_approver().audience.partner_id, paper)
    if found.scan is None:
        raise NotFound
    return give_out(ROOM, found.scan.name, f"{found.kind.value}-{found.code}")


def hand_in(form: CompanyPaperForm, work: Callable[[Session, PrivateFile], None]) -> bool:
    """Look at the file and keep it with its paper; a refusal lands on the form. So many files an hour come from one address."""
    limits = throttle.file_limits(current_settings().secret_key, request.remote_addr or "")
    if not save(form, lambda session: throttle.count_try(session, limits)):
        return False
    file = prepared(form, form.scan.value)
    return file is not None and save(form, lambda session: work(session, file))
