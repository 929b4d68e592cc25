"""Deciding: an outcome with ready or own words, what should be improved, and the printed letter to the maker."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import programme_offices
from catalog.curation import deciding, queries
from catalog.curation.deciding import Improvement, Verdict
from catalog.curation.files import read_file
from catalog.curation.states import CurationState
from catalog.models.curation import Gate
from catalog.products import get_product
from kernel.errors import N_, InvalidInput, NotFound
from kernel.people import Permission
from storefront import curation_words
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.curation_file import file_page, fill_ready
from storefront.office.curation_forms import DecisionForm, typed
from storefront.pages import save
from storefront.security import current_actor

#: Improvements that one decision can ask for.
MOST_ITEMS = 30


def curation_decision(code: str) -> ResponseReturnValue:
    """Decide, and tell the maker. A refusal shows the page again with everything as it was typed."""
    queries.get_submission(reading(), current_actor(), code)
    form = DecisionForm()
    fill_ready(form, frozenset(CurationState))
    items = _items()
    if form.validate_on_submit() and save(form, lambda session: _decide(session, code, form, items)):
        flash(_("The decision is on record, and the maker's side gets a letter with your reason."), "success")
        return redirect(url_for("office.curation_file", code=code, _anchor="decisions"), 303)
    return file_page(code, decision=form, items=items), 422


def curation_letter(code: str) -> ResponseReturnValue:
    """The latest decision as a letter to print and sign."""
    file = read_file(reading(), current_actor(), code)
    if not file.decisions or not current_actor().can(Permission.DECIDE_CURATION, area_code=file.submission.village_code):
        raise NotFound
    decision = file.decisions[0]
    return render_template(
        "office/curation/letter.html",
        file=file,
        decision=decision,
        items=[item for item in file.improvements if item.decision_id == decision.id],
        product=get_product(reading(), file.submission.product.slug),
        office=programme_offices.find_office_for(reading(), file.submission.village_code),
        words=curation_words,
    ), 200


def _decide(session: Session, code: str, form: DecisionForm, items: dict[str, str]) -> None:
    ready = form.chosen()
    own = bool(form.reason_id.value or form.reason_en.value)
    verdict = Verdict(
        outcome=ready.outcome,
        reason_id=form.reason_id.value if own else ready.text_id,
        reason_en=form.reason_en.value if own else ready.text_en,
        summary_id=form.summary_id.value if ready.outcome is CurationState.APPROVED else "",
        summary_en=form.summary_en.value if ready.outcome is CurationState.APPROVED else "",
        private_remarks=form.private_remarks.value,
        improvements=[_improvement(key, text) for key, text in items.items()],
    )
    submission = queries.get_submission(session, current_actor(), code)
    deciding.decide(session, current_actor(), submission, verdict, replaces_corrections=form.replaces.value)


def _improvement(key: str, text: str) -> Improvement:
    about, _colon, name = key.partition(":")
    if about == "criterion":
        return Improvement(text=text, criterion=name)
    if about == "gate" and name in set(Gate):
        return Improvement(text=text, gate=Gate(name))
    raise InvalidInput(N_("Tie each improvement to one criterion or one gate."))


def _items() -> dict[str, str]:
    """What was ticked, with its text; one more can be written for any criterion or gate."""
    found = {key: typed(request.form, f"item-{key}", 500) for key in request.form.getlist("item")[:MOST_ITEMS]}
    if request.form.get("more") and typed(request.form, "more-text", 500):
        found[request.form["more"]] = typed(request.form, "more-text", 500)
    return {key: text for key, text in found.items() if text}
