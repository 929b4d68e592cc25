"""Wholesale in words, for partners, the office and makers: kinds of companies, states, what a retailer asks for, and what to do next."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from babel.lists import format_list
from babel.numbers import format_percent

from catalog.models.readiness import RequirementKind
from catalog.readiness.checking import Gap, Need
from kernel.errors import N_
from orders.models.offer import OfferState, ReturnPolicy
from orders.models.partner import PaperKind, PartnerKind, PartnerState
from orders.models.sample import SampleState
from orders.wholesale.questions import OfferSort
from storefront.i18n import current_language, ngettext
from storefront.i18n import gettext as _
from storefront.templating import number
from storefront.words import word

Said = tuple[str, str]

PARTNER_KIND: dict[PartnerKind, str] = {
    PartnerKind.MINIMARKET: N_("Minimarket"),
    PartnerKind.SUPERMARKET: N_("Supermarket"),
    PartnerKind.HOTEL: N_("Hotel"),
    PartnerKind.AIRPORT: N_("Airport or station shop"),
    PartnerKind.GIFT_SHOP: N_("Gift shop"),
    PartnerKind.OTHER: N_("Other"),
}
PARTNER: dict[PartnerState, Said] = {
    PartnerState.APPLIED: (N_("Applied"), "amber"),
    PartnerState.ASKED: (N_("Waits for the company"), "blue"),
    PartnerState.APPROVED: (N_("Approved"), "leaf"),
    PartnerState.REFUSED: (N_("Refused"), "red"),
    PartnerState.SUSPENDED: (N_("Suspended"), "red"),
    PartnerState.CLOSED: (N_("Closed"), ""),
}
PAPER: dict[PaperKind, str] = {
    PaperKind.NIB: N_("Business number (NIB)"),
    PaperKind.NPWP: N_("Taxpayer number (NPWP)"),
    PaperKind.PKP: N_("Confirmation as PPN payer (PKP)"),
    PaperKind.DEED: N_("Deed of establishment"),
    PaperKind.OTHER: N_("Other"),
}
OFFER: dict[OfferState, Said] = {
    OfferState.DRAFT: (N_("Draft"), "amber"),
    OfferState.OPEN: (N_("Open"), "leaf"),
    OfferState.CLOSED: (N_("Closed"), ""),
}
RETURNS: dict[ReturnPolicy, str] = {
    ReturnPolicy.NONE: N_("Nothing is taken back"),
    ReturnPolicy.DAMAGED: N_("Damaged goods are taken back"),
    ReturnPolicy.EXPIRED: N_("Damaged and expired goods are replaced"),
}
SAMPLE: dict[SampleState, Said] = {
    SampleState.REQUESTED: (N_("Requested"), "amber"),
    SampleState.SENT: (N_("On the way"), "blue"),
    SampleState.RECEIVED: (N_("Received"), "leaf"),
    SampleState.DECLINED: (N_("Declined"), "red"),
}
SORT: dict[OfferSort, str] = {
    OfferSort.RELEVANCE: N_("Best match, then newest"),
    OfferSort.PRICE: N_("Price for one unit"),
    OfferSort.MARGIN: N_("Margin, highest first"),
    OfferSort.CAPACITY: N_("Capacity, largest first"),
    OfferSort.LEAD_TIME: N_("Lead time, shortest first"),
}
REQUIREMENT: dict[RequirementKind, str] = {
    RequirementKind.PAPER: N_("Permit"),
    RequirementKind.HALAL: N_("Halal"),
    RequirementKind.REGISTERED_GTIN: N_("Registered bar code"),
    RequirementKind.CASE_GTIN: N_("Bar code on the case"),
    RequirementKind.SHELF_LIFE: N_("Shelf life"),
    RequirementKind.REMAINING_LIFE: N_("Shelf life left on receipt"),
    RequirementKind.CARTON_DATA: N_("Carton measured"),
    RequirementKind.PALLET_DATA: N_("Pallet pattern"),
    RequirementKind.CAPACITY: N_("Capacity in a month"),
    RequirementKind.LEAD_TIME: N_("Lead time"),
    RequirementKind.INSURANCE: N_("Product insurance"),
    RequirementKind.LABEL_DATA: N_("Label complete"),
    RequirementKind.PHOTOS: N_("Pictures"),
    RequirementKind.RETURNS: N_("Returns"),
    RequirementKind.MARGIN: N_("Margin for the shop"),
}
#: What the maker does next, and what the office does to help.
NEXT: dict[RequirementKind, tuple[str, str]] = {
    RequirementKind.PAPER: (
        N_("Bring a photo of the permit, or ask the office how to apply for one."),
        N_("Accompany the application for a permit, then enter the paper on the product's page."),
    ),
    RequirementKind.HALAL: (
        N_("Register for the free halal certificate for small businesses (SEHATI)."),
        N_("Assign a halal companion, then enter the certificate on the product's page."),
    ),
    RequirementKind.REGISTERED_GTIN: (
        N_("Ask the office about a number from GS1 Indonesia; the shop's own number is not accepted by chains."),
        N_("Apply for numbers at GS1 Indonesia, alone or through the cooperative, then enter them at the pack size."),
    ),
    RequirementKind.CASE_GTIN: (
        N_("Print the case number on each carton once the office has it."),
        N_("Give the case a GTIN-14 of the unit's number and enter it on the offer."),
    ),
    RequirementKind.SHELF_LIFE: (
        N_("Ask for a shelf-life test; a better pouch often helps."),
        N_("Arrange a shelf-life test, then correct the offer."),
    ),
    RequirementKind.REMAINING_LIFE: (
        N_("Deliver fresher batches, so that more of the shelf life is left."),
        N_("Agree with the maker on fresher deliveries, then correct the offer."),
    ),
    RequirementKind.CARTON_DATA: (
        N_("Measure and weigh one closed carton."),
        N_("Enter length, width, height and weight of the carton on the offer."),
    ),
    RequirementKind.PALLET_DATA: (
        N_("Count how many cartons cover a pallet, and how many layers stand safely."),
        N_("Enter cartons in a layer and layers on the offer."),
    ),
    RequirementKind.CAPACITY: (
        N_("Tell the office how much you can make in a month, or join with other makers."),
        N_("Correct the capacity, or add another maker of the same product to the offer."),
    ),
    RequirementKind.LEAD_TIME: (
        N_("Keep material and packs in store, so that an order leaves sooner."),
        N_("Agree on a shorter lead time, then correct the offer."),
    ),
    RequirementKind.INSURANCE: (
        N_("Nothing to do now; the office looks for a group policy."),
        N_("Take out product liability insurance for the outlet's goods and enter its last day."),
    ),
    RequirementKind.LABEL_DATA: (
        N_("Tell the office all ingredients, how to store it and how long it keeps."),
        N_("Complete ingredients, storage and shelf life on the product's page."),
    ),
    RequirementKind.PHOTOS: (
        N_("Send pictures of the front and the back of the pack."),
        N_("Add pictures of the pack, front and back, to the product."),
    ),
    RequirementKind.RETURNS: (
        N_("Agree to take damaged goods back."),
        N_("Agree on returns with the maker, then correct the offer."),
    ),
    RequirementKind.MARGIN: (
        N_("Look at the costs together with the office."),
        N_("Correct the price list or the suggested retail price."),
    ),
}


def need_words(need: Need) -> str:
    """`Shelf life: at least 90 days`: a requirement in one line."""
    return f"{_(REQUIREMENT[need.kind])}{_asked(need)}"


def gap_words(gap: Gap) -> str:
    """The requirement, and what there is instead."""
    if gap.have is None:
        return need_words(gap.need)
    return _("%(need)s (now %(have)s)", need=need_words(gap.need), have=amount_words(gap.need.kind, gap.have))


def amount_words(kind: RequirementKind, amount: int) -> str:
    """A figure of a requirement with its unit."""
    if kind is RequirementKind.MARGIN:
        return percent(amount)
    if kind is RequirementKind.CAPACITY:
        return ngettext("%(num)s unit", "%(num)s units", amount, num=number(amount))
    if kind is RequirementKind.PHOTOS:
        return ngettext("%(num)s picture", "%(num)s pictures", amount, num=number(amount))
    return days(amount)


def days(count: int) -> str:
    """`14 days`."""
    return ngettext("%(num)s day", "%(num)s days", count, num=number(count))


def percent(bps: int) -> str:
    """`28,5%` for 2850 basis points."""
    return _percent(bps, current_language())


@lru_cache(maxsize=4096)
def _percent(bps: int, language: str) -> str:
    return format_percent(Decimal(bps) / 10_000, "#,##0.#%", locale=language)


def _asked(need: Need) -> str:
    if need.kind is RequirementKind.PAPER:
        return ": " + format_list([word(kind, short=True) for kind in need.papers], style="or", locale=current_language())
    if need.kind is RequirementKind.LEAD_TIME:
        return ": " + _("at most %(amount)s", amount=amount_words(need.kind, need.amount))
    return ": " + _("at least %(amount)s", amount=amount_words(need.kind, need.amount)) if need.amount else ""
