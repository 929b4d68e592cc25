"""One village's report in the office: written on a phone, sent, returned, checked, received, corrected, printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.models.reporting import PeriodState, UnitKind, VillageReport
from catalog.programme_offices import find_office_for
from catalog.reporting import content as contents
from catalog.reporting import periods, queries, writing
from catalog.reporting.states import EDITABLE, ReportAct
from catalog.reporting.writing import Unit
from kernel import unsent
from kernel.people import Permission
from storefront.database import reading
from storefront.documents.answers import answer_pdf
from storefront.documents.report_words import NEEDS, UNITS
from storefront.i18n import gettext as _
from storefront.office.mapping_village import reached
from storefront.office.reporting_forms import BeginForm, RemarksForm, report_form
from storefront.office.unsent_forms import restored
from storefront.pages import save, status_of
from storefront.security import current_actor

Verb = Callable[[Session, Any, int, str], VillageReport]


def report_begin(period: str, village: str) -> ResponseReturnValue:
    """The report of a village, or of a community, school or class in it."""
    place = reached(village, Permission.SEND_REPORTS)
    found = periods.get_period(reading(), current_actor(), period)
    has_own = queries.has_village_report(reading(), found, village)
    form = BeginForm(data={"unit_kind": (UnitKind.COMMUNITY if has_own else UnitKind.VILLAGE).value})
    kinds = [
        kind for kind in UNITS if form.is_submitted() or not (has_own and kind is UnitKind.VILLAGE)
    ]  # pressed twice, it is the same report
    form.unit_kind.choices = [(kind.value, _(UNITS[kind])) for kind in kinds]
    made: list[VillageReport] = []

    def work(session: Session) -> None:
        names = ("unit_name", "contact_name", "contact_phone")
        unit = Unit(UnitKind(form.unit_kind.value), *(getattr(form, name).value or "" for name in names))
        made.append(writing.begin_report(session, current_actor(), found, village, unit))

    if form.validate_on_submit() and save(form, work):
        return redirect(url_for("office.report_write", report=made[0].code), 303)
    found = periods.get_period(reading(), current_actor(), period)
    return render_template("office/reporting/begin.html", form=form, village=place, period=found), status_of(form)


def village_report(report: str) -> ResponseReturnValue:
    """What was sent, by whom, and what can be done now."""
    return _page(report, RemarksForm(formdata=None)), 200


def report_write(report: str) -> ResponseReturnValue:
    """The form. `send` keeps it and sends it; `more` keeps it and makes room for further products."""
    actor = current_actor()
    found = queries.get_report(reading(), actor, report)
    reached(found.village_code, Permission.SEND_REPORTS)
    if found.state not in EDITABLE or found.period.state is PeriodState.LOCKED:
        return redirect(url_for("office.village_report", report=report), 303)
    key, number = f"report:{found.code}", found.id
    left = restored(actor, key, since=found.changed_at)
    kept = contents.load(found.content)
    form = report_form(kept, left.values, list(left.values)) if left else report_form(kept)

    def work(session: Session) -> None:
        (writing.send_report if "send" in request.form else writing.write_report)(session, actor, number, form.content())
        unsent.forget(session, actor, key)

    if form.validate_on_submit() and save(form, work):
        if "send" in request.form:
            flash(_("The report is sent. Thank you."), "success")
            return redirect(url_for("office.village_report", report=report), 303)
        flash(_("The report is kept. Send it when it is complete."), "success")
        return redirect(url_for("office.report_write", report=report, more=1 if "more" in request.form else None), 303)
    found = queries.get_report(reading(), actor, report)
    page = render_template("office/reporting/write.html", report=found, form=form, key=key, left=left, units=UNITS)
    return page, status_of(form)


def report_check(report: str) -> ResponseReturnValue:
    """The regency has looked at it."""
    return _act(report, writing.check_report, Permission.CHECK_REPORTS, _("The report is checked."))


def report_return(report: str) -> ResponseReturnValue:
    """Back to the village, with remarks."""
    return _act(report, writing.return_report, Permission.CHECK_REPORTS, _("The report is with its village again."))


def report_send_back(report: str) -> ResponseReturnValue:
    """The province gives back what the regency had checked."""
    return _act(report, writing.return_report, Permission.RECEIVE_REPORTS, _("The report is with its village again."))


def report_receive(report: str) -> ResponseReturnValue:
    """The province has it."""
    return _act(report, writing.receive_report, Permission.RECEIVE_REPORTS, _("The report is received."))


def report_correct(report: str) -> ResponseReturnValue:
    """Open it again: what was sent stays on record."""
    said = _("You can correct the report now. What was sent before stays on record.")
    return _act(report, writing.correct_report, Permission.SEND_REPORTS, said)


def report_letter(report: str) -> ResponseReturnValue:
    """The letter to the regency, to print and sign."""
    from storefront.documents.report_letter import draw_letter

    file = queries.read_report(reading(), current_actor(), report)
    office = find_office_for(reading(), file.report.village_code)
    drawn = draw_letter(file, office)
    return answer_pdf(drawn, f"{_('Report')} {file.report.village.name} {file.report.code}")


def _act(code: str, verb: Verb, permission: Permission, said: str) -> ResponseReturnValue:
    found = queries.get_report(reading(), current_actor(), code)
    reached(found.village_code, permission)
    number, form = found.id, RemarksForm()

    def work(session: Session) -> None:
        verb(session, current_actor(), number, form.remarks.value or "")

    if form.validate_on_submit() and save(form, work):
        flash(said, "success")
        return redirect(url_for("office.village_report", report=code), 303)
    return _page(code, form), 422


def _page(code: str, form: RemarksForm) -> str:
    actor = current_actor()
    file = queries.read_report(reading(), actor, code)
    report = file.report
    older = zip(file.versions, file.versions[1:], strict=False)
    changes = {new.version: contents.list_changed_lines(contents.load(old.content), contents.load(new.content)) for new, old in older}
    return render_template(
        "office/reporting/report.html",
        file=file,
        report=report,
        form=form,
        changes=changes,
        acts=writing.list_report_acts(actor, report, is_locked=report.period.state is PeriodState.LOCKED),
        may_check=actor.can(Permission.CHECK_REPORTS, area_code=report.village_code),
        needs={need: _(name) for need, name in NEEDS.items()},
        units=UNITS,
        Act=ReportAct,
    )
