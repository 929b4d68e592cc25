"""Who works here: the administrator's list of people, their roles with a scope, invitations and dismissals."""

from __future__ import annotations

import secrets

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from kernel import accounts, audit, second_factor
from kernel.errors import N_, Conflict, DomainError, InvalidInput, NotAllowed, NotFound
from kernel.paging import Page, escape_like, read_page
from kernel.people import Actor, Grant, Permission, Role, RoleGrant, User

#: Roles that make sense only somewhere: at an outlet, for a maker, or in an area ("" being all of Indonesia).
OUTLET_ROLES = frozenset({Role.CASHIER, Role.OUTLET_MANAGER})
MAKER_ROLES = frozenset({Role.MAKER})
AREA_ROLES = frozenset(
    {
        Role.CURATOR,
        Role.ADMINISTRATOR,
        Role.VILLAGE_OFFICER,
        Role.MENTOR,
        Role.ASSESSOR,
        Role.PROVINCE_OFFICER,
        Role.OBSERVER,
    }
)
#: Of these, the ones that mean nothing without a place: a village proposes for itself, a mentor walks a district.
PLACED_ROLES = frozenset({Role.VILLAGE_OFFICER, Role.MENTOR, Role.ASSESSOR, Role.PROVINCE_OFFICER})


class LastAdministrator(DomainError):
    """Somebody must be left who can give roles."""

    message = N_("This person is the last administrator. Make somebody else administrator first.")


def list_people(session: Session, actor: Actor, *, text: str = "", role: Role | None = None, page: int = 1, size: int = 30) -> Page[User]:
    """People by name, grants loaded; `text` looks in name, e-mail and code."""
    _require(actor)
    statement = select(User).order_by(User.name, User.id)
    if text:
        wanted = f"%{escape_like(text.strip().lower())}%"
        found = [column.like(wanted, escape="\\") for column in (func.lower(User.name), User.email, func.lower(User.code))]
        statement = statement.where(or_(*found))
    if role is not None:
        statement = statement.where(User.id.in_(select(RoleGrant.user_id).where(RoleGrant.role == role)))
    return read_page(session, statement, number=page, size=size, options=[selectinload(User.grants)])


def get_person(session: Session, actor: Actor, code: str) -> User:
    """The person with this code, grants loaded."""
    _require(actor)
    person = session.scalar(select(User).where(User.code == code).options(selectinload(User.grants)))
    if person is None:
        raise NotFound
    return person


def invite(session: Session, actor: Actor, *, email: str, name: str, language: str, phone: str, secret: str) -> User:
    """A new person, who sets their own password through a mailed link. Nobody else ever knows it."""
    _require(actor)
    person = accounts.create_user(session, email=email, name=name, password=secrets.token_urlsafe(32), language=language, phone=phone)
    accounts.mail_password_link(session, person, accounts.MAIL_INVITATION, secret=secret)
    audit.record(session, actor, "person.invited", subject_of(person))
    return person


def invite_again(session: Session, actor: Actor, person: User, *, secret: str) -> None:
    """Mail the invitation once more, to somebody who is still with us."""
    _require(actor)
    if not person.is_active:
        raise InvalidInput(N_("This person is dismissed. Let them back in first."))
    accounts.mail_password_link(session, person, accounts.MAIL_INVITATION, secret=secret)
    audit.record(session, actor, "person.invited", subject_of(person))


def grant(session: Session, actor: Actor, person: User, wanted: Grant) -> RoleGrant:
    """Give a role. The person signs in anew afterwards: a new role means a new session (ASVS 7.2.4)."""
    _require(actor)
    _check_scope(wanted)
    if any(row.grant == wanted for row in person.grants):
        raise InvalidInput(N_("This person has this role already."), field="role")
    row = accounts.grant_role(session, person, wanted)
    if person.id != actor.user_id:
        accounts.end_all_sessions(session, person)
    audit.record(session, actor, "role.granted", subject_of(person), _facts(wanted))
    return row


def withdraw(session: Session, actor: Actor, person: User, grant_id: int) -> None:
    """Take a role away and sign the person out everywhere."""
    _require(actor)
    row = next((row for row in person.grants if row.id == grant_id), None)
    if row is None:
        raise NotFound
    if row.role is Role.ADMINISTRATOR:
        _keep_an_administrator(session, person)
    facts = _facts(row.grant)
    session.delete(session.get_one(RoleGrant, grant_id))
    accounts.end_all_sessions(session, person)
    audit.record(session, actor, "role.withdrawn", subject_of(person), facts)


def dismiss(session: Session, actor: Actor, person: User) -> None:
    """Close an account and end its sessions. What the person did stays under their name."""
    _require(actor)
    if person.id == actor.user_id:
        raise InvalidInput(N_("You cannot dismiss yourself."))
    if any(row.role is Role.ADMINISTRATOR for row in person.grants):
        _keep_an_administrator(session, person)
    session.get_one(User, person.id).is_active = False
    accounts.end_all_sessions(session, person)
    audit.record(session, actor, "person.dismissed", subject_of(person))


def readmit(session: Session, actor: Actor, person: User) -> None:
    """Open a dismissed account again; the roles are as they were."""
    _require(actor)
    session.get_one(User, person.id).is_active = True
    audit.record(session, actor, "person.readmitted", subject_of(person))


def reset_second_factor(session: Session, actor: Actor, person: User) -> None:
    """Take the second step off a colleague who lost phone and recovery codes; they are signed out and told by mail."""
    _require(actor)
    if person.id == actor.user_id:
        raise InvalidInput(N_("Your own two-step sign-in is turned off on your own page, with your password and a code."))
    if person.second_factor_at is None:
        raise Conflict
    second_factor.remove(session, person)
    accounts.end_all_sessions(session, person)
    audit.record(session, actor, "second_factor.reset", subject_of(person))


def subject_of(person: User) -> str:
    """How the audit names a person."""
    return f"user:{person.code}"


def _require(actor: Actor) -> None:
    """An administrator of one area could lift themselves by way of somebody else's role: people are managed from the top."""
    if "" not in actor.area_prefixes(Permission.MANAGE_PEOPLE):
        raise NotAllowed


def _check_scope(wanted: Grant) -> None:
    if wanted.role in OUTLET_ROLES and wanted.outlet_id is None:
        raise InvalidInput(N_("Please choose the outlet for this role."), field="outlet")
    if wanted.role in MAKER_ROLES and wanted.maker_id is None:
        raise InvalidInput(N_("Please choose the maker for this role."), field="maker")
    if wanted.role in PLACED_ROLES and not wanted.area_prefix:
        raise InvalidInput(N_("Please choose the area for this role."), field="area")


def _keep_an_administrator(session: Session, leaving: User) -> None:
    """Refuse when nobody else could give roles. The row lock makes two administrators leaving at once wait for each other."""
    others = session.scalars(
        select(User.id)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.area_prefix == "", User.is_active)
        .order_by(User.id)
        .with_for_update()
    ).all()
    if not any(number != leaving.id for number in others):
        raise LastAdministrator


def _facts(wanted: Grant) -> dict[str, object]:
    return {"role": wanted.role.value, "area": wanted.area_prefix, "outlet": wanted.outlet_id, "maker": wanted.maker_id}
