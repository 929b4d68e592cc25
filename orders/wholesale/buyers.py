"""A partner's own people and places: who buys and up to how much, and where the goods go; and what a signed-in buyer may see."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session, joinedload

from catalog.areas import parse_area_code
from catalog.models.area import Area
from catalog.models.stock import Outlet
from kernel import accounts, audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotAllowed, NotFound
from kernel.ids import make_code
from kernel.parsing import parse_text
from kernel.people import Actor, Grant, Permission, Role, RoleGrant, User
from kernel.phones import normalise_phone
from kernel.prepared import Prepared
from orders.models.partner import Partner, PartnerBranch, PartnerBuyer, PartnerGroup, PartnerState
from orders.wholesale.access import ensure_may_manage
from orders.wholesale.partners import subject_of


@dataclass(frozen=True, slots=True)
class Audience:
    """An approved partner as far as it decides what is seen and paid: the seller, the group, and the chain's profile."""

    partner_id: int
    partner_code: str
    partner_name: str
    outlet_id: int
    group_id: int
    sees_everything: bool
    profile_key: str
    #: The seller's zone: in it a day begins on which prices and papers count.
    zone: str


@dataclass(frozen=True, slots=True)
class Buyer:
    """A person who buys for an approved partner. Limits are whole rupiah, None is none of their own."""

    buyer_id: int
    user_id: int
    is_approver: bool
    order_limit: int | None
    month_limit: int | None
    audience: Audience


_AUDIENCE = (
    Partner.id,
    Partner.code,
    Partner.name,
    Partner.outlet_id,
    PartnerGroup.id,
    PartnerGroup.sees_everything,
    Partner.profile_key,
    Outlet.zone,
)
#: Asked for every page and call.
_BUYER = Prepared(
    select(PartnerBuyer.id, PartnerBuyer.is_approver, PartnerBuyer.order_limit, PartnerBuyer.month_limit, *_AUDIENCE)
    .join(Partner, Partner.id == PartnerBuyer.partner_id)
    .join(PartnerGroup, PartnerGroup.id == Partner.group_id)
    .join(Outlet, Outlet.id == Partner.outlet_id)
    .where(PartnerBuyer.user_id == bindparam("user_id"), PartnerBuyer.is_active, Partner.state == PartnerState.APPROVED)
)


def find_buyer(session: Session, actor: Actor) -> Buyer | None:
    """Who `actor` buys for, asked anew for every page: None unless the role, the person and the partner all stand. One statement."""
    if actor.user_id is None or not actor.can(Permission.BUY_WHOLESALE):
        return None
    found = _BUYER.run(session, {"user_id": actor.user_id})
    if not found:
        return None
    [(number, is_approver, order_limit, month_limit, *known)] = found
    return Buyer(number, actor.user_id, is_approver, order_limit, month_limit, Audience(*known))


def get_buyer(session: Session, actor: Actor) -> Buyer:
    """The same; NotAllowed for everybody else."""
    buyer = find_buyer(session, actor)
    if buyer is None:
        raise NotAllowed
    return buyer


def get_audience(session: Session, partner_id: int) -> Audience:
    """What a partner's machines may see; NotAllowed unless it is approved."""
    statement = (
        select(*_AUDIENCE)
        .join(PartnerGroup, PartnerGroup.id == Partner.group_id)
        .join(Outlet, Outlet.id == Partner.outlet_id)
        .where(Partner.id == partner_id, Partner.state == PartnerState.APPROVED)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotAllowed
    return Audience(*row)


def find_standing(session: Session, actor: Actor) -> Partner | None:
    """The partner a signed-in person belongs to or has applied for, whatever its state."""
    if actor.user_id is None:
        return None
    mine: ColumnElement[bool] = Partner.applied_by_id == actor.user_id
    bought_for = select(PartnerBuyer.partner_id).where(PartnerBuyer.user_id == actor.user_id, PartnerBuyer.is_active)
    statement = select(Partner).where(mine | Partner.id.in_(bought_for)).order_by(Partner.applied_at.desc()).limit(1)
    return session.scalar(statement.options(joinedload(Partner.outlet)))


# Buyers.


def add_buyer(
    session: Session,
    actor: Actor,
    partner: Partner,
    *,
    email: str,
    name: str,
    secret: str,
    is_approver: bool = False,
    order_limit: int | None = None,
    month_limit: int | None = None,
) -> PartnerBuyer:
    """Somebody buys for the partner. A new person sets a password through a mailed link; a known one is signed out once.

    Raises NotAllowed and InvalidInput.
    """
    ensure_may_tend(session, actor, partner)
    person = accounts.find_user_by_email(session, accounts.fold_email(email))
    if person is None:
        person = accounts.create_user(session, email=email, name=name, password=secrets.token_urlsafe(32), language=partner.language)
        accounts.mail_password_link(session, person, accounts.MAIL_INVITATION, secret=secret)
    return attach_buyer(session, actor, partner, person, is_approver=is_approver, order_limit=order_limit, month_limit=month_limit)


def attach_buyer(
    session: Session,
    actor: Actor,
    partner: Partner,
    person: User,
    *,
    is_approver: bool = False,
    order_limit: int | None = None,
    month_limit: int | None = None,
) -> PartnerBuyer:
    """A person with an account buys for the partner; InvalidInput when they buy for somebody already, or are staff here."""
    ensure_may_tend(session, actor, partner)
    _check_limits(order_limit, month_limit)
    if not person.is_active:
        raise _unfit()
    roles = set(session.scalars(select(RoleGrant.role).where(RoleGrant.user_id == person.id)))
    if roles - {Role.SHOPPER, Role.RETAIL_BUYER, Role.MAKER}:
        raise _unfit()
    row = session.scalar(select(PartnerBuyer).where(PartnerBuyer.user_id == person.id).with_for_update())
    if row is not None and (row.is_active or row.partner_id != partner.id):
        raise _unfit()
    if row is None:
        row = PartnerBuyer(partner_id=partner.id, user_id=person.id, created_at=clock.now())
        session.add(row)
    row.is_active, row.is_approver, row.order_limit, row.month_limit = True, is_approver, order_limit, month_limit
    if Role.RETAIL_BUYER not in roles:
        accounts.grant_role(session, person, Grant(Role.RETAIL_BUYER))
        accounts.end_all_sessions(session, person)
    session.flush()
    audit.record(session, actor, "partner.buyer_added", subject_of(partner), {"person": person.code, "approver": is_approver})
    return row


def set_limits(
    session: Session,
    actor: Actor,
    partner: Partner,
    person_code: str,
    *,
    is_approver: bool,
    order_limit: int | None,
    month_limit: int | None,
) -> PartnerBuyer:
    """How much somebody may order alone, and whether they say yes to what others may not."""
    ensure_may_tend(session, actor, partner)
    _check_limits(order_limit, month_limit)
    row = _get_row(session, partner, person_code)
    if row.is_approver and not is_approver:
        _keep_an_approver(session, row)
    row.is_approver, row.order_limit, row.month_limit = is_approver, order_limit, month_limit
    session.flush()
    details = {"person": person_code, "approver": is_approver, "order": order_limit, "month": month_limit}
    audit.record(session, actor, "partner.limits", subject_of(partner), details)
    return row


def remove_buyer(session: Session, actor: Actor, partner: Partner, person_code: str) -> None:
    """Somebody no longer buys for the partner: the role goes with it, and they are signed out everywhere. Harmless twice."""
    ensure_may_tend(session, actor, partner)
    row = _get_row(session, partner, person_code)
    if not row.is_active:
        return
    if row.is_approver:
        _keep_an_approver(session, row)
    row.is_active = False
    for grant in session.scalars(select(RoleGrant).where(RoleGrant.user_id == row.user_id, RoleGrant.role == Role.RETAIL_BUYER)):
        session.delete(grant)
    accounts.end_all_sessions(session, session.get_one(User, row.user_id))
    session.flush()
    audit.record(session, actor, "partner.buyer_removed", subject_of(partner), {"person": person_code})


# Branches.


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchFacts:
    """A place where goods are delivered."""

    name: str
    address: str
    area_code: str
    contact_name: str = ""
    contact_phone: str = ""
    receiving_note: str = ""


def save_branch(session: Session, actor: Actor, partner: Partner, facts: BranchFacts, code: str | None = None) -> PartnerBranch:
    """A new place, or the corrected one with this code. Raises NotAllowed, InvalidInput and NotFound."""
    ensure_may_tend(session, actor, partner)
    area_code = parse_area_code(facts.area_code, field="area_code")
    if session.get(Area, area_code) is None:
        raise InvalidInput(N_("Please choose one of the options."), field="area_code")
    values = {
        "name": parse_text(facts.name, field="name", maximum=80, required=True),
        "address": parse_text(facts.address, field="address", maximum=240, required=True),
        "area_code": area_code,
        "contact_name": parse_text(facts.contact_name, field="contact_name", maximum=120),
        "contact_phone": normalise_phone(facts.contact_phone),
        "receiving_note": parse_text(facts.receiving_note, field="receiving_note", maximum=240),
    }
    branch = get_branch(session, partner.id, code) if code else PartnerBranch(partner_id=partner.id, code=make_code(), is_active=True)
    for name, value in values.items():
        setattr(branch, name, value)
    session.add(branch)
    session.flush()
    audit.record(session, actor, "partner.branch", subject_of(partner), asdict(facts) | {"branch": branch.code})
    return branch


def close_branch(session: Session, actor: Actor, partner: Partner, code: str) -> None:
    """Nothing is delivered there any more. Harmless twice."""
    ensure_may_tend(session, actor, partner)
    branch = get_branch(session, partner.id, code)
    if branch.is_active:
        branch.is_active = False
        audit.record(session, actor, "partner.branch_closed", subject_of(partner), {"branch": code})


def get_branch(session: Session, partner_id: int, code: str) -> PartnerBranch:
    """A place of this partner, with its area; NotFound for anybody else's."""
    statement = select(PartnerBranch).where(PartnerBranch.partner_id == partner_id, PartnerBranch.code == code.strip().upper())
    branch = session.scalar(statement.options(joinedload(PartnerBranch.area)))
    if branch is None:
        raise NotFound
    return branch


def list_branches(session: Session, partner_id: int) -> list[PartnerBranch]:
    """The places where a partner takes goods in, with their areas."""
    statement = select(PartnerBranch).where(PartnerBranch.partner_id == partner_id, PartnerBranch.is_active).order_by(PartnerBranch.id)
    return list(session.scalars(statement.options(joinedload(PartnerBranch.area))))


def list_buyers(session: Session, partner_id: int) -> list[PartnerBuyer]:
    """The people who buy for a partner, with their names."""
    statement = select(PartnerBuyer).where(PartnerBuyer.partner_id == partner_id, PartnerBuyer.is_active).order_by(PartnerBuyer.id)
    return list(session.scalars(statement.options(joinedload(PartnerBuyer.user))))


def get_colleague(session: Session, partner_id: int, person_code: str) -> PartnerBuyer:
    """Somebody who buys for this partner, with the name; NotFound for anybody else."""
    statement = (
        select(PartnerBuyer)
        .join(User, User.id == PartnerBuyer.user_id)
        .where(PartnerBuyer.partner_id == partner_id, PartnerBuyer.is_active, User.code == person_code)
    )
    row = session.scalar(statement.options(joinedload(PartnerBuyer.user)))
    if row is None:
        raise NotFound
    return row


def ensure_may_tend(session: Session, actor: Actor, partner: Partner) -> None:
    """The seller's office, or an approver of the partner itself."""
    buyer = find_buyer(session, actor)
    if buyer is not None and buyer.is_approver and buyer.audience.partner_id == partner.id:
        return
    ensure_may_manage(session, actor, partner.outlet_id)


def _get_row(session: Session, partner: Partner, person_code: str) -> PartnerBuyer:
    statement = (
        select(PartnerBuyer)
        .join(User, User.id == PartnerBuyer.user_id)
        .where(PartnerBuyer.partner_id == partner.id, User.code == person_code)
        .with_for_update(of=PartnerBuyer)
    )
    row = session.scalar(statement)
    if row is None:
        raise NotFound
    return row


def _keep_an_approver(session: Session, row: PartnerBuyer) -> None:
    others = select(PartnerBuyer.id).where(
        PartnerBuyer.partner_id == row.partner_id, PartnerBuyer.is_active, PartnerBuyer.is_approver, PartnerBuyer.id != row.id
    )
    if session.scalar(others.limit(1)) is None:
        raise Conflict(N_("This is the company's last approver. Make somebody else approver first."))


def _unfit() -> InvalidInput:
    """One sentence for all reasons: a partner must not learn who works here or buys for a rival."""
    return InvalidInput(N_("This person cannot buy for the company with this account; please ask us."), field="email")


def _check_limits(*limits: int | None) -> None:
    if any(limit is not None and limit <= 0 for limit in limits):
        raise InvalidInput(N_("A limit is more than nothing; leave it empty for none."), field="order_limit")
