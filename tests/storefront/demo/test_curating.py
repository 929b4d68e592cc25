"""The demo's season of curation: every state that people meet, made by the verbs of the house."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.curation.stars import list_stars_of
from catalog.curation.states import CurationState
from catalog.models.curation import CurationDecision, Submission
from catalog.models.product import ListingState, Product
from storefront.demo.curating import curate, is_curated
from tests.storefront.demo.conftest import Seeded

pytestmark = pytest.mark.one_database


def test_a_season_shows_every_state_and_is_made_once(demo: Session, seeded: Seeded) -> None:
    assert not is_curated(demo)
    curate(demo, seeded.storage)
    states = Counter(demo.scalars(select(Submission.state)))
    wanted = set(CurationState) - {CurationState.REJECTED, CurationState.SUPERSEDED, CurationState.WITHDRAWN}
    assert set(states) == wanted
    stars = list_stars_of(demo, demo.scalars(select(Product.id)).all())
    assert {found.stars for found in stars.values()} == {1, 2, 3}
    decisions = demo.scalars(select(CurationDecision)).all()
    assert all(decision.is_sample and decision.reason_id and decision.reason_en for decision in decisions)
    assert demo.scalars(select(Submission.is_sample).where(~Submission.is_sample)).all() == []
    drafts = demo.scalars(select(Product).where(Product.state == ListingState.DRAFT)).all()
    assert {product.name_id for product in drafts} == {"Keripik talas balado", "Opak singkong wijen", "Kerupuk kencur"}
    curate(demo, seeded.storage)
    assert Counter(demo.scalars(select(Submission.state))) == states
