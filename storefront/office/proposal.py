"""One proposal: written on a phone, with photos; read with the office's remarks; sent, taken back, appealed against."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from catalog import media, programme_offices
from catalog.categories import list_categories
from catalog.curation import appeals, content, drafting, units
from catalog.curation import proposals as verbs
from catalog.curation.files import read_file
from catalog.curation.states import EDITABLE, Act
from catalog.models.curation import Submission
from catalog.models.product import HalalState, ListingState, Product, TravelLimit, Variant
from catalog.models.programme import Scheme
from catalog.prices import current_price
from catalog.products import ALLERGENS, get_product
from catalog.variants import VariantFacts
from kernel import clock, unsent
from kernel.errors import DomainError, InvalidInput, NotFound
from storefront import curation_words
from storefront.contact import whatsapp_link
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.i18n import ngettext
from storefront.office.frame import choices_of
from storefront.office.proposal_forms import ProposalForm, ProposalPhotosForm, ProposalStepForm, show_contents
from storefront.office.proposals import own_submission
from storefront.office.unsent_forms import restored
from storefront.pages import save, status_of
from storefront.security import current_actor
from storefront.templating import current_settings, external, text_of

#: A label, the carton and some air: what a parcel weighs above its contents.
WRAPPING_G = 50
_PACK = ("contents", "price")


def proposal(code: str) -> ResponseReturnValue:
    """How it stands, what the office said, and what can be done now."""
    return _page(code, ProposalStepForm(formdata=None)), 200


def proposal_edit(code: str) -> ResponseReturnValue:
    """The form. `send` saves it and sends it to the office in one go; what is missing stays on the page."""
    submission = own_submission(reading(), code)
    if submission.state not in EDITABLE:
        return redirect(url_for("office.proposal", code=code), 303)
    left = restored(current_actor(), _key(submission), since=submission.changed_at)
    form = _form(submission, left.values if left else None)

    def work(session: Session) -> None:
        _save(session, code, form)

    if form.validate_on_submit() and save(form, work):
        if "send" not in request.form:
            flash(_("The proposal is saved. Nobody but your village and the office sees it."), "success")
            return redirect(url_for("office.proposal", code=code), 303)
        if save(form, lambda session: _send(session, code)):
            flash(_("The proposal is with the office now. Thank you."), "success")
            return redirect(url_for("office.proposal", code=code), 303)
    return _edit_page(code, form, ProposalPhotosForm(formdata=None), left), status_of(form)


def proposal_photos_add(code: str) -> ResponseReturnValue:
    """Photos from the camera, each on its own: one that cannot be used does not keep the others out."""
    own_submission(reading(), code)
    photos = ProposalPhotosForm()
    if photos.validate_on_submit():
        added = sum(_add_photo(photos, code, file.filename or "", file.read()) for file in photos.photos.value)
        if added:
            flash(ngettext("%(num)s photo is added.", "%(num)s photos are added.", added), "success")
        if not photos.problems():
            return redirect(url_for("office.proposal_edit", code=code, _anchor="photos"), 303)
    submission = own_submission(reading(), code)
    left = unsent.find(reading(), current_actor(), _key(submission), since=submission.changed_at)
    typed = MultiDict([(name, value) for name, values in left.content.items() for value in values]) if left else None
    return _edit_page(code, _form(submission, typed, is_sent=False), photos, None), 422


def proposal_step(code: str) -> ResponseReturnValue:
    """Send it, take it back, or ask for another look at the decision."""
    form, step = ProposalStepForm(), request.form.get("step", "")
    own_submission(reading(), code)
    done = {
        "send": _("The proposal is with the office now. Thank you."),
        "withdraw": _("The proposal is taken back."),
        "appeal": _("Your appeal is with the office. Somebody who did not take the decision answers it."),
    }
    if step not in done:
        raise NotFound

    def work(session: Session) -> None:
        submission, reason = own_submission(session, code), form.reason.value
        if step == "send":
            _send(session, code)
        elif step == "withdraw":
            verbs.withdraw_submission(session, current_actor(), submission, reason)
        else:
            appeals.appeal(session, current_actor(), submission, reason)

    if form.validate_on_submit() and save(form, work):
        flash(done[step], "success")
        return redirect(url_for("office.proposal", code=code), 303)
    return _page(code, form), 422


def _page(code: str, form: ProposalStepForm) -> str:
    own_submission(reading(), code)
    file = read_file(reading(), current_actor(), code)
    submission = file.submission
    product = get_product(reading(), submission.product.slug)
    office = programme_offices.find_office_for(reading(), submission.village_code)
    address = external(url_for("office.proposal", code=code))
    question = _("Hello, I have a question about the proposal %(name)s: %(address)s", name=submission.title, address=address)
    return render_template(
        "office/proposals/proposal.html",
        file=file,
        form=form,
        product=product,
        words=curation_words,
        is_editable=submission.state in EDITABLE,
        acts={act.value for act in file.acts},
        may_withdraw=Act.WITHDRAW in file.acts,
        office=office,
        ask_address=whatsapp_link(question, office.phone) if office and office.phone else "",
    )


def _edit_page(code: str, form: ProposalForm, photos: ProposalPhotosForm, left: Any) -> str:
    submission = own_submission(reading(), code)
    product = get_product(reading(), submission.product.slug)
    return render_template(
        "office/proposals/edit.html",
        form=form,
        photos_form=photos,
        submission=submission,
        product=product,
        is_draft=product.state is ListingState.DRAFT,
        most=media.MOST_PHOTOS,
        left=left,
        key=_key(submission),
        guardian=units.find_guardian(reading(), product.maker_id),
    )


def _key(submission: Submission) -> str:
    return f"proposal:{submission.code}"


def _form(submission: Submission, typed: MultiDict[str, str] | None, *, is_sent: bool = True) -> ProposalForm:
    """The form with what was typed and kept, else with what is known; `is_sent` when the request itself may hold it."""
    product = get_product(reading(), submission.product.slug)
    if typed is not None:
        form = ProposalForm(formdata=typed)
    elif is_sent:
        form = ProposalForm(data=_known(submission, product))
    else:
        form = ProposalForm(formdata=None, data=_known(submission, product))
    if product.state is not ListingState.DRAFT:  # what buyers already pay and see is the office's to change
        for name in _PACK:
            del form[name]
    form.category_id.choices = [(str(row.id), text_of(row, "name")) for row in list_categories(reading())]
    form.halal_state.choices = choices_of(HalalState)
    form.travel_limit.choices = choices_of(TravelLimit)
    schemes = programme_offices.list_schemes_for(reading(), submission.village_code)
    form.scheme.choices = [choice for choice in choices_of(Scheme) if choice[0] in schemes or choice[0] == form.scheme.data]
    form.allergens.choices = [(name, _(words)) for name, words in ALLERGENS.items()]
    form.shelf_life_days.suffix = _("days")
    return form


def _known(submission: Submission, product: Product) -> dict[str, Any]:
    facts = content.load(submission.content)
    values: dict[str, Any] = {field.name: getattr(facts, field.name) for field in fields(facts)} | {"note": submission.note}
    values |= {name: values[name].value for name in ("scheme", "halal_state", "travel_limit")}
    pack = _pack(product)
    if pack is not None:
        price = current_price(pack.prices, clock.today(current_settings().zone))
        values |= {"contents": show_contents(pack.net_quantity, pack.unit), "price": price}
    return values


def _pack(product: Product) -> Variant | None:
    return min(product.variants, key=lambda variant: (variant.position, variant.id), default=None)


def _save(session: Session, code: str, form: ProposalForm) -> None:
    """The text, the pack and its price; what was kept of the unsent form is not needed any more."""
    actor, submission = current_actor(), own_submission(session, code)
    slug, values = submission.product.slug, form.values()
    note, contents, price = values.pop("note"), values.pop("contents", None), values.pop("price", None)
    facts = replace(content.load(submission.content), **_as_facts(values))
    verbs.edit_submission(session, actor, submission, facts, note=note)
    if contents is not None:
        pack = _pack(get_product(session, slug))
        weight = contents.quantity + WRAPPING_G if contents.unit.value != "piece" else 500
        if pack is None:
            made = VariantFacts(name_id=contents.words, net_quantity=contents.quantity, unit=contents.unit, shipping_weight_g=weight)
            drafting.add_pack(session, actor, submission, made, price=price)
        else:
            if (pack.net_quantity, pack.unit) != (contents.quantity, contents.unit):
                made = VariantFacts(name_id=contents.words, net_quantity=contents.quantity, unit=contents.unit, shipping_weight_g=weight)
                drafting.change_pack(session, actor, submission, pack, made)
            drafting.price_pack(session, actor, submission, pack, price)
    unsent.forget(session, actor, _key(submission))


def _send(session: Session, code: str) -> None:
    """Send it, once there is something to look at: a draft without a photo or a price helps nobody."""
    submission = own_submission(session, code)
    if gaps := verbs.list_gaps(session, submission):
        raise InvalidInput(gaps[0], field="photos")
    verbs.submit(session, current_actor(), submission)


def _as_facts(values: dict[str, Any]) -> dict[str, Any]:
    turned = dict(values, category_id=int(values["category_id"]), scheme=Scheme(values["scheme"]))
    turned |= {"halal_state": HalalState(values["halal_state"]), "travel_limit": TravelLimit(values["travel_limit"])}
    return turned | {"allergens": tuple(values["allergens"])}


def _add_photo(form: ProposalPhotosForm, code: str, filename: str, data: bytes) -> int:
    """1 when the file became a photo. The pipeline runs before the transaction."""
    from catalog.media_pipeline import prepare_photo  # Pillow: only a worker with a photo to prepare needs it

    try:
        prepared = prepare_photo(data, field="photos")
    except DomainError as refusal:
        form.refusals.append(f"{filename[:60]}: {_(refusal.message, **refusal.params)}")
        return 0
    storage = media.FolderStorage(current_settings().media_folder)

    def work(session: Session) -> None:
        drafting.add_photo(session, storage, prepared, own_submission(session, code), actor=current_actor())

    return int(save(form, work))
