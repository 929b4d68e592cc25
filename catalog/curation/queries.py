"""Reads for the pages of curation: lists, queues and one submission with all that belongs to it, as far as the person's area reaches.

Lists take two statements; `read_file` a fixed number. Area scopes compare whole codes, so both databases use their indexes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from catalog.curation.letters import REMIND_BEFORE
from catalog.curation.states import OPEN, UNSENT, CurationState
from catalog.desk import below
from catalog.models.area import Area, AreaLevel
from catalog.models.curation import (
    AssessorConflict,
    CurationDecision,
    ScoreSheet,
    Submission,
    SubmissionAuthor,
    SubmissionKind,
)
from catalog.models.maker import Maker
from catalog.models.product import ListingState, Product
from kernel import clock
from kernel.errors import NotFound
from kernel.paging import Page, escape_like, read_page
from kernel.people import Actor, Permission, Role

#: A morning's work at the desk on one page (U40).
PAGE_SIZE = 50
_LISTED = (joinedload(Submission.product).joinedload(Product.maker), joinedload(Submission.village).joinedload(Area.parent))


Village = aliased(Area)


@dataclass(frozen=True, slots=True)
class SubmissionFilter:
    """What a list is narrowed to; empty means everything in reach."""

    states: frozenset[CurationState] = frozenset()
    kind: SubmissionKind | None = None
    #: An area code; its whole branch counts.
    area: str = ""
    maker: str = ""
    #: A code, or a part of the name.
    text: str = ""
    #: Only what this person wrote in.
    mine: bool = False
    #: A queue is worked off from its oldest; a list shows the latest first.
    oldest_first: bool = False


def in_areas(prefixes: Sequence[str]) -> ColumnElement[bool]:
    """Whether a submission's village lies in one of the branches; no branch at all is nowhere."""
    if "" in prefixes:
        return true()
    return or_(False, *(_in_area(prefix) for prefix in prefixes))


def reach_of(actor: Actor) -> ColumnElement[bool]:
    """What this person may see: what was sent, and drafts where they propose or decide."""
    seen = actor.area_prefixes(Permission.VIEW_CURATION)
    drafts = set(actor.area_prefixes(Permission.PROPOSE_PRODUCTS)) | set(actor.area_prefixes(Permission.DECIDE_CURATION))
    if "" in drafts or set(seen) <= drafts:
        return in_areas(seen)
    return and_(in_areas(seen), or_(Submission.state.not_in(UNSENT), in_areas(sorted(drafts))))


def list_submissions(session: Session, actor: Actor, wanted: SubmissionFilter, *, page: int = 1) -> Page[Submission]:
    """Submissions in reach with product, maker, village and district."""
    order = (Submission.changed_at, Submission.id) if wanted.oldest_first else (Submission.changed_at.desc(), Submission.id.desc())
    statement = _narrowed(select(Submission).where(reach_of(actor)), actor, wanted).order_by(*order)
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=_LISTED)


def list_assessor_queue(session: Session, actor: Actor, *, page: int = 1) -> Page[Submission]:
    """What waits for this person's scorecard, the longest first: in reach, not their own, no conflict, not finished by them."""
    return read_page(session, _assessor_queue(actor), number=page, size=PAGE_SIZE, options=_LISTED)


def count_assessor_queue(session: Session, actor: Actor) -> int:
    """How many that are. One statement."""
    return session.scalar(select(func.count()).select_from(_assessor_queue(actor).order_by(None).subquery())) or 0


def _assessor_queue(actor: Actor) -> Select[Submission]:
    mine = and_(ScoreSheet.submission_id == Submission.id, ScoreSheet.round == Submission.round, ScoreSheet.assessor_id == actor.user_id)
    close = exists().where(
        AssessorConflict.maker_id == Product.maker_id, AssessorConflict.user_id == actor.user_id, AssessorConflict.ended_at.is_(None)
    )
    own = [grant.maker_id for grant in actor.grants if grant.role is Role.MAKER and grant.maker_id is not None]
    return (
        select(Submission)
        .join(Product, Product.id == Submission.product_id)
        .where(
            Submission.state == CurationState.ASSESSMENT,
            in_areas(actor.area_prefixes(Permission.ASSESS_PRODUCTS)),
            ~exists().where(SubmissionAuthor.submission_id == Submission.id, SubmissionAuthor.user_id == actor.user_id),
            ~exists().where(mine, or_(ScoreSheet.finished_at.is_not(None), ScoreSheet.voided_at.is_not(None))),
            ~close,
            Product.maker_id.not_in(own),
        )
        .order_by(Submission.changed_at, Submission.id)
    )


def list_due_for_recuration(session: Session, actor: Actor, *, area: str = "", page: int = 1) -> Page[CurationDecision]:
    """Approvals that ran out or soon will, the earliest first, unless the next version is under way; submission, product, maker loaded."""
    statement = _due(actor)
    if area:
        statement = statement.where(_in_area(area))
    load = joinedload(CurationDecision.submission)
    options = [load.joinedload(Submission.product).joinedload(Product.maker), load.joinedload(Submission.village).joinedload(Area.parent)]
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=options)


def count_due_for_recuration(session: Session, actor: Actor) -> int:
    """How many that are. One statement."""
    return session.scalar(select(func.count()).select_from(_due(actor).order_by(None).subquery())) or 0


def _due(actor: Actor) -> Select[CurationDecision]:
    under_way = (
        select(Submission.id)
        .where(Submission.product_id == CurationDecision.product_id, Submission.state.in_(OPEN))
        .correlate(CurationDecision)
    )
    return (
        select(CurationDecision)
        .join(Submission, Submission.id == CurationDecision.submission_id)
        .where(
            CurationDecision.outcome == CurationState.APPROVED,
            CurationDecision.valid_until_on <= clock.today() + REMIND_BEFORE,
            CurationDecision.round == Submission.round,
            Submission.state.in_((CurationState.APPROVED, CurationState.EXPIRED)),
            in_areas(actor.area_prefixes(Permission.VIEW_CURATION)),
            ~under_way.exists(),
        )
        .order_by(CurationDecision.valid_until_on, CurationDecision.id)
    )


def list_districts(session: Session, actor: Actor, limit: int = 400) -> list[Area]:
    """Districts to narrow a list to, by name."""
    reach = below(Area.code, actor.area_prefixes(Permission.VIEW_CURATION))
    # Whoever reaches all of Indonesia chooses among districts with something in them.
    used = exists().where(Submission.village_code == Village.code, Village.parent_code == Area.code)
    statement = select(Area).where(Area.level == AreaLevel.DISTRICT, reach, used).order_by(Area.name, Area.code).limit(limit)
    return list(session.scalars(statement))


def list_versions(session: Session, actor: Actor, product: Product) -> list[Submission]:
    """Every version of a product in reach, the latest first."""
    statement = select(Submission).where(Submission.product_id == product.id, reach_of(actor)).order_by(Submission.version.desc())
    return list(session.scalars(statement))


def proposed_by(actor: Actor) -> ColumnElement[bool]:
    """Whether a submission is this person's to write: in an area where they propose, or of a maker they belong to."""
    own = [grant.maker_id for grant in actor.grants if grant.role is Role.MAKER and grant.maker_id is not None]
    theirs = Submission.product_id.in_(select(Product.id).where(Product.maker_id.in_(own)))
    return or_(in_areas(actor.area_prefixes(Permission.PROPOSE_PRODUCTS)), theirs)


def list_proposals(session: Session, actor: Actor, states: frozenset[CurationState] = frozenset(), *, page: int = 1) -> Page[Submission]:
    """What this person can write or has sent, the latest first; product, maker, village and district loaded."""
    statement = select(Submission).where(proposed_by(actor)).order_by(Submission.changed_at.desc(), Submission.id.desc())
    if states:
        statement = statement.where(Submission.state.in_(states))
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=_LISTED)


def count_proposals(session: Session, actor: Actor) -> dict[CurationState, int]:
    """How many of them stand where. One statement."""
    rows = session.execute(select(Submission.state, func.count()).where(proposed_by(actor)).group_by(Submission.state))
    counts = {row[0]: row[1] for row in rows}
    return {state: counts.get(state, 0) for state in CurationState}


def list_proposable(session: Session, actor: Actor, *, page: int = 1) -> Page[Product]:
    """Products in the shop, or withdrawn from it, of which this person can propose the next version; none is under way. By name."""
    own = [grant.maker_id for grant in actor.grants if grant.role is Role.MAKER and grant.maker_id is not None]
    areas = actor.area_prefixes(Permission.PROPOSE_PRODUCTS)
    under_way = exists().where(Submission.product_id == Product.id, Submission.state.in_(OPEN))
    statement = (
        select(Product)
        .where(or_(below(Product.village_code, areas), Product.maker_id.in_(own)), Product.state != ListingState.DRAFT, ~under_way)
        .order_by(Product.name_id, Product.name_en, Product.id)
    )
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=[joinedload(Product.maker), joinedload(Product.village)])


def count_by_state(session: Session, actor: Actor, *, area: str = "") -> dict[CurationState, int]:
    """How many submissions stand where, every state named. One statement."""
    statement = select(Submission.state, func.count()).where(reach_of(actor)).group_by(Submission.state)
    if area:
        statement = statement.where(_in_area(area))
    counts = {row[0]: row[1] for row in session.execute(statement)}
    return {state: counts.get(state, 0) for state in CurationState}


def get_submission(session: Session, actor: Actor, code: str) -> Submission:
    """A submission in reach, or of the maker itself, with product, maker, village and district; NotFound elsewhere."""
    own = [grant.maker_id for grant in actor.grants if grant.role is Role.MAKER and grant.maker_id is not None]
    theirs = Submission.product_id.in_(select(Product.id).where(Product.maker_id.in_(own)))
    seen = or_(reach_of(actor), theirs) if own else reach_of(actor)
    statement = select(Submission).where(Submission.code == code.strip().upper(), seen).options(*_LISTED)
    found = session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def _narrowed(statement: Select[Submission], actor: Actor, wanted: SubmissionFilter) -> Select[Submission]:
    if wanted.states:
        statement = statement.where(Submission.state.in_(wanted.states))
    if wanted.kind is not None:
        statement = statement.where(Submission.kind == wanted.kind)
    if wanted.area:
        statement = statement.where(_in_area(wanted.area))
    if wanted.maker:
        products = select(Product.id).join(Maker, Maker.id == Product.maker_id).where(Maker.slug == wanted.maker)
        statement = statement.where(Submission.product_id.in_(products))
    if wanted.text:
        text = wanted.text.strip()
        part = func.lower(Submission.title).like(f"%{escape_like(text.lower())}%", escape="\\")
        statement = statement.where(or_(Submission.code == text.upper(), part))
    if wanted.mine:
        wrote = select(SubmissionAuthor.submission_id).where(SubmissionAuthor.user_id == actor.user_id)
        statement = statement.where(Submission.id.in_(wrote))
    return statement


def _in_area(prefix: str) -> ColumnElement[bool]:
    """By equality wherever the code is long enough: LIKE finds no index under every collation."""
    match len(prefix):
        case 5:
            return Submission.regency_code == prefix
        case 8:
            return and_(Submission.regency_code == prefix[:5], Submission.village_code.startswith(f"{prefix}."))
        case 13:
            return Submission.village_code == prefix
        case _:
            return Submission.regency_code.startswith(f"{prefix}.")
