"""People who work here: the list, invitations, roles with their scope, dismissals."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import desk, scopes, shelves
from kernel import roster
from kernel.errors import NotFound
from kernel.people import Grant, Permission, Role, RoleGrant, User
from storefront.database import reading, transaction
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.counter_forms import PersonForm, RoleForm
from storefront.office.record_history import history_of
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.places import place_text, suggestions
from storefront.security import current_actor
from storefront.state_words import ROLE
from storefront.templating import current_settings


def people() -> ResponseReturnValue:
    """Everybody with an account, by name."""
    text, role = asked("q"), asked("role", 20)
    chosen = Role(role) if role in set(Role) else None
    page = roster.list_people(reading(), current_actor(), text=text, role=chosen, page=asked_page())
    scopes_of = _describe([grant for person in page.rows for grant in person.grants])
    return render_template(
        "office/people/people.html",
        page=page,
        text=text,
        role=role,
        roles=_role_choices(),
        scopes=scopes_of,
        page_url=page_addresses("office.people", q=text, role=role),
    )


def person_new() -> ResponseReturnValue:
    """Invite a colleague by mail."""
    form = PersonForm(data={"language": current_language()})
    made: list[User] = []

    def work(session: Session) -> None:
        made.append(roster.invite(session, current_actor(), secret=current_settings().secret_key, **form.values()))

    if form.validate_on_submit() and save(form, work):
        flash(_("The invitation is on its way. Now give the person a role."), "success")
        return redirect(url_for("office.person_grant", code=made[0].code), 303)
    return render_template("office/people/new.html", form=form), status_of(form)


def person(code: str) -> ResponseReturnValue:
    """One person: roles, and what was done to the account."""
    found = roster.get_person(reading(), current_actor(), code)
    return render_template(
        "office/people/person.html",
        found=found,
        scopes=_describe(found.grants),
        history=history_of([roster.subject_of(found)]),
        is_me=found.id == current_actor().user_id,
    )


def person_grant(code: str) -> ResponseReturnValue:
    """Give a role in a scope."""
    actor = current_actor()
    found = roster.get_person(reading(), actor, code)
    form = RoleForm(data={"area": place_text(current_settings().area_prefix)})
    form.role.choices = [(value, name) for value, name in _role_choices() if value != Role.SHOPPER]
    outlets = shelves.list_outlets(reading(), actor, Permission.VIEW_STOCK)
    makers = desk.list_makers_to_choose(reading(), actor)
    form.outlet.choices = [(outlet.code, outlet.name) for outlet in outlets]
    form.maker.choices = [(maker.slug, f"{maker.name} ({maker.village.name})") for maker in makers]

    def work(session: Session) -> None:
        wanted = _grant(Role(form.role.value), form)
        roster.grant(session, actor, roster.get_person(session, actor, code), wanted)

    if form.validate_on_submit() and save(form, work):
        flash(_("The role is given."), "success")
        return redirect(url_for("office.person", code=code), 303)
    found = roster.get_person(reading(), actor, code)
    villages = desk.list_villages_to_choose(reading(), actor, Permission.EDIT_MAKERS, current_settings().area_prefix)
    return render_template("office/people/grant.html", found=found, form=form, places=suggestions(villages)), status_of(form)


def person_withdraw(code: str) -> ResponseReturnValue:
    """Take a role away."""
    number = request.form.get("grant", "")
    if not number.isascii() or not number.isdigit():
        raise NotFound
    with transaction() as session:
        found = roster.get_person(session, current_actor(), code)
        roster.withdraw(session, current_actor(), found, int(number[:12]))
    flash(_("The role is withdrawn; the person signs in anew."), "success")
    return redirect(url_for("office.person", code=code), 303)


def person_invite(code: str) -> ResponseReturnValue:
    """Mail the invitation once more."""
    with transaction() as session:
        found = roster.get_person(session, current_actor(), code)
        roster.invite_again(session, current_actor(), found, secret=current_settings().secret_key)
    flash(_("The invitation is on its way."), "success")
    return redirect(url_for("office.person", code=code), 303)


def person_dismiss(code: str) -> ResponseReturnValue:
    """Ask, then close the account and end its sessions."""
    found = roster.get_person(reading(), current_actor(), code)
    form = RoleForm(formdata=None)

    def work(session: Session) -> None:
        roster.dismiss(session, current_actor(), roster.get_person(session, current_actor(), code))

    if request.method == "POST" and save(form, work):
        flash(_("%(name)s is dismissed and signed out everywhere.", name=found.name), "success")
        return redirect(url_for("office.person", code=code), 303)
    found = roster.get_person(reading(), current_actor(), code)
    return render_template("office/people/dismiss.html", found=found, form=form), 422 if request.method == "POST" else 200


def person_readmit(code: str) -> ResponseReturnValue:
    """Open a dismissed account again."""
    with transaction() as session:
        roster.readmit(session, current_actor(), roster.get_person(session, current_actor(), code))
    flash(_("The account is open again."), "success")
    return redirect(url_for("office.person", code=code), 303)


def person_reset_second_factor(code: str) -> ResponseReturnValue:
    """Take the second step off a colleague who lost the phone."""
    with transaction() as session:
        roster.reset_second_factor(session, current_actor(), roster.get_person(session, current_actor(), code))
    flash(_("Two-step sign-in is reset. The person signs in with the password and sets it up anew."), "success")
    return redirect(url_for("office.person", code=code), 303)


def _grant(role: Role, form: RoleForm) -> Grant:
    """Only the scope that belongs to the role counts, whatever else was filled in."""
    session, actor = reading(), current_actor()
    if role in roster.OUTLET_ROLES:
        outlet = shelves.get_outlet(session, actor, Permission.VIEW_STOCK, form.outlet.value) if form.outlet.value else None
        return Grant(role, outlet_id=outlet.id if outlet else None)
    if role in roster.MAKER_ROLES:
        return Grant(role, maker_id=desk.get_maker(session, actor, form.maker.value).id if form.maker.value else None)
    return Grant(role, area_prefix=form.area.value or "") if role in roster.AREA_ROLES else Grant(role)


def _role_choices() -> list[tuple[str, str]]:
    return [(role.value, _(name)) for role, name in ROLE.items()]


def _describe(grants: list[RoleGrant]) -> dict[int, str]:
    """Where each grant counts, in words, by the grant's id."""
    names = scopes.describe_scopes(reading(), [_scope(grant) for grant in grants], current_language())
    return {grant.id: names.get(_scope(grant)) or _everywhere(grant) for grant in grants}


def _scope(grant: RoleGrant) -> tuple[str, int | None, int | None]:
    return (grant.area_prefix, grant.outlet_id, grant.maker_id)


def _everywhere(grant: RoleGrant) -> str:
    return _("all of Indonesia") if grant.role in roster.AREA_ROLES else ""
