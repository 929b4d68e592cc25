"""What a proposal of a new product needs besides its text: photos and packs with a price, put on the draft by whoever proposes.

Only while the product was never live: on a live one they would show at once, so the office changes them there.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from catalog import media, variants
from catalog.curation.standing import ensure_may, ensure_state, in_the_name_of, lock_submission, note_author
from catalog.curation.states import EDITABLE, Act
from catalog.media import Storage
from catalog.models.curation import Submission
from catalog.models.photo import Photo
from catalog.models.product import ListingState, Product, Variant
from catalog.photo_files import PreparedPhoto
from catalog.prices import current_price
from catalog.variants import VariantFacts
from kernel import clock
from kernel.errors import N_, Conflict, NotFound
from kernel.people import Actor


def add_photo(
    session: Session,
    storage: Storage,
    data: bytes | PreparedPhoto,
    submission: Submission,
    *,
    actor: Actor,
    alt_id: str = "",
    alt_en: str = "",
) -> Photo:
    """A photo for the draft, as catalog.media.add_photo does it."""
    product = _draft_of(session, actor, submission)
    return media.add_photo(session, storage, data, product, actor=in_the_name_of(actor), alt_id=alt_id, alt_en=alt_en)


def remove_photo(session: Session, actor: Actor, submission: Submission, photo: Photo) -> list[str]:
    """Take a photo of the draft away; its file names, for media.delete_files after the commit."""
    product = _draft_of(session, actor, submission)
    if photo.product_id != product.id:
        raise NotFound
    return media.remove_photo(session, in_the_name_of(actor), photo)


def add_pack(session: Session, actor: Actor, submission: Submission, facts: VariantFacts, *, price: int) -> Variant:
    """A pack size with its price in whole rupiah from today."""
    product = _draft_of(session, actor, submission)
    return variants.create_variant(session, in_the_name_of(actor), product, facts, price=price)


def change_pack(session: Session, actor: Actor, submission: Submission, variant: Variant, facts: VariantFacts) -> Variant:
    """Another size or name for a pack of the draft."""
    product = _draft_of(session, actor, submission)
    if variant.product_id != product.id:
        raise NotFound
    return variants.update_variant(session, in_the_name_of(actor), variant, facts)


def price_pack(session: Session, actor: Actor, submission: Submission, variant: Variant, amount: int) -> None:
    """Another price from today, in whole rupiah; nothing happens when it has it already."""
    product = _draft_of(session, actor, submission)
    if variant.product_id != product.id:
        raise NotFound
    if current_price(variant.prices, clock.today()) != amount:
        variants.set_price(session, in_the_name_of(actor), variant, amount)


def _draft_of(session: Session, actor: Actor, submission: Submission) -> Product:
    submission = lock_submission(session, submission.id)
    ensure_may(session, actor, Act.SUBMIT, submission)
    ensure_state(submission, *EDITABLE)
    product = session.get_one(Product, submission.product_id)
    if product.state is not ListingState.DRAFT:
        raise Conflict(N_("Photos and packs of a product that was live are changed by the office."))
    note_author(session, actor, submission)
    return product
