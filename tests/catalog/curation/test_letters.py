"""A letter that nobody can write yet stays out of the outbox."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.curation import letters
from catalog.curation.deciding import decide
from catalog.curation.states import CurationState
from kernel.outbox import OutboxMessage
from tests.make_curation import Panel, approval, make_submission, score_all


@pytest.mark.parametrize("written", [frozenset(), frozenset({letters.DECIDED})])
def test_a_decision_is_told_once_somebody_can_write_the_letter(
    session: Session, panel: Panel, monkeypatch: pytest.MonkeyPatch, written: frozenset[str]
) -> None:
    monkeypatch.setattr(letters, "WRITTEN", written)
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 80, 80)
    decision = decide(session, panel.curator, submission, approval())
    queued = session.scalars(select(OutboxMessage)).all()
    assert [message.kind for message in queued] == sorted(written)
    letter = letters.tell_maker(session, letters.DECIDED, submission, about=decision.code, decision=decision)
    assert (letter.payload["submission"], letter.payload["decision"]) == (submission.code, decision.code)
    assert len(session.scalars(select(OutboxMessage)).all()) == len(written)
