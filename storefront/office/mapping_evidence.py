"""Evidence about a potential product: photos and papers that only signed-in people see, and notes."""

from __future__ import annotations

import secrets
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import media
from catalog.mapping import potentials
from catalog.mapping.potentials import EvidenceFacts
from catalog.models.mapping import EvidenceKind
from kernel import clock
from kernel.errors import DomainError
from kernel.people import Permission
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.mapping_forms import EvidenceForm
from storefront.office.mapping_village import address_of, reached
from storefront.office.programme_area import asked_year
from storefront.pages import save, status_of
from storefront.private_files import answer_with, is_pdf
from storefront.security import current_actor
from storefront.templating import current_settings

#: Widths a photo is kept in; the small one stands in the file.
SMALL, LARGE = 320, 1080


def evidence_new(potential: str) -> ResponseReturnValue:
    """Show that it is made there: from the camera, with a paper, or in words."""
    found = potentials.get_potential(reading(), current_actor(), potential, Permission.MAP_VILLAGES)
    village = found.village_code
    form = EvidenceForm(data={"seen_on": clock.today().isoformat()})
    is_right = form.validate_on_submit()
    try:
        kind, parts = _prepared() if is_right else (EvidenceKind.NOTE, {})
    except DomainError as refusal:
        form.refuse(refusal)
        is_right = False
    name = secrets.token_hex(16) if is_right and parts else ""

    def work(session: Session) -> None:
        record = potentials.get_potential(session, current_actor(), potential, Permission.MAP_VILLAGES)
        facts = EvidenceFacts(kind, form.source.value or "", form.seen_on.value, form.note.value or "", name)
        potentials.add_evidence(session, current_actor(), record, facts)
        for ending, data in parts.items():
            _storage().save(f"{name}{ending}", data)

    if is_right and save(form, work):
        flash(_("The evidence is kept."), "success")
        return redirect(address_of(village), 303)
    found = potentials.get_potential(reading(), current_actor(), potential, Permission.MAP_VILLAGES)
    page = render_template("office/mapping/evidence.html", form=form, village=reached(village), potential=found, year=asked_year())
    return page, status_of(form)


def evidence_file(evidence: str) -> ResponseReturnValue:
    """The photo or the paper itself; a paper is a download and never shown as a page of ours."""
    found, _potential = potentials.get_evidence(reading(), current_actor(), evidence)
    is_photo = found.kind is EvidenceKind.PHOTO
    width = SMALL if request.args.get("size") == "small" else LARGE
    try:
        data = _storage().open(f"{found.file_name}-{width}.jpg" if is_photo else f"{found.file_name}.pdf")
    except (FileNotFoundError, media.BadName):
        abort(404)
    return answer_with(data, f"{found.code}.{'jpg' if is_photo else 'pdf'}")


def evidence_remove(evidence: str) -> ResponseReturnValue:
    """Take it away, with its file."""
    _found, about = potentials.get_evidence(reading(), current_actor(), evidence, Permission.MAP_VILLAGES)
    village, form, names = about.village_code, EvidenceForm(formdata=None), []

    def work(session: Session) -> None:
        record, potential = potentials.get_evidence(session, current_actor(), evidence, Permission.MAP_VILLAGES)
        names.append(potentials.remove_evidence(session, current_actor(), record, potential.village_code))

    if not save(form, work):
        abort(409)
    media.delete_files(_storage(), [f"{name}{ending}" for name in names if name for ending in (f"-{SMALL}.jpg", f"-{LARGE}.jpg", ".pdf")])
    flash(_("The evidence is removed."), "success")
    return redirect(address_of(village), 303)


def _prepared() -> tuple[EvidenceKind, dict[str, bytes]]:
    """What was sent, made ready before the transaction opens: a photo drawn anew in two widths, or a PDF as it is."""
    sent: list[Any] = [file for file in request.files.getlist("photos") if file.filename]
    if not sent:
        return EvidenceKind.NOTE, {}
    data = sent[0].read()
    if is_pdf(data, field="photos"):
        return EvidenceKind.FILE, {".pdf": data}
    from catalog.media_pipeline import prepare_photo  # Pillow: only a worker with a photo to prepare needs it

    files = prepare_photo(data, field="photos").files
    return EvidenceKind.PHOTO, {f"-{width}.jpg": files[width, "jpg"] for width in (SMALL, LARGE)}


def _storage() -> media.FolderStorage:
    return media.FolderStorage(current_settings().private_folder / "mapping")
