"""A village completes its own draft with photos and packs, and nothing that buyers can see."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from catalog.curation import drafting, proposals
from catalog.curation.states import CurationState, WrongStep
from catalog.media import FolderStorage
from catalog.models.product import Product, Unit
from catalog.photo_files import PreparedPhoto
from catalog.variants import VariantFacts
from kernel import audit
from kernel.errors import Conflict, NotAllowed, NotFound
from kernel.people import Role
from tests.make import make_actor, make_maker, make_product
from tests.make_catalogue import make_photo
from tests.make_curation import Panel, bring_to, make_facts, make_submission

PACK = VariantFacts(name_id="250 g", net_quantity=250, unit=Unit.GRAM, shipping_weight_g=300)
PICTURE = PreparedPhoto(width=1080, height=1350, files={})


@pytest.fixture
def storage(tmp_path: object) -> FolderStorage:
    return FolderStorage(tmp_path)  # type: ignore[arg-type]


def test_a_draft_is_made_ready_by_the_village_alone(session: Session, panel: Panel, storage: FolderStorage) -> None:
    submission = proposals.propose_product(session, panel.village, make_maker(session), make_facts(session))
    variant = drafting.add_pack(session, panel.village, submission, PACK, price=25_000)
    photo = drafting.add_photo(session, storage, PICTURE, submission, actor=panel.village)
    assert (variant.product_id, photo.product_id) == (submission.product_id, submission.product_id)
    assert proposals.list_gaps(session, submission) == []
    slug = session.get_one(Product, submission.product_id).slug
    assert {entry.actor_id for entry in audit.list_for(session, f"product:{slug}")} == {panel.village.user_id}
    drafting.remove_photo(session, panel.village, submission, photo)
    assert len(proposals.list_gaps(session, submission)) == 1


def test_what_is_sent_or_was_live_is_not_touched(session: Session, panel: Panel, storage: FolderStorage) -> None:
    submission = bring_to(session, panel, make_submission(session, panel), CurationState.SUBMITTED)
    with pytest.raises(WrongStep):
        drafting.add_pack(session, panel.village, submission, PACK, price=25_000)
    edit = proposals.propose_edit(session, panel.village, make_product(session))
    with pytest.raises(Conflict):
        drafting.add_photo(session, storage, PICTURE, edit, actor=panel.village)


def test_others_and_others_photos_are_out_of_reach(session: Session, panel: Panel, storage: FolderStorage) -> None:
    submission = make_submission(session, panel)
    with pytest.raises(NotAllowed):
        drafting.add_photo(session, storage, PICTURE, submission, actor=make_actor(session, Role.VILLAGE_OFFICER, area_prefix="16.12.01"))
    with pytest.raises(NotFound):
        drafting.remove_photo(session, panel.village, submission, make_photo(session, product_id=make_product(session).id))
    with pytest.raises(NotFound):
        drafting.change_pack(session, panel.village, submission, make_product(session).variants[0], PACK)
