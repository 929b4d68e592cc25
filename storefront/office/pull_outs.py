"""Goods that go back to their makers: what is due, the note to the maker, and what was collected or destroyed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import shelves
from catalog.models.maker import Maker
from catalog.models.stock import LossCause, Outlet
from kernel import clock
from kernel.errors import DomainError, NotFound
from kernel.parsing import parse_whole_number
from kernel.people import Permission
from orders.models.stockroom import PullOut, PullOutReason, PullOutState
from orders.stockroom import pull_outs as verbs
from orders.stockroom import queries, shelf_lists
from orders.stockroom.pull_outs import Done
from storefront.contact import whatsapp_link
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.i18n import speaking
from storefront.office.record_history import history_of
from storefront.office.stockroom_forms import PullOutDoneForm, PullOutForm, TableForm
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.security import current_actor
from storefront.state_words import LOSS, PULL_OUT_REASON
from storefront.templating import day


def pull_outs() -> ResponseReturnValue:
    """Notes to makers, those to be collected first."""
    page = queries.list_pull_outs(reading(), current_actor(), asked_page())
    return render_template("office/pull_outs/pull_outs.html", page=page, page_url=page_addresses("office.pull_outs"))


def pull_outs_due(outlet: str) -> ResponseReturnValue:
    """What leaves an outlet's shelf soon, the nearest day first."""
    place = shelves.get_outlet(reading(), current_actor(), Permission.VIEW_STOCK, outlet)
    page = shelf_lists.list_pull_outs_due(reading(), place, page=asked_page())
    return render_template(
        "office/stock/due.html",
        outlet=place,
        page=page,
        today=clock.today(place.zone),
        may_edit=_may_edit(place),
        page_url=page_addresses("office.pull_outs_due", outlet=outlet),
    )


def shelf_low(outlet: str) -> ResponseReturnValue:
    """What runs low, by how fast it sells."""
    place = shelves.get_outlet(reading(), current_actor(), Permission.VIEW_STOCK, outlet)
    page = shelf_lists.list_low(reading(), place, asked_page())
    url = page_addresses("office.shelf_low", outlet=outlet)
    return render_template("office/stock/low.html", outlet=place, page=page, may_edit=_may_edit(place), page_url=url)


def shelf_ageing(outlet: str) -> ResponseReturnValue:
    """What stands for long; `?days=` is at least how long."""
    place = shelves.get_outlet(reading(), current_actor(), Permission.VIEW_STOCK, outlet)
    chosen = asked("days", 3)
    days = int(chosen) if chosen in ("30", "60", "90", "180") else 60
    page = shelf_lists.list_ageing(reading(), place, least_days=days, page=asked_page())
    url = page_addresses("office.shelf_ageing", outlet=outlet, days=days)
    return render_template("office/stock/ageing.html", outlet=place, page=page, days=days, may_edit=_may_edit(place), page_url=url)


def pull_out_new(outlet: str, maker: str) -> ResponseReturnValue:
    """Tell a maker what goes back: units of any of their lots on this shelf."""
    actor = current_actor()
    place, owner = shelves.get_outlet(reading(), actor, Permission.EDIT_STOCK, outlet), _maker(reading(), maker)
    levels = queries.list_levels_of_maker(reading(), place, owner)
    form, rows = PullOutForm(data={"reason": PullOutReason.EXPIRING.value}), TableForm(formdata=None)
    form.reason.choices = [(reason.value, _(text)) for reason, text in PULL_OUT_REASON.items()]
    near = {row.level_id: row.free for row in shelf_lists.list_pull_outs_due(reading(), place, maker_slug=maker).rows}
    typed = {each.level_id: _typed(form.is_submitted(), f"units-{each.level_id}", near.get(each.level_id, 0)) for each in levels}
    wanted: dict[int, int] = {}
    if form.is_submitted():
        for level_id, text in typed.items():
            try:
                wanted[level_id] = parse_whole_number(text or "0", 0, 100_000, f"units-{level_id}")
            except DomainError as refusal:
                rows.refuse(refusal)
    made: list[PullOut] = []

    def work(session: Session) -> None:
        target = shelves.get_outlet(session, actor, Permission.EDIT_STOCK, outlet)
        reason, collect_by = PullOutReason(form.reason.value), form.collect_by_on.value
        maker_now = _maker(session, maker)
        note = form.note.value
        made.append(verbs.announce_pull_out(session, actor, target, maker_now, wanted, reason, collect_by_on=collect_by, note=note))

    if form.validate_on_submit() and not rows.row_errors and save(form, work):
        return redirect(url_for("office.pull_out", code=made[0].code), 303)
    place, owner = shelves.get_outlet(reading(), actor, Permission.EDIT_STOCK, outlet), _maker(reading(), maker)
    page = render_template(
        "office/pull_outs/new.html",
        outlet=place,
        maker=owner,
        levels=levels,
        form=form,
        rows=rows,
        typed=typed,
        today=clock.today(place.zone),
    )
    return page, status_of(form)


def pull_out(code: str) -> ResponseReturnValue:
    """One note; when the maker comes, what they took."""
    actor, rows = current_actor(), TableForm()
    found = verbs.get_pull_out(reading(), actor, Permission.VIEW_STOCK, code)
    form = PullOutDoneForm(data={"cause": LossCause.EXPIRED.value})
    form.cause.choices = [(cause.value, _(text)) for cause, text in LOSS.items()]
    number, cancels = found.id, request.form.get("step") == "cancel"
    done: dict[int, Done] = {}
    if form.validate_on_submit():
        found = verbs.get_pull_out(reading(), actor, Permission.EDIT_STOCK, code)
        done = {} if cancels else _done(found, rows, LossCause(form.cause.value))

        def work(session: Session) -> None:
            if cancels:
                verbs.cancel_pull_out(session, actor, number)
            else:
                verbs.finish_pull_out(session, actor, number, done, form.handed_to.value)

        if not rows.row_errors and save(form, work):
            flash(_("The goods stay on the shelf.") if cancels else _("The pull-out is booked."), "success")
            return redirect(url_for("office.pull_out", code=code), 303)
        found = verbs.get_pull_out(reading(), actor, Permission.VIEW_STOCK, code)
    return render_template(
        "office/pull_outs/pull_out.html",
        pull_out=found,
        names=queries.name_levels(reading(), [line.level_id for line in found.lines]),
        form=form,
        rows=rows,
        typed=dict(request.form.items()),
        message=_message(found) if found.state is PullOutState.ANNOUNCED else "",
        may_edit=_may_edit(found.outlet),
        history=history_of([f"pull_out:{found.code}"]),
    ), status_of(form)


def _done(found: PullOut, rows: TableForm, cause: LossCause) -> dict[int, Done]:
    done = {}
    for line in found.lines:
        try:
            returned = parse_whole_number(request.form.get(f"returned-{line.id}", "") or "0", 0, line.quantity, f"returned-{line.id}")
            lost = parse_whole_number(
                request.form.get(f"written_off-{line.id}", "") or "0", 0, line.quantity - returned, f"written_off-{line.id}"
            )
            done[line.id] = Done(returned, lost, cause)
        except DomainError as refusal:
            rows.refuse(refusal)
    return done


def _message(found: PullOut) -> str:
    units = sum(line.quantity for line in found.lines)
    with speaking("id"):
        text = _("Hello %(name)s,", name=found.maker.name) + " "
        text += _(
            "%(units)s units of your goods at %(outlet)s go back to you (%(reason)s). Pull-out %(code)s.",
            units=units,
            outlet=found.outlet.name,
            reason=_(PULL_OUT_REASON[found.reason]).lower(),
            code=found.code,
        )
        if found.collect_by_on:
            text += " " + _("Please collect them by %(day)s.", day=day(found.collect_by_on))
        return whatsapp_link(text, found.maker.phone)


def _typed(submitted: bool, name: str, units: int) -> str:
    return request.form.get(name, "").strip() if submitted else str(units or "")


def _maker(session: Session, slug: str) -> Maker:
    maker = session.scalar(select(Maker).where(Maker.slug == slug))
    if maker is None:
        raise NotFound
    return maker


def _may_edit(outlet: Outlet) -> bool:
    return current_actor().can(Permission.EDIT_STOCK, area_code=outlet.area_code, outlet_id=outlet.id)
