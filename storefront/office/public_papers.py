"""The copy of a paper for everybody: put on its public page once what is private is covered, and taken off again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.media import FolderStorage
from catalog.papers import public as verbs
from catalog.papers import queries as reads
from catalog.photo_files import PreparedPhoto
from kernel import clock
from kernel.errors import N_, DomainError, InvalidInput, NotAllowed
from storefront.database import reading
from storefront.fields import CheckField, FilesField, PageForm
from storefront.i18n import gettext as _
from storefront.office.papers import may_edit
from storefront.pages import save, status_of
from storefront.security import current_actor
from storefront.templating import current_settings


class PublicScanForm(PageForm):
    """A picture, and the word that what is private is covered."""

    scan = FilesField(
        N_("Photo of the covered copy"), accept="image/*", hint=N_("Cover identity numbers, home addresses, signatures and stamps.")
    )
    is_covered = CheckField(N_("What is private is covered; everybody may see this copy"))


def paper_public(code: str) -> ResponseReturnValue:
    """What everybody sees of the paper, and putting a copy there."""
    actor = current_actor()
    found = reads.read_file(reading(), actor, code, clock.today(current_settings().zone))
    if not may_edit(actor, found):
        raise NotAllowed
    form = PublicScanForm()
    if form.validate_on_submit():
        prepared = _prepared(form)
        if prepared is not None and save(form, lambda session: _publish(session, code, prepared)):
            flash(_("The copy is on the paper's public page."), "success")
            return redirect(url_for("office.paper_public", code=code), 303)
    found = reads.read_file(reading(), actor, code, clock.today(current_settings().zone))
    page = render_template(
        "office/papers/public.html", found=found, form=form, scan=verbs.find_public_scan(reading(), found.certificate), code=code
    )
    return page, status_of(form)


def paper_public_withdraw(code: str) -> ResponseReturnValue:
    """Take the copy off the public page."""
    form = PageForm()

    def work(session: Session) -> None:
        certificate, _product, _maker = reads.find_certificate(session, current_actor(), code)
        verbs.withdraw_scan(session, _storage(), current_actor(), certificate)

    if request.method == "POST" and form.validate_on_submit() and save(form, work):
        flash(_("The copy is no longer public."), "success")
    return redirect(url_for("office.paper_public", code=code), 303)


def _prepared(form: PublicScanForm) -> PreparedPhoto | None:
    """The picture, drawn anew so that only pixels are left; None with the reason on the form. Takes long: before any transaction."""
    from catalog.media_pipeline import prepare_photo  # Pillow: only a worker with a picture to prepare needs it

    try:
        if not form.is_covered.value:
            raise InvalidInput(N_("Please look at the copy again, and say that what is private is covered."), field="is_covered")
        return prepare_photo(form.scan.value[0].read(), field="scan")
    except DomainError as refusal:
        form.refuse(refusal)
        return None


def _publish(session: Session, code: str, prepared: PreparedPhoto) -> None:
    certificate, _product, _maker = reads.find_certificate(session, current_actor(), code)
    verbs.publish_scan(session, _storage(), current_actor(), certificate, prepared)


def _storage() -> FolderStorage:
    """Where pictures for everybody live."""
    return FolderStorage(current_settings().media_folder)
