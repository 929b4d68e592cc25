"""Two-step sign-in on a person's own pages: set it up, new recovery codes, turn it off."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from kernel import accounts, throttle
from kernel import second_factor as factor
from kernel.errors import N_, Conflict, DomainError, InvalidInput
from storefront.account.forms import CodeForm, PasswordAndCodeForm
from storefront.database import reading, transaction
from storefront.fields import PageForm
from storefront.i18n import gettext as _
from storefront.qr import draw_qr
from storefront.second_step import count_code, must_have_second_factor
from storefront.security import current_person, current_token
from storefront.templating import current_settings

#: The proposed key, sealed, until a code confirms it: a reload or the other language shows the same QR code.
_PROPOSED = "second_factor_key"


def second_factor() -> ResponseReturnValue:
    """Whether it is on; otherwise the key for the app, and the code that confirms it.

    The recovery codes are the answer to the POST itself: what is shown once must not be an address that can be asked again.
    """
    person = current_person()
    if person.second_factor_at is not None:
        return _state()
    sealed, key = _proposed_key()
    form = CodeForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            tries = count_code(person)
            with transaction() as session:
                codes = factor.turn_on(session, person, sealed, form.code.value, secret=_secret(), token=current_token())
                throttle.forget_success(session, tries)
        except Conflict:
            return redirect(url_for("account.second_factor"), 303)
        except DomainError as refusal:
            status = _refuse(form, refusal)
        else:
            del cookie[_PROPOSED]
            return render_template("account/profile/recovery_codes.html", codes=codes, is_new=True)
    drawing = draw_qr(factor.key_address(key, person.email, current_settings().shop_name), "key-symbol")
    return (
        render_template(
            "account/profile/second_factor_setup.html", form=form, drawing=drawing, key=_in_groups(key), must=must_have_second_factor()
        ),
        status,
    )


def recovery_codes() -> ResponseReturnValue:
    """New recovery codes for a code; the old ones end."""
    person = current_person()
    if person.second_factor_at is None:
        return redirect(url_for("account.second_factor"), 303)
    form = CodeForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            tries = count_code(person)
            with transaction() as session:
                codes = factor.renew_recovery_codes(session, person, form.code.value, secret=_secret())
                throttle.forget_success(session, tries)
        except DomainError as refusal:
            status = _refuse(form, refusal)
        else:
            return render_template("account/profile/recovery_codes.html", codes=codes, is_new=False)
    return render_template("account/profile/recovery_codes_new.html", form=form), status


def second_factor_off() -> ResponseReturnValue:
    """Turn it off with password and code."""
    person = current_person()
    if person.second_factor_at is None:
        return redirect(url_for("account.second_factor"), 303)
    form = PasswordAndCodeForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            _turn_off(form.password.value, form.code.value)
        except DomainError as refusal:
            status = _refuse(form, refusal)
        else:
            flash(_("Two-step sign-in is off."), "success")
            return redirect(url_for("account.second_factor"), 303)
    return render_template("account/profile/second_factor_off.html", form=form, must=must_have_second_factor()), status


def _state() -> ResponseReturnValue:
    if request.method == "POST":  # the form of a page that is older than the second factor
        return redirect(url_for("account.second_factor"), 303)
    person = current_person()
    left = factor.count_recovery_codes(reading(), person.id)
    return render_template("account/profile/second_factor.html", since=person.second_factor_at, left=left)


def _turn_off(password: str, code: str) -> None:
    """Both tries are counted before either secret is looked at."""
    person = current_person()
    limits = throttle.sign_in_limits(_secret(), person.email, request.remote_addr or "")
    with transaction() as session:
        password_tries = throttle.count_try(session, limits)
    code_tries = count_code(person)
    try:
        accounts.check_password(reading(), email=person.email, password=password)
    except accounts.WrongCredentials:
        raise InvalidInput(N_("This is not your current password."), field="password") from None
    with transaction() as session:
        factor.turn_off(session, person, code, secret=_secret(), token=current_token())
        throttle.forget_success(session, password_tries)
        throttle.forget_success(session, code_tries)


def _proposed_key() -> tuple[str, str]:
    """(sealed, as typed) of the key this browser is setting up; a new one when there is none or it is somebody else's."""
    person = current_person()
    sealed = cookie.get(_PROPOSED, "")
    try:
        return sealed, factor.read_key(person, sealed, secret=_secret())
    except factor.Unreadable:
        sealed = factor.propose_key(person, secret=_secret())
        cookie[_PROPOSED] = sealed
        return sealed, factor.read_key(person, sealed, secret=_secret())


def _refuse(form: PageForm, refusal: DomainError) -> int:
    form.refuse(refusal)
    return 429 if isinstance(refusal, throttle.TooManyTries) else 422


def _in_groups(key: str) -> str:
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def _secret() -> str:
    return current_settings().secret_key
