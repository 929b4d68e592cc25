"""Stock at the outlets in reach: the shelf, every movement, goods that arrive, and corrections with a reason."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import batches, shelves
from catalog.models.product import Variant
from catalog.models.stock import Batch, LossCause, MovementKind, Outlet
from kernel import clock
from kernel.people import Permission
from orders import approvals
from orders.consignment import goods
from orders.models.approval import Approval
from orders.stockroom.delivery_lines import check_fresh
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.i18n import ngettext
from storefront.office.approvals import tell_waiting
from storefront.office.counter_forms import CorrectForm, ReceiveForm
from storefront.office.movement_words import papers_of
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.security import current_actor
from storefront.state_words import LOSS
from storefront.templating import day

NEW_LOT = "new"
ONLY = ("scarce", "expired", "empty")


def stock() -> ResponseReturnValue:
    """The outlets in reach; with one, its shelf straight away."""
    outlets = shelves.list_outlets(reading(), current_actor(), Permission.VIEW_STOCK)
    if len(outlets) == 1:
        return redirect(url_for("office.shelf", outlet=outlets[0].code))
    return render_template("office/stock/stock.html", outlets=outlets)


def shelf(outlet: str) -> ResponseReturnValue:
    """What stands at an outlet, lot by lot."""
    place = _outlet(Permission.VIEW_STOCK, outlet)
    text, only = asked("q"), asked("show", 10)
    only = only if only in ONLY else ""
    today = clock.today(place.zone)
    page = shelves.list_shelf(reading(), place, text=text, only=only, page=asked_page(), today=today)
    return render_template(
        "office/stock/shelf.html",
        outlet=place,
        page=page,
        text=text,
        only=only,
        today=today,
        may_edit=_may_edit(place),
        page_url=page_addresses("office.shelf", outlet=outlet, q=text, show=only),
    )


def movements(outlet: str) -> ResponseReturnValue:
    """Every change, the newest first."""
    place = _outlet(Permission.VIEW_STOCK, outlet)
    code = asked("variant", 12)
    page = shelves.list_movements(reading(), place, variant_code=code, page=asked_page())
    return render_template(
        "office/stock/movements.html",
        outlet=place,
        page=page,
        papers=papers_of(page.rows, place),
        variant_code=code,
        may_edit=_may_edit(place),
        page_url=page_addresses("office.movements", outlet=outlet, variant=code),
    )


def receive_choose(outlet: str) -> ResponseReturnValue:
    """What has arrived? Search by name, code or barcode."""
    place = _outlet(Permission.EDIT_STOCK, outlet)
    text = asked("q")
    found = shelves.search_variants(reading(), text)
    if len(found) == 1:
        return redirect(url_for("office.receive", outlet=outlet, variant=found[0].code))
    return render_template("office/stock/receive_choose.html", outlet=place, text=text, found=found, may_edit=True)


def receive(outlet: str, variant: str) -> ResponseReturnValue:
    """Put what arrived on the shelf, into a lot we know or a new one."""
    actor = current_actor()
    place, found = _outlet(Permission.EDIT_STOCK, outlet), shelves.get_variant_by_code(reading(), variant)
    lots = shelves.list_batches(reading(), found.product_id)
    form = ReceiveForm(data={"lot": NEW_LOT})
    form.lot.choices = [(NEW_LOT, _("A new lot")), *((lot.lot_code, _lot_text(lot)) for lot in lots[:20])]

    def work(session: Session) -> None:
        target = shelves.get_outlet(session, actor, Permission.EDIT_STOCK, outlet)
        fresh = shelves.get_variant_by_code(session, variant)
        reference = f"delivery:{form.reference.value}"[:60] if form.reference.value else "delivery"
        lot = _batch(session, fresh, form)
        check_fresh(session, lot, clock.today(target.zone))
        goods.receive_goods(session, actor, target, fresh, lot, form.quantity.value, reference, needs_agreement=False)

    if form.validate_on_submit() and save(form, work):
        quantity: int = form.quantity.value
        flash(ngettext("%(num)s unit is on the shelf.", "%(num)s units are on the shelf.", quantity), "success")
        return redirect(url_for("office.shelf", outlet=outlet, q=found.code), 303)
    place, found = _outlet(Permission.EDIT_STOCK, outlet), shelves.get_variant_by_code(reading(), variant)
    return render_template("office/stock/receive.html", outlet=place, variant=found, form=form, may_edit=True), status_of(form)


def correct(outlet: str, variant: str, lot: str) -> ResponseReturnValue:
    """Make the books say what was counted, with a reason."""
    actor = current_actor()
    place, found = _outlet(Permission.EDIT_STOCK, outlet), shelves.get_variant_by_code(reading(), variant)
    level = shelves.get_level(reading(), place, found, lot)
    form = CorrectForm(data={"kind": MovementKind.CORRECTED.value})
    form.kind.choices = [
        (MovementKind.CORRECTED.value, _("Counted again")),
        *((cause.value, _(words)) for cause, words in LOSS.items()),
    ]

    waits: list[Approval | None] = []

    def work(session: Session) -> None:
        target = shelves.get_outlet(session, actor, Permission.EDIT_STOCK, outlet)
        fresh = shelves.get_variant_by_code(session, variant)
        there = shelves.get_level(session, target, fresh, lot)
        cause = None if form.kind.value == MovementKind.CORRECTED.value else LossCause(form.kind.value)
        kind = MovementKind.WRITTEN_OFF if cause else MovementKind.CORRECTED
        what = (there.batch, form.counted.value, form.reason.value, kind, there.agreement_id, cause)
        waits.append(approvals.correct_or_ask(session, actor, target, fresh, *what))

    if form.validate_on_submit() and save(form, work):
        if waits[0] is not None:
            return tell_waiting(waits[0])
        flash(_("The stock is corrected."), "success")
        return redirect(url_for("office.shelf", outlet=outlet, q=found.code), 303)
    place, found = _outlet(Permission.EDIT_STOCK, outlet), shelves.get_variant_by_code(reading(), variant)
    level = shelves.get_level(reading(), place, found, lot)
    return render_template("office/stock/correct.html", outlet=place, variant=found, level=level, form=form, may_edit=True), status_of(form)


def _batch(session: Session, variant: Variant, form: ReceiveForm) -> Batch:
    if form.lot.value != NEW_LOT:
        return batches.get_batch(session, variant.product, form.lot.value)
    return batches.create_batch(
        session,
        current_actor(),
        variant.product,
        lot_code=form.lot_code.value,
        produced_on=form.produced_on.value,
        best_before_on=form.best_before_on.value,
    )


def _lot_text(lot: Batch) -> str:
    return f"{lot.lot_code} · {_('best before %(day)s', day=day(lot.best_before_on))}" if lot.best_before_on else lot.lot_code


def _outlet(permission: Permission, code: str) -> Outlet:
    return shelves.get_outlet(reading(), current_actor(), permission, code)


def _may_edit(outlet: Outlet) -> bool:
    return current_actor().can(Permission.EDIT_STOCK, area_code=outlet.area_code, outlet_id=outlet.id)
