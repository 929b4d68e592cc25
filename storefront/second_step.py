"""The second factor on the web: counted tries, staff who must set it up first, and acts that ask for a fresh code."""

from __future__ import annotations

from flask import Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernel import second_factor, throttle
from kernel.errors import N_, DomainError
from kernel.people import LoginAttempt, Permission, User
from storefront.database import reading, transaction
from storefront.fields import CodeField, PageForm
from storefront.routing import Reach, access_table, step_up_endpoints
from storefront.security import current_actor, current_person, current_token
from storefront.templating import current_settings


class StepUpForm(PageForm):
    """A code beside the form it is asked for; the name keeps clear of that form's own fields."""

    second_factor_code = CodeField(N_("Code from your app"), autocomplete="one-time-code")


def init_second_step(app: Flask) -> None:
    """Ask after the access check, so that only those who may come in are asked at all."""
    app.before_request(_check_second_step)


def count_code(person: User) -> list[LoginAttempt]:
    """Count a try to give a code, committed before the code is looked at; TooManyTries at the limit."""
    limits = throttle.code_limits(current_settings().secret_key, person.code, request.remote_addr or "")
    with transaction() as session:
        return throttle.count_try(session, limits)


def must_have_second_factor() -> bool:
    """Whether one of the signed-in person's roles needs a second step here."""
    wanted = current_settings().roles_with_second_factor
    return any(grant.role.value in wanted for grant in current_actor().grants)


def _check_second_step() -> ResponseReturnValue | None:
    endpoint = request.endpoint or ""
    access = access_table(current_app).get(endpoint)
    if not isinstance(access, Permission) and access is not Reach.PROPOSER:
        return None
    person = current_person()
    if person.second_factor_at is None:
        if not must_have_second_factor():
            return None
        return redirect(url_for("account.second_factor"), 303)
    if request.method == "POST" and endpoint in step_up_endpoints(current_app):
        return _step_up(person)
    return None


def _step_up(person: User) -> ResponseReturnValue | None:
    """None once a fresh code covers the act. Otherwise a page that asks for one and carries everything that was filled in."""
    token = current_token()
    if second_factor.is_fresh(reading(), token):
        return None
    form = StepUpForm()
    status = 422
    if form.second_factor_code.name in request.form and form.validate():
        try:
            _take_code(person, form.second_factor_code.value, token)
        except throttle.TooManyTries as refusal:
            form.refuse(refusal)
            status = 429
        except DomainError as refusal:
            form.refuse(refusal, lambda _name: "second_factor_code")
        else:
            return None
    own = {form.second_factor_code.name, "csrf_token"}
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in own]
    return render_template("account/signing/step_up.html", form=form, carried=carried), status


def _take_code(person: User, code: str, token: str) -> None:
    tries = count_code(person)
    with transaction() as session:
        second_factor.use_code(session, person, code, secret=current_settings().secret_key)
        throttle.forget_success(session, tries)
        second_factor.mark_fresh(session, token)
