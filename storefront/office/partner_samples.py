"""Samples in the office: who asks for what, sent with a number or declined with a reason, and what partners thought of them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel.parsing import parse_choice
from orders.models.sample import SampleState
from orders.wholesale import samples
from storefront import wholesale_words
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.partner_forms import SampleSendForm
from storefront.office.record_history import history_of
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.places import suggestions
from storefront.security import current_actor


def sample_list() -> ResponseReturnValue:
    """All samples, those that wait for an answer first."""
    state = asked("state", 10)
    wanted = parse_choice(SampleState, state, field="state") if state else None
    return render_template(
        "office/samples/samples.html",
        page=samples.list_samples(reading(), current_actor(), state=wanted, page=asked_page()),
        says=wholesale_words,
        states=[(each, _(wholesale_words.SAMPLE[each][0])) for each in SampleState],
        state=state,
        page_url=page_addresses("office.sample_list", state=state),
    )


def sample_page(code: str) -> ResponseReturnValue:
    """One sample: send it, or decline it."""
    form = SampleSendForm()

    def work(session: Session) -> None:
        if request.form.get("act") == "decline":
            samples.decline_sample(session, current_actor(), code, form.answer.value)
        else:
            values = {"carrier": form.carrier.value, "tracking_number": form.tracking_number.value, "answer": form.answer.value}
            samples.send_sample(session, current_actor(), code, **values)

    found = samples.get_sample(reading(), current_actor(), code)
    if form.validate_on_submit() and save(form, work):
        flash(_("The buyer gets a letter."), "success")
        return redirect(url_for("office.sample_page", code=code), 303)
    found = samples.get_sample(reading(), current_actor(), code)
    place = dict(suggestions([found.branch.area])).get(found.branch.area_code, "")
    return render_template(
        "office/samples/sample.html",
        sample=found,
        form=form,
        place=place,
        says=wholesale_words,
        history=history_of([f"sample:{found.code}"]),
    ), status_of(form)
