"""Proposing: a new product, an edit of one that is live, another look; writing in the draft, sending it, taking it back."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from catalog import products
from catalog.curation import content
from catalog.curation.standing import (
    ensure_may,
    ensure_state,
    in_the_name_of,
    lock_submission,
    may_propose,
    note_author,
    take_step,
)
from catalog.curation.states import EDITABLE, OPEN, Act, CurationState
from catalog.models.curation import Gate, GateCheck, GateResult, Submission, SubmissionKind, SubmissionStep
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import Category, ListingState, Product
from catalog.products import ProductFacts
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotAllowed
from kernel.parsing import parse_choice, parse_text
from kernel.people import Actor

NOTE_LENGTH = 2_000
#: Gates that read the text: a text that changed has to pass them again.
TEXT_GATES = frozenset({Gate.RIGHT_PERMIT, Gate.HALAL_STATE, Gate.LABEL_COMPLETE})


def propose_product(session: Session, actor: Actor, maker: Maker, facts: ProductFacts, *, is_sample: bool = False) -> Submission:
    """A new product of `maker`: a draft that buyers do not see, and its first submission, still to be sent with submit()."""
    facts = products.check_facts(session, facts, maker.village_code)
    _ensure_proposes(actor, maker.id, maker.village_code, facts.village_code)
    product = products.create_product(session, in_the_name_of(actor), maker, facts, is_sample=is_sample)
    return _begin(session, actor, product, SubmissionKind.NEW, facts)


def propose_edit(
    session: Session,
    actor: Actor,
    product: Product,
    facts: ProductFacts | None = None,
    *,
    kind: SubmissionKind | None = None,
) -> Submission:
    """The next version of a product, while what is live stays as it is. Conflict when a version is under way already.

    Without `facts` it begins with the last text that was not approved, or with what the product says now. `kind` is EDIT for
    what is live and NEW otherwise; say RECURATION for another look before a decision runs out.
    """
    session.execute(select(Product.id).where(Product.id == product.id).with_for_update())
    session.refresh(product)
    maker_village = session.scalars(select(Maker.village_code).where(Maker.id == product.maker_id)).one()
    if session.scalar(select(exists().where(Submission.product_id == product.id, Submission.state.in_(OPEN)))):
        raise Conflict(N_("A version of this product is under way already."))
    facts = products.check_facts(session, facts or _last_text(session, product), maker_village)
    _ensure_proposes(actor, product.maker_id, product.village_code, facts.village_code)
    is_live = product.state is ListingState.LIVE
    kind = parse_choice(SubmissionKind, kind or (SubmissionKind.EDIT if is_live else SubmissionKind.NEW), field="kind")
    if kind is SubmissionKind.EDIT and not is_live:
        raise InvalidInput(N_("Only a live product can be edited in this way."), field="kind")
    return _begin(session, actor, product, kind, facts)


def edit_submission(session: Session, actor: Actor, submission: Submission, facts: ProductFacts, *, note: str | None = None) -> Submission:
    """Write in a draft or in what was returned; may come every few seconds. WrongStep once it is with the office."""
    submission = lock_submission(session, submission.id)
    ensure_may(session, actor, Act.SUBMIT, submission)
    ensure_state(submission, *EDITABLE)
    product = session.get_one(Product, submission.product_id)
    maker_village = session.scalars(select(Maker.village_code).where(Maker.id == product.maker_id)).one()
    facts = products.check_facts(session, facts, maker_village)
    _ensure_proposes(actor, product.maker_id, product.village_code, facts.village_code)
    _fill(submission, facts)
    if note is not None:
        submission.note = parse_text(note, field="note", maximum=NOTE_LENGTH)
    submission.changed_at = clock.now()
    note_author(session, actor, submission)
    session.flush()
    return submission


def submit(session: Session, actor: Actor, submission: Submission) -> Submission:
    """Send it to the office, the first time or again. What the text changed since the last time is checked again."""
    submission = lock_submission(session, submission.id)
    ensure_may(session, actor, Act.SUBMIT, submission)
    ensure_state(submission, *EDITABLE)
    facts = content.load(submission.content)
    if not any((facts.summary_id, facts.summary_en, facts.description_id, facts.description_en)):
        raise InvalidInput(N_("Write a summary or a description in at least one language."), field="summary_id")
    if submission.kind is SubmissionKind.EDIT and not content.list_changes(content.load(submission.base), facts):
        raise InvalidInput(N_("Nothing was changed yet."))
    _open_text_gates(session, submission)
    note_author(session, actor, submission)
    submission.submitted_by_id, submission.submitted_at = actor.user_id, clock.now()
    take_step(session, actor, submission, Act.SUBMIT, CurationState.SUBMITTED, remarks=submission.note)
    return submission


def withdraw_submission(session: Session, actor: Actor, submission: Submission, reason: str = "") -> Submission:
    """Take a proposal back before it is scored. What is live stays."""
    submission = lock_submission(session, submission.id)
    ensure_may(session, actor, Act.WITHDRAW, submission)
    remarks = parse_text(reason, field="reason", maximum=NOTE_LENGTH)
    take_step(session, actor, submission, Act.WITHDRAW, CurationState.WITHDRAWN, remarks=remarks)
    return submission


def list_gaps(session: Session, submission: Submission) -> list[str]:
    """Messages (msgids) about what an approval would still lack besides the text: a price, a photo. Two statements."""
    gaps = []
    if not products.has_price(session, submission.product_id, clock.today()):
        gaps.append(N_("Add at least one active variant that has a price today."))
    if not session.scalar(select(exists().where(Photo.product_id == submission.product_id))):
        gaps.append(N_("Add a photo."))
    return gaps


def _begin(session: Session, actor: Actor, product: Product, kind: SubmissionKind, facts: ProductFacts) -> Submission:
    moment = clock.now()
    last = select(func.max(Submission.version)).where(Submission.product_id == product.id)
    submission = Submission(
        product_id=product.id,
        version=(session.scalar(last) or 0) + 1,
        kind=kind,
        state=CurationState.DRAFT,
        base=content.dump(products.facts_of(session, product)),
        note="",
        is_sample=product.is_sample,
        proposed_by_id=actor.user_id,
        proposed_at=moment,
        changed_at=moment,
    )
    _fill(submission, facts)
    session.add(submission)
    session.flush()
    session.add(
        SubmissionStep(
            submission_id=submission.id,
            act="propose",
            from_state=None,
            to_state=CurationState.DRAFT,
            remarks="",
            content_digest=content.digest_of(submission.content),
            actor_id=actor.user_id,
            actor_name=actor.name,
            at=moment,
        )
    )
    note_author(session, actor, submission)
    session.flush()
    details = {"product": product.slug, "version": submission.version, "kind": kind.value}
    audit.record(session, actor, "submission.propose", f"submission:{submission.code}", details)
    return submission


def _fill(submission: Submission, facts: ProductFacts) -> None:
    submission.content = content.dump(facts)
    submission.title = facts.name_id or facts.name_en
    submission.village_code = facts.village_code or ""
    submission.regency_code = submission.village_code[:5]


def _last_text(session: Session, product: Product) -> ProductFacts:
    """What to begin the next version with: work that was turned down is not typed anew."""
    statement = select(Submission).where(Submission.product_id == product.id).order_by(Submission.version.desc()).limit(1)
    last = session.scalar(statement)
    if last is not None and last.state in {CurationState.IMPROVE, CurationState.REJECTED, CurationState.WITHDRAWN}:
        facts = content.load(last.content)
        has_category = session.get(Category, facts.category_id) is not None
        return facts if has_category else replace(facts, category_id=product.category_id)
    return products.facts_of(session, product)


def _open_text_gates(session: Session, submission: Submission) -> None:
    statement = (
        select(SubmissionStep.content_digest)
        .where(SubmissionStep.submission_id == submission.id, SubmissionStep.act == Act.SUBMIT.value)
        .order_by(SubmissionStep.id.desc())
        .limit(1)
    )
    if session.scalar(statement) in (None, content.digest_of(submission.content)):
        return
    checks = select(GateCheck).where(GateCheck.submission_id == submission.id, GateCheck.gate.in_(TEXT_GATES))
    for check in session.scalars(checks):
        check.result = GateResult.PENDING


def _ensure_proposes(actor: Actor, maker_id: int, *area_codes: str | None) -> None:
    if not may_propose(actor, maker_id, *(code for code in area_codes if code)):
        raise NotAllowed
