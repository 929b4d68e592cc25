"""The desk of curation on the web: the checklist, blind scorecards, decisions in ready words, two people, appeals, criteria, the office."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import products
from catalog.curation import checking, deciding, proposals
from catalog.curation.criteria import find_current_set, find_set
from catalog.curation.states import CurationState
from catalog.models.curation import AssessorConflict, CriteriaSet, CurationDecision, Gate, GateCheck, GateResult, Submission, SubmissionKind
from catalog.models.product import Product
from kernel import accounts, audit
from kernel.people import SYSTEM, Grant, Role
from storefront.office.criteria import known_values
from tests.cast import ADMINISTRATOR, ASSESSOR, CURATOR, OBSERVER, PROVINCE_OFFICER, VILLAGE_OFFICER, World
from tests.conftest import StatementCounter
from tests.make import make_user
from tests.make_curation import Panel, approval, bring_to, make_panel, make_submission, marks_worth, score_all
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database


@pytest.fixture
def panel(session: Session, world: World) -> Panel:
    """Assessors beside the cast's, and the cast's curator and village."""

    made = make_panel(session)
    village, curator = accounts.as_actor(world.people[VILLAGE_OFFICER]), accounts.as_actor(world.people[CURATOR])
    return replace(made, village=village, curator=curator)


def to_be_decided(session: Session, panel: Panel, *points: int) -> Submission:
    submission = make_submission(session, panel, CurationState.ASSESSMENT)
    score_all(session, panel, submission, *points)
    session.commit()
    return submission


def decide(browser: FlaskClient, code: str, ready: str, **form: str) -> tuple[int, str]:
    answer = browser.post(f"/office/curation/{code}/decision", data={"ready": ready} | form)
    return answer.status_code, answer.text


def state_of(session: Session, code: str) -> CurationState:
    session.expire_all()
    return session.scalars(select(Submission.state).where(Submission.code == code)).one()


def paper() -> tuple[BytesIO, str]:
    file = BytesIO()
    Image.new("RGB", (600, 800), "#eeeeee").save(file, "JPEG")
    return BytesIO(file.getvalue()), "../../nib.jpg"


def test_the_checklist_keeps_what_was_found_with_a_photo_that_only_the_office_sees(session: Session, sign_in: SignIn, world: World) -> None:
    browser, code = sign_in(CURATOR), world.words["submission"]
    refused = browser.post(f"/office/curation/{code}/gates", data={"result-nib": "failed", "remark-halal_state": "Ada"})
    assert refused.status_code == 422
    assert refused.text.count("field-error") >= 1
    assert "Izin yang tercatat" in refused.text, "what is known of papers stands beside the questions"
    form = {"result-nib": "passed", "file-nib": paper(), "result-label_complete": "failed", "remark-label_complete": "Alamat belum ada."}
    answer = browser.post(f"/office/curation/{code}/gates", data=form, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    checks = {check.gate: check for check in session.scalars(select(GateCheck))}
    submission = session.scalars(select(Submission).where(Submission.code == code)).one()
    mine = {check.gate: check for check in checks.values() if check.submission_id == submission.id}
    assert set(mine) == {Gate.NIB, Gate.LABEL_COMPLETE}
    assert len(mine[Gate.NIB].evidence) == 32, "a name of ours, never the phone's"
    address = f"/office/curation/{code}/gates/nib.jpg"
    assert browser.get(address).mimetype == "image/jpeg"
    assert sign_in(ASSESSOR).get(address).status_code == 200
    for part in (OBSERVER, PROVINCE_OFFICER, VILLAGE_OFFICER):
        assert sign_in(part).get(address).status_code == 403, part
    assert browser.get(f"/office/curation/{code}/gates/halal_state.jpg").status_code == 404
    for odd in ("..%2f..%2fx", "x", "nib.png"):
        assert browser.get(f"/office/curation/{code}/gates/{odd}.jpg").status_code == 404, odd
    again = browser.post(f"/office/curation/{code}/gates", data={"result-nib": "passed"})
    assert again.status_code == 303
    acts = [entry for entry in audit.list_for(session, f"submission:{code}") if entry.action == "submission.gate"]
    assert len(acts) == 2, "a row that was left alone is not written again"


def test_a_scorecard_can_be_put_aside_and_is_blind_to_the_others(session: Session, sign_in: SignIn, panel: Panel, world: World) -> None:
    submission = to_be_decided(session, panel, 70)
    code, browser = submission.code, sign_in(ASSESSOR)
    used = find_current_set(session)
    assert used is not None
    first, second = used.criteria[0].key, used.criteria[1].key
    assert f"/office/curation/{code}/score" in browser.get("/office/curation/scoring").text
    lost = browser.post(f"/office/curation/{code}/score", data={f"note-{first}": "Melihat kebun"})
    assert lost.status_code == 422
    assert "Melihat kebun" in lost.text
    kept = browser.post(f"/office/curation/{code}/score", data={f"level-{first}": "2", f"note-{first}": "Melihat kebun", "finish": ""})
    assert kept.status_code == 422, "a scorecard with gaps is not finished"
    kept = browser.post(f"/office/curation/{code}/score", data={f"level-{first}": "2", f"note-{first}": "Melihat kebun"})
    assert kept.status_code == 303
    page = browser.get(f"/office/curation/{code}/score").text
    assert "Melihat kebun" in page
    browser.post(f"/office/unsent/scorecard:{code}", data={f"level-{first}": "3", f"level-{second}": "1"})
    assert "Ini yang Anda ketik" in browser.get(f"/office/curation/{code}/score").text
    others = browser.get(f"/office/curation/{code}").text
    assert "70,00" not in others
    assert "Jumlah dari 100 poin" not in others
    form = {f"level-{key}": str(mark.level) for key, mark in marks_worth(used, 74).items()}
    assert browser.post(f"/office/curation/{code}/score", data=form | {"finish": "1"}).status_code == 303
    assert browser.get(f"/office/curation/{code}/score").status_code == 303, "finished, it stands"
    assert browser.post(f"/office/curation/{code}/score", data=form).status_code == 422
    assert "72,00" in sign_in(CURATOR).get(f"/office/curation/{code}").text, "the mean, for whoever decides"


def test_a_decision_needs_enough_scorecards_and_says_how_many_are_missing(session: Session, sign_in: SignIn, panel: Panel) -> None:
    submission = to_be_decided(session, panel, 70)
    browser = sign_in(CURATOR)
    page = browser.get(f"/office/curation/{submission.code}").text
    assert "1 dari 2 kartu nilai selesai" in page
    assert 'name="ready"' not in page
    assert decide(browser, submission.code, "good")[0] == 422
    assert state_of(session, submission.code) is CurationState.ASSESSMENT


def test_a_third_scorecard_is_asked_for_with_its_reason_and_what_is_approved_leads_to_the_shop(
    session: Session, sign_in: SignIn, panel: Panel
) -> None:
    submission = to_be_decided(session, panel, 60, 90)
    page = f"/office/curation/{submission.code}"
    browser = sign_in(CURATOR)
    assert "2 dari 3 kartu nilai selesai. Jumlahnya berselisih lebih dari 15" in browser.get(page).text
    score_all(session, replace(panel, assessors=panel.assessors[2:]), submission, 75)
    session.commit()
    assert "Yang berubah" not in browser.get(page).text
    assert decide(browser, submission.code, "good")[0] == 303
    done = browser.get(page).text
    assert f'href="/products/{session.get_one(Product, submission.product_id).slug}"' in done
    assert "tidak ada yang perlu Anda lakukan" not in done
    assert "Yang berubah" not in done, "the first version of something new has no older text"
    session.get_one(Submission, submission.id).state = CurationState.EXPIRED
    session.commit()
    ended = browser.get(page).text
    assert "Ajukan kurasi ulang" in ended
    assert "/publication" in ended


def test_own_words_take_the_place_of_the_ready_ones_and_stay_when_refused(session: Session, sign_in: SignIn, panel: Panel) -> None:
    submission = to_be_decided(session, panel, 40, 42)
    browser, words = sign_in(CURATOR), {"reason_id": "Rasanya enak; kemasannya bocor.", "private_remarks": "Telepon dulu."}
    status, page = decide(browser, submission.code, "quality", **words)
    assert status == 422, "something to improve has to be named"
    assert "Rasanya enak; kemasannya bocor." in page
    key = find_current_set(session).criteria[0].key  # type: ignore[union-attr]
    more = {"more": f"criterion:{key}", "more-text": "Ganti kemasan."}
    assert decide(browser, submission.code, "quality", **words, **more)[0] == 303
    decision = session.scalars(select(CurationDecision)).one()
    assert (decision.outcome, decision.reason_id, decision.reason_en) == (CurationState.IMPROVE, words["reason_id"], "")
    file = browser.get(f"/office/curation/{submission.code}").text
    assert "Telepon dulu." in file
    for part in (OBSERVER, ASSESSOR):
        assert "Telepon dulu." not in sign_in(part).get(f"/office/curation/{submission.code}").text, part
    village = sign_in(VILLAGE_OFFICER).get(f"/office/proposals/{submission.code}").text
    assert "Ganti kemasan." in village
    assert "Telepon dulu." not in village
    letter = browser.get(f"/office/curation/{submission.code}/letter").text
    assert "Dinas Koperasi PALI" in letter
    assert "Ganti kemasan." in letter


def test_a_tick_ends_an_improvement_and_a_second_one_opens_it(session: Session, sign_in: SignIn, panel: Panel) -> None:
    submission = to_be_decided(session, panel, 40, 42)
    browser = sign_in(CURATOR)
    key = find_current_set(session).criteria[0].key  # type: ignore[union-attr]
    decide(browser, submission.code, "quality", item=f"criterion:{key}", **{f"item-criterion:{key}": "Ganti kemasan."})
    page = browser.get(f"/office/curation/{submission.code}").text
    address = page.split("/improvements/")[1].partition('"')[0]
    for done, said in (("1", "selesai"), ("0", "terbuka")):
        assert browser.post(f"/office/curation/{submission.code}/improvements/{address}", data={"done": done}).status_code == 303, said
    assert sign_in(OBSERVER).post(f"/office/curation/{submission.code}/improvements/{address}", data={"done": "1"}).status_code == 403


def test_more_stars_than_before_take_two_people(session: Session, sign_in: SignIn, panel: Panel, world: World) -> None:

    first = to_be_decided(session, panel, 62, 62)
    deciding.decide(session, panel.second, first, approval())
    product = session.get_one(Product, first.product_id)
    again = proposals.propose_edit(session, panel.village, product, kind=SubmissionKind.RECURATION)
    bring_to(session, panel, again, CurationState.ASSESSMENT)
    score_all(session, panel, again, 92, 92)
    world.people["second"] = make_user(session, Grant(Role.CURATOR, area_prefix="16.12"))
    session.commit()
    browser, second = sign_in(CURATOR), sign_in("second")
    status, page = decide(browser, again.code, "good")
    assert status == 422
    assert "orang kedua" in page
    assert second.post(f"/office/curation/{again.code}/step", data={"step": "endorse"}).status_code == 303
    assert decide(second, again.code, "good")[0] == 422, "who confirmed does not decide"
    assert decide(browser, again.code, "good")[0] == 303
    decision = session.scalars(select(CurationDecision).where(CurationDecision.submission_id == again.id)).one()
    assert (decision.stars, decision.second_reviewer_id) == (3, world.people["second"].id)


def test_a_correction_of_the_live_text_is_shown_before_it_is_overwritten(session: Session, sign_in: SignIn, panel: Panel) -> None:

    first = to_be_decided(session, panel, 80, 80)
    deciding.decide(session, panel.second, first, approval())
    product = session.get_one(Product, first.product_id)
    edit = proposals.propose_edit(session, panel.village, product, replace(products.facts_of(session, product), summary_id="Usul desa."))
    proposals.submit(session, panel.village, edit)
    checking.take_up(session, panel.curator, edit)
    for gate in Gate:
        checking.record_gate(session, panel.curator, edit, gate, GateResult.PASSED)
    products.update_product(session, SYSTEM, product, replace(products.facts_of(session, product), summary_id="Koreksi dinas."))
    session.commit()
    browser = sign_in(CURATOR)
    assert "Sudah dikoreksi" in browser.get(f"/office/curation/{edit.code}").text
    assert decide(browser, edit.code, "good")[0] == 422
    assert decide(browser, edit.code, "good", replaces="y")[0] == 303
    session.refresh(product)
    assert product.summary_id == "Usul desa."


def test_who_is_too_close_neither_scores_nor_decides_until_somebody_else_lifts_it(
    session: Session, sign_in: SignIn, panel: Panel, world: World
) -> None:
    submission = to_be_decided(session, panel, 70, 72)
    browser = sign_in(CURATOR)
    assert browser.post(f"/office/curation/{submission.code}/conflict", data={"words": ""}).status_code == 422
    assert browser.post(f"/office/curation/{submission.code}/conflict", data={"words": "Ipar saya."}).status_code == 303
    assert decide(browser, submission.code, "good")[0] == 403
    conflict = session.scalars(select(AssessorConflict)).one()
    lift = f"/office/curation/{submission.code}/conflicts/{conflict.id}/end"
    assert browser.post(lift).status_code == 403, "not by oneself"
    assert sign_in(ADMINISTRATOR).post(lift).status_code == 303
    assert decide(browser, submission.code, "good")[0] == 303


def test_an_appeal_is_answered_by_somebody_else(session: Session, sign_in: SignIn, panel: Panel, world: World) -> None:
    submission = to_be_decided(session, panel, 40, 42)
    browser, code = sign_in(CURATOR), submission.code
    key = find_current_set(session).criteria[0].key  # type: ignore[union-attr]
    decide(browser, code, "quality", item=f"criterion:{key}", **{f"item-criterion:{key}": "Ganti kemasan."})
    appeal = sign_in(VILLAGE_OFFICER).post(f"/office/proposals/{code}/step", data={"step": "appeal", "reason": "Sudah diganti."})
    assert appeal.status_code == 303
    assert "uphold" not in browser.get(f"/office/curation/{code}").text
    assert browser.post(f"/office/curation/{code}/step", data={"step": "uphold", "words": "Ya"}).status_code == 403
    other = sign_in(ADMINISTRATOR)
    assert "Sudah diganti." in other.get(f"/office/curation/{code}").text
    assert other.post(f"/office/curation/{code}/step", data={"step": "uphold", "words": ""}).status_code == 422
    assert other.post(f"/office/curation/{code}/step", data={"step": "uphold", "words": "Kami lihat lagi."}).status_code == 303
    assert state_of(session, code) is CurationState.ASSESSMENT


def test_what_people_type_is_shown_as_text_everywhere(session: Session, sign_in: SignIn, panel: Panel) -> None:
    evil = "<script>alert(1)</script>"
    submission = make_submission(session, panel, CurationState.DESK_CHECK, name_id=f"Keripik {evil}", description_id=evil)
    session.commit()
    browser = sign_in(CURATOR)
    browser.post(f"/office/curation/{submission.code}/gates", data={"result-nib": "failed", "remark-nib": evil})
    browser.post(f"/office/curation/{submission.code}/step", data={"step": "return", "words": evil})
    village = sign_in(VILLAGE_OFFICER)
    for page in (
        browser.get("/office/curation?show=all").text,
        browser.get(f"/office/curation/{submission.code}").text,
        village.get("/office/proposals").text,
        village.get(f"/office/proposals/{submission.code}").text,
        village.get(f"/office/proposals/{submission.code}/edit").text,
    ):
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_criteria_are_copied_changed_and_opened_by_whoever_decides_everywhere(session: Session, sign_in: SignIn, panel: Panel) -> None:
    to_be_decided(session, panel, 70)
    top, curator = sign_in(ADMINISTRATOR), sign_in(CURATOR)
    assert curator.post("/office/curation/criteria/2026/1/step", data={"step": "copy"}).status_code == 403
    draft, year, version = _copy(top)
    assert (year, version) > (2026, 1)
    form = known_values(find_set(session, year, version))
    first, second = [name for name in form if name.startswith("weight-")][:2]
    refused = top.post(f"{draft}/edit", data=form | {first: "50"})
    assert refused.status_code == 422
    assert 'value="50"' in refused.text
    moved = {first: "8", second: "4", "stars": "65; 80; 95", "months": "36"}
    assert top.post(f"{draft}/edit", data=form | moved).status_code == 303
    assert curator.post(f"{draft}/edit", data=form).status_code == 303, "sent away, unchanged"
    session.expire_all()
    before = find_current_set(session)
    assert before is not None
    assert (before.year, before.version) == (2026, 1)
    assert top.post(f"{draft}/step", data={"step": "open"}).status_code == 303
    session.expire_all()
    now = find_current_set(session)
    assert now is not None
    assert (now.year, now.version) == (year, version)
    assert (now.star_thresholds, now.valid_months, now.criteria[0].weight_bps) == ([6_500, 8_000, 9_500], 36, 800)
    assert top.get(f"{draft}/edit").status_code == 303, "in force, it stands"
    assert "65, 80, 95" in curator.get(draft).text


def test_a_criterion_is_added_with_three_levels_and_a_half_one_keeps_what_was_typed(
    session: Session, sign_in: SignIn, panel: Panel
) -> None:
    to_be_decided(session, panel, 70)
    top = sign_in(ADMINISTRATOR)
    draft, year, version = _copy(top)
    edit, form = f"{draft}/edit", known_values(find_set(session, year, version))
    gone = next(name for name in form if name.startswith("weight-"))
    added = {gone: "", "weight-new": form[gone], "block-new": "b"} | {
        f"{part}-new-{language}": f"{part} {language}" for part in ("name", "evidence", "level1", "level2") for language in ("id", "en")
    }
    refused = top.post(edit, data=form | added)
    assert refused.status_code == 422
    assert 'value="evidence en"' in refused.text
    last = {"level3-new-id": "Sangat baik", "level3-new-en": "Very good"}
    assert top.post(edit, data=form | added | last).status_code == 303
    kept = find_set(session, year, version).criteria
    (own,) = [row for row in kept if row.key == "own_1"]
    assert (own.block.value, own.name_id, [level.share_bps for level in own.levels]) == ("b", "name id", [0, 5_000, 10_000])
    assert f"weight-{kept[0].key}" != gone


def _copy(top: FlaskClient) -> tuple[str, int, int]:
    """A draft of the criteria in force: its address, the year of the copying, and its number in that year."""
    address = top.post("/office/curation/criteria/2026/1/step", data={"step": "copy"}).headers["Location"]
    year, version = address.split("/")[-2:]
    return address, int(year), int(version)


def test_the_office_in_charge_is_configuration(session: Session, sign_in: SignIn) -> None:
    top = sign_in(ADMINISTRATOR)
    assert top.post("/office/programme-offices/new", data={"area_code": "16.12.04.2003", "name_id": "Dinas"}).status_code == 422
    form = {"name_id": "Dinas Perindustrian Contoh", "phone": "0812 3456 7890", "schemes": ["ovop", "osop"]}
    assert top.post("/office/programme-offices/16.12", data=form).status_code == 303
    assert "Dinas Perindustrian Contoh" in top.get("/office/programme-offices").text
    edit = sign_in(VILLAGE_OFFICER)
    page = edit.get(edit.get("/office/proposals?show=todo").text.split('proposal-name" href="')[1].partition('"')[0] + "/edit").text
    assert 'value="osop"' in page
    assert 'value="ocop"' not in page, "a programme that the office does not run is not offered"
    assert "schemes" in str(audit.list_for(session, "programme_office:16.12")[0].details)


def test_the_queue_and_the_file_take_the_same_statements_whatever_there_is(
    session: Session, sign_in: SignIn, panel: Panel, count_statements: StatementCounter
) -> None:
    browser, submission = sign_in(CURATOR), to_be_decided(session, panel, 70, 71)
    counts = []
    for _round in range(2):
        for _each in range(3):
            make_submission(session, panel, CurationState.SUBMITTED)
        score_all(session, panel, make_submission(session, panel, CurationState.ASSESSMENT), 60, 61)
        session.commit()
        row = []
        for address in ("/office/curation?show=all", "/office/curation/due", f"/office/curation/{submission.code}"):
            with count_statements() as statements:
                assert browser.get(address).status_code == 200
            row.append(len(statements))
        counts.append(row)
    assert counts[0] == counts[1]
    assert counts[0][0] <= 7


def test_a_set_that_was_never_made_is_not_found(sign_in: SignIn, session: Session) -> None:
    assert sign_in(CURATOR).get("/office/curation/criteria/2026/99").status_code == 404
    assert session.scalars(select(CriteriaSet.id)).all() != []
