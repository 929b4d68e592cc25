"""The checklist of the six gates, with photographs of papers that only the office sees."""

from __future__ import annotations

import secrets

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import desk, media
from catalog.curation import checking, queries
from catalog.curation.files import read_file
from catalog.curation.states import CurationState
from catalog.models.curation import Gate, GateCheck, GateResult, Submission
from catalog.products import get_product
from kernel import clock
from kernel.errors import N_, DomainError, InvalidInput, NotAllowed
from kernel.parsing import parse_choice
from storefront import curation_words
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.curation import sees_evidence
from storefront.office.curation_forms import RowsForm, posted
from storefront.pages import save, status_of
from storefront.security import current_actor
from storefront.templating import current_settings

#: Wide enough to read a permit.
WIDTH = 1080


def curation_gates(code: str) -> ResponseReturnValue:
    """What was found at each gate; rows that were left alone stay as they were."""
    actor = current_actor()
    submission = queries.get_submission(reading(), actor, code)
    if submission.state is not CurationState.DESK_CHECK and request.method == "GET":
        return redirect(url_for("office.curation_file", code=code), 303)
    form = RowsForm()
    if form.validate_on_submit():
        files = prepared_files(form, [gate.value for gate in Gate])
        if not form.row_errors and save(form, lambda session: _record(session, code, files)):
            flash(_("The checklist is saved."), "success")
            return redirect(url_for("office.curation_file", code=code), 303)
    file = read_file(reading(), actor, code)
    product = get_product(reading(), file.submission.product.slug)
    page = render_template(
        "office/curation/gates.html",
        file=file,
        form=form,
        words=curation_words,
        posted=posted,
        product=product,
        papers=desk.list_papers(reading(), product),
        today=clock.today(current_settings().zone),
    )
    return page, status_of(form)


def curation_evidence(code: str, gate: str) -> ResponseReturnValue:
    """The photograph behind one gate."""
    submission = queries.get_submission(reading(), current_actor(), code)
    found = parse_gate(gate)
    name = reading().scalar(select(GateCheck.evidence).where(GateCheck.submission_id == submission.id, GateCheck.gate == found))
    return send_evidence(submission, name or "")


def parse_gate(text: str) -> Gate:
    """The gate of an address; 404 for any other word."""
    if text not in set(Gate):
        abort(404)
    return Gate(text)


def prepared_files(form: RowsForm, keys: list[str]) -> dict[str, bytes]:
    """The photographs that were sent as `file-<key>`, in the one size we keep; prepared before the transaction opens."""
    from catalog.media_pipeline import prepare_photo  # Pillow: only a worker with a photo to prepare needs it

    found = {}
    for key in keys:
        sent = request.files.get(f"file-{key}")
        if sent is None or not sent.filename:
            continue
        try:
            found[key] = prepare_photo(sent.read(), field=key).files[WIDTH, "jpg"]
        except DomainError as refusal:
            form.refuse(refusal)
    return found


def keep_evidence(data: bytes | None) -> str:
    """Store a prepared photograph among the private files; its name, or nothing."""
    if data is None:
        return ""
    name = secrets.token_hex(16)
    _storage().save(media.file_name(name, WIDTH, "jpg"), data)
    return name


def send_evidence(submission: Submission, name: str) -> ResponseReturnValue:
    """A private file, to those who decide or assess here."""
    if not sees_evidence(submission):
        raise NotAllowed
    try:
        data = _storage().open(media.file_name(name, WIDTH, "jpg")) if name else None
    except (FileNotFoundError, media.BadName):
        data = None
    if data is None:
        abort(404)
    answer = Response(data, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _record(session: Session, code: str, files: dict[str, bytes]) -> None:
    actor = current_actor()
    submission = queries.get_submission(session, actor, code)
    known = {check.gate: check for check in session.scalars(select(GateCheck).where(GateCheck.submission_id == submission.id))}
    for gate in Gate:
        result, remark, data = posted(f"result-{gate.value}"), posted(f"remark-{gate.value}"), files.get(gate.value)
        check = known.get(gate)
        if not result:
            if remark or data:
                raise InvalidInput(N_("Please choose one of the options."), field=gate.value)
            continue
        parsed = parse_choice(GateResult, result, field=gate.value)
        if check is not None and (check.result, check.remark) == (parsed, remark) and data is None:
            continue
        try:
            checking.record_gate(session, actor, submission, gate, parsed, remark=remark, evidence=keep_evidence(data))
        except InvalidInput as refusal:
            raise InvalidInput(refusal.message, field=gate.value, **refusal.params) from None


def _storage() -> media.FolderStorage:
    return media.FolderStorage(current_settings().private_folder / "curation")
