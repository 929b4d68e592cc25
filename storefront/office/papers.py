"""All papers in a person's area: the list with its filters, the calendar of last days, one paper, its renewal and its scan."""

from __future__ import annotations

import calendar
from datetime import date
from urllib.parse import quote

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import certificates as verbs
from catalog.certificates import CertificateFacts
from catalog.models.certificate import CertificateKind
from catalog.papers import keeping
from catalog.papers import queries as reads
from catalog.papers.queries import STEPS, PaperFile, PaperFilter, PaperState
from kernel import clock
from kernel.people import Actor, Permission
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.paper_forms import EndForm, RenewalForm, ScanForm
from storefront.office.record_history import history_of
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.paper_words import PAPER
from storefront.private_files import PrivateFile, give_out, prepared, replace_file
from storefront.security import current_actor
from storefront.templating import current_settings

ROOM = "certificates"


def papers() -> ResponseReturnValue:
    """Every paper in reach, those that end first in front."""
    wanted, values = _wanted()
    today = _today()
    return render_template(
        "office/papers/papers.html",
        paper_said=PAPER,
        page=reads.list_papers(reading(), current_actor(), wanted, today, page=asked_page()),
        counts=reads.count_papers(reading(), current_actor(), today),
        wanted=wanted,
        values=values,
        kinds=list(CertificateKind),
        steps=STEPS,
        today=today,
        page_url=page_addresses("office.papers", **values),
    )


def paper_calendar() -> ResponseReturnValue:
    """The last days of one month, as a grid and as a list to print."""
    today = _today()
    first = _month(asked("month", 7)) or today.replace(day=1)
    found = reads.list_month(reading(), current_actor(), first, today)
    by_day: dict[date, list[reads.Paper]] = {}
    for paper in found:
        if paper.valid_until_on is not None:
            by_day.setdefault(paper.valid_until_on, []).append(paper)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    before, after = _shift(first, -1), _shift(first, 1)
    return render_template(
        "office/papers/calendar.html",
        paper_said=PAPER,
        first=first,
        weeks=weeks,
        by_day=by_day,
        papers=found,
        before=before,
        after=after,
        today=today,
    )


def paper(code: str) -> ResponseReturnValue:
    """One paper: what it says, its scan, what came before and after it."""
    return _page(code, ScanForm(formdata=None), EndForm(formdata=None))


def paper_scan(code: str) -> ResponseReturnValue:
    """The scan itself, for those who keep the papers."""
    found = reads.read_file(reading(), current_actor(), code, _today())
    if found.scan is None or not may_edit(current_actor(), found):
        abort(404)
    return give_out(ROOM, found.scan.name, f"{found.paper.kind.value}-{found.paper.code}")


def paper_scan_new(code: str) -> ResponseReturnValue:
    """A scan, in the place of the one before."""
    form = ScanForm()
    reads.find_certificate(reading(), current_actor(), code)
    if form.validate_on_submit():
        scan = prepared(form, form.scan.value)
        if scan is not None and save(form, lambda session: _keep(session, code, scan)):
            flash(_("The scan is kept."), "success")
            return redirect(url_for("office.paper", code=code), 303)
    return _page(code, form, EndForm(formdata=None))


def paper_end(code: str) -> ResponseReturnValue:
    """A paper that was withdrawn counts until the day typed."""
    form = EndForm()

    def work(session: Session) -> None:
        certificate, _product, _maker = reads.find_certificate(session, current_actor(), code)
        verbs.end_certificate(session, current_actor(), certificate, form.last_day.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("The paper ends on that day."), "success")
        return redirect(url_for("office.paper", code=code), 303)
    return _page(code, ScanForm(formdata=None), form)


def paper_renew(code: str) -> ResponseReturnValue:
    """The new paper that follows this one."""
    actor = current_actor()
    found = reads.read_file(reading(), actor, code, _today())
    if not may_edit(actor, found):
        abort(403)
    form = RenewalForm(data={"issuer": found.certificate.issuer})
    made: list[str] = []
    if form.validate_on_submit():
        scan = prepared(form, form.scan.value) if form.scan.value else None
        if not form.errors and save(form, lambda session: made.append(_renew(session, actor, code, form, scan))):
            flash(_("The new paper is on the list; the old one stays on record."), "success")
            return redirect(url_for("office.paper", code=made[0]), 303)
    found = reads.read_file(reading(), actor, code, _today())
    return render_template("office/papers/renew.html", paper_said=PAPER, found=found, form=form), status_of(form)


def may_edit(actor: Actor, found: PaperFile) -> bool:
    """Whether this person may change the paper."""
    if found.product is not None:
        return actor.can(Permission.EDIT_PRODUCTS, area_code=found.product.village_code)
    return actor.can(Permission.EDIT_MAKERS, area_code=found.maker.village_code)


def _renew(session: Session, actor: Actor, code: str, form: RenewalForm, scan: PrivateFile | None) -> str:
    old, _product, _maker = reads.find_certificate(session, actor, code)
    facts = CertificateFacts(
        kind=old.kind,
        number=form.number.value,
        issuer=form.issuer.value,
        valid_from_on=form.valid_from_on.value,
        valid_until_on=form.valid_until_on.value,
        award_scheme=old.award_scheme,
        award_year=form.valid_from_on.value.year if old.award_year else None,
        stars=old.stars,
        stars_scale=old.stars_scale,
    )
    made = keeping.renew(session, actor, old, facts)
    if scan is not None:
        _keep(session, made.code, scan)
    return made.code


def _keep(session: Session, code: str, scan: PrivateFile) -> None:
    certificate, _product, _maker = reads.find_certificate(session, current_actor(), code)
    replace_file(session, ROOM, scan, keeping.keep_scan(session, current_actor(), certificate, scan.scan))


def _page(code: str, scan_form: ScanForm, end_form: EndForm) -> ResponseReturnValue:
    actor = current_actor()
    found = reads.read_file(reading(), actor, code, _today())
    owner = f"product:{found.product.slug}" if found.product else f"maker:{found.maker.slug}"
    page = render_template(
        "office/papers/paper.html",
        paper_said=PAPER,
        found=found,
        may_edit=may_edit(actor, found),
        scan_form=scan_form,
        end_form=end_form,
        today=_today(),
        message=_message(found),
        history=history_of([f"certificate:{found.paper.code}", owner], number=found.paper.number),
    )
    return page, max(status_of(scan_form), status_of(end_form)) if request.method == "POST" else 200


def _message(found: PaperFile) -> str:
    """A WhatsApp address with words to the maker; empty without a phone or an end."""
    if not found.maker.phone or found.paper.days_left is None:
        return ""
    text = _(
        "Hello %(maker)s, your paper %(number)s is valid until %(day)s. Please begin its renewal; the office helps.",
        maker=found.maker.name,
        number=found.paper.number or found.paper.issuer,
        day=f"{found.paper.valid_until_on:%d/%m/%Y}",
    )
    return f"https://wa.me/{found.maker.phone.lstrip('+')}?text={quote(text)}"


def _wanted() -> tuple[PaperFilter, dict[str, str]]:
    values = {name: asked(name) for name in ("kind", "state", "within", "area", "text", "scan")}
    kind = next((each for each in CertificateKind if each.value == values["kind"]), None)
    state = next((each for each in PaperState if each.value == values["state"]), None)
    within = next((days for days in STEPS if str(days) == values["within"]), STEPS[0])
    found = PaperFilter(
        kind=kind, state=state, within=within, area=values["area"][:13], text=values["text"], without_scan=values["scan"] == "none"
    )
    return found, {name: value for name, value in values.items() if value}


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None


def _shift(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _today() -> date:
    return clock.today(current_settings().zone)
