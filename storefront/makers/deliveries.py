"""Deliveries from the maker's side: announcing what will come, and agreeing to what the outlet counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.models.product import Variant
from catalog.stock import LARGEST_QUANTITY
from kernel import clock
from kernel.errors import Conflict, DomainError
from kernel.parsing import parse_date, parse_whole_number
from orders.models.delivery import Delivery
from orders.portal import acts, figures, records
from orders.stockroom.delivery_lines import LineFacts
from storefront.database import reading, transaction
from storefront.errors import message_of
from storefront.i18n import gettext as _
from storefront.maker_door import Entry, enter
from storefront.makers.forms import AnnounceForm, ConfirmForm
from storefront.makers.frame import save, show
from storefront.pages import asked, asked_page, page_addresses, status_of

#: Rows that are read from one form.
MOST_ROWS = 60
QUANTITY, DAY = "quantity-", "best_before_on-"


def deliveries(maker: str) -> ResponseReturnValue:
    """What waits for the maker first, then the newest."""
    entry = enter(maker)
    page = records.list_deliveries(reading(), entry.maker.id, asked_page())
    return show("makers/deliveries/deliveries.html", entry, page=page, page_url=page_addresses("makers.deliveries", maker=maker))


def delivery_new(maker: str) -> ResponseReturnValue:
    """Announce goods; `?q=` looks for a product."""
    session, entry, text = reading(), enter(maker), asked("q", 60)
    places = [place for place in figures.list_places(session, entry.maker.id) if place.is_open]
    tomorrow = clock.today(entry.maker.village.zone or "") + timedelta(days=1)
    form = AnnounceForm(data={"agreement": places[0].code if len(places) == 1 else "", "expected_on": tomorrow.isoformat()})
    form.agreement.choices = [(place.code, place.outlet_name) for place in places]
    codes = form.codes(QUANTITY, MOST_ROWS) if form.is_submitted() else []
    chosen = records.variants_by_code(session, entry.maker.id, codes)
    lines = _read_lines(form, chosen) if form.is_submitted() else []
    made: list[str] = []

    def work(session: Session) -> None:
        place = figures.get_place(places, form.agreement.value)
        day, note = form.expected_on.value, form.note.value or ""
        made.append(acts.announce(session, entry.speaker, place.agreement_id, lines, expected_on=day, note=note).code)

    if form.validate_on_submit() and not form.row_errors and save(form, work):
        flash(_("The outlet knows what is coming. Thank you."), "success")
        return redirect(url_for("makers.delivery", maker=maker, code=made[0]), 303)
    entry = enter(maker)
    chosen = records.variants_by_code(reading(), entry.maker.id, codes) if codes else {}
    listed = records.list_variants(reading(), entry.maker.id, text)
    variants = [*chosen.values(), *(variant for variant in listed if variant.code not in chosen)]
    page = show("makers/deliveries/new.html", entry, form=form, variants=variants, text=text, has_places=bool(places))
    return page, status_of(form)


def delivery(maker: str, code: str) -> ResponseReturnValue:
    """One note. Once the outlet has counted, the maker says that the count is right, and the goods are booked."""
    entry = enter(maker)
    found = records.get_delivery(reading(), entry.maker.id, code)
    form = ConfirmForm(data={"name": "" if entry.speaker.is_by_link else entry.speaker.actor.name})
    if form.validate_on_submit() and _confirm(form, entry, found):
        flash(_("Thank you. The delivery is confirmed and the goods are on the shelf."), "success")
        return redirect(url_for("makers.delivery", maker=maker, code=code), 303)
    if form.is_submitted():
        entry = enter(maker)
        found = records.get_delivery(reading(), entry.maker.id, code)
    return show("makers/deliveries/delivery.html", entry, delivery=found, form=form), status_of(form)


def delivery_take_back(maker: str, code: str) -> ResponseReturnValue:
    """Nothing will be brought after all."""
    entry = enter(maker)
    try:
        with transaction() as session:
            acts.take_back_announcement(session, entry.speaker, code)
    except Conflict as refusal:
        flash(message_of(refusal), "error")
    else:
        flash(_("The outlet no longer waits for this delivery."), "success")
    return redirect(url_for("makers.delivery", maker=maker, code=code), 303)


def _confirm(form: ConfirmForm, entry: Entry, found: Delivery) -> bool:
    code, revision = found.code, found.revision
    return save(form, lambda session: acts.confirm(session, entry.speaker, code, revision, form.name.value))


def _read_lines(form: AnnounceForm, variants: Mapping[str, Variant]) -> list[tuple[Variant, LineFacts]]:
    """The rows as they were typed; what cannot be read is noted beside its box."""
    lines = []
    for code, variant in variants.items():
        try:
            quantity = parse_whole_number(form.typed(QUANTITY + code), 0, LARGEST_QUANTITY, QUANTITY + code)
            day = parse_date(form.typed(DAY + code), field=DAY + code) if form.typed(DAY + code) else None
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            if quantity:
                lines.append((variant, LineFacts(quantity=quantity, best_before_on=day)))
    return lines
