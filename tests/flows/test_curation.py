"""A village proposes, the regency returns it, three assessors score, two stars are given, and an edit waits while the old text stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import products
from catalog.curation import checking, content, proposals, stars
from catalog.curation.deciding import decide
from catalog.curation.files import read_file
from catalog.curation.states import Act, CurationState, WrongStep
from catalog.models.curation import CurationDecision, Gate, GateResult, Submission
from catalog.models.product import ListingState, Product, PublicationDecision
from kernel import audit
from tests.make_curation import approval, make_panel, make_submission, pass_gates, score_all


def test_from_a_village_to_two_stars_and_on_to_an_edit(session: Session) -> None:
    panel = make_panel(session)
    submission = make_submission(session, panel, name_id="Keripik Ubi Kencur")
    product = session.get_one(Product, submission.product_id)
    assert product.state is ListingState.DRAFT

    proposals.submit(session, panel.village, submission)
    checking.take_up(session, panel.curator, submission)
    checking.record_gate(session, panel.curator, submission, Gate.LABEL_COMPLETE, GateResult.FAILED, remark="Berat bersih belum ada.")
    checking.return_for_changes(session, panel.curator, submission, "Tulis berat bersih pada label.")
    assert submission.remarks == "Tulis berat bersih pada label."

    better = replace(content.load(submission.content), description_id="Isi bersih 250 g, tertulis pada label.")
    proposals.edit_submission(session, panel.village, submission, better)
    proposals.submit(session, panel.village, submission)
    checking.take_up(session, panel.curator, submission)
    assert checking.list_gates(session, submission)[Gate.LABEL_COMPLETE] is GateResult.PENDING
    pass_gates(session, panel, submission)
    checking.open_assessment(session, panel.curator, submission)
    with pytest.raises(WrongStep):
        proposals.edit_submission(session, panel.village, submission, better)

    score_all(session, panel, submission, 70, 90, 80)
    decision = decide(session, panel.curator, submission, approval(summary_id="Keripik renyah dari Karang Agung."))
    assert (decision.stars, decision.stars_scale, decision.assessor_count) == (2, 3, 3)
    assert product.state is ListingState.LIVE
    assert product.description_id == "Isi bersih 250 g, tertulis pada label."
    shown = stars.list_stars_of(session, [product.id])[product.id]
    assert (shown.scheme, shown.stars, shown.scale) == ("regency_curation", 2, 3)
    publication = session.get_one(PublicationDecision, decision.publication_decision_id)
    assert (publication.product_id, publication.reason) == (product.id, decision.reason_id)

    edit = proposals.propose_edit(session, panel.village, product, replace(products.facts_of(session, product), summary_id="Lebih renyah."))
    proposals.submit(session, panel.village, edit)
    checking.take_up(session, panel.curator, edit)
    assert (edit.version, product.summary_id, product.state) == (2, "Renyah dan wangi kencur.", ListingState.LIVE)
    pass_gates(session, panel, edit)
    second = decide(session, panel.curator, edit, approval(reason_id="Hanya kalimatnya yang berubah."))
    assert product.summary_id == "Lebih renyah."
    assert (second.stars, second.valid_until_on, second.score) == (2, decision.valid_until_on, None)
    states = session.scalars(select(Submission.state).where(Submission.product_id == product.id).order_by(Submission.version)).all()
    assert states == [CurationState.SUPERSEDED, CurationState.APPROVED]

    assert len(session.scalars(select(CurationDecision)).all()) == len(session.scalars(select(PublicationDecision)).all()) == 2
    acts = [entry.action for entry in reversed(audit.list_for(session, f"submission:{submission.code}"))]
    assert acts[:5] == ["submission.propose", "submission.submit", "submission.take_up", "submission.gate", "submission.return"]
    assert acts[-2:] == ["submission.approve", "submission.supersede"]
    file = read_file(session, panel.village, submission.code)
    assert [step.act for step in reversed(file.steps)] == [
        "propose", "submit", "take_up", "return", "submit", "take_up", "open_assessment", "approve", "supersede",
    ]  # fmt: skip
    assert Act.APPEAL not in file.acts
