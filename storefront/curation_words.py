"""How curation is said to people: states, kinds, gates, steps, stars, and the fields of a product in a comparison."""

from __future__ import annotations

from typing import Protocol

from catalog.curation.scorecard import Block
from catalog.curation.states import CurationState
from catalog.models.curation import Gate, GateResult, SubmissionKind
from kernel.errors import N_
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.state_words import Said

CURATION: dict[CurationState, Said] = {
    CurationState.DRAFT: (N_("Being written"), "amber"),
    CurationState.SUBMITTED: (N_("Sent to the office"), "blue"),
    CurationState.DESK_CHECK: (N_("Papers are checked"), "blue"),
    CurationState.RETURNED: (N_("Returned with remarks"), "amber"),
    CurationState.ASSESSMENT: (N_("Assessors score it"), "blue"),
    CurationState.APPROVED: (N_("Approved"), "leaf"),
    CurationState.IMPROVE: (N_("To be improved"), "amber"),
    CurationState.REJECTED: (N_("Turned down"), "red"),
    CurationState.APPEALED: (N_("Appeal waits for an answer"), "amber"),
    CurationState.EXPIRED: (N_("Approval has run out"), "amber"),
    CurationState.SUPERSEDED: (N_("Followed by a later version"), ""),
    CurationState.WITHDRAWN: (N_("Taken back"), ""),
}
KIND: dict[SubmissionKind, str] = {
    SubmissionKind.NEW: N_("New product"),
    SubmissionKind.EDIT: N_("Edit of a live product"),
    SubmissionKind.RECURATION: N_("Another look"),
}
#: Gate -> its name, and what to look at.
GATE: dict[Gate, tuple[str, str]] = {
    Gate.NIB: (N_("Business number (NIB)"), N_("The number is on the paper and belongs to this maker.")),
    Gate.MAKER_NOT_RESELLER: (N_("Made by the maker"), N_("The goods are made here, not bought and packed again.")),
    Gate.RIGHT_PERMIT: (N_("Right permit"), N_("The permit fits this group of products, or none is needed and it is written why.")),
    Gate.HALAL_STATE: (N_("Halal state"), N_("Certified, not yet certified or declared non-halal: what is said is true.")),
    Gate.LABEL_COMPLETE: (
        N_("Label complete"),
        N_("Name, ingredients, net contents, maker and address, halal, production date and code, best before, permit."),
    ),
    Gate.SAMPLE_RECEIVED: (N_("Sample received"), N_("A pack as it is sold lies in the office.")),
}
GATE_RESULT: dict[GateResult, Said] = {
    GateResult.PENDING: (N_("To be checked"), "amber"),
    GateResult.PASSED: (N_("Passed"), "leaf"),
    GateResult.FAILED: (N_("Not passed"), "red"),
}
BLOCK: dict[Block, str] = {
    Block.PRODUCTION: N_("Production and community"),
    Block.MARKET: N_("Market and story"),
    Block.QUALITY: N_("Quality"),
}
#: An act on a submission, as the list of steps says it. Sheets, gates and letters stand in the audit.
STEP: dict[str, str] = {
    "propose": N_("Begun"),
    "submit": N_("Sent to the office"),
    "withdraw": N_("Taken back"),
    "take_up": N_("Desk check begun"),
    "return": N_("Returned with remarks"),
    "open_assessment": N_("Assessment opened"),
    "approve": N_("Approved"),
    "approve_edit": N_("Edit approved"),
    "ask_improvement": N_("Improvements asked for"),
    "reject": N_("Turned down"),
    "appeal": N_("Appeal made"),
    "uphold_appeal": N_("Appeal upheld"),
    "dismiss_appeal": N_("Appeal dismissed"),
    "expire": N_("Approval ran out"),
    "supersede": N_("Followed by a later version"),
}
FIELD: dict[str, str] = {
    "category_id": N_("Category"),
    "village_code": N_("Where it is made"),
    "scheme": N_("Programme"),
    "name_id": N_("Name in Indonesian"),
    "name_en": N_("Name in English"),
    "summary_id": N_("One sentence in Indonesian"),
    "summary_en": N_("One sentence in English"),
    "description_id": N_("Description in Indonesian"),
    "description_en": N_("Description in English"),
    "material_id": N_("Material, in Indonesian"),
    "material_en": N_("Material, in English"),
    "technique_id": N_("Technique, in Indonesian"),
    "technique_en": N_("Technique, in English"),
    "design_id": N_("Design, in Indonesian"),
    "design_en": N_("Design, in English"),
    "culture_id": N_("Culture, in Indonesian"),
    "culture_en": N_("Culture, in English"),
    "storage_id": N_("Storage, in Indonesian"),
    "storage_en": N_("Storage, in English"),
    "shelf_life_days": N_("Shelf life"),
    "allergens": N_("Allergens"),
    "halal_state": N_("Halal"),
    "travel_limit": N_("Can it be sent?"),
    "ingredients": N_("Ingredients"),
}
#: Whose stars they are. An award of the ministry is a certificate and never called like this.
SCHEME: dict[str, str] = {"regency_curation": N_("Regency curation")}


class HasStars(Protocol):
    """Stars as they are shown, or the decision that gave them."""

    @property
    def scheme(self) -> str: ...

    @property
    def year(self) -> int: ...

    @property
    def stars(self) -> int | None: ...


def stars_words(found: HasStars, scale: int) -> str:
    """`Regency curation 2026: 2 of 3 stars`."""
    scheme = _(SCHEME.get(found.scheme, found.scheme))
    return _("%(scheme)s %(year)s: %(stars)s of %(scale)s stars", scheme=scheme, year=found.year, stars=found.stars or 0, scale=scale)


def points(hundredths: int | None) -> str:
    """`78,50` for 7850, `78.50` in English; a dash for none."""
    if hundredths is None:
        return "–"
    whole, rest = divmod(hundredths, 100)
    return f"{whole}{',' if current_language() == 'id' else '.'}{rest:02}"
