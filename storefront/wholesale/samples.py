"""A buyer's samples: asked for on an offer's page, followed, received, and judged."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.readiness.profiles import list_profiles
from orders.models.sample import SampleRequest
from orders.wholesale import buyers
from orders.wholesale import samples as verbs
from storefront.database import reading
from storefront.fields import PageForm
from storefront.i18n import gettext as _
from storefront.pages import asked_page, page_addresses, save, status_of
from storefront.security import current_actor
from storefront.wholesale.forms import FeedbackForm, SampleForm
from storefront.wholesale.frame import enter, show
from storefront.wholesale.offers import find_views


def samples() -> ResponseReturnValue:
    """All of the company's samples."""
    buyer = enter()
    page = verbs.list_own_samples(reading(), buyer.audience.partner_id, page=asked_page())
    return show("wholesale/samples/samples.html", buyer, page=page, page_url=page_addresses("wholesale.samples"))


def sample_new(code: str) -> ResponseReturnValue:
    """Ask for a sample of one offer."""
    buyer = enter()
    form = _sample_form(buyer.audience.partner_id)
    made: list[SampleRequest] = []

    def work(session: Session) -> None:
        made.append(
            verbs.request_sample(
                session, current_actor(), enter(), code, branch_code=form.branch.value, units=form.units.value, note=form.note.value
            )
        )

    if form.validate_on_submit() and save(form, work):
        flash(_("We have your wish. The maker's office answers within a few days."), "success")
        return redirect(url_for("wholesale.sample", code=made[0].code), 303)
    view = find_views(reading(), enter(), [code], list_profiles(reading()))[0]
    branches = buyers.list_branches(reading(), buyer.audience.partner_id)
    return show("wholesale/samples/new.html", buyer, status_of(form), form=form, view=view, branches=branches)


def sample(code: str) -> ResponseReturnValue:
    """One sample: where it is, and what can be said about it."""
    return _page(code, FeedbackForm(formdata=None))


def sample_receive(code: str) -> ResponseReturnValue:
    """It has arrived."""
    form = PageForm()
    enter()
    if not save(form, lambda session: verbs.receive_sample(session, current_actor(), enter(), code)):
        return _page(code, form, 409)
    return redirect(url_for("wholesale.sample", code=code), 303)


def sample_rate(code: str) -> ResponseReturnValue:
    """What the company thinks of it."""
    enter()
    form = FeedbackForm()

    def work(session: Session) -> None:
        rating = int(form.rating.value)
        verbs.rate_sample(session, current_actor(), enter(), code, rating=rating, feedback=form.feedback.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("Thank you. The maker hears what you said."), "success")
        return redirect(url_for("wholesale.sample", code=code), 303)
    return _page(code, form, 422)


def _sample_form(partner_id: int) -> SampleForm:
    form = SampleForm(data={"units": "2"})
    form.branch.choices = [(branch.code, branch.name) for branch in buyers.list_branches(reading(), partner_id)]
    return form


def _page(code: str, form: PageForm, status: int = 200) -> ResponseReturnValue:
    buyer = enter()
    found = verbs.get_own_sample(reading(), buyer.audience.partner_id, code)
    if not form.is_submitted() and found.rating is not None:
        form = FeedbackForm(formdata=None, data={"rating": str(found.rating), "feedback": found.feedback})
    rating = form if isinstance(form, FeedbackForm) else FeedbackForm(formdata=None)
    return show("wholesale/samples/sample.html", buyer, status, sample=found, form=form, rating=rating)
