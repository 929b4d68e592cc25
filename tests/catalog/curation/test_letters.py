"""Letters go to whoever sent the proposal and to those who sign in for the maker; a reminder goes out once, to the office too."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.curation import letters
from catalog.curation.checking import return_for_changes
from catalog.curation.deciding import decide
from catalog.curation.proposals import propose_edit
from catalog.curation.states import CurationState
from catalog.models.curation import CurationDecision, Submission
from catalog.models.product import Product
from kernel import audit, clock
from kernel.outbox import OutboxMessage
from kernel.people import Grant, Role
from tests.make import make_user
from tests.make_curation import Panel, approval, make_submission, score_all


def _queued(session: Session, kind: str) -> list[int]:
    """The readers of letters of one kind, by the last part of the key."""
    keys = session.scalars(select(OutboxMessage.key).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id))
    return [int(key.rpartition(":")[2]) for key in keys]


def _decided(session: Session, panel: Panel) -> tuple[Submission, CurationDecision]:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 80, 80)
    return submission, decide(session, panel.curator, submission, approval())


def test_the_sender_and_the_makers_people_are_told_what_was_decided(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    maker_id = session.get_one(Product, submission.product_id).maker_id
    maker = make_user(session, Grant(Role.MAKER, maker_id=maker_id))
    make_user(session, Grant(Role.MAKER, maker_id=make_user_of_another(session, panel)))
    gone = make_user(session, Grant(Role.MAKER, maker_id=maker_id))
    gone.is_active = False
    score_all(session, panel, submission, 80, 80)
    decision = decide(session, panel.curator, submission, approval())
    assert set(_queued(session, letters.DECIDED)) == {panel.village.user_id, maker.id}
    letters.tell_maker(session, letters.DECIDED, submission, about=decision.code, decision=decision)
    assert len(_queued(session, letters.DECIDED)) == 2, "a second call writes nobody twice"


def make_user_of_another(session: Session, panel: Panel) -> int:
    """Another maker's id."""
    return session.get_one(Product, make_submission(session, panel).product_id).maker_id


def test_a_returned_proposal_carries_the_remarks(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.SUBMITTED)
    return_for_changes(session, panel.curator, submission, "Tulis berat bersih.")
    payload = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == letters.RETURNED)).one().payload
    assert (payload["remarks"], payload["proposes"]) == ("Tulis berat bersih.", True)


def test_makers_and_office_are_reminded_once_ninety_days_before_the_end(session: Session, panel: Panel) -> None:
    submission, decision = _decided(session, panel)
    assert decision.valid_until_on is not None
    early = clock.now() + (decision.valid_until_on - clock.today()) - timedelta(days=91)
    with time_machine.travel(early):
        assert letters.remind_due(session) == 0
    with time_machine.travel(early + timedelta(days=1)):
        assert letters.remind_due(session) == 1
        assert letters.remind_due(session) == 0
    assert set(_queued(session, letters.RECURATION_DUE)) == {panel.village.user_id, panel.curator.user_id, panel.second.user_id}
    assert audit.list_for(session, f"submission:{submission.code}")[0].action == "submission.remind"


def test_what_is_looked_at_again_already_needs_no_reminder(session: Session, panel: Panel) -> None:

    submission, decision = _decided(session, panel)
    propose_edit(session, panel.village, session.get_one(Product, submission.product_id))
    assert decision.valid_until_on is not None
    with time_machine.travel(clock.now() + (decision.valid_until_on - clock.today()) - timedelta(days=10)):
        assert letters.remind_due(session) == 0
