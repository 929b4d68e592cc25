"""The lines of a delivery note: added after a scan, corrected, with a photo of what is wrong."""

from __future__ import annotations

import secrets

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import media, shelves
from kernel.errors import DomainError
from kernel.people import Permission
from orders.models.delivery import Condition, Delivery
from orders.stockroom import deliveries, delivery_lines
from orders.stockroom.delivery_lines import LineFacts
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.stockroom_forms import LineForm, MakerWordForm, StepForm
from storefront.pages import save, status_of
from storefront.security import current_actor
from storefront.state_words import CONDITION
from storefront.templating import current_settings

PHOTO_WIDTH = 640


def delivery_line_add(code: str, variant: str) -> ResponseReturnValue:
    """A further line, from the form that the scan opened."""
    from storefront.office.deliveries import show

    actor, form = current_actor(), LineForm()
    fill_conditions(form)
    _counting(reading(), code)
    found = shelves.get_variant_by_code(reading(), variant)
    photo = _prepared(form)

    def work(session: Session) -> None:
        note = deliveries.get_delivery(session, actor, Permission.EDIT_STOCK, code)
        deliveries.lock_delivery(session, actor, note.id)
        line = delivery_lines.add_line(session, note, shelves.get_variant_by_code(session, variant), _facts(form))
        line.photo_name = _keep(photo)

    if form.validate_on_submit() and not form.problems() and save(form, work):
        flash(_("%(name)s is on the note.", name=found.product.name_id), "success")
        return redirect(url_for("office.delivery", code=code) + "#scan", 303)
    return show(_counting(reading(), code), form, MakerWordForm(formdata=None)), 422


def delivery_line(code: str, position: int) -> ResponseReturnValue:
    """Correct one line."""
    actor = current_actor()
    note = _counting(reading(), code)
    line = delivery_lines.get_line(note, position)
    names = ("quantity", "accepted", "lot_code", "produced_on", "best_before_on", "refusal_reason")
    form = LineForm(data={name: getattr(line, name) for name in names} | {"condition": line.condition.value})
    fill_conditions(form)
    photo = _prepared(form)

    def work(session: Session) -> None:
        fresh = deliveries.get_delivery(session, actor, Permission.EDIT_STOCK, code)
        deliveries.lock_delivery(session, actor, fresh.id)
        changed = delivery_lines.change_line(session, fresh, delivery_lines.get_line(fresh, position), _facts(form))
        changed.photo_name = _keep(photo) or changed.photo_name

    if form.validate_on_submit() and not form.problems() and save(form, work):
        flash(_("The line is saved."), "success")
        return redirect(url_for("office.delivery", code=code), 303)
    note = _counting(reading(), code)
    line = delivery_lines.get_line(note, position)
    return render_template("office/deliveries/line.html", delivery=note, line=line, form=form), status_of(form)


def delivery_line_remove(code: str, position: int) -> ResponseReturnValue:
    """Take a line off the note."""
    actor, form = current_actor(), StepForm(formdata=None)
    _counting(reading(), code)

    def work(session: Session) -> None:
        fresh = deliveries.get_delivery(session, actor, Permission.EDIT_STOCK, code)
        deliveries.lock_delivery(session, actor, fresh.id)
        delivery_lines.remove_line(session, fresh, delivery_lines.get_line(fresh, position))

    if not save(form, work):
        for problem in form.refusals:
            flash(problem, "error")
    return redirect(url_for("office.delivery", code=code), 303)


def delivery_photo(code: str, name: str) -> ResponseReturnValue:
    """A photo of goods as they arrived, for the people of the outlet only."""
    note = deliveries.get_delivery(reading(), current_actor(), Permission.VIEW_STOCK, code)
    if not name or name not in {line.photo_name for line in note.lines}:
        abort(404)
    try:
        data = _storage().open(media.file_name(name, PHOTO_WIDTH, "jpg"))
    except (FileNotFoundError, media.BadName):
        abort(404)
    answer = Response(data, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def fill_conditions(form: LineForm) -> None:
    """Put the conditions in, in the language of the page."""
    form.condition.choices = [(condition.value, _(CONDITION[condition])) for condition in Condition]
    if form.condition.data is None:
        form.condition.data = Condition.GOOD.value


def _counting(session: Session, code: str) -> Delivery:
    return deliveries.get_delivery(session, current_actor(), Permission.EDIT_STOCK, code)


def _facts(form: LineForm) -> LineFacts:
    return LineFacts(
        quantity=form.quantity.value,
        lot_code=form.lot_code.value,
        produced_on=form.produced_on.value,
        best_before_on=form.best_before_on.value,
        accepted=form.accepted.value,
        condition=Condition(form.condition.value),
        refusal_reason=form.refusal_reason.value,
    )


def _prepared(form: LineForm) -> bytes | None:
    """The photo in the one size we keep; made before the transaction opens, because it takes a while."""
    sent = [file for file in request.files.getlist("photos") if file.filename]
    if not sent:
        return None
    from catalog.media_pipeline import prepare_photo  # Pillow: only a worker with a photo to prepare needs it

    try:
        return prepare_photo(sent[0].read(), field="photos").files[PHOTO_WIDTH, "jpg"]
    except DomainError as refusal:
        form.refusals.append(_(refusal.message, **refusal.params))
        return None


def _keep(photo: bytes | None) -> str:
    if photo is None:
        return ""
    name = secrets.token_hex(16)
    _storage().save(media.file_name(name, PHOTO_WIDTH, "jpg"), photo)
    return name


def _storage() -> media.FolderStorage:
    return media.FolderStorage(current_settings().private_folder / "deliveries")
