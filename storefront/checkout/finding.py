"""Finding an order again without its link: code and phone number, with few tries, and one answer for every miss."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernel import throttle
from kernel.errors import N_, NotFound
from orders.queries import find_token
from storefront.checkout.forms import FindOrderForm
from storefront.database import reading, transaction
from storefront.templating import current_settings


def find_order() -> ResponseReturnValue:
    """Ask for code and phone; the right pair leads to the order's page."""
    form = FindOrderForm()
    if not form.validate_on_submit():
        return render_template("checkout/order/find.html", form=form), 422 if form.is_submitted() else 200
    limits = throttle.order_limits(current_settings().secret_key, form.code.value, request.remote_addr or "")
    try:
        with transaction() as session:
            throttle.count_try(session, limits)
    except throttle.TooManyTries as refusal:
        form.refuse(refusal)
        return render_template("checkout/order/find.html", form=form), 429
    token = find_token(reading(), form.code.value, form.phone.value)
    if token is None:
        form.refuse(NotFound(N_("No order has this code together with this phone number. Please compare both with your confirmation.")))
        return render_template("checkout/order/find.html", form=form), 422
    return redirect(url_for("checkout.order", token=token), 303)
