"""Papers of a product and of its maker: the list, a new one, and taking out what was entered by mistake."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import certificates as verbs
from catalog import desk
from catalog.media import FolderStorage
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.product import Product
from catalog.papers import keeping, public
from kernel import clock
from kernel.errors import NotFound
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.forms import CertificateForm
from storefront.office.frame import choices_of
from storefront.office.papers import ROOM
from storefront.pages import save, status_of
from storefront.private_files import forget_file
from storefront.security import current_actor
from storefront.templating import current_settings


def product_certificates(slug: str) -> ResponseReturnValue:
    """The papers, and the form for a new one."""
    actor = current_actor()
    record = desk.get_product(reading(), actor, slug)
    form = CertificateForm(data={"owner": "product"})
    form.kind.choices = choices_of(CertificateKind)
    form.owner.choices = [("product", _("This product")), ("maker", _("The maker, for all its products"))]

    def work(session: Session) -> None:
        values = form.values()
        fresh = desk.get_product(session, actor, slug)
        owner = fresh if values.pop("owner") == "product" else fresh.maker
        verbs.add_certificate(session, actor, owner, verbs.CertificateFacts(**dict(values, kind=CertificateKind(values["kind"]))))

    if form.validate_on_submit() and save(form, work):
        flash(_("The paper is on the list."), "success")
        return redirect(url_for("office.product_certificates", slug=slug), 303)
    record = desk.get_product(reading(), actor, slug)
    today = clock.today(current_settings().zone)
    papers = desk.list_papers(reading(), record)
    page = render_template("office/products/certificates.html", product=record, form=form, papers=papers, today=today)
    return page, status_of(form)


def certificate_remove(slug: str) -> ResponseReturnValue:
    """Take out a paper that was entered by mistake."""
    number = request.form.get("paper", "")
    form = CertificateForm(formdata=None)

    def work(session: Session) -> None:
        paper = _paper(session, desk.get_product(session, current_actor(), slug), number)
        public.withdraw_scan(session, FolderStorage(current_settings().media_folder), current_actor(), paper)
        forget_file(session, ROOM, keeping.remove(session, current_actor(), paper))

    if save(form, work):
        flash(_("The paper is taken off the list."), "success")
    return redirect(url_for("office.product_certificates", slug=slug), 303)


def _paper(session: Session, product: Product, number: str) -> Certificate:
    found = next((paper for paper in desk.list_papers(session, product) if str(paper.id) == number), None)
    if found is None:
        raise NotFound
    return found
