"""Reporting in the office: a period at a glance by area, who reported and who did not, and opening and locking periods."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.mapping.focus import Focus
from catalog.models.reporting import PeriodState, ReportPeriod
from catalog.reporting import periods, queries, writing
from catalog.reporting.states import ReportState
from kernel.errors import NotFound
from kernel.people import Permission
from storefront import state_words
from storefront.database import reading, transaction
from storefront.documents.report_words import NEEDS
from storefront.i18n import current_language, ngettext
from storefront.i18n import gettext as _
from storefront.office.programme_area import looked_at, way_around
from storefront.office.reporting_forms import PeriodForm, ReasonForm
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.security import current_actor

FILES = ("pdf", "xlsx", "csv")


def reporting() -> ResponseReturnValue:
    """One period in one area: figures by the areas below, what is needed, what can be done."""
    focus = looked_at()
    found, period = _periods(focus)
    shown: dict[str, Any] = {"whole": None, "parts_of_area": [], "needs": []}
    if period:
        parts = queries.measure_reports(reading(), focus, period, current_language())
        needs = [(_(NEEDS[need]), count) for need, count in queries.count_needs(reading(), focus, period)]
        shown = {"whole": queries.add_up(focus.code, focus.name, parts), "parts_of_area": parts, "needs": needs}
    actor = current_actor()
    return render_template(
        "office/reporting/overview.html",
        period=period,
        periods=found,
        tabs=tabs("reporting", focus, period),
        files=[(kind.upper(), _file_address(kind, focus, period)) for kind in FILES] if period else [],
        may_open=actor.can(Permission.MANAGE_PERIODS, area_code=focus.code) and focus.level <= 2,
        may_receive=_may_change(period) and actor.can(Permission.RECEIVE_REPORTS, area_code=focus.code),
        may_write=_may_change(period) and focus.level == 4 and actor.can(Permission.SEND_REPORTS, area_code=focus.code),
        reports=queries.list_reports(reading(), focus, period).rows if period and focus.level == 4 else [],
        **shown,
        **way_around(focus, "office.reporting", period=period.code if period else ""),
    )


def report_list() -> ResponseReturnValue:
    """Every village that was asked, with its report or without."""
    focus, wanted = looked_at(), asked("state", 12)
    found, period = _periods(focus)
    if period is None:
        return redirect(url_for("office.reporting", area=focus.code), 302)
    page = queries.list_reports(reading(), focus, period, wanted, page=asked_page())
    states = [("missing", _("Not reported")), *((state.value, _(state_words.REPORT[state][0])) for state in ReportState)]
    kept = {"state": wanted, "period": period.code}
    return render_template(
        "office/reporting/list.html",
        page=page,
        period=period,
        periods=found,
        wanted=wanted,
        states=states,
        tabs=tabs("list", focus, period),
        may_write=_may_change(period) and current_actor().can(Permission.SEND_REPORTS),
        page_url=page_addresses("office.report_list", area=focus.code, **kept),
        **way_around(focus, "office.report_list", **kept),
    )


def period_new() -> ResponseReturnValue:
    """Ask the villages of an area for reports."""
    focus, form = looked_at(), PeriodForm()
    made: list[ReportPeriod] = []

    def work(session: Session) -> None:
        made.append(periods.open_period(session, current_actor(), focus.code, form.new_period()))

    if form.validate_on_submit() and save(form, work):
        flash(_("The period is open: villages can report now."), "success")
        return redirect(url_for("office.reporting", area=focus.code, period=made[0].code), 303)
    return render_template("office/reporting/period_new.html", form=form, focus=focus), status_of(form)


def period(period: str) -> ResponseReturnValue:
    """A period: its days, its seal, and who opened and locked it."""
    return _period_page(period, ReasonForm(formdata=None)), 200


def period_lock(period: str) -> ResponseReturnValue:
    """Nothing in it changes from now on."""
    number = periods.get_period(reading(), current_actor(), period).id
    with transaction() as session:
        periods.lock_period(session, current_actor(), number)
    flash(_("The period is locked. What was reported is sealed."), "success")
    return redirect(url_for("office.period", period=period), 303)


def period_reopen(period: str) -> ResponseReturnValue:
    """An administrator lets changes in again, and says why."""
    form = ReasonForm()
    number = periods.get_period(reading(), current_actor(), period).id
    if form.validate_on_submit() and save(form, lambda session: periods.reopen_period(session, current_actor(), number, form.reason.value)):
        flash(_("The period is open again."), "success")
        return redirect(url_for("office.period", period=period), 303)
    return _period_page(period, form), 422


def period_receive(period: str) -> ResponseReturnValue:
    """The province receives everything that a regency has checked."""
    focus = looked_at()
    found = periods.get_period(reading(), current_actor(), period)
    if focus.level > 2:
        raise NotFound
    codes = [focus.code] if focus.level == 2 else [step.code for step in focus.below]
    with transaction() as session:
        count = sum(writing.receive_all(session, current_actor(), found, code) for code in codes)
    flash(ngettext("%(num)s report was received.", "%(num)s reports were received.", count), "success")
    return redirect(url_for("office.reporting", area=focus.code, period=period), 303)


def tabs(here: str, focus: Focus, period: ReportPeriod | None) -> list[tuple[str, str, bool]]:
    """The rooms of reporting."""
    if period is None:
        return []
    kept = {"area": focus.code, "period": period.code}
    return [
        (_("Figures"), url_for("office.reporting", area=focus.code, period=period.code), here == "reporting"),
        (_("Reports of the villages"), url_for("office.report_list", area=focus.code, period=period.code), here == "list"),
        (_("The period"), url_for("office.period", period=kept["period"]), here == "period"),
    ]


def asked_period(focus: Focus) -> ReportPeriod:
    """The period in the address, for files; NotFound without one."""
    _found, period = _periods(focus)
    if period is None:
        raise NotFound
    return period


def _periods(focus: Focus) -> tuple[list[ReportPeriod], ReportPeriod | None]:
    """The area's periods, and the one looked at: asked for, else the latest. Two statements at most."""
    found = periods.list_periods(reading(), focus.code)
    code = asked("period", 8).upper()
    if not code:
        return found, found[0] if found else None
    period = next((each for each in found if each.code == code), None)
    if period is None:
        raise NotFound
    return found, period


def _period_page(code: str, form: ReasonForm) -> str:
    actor = current_actor()
    found = periods.get_period(reading(), actor, code)
    return render_template(
        "office/reporting/period.html",
        period=found,
        steps=periods.list_period_steps(reading(), found),
        form=form,
        seal=periods.reckon_seal(reading(), found) if found.state is PeriodState.LOCKED else "",
        may_lock=actor.can(Permission.MANAGE_PERIODS, area_code=found.area_code),
        may_reopen=actor.can(Permission.REOPEN_PERIODS, area_code=found.area_code),
    )


def _may_change(period: ReportPeriod | None) -> bool:
    return period is not None and period.state is PeriodState.OPEN


def _file_address(kind: str, focus: Focus, period: ReportPeriod) -> str:
    return url_for("office.report_roll_up", kind=kind, area=focus.code, period=period.code)
