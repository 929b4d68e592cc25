"""Submissions for the tests, each brought by the real verbs to where a test begins, and the people who bring it there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.curation import assessing, checking, deciding, proposals
from catalog.curation.assessing import Mark
from catalog.curation.criteria import find_current_set
from catalog.curation.deciding import Improvement, Verdict
from catalog.curation.states import CurationState
from catalog.models.curation import CriteriaSet, Gate, GateResult, ImprovementItem, Submission
from catalog.models.maker import Maker
from catalog.models.product import Product
from catalog.products import ProductFacts
from kernel.people import Actor, Role
from tests.make import KARANG_AGUNG, make_actor, make_category, make_maker, make_variant
from tests.make_catalogue import make_photo

REGENCY = "16.12"
_numbers = count(1)


@dataclass(frozen=True)
class Panel:
    """A village officer of Karang Agung, and of PALI's office a curator, a second one and three assessors."""

    village: Actor
    curator: Actor
    second: Actor
    assessors: tuple[Actor, Actor, Actor]


def make_panel(session: Session) -> Panel:
    """Everybody a submission meets."""
    make_maker(session)  # and the areas with it
    first, second, third = (make_actor(session, Role.ASSESSOR, area_prefix=REGENCY) for _each in range(3))
    return Panel(
        village=make_actor(session, Role.VILLAGE_OFFICER, area_prefix=KARANG_AGUNG),
        curator=make_actor(session, Role.CURATOR, area_prefix=REGENCY),
        second=make_actor(session, Role.CURATOR, area_prefix=REGENCY),
        assessors=(first, second, third),
    )


def make_facts(session: Session, **changes: Any) -> ProductFacts:
    """Cassava chips, described in Indonesian."""
    values = {
        "category_id": make_category(session).id,
        "name_id": f"Keripik Ubi {next(_numbers)}",
        "summary_id": "Renyah dan wangi kencur.",
        "village_code": KARANG_AGUNG,
    } | changes
    return ProductFacts(**values)


def make_submission(
    session: Session, panel: Panel, state: CurationState = CurationState.DRAFT, *, maker: Maker | None = None, **facts: Any
) -> Submission:
    """A new product with pack and photo, proposed by the village and brought to `state`: draft, submitted, desk_check or assessment."""
    submission = proposals.propose_product(session, panel.village, maker or make_maker(session), make_facts(session, **facts))
    product = session.get_one(Product, submission.product_id)
    make_variant(session, product)
    make_photo(session, product_id=product.id)
    return bring_to(session, panel, submission, state)


def bring_to(session: Session, panel: Panel, submission: Submission, state: CurationState) -> Submission:
    """From draft on the straight way to `state`."""
    if state is not CurationState.DRAFT:
        proposals.submit(session, panel.village, submission)
    if state in {CurationState.DESK_CHECK, CurationState.ASSESSMENT}:
        checking.take_up(session, panel.curator, submission)
    if state is CurationState.ASSESSMENT:
        pass_gates(session, panel, submission)
        checking.open_assessment(session, panel.curator, submission)
    assert submission.state is state
    return submission


def pass_gates(session: Session, panel: Panel, submission: Submission) -> None:
    """Everything is in order."""
    for gate in Gate:
        checking.record_gate(session, panel.curator, submission, gate, GateResult.PASSED)


def marks_worth(criteria_set: CriteriaSet, points: int) -> dict[str, Mark]:
    """Marks whose total is exactly `points` of 100: some criteria at their best level, the others at their worst."""
    ways: dict[int, frozenset[str]] = {0: frozenset()}
    for criterion in criteria_set.criteria:
        ways = {total + criterion.weight_bps: keys | {criterion.key} for total, keys in ways.items()} | ways
    best = ways[points * 100]
    return {each.key: Mark(len(each.levels) if each.key in best else 1) for each in criteria_set.criteria}


def score_all(session: Session, panel: Panel, submission: Submission, *points: int) -> None:
    """A finished scorecard of each assessor in turn."""
    criteria_set = find_current_set(session)
    assert criteria_set is not None
    for assessor, worth in zip(panel.assessors, points, strict=False):
        assessing.score(session, assessor, submission, marks_worth(criteria_set, worth), finish=True)


def approval(**changes: Any) -> Verdict:
    """Yes, with a reason."""
    values: dict[str, Any] = {"outcome": CurationState.APPROVED, "reason_id": "Renyah, bersih, dan khas Karang Agung."}
    return Verdict(**(values | changes))


def make_improvement(session: Session) -> tuple[ImprovementItem, Maker]:
    """A better packaging that a decision asked a maker of Karang Agung for."""
    panel = make_panel(session)
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 40, 40)
    wanted = [Improvement(text="Kemasan harus rapat.", criterion="packaging")]
    deciding.decide(session, panel.curator, submission, Verdict(outcome=CurationState.IMPROVE, reason_id="Hampir.", improvements=wanted))
    item = session.scalars(select(ImprovementItem)).one()
    return item, session.get_one(Maker, session.get_one(Product, item.product_id).maker_id)
