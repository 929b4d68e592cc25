"""Deciding: approve, ask for improvements or reject, with reasons; what an approval does to the product; the second reviewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import products
from catalog.curation import assessing, content, defaults, letters
from catalog.curation.checking import ensure_gates, list_gates
from catalog.curation.criteria import find_current_set, get_set
from catalog.curation.proposals import TEXT_GATES
from catalog.curation.scorecard import Result
from catalog.curation.standing import ensure_may, ensure_state, in_the_name_of, lock_submission, subject_of, take_step
from catalog.curation.stars import find_standing, is_upgrade, months_after
from catalog.curation.states import OUTCOMES, Act, CurationState, WrongStep
from catalog.models.curation import (
    CriteriaSet,
    CurationDecision,
    Gate,
    GateResult,
    ImprovementItem,
    Submission,
    SubmissionKind,
)
from catalog.models.product import ListingState, Product
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput
from kernel.parsing import parse_text
from kernel.people import SYSTEM, Actor

REASON_LENGTH = 480
_RANK = (CurationState.REJECTED, CurationState.IMPROVE, CurationState.APPROVED)
_ACTS = {CurationState.APPROVED: Act.APPROVE, CurationState.IMPROVE: Act.ASK_IMPROVEMENT, CurationState.REJECTED: Act.REJECT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """One thing to do, because of a criterion (its key) or a gate; exactly one of both."""

    text: str
    criterion: str | None = None
    gate: Gate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What whoever decides writes. A reason in at least one language; stars are counted, never typed."""

    outcome: CurationState
    reason_id: str = ""
    reason_en: str = ""
    summary_id: str = ""
    summary_en: str = ""
    private_remarks: str = ""
    improvements: Sequence[Improvement] = ()


class MoreAssessors(Conflict):
    """Too few scorecards, or too far apart."""

    message = N_("%(needed)s finished scorecards are needed for a decision; there are %(count)s.")


class SecondReviewer(Conflict):
    """More stars than last time take two people."""

    message = N_("More stars than last time need the word of a second person first.")


class CorrectedMeanwhile(Conflict):
    """The live text and the proposal changed the same fields."""

    message = N_("The product was corrected while this was under review. Compare both texts, then decide which one stays.")

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__()


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a decision rests on."""

    criteria_set: CriteriaSet | None
    result: Result | None
    standing: CurationDecision | None
    #: The decision of the round before, when an appeal was upheld.
    appealed: CurationDecision | None


def decide(
    session: Session, actor: Actor, submission: Submission, verdict: Verdict, *, replaces_corrections: bool = False
) -> CurationDecision:
    """Decide what was assessed, or at the desk: an edit of a live product, or what failed at a gate.

    An approval brings the text onto the product and the product into the shop. Raises WrongStep, Barred, GatesOpen, MoreAssessors,
    SecondReviewer, CorrectedMeanwhile, InvalidInput (also for what the product lacks before it can go live).
    """
    submission = lock_submission(session, submission.id)
    act = _act_for(submission, verdict)
    ensure_may(session, actor, act, submission)
    verdict = _checked(verdict)
    ground = _ground_of(session, submission)
    _ensure_ready(session, actor, submission, verdict, act, ground)
    product = session.get_one(Product, submission.product_id)
    publication_id = None
    if act in {Act.APPROVE, Act.APPROVE_EDIT}:
        publication_id = _bring_live(session, actor, submission, product, verdict, replaces_corrections)
        _supersede(session, submission)
    decision = _record(session, actor, submission, verdict, act, ground, publication_id)
    _list_improvements(session, submission, decision, verdict, ground)
    take_step(session, actor, submission, act, verdict.outcome, remarks=verdict.reason_id or verdict.reason_en)
    details = {"outcome": decision.outcome.value, "stars": decision.stars, "score": decision.score, "decision": decision.code}
    audit.record(session, actor, "curation.decide", f"product:{product.slug}", details)
    letters.tell_maker(session, letters.DECIDED, submission, about=decision.code, decision=decision)
    return decision


def endorse_upgrade(session: Session, actor: Actor, submission: Submission) -> Submission:
    """The second person's word that the stars counted now are right, although they are more than last time."""
    submission = lock_submission(session, submission.id)
    ensure_may(session, actor, Act.APPROVE, submission)
    ensure_state(submission, CurationState.ASSESSMENT)
    ground = _ground_of(session, submission)
    stars = _stars_of(ground)
    if not _asks_for_second(ground, stars):
        raise InvalidInput(N_("This needs no second reviewer."))
    _ensure_enough(ground)
    submission.endorsed_by_id, submission.endorsed_stars = actor.user_id, stars
    session.flush()
    audit.record(session, actor, "submission.endorse", subject_of(submission), {"stars": stars})
    return submission


def needs_second_reviewer(session: Session, submission: Submission) -> bool:
    """Whether an approval now would give more stars than last time."""
    ground = _ground_of(session, submission)
    return _asks_for_second(ground, _stars_of(ground))


def list_collisions(session: Session, submission: Submission) -> list[str]:
    """Fields that this changes and that somebody corrected to something else on the product meanwhile."""
    live = products.facts_of(session, session.get_one(Product, submission.product_id))
    return content.list_collisions(content.load(submission.base), content.load(submission.content), live)


# What must be right before.


def _act_for(submission: Submission, verdict: Verdict) -> Act:
    if verdict.outcome not in OUTCOMES:
        raise InvalidInput(N_("Please choose one of the options."), field="outcome")
    if submission.state is CurationState.DESK_CHECK and verdict.outcome is CurationState.APPROVED:
        return Act.APPROVE_EDIT
    return _ACTS[verdict.outcome]


def _ground_of(session: Session, submission: Submission) -> _Ground:
    in_assessment = submission.state is CurationState.ASSESSMENT and submission.criteria_set_id is not None
    criteria_set = get_set(session, submission.criteria_set_id or 0) if in_assessment else None
    result = assessing.summarise(criteria_set, assessing.list_finished(session, submission)) if criteria_set else None
    before = select(CurationDecision).where(CurationDecision.submission_id == submission.id, CurationDecision.round == submission.round - 1)
    return _Ground(criteria_set, result, find_standing(session, submission.product_id), session.scalar(before))


def _ensure_ready(session: Session, actor: Actor, submission: Submission, verdict: Verdict, act: Act, ground: _Ground) -> None:
    ensure_state(submission, CurationState.DESK_CHECK, CurationState.ASSESSMENT)
    if submission.state is CurationState.ASSESSMENT:
        _ensure_enough(ground)
    elif act is Act.APPROVE_EDIT:
        _ensure_plain_edit(session, submission)
    elif GateResult.FAILED not in list_gates(session, submission).values():
        raise InvalidInput(N_("Before the assessment only what failed at a gate is turned down. Return it for changes instead."))
    if ground.appealed is not None and _RANK.index(verdict.outcome) < _RANK.index(ground.appealed.outcome):
        raise InvalidInput(N_("An appeal never makes a decision worse."), field="outcome")
    if act is Act.APPROVE:
        ensure_gates(session, submission, frozenset(Gate))
        _ensure_second(actor, submission, ground)
    if verdict.outcome is CurationState.IMPROVE and not verdict.improvements:
        raise InvalidInput(N_("Say what should be improved, for at least one criterion or gate."), field="improvements")


def _ensure_enough(ground: _Ground) -> None:
    if ground.result is None:
        raise WrongStep
    if not ground.result.is_enough:
        raise MoreAssessors(needed=ground.result.needed, count=len(ground.result.totals))


def _ensure_plain_edit(session: Session, submission: Submission) -> None:
    """Only a live product's new text is approved without scores; the gates that read the text are passed all the same."""
    product = session.get_one(Product, submission.product_id)
    if submission.kind is not SubmissionKind.EDIT or product.state is not ListingState.LIVE:
        raise InvalidInput(N_("Only an edit of a live product can be approved without scores."), field="outcome")
    ensure_gates(session, submission, TEXT_GATES)


def _ensure_second(actor: Actor, submission: Submission, ground: _Ground) -> None:
    stars = _stars_of(ground)
    if not _asks_for_second(ground, stars):
        return
    second = submission.endorsed_by_id
    if second is None or second == actor.user_id or submission.endorsed_stars != stars:
        raise SecondReviewer


def _asks_for_second(ground: _Ground, stars: int) -> bool:
    return ground.criteria_set is not None and is_upgrade(ground.standing, stars, len(ground.criteria_set.star_thresholds))


def _stars_of(ground: _Ground) -> int:
    """As counted; after an appeal never fewer than before."""
    counted = ground.result.stars if ground.result else 0
    return max(counted, (ground.appealed.stars or 0) if ground.appealed else 0)


# What an approval does.


def _bring_live(session: Session, actor: Actor, submission: Submission, product: Product, verdict: Verdict, replaces: bool) -> int:
    """The text onto the product (its corrections of other fields stay), the product into the shop; the publication's id."""
    hand, reason = in_the_name_of(actor), verdict.reason_id or verdict.reason_en
    session.refresh(product)
    live = products.facts_of(session, product)
    base, proposed = content.load(submission.base), content.load(submission.content)
    if (names := content.list_collisions(base, proposed, live)) and not replaces:
        raise CorrectedMeanwhile(names)
    products.update_product(session, hand, product, content.merge(base, proposed, live))
    if product.state is ListingState.LIVE:
        return products.renew_publication(session, hand, product, reason).id
    return products.publish_product(session, hand, product, reason, is_sample=product.is_sample).id


def _supersede(session: Session, submission: Submission) -> None:
    earlier = select(Submission).where(
        Submission.product_id == submission.product_id,
        Submission.id != submission.id,
        Submission.state.in_((CurationState.APPROVED, CurationState.EXPIRED)),
    )
    for other in session.scalars(earlier.with_for_update()):
        take_step(session, SYSTEM, other, Act.SUPERSEDE, CurationState.SUPERSEDED)


def _record(
    session: Session, actor: Actor, submission: Submission, verdict: Verdict, act: Act, ground: _Ground, publication_id: int | None
) -> CurationDecision:
    stars, scale, year, until = _award(session, act, ground)
    second = submission.endorsed_by_id if act is Act.APPROVE and _asks_for_second(ground, stars or 0) else None
    decision = CurationDecision(
        submission_id=submission.id,
        product_id=submission.product_id,
        round=submission.round,
        outcome=verdict.outcome,
        scheme=ground.criteria_set.scheme if ground.criteria_set else defaults.SCHEME,
        year=year,
        stars=stars,
        stars_scale=scale,
        score=ground.result.mean if ground.result else None,
        spread=ground.result.spread if ground.result else None,
        assessor_count=len(ground.result.totals) if ground.result else 0,
        reason_id=verdict.reason_id,
        reason_en=verdict.reason_en,
        summary_id=verdict.summary_id,
        summary_en=verdict.summary_en,
        private_remarks=verdict.private_remarks,
        valid_until_on=until,
        decided_by_id=actor.user_id,
        second_reviewer_id=second,
        publication_decision_id=publication_id,
        is_sample=submission.is_sample,
        decided_at=clock.now(),
    )
    session.add(decision)
    session.flush()
    return decision


def _award(session: Session, act: Act, ground: _Ground) -> tuple[int | None, int, int, date | None]:
    """Stars, scale, year and last day of the decision."""
    if act is Act.APPROVE and ground.criteria_set is not None:
        rules, until = ground.criteria_set, months_after(clock.today(), ground.criteria_set.valid_months)
        return _stars_of(ground) or None, len(rules.star_thresholds), rules.year, until
    if act is Act.APPROVE_EDIT and ground.standing is not None:  # an edit keeps what the product holds, as long as it held it
        kept = ground.standing
        return kept.stars, kept.stars_scale, kept.year, kept.valid_until_on
    rules_now = find_current_set(session)
    scale = len(rules_now.star_thresholds if rules_now else defaults.RULES.thresholds)
    return None, scale, clock.today().year, None


def _list_improvements(session: Session, submission: Submission, decision: CurationDecision, verdict: Verdict, ground: _Ground) -> None:
    criteria = {row.key: row.id for row in ground.criteria_set.criteria} if ground.criteria_set else {}
    for position, item in enumerate(verdict.improvements):
        if (item.gate is None) == (item.criterion is None) or (item.criterion is not None and item.criterion not in criteria):
            raise InvalidInput(N_("Tie each improvement to one criterion or one gate."), field="improvements")
        session.add(
            ImprovementItem(
                decision_id=decision.id,
                product_id=submission.product_id,
                position=position,
                criterion_id=criteria[item.criterion] if item.criterion else None,
                gate=item.gate,
                text=parse_text(item.text, field="improvements", maximum=500, required=True),
            )
        )
    session.flush()


def _checked(verdict: Verdict) -> Verdict:
    reason_id = parse_text(verdict.reason_id, field="reason_id", maximum=REASON_LENGTH)
    reason_en = parse_text(verdict.reason_en, field="reason_en", maximum=REASON_LENGTH)
    if not (reason_id or reason_en):
        raise InvalidInput(N_("Write the reason in plain words; the maker will read it."), field="reason_id")
    return replace(
        verdict,
        reason_id=reason_id,
        reason_en=reason_en,
        summary_id=parse_text(verdict.summary_id, field="summary_id", maximum=500),
        summary_en=parse_text(verdict.summary_en, field="summary_en", maximum=500),
        private_remarks=parse_text(verdict.private_remarks, field="private_remarks", maximum=2_000),
    )
