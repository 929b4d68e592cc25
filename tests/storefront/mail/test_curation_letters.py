"""Letters about curation: the office's words, the reader's language, the link to the page where the reader works."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.curation import appeals, letters
from catalog.curation.checking import return_for_changes
from catalog.curation.criteria import find_current_set
from catalog.curation.deciding import Improvement, decide
from catalog.curation.states import CurationState
from catalog.models.curation import Submission
from catalog.programme_offices import OfficeFacts, save_office
from kernel import clock
from kernel.outbox import OutboxMessage
from kernel.people import User
from storefront.mail.letters import Letter, speak
from storefront.mail.sending import WRITERS
from tests.make import make_actor
from tests.make_curation import Panel, approval, make_panel, make_submission, score_all

pytestmark = pytest.mark.one_database


@pytest.fixture
def panel(session: Session) -> Panel:
    made = make_panel(session)
    facts = OfficeFacts(area_code="16.12", name_id="Dinas Koperasi Contoh", name_en="Cooperatives Office", phone="0812 3456 7890")
    save_office(session, make_actor(session), facts)
    return made


def letter(app: Flask, session: Session, kind: str, *, language: str = "id", reader: int | None = None) -> Letter:
    """The latest letter of a kind, as it is written for its reader."""
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id.desc()))
    message = next(row for row in rows if reader is None or row.key.endswith(f":{reader}"))
    session.commit()
    with app.test_request_context(base_url="http://localhost"):
        payload = message.payload | {"language": language}
        speak(payload)
        written = WRITERS[kind](payload)
    assert written is not None
    return written


def assessed(session: Session, panel: Panel, *points: int) -> Submission:
    submission = make_submission(session, panel, CurationState.ASSESSMENT, name_id="Keripik Ubi")
    score_all(session, panel, submission, *points)
    return submission


def test_remarks_reach_whoever_proposed_in_the_offices_words(app: Flask, session: Session, panel: Panel) -> None:
    submission = make_submission(session, panel, CurationState.SUBMITTED, name_id="Keripik Ubi")
    return_for_changes(session, panel.curator, submission, "Tulis berat bersih.\nFoto labelnya.")
    written = letter(app, session, letters.RETURNED)
    village = session.get_one(User, panel.village.user_id)
    assert written.recipient == village.email
    for words in ("Tulis berat bersih.", "Foto labelnya.", "Dinas Koperasi Contoh", f"/office/proposals/{submission.code}"):
        assert words in written.text, words


def test_a_decision_says_stars_reason_and_what_to_improve_in_both_languages(app: Flask, session: Session, panel: Panel) -> None:
    submission = assessed(session, panel, 80, 80)
    key = find_current_set(session).criteria[0].key  # type: ignore[union-attr]
    verdict = approval(reason_en="Crisp and clean.", improvements=[Improvement(text="Kemasan lebih rapat.", criterion=key)])
    decide(session, panel.curator, submission, verdict)
    indonesian, english = (letter(app, session, letters.DECIDED, language=language) for language in ("id", "en"))
    for words in ("2 dari 3 bintang", "Renyah, bersih, dan khas Karang Agung.", "Kemasan lebih rapat.", "30 hari"):
        assert words in indonesian.text, words
    for words in ("2 of 3 stars", "Crisp and clean.", "Cooperatives Office", f"/en/office/proposals/{submission.code}"):
        assert words in english.text, words
    assert "Kemasan lebih rapat." in indonesian.html


def test_the_answer_to_an_appeal_says_what_happens_now(app: Flask, session: Session, panel: Panel) -> None:
    submission = assessed(session, panel, 40, 42)
    key = find_current_set(session).criteria[0].key  # type: ignore[union-attr]
    improve = approval(outcome=CurationState.IMPROVE, improvements=[Improvement(text="Kemasan.", criterion=key)])
    decide(session, panel.curator, submission, improve)
    appeals.appeal(session, panel.village, submission, "Sudah diganti.")
    appeals.decide_appeal(session, panel.second, submission, upholds=True, answer="Kami lihat lagi.")
    written = letter(app, session, letters.APPEAL_DECIDED)
    assert "Kami lihat lagi." in written.text
    assert "keberatan Anda diterima" in written.text


def test_a_reminder_leads_the_village_to_its_proposal_and_the_office_to_its_desk(app: Flask, session: Session, panel: Panel) -> None:
    submission = assessed(session, panel, 80, 80)
    decision = decide(session, panel.curator, submission, approval())
    letters.remind_due(session)
    assert session.scalars(select(OutboxMessage).where(OutboxMessage.kind == letters.RECURATION_DUE)).all() == [], "two years to go"
    assert decision.valid_until_on is not None
    with time_machine.travel(clock.now() + (decision.valid_until_on - clock.today())):
        assert letters.remind_due(session) == 1
    for reader, link in ((panel.village.user_id, "/office/proposals/"), (panel.curator.user_id, "/office/curation/")):
        assert link + submission.code in letter(app, session, letters.RECURATION_DUE, reader=reader).text
