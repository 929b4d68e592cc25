"""One submission as a page: what changed, gates, scorecards, decisions, and the panel of what this person can do now."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for
from sqlalchemy.orm import Session

from catalog import programme_offices
from catalog.curation import deciding, queries, units
from catalog.curation.files import SubmissionFile, read_file
from catalog.curation.proposals import TEXT_GATES
from catalog.curation.states import Act, CurationState
from catalog.models.curation import Assessment, CriteriaSet, GateResult, ScoreSheet, SubmissionKind
from catalog.models.product import ListingState, Product
from catalog.prices import current_price
from catalog.products import get_product
from kernel import clock
from kernel.people import Permission
from storefront import curation_words
from storefront.contact import whatsapp_link
from storefront.curation_words import CURATION, FIELD
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.curation_forms import READY, DecisionForm, DeskForm
from storefront.office.differences import list_differences, list_facts
from storefront.office.record_history import history_of
from storefront.security import current_actor
from storefront.templating import current_settings, external, text_of

_DECISIONS = frozenset({Act.APPROVE, Act.APPROVE_EDIT, Act.ASK_IMPROVEMENT, Act.REJECT})
_OUTCOME = {
    Act.APPROVE: CurationState.APPROVED,
    Act.APPROVE_EDIT: CurationState.APPROVED,
    Act.ASK_IMPROVEMENT: CurationState.IMPROVE,
    Act.REJECT: CurationState.REJECTED,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What the panel lets this person decide: outcomes, or the reason why none can be chosen yet."""

    outcomes: frozenset[CurationState]
    waits_for: str
    stars: int
    #: More stars than last time: the word of a second person is still missing, and this person may give it.
    needs_second: bool
    may_endorse: bool
    collisions: list[str]


def file_page(
    code: str,
    *,
    desk: DeskForm | None = None,
    decision: DecisionForm | None = None,
    failed_step: str = "",
    items: dict[str, str] | None = None,
) -> str:
    """The page; a refused form comes back with what was typed."""
    session, actor = reading(), current_actor()
    file = read_file(session, actor, code)
    product = get_product(session, file.submission.product.slug)
    offer = offer_of(session, file, product)
    form = decision or DecisionForm(formdata=None)
    fill_ready(form, offer.outcomes)
    decides = actor.can(Permission.DECIDE_CURATION, area_code=file.submission.village_code)
    today = clock.today(current_settings().zone)
    return render_template(
        "office/curation/file.html",
        file=file,
        product=product,
        prices={variant.id: current_price(variant.prices, today) for variant in product.variants},
        differences=list_differences(file.base, file.proposed, file.changes) if _is_edit(file) else [],
        since_returned=list_differences(file.returned, file.proposed, file.changes_since) if file.returned else None,
        facts=list_facts(file.proposed),
        versions=queries.list_versions(session, actor, product),
        words=curation_words,
        ready=READY,
        acts={act.value for act in file.acts},
        offer=offer,
        improvable=_improvable(file),
        chosen_items=items or {},
        desk=desk or DeskForm(formdata=None),
        decision_form=form,
        failed_step=failed_step,
        decides=decides,
        is_assessor=actor.can(Permission.ASSESS_PRODUCTS, area_code=file.submission.village_code),
        history=history_of([f"submission:{file.submission.code}"], 40) if decides else [],
        may_improve=decides or actor.can(Permission.MENTOR_MAKERS, area_code=file.submission.village_code),
        marks=[(sheet, _levels(file.criteria_set, sheet)) for sheet in file.sheets if sheet.finished_at] if file.criteria_set else [],
        guardian=units.find_guardian(session, product.maker_id) if decides else None,
        message_address=message_address(session, file, product) if decides else "",
    )


def offer_of(session: Session, file: SubmissionFile, product: Product) -> Offer:
    """Which outcomes can be chosen now; the verb asks everything again."""
    submission, acts = file.submission, file.acts & _DECISIONS
    needs_second, stars, waits_for = False, 0, ""
    if submission.state is CurationState.ASSESSMENT and acts:
        if file.result is None or not file.result.is_enough:
            waits_for, acts = _waits_for(file), frozenset()
        else:
            needs_second = deciding.needs_second_reviewer(session, submission)
            stars = file.result.stars
    elif submission.state is CurationState.DESK_CHECK:
        acts = acts & _at_the_desk(file, product)
    endorsed_by = submission.endorsed_by_id
    is_me = endorsed_by is not None and endorsed_by == current_actor().user_id
    return Offer(
        outcomes=frozenset(_OUTCOME[act] for act in acts),
        waits_for=waits_for,
        stars=stars,
        needs_second=needs_second and (endorsed_by is None or is_me or submission.endorsed_stars != stars),
        may_endorse=needs_second and endorsed_by is None,
        collisions=[_(FIELD[name]) for name in deciding.list_collisions(session, submission)] if acts else [],
    )


def _waits_for(file: SubmissionFile) -> str:
    """Why nobody can decide yet."""
    sheet, result, criteria = file.my_sheet, file.result, file.criteria_set
    if sheet is not None and sheet.finished_at is None and sheet.voided_at is None:
        return _("Finish your own scorecard first; until then you do not see those of others.")
    count, needed = (len(result.totals), result.needed) if result else (0, 2)
    said = _("%(count)s of %(needed)s scorecards are finished.", count=count, needed=needed)
    if result and criteria and result.spread > criteria.widest_spread:
        widest = curation_words.points(criteria.widest_spread)
        return f"{said} " + _("The totals lie more than %(points)s points apart, so one more assessor scores.", points=widest)
    return said


def fill_ready(form: DecisionForm, outcomes: frozenset[CurationState]) -> None:
    """Offer the ready reasons of the outcomes that can be chosen."""
    form.ready.choices = [(each.key, _(each.label)) for each in READY if each.outcome in outcomes]


def message_address(session: Session, file: SubmissionFile, product: Product) -> str:
    """WhatsApp to the maker with the latest decision already written; empty without a number or a decision."""
    if not file.decisions or not product.maker.phone:
        return ""
    latest = file.decisions[0]
    office = programme_offices.find_office_for(session, file.submission.village_code)
    lines = [
        _("%(name)s: %(outcome)s", name=file.submission.title, outcome=_(CURATION[latest.outcome][0])),
        curation_words.stars_words(latest, latest.stars_scale) if latest.stars else "",
        text_of(latest, "reason"),
        *(f"- {item.text}" for item in file.improvements if item.decision_id == latest.id),
        external(url_for("office.proposal", code=file.submission.code)),
        text_of(office, "name") if office else "",
    ]
    return whatsapp_link("\n".join(line for line in lines if line), product.maker.phone)


def _is_edit(file: SubmissionFile) -> bool:
    """Whether there is an older text to compare with: the first version of something new began empty."""
    return file.submission.kind is not SubmissionKind.NEW or (file.submission.version > 1 and bool(file.changes))


def _at_the_desk(file: SubmissionFile, product: Product) -> frozenset[Act]:
    """Before the assessment an edit of what is live is approved, and what failed at a gate is turned down."""
    results = {gate: check.result if check else GateResult.PENDING for gate, check in file.gates.items()}
    acts = set()
    is_edit = file.submission.kind is SubmissionKind.EDIT and product.state is ListingState.LIVE
    if is_edit and all(results[gate] is GateResult.PASSED for gate in TEXT_GATES):
        acts.add(Act.APPROVE_EDIT)
    if GateResult.FAILED in results.values():
        acts |= {Act.ASK_IMPROVEMENT, Act.REJECT}
    return frozenset(acts)


def _improvable(file: SubmissionFile) -> list[tuple[str, str, str]]:
    """(key, what it is about, the ready text) of gates that failed and criteria that ask for an improvement."""
    rows = [
        (f"gate:{gate.value}", _(curation_words.GATE[gate][0]), check.remark)
        for gate, check in file.gates.items()
        if check is not None and check.result is GateResult.FAILED
    ]
    if file.criteria_set is not None:
        by_key = {criterion.key: criterion for criterion in file.criteria_set.criteria}
        for key in file.failed:
            criterion = by_key[key]
            aim = sorted(criterion.levels, key=lambda level: level.position)[len(criterion.levels) // 2]
            name, words = text_of(criterion, "name"), text_of(aim, "words")
            rows.append((f"criterion:{key}", name, _("%(name)s. Aim: %(words)s", name=name, words=words)))
    return rows


def _levels(criteria_set: CriteriaSet | None, sheet: ScoreSheet) -> dict[str, Assessment]:
    """An assessor's rows by criterion key."""
    if criteria_set is None:
        return {}
    by_id = {criterion.id: criterion.key for criterion in criteria_set.criteria}
    return {by_id[row.criterion_id]: row for row in sheet.assessments}
