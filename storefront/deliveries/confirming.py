"""The maker's page behind the link: what the outlet counted, and one button that books it."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kernel.errors import N_, DomainError
from kernel.links import LinkEnded
from kernel.people import Actor
from orders.models.delivery import ConfirmedBy, Delivery
from orders.stockroom import deliveries
from storefront.database import end_reading, reading, transaction
from storefront.delivery_links import read_link
from storefront.fields import PageForm, TextField
from storefront.templating import current_settings


class AgreeForm(PageForm):
    """Who speaks for the maker."""

    name = TextField(N_("Your name"), maximum=120)


def confirm(token: str) -> ResponseReturnValue:
    """Look at the count and agree to it. The link dies after three days, or when the outlet counts anew."""
    try:
        found = read_link(reading(), token)
    except LinkEnded:
        return render_template("deliveries/ended.html"), 410
    form = AgreeForm()
    if form.validate_on_submit() and _agree(form, found):
        return redirect(url_for("deliveries.confirm", token=token), 303)
    end_reading()
    try:
        found = read_link(reading(), token)
    except LinkEnded:
        return render_template("deliveries/ended.html"), 410
    code = deliveries.maker_code(current_settings().secret_key, found)
    page = render_template("deliveries/confirm.html", delivery=found, form=form, code=code)
    return page, 422 if form.is_submitted() else 200


def _agree(form: AgreeForm, found: Delivery) -> bool:
    number, revision, name = found.id, found.revision, form.name.value
    actor = Actor(user_id=None, name=name)
    try:
        with transaction() as session:
            deliveries.confirm_by_maker(session, number, revision, ConfirmedBy.LINK, name, actor=actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True
