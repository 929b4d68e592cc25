"""Mentoring in the office: the first page, one maker with its progress, action items, and who accompanies whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.areas import describe_areas
from catalog.desk import list_villages_to_choose
from catalog.mentoring import assignments as assigning
from catalog.mentoring import items as verbs
from catalog.mentoring import organisations as referring
from catalog.mentoring import queries as reads
from catalog.mentoring.items import ItemFacts
from catalog.mentoring.reach import find_maker
from catalog.models.mentoring import ItemOwner, ReferralState
from kernel import clock
from kernel.errors import DomainError
from kernel.people import Permission
from storefront.charts import NARROW, WIDE, Value, draw_columns
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.mentoring_words import OWNER, REFERRAL
from storefront.office.mentoring_forms import AssignmentForm, DoneForm, ItemForm, LastDayForm, ReferralForm, ResultForm
from storefront.office.record_history import history_of
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.private_files import PrivateFile, give_out, storage, take_in
from storefront.security import current_actor
from storefront.templating import current_settings, month, number

ROOM = "visits"
SHOWS = ("open", "overdue", "done")


def today() -> date:
    """The day where the office is."""
    return clock.today(current_settings().zone)


def owner_choices() -> list[tuple[str, str]]:
    """Who may have to do something."""
    return [(owner.value, _(OWNER[owner])) for owner in ItemOwner]


def mentoring() -> ResponseReturnValue:
    """What was seen of late, what is due, and whom I accompany."""
    actor, session = current_actor(), reading()
    return render_template(
        "office/mentoring/mentoring.html",
        counts=reads.count_mentoring(session, actor, today()),
        planned=reads.list_planned(session, actor, today()),
        visits=reads.list_visits(session, actor).rows[:6],
        items=reads.list_items(session, actor, today()).rows[:6],
        mine=reads.list_assignments(session, actor, today(), mine=True),
        owner_words=OWNER,
        today=today(),
        may_write=actor.can(Permission.MENTOR_MAKERS),
    )


def mentored_maker(slug: str) -> ResponseReturnValue:
    """One maker: progress, visits, what is to be done, referrals."""
    return _maker_page(slug, _item_form(slug), ReferralForm(formdata=None))


def maker_item_new(slug: str) -> ResponseReturnValue:
    """One more thing to do for a maker."""
    actor = current_actor()
    find_maker(reading(), actor, slug, Permission.MENTOR_MAKERS)
    form = _item_form(slug, is_sent=True)

    def work(session: Session) -> None:
        maker = find_maker(session, actor, slug, Permission.MENTOR_MAKERS)
        facts = ItemFacts(
            owner=ItemOwner(form.owner.value), due_on=form.due_on.value, text=form.text.value, improvement=form.improvement.value or ""
        )
        verbs.add_item(session, actor, maker, facts)

    if form.validate_on_submit() and save(form, work):
        flash(_("It is on the list."), "success")
        return redirect(url_for("office.mentored_maker", slug=slug, _anchor="items"), 303)
    return _maker_page(slug, form, ReferralForm(formdata=None))


def maker_refer(slug: str) -> ResponseReturnValue:
    """Send a maker to a supporting organisation."""
    actor = current_actor()
    find_maker(reading(), actor, slug, Permission.MENTOR_MAKERS)
    form = ReferralForm()
    _fill_referral(form)

    def work(session: Session) -> None:
        maker = find_maker(session, actor, slug, Permission.MENTOR_MAKERS)
        organisation = referring.get_organisation(session, actor, form.organisation.value)
        referring.refer(session, actor, maker, organisation, form.purpose.value, today())

    if form.validate_on_submit() and save(form, work):
        flash(_("The referral is noted."), "success")
        return redirect(url_for("office.mentored_maker", slug=slug, _anchor="referrals"), 303)
    return _maker_page(slug, _item_form(slug), form)


def referral_result(code: str) -> ResponseReturnValue:
    """What the organisation answered."""
    actor = current_actor()
    found = referring.get_referral(reading(), actor, code)
    slug = found.maker.slug
    form = ResultForm()
    form.state.choices = [(state.value, _(REFERRAL[state][0])) for state in ReferralState]
    if form.validate_on_submit() and save(
        form, lambda session: referring.note_result(session, actor, code, ReferralState(form.state.value), form.result.value)
    ):
        flash(_("The answer is noted."), "success")
    for _field, problem in form.problems():
        flash(problem, "error")
    return redirect(url_for("office.mentored_maker", slug=slug, _anchor="referrals"), 303)


def action_items() -> ResponseReturnValue:
    """What is to be done in reach: open by its day, overdue, done."""
    show = asked("show", 10)
    show = show if show in SHOWS else "open"
    return render_template(
        "office/mentoring/items.html",
        page=reads.list_items(reading(), current_actor(), today(), show=show, page=asked_page()),
        show=show,
        shows={"open": _("Open"), "overdue": _("Overdue"), "done": _("Done")},
        owner_words=OWNER,
        today=today(),
        page_url=page_addresses("office.action_items", show=show),
    )


def action_done(code: str) -> ResponseReturnValue:
    """Done, with what shows it."""
    actor = current_actor()
    item, maker = verbs.get_item(reading(), actor, code)
    form = DoneForm()
    if form.validate_on_submit():
        file = _evidence(form)
        if not form.errors and not form.refusals:
            name = file.name if file else ""
            if save(form, lambda session: _finish(session, code, form.result.value, name, file)):
                flash(_("It is noted as done."), "success")
                return redirect(url_for("office.mentored_maker", slug=maker.slug, _anchor="items"), 303)
    item, maker = verbs.get_item(reading(), actor, code)
    may_write = actor.can(Permission.MENTOR_MAKERS, area_code=maker.village_code)
    return render_template("office/mentoring/done.html", item=item, maker=maker, form=form, may_write=may_write), status_of(form)


def action_reopen(code: str) -> ResponseReturnValue:
    """It was not done after all."""
    actor = current_actor()
    _item, maker = verbs.get_item(reading(), actor, code)
    slug = maker.slug
    if save(DoneForm(formdata=None), lambda session: verbs.reopen(session, actor, code)):
        flash(_("It is open again."), "success")
    return redirect(url_for("office.mentored_maker", slug=slug, _anchor="items"), 303)


def action_evidence(code: str) -> ResponseReturnValue:
    """The file that shows it, for people of the area."""
    item, _maker = verbs.get_item(reading(), current_actor(), code)
    return give_out(ROOM, item.evidence, f"item-{item.code}")


def assignments() -> ResponseReturnValue:
    """Who accompanies whom, and a new assignment."""
    actor, session = current_actor(), reading()
    form = AssignmentForm(data={"starts_on": today().isoformat()})
    mentors = {person.code: person for person in assigning.list_mentors(session, actor)}
    makers = {maker.slug: maker for maker in reads.list_units(session, actor, today())}
    villages = list_villages_to_choose(session, actor, Permission.DECIDE_CURATION, current_settings().area_prefix)
    names = describe_areas(session, villages, current_language()) if villages else {}
    form.mentor.choices = [(code, person.name) for code, person in mentors.items()]
    form.unit.choices = [(f"maker:{slug}", f"{maker.name}, {maker.village.name}") for slug, maker in makers.items()] + [
        (f"village:{village.code}", _("All makers of %(village)s", village=names[village.code])) for village in villages
    ]

    def work(session: Session) -> None:
        kind, _colon, key = form.unit.value.partition(":")
        unit = find_maker(session, actor, key, Permission.DECIDE_CURATION) if kind == "maker" else key
        assigning.assign(session, actor, mentors[form.mentor.value], unit, form.starts_on.value, note=form.note.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("The mentor accompanies them from that day on."), "success")
        return redirect(url_for("office.assignments"), 303)
    ended = asked("show", 10) == "ended"
    page = render_template(
        "office/mentoring/assignments.html",
        rows=reads.list_assignments(reading(), actor, today(), ended=ended),
        ended=ended,
        form=form,
        today=today(),
    )
    return page, status_of(form)


def assignment_end(code: str) -> ResponseReturnValue:
    """The last day of an assignment."""
    form = LastDayForm()
    actor = current_actor()
    assigning.get_assignment(reading(), actor, code)
    if form.validate_on_submit() and save(form, lambda session: assigning.end(session, actor, code, form.last_day.value)):
        flash(_("The assignment ends on that day."), "success")
    for _field, problem in form.problems():
        flash(problem, "error")
    return redirect(url_for("office.assignments"), 303)


def _maker_page(slug: str, item_form: ItemForm, referral_form: ReferralForm) -> ResponseReturnValue:
    actor, session = current_actor(), reading()
    maker = find_maker(session, actor, slug)
    progress = reads.get_progress(session, maker, today())
    values = [Value(month(first).split()[0][:3], count, f"{month(first)}: {number(count)}") for first, count in progress.months]
    result_form = ResultForm(formdata=None)
    _fill_referral(referral_form)
    page = render_template(
        "office/mentoring/maker.html",
        maker=maker,
        progress=progress,
        charts=[draw_columns(values, number, width) for width in (WIDE, NARROW)],
        chart_text=", ".join(value.said for value in values if value.amount) or _("No visit was noted yet."),
        visits=reads.list_visits(session, actor, maker=slug).rows[:10],
        items=reads.list_items_of(session, maker),
        referrals=reads.list_referrals(session, actor, maker=slug).rows,
        next_states=referring.NEXT,
        item_form=item_form,
        referral_form=referral_form,
        result_form=result_form,
        owner_words=OWNER,
        referral_words=REFERRAL,
        today=today(),
        may_write=actor.can(Permission.MENTOR_MAKERS, area_code=maker.village_code),
        history=history_of([f"maker:{slug}"]),
    )
    return page, max(status_of(item_form), status_of(referral_form)) if request.method == "POST" else 200


def _item_form(slug: str, *, is_sent: bool = False) -> ItemForm:
    form = ItemForm() if is_sent else ItemForm(formdata=None)
    maker = find_maker(reading(), current_actor(), slug)
    open_improvements = reads.list_improvements_to_take_up(reading(), maker)
    form.improvement.choices = [(each.code, each.text[:90]) for each in open_improvements]
    form.owner.choices = owner_choices()
    return form


def _fill_referral(form: ReferralForm) -> None:
    found = referring.list_organisations(reading(), current_actor(), only_active=True)
    form.organisation.choices = [(each.code, each.name) for each in found]


def _evidence(form: Any) -> PrivateFile | None:
    if not form.photos.value:
        return None
    try:
        return take_in(form.photos.value[0], field="photos")
    except DomainError as refusal:
        form.refuse(refusal)
        return None


def _finish(session: Session, code: str, result: str, name: str, file: PrivateFile | None) -> None:
    verbs.finish(session, current_actor(), code, result, name)
    if file is not None:
        storage(ROOM).save(file.name, file.data)
