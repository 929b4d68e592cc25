"""The desk of curation: queues in keyboard order, what soon runs out, one submission with everything, and the steps that need few words."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.curation import appeals, checking, deciding, improving, queries
from catalog.curation.queries import SubmissionFilter
from catalog.curation.states import OUTCOMES, CurationState
from catalog.models.curation import Submission, SubmissionKind
from kernel.errors import NotFound
from kernel.people import Permission
from storefront import curation_words
from storefront.curation_words import CURATION, KIND
from storefront.database import reading, transaction
from storefront.i18n import gettext as _
from storefront.office.curation_file import file_page
from storefront.office.curation_forms import DeskForm
from storefront.pages import asked, asked_page, page_addresses, save
from storefront.security import current_actor

_S = CurationState
#: Queues of the desk, each with the states in it; the first is where work begins.
QUEUES: dict[str, frozenset[CurationState]] = {
    "check": frozenset({_S.SUBMITTED, _S.DESK_CHECK}),
    "assess": frozenset({_S.ASSESSMENT}),
    "appeals": frozenset({_S.APPEALED}),
    "returned": frozenset({_S.RETURNED}),
    "decided": OUTCOMES | {_S.EXPIRED, _S.SUPERSEDED},
}
#: These are worked off from the oldest.
_WORK = frozenset({"check", "assess", "appeals"})


def curation_queue() -> ResponseReturnValue:
    """Submissions in reach, by queue, kind, district and text."""
    actor, show, kind = current_actor(), asked("show", 12), asked("kind", 12)
    show = show if show in QUEUES or show == "all" else "check"
    wanted = SubmissionFilter(
        states=QUEUES.get(show, frozenset()),
        kind=SubmissionKind(kind) if kind in set(SubmissionKind) else None,
        area=asked("area", 13),
        text=asked("q"),
        oldest_first=show in _WORK,
    )
    page = queries.list_submissions(reading(), actor, wanted, page=asked_page())
    counts = queries.count_by_state(reading(), actor, area=wanted.area)
    return render_template(
        "office/curation/queue.html",
        page=page,
        show=show,
        wanted=wanted,
        states=CURATION,
        kinds=KIND,
        counts={name: sum(counts[state] for state in states) for name, states in QUEUES.items()},
        districts=[(area.code, area.name) for area in queries.list_districts(reading(), actor)],
        page_url=page_addresses("office.curation_queue", show=show, kind=kind, area=wanted.area, q=wanted.text),
    )


def scoring_queue() -> ResponseReturnValue:
    """What waits for this person's scorecard, the longest first."""
    page = queries.list_assessor_queue(reading(), current_actor(), page=asked_page())
    return render_template(
        "office/curation/scoring_queue.html", page=page, states=CURATION, kinds=KIND, page_url=page_addresses("office.scoring_queue")
    )


def curation_due() -> ResponseReturnValue:
    """Approvals that ran out or soon will, the earliest first."""
    actor, area = current_actor(), asked("area", 13)
    page = queries.list_due_for_recuration(reading(), actor, area=area, page=asked_page())
    return render_template(
        "office/curation/due.html",
        page=page,
        area=area,
        words=curation_words,
        districts=[(each.code, each.name) for each in queries.list_districts(reading(), actor)],
        page_url=page_addresses("office.curation_due", area=area),
    )


def curation_file(code: str) -> ResponseReturnValue:
    """One submission with everything this person may know of it, and what they can do now."""
    return file_page(code), 200


def curation_step(code: str) -> ResponseReturnValue:
    """Take it up, return it, open the assessment, confirm more stars as the second person, answer an appeal."""
    form, step = DeskForm(), request.form.get("step", "")
    queries.get_submission(reading(), current_actor(), code)
    said = {
        "take_up": _("The desk check has begun."),
        "return": _("It is returned, and the maker's side gets a letter with your words."),
        "open_assessment": _("The assessors can begin."),
        "endorse": _("You confirmed the stars as the second person."),
        "uphold": _("The appeal is upheld; another round begins with fresh scorecards."),
        "dismiss": _("The appeal is dismissed; the decision stands."),
    }
    if step not in said:
        raise NotFound
    if form.validate_on_submit() and save(form, lambda session: _step(session, code, step, form.words.value)):
        flash(said[step], "success")
        return redirect(url_for("office.curation_file", code=code), 303)
    return file_page(code, desk=form, failed_step=step), 422


def curation_improvement(code: str, item: str) -> ResponseReturnValue:
    """Tick an improvement off, or open it again."""
    is_done = request.form.get("done") == "1"
    with transaction() as session:
        queries.get_submission(session, current_actor(), code)
        improving.set_improved(session, current_actor(), item, is_done=is_done)
    flash(_("Noted as improved.") if is_done else _("Open again."), "success")
    return redirect(url_for("office.curation_file", code=code, _anchor="improvements"), 303)


def _step(session: Session, code: str, step: str, words: str) -> None:
    actor, submission = current_actor(), queries.get_submission(session, current_actor(), code)
    match step:
        case "take_up":
            checking.take_up(session, actor, submission)
        case "return":
            checking.return_for_changes(session, actor, submission, words)
        case "open_assessment":
            checking.open_assessment(session, actor, submission)
        case "endorse":
            deciding.endorse_upgrade(session, actor, submission)
        case _:
            appeals.decide_appeal(session, actor, submission, upholds=step == "uphold", answer=words)


def sees_evidence(submission: Submission) -> bool:
    """Private files are for those who decide or assess here."""
    actor = current_actor()
    return any(actor.can(each, area_code=submission.village_code) for each in (Permission.DECIDE_CURATION, Permission.ASSESS_PRODUCTS))
