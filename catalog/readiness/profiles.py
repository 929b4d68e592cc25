"""Profiles: what each kind of retailer asks for, read for pages and changed by making a new version (docs/readiness.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from catalog.access import ensure_can
from catalog.models.certificate import CertificateKind
from catalog.models.readiness import ReadinessProfile, ReadinessRequirement, RequirementKind
from catalog.readiness import defaults
from catalog.readiness.checking import AMOUNTS, Need
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.inserts import insert_new, insert_rows
from kernel.locales import pick
from kernel.parsing import check_range, parse_text
from kernel.people import SYSTEM, Actor, Permission

LARGEST_AMOUNT = 1_000_000


@dataclass(frozen=True, slots=True)
class Profile:
    """The current version of a profile."""

    key: str
    version: int
    name_id: str
    name_en: str
    needs: tuple[Need, ...]

    def name(self, language: str) -> str:
        """What the kind of retailer is called."""
        return pick(language, self.name_id, self.name_en)


def list_profiles(session: Session) -> list[Profile]:
    """The current version of every profile; the defaults until an office has changed one. Two statements."""
    statement = (
        select(ReadinessProfile)
        .where(ReadinessProfile.is_current)
        .options(selectinload(ReadinessProfile.requirements))
        .order_by(ReadinessProfile.position, ReadinessProfile.id)
    )
    rows = session.scalars(statement).all()
    if not rows:
        return [Profile(data.key, 0, data.name_id, data.name_en, data.needs) for data in defaults.PROFILES]
    return [_read(row) for row in rows]


def get_profile(session: Session, key: str) -> Profile:
    """The current version of one profile; NotFound otherwise."""
    found = next((profile for profile in list_profiles(session) if profile.key == key), None)
    if found is None:
        raise NotFound
    return found


def list_versions(session: Session, key: str) -> list[ReadinessProfile]:
    """Every version of a profile with its requirements, the newest first."""
    statement = select(ReadinessProfile).where(ReadinessProfile.key == key).order_by(ReadinessProfile.version.desc())
    return list(session.scalars(statement.options(selectinload(ReadinessProfile.requirements))))


def install_defaults(session: Session) -> None:
    """Write the profiles an office starts with, unless there are any. Harmless twice, and when two do it at once."""
    if session.scalar(select(ReadinessProfile.id).limit(1)) is not None:
        return
    for position, data in enumerate(defaults.PROFILES):
        _insert(session, SYSTEM, data.key, 1, position, (data.name_id, data.name_en), data.needs, note="")


def change_profile(
    session: Session, actor: Actor, key: str, *, version: int, name_id: str, name_en: str, needs: Sequence[Need], note: str = ""
) -> Profile:
    """A new version of a profile counts from now on. `version` is the one that was looked at: Conflict when somebody was faster.

    Raises NotAllowed, NotFound, InvalidInput and Conflict.
    """
    ensure_can(actor, Permission.MANAGE_WHOLESALE)
    install_defaults(session)
    statement = select(ReadinessProfile).where(ReadinessProfile.key == key, ReadinessProfile.is_current).with_for_update()
    current = session.scalar(statement)
    if current is None:
        raise NotFound
    if version not in (current.version, 0):
        raise Conflict(N_("Somebody changed this profile meanwhile; look at it again."))
    names = (
        parse_text(name_id, field="name_id", maximum=80, required=True),
        parse_text(name_en, field="name_en", maximum=80, required=True),
    )
    needs = [_checked(need) for need in needs]
    session.execute(update(ReadinessProfile).where(ReadinessProfile.id == current.id).values(is_current=False))
    newest = session.scalar(select(func.max(ReadinessProfile.version)).where(ReadinessProfile.key == key)) or 0
    note = parse_text(note, field="note", maximum=240)
    if not _insert(session, actor, key, newest + 1, current.position, names, needs, note=note):
        raise Conflict(N_("Somebody changed this profile meanwhile; look at it again."))
    audit.record(session, actor, "readiness.changed", f"readiness:{key}", {"version": newest + 1, "note": note})
    return get_profile(session, key)


def _insert(
    session: Session, actor: Actor, key: str, version: int, position: int, names: tuple[str, str], needs: Sequence[Need], *, note: str
) -> bool:
    row: dict[str, Any] = {
        "key": key,
        "version": version,
        "name_id": names[0],
        "name_en": names[1],
        "is_current": True,
        "position": position,
        "note": note,
        "created_at": clock.now(),
        "created_by_id": actor.user_id,
    }
    ids = insert_new(session, ReadinessProfile, [row])
    lines = [
        {"profile_id": number, "kind": need.kind, "amount": need.amount, "papers": [kind.value for kind in need.papers]}
        for number in ids
        for need in needs
    ]
    insert_rows(session, ReadinessRequirement, lines)
    return bool(ids)


def _read(row: ReadinessProfile) -> Profile:
    return Profile(row.key, row.version, row.name_id, row.name_en, tuple(need_of(line) for line in row.requirements))


def need_of(line: ReadinessRequirement) -> Need:
    """A stored requirement as the rule reads it."""
    return Need(line.kind, line.amount, tuple(CertificateKind(word) for word in line.papers))


def _checked(need: Need) -> Need:
    if need.kind in AMOUNTS:
        check_range(need.amount, 0 if need.kind is RequirementKind.MARGIN else 1, LARGEST_AMOUNT, f"amount_{need.kind.value}")
    elif need.amount:
        raise InvalidInput(field=f"amount_{need.kind.value}")
    if (need.kind is RequirementKind.PAPER) != bool(need.papers):
        raise InvalidInput(N_("Choose the papers of which one is enough."), field="papers")
    return need
