"""Scorecards: every level in words, what was seen, a photograph; kept while it is filled in, blind until the decision."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from catalog.curation import assessing, queries, scorecard
from catalog.curation.assessing import Mark
from catalog.curation.files import SubmissionFile, read_file
from catalog.curation.states import Act
from catalog.models.curation import Assessment, AssessorConflict, Criterion, ScoreSheet
from catalog.products import get_product
from kernel import unsent
from kernel.errors import N_, InvalidInput, NotFound
from storefront import curation_words
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.curation_file import file_page
from storefront.office.curation_forms import DeskForm, RowsForm, posted, typed
from storefront.office.curation_gates import keep_evidence, prepared_files, send_evidence
from storefront.office.differences import list_facts
from storefront.office.unsent_forms import restored
from storefront.pages import save, status_of
from storefront.security import current_actor


def curation_score(code: str) -> ResponseReturnValue:
    """One's own scorecard. It can be put aside at any moment; finished, it counts and stands."""
    actor = current_actor()
    file = read_file(reading(), actor, code)
    if (Act.SCORE not in file.acts or _is_over(file)) and request.method == "GET":
        return redirect(url_for("office.curation_file", code=code), 303)
    if file.criteria_set is None:
        raise NotFound
    keys = [criterion.key for criterion in file.criteria_set.criteria]
    form, finish = RowsForm(), "finish" in request.form
    if form.validate_on_submit():
        files = prepared_files(form, keys)
        if not form.row_errors and save(form, lambda session: _score(session, code, keys, files, finish)):
            flash(
                _("Your scorecard is finished. Thank you.") if finish else _("Your scorecard is kept. Come back whenever you like."),
                "success",
            )
            return redirect(url_for("office.curation_file" if finish else "office.curation_score", code=code), 303)
    file = read_file(reading(), actor, code)
    left = restored(actor, _key(code))
    values = request.form if form.is_submitted() else left.values if left else _kept(file)
    page = render_template(
        "office/curation/score.html",
        file=file,
        form=form,
        product=get_product(reading(), file.submission.product.slug),
        facts=list_facts(file.proposed),
        criteria=file.criteria_set.criteria if file.criteria_set else [],
        value=lambda name: typed(values, name),
        evidence={row.criterion_id: row.evidence for row in file.my_sheet.assessments if row.evidence} if file.my_sheet else {},
        blocks=[(block, scorecard.weight_of(file.criteria_set.card, block)) for block in scorecard.Block] if file.criteria_set else [],
        done=sum(bool(typed(values, f"level-{key}")) for key in keys),
        words=curation_words,
        left=left,
        key=_key(code),
    )
    return page, status_of(form)


def score_evidence(code: str, sheet: int, criterion: int) -> ResponseReturnValue:
    """The photograph beside one criterion of one scorecard that this person may see."""
    file = read_file(reading(), current_actor(), code)
    row = next(
        (row for each in file.sheets if each.id == sheet for row in each.assessments if row.criterion_id == criterion),
        None,
    )
    if row is None:
        abort(404)
    return send_evidence(file.submission, row.evidence)


def curation_conflict(code: str) -> ResponseReturnValue:
    """Say that one is too close to this maker; scores that wait no longer count."""
    form = DeskForm()
    queries.get_submission(reading(), current_actor(), code)

    def work(session: Session) -> None:
        submission = queries.get_submission(session, current_actor(), code)
        assessing.declare_conflict(session, current_actor(), submission, form.words.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("Your conflict of interest is on record. Somebody else does the work here."), "success")
        return redirect(url_for("office.curation_file", code=code), 303)
    return file_page(code, desk=form, failed_step="conflict"), 422


def curation_conflict_end(code: str, conflict: int) -> ResponseReturnValue:
    """Lift a conflict of interest that no longer stands."""
    form = DeskForm()
    queries.get_submission(reading(), current_actor(), code)

    def work(session: Session) -> None:
        submission = queries.get_submission(session, current_actor(), code)
        found = session.scalar(select(AssessorConflict).where(AssessorConflict.id == conflict))
        if found is None:
            raise NotFound
        assessing.end_conflict(session, current_actor(), submission, found)

    if form.validate_on_submit() and save(form, work):
        flash(_("The conflict of interest is lifted."), "success")
        return redirect(url_for("office.curation_file", code=code), 303)
    return file_page(code, desk=form, failed_step="conflict"), 422


def _score(session: Session, code: str, keys: list[str], files: dict[str, bytes], finish: bool) -> ScoreSheet:
    actor = current_actor()
    submission = queries.get_submission(session, actor, code)
    marks = {}
    for key in keys:
        level, note = posted(f"level-{key}"), posted(f"note-{key}")
        if not level:
            if note or key in files:
                raise InvalidInput(N_("Choose a level first; the note belongs to it."), field=key)
            continue
        number = int(level) if level.isascii() and level.isdigit() and len(level) == 1 else 0
        marks[key] = Mark(number, note, keep_evidence(files.get(key)))
    sheet = assessing.score(session, actor, submission, marks, finish=finish)
    unsent.forget(session, actor, _key(code))
    return sheet


def _kept(file: SubmissionFile) -> MultiDict[str, str]:
    """What the scorecard holds, as the form shows it."""
    values = MultiDict[str, str]()
    for criterion, row in _rows(file):
        values[f"level-{criterion.key}"] = str(row.level)
        values[f"note-{criterion.key}"] = row.note
    return values


def _rows(file: SubmissionFile) -> list[tuple[Criterion, Assessment]]:
    if file.my_sheet is None or file.criteria_set is None:
        return []
    by_id = {criterion.id: criterion for criterion in file.criteria_set.criteria}
    return [(by_id[row.criterion_id], row) for row in file.my_sheet.assessments]


def _is_over(file: SubmissionFile) -> bool:
    return file.my_sheet is not None and (file.my_sheet.finished_at is not None or file.my_sheet.voided_at is not None)


def _key(code: str) -> str:
    return f"scorecard:{code}"
