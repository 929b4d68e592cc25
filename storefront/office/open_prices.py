"""Where makers' shares are public: one switch for each regency."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from orders.consignment import desk, public
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.consignment_forms import DecisionForm
from storefront.pages import save
from storefront.security import current_actor


def open_prices() -> ResponseReturnValue:
    """The regencies in reach, and what the public sees of makers' money there."""
    return render_template("office/agreements/open_prices.html", regencies=desk.list_regencies(reading(), current_actor()))


def open_prices_switch(regency: str) -> ResponseReturnValue:
    """Show it, or stop showing it."""
    actor, form = current_actor(), DecisionForm()
    steps = {"open": public.open_regency, "close": public.close_regency}
    if regency not in {code for code, _name, _since in desk.list_regencies(reading(), actor)}:
        abort(404)
    if not form.validate() or form.decision.value not in steps:
        abort(422)

    def work(session: Session) -> None:
        steps[form.decision.value](session, actor, regency)

    if not save(form, work):
        abort(409)
    flash(
        _("Kept. The shop shows it from now on.") if form.decision.value == "open" else _("Kept. The shop shows it no longer."), "success"
    )
    return redirect(url_for("office.open_prices"), 303)
