"""PINs of the people at an outlet's tills: a manager sets or resets them, and everybody can set their own."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from kernel.errors import N_, InvalidInput, NotFound
from kernel.people import User
from orders.counter import pins as verbs
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.till_forms import PinForm
from storefront.office.tills import find_place
from storefront.pages import save, status_of
from storefront.security import current_actor, current_person


def till_staff(outlet: str) -> ResponseReturnValue:
    """Who may sell or allow here, and who has no PIN yet."""
    place = find_place(outlet)
    return render_template("office/tills/staff.html", outlet=place, staff=verbs.list_staff(reading(), place))


def till_pin(outlet: str, person: str) -> ResponseReturnValue:
    """A new PIN for somebody who works here."""
    place, form = find_place(outlet), PinForm()
    member = next((each for each in verbs.list_staff(reading(), place) if each.code == person), None)
    if member is None:
        raise NotFound

    def work(session: Session) -> None:
        _check_same(form)
        target = session.scalars(select(User).where(User.code == person).options(selectinload(User.grants))).one()
        verbs.set_pin(session, current_actor(), target, form.pin.value, outlet=find_place(outlet, session))

    if form.validate_on_submit() and save(form, work):
        flash(_("%(name)s has a new PIN. Tills know it as soon as they are online.", name=member.name), "success")
        return redirect(url_for("office.till_staff", outlet=outlet), 303)
    return render_template("office/tills/pin.html", outlet=find_place(outlet), name=member.name, form=form), status_of(form)


def own_pin() -> ResponseReturnValue:
    """A person's own new PIN."""
    form, number = PinForm(), current_person().id

    def work(session: Session) -> None:
        _check_same(form)
        target = session.scalars(select(User).where(User.id == number).options(selectinload(User.grants))).one()
        verbs.set_pin(session, current_actor(), target, form.pin.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("Your new PIN is set. Tills know it as soon as they are online."), "success")
        return redirect(url_for("office.own_pin"), 303)
    return render_template("office/tills/own_pin.html", form=form), status_of(form)


def _check_same(form: PinForm) -> None:
    if form.pin.value != form.again.value:
        raise InvalidInput(N_("The two PINs differ. Please type the same one twice."), field="again")
