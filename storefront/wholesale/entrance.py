"""The door for everybody: what wholesale is, without any figure; applying; and where one's application stands."""

from __future__ import annotations

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from kernel import clock, throttle
from kernel.errors import DomainError
from kernel.ids import make_token
from orders.models.partner import Partner
from orders.wholesale import applications, buyers, company_papers, teaser
from storefront.company_forms import ROOM, CompanyPaperForm, typed_facts
from storefront.database import reading, transaction
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.pages import save, status_of
from storefront.private_files import PrivateFile, replace_file
from storefront.security import current_actor, current_person
from storefront.templating import current_settings
from storefront.wholesale.forms import ApplicationForm, CorrectionForm
from storefront.wholesale.frame import keep_private, show_public
from storefront.wholesale.papers import hand_in


def index() -> ResponseReturnValue:
    """What can be bought by the case, by name and paper only; an approved buyer goes straight to the offers."""
    session = reading()
    if buyers.find_buyer(session, current_actor()) is not None:
        return keep_private(make_response(redirect(url_for("wholesale.offers"))))
    day = clock.today(current_settings().zone)
    standing = buyers.find_standing(session, current_actor())
    is_own = standing is not None and standing.applied_by_id == current_actor().user_id
    return show_public(
        "wholesale/entrance/index.html",
        cards=teaser.list_teasers(session, current_language(), day),
        count=teaser.count_offered(session, day),
        standing=standing,
        application_address=url_for("wholesale.application", token=standing.token) if standing and is_own else "",
    )


def apply() -> ResponseReturnValue:
    """The application of a company."""
    sellers = teaser.list_sellers(reading())
    choices = [(seller.code, seller.name) for seller in sellers]
    person = current_person() if current_user.is_authenticated else None
    known = {"contact_name": person.name, "contact_email": person.email, "contact_phone": person.phone} if person else {}
    form = ApplicationForm(data={"token": make_token(), **known})
    form.seller.choices = choices
    if len(choices) == 1:
        del form.seller
    made: list[Partner] = []

    def work(session: Session) -> None:
        throttle.count_try(
            session, throttle.mail_limits(current_settings().secret_key, form.contact_email.value, request.remote_addr or "")
        )
        outlet = teaser.get_seller(session, form.seller.value if "seller" in form else choices[0][0])
        made.append(
            applications.apply(session, current_actor(), outlet, form.facts(), token=form.token.data or "", language=current_language())
        )

    if form.validate_on_submit():
        try:
            with transaction() as session:
                work(session)
        except throttle.TooManyTries as refusal:
            form.refuse(refusal)
            return show_public("wholesale/entrance/apply.html", 429, form=form)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("wholesale.application", token=made[0].token), 303)
    return show_public("wholesale/entrance/apply.html", status_of(form), form=form)


def application(token: str) -> ResponseReturnValue:
    """Where one application stands, for whoever holds its link; until it is decided they hand in papers here."""
    return _application_page(token, CompanyPaperForm(formdata=None))


def application_edit(token: str) -> ResponseReturnValue:
    """Correct an application that is not decided; what the office asked counts as answered."""
    partner = applications.get_application(reading(), token)
    if partner.state not in applications.UNDECIDED:
        return redirect(url_for("wholesale.application", token=token), 303)
    form = CorrectionForm(data=typed_facts(partner))
    if form.validate_on_submit() and save(form, lambda session: applications.answer(session, current_actor(), token, form.facts())):
        flash(_("Your answer is with the office."), "success")
        return redirect(url_for("wholesale.application", token=token), 303)
    partner = applications.get_application(reading(), token)
    return keep_private(show_public("wholesale/entrance/edit.html", status_of(form), form=form, partner=partner))


def application_paper(token: str) -> ResponseReturnValue:
    """Hand in a paper for an application that is not decided."""
    applications.get_application(reading(), token)
    form = CompanyPaperForm()

    def work(session: Session, file: PrivateFile) -> None:
        before = company_papers.hand_in_by_link(session, current_actor(), token, form.chosen(), form.number.value, file.scan)
        replace_file(session, ROOM, file, before)

    if form.validate_on_submit() and hand_in(form, work):
        flash(_("The office has the paper."), "success")
        return redirect(url_for("wholesale.application", token=token), 303)
    return _application_page(token, form)


def _application_page(token: str, form: CompanyPaperForm) -> ResponseReturnValue:
    partner = applications.get_application(reading(), token)
    open_now = partner.state in applications.UNDECIDED
    page = show_public("wholesale/entrance/application.html", status_of(form), partner=partner, form=form, is_undecided=open_now)
    return keep_private(page)
