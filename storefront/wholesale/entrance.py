"""The door for everybody: what wholesale is, without any figure; applying; and where one's application stands."""

from __future__ import annotations

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from kernel import clock, throttle
from kernel.errors import DomainError
from kernel.ids import make_token
from orders.models.partner import Partner
from orders.wholesale import buyers, partners, teaser
from storefront.database import reading, transaction
from storefront.i18n import current_language
from storefront.pages import status_of
from storefront.security import current_actor, current_person
from storefront.templating import current_settings
from storefront.wholesale.forms import ApplicationForm
from storefront.wholesale.frame import keep_private, show_public


def index() -> ResponseReturnValue:
    """What can be bought by the case, by name and paper only; an approved buyer goes straight to the offers."""
    session = reading()
    if buyers.find_buyer(session, current_actor()) is not None:
        return keep_private(make_response(redirect(url_for("wholesale.offers"))))
    day = clock.today(current_settings().zone)
    return show_public(
        "wholesale/entrance/index.html",
        cards=teaser.list_teasers(session, current_language(), day),
        count=teaser.count_offered(session, day),
        standing=buyers.find_standing(session, current_actor()),
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
            partners.apply(session, current_actor(), outlet, form.facts(), token=form.token.data or "", language=current_language())
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
    """Where one application stands, for whoever holds its link."""
    partner = partners.get_application(reading(), token)
    return keep_private(show_public("wholesale/entrance/application.html", partner=partner))
