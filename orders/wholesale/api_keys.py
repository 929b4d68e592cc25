"""A partner's API keys: made and shown once, replaced with an overlap, revoked, and found again by what a program shows (docs/api.md)."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from kernel import accounts, audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotAllowed, NotFound
from kernel.ids import make_code
from kernel.parsing import parse_text
from kernel.people import Actor, User
from orders.models.api_key import ApiKey, Scope
from orders.models.partner import Partner, PartnerBuyer
from orders.wholesale.access import ensure_may_manage
from orders.wholesale.buyers import find_buyer
from orders.wholesale.partners import subject_of

#: What every key begins with: a secret that got into a file is recognised by scanners.
PREFIX = "etalase_"
#: How long the old key goes on working beside the one that takes its place.
OVERLAP = timedelta(days=7)
MOST_KEYS = 20
#: Letters of the secret that are kept to be shown.
_SHOWN = len(PREFIX) + 4


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever shows a live key: the key, what it may do, and the buyer in whose name it acts."""

    key_id: int
    key_code: str
    partner_id: int
    scopes: frozenset[Scope]
    actor: Actor


def issue_key(
    session: Session, actor: Actor, partner: Partner, buyer: PartnerBuyer, name: str, scopes: Collection[str]
) -> tuple[ApiKey, str]:
    """A new key that acts for one of the partner's buyers, and its secret, which nobody can read again.

    Raises NotAllowed, InvalidInput and Conflict.
    """
    ensure_may_keep_keys(session, actor, partner)
    if buyer.partner_id != partner.id or not buyer.is_active:
        raise InvalidInput(N_("Please choose one of the options."), field="buyer")
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= {scope.value for scope in Scope}:
        raise InvalidInput(N_("Choose at least one thing that the key may do."), field="scopes")
    if len([key for key in list_keys(session, partner.id) if key.is_live(clock.now())]) >= MOST_KEYS:
        raise Conflict(N_("There are %(most)s keys already. Please revoke one that is not needed."), most=MOST_KEYS)
    return _make(session, actor, partner, buyer.user_id, parse_text(name, field="name", maximum=80, required=True), wanted, "key.issued")


def rotate_key(session: Session, actor: Actor, partner: Partner, code: str) -> tuple[ApiKey, str]:
    """A new key in the place of this one, which goes on working for OVERLAP. Raises NotAllowed, NotFound and Conflict."""
    ensure_may_keep_keys(session, actor, partner)
    old = _lock(session, partner, code)
    if old.expires_at is not None or not old.is_live(clock.now()):
        raise Conflict(N_("This key has been replaced or revoked already."))
    old.expires_at = clock.now() + OVERLAP
    return _make(session, actor, partner, old.user_id, old.name, old.scopes, "key.replaced")


def revoke_key(session: Session, actor: Actor, partner: Partner, code: str) -> None:
    """It opens nothing from now on. Harmless twice. Raises NotAllowed and NotFound."""
    ensure_may_keep_keys(session, actor, partner)
    key = _lock(session, partner, code)
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        session.flush()
        audit.record(session, actor, "key.revoked", subject_of(partner), {"key": key.code, "name": key.name})


def list_keys(session: Session, partner_id: int) -> list[ApiKey]:
    """A partner's keys, the newest first, with the people they act for."""
    statement = select(ApiKey).where(ApiKey.partner_id == partner_id).options(joinedload(ApiKey.user))
    return list(session.scalars(statement.order_by(ApiKey.created_at.desc(), ApiKey.id.desc())))


def find_caller(session: Session, secret: str) -> Caller | None:
    """Who shows this secret; None for one that is unknown, revoked or over. Two statements, and no word of which it was."""
    if not secret.startswith(PREFIX) or len(secret) > 100:
        return None
    return _caller(session, ApiKey.digest == accounts.digest(secret))


def find_caller_of(session: Session, code: str) -> Caller | None:
    """The same by the key's code, for an address that we signed for it."""
    return _caller(session, ApiKey.code == code)


def _caller(session: Session, which: ColumnElement[bool]) -> Caller | None:
    statement = (
        select(ApiKey).where(which).options(joinedload(ApiKey.user).selectinload(User.grants)).execution_options(populate_existing=True)
    )
    key = session.scalar(statement)
    if key is None or not key.is_live(clock.now()) or not key.user.is_active:
        return None
    return Caller(key.id, key.code, key.partner_id, frozenset(Scope(scope) for scope in key.scopes), accounts.as_actor(key.user))


def note_use(session: Session, key_id: int) -> None:
    """Remember that it was used just now; called once for every block of calls."""
    session.get_one(ApiKey, key_id).last_used_at = clock.now()


def ensure_may_keep_keys(session: Session, actor: Actor, partner: Partner) -> None:
    """The office that looks after the partner, or the partner's own approvers; NotAllowed for everybody else."""
    buyer = find_buyer(session, actor)
    if buyer is None:
        ensure_may_manage(session, actor, partner.outlet_id)
    elif buyer.audience.partner_id != partner.id or not buyer.is_approver:
        raise NotAllowed


def _make(
    session: Session, actor: Actor, partner: Partner, user_id: int, name: str, scopes: Collection[str], action: str
) -> tuple[ApiKey, str]:
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(
        code=make_code(),
        partner_id=partner.id,
        user_id=user_id,
        name=name,
        scopes=list(scopes),
        start=secret[:_SHOWN],
        digest=accounts.digest(secret),
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    session.add(key)
    session.flush()
    audit.record(session, actor, action, subject_of(partner), {"key": key.code, "name": name, "scopes": list(scopes)})
    return key, secret


def _lock(session: Session, partner: Partner, code: str) -> ApiKey:
    statement = select(ApiKey).where(ApiKey.partner_id == partner.id, ApiKey.code == code.strip().upper())
    key = session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if key is None:
        raise NotFound
    return key
