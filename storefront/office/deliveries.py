"""Delivery notes in the office: announced or brought, counted line by line, confirmed with the maker."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from catalog.models.maker import Maker
from catalog.models.product import Variant
from catalog.models.stock import Outlet
from catalog.variants import find_variant_by_number
from kernel import throttle
from kernel.errors import Conflict, DomainError
from kernel.people import Permission
from orders.consignment.agreements import get_agreement
from orders.models.delivery import ConfirmedBy, Delivery, DeliveryState
from orders.stockroom import deliveries as verbs
from orders.stockroom import queries
from orders.stockroom.delivery_lines import CAN_BE_EDITED
from storefront.database import reading, transaction
from storefront.delivery_links import address_of, message_to_maker
from storefront.i18n import gettext as _
from storefront.office.delivery_lines import fill_conditions
from storefront.office.record_history import history_of
from storefront.office.stockroom_forms import LineForm, MakerWordForm, NewDeliveryForm, StepForm
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.security import current_actor
from storefront.templating import current_settings

STATES = tuple(DeliveryState)


def deliveries() -> ResponseReturnValue:
    """All notes in reach."""
    chosen = next((state for state in STATES if state.value == asked("state", 12)), None)
    session, actor = reading(), current_actor()
    page = queries.list_deliveries(session, actor, state=chosen, page=asked_page())
    return render_template(
        "office/deliveries/deliveries.html",
        page=page,
        units=queries.units_of(session, [delivery.id for delivery in page.rows]),
        chosen=chosen,
        states=STATES,
        may_edit=actor.can(Permission.EDIT_STOCK),
        page_url=page_addresses("office.deliveries", state=chosen.value if chosen else ""),
    )


def delivery_new() -> ResponseReturnValue:
    """A note for goods that are here, or that will come."""
    actor = current_actor()
    form = NewDeliveryForm(data={"agreement": asked("agreement", 8)})
    agreements = queries.list_open_agreements(reading(), actor)
    form.agreement.choices = [(each.code, f"{each.maker.name} · {each.outlet.name}") for each in agreements]
    made: list[Delivery] = []

    def work(session: Session) -> None:
        agreement = get_agreement(session, actor, form.agreement.value, Permission.EDIT_STOCK)
        outlet, maker = _parties(session, agreement.outlet_id, agreement.maker_id)
        note = form.note.value or ""
        if form.expected_on.value:
            made.append(verbs.announce_delivery(session, actor, outlet, maker, expected_on=form.expected_on.value, note=note))
        else:
            made.append(verbs.open_delivery(session, actor, outlet, maker, brought_by=form.brought_by.value, note=note))

    if form.validate_on_submit() and save(form, work):
        return redirect(url_for("office.delivery", code=made[0].code), 303)
    return render_template("office/deliveries/new.html", form=form, has_agreements=bool(form.agreement.choices)), status_of(form)


def delivery(code: str) -> ResponseReturnValue:
    """One note: what was counted, what comes next, and a field for the scanner."""
    found = verbs.get_delivery(reading(), current_actor(), Permission.VIEW_STOCK, code)
    return show(found, LineForm(formdata=None), MakerWordForm(formdata=None)), 200


def delivery_step(code: str) -> ResponseReturnValue:
    """Brought, counted, count again, cancelled."""
    actor, form = current_actor(), StepForm()
    found = verbs.get_delivery(reading(), actor, Permission.EDIT_STOCK, code)
    number = found.id
    steps = {
        "brought": lambda session: verbs.mark_brought(session, actor, number),
        "count": lambda session: verbs.confirm_count(session, actor, number),
        "reopen": lambda session: verbs.reopen_count(session, actor, number),
        "cancel": lambda session: verbs.cancel_delivery(session, actor, number, form.reason.value or ""),
    }
    if form.validate_on_submit() and form.step.value in steps and save(form, steps[form.step.value]):
        return redirect(url_for("office.delivery", code=code), 303)
    found = verbs.get_delivery(reading(), actor, Permission.EDIT_STOCK, code)
    return show(found, LineForm(formdata=None), MakerWordForm(formdata=None), form), 422


def delivery_confirm(code: str) -> ResponseReturnValue:
    """The maker's word at the outlet: the code from their message, or a signature on the tablet."""
    actor, form = current_actor(), MakerWordForm()
    found = verbs.get_delivery(reading(), actor, Permission.EDIT_STOCK, code)
    if form.validate_on_submit() and _hear(found, form):
        flash(_("Both sides have confirmed: the goods are on the shelf."), "success")
        return redirect(url_for("office.delivery", code=code), 303)
    found = verbs.get_delivery(reading(), actor, Permission.EDIT_STOCK, code)
    return show(found, LineForm(formdata=None), form), 422


def show(found: Delivery, line_form: LineForm, word_form: MakerWordForm, step_form: StepForm | None = None) -> str:
    """The page of a note; `?scan=` is what the scanner or a person typed."""
    fill_conditions(line_form)
    actor, session = current_actor(), reading()
    may_edit = actor.can(Permission.EDIT_STOCK, area_code=found.outlet.area_code, outlet_id=found.outlet_id)
    scanned = asked("scan", 60)
    candidates = _candidates(session, found, scanned) if may_edit and found.state in CAN_BE_EDITED else []
    return render_template(
        "office/deliveries/delivery.html",
        delivery=found,
        line_form=line_form,
        word_form=word_form,
        step_form=step_form,
        may_edit=may_edit,
        is_open=found.state in CAN_BE_EDITED,
        scanned=scanned,
        candidates=candidates,
        maker_address=address_of(found) if found.state is DeliveryState.COUNTED and may_edit else "",
        maker_message=message_to_maker(found) if found.state is DeliveryState.COUNTED and may_edit else "",
        width=verbs.SIGNATURE_SIZE[0],
        height=verbs.SIGNATURE_SIZE[1],
        history=history_of([f"delivery:{found.code}"]),
    )


def _candidates(session: Session, found: Delivery, scanned: str) -> list[Variant]:
    """What of this maker's was scanned or typed; everything the maker makes before anything was."""
    if scanned and (exact := find_variant_by_number(session, scanned)):
        variant = shelves.get_variant_by_code(session, exact.code)
        return [variant] if variant.product.maker_id == found.maker_id else []
    return shelves.search_variants(session, scanned, maker_id=found.maker_id)


def _hear(found: Delivery, form: MakerWordForm) -> bool:
    """Whether the maker's word was booked; a wrong code is counted before it is compared."""
    number, revision, way = found.id, found.revision, ConfirmedBy(form.way.value)
    if found.state is DeliveryState.RECEIVED:
        return True
    try:
        if way is ConfirmedBy.CODE:
            secret = current_settings().secret_key
            with transaction() as session:
                throttle.count_try(session, throttle.delivery_limits(secret, found.code))
            if not verbs.is_maker_code(secret, found, form.code.value):
                raise verbs.WrongMakerCode(field="code")
        elif way is not ConfirmedBy.SIGNATURE:
            raise Conflict
    except DomainError as refusal:
        form.refuse(refusal)
        return False

    def work(session: Session) -> None:
        verbs.lock_delivery(session, current_actor(), number)
        drawn = form.signature.value or ""
        verbs.confirm_by_maker(session, number, revision, way, form.name.value, signature=drawn, actor=current_actor())

    return save(form, work)


def _parties(session: Session, outlet_id: int, maker_id: int) -> tuple[Outlet, Maker]:
    return session.get_one(Outlet, outlet_id), session.get_one(Maker, maker_id)
