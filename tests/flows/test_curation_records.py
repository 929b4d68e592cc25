"""Everything that happens in curation leaves its record: each act of the table, and what is done beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import products
from catalog.curation import appeals, assessing, checking, criteria, deciding, improving, letters, proposals, stars, units
from catalog.curation.criteria import DEFAULT
from catalog.curation.deciding import Improvement, Verdict
from catalog.curation.states import Act, CurationState
from catalog.makers import MakerFacts
from catalog.models.curation import CurationDecision, ImprovementItem, Submission, SubmissionKind, SubmissionStep
from catalog.models.maker import MakerKind
from catalog.models.product import Product
from kernel import clock
from kernel.audit import AuditEntry
from tests.make import KARANG_AGUNG, make_actor
from tests.make_curation import Panel, approval, bring_to, make_panel, make_submission, pass_gates, score_all

#: What is done beside the acts of the table.
BESIDE = {
    "submission.propose", "submission.gate", "submission.score", "submission.conflict", "submission.conflict_ended",
    "submission.endorse", "submission.remind", "improvement.done", "improvement.reopened", "curation.decide",
    "criteria.create", "criteria.change", "criteria.open", "maker.create", "maker.guardian",
}  # fmt: skip


def test_every_act_of_the_table_and_everything_beside_it_leaves_a_record(session: Session) -> None:
    panel = make_panel(session)
    _criteria(session)
    first = _approve(session, panel)
    _edit(session, panel, first)
    _improve_and_appeal(session, panel)
    _reject(session, panel)
    _withdraw(session, panel)
    _upgrade(session, panel)
    _run_out(session)
    _unit(session, panel)
    actions = set(session.scalars(select(AuditEntry.action)))
    acts = {f"submission.{act.value}" for act in Act}
    assert acts | BESIDE <= actions, sorted((acts | BESIDE) - actions)
    steps = set(session.scalars(select(SubmissionStep.act)))
    assert {act.value for act in Act} - {Act.SCORE.value} <= steps
    nameless = session.scalars(select(AuditEntry.action).where(AuditEntry.actor_name == "")).all()
    assert nameless == []


def _criteria(session: Session) -> None:
    top = make_actor(session)
    made = criteria.create_set(session, top, 2026, DEFAULT)
    criteria.change_set(session, top, made, replace(DEFAULT, valid_months=12))
    criteria.open_set(session, top, made)


def _approve(session: Session, panel: Panel) -> Submission:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 62, 62)
    deciding.decide(session, panel.curator, submission, approval())
    return submission


def _edit(session: Session, panel: Panel, first: Submission) -> None:
    product = session.get_one(Product, first.product_id)
    edit = proposals.propose_edit(session, panel.village, product, replace(products.facts_of(session, product), summary_id="Baru."))
    proposals.submit(session, panel.village, edit)
    checking.take_up(session, panel.curator, edit)
    checking.return_for_changes(session, panel.curator, edit, "Perjelas.")
    proposals.submit(session, panel.village, edit)
    checking.take_up(session, panel.curator, edit)
    pass_gates(session, panel, edit)
    deciding.decide(session, panel.curator, edit, approval())


def _improve_and_appeal(session: Session, panel: Panel) -> None:
    for upholds in (True, False):
        submission = make_submission(session, panel, CurationState.ASSESSMENT)
        score_all(session, panel, submission, 40, 42)
        key = criteria.need_current_set(session).criteria[0].key
        verdict = approval(outcome=CurationState.IMPROVE, improvements=[Improvement(text="Kemasan.", criterion=key)])
        decision = deciding.decide(session, panel.curator, submission, verdict)
        item = session.scalars(select(ImprovementItem.code).where(ImprovementItem.decision_id == decision.id)).one()
        for is_done in (True, False):
            improving.set_improved(session, panel.curator, item, is_done=is_done)
        appeals.appeal(session, panel.village, submission, "Sudah.")
        appeals.decide_appeal(session, panel.second, submission, upholds=upholds, answer="Baik.")
    conflict = assessing.declare_conflict(session, panel.assessors[2], submission, "Sepupu.")
    assessing.end_conflict(session, panel.curator, submission, conflict)


def _reject(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 40, 42)
    deciding.decide(session, panel.curator, submission, Verdict(outcome=CurationState.REJECTED, reason_id="Bukan buatan sendiri."))


def _withdraw(session: Session, panel: Panel) -> None:
    proposals.withdraw_submission(session, panel.village, make_submission(session, panel, CurationState.SUBMITTED))


def _upgrade(session: Session, panel: Panel) -> None:
    first = _approve(session, panel)
    again = proposals.propose_edit(session, panel.village, session.get_one(Product, first.product_id), kind=SubmissionKind.RECURATION)
    bring_to(session, panel, again, CurationState.ASSESSMENT)
    score_all(session, panel, again, 92, 92)
    deciding.endorse_upgrade(session, panel.second, again)
    deciding.decide(session, panel.curator, again, approval())


def _run_out(session: Session) -> None:
    last = max(day for day in session.scalars(select(CurationDecision.valid_until_on)) if day is not None)
    for shift, work in ((-30, letters.remind_due), (1, stars.expire_due)):
        with time_machine.travel(clock.now() + (last - clock.today()) + timedelta(days=shift)):
            assert work(session)


def _unit(session: Session, panel: Panel) -> None:
    facts = MakerFacts(name="Sekolah Contoh", kind=MakerKind.SCHOOL, village_code=KARANG_AGUNG)
    units.register_unit(session, panel.village, facts, units.Guardian("Ibu Guru", "0812 3456 7890"))
