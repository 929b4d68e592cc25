"""A signed-in person's own pages: profile, password, the devices they are signed in on, and closing the account."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernel import accounts, leaving, throttle
from kernel.errors import N_, DomainError, InvalidInput
from kernel.people import LoginAttempt
from storefront.account.devices import describe
from storefront.account.forms import ChangePasswordForm, CloseAccountForm, ProfileForm
from storefront.database import reading, transaction
from storefront.i18n import gettext as _
from storefront.security import current_person, current_token, end_login
from storefront.templating import current_settings, local


def home() -> ResponseReturnValue:
    """/account/ itself leads to the orders."""
    return redirect(url_for("account.orders"))


def profile() -> ResponseReturnValue:
    """Name, phone and language."""
    person = current_person()
    form = ProfileForm(data={"name": person.name, "phone": person.phone, "language": person.language})
    if form.validate_on_submit():
        try:
            with transaction() as session:
                accounts.change_profile(session, person, **form.values())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Your profile is saved."), "success")
            return redirect(url_for("account.profile"), 303)
    return render_template("account/profile/profile.html", form=form, user=person), 422 if form.is_submitted() else 200


def password() -> ResponseReturnValue:
    """Change the password; every other browser is signed out."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            _change_password(form.current.value, form.password.value)
        except throttle.TooManyTries as refusal:
            form.refuse(refusal)
            return render_template("account/profile/password.html", form=form), 429
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Your password is changed. Other devices are signed out."), "success")
            return redirect(url_for("account.devices"), 303)
    return render_template("account/profile/password.html", form=form), 422 if form.is_submitted() else 200


def closing() -> ResponseReturnValue:
    """Close one's own account, for good, with the password."""
    form = CloseAccountForm()
    if form.validate_on_submit():
        try:
            _confirm(form.current.value)
            with transaction() as session:
                leaving.close_account(session, current_person())
        except throttle.TooManyTries as refusal:
            form.refuse(refusal)
            return render_template("account/profile/closing.html", form=form), 429
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            end_login()
            flash(_("Your account is closed. Thank you for having been here."), "success")
            return redirect(local("/"), 303)
    return render_template("account/profile/closing.html", form=form), 422 if form.is_submitted() else 200


def devices() -> ResponseReturnValue:
    """The browsers in which this person is signed in."""
    here = accounts.digest(current_token())
    rows = [
        {"handle": accounts.handle_of(row), "name": describe(row.device), "since": row.created_at, "is_this": row.token_digest == here}
        for row in accounts.list_sessions(reading(), current_person().id)
    ]
    return render_template("account/profile/devices.html", devices=rows)


def end_device() -> ResponseReturnValue:
    """Sign one other browser out, or all others at once."""
    person = current_person()
    handle = request.form.get("device", "")
    with transaction() as session:
        if handle:
            accounts.end_own_session(session, person.id, handle)
        else:
            accounts.end_all_sessions(session, person, keep_token=current_token())
    flash(_("The device is signed out.") if handle else _("All other devices are signed out."), "success")
    return redirect(url_for("account.devices"), 303)


def _change_password(current: str, wanted: str) -> None:
    tries = _confirm(current)
    fresh = accounts.hash_password(wanted)
    with transaction() as session:
        throttle.forget_success(session, tries)
        accounts.set_password(session, current_person(), fresh, keep_token=current_token())


def _confirm(current: str) -> list[LoginAttempt]:
    """Refuse whoever does not know the password of this account; the tries that are to be forgotten on success."""
    person = current_person()
    limits = throttle.sign_in_limits(current_settings().secret_key, person.email, request.remote_addr or "")
    with transaction() as session:
        tries = throttle.count_try(session, limits)
    try:
        accounts.check_password(reading(), email=person.email, password=current)
    except accounts.WrongCredentials:
        raise InvalidInput(N_("This is not your current password."), field="current") from None
    return tries
