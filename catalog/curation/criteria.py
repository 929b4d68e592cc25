"""Sets of criteria: the one in force, a new version to change, and opening it; a set that was used never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from catalog.access import ensure_can
from catalog.curation import defaults
from catalog.curation.defaults import CriterionData
from catalog.curation.scorecard import Line, Rules, check_card, check_rules
from catalog.models.curation import CriteriaSet, Criterion, CriterionLevel
from kernel import audit, clock
from kernel.errors import N_, Conflict, NotFound
from kernel.inserts import insert_new
from kernel.parsing import check_range, parse_text
from kernel.people import SYSTEM, Actor, Permission

_LOADED = selectinload(CriteriaSet.criteria).selectinload(Criterion.levels)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetData:
    """A set as people type it."""

    name: tuple[str, str]
    rules: Rules
    valid_months: int
    criteria: Sequence[CriterionData]
    #: Shares of the levels by criterion; where a key is left out, the usual ones for that many levels.
    shares_bps: dict[str, tuple[int, ...]] | None = None


DEFAULT = SetData(
    name=(defaults.NAME_ID, defaults.NAME_EN), rules=defaults.RULES, valid_months=defaults.VALID_MONTHS, criteria=defaults.CRITERIA
)


def find_current_set(session: Session) -> CriteriaSet | None:
    """The set that new assessments use: of those that were opened the latest, criteria and levels loaded. Two or three statements."""
    statement = (
        select(CriteriaSet)
        .where(CriteriaSet.scheme == defaults.SCHEME, CriteriaSet.opened_at.is_not(None))
        .order_by(CriteriaSet.year.desc(), CriteriaSet.version.desc())
        .limit(1)
    )
    return session.scalar(statement.options(_LOADED))


def need_current_set(session: Session) -> CriteriaSet:
    """The same, for a verb that is going to write: an office without a set gets the one of `defaults` at its first use."""
    return find_current_set(session) or _seed(session)


def get_set(session: Session, set_id: int) -> CriteriaSet:
    """A set with its criteria and levels; NotFound otherwise."""
    found = session.scalar(select(CriteriaSet).where(CriteriaSet.id == set_id).options(_LOADED))
    if found is None:
        raise NotFound
    return found


def list_sets(session: Session) -> list[CriteriaSet]:
    """Every set, the latest first, without its criteria."""
    return list(session.scalars(select(CriteriaSet).order_by(CriteriaSet.year.desc(), CriteriaSet.version.desc(), CriteriaSet.id)))


def find_set(session: Session, year: int, version: int) -> CriteriaSet:
    """A set by what people call it, with its criteria and levels; NotFound otherwise."""
    wanted = (CriteriaSet.scheme == defaults.SCHEME, CriteriaSet.year == year, CriteriaSet.version == version)
    found = session.scalar(select(CriteriaSet).where(*wanted).options(_LOADED).execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def data_of(criteria_set: CriteriaSet) -> SetData:
    """A set as people type it, to copy or to change."""
    criteria, shares = [], {}
    for row in criteria_set.criteria:
        levels = sorted(row.levels, key=lambda level: level.position)
        shares[row.key] = tuple(level.share_bps for level in levels)
        words = tuple((level.words_id, level.words_en) for level in levels)
        names, evidence = (row.name_id, row.name_en), (row.evidence_id, row.evidence_en)
        criteria.append(CriterionData(row.key, row.block, row.weight_bps, names, evidence, words))
    name = (criteria_set.name_id, criteria_set.name_en)
    return SetData(name=name, rules=criteria_set.rules, valid_months=criteria_set.valid_months, criteria=criteria, shares_bps=shares)


def copy_set(session: Session, actor: Actor, criteria_set: CriteriaSet) -> CriteriaSet:
    """The next version of this year with the same words and weights, to be changed before it is opened."""
    return create_set(session, actor, max(clock.today().year, defaults.YEAR), data_of(criteria_set), scheme=criteria_set.scheme)


def create_set(session: Session, actor: Actor, year: int, data: SetData, *, scheme: str = defaults.SCHEME) -> CriteriaSet:
    """The next version of the scheme in `year`; nobody scores by it before open_set."""
    _ensure_may_change(actor)
    check_range(year, defaults.YEAR, clock.today().year + 1, "year")
    last = select(func.max(CriteriaSet.version)).where(CriteriaSet.scheme == defaults.SCHEME, CriteriaSet.year == year)
    made = CriteriaSet(scheme=scheme, year=year, version=(session.scalar(last) or 0) + 1, created_at=clock.now(), criteria=[])
    _fill(session, made, data)
    session.add(made)
    session.flush()
    audit.record(session, actor, "criteria.create", subject_of(made))
    return made


def change_set(session: Session, actor: Actor, criteria_set: CriteriaSet, data: SetData) -> CriteriaSet:
    """Other criteria or rules for a set that no submission was scored by; Conflict once one was."""
    _ensure_may_change(actor)
    fresh = _lock(session, criteria_set.id)
    if fresh.used_at is not None:
        raise Conflict(N_("Products were scored by these criteria. Make a new version instead."))
    fresh.criteria.clear()
    session.flush()
    _fill(session, fresh, data)
    session.flush()
    audit.record(session, actor, "criteria.change", subject_of(fresh))
    return fresh


def open_set(session: Session, actor: Actor, criteria_set: CriteriaSet) -> CriteriaSet:
    """From now on new assessments use it, when it is the latest. What is being scored keeps its own set."""
    _ensure_may_change(actor)
    fresh = _lock(session, criteria_set.id)
    if fresh.opened_at is not None:
        raise Conflict(N_("These criteria are in force already."))
    check_card(fresh.card)
    check_rules(fresh.rules)
    fresh.opened_at = clock.now()
    session.flush()
    audit.record(session, actor, "criteria.open", subject_of(fresh))
    return fresh


def freeze(session: Session, criteria_set: CriteriaSet) -> None:
    """Note the first use."""
    fresh = _lock(session, criteria_set.id)
    fresh.used_at = fresh.used_at or clock.now()
    session.flush()


def subject_of(criteria_set: CriteriaSet) -> str:
    """What the audit calls a set: `criteria:regency_curation-2026-1`."""
    return f"criteria:{criteria_set.scheme}-{criteria_set.year}-{criteria_set.version}"


def _ensure_may_change(actor: Actor) -> None:
    """Criteria count for everybody, so only whoever decides without an area limit changes them."""
    ensure_can(actor, Permission.DECIDE_CURATION, "")


def _lock(session: Session, set_id: int) -> CriteriaSet:
    session.execute(select(CriteriaSet.id).where(CriteriaSet.id == set_id).with_for_update())
    statement = select(CriteriaSet).where(CriteriaSet.id == set_id).options(_LOADED)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def _seed(session: Session) -> CriteriaSet:
    """The default set. Of two that come at once one writes, and the other waits for it and reads."""
    moment = clock.now()
    row = {
        "scheme": defaults.SCHEME,
        "year": defaults.YEAR,
        "version": 1,
        "name_id": defaults.NAME_ID,
        "name_en": defaults.NAME_EN,
        "star_thresholds": list(defaults.RULES.thresholds),
        "fewest_assessors": defaults.RULES.fewest_assessors,
        "widest_spread": defaults.RULES.widest_spread,
        "valid_months": defaults.VALID_MONTHS,
        "opened_at": moment,
        "used_at": None,
        "created_at": moment,
    }
    if ids := insert_new(session, CriteriaSet, [row]):
        made = _lock(session, ids[0])
        _fill(session, made, DEFAULT)
        session.flush()
        audit.record(session, SYSTEM, "criteria.create", subject_of(made))
    found = find_current_set(session)
    if found is None:
        raise Conflict(N_("No criteria are in force. Open a version first."))
    return found


def _fill(session: Session, criteria_set: CriteriaSet, data: SetData) -> None:
    """Check everything, then write it."""
    usual = data.shares_bps or {}
    shares = {each.key: usual.get(each.key) or defaults.SHARES.get(len(each.levels), ()) for each in data.criteria}
    check_card([Line(each.key, each.block, each.weight_bps, shares[each.key]) for each in data.criteria])
    check_rules(data.rules)
    criteria_set.name_id, criteria_set.name_en = _both(data.name, "name", 120)
    criteria_set.star_thresholds = list(data.rules.thresholds)
    criteria_set.fewest_assessors = data.rules.fewest_assessors
    criteria_set.widest_spread = data.rules.widest_spread
    criteria_set.valid_months = check_range(data.valid_months, 1, 60, "valid_months")
    for position, each in enumerate(data.criteria):
        name_id, name_en = _both(each.name, "name", 120)
        evidence_id, evidence_en = _both(each.evidence, "evidence", 240)
        criterion = Criterion(
            key=parse_text(each.key, field="key", maximum=40, required=True),
            block=each.block,
            position=position,
            weight_bps=each.weight_bps,
            name_id=name_id,
            name_en=name_en,
            evidence_id=evidence_id,
            evidence_en=evidence_en,
            levels=[],
        )
        for number, (words, share) in enumerate(zip(each.levels, shares[each.key], strict=True), start=1):
            words_id, words_en = _both(words, "level", 240)
            criterion.levels.append(CriterionLevel(position=number, share_bps=share, words_id=words_id, words_en=words_en))
        criteria_set.criteria.append(criterion)


def _both(words: tuple[str, str], field: str, maximum: int) -> tuple[str, str]:
    return (
        parse_text(words[0], field=f"{field}_id", maximum=maximum, required=True),
        parse_text(words[1], field=f"{field}_en", maximum=maximum, required=True),
    )
