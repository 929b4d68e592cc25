"""What a maker improved is noted by whoever goes there."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.curation.deciding import decide
from catalog.curation.improving import set_improved
from catalog.curation.states import CurationState
from catalog.models.curation import ImprovementItem
from kernel.errors import NotAllowed, NotFound
from kernel.people import Role
from tests.catalog.curation.test_deciding import IMPROVE
from tests.make import KARANG_AGUNG, make_actor
from tests.make_curation import Panel, make_submission, score_all


def test_a_mentor_ticks_off_and_opens_again_in_the_own_area(session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, 50, 50)
    decide(session, panel.curator, submission, IMPROVE)
    code = session.scalars(select(ImprovementItem.code)).one()
    mentor = make_actor(session, Role.MENTOR, area_prefix=KARANG_AGUNG[:8])
    elsewhere = make_actor(session, Role.MENTOR, area_prefix="16.12.01")
    with pytest.raises(NotAllowed):
        set_improved(session, panel.assessors[0], code, is_done=True)
    with pytest.raises(NotFound):
        set_improved(session, elsewhere, code, is_done=True)
    item = set_improved(session, mentor, code, is_done=True)
    assert item.done_by_id == mentor.user_id
    assert set_improved(session, panel.curator, code, is_done=False).done_at is None
