"""Who accompanies whom: a mentor is given to a maker or a village from a day on, and the assignment is ended."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from catalog.access import ensure_can
from catalog.mentoring.reach import find_village
from catalog.models.maker import Maker
from catalog.models.mentoring import MentorAssignment
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.parsing import parse_text
from kernel.people import GRANTS, Actor, Permission, RoleGrant, User, covers


def assign(
    session: Session, actor: Actor, mentor: User, unit: Maker | str, starts_on: date, *, note: str = "", is_sample: bool = False
) -> MentorAssignment:
    """Let `mentor` accompany a maker, or all makers of the village with this code. The mentor must be at home in the area."""
    village = unit.village_code if isinstance(unit, Maker) else find_village(session, actor, unit).code
    ensure_can(actor, Permission.DECIDE_CURATION, village)
    grants = session.scalars(select(RoleGrant).where(RoleGrant.user_id == mentor.id)).all()
    if not mentor.is_active or not any(
        Permission.MENTOR_MAKERS in GRANTS[grant.role] and covers(grant.area_prefix, village) for grant in grants
    ):
        raise InvalidInput(N_("This person is no mentor of the area."), field="mentor")
    maker_id = unit.id if isinstance(unit, Maker) else None
    same = MentorAssignment.maker_id == maker_id if maker_id else MentorAssignment.maker_id.is_(None)
    standing = or_(MentorAssignment.ends_on.is_(None), MentorAssignment.ends_on >= starts_on)
    if session.scalar(
        select(MentorAssignment.id)
        .where(MentorAssignment.mentor_id == mentor.id, MentorAssignment.village_code == village, same, standing)
        .limit(1)
    ):
        raise Conflict(N_("This mentor accompanies them already."))
    made = MentorAssignment(
        mentor_id=mentor.id,
        maker_id=maker_id,
        village_code=village,
        starts_on=starts_on,
        note=parse_text(note, field="note", maximum=240),
        is_sample=is_sample,
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    session.add(made)
    session.flush()
    subject = f"maker:{unit.slug}" if isinstance(unit, Maker) else f"area:{village}"
    audit.record(session, actor, "assignment.create", subject, {"mentor": mentor.code, "starts_on": starts_on.isoformat()})
    return made


def get_assignment(session: Session, actor: Actor, code: str) -> MentorAssignment:
    """An assignment that this person may end; NotFound otherwise."""
    found = session.scalar(select(MentorAssignment).where(MentorAssignment.code == code))
    if found is None or not actor.can(Permission.DECIDE_CURATION, area_code=found.village_code):
        raise NotFound
    return found


def end(session: Session, actor: Actor, code: str, last_day: date) -> MentorAssignment:
    """Let an assignment count until `last_day` and no longer."""
    found = get_assignment(session, actor, code)
    if last_day < found.starts_on:
        raise InvalidInput(N_("The last day must not be before the first."), field="last_day")
    found.ends_on = last_day
    session.flush()
    slug = session.scalar(select(Maker.slug).where(Maker.id == found.maker_id)) if found.maker_id else None
    subject = f"maker:{slug}" if slug else f"area:{found.village_code}"
    audit.record(session, actor, "assignment.end", subject, {"last_day": last_day.isoformat()})
    return found


def list_mentors(session: Session, actor: Actor) -> list[User]:
    """Active people who may accompany makers somewhere in this person's area, by name."""
    roles = [role for role, granted in GRANTS.items() if Permission.MENTOR_MAKERS in granted]
    prefixes = actor.area_prefixes(Permission.DECIDE_CURATION)
    people = session.scalars(
        select(User)
        .where(User.is_active, User.id.in_(select(RoleGrant.user_id).where(RoleGrant.role.in_(roles))))
        .options(selectinload(User.grants))
        .order_by(User.name, User.id)
    )
    return [person for person in people if any(_overlaps(grant.area_prefix, prefixes) for grant in person.grants if grant.role in roles)]


def _overlaps(prefix: str, prefixes: tuple[str, ...]) -> bool:
    return any(covers(each, prefix) or covers(prefix, each) for each in prefixes)
