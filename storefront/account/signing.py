"""Signing in and out, registering, and a new password by mailed link."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from kernel import accounts, second_factor, throttle
from kernel.errors import DomainError
from kernel.links import LinkEnded
from kernel.people import Role, User
from orders import carts
from storefront.account.forms import CodeForm, EmailForm, NewPasswordForm, RegistrationForm, SignInForm
from storefront.database import reading, transaction
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.paths import safe_path
from storefront.second_step import count_code
from storefront.security import begin_login, current_actor, current_token, end_login, is_retail_buyer, is_staff
from storefront.templating import current_settings

#: Where storefront.checkout.basket keeps the guest's cart and its count; a test follows both through a sign-in.
_CART, _CART_COUNT = "cart", "cart_count"
#: What the browser holds between password and code.
_HALF = "half_signed_in"


def sign_in() -> ResponseReturnValue:
    """E-mail and password in, a new login session out, or the page that asks for the code of the second factor.

    The try is counted and committed before the password is looked at.
    """
    target = safe_path(request.values.get("next"))
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(target or _landing())
    form = SignInForm()
    if form.validate_on_submit():
        try:
            is_in = _sign_in(form.email.value, form.password.value)
        except throttle.TooManyTries as refusal:
            form.refuse(refusal)
            return render_template("account/signing/sign_in.html", form=form, target=target), 429
        except accounts.WrongCredentials as refusal:
            form.refuse(refusal)
        else:
            return redirect((target or _landing()) if is_in else url_for("account.sign_in_code", next=target), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("account/signing/sign_in.html", form=form, target=target), status


def sign_in_code() -> ResponseReturnValue:
    """The second step: a code in, a new login session out. Without a password given a moment ago there is no such page."""
    target = safe_path(request.values.get("next"))
    try:
        person = second_factor.read_second_step(reading(), cookie.get(_HALF, ""), secret=_secret())
    except LinkEnded:
        cookie.pop(_HALF, None)
        flash(_("Please sign in again: the code has to follow the password within five minutes."), "info")
        return redirect(url_for("account.sign_in", next=target), 303)
    form = CodeForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            _finish_sign_in(person, form.code.value)
        except throttle.TooManyTries as refusal:
            form.refuse(refusal)
            status = 429
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(target or _landing(), 303)
    return render_template("account/signing/code.html", form=form, target=target), status


def sign_out() -> ResponseReturnValue:
    """End the login session on the server and empty the cookie."""
    with transaction() as session:
        accounts.end_session(session, current_token())
    end_login()
    flash(_("You are signed out."), "success")
    return redirect(url_for("account.sign_in"), 303)


def register() -> ResponseReturnValue:
    """Ask for a registration link. The answer is the same whether or not an account exists."""
    form = EmailForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                throttle.count_try(session, _mail_limits(form.email.value))
                accounts.request_registration(session, email=form.email.value, language=current_language(), secret=_secret())
        except throttle.TooManyTries as refusal:
            form.refuse(refusal)
            return render_template("account/signing/register.html", form=form, sent=False), 429
        return redirect(url_for("account.register", sent=1), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("account/signing/register.html", form=form, sent="sent" in request.args), status


def finish_registration(token: str) -> ResponseReturnValue:
    """The page behind the mailed link: name, phone and password."""
    try:
        email = accounts.read_registration(reading(), token, secret=_secret())
    except LinkEnded as refusal:
        return _ended(refusal, url_for("account.register"))
    form = RegistrationForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                user = accounts.register(session, token, secret=_secret(), language=current_language(), **form.values())
                login = accounts.open_session(session, user, _device())
                _bring_cart(session, user)
        except LinkEnded as refusal:
            return _ended(refusal, url_for("account.register"))
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            begin_login(user, login)
            flash(_("Welcome! Your account is ready."), "success")
            return redirect(_landing(), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("account/signing/finish_registration.html", form=form, email=email), status


def forgotten_password() -> ResponseReturnValue:
    """Ask for a link that sets a new password. The answer is the same whether or not an account exists."""
    form = EmailForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                throttle.count_try(session, _mail_limits(form.email.value))
                accounts.request_password_reset(session, email=form.email.value, secret=_secret())
        except throttle.TooManyTries as refusal:
            form.refuse(refusal)
            return render_template("account/signing/forgotten_password.html", form=form, sent=False), 429
        return redirect(url_for("account.forgotten_password", sent=1), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("account/signing/forgotten_password.html", form=form, sent="sent" in request.args), status


def new_password(token: str) -> ResponseReturnValue:
    """The page behind a reset or invitation link."""
    try:
        person = accounts.read_password_link(reading(), token, secret=_secret())
    except LinkEnded as refusal:
        return _ended(refusal, url_for("account.forgotten_password"))
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                accounts.reset_password(session, token, secret=_secret(), password=form.password.value)
        except LinkEnded as refusal:
            return _ended(refusal, url_for("account.forgotten_password"))
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Your new password is set. Please sign in with it."), "success")
            return redirect(url_for("account.sign_in"), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("account/signing/new_password.html", form=form, email=person.email), status


def _sign_in(email: str, password: str) -> bool:
    """Whether the password was enough; otherwise the browser now holds what lets it give a code."""
    limits = throttle.sign_in_limits(_secret(), email, request.remote_addr or "")
    with transaction() as session:
        tries = throttle.count_try(session, limits)
    user = accounts.check_password(reading(), email=email, password=password)
    with transaction() as session:
        throttle.forget_success(session, tries)
        if user.second_factor_at is not None:
            cookie[_HALF] = second_factor.begin_second_step(session, user, secret=_secret())
            return False
        login = _open(session, user)
    _enter(user, login)
    return True


def _finish_sign_in(user: User, code: str) -> None:
    tries = count_code(user)
    with transaction() as session:
        second_factor.use_code(session, user, code, secret=_secret())
        throttle.forget_success(session, tries)
        login = _open(session, user)
        second_factor.mark_fresh(session, login)
    cookie.pop(_HALF, None)
    _enter(user, login)


def _open(session: Session, user: User) -> str:
    """A new login session; whoever was signed in here before is signed out."""
    if current_user.is_authenticated:
        accounts.end_session(session, current_token())
    login = accounts.open_session(session, user, _device())
    _bring_cart(session, user)
    return login


def _enter(user: User, login: str) -> None:
    begin_login(accounts.find_user_by_token(reading(), login) or user, login)


def _bring_cart(session: Session, user: User) -> None:
    """What was chosen before signing in joins what the person had; the browser then needs no cart token."""
    cart = carts.merge_carts(session, cookie.pop(_CART, None), user.id)
    cookie[_CART_COUNT] = carts.count_items(session, cart.id)


def _mail_limits(email: str) -> tuple[throttle.Limit, throttle.Limit]:
    return throttle.mail_limits(_secret(), email, request.remote_addr or "")


def _landing() -> str:
    if is_staff():
        return url_for("office.dashboard")
    if is_retail_buyer():
        return url_for("wholesale.index")
    return url_for("makers.portal") if current_actor().has_role(Role.MAKER) else url_for("account.orders")


def _device() -> str:
    return request.user_agent.string[:200]


def _secret() -> str:
    return current_settings().secret_key


def _ended(refusal: LinkEnded, again: str) -> ResponseReturnValue:
    return render_template("account/signing/link_ended.html", message=_(refusal.message), again=again), 410
