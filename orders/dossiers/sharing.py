"""A dossier's way: the plan is written, a version put together, approved by the maker, shared by a link that ends, opened, taken back."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from catalog.access import ensure_can
from catalog.mentoring.organisations import get_organisation
from catalog.mentoring.reach import ensure_mentors
from catalog.models.maker import Maker
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.ids import make_token
from kernel.links import LinkEnded
from kernel.parsing import check_range, parse_text
from kernel.people import Actor, Permission
from orders.dossiers import content
from orders.dossiers.content import Content
from orders.dossiers.plan import Plan, list_gaps, read_plan
from orders.models.dossier import DossierOpening, DossierPlan, DossierShare, DossierVersion

#: A link lives so many days at most, and after opening the PDF can be fetched for so long.
LONGEST_DAYS, FETCH_WITHIN = 60, timedelta(minutes=15)
#: Older figures are asked for anew.
FRESH_FOR = timedelta(days=30)


def find_plan(session: Session, maker: Maker) -> Plan:
    """The plan of a maker as it stands; an empty one at first."""
    row = session.scalar(select(DossierPlan).where(DossierPlan.maker_id == maker.id))
    return read_plan(row.fields if row else {}, row.checklist if row else {})


def write_plan(session: Session, actor: Actor, maker: Maker, fields: dict[str, Any], checklist: dict[str, Any]) -> Plan:
    """Keep what was typed, finished or not."""
    ensure_mentors(actor, maker.village_code)
    plan = read_plan(fields, checklist)
    row = session.scalar(select(DossierPlan).where(DossierPlan.maker_id == maker.id).with_for_update())
    if row is None:
        row = DossierPlan(maker_id=maker.id)
        session.add(row)
    row.fields = {**plan.texts, **plan.amounts}
    row.checklist = dict.fromkeys(sorted(plan.checks), True)
    row.written_by_id, row.updated_at = actor.user_id, clock.now()
    session.flush()
    audit.record(session, actor, "dossier.write", f"maker:{maker.slug}")
    return plan


def make_version(session: Session, actor: Actor, maker: Maker, today: date, *, is_sample: bool = False) -> DossierVersion:
    """Put the dossier together for the maker to look at. InvalidInput with the first gap; the same content is the same version."""
    ensure_mentors(actor, maker.village_code)
    session.get_one(Maker, maker.id, with_for_update=True)  # two people never make the same number
    plan = find_plan(session, maker)
    made = content.compose(session, maker, plan, today)
    if gaps := list_gaps(plan, made.months_with_sales):
        raise InvalidInput(gaps[0])
    text = content.write(made)
    latest = find_latest(session, maker)
    if latest is not None and latest.digest == content.digest_of(text) and latest.refused_at is None:
        return latest
    version = DossierVersion(
        maker_id=maker.id,
        number=latest.number + 1 if latest else 1,
        digest=content.digest_of(text),
        content=text,
        is_sample=is_sample,
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )
    session.add(version)
    session.flush()
    audit.record(session, actor, "dossier.create", f"maker:{maker.slug}", {"version": version.code, "digest": version.digest})
    return version


def answer(
    session: Session, actor: Actor, maker: Maker, code: str, *, digest: str, agrees: bool, name: str, remarks: str = ""
) -> DossierVersion:
    """The maker's word on exactly the content with this digest. Who asks has shown that they speak for the maker.

    Conflict when a newer version was made meanwhile, or it was answered already.
    """
    version = session.scalar(
        select(DossierVersion).where(DossierVersion.code == code, DossierVersion.maker_id == maker.id).with_for_update()
    )
    if version is None:
        raise NotFound
    latest = find_latest(session, maker)
    if version.digest != digest or latest is None or latest.id != version.id:
        raise Conflict(N_("The dossier was put together anew. Please look at it again."))
    if version.approved_at is not None or version.refused_at is not None:
        raise Conflict(N_("You have answered already."))
    version.approved_by = parse_text(name, field="name", maximum=120, required=True)
    version.remarks = parse_text(remarks, field="remarks", maximum=500, required=not agrees)
    if agrees:
        version.approved_at = clock.now()
    else:
        version.refused_at = clock.now()
    session.flush()
    act = "dossier.approved" if agrees else "dossier.refused"
    audit.record(session, actor, act, f"maker:{maker.slug}", {"version": version.code, "digest": digest, "remarks": version.remarks})
    return version


def share(session: Session, actor: Actor, maker: Maker, organisation_code: str, days: int, today: date) -> tuple[DossierShare, str]:
    """Open the approved version to one organisation for so many days: the share, and its token, which is not kept.

    Conflict unless the maker approved exactly what the dossier says now (goods on hand aside).
    """
    ensure_can(actor, Permission.DECIDE_CURATION, maker.village_code)
    version = find_latest(session, maker)
    if version is None or version.approved_at is None:
        raise Conflict(N_("The maker has not approved this dossier yet."))
    if has_changed(session, maker, version, today):
        raise Conflict(N_("The figures have changed since the maker approved. Put the dossier together anew and ask again."))
    organisation = get_organisation(session, actor, organisation_code)
    token = make_token()
    made = DossierShare(
        version_id=version.id,
        organisation_id=organisation.id,
        token_digest=_digest(token),
        shared_by_id=actor.user_id,
        shared_at=clock.now(),
        expires_at=clock.now() + timedelta(days=check_range(days, 1, LONGEST_DAYS, "days")),
    )
    session.add(made)
    session.flush()
    said = {"share": made.code, "organisation": organisation.name, "version": version.code}
    audit.record(session, actor, "dossier.share", f"maker:{maker.slug}", said)
    return made, token


def revoke(session: Session, actor: Actor, maker: Maker, code: str) -> DossierShare:
    """End a link at once. Who asks is the office of the area or speaks for the maker. Harmless twice."""
    statement = (
        select(DossierShare)
        .join(DossierVersion, DossierVersion.id == DossierShare.version_id)
        .where(DossierShare.code == code, DossierVersion.maker_id == maker.id)
    )
    found = session.scalar(statement.with_for_update(of=DossierShare))
    if found is None:
        raise NotFound
    if found.revoked_at is None:
        found.revoked_at, found.revoked_by = clock.now(), actor.name[:120]
        session.flush()
        audit.record(session, actor, "dossier.revoke", f"maker:{maker.slug}", {"share": found.code})
    return found


# Through the link.


def read_share(session: Session, token: str) -> DossierShare:
    """The share behind a link, with version, maker and organisation; LinkEnded when it is over, taken back or not ours."""
    found = session.scalar(
        select(DossierShare)
        .where(DossierShare.token_digest == _digest(token))
        .options(joinedload(DossierShare.version).joinedload(DossierVersion.maker), joinedload(DossierShare.organisation))
    )
    if found is None or found.revoked_at is not None or found.expires_at <= clock.now():
        raise LinkEnded
    return found


def open_share(session: Session, token: str, browser: str) -> DossierOpening:
    """Note that the link was opened; the PDF can be fetched with the opening's code for a short while."""
    found = read_share(session, token)
    opening = DossierOpening(share_id=found.id, at=clock.now(), browser="".join(sign for sign in browser if sign.isprintable())[:200])
    session.add(opening)
    session.flush()
    return opening


def read_opened(session: Session, token: str, opening_code: str) -> DossierShare:
    """The share, for whoever opened it just now; LinkEnded otherwise."""
    found = read_share(session, token)
    at = session.scalar(select(DossierOpening.at).where(DossierOpening.code == opening_code, DossierOpening.share_id == found.id))
    if at is None or clock.now() - at > FETCH_WITHIN:
        raise LinkEnded
    return found


# Reads.


def find_latest(session: Session, maker: Maker) -> DossierVersion | None:
    """The newest version of a maker's dossier."""
    statement = select(DossierVersion).where(DossierVersion.maker_id == maker.id)
    return session.scalar(statement.order_by(DossierVersion.number.desc()).limit(1))


def list_shares(session: Session, maker: Maker) -> list[tuple[DossierShare, int, Any]]:
    """Every share of a maker's dossier with how often and when it was last opened, the newest first."""
    openings = (
        select(DossierOpening.share_id, func.count().label("times"), func.max(DossierOpening.at).label("last"))
        .group_by(DossierOpening.share_id)
        .subquery()
    )
    statement = (
        select(DossierShare, func.coalesce(openings.c.times, 0), openings.c.last)
        .join(DossierVersion, DossierVersion.id == DossierShare.version_id)
        .outerjoin(openings, openings.c.share_id == DossierShare.id)
        .where(DossierVersion.maker_id == maker.id)
        .options(joinedload(DossierShare.organisation), joinedload(DossierShare.version))
        .order_by(DossierShare.id.desc())
    )
    return [(row[0], int(row[1]), row[2]) for row in session.execute(statement)]


def has_changed(session: Session, maker: Maker, version: DossierVersion, today: date) -> bool:
    """Whether a version no longer says what is true (goods on hand aside), or is older than FRESH_FOR."""
    said = content.read(version.content)
    as_of = date.fromisoformat(said.as_of)
    fresh = content.compose(session, maker, find_plan(session, maker), today, as_of=as_of)
    return today - as_of > FRESH_FOR or not content.says_the_same(fresh, said)


def read_content(version: DossierVersion) -> Content:
    """What a version says."""
    return content.read(version.content)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
