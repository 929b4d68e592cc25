"""The financing dossier in the portal: what it says, the maker's word on it, and who has opened it."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel.errors import N_, NotFound
from orders.dossiers import sharing as verbs
from storefront.database import reading
from storefront.documents.answers import answer_pdf
from storefront.dossier_words import AMOUNT, TEXT
from storefront.fields import PageForm, TextField
from storefront.i18n import gettext as _
from storefront.maker_door import enter
from storefront.makers.frame import save, show
from storefront.pages import status_of


class AnswerForm(PageForm):
    """The maker's word on one version."""

    name = TextField(N_("Your name"), maximum=120)
    remarks = TextField(N_("What should be different"), maximum=500, required=False, hint=N_("Only when you do not agree."))


def dossier(maker: str) -> ResponseReturnValue:
    """What the dossier says; approve it, or say what should be different."""
    entry = enter(maker)
    form = AnswerForm()
    agrees = "refuse" not in request.form
    code, digest = request.form.get("version", ""), request.form.get("digest", "")

    def work(session: Session) -> None:
        given = {"digest": digest, "agrees": agrees, "name": form.name.value, "remarks": form.remarks.value}
        verbs.answer(session, entry.speaker.actor, entry.maker, code, **given)

    if form.validate_on_submit() and save(form, work):
        flash(_("Thank you. The office may now share exactly this.") if agrees else _("Your answer has reached the office."), "success")
        return redirect(url_for("makers.dossier", maker=maker), 303)
    entry = enter(maker)
    version = verbs.find_latest(reading(), entry.maker)
    page = show(
        "makers/dossier/dossier.html",
        entry,
        version=version,
        content=verbs.read_content(version) if version else None,
        shares=verbs.list_shares(reading(), entry.maker),
        form=form,
        text_words=TEXT,
        amount_words=AMOUNT,
    )
    return page, status_of(form)


def dossier_paper(maker: str) -> ResponseReturnValue:
    """The PDF as the organisation would see it."""
    from storefront.documents.dossier import draw_dossier  # the pages of PDFs are heavy

    version = verbs.find_latest(reading(), enter(maker).maker)
    if version is None:
        raise NotFound
    return answer_pdf(draw_dossier(version, verbs.read_content(version)), f"dossier-{version.code}")


def dossier_revoke(maker: str, code: str) -> ResponseReturnValue:
    """End a link at once."""
    entry = enter(maker)
    if save(AnswerForm(formdata=None), lambda session: verbs.revoke(session, entry.speaker.actor, entry.maker, code)):
        flash(_("The link no longer works."), "success")
    return redirect(url_for("makers.dossier", maker=maker), 303)
