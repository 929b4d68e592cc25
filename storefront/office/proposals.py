"""Proposals as villages and makers see them: the list, beginning one, the next version of what is in the shop."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import desk
from catalog.categories import list_categories
from catalog.curation import proposals as verbs
from catalog.curation import queries, stars, units
from catalog.curation.standing import may_propose
from catalog.curation.states import OUTCOMES, CurationState
from catalog.makers import MakerFacts
from catalog.models.curation import Submission, SubmissionKind
from catalog.models.maker import Maker, MakerKind
from catalog.models.product import HalalState, ListingState, Product
from catalog.models.programme import Scheme
from catalog.products import ProductFacts
from catalog.products import get_product as find_product
from kernel import unsent
from kernel.errors import InvalidInput, NotFound
from kernel.people import Permission
from storefront.curation_words import CURATION
from storefront.database import reading, transaction
from storefront.i18n import gettext as _
from storefront.office.frame import choices_of
from storefront.office.proposal_forms import NEW_MAKER, BeginForm, ProposalStepForm
from storefront.office.unsent_forms import restored
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.places import suggestions
from storefront.security import current_actor
from storefront.templating import current_settings, text_of

_S = CurationState
#: Filters of the list, by what the proposer has to do.
SHOWN: dict[str, frozenset[CurationState]] = {
    "todo": frozenset({_S.DRAFT, _S.RETURNED, _S.IMPROVE}),
    "office": frozenset({_S.SUBMITTED, _S.DESK_CHECK, _S.ASSESSMENT, _S.APPEALED}),
    "decided": OUTCOMES | {_S.EXPIRED, _S.SUPERSEDED},
}
NEW_FORM = "proposal-new"
#: A unit of pupils proposes in its own programme; the office can correct it.
SCHEMES = {MakerKind.COMMUNITY: Scheme.OCOP, MakerKind.SCHOOL: Scheme.OSOP, MakerKind.CLASS: Scheme.ONE_CLASS}


def proposals() -> ResponseReturnValue:
    """What this person can write or has sent, the latest first."""
    actor, show = current_actor(), asked("show", 12)
    page = queries.list_proposals(reading(), actor, SHOWN.get(show, frozenset()), page=asked_page())
    counts = queries.count_proposals(reading(), actor)
    return render_template(
        "office/proposals/proposals.html",
        page=page,
        show=show,
        states=CURATION,
        counts={name: sum(counts[state] for state in states) for name, states in SHOWN.items()},
        page_url=page_addresses("office.proposals", show=show),
    )


def proposal_products() -> ResponseReturnValue:
    """Products in the shop of which a next version can be proposed."""
    page = queries.list_proposable(reading(), current_actor(), page=asked_page())
    return render_template(
        "office/proposals/products.html",
        page=page,
        stars=stars.list_stars_of(reading(), [product.id for product in page.rows]),
        page_url=page_addresses("office.proposal_products"),
    )


def proposal_new() -> ResponseReturnValue:
    """Begin: who makes it and what it is. Everything else comes on the next page, where nothing typed is lost."""
    actor = current_actor()
    left = restored(actor, NEW_FORM)
    known = units.list_units(reading(), actor)
    form = BeginForm(formdata=left.values) if left else BeginForm(data=_usual(known))
    _offer(form, known)
    made: list[Submission] = []

    def work(session: Session) -> None:
        maker = _maker(session, form)
        facts = ProductFacts(
            category_id=int(form.category_id.value),
            name_id=form.name_id.value,
            scheme=SCHEMES.get(maker.kind, Scheme.OVOP),
            halal_state=HalalState.NOT_YET,
        )
        made.append(verbs.propose_product(session, actor, maker, facts))
        unsent.forget(session, actor, NEW_FORM)

    if form.validate_on_submit() and save(form, work):
        flash(_("The proposal is begun. Add photos and a few words, then send it to the office."), "success")
        return redirect(url_for("office.proposal_edit", code=made[0].code), 303)
    page = render_template(
        "office/proposals/new.html",
        form=form,
        left=left,
        key=NEW_FORM,
        pupils=[kind.value for kind in units.OF_PUPILS],
        asks_village=_asks_village(),
        places=suggestions(_villages()) if _asks_village() else [],
    )
    return page, status_of(form)


def proposal_begin(slug: str) -> ResponseReturnValue:
    """The next version of a product: what is live stays as it is until the office has decided."""
    actor, form, made = current_actor(), ProposalStepForm(), list[Submission]()
    product = _product(reading(), slug)
    kind = SubmissionKind.RECURATION if request.values.get("kind") == SubmissionKind.RECURATION.value else None

    def work(session: Session) -> None:
        made.append(verbs.propose_edit(session, actor, _product(session, slug), kind=kind))

    if form.validate_on_submit() and save(form, work):
        return redirect(url_for("office.proposal_edit", code=made[0].code), 303)
    product = _product(reading(), slug)
    page = render_template(
        "office/proposals/begin.html", form=form, product=product, is_look=kind is not None, is_live=product.state is ListingState.LIVE
    )
    return page, status_of(form)


def proposal_photo_remove(code: str, name: str) -> ResponseReturnValue:
    """Take a photo of a draft away."""
    from catalog import media
    from catalog.curation import drafting

    actor = current_actor()
    with transaction() as session:
        submission = own_submission(session, code)
        product = find_product(session, submission.product.slug)
        photo = next((each for each in product.photos if each.name == name), None)
        if photo is None:
            raise NotFound
        gone = drafting.remove_photo(session, actor, submission, photo)
    media.delete_files(media.FolderStorage(current_settings().media_folder), gone)
    flash(_("The photo is removed."), "success")
    return redirect(url_for("office.proposal_edit", code=code, _anchor="photos"), 303)


def own_submission(session: Session, code: str) -> Submission:
    """A submission that this person may write; NotFound for any other, also where they may read it."""
    actor = current_actor()
    found = queries.get_submission(session, actor, code)
    areas = (found.village_code, found.product.village_code)
    if not may_propose(actor, found.product.maker_id, *areas):
        raise NotFound
    return found


def _product(session: Session, slug: str) -> Product:
    product = find_product(session, slug)
    if not may_propose(current_actor(), product.maker_id, product.village_code):
        raise NotFound
    return product


def _maker(session: Session, form: BeginForm) -> Maker:
    """The maker that was chosen, or the one that is registered now."""
    actor = current_actor()
    if form.maker.value != NEW_MAKER:
        return units.get_unit(session, actor, form.maker.value)
    village = form.village_code.value or _only_village()
    if not village:
        raise InvalidInput(form.village_code.left_empty, field="village_code")
    kind = MakerKind(form.kind.value or MakerKind.HOUSEHOLD)
    facts = MakerFacts(name=form.maker_name.value, kind=kind, village_code=village, phone=form.phone.value)
    if not facts.name:
        raise InvalidInput(form.maker_name.left_empty, field="maker_name")
    return units.register_unit(session, actor, facts, units.Guardian(form.guardian_name.value, form.guardian_phone.value))


def _offer(form: BeginForm, known: list[Maker]) -> None:
    form.maker.choices = [(maker.slug, f"{maker.name} ({maker.village.name})") for maker in known]
    if current_actor().can(Permission.PROPOSE_PRODUCTS):
        form.maker.choices = [*form.maker.choices, (NEW_MAKER, _("Another maker, not on this list"))]
    form.kind.choices = choices_of(MakerKind)
    form.category_id.choices = [(str(row.id), text_of(row, "name")) for row in list_categories(reading())]


def _usual(known: list[Maker]) -> dict[str, Any]:
    maker = known[0].slug if len(known) == 1 and not current_actor().can(Permission.PROPOSE_PRODUCTS) else ""
    return {"kind": MakerKind.HOUSEHOLD.value, "maker": maker if known else NEW_MAKER}


def _only_village() -> str:
    """The village of somebody who proposes for one alone."""
    prefixes = current_actor().area_prefixes(Permission.PROPOSE_PRODUCTS)
    return prefixes[0] if len(prefixes) == 1 and len(prefixes[0]) == 13 else ""


def _asks_village() -> bool:
    return current_actor().can(Permission.PROPOSE_PRODUCTS) and not _only_village()


def _villages() -> list[Any]:
    return desk.list_villages_to_choose(reading(), current_actor(), Permission.PROPOSE_PRODUCTS, current_settings().area_prefix)
