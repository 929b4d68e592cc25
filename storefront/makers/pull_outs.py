"""Goods that go back to the maker: what the outlet told, and asking for goods back."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kernel.errors import Conflict, DomainError
from kernel.parsing import parse_whole_number
from orders.portal import acts, figures, records
from storefront.database import reading, transaction
from storefront.errors import message_of
from storefront.i18n import gettext as _
from storefront.maker_door import enter
from storefront.makers.forms import AskBackForm
from storefront.makers.frame import save, show
from storefront.makers.home import pull_out_day
from storefront.pages import asked, asked_page, page_addresses, status_of

UNITS = "units-"


def pull_outs(maker: str) -> ResponseReturnValue:
    """Those to be collected first, then the newest."""
    entry = enter(maker)
    page = records.list_pull_outs(reading(), entry.maker.id, asked_page())
    return show("makers/pull_outs/pull_outs.html", entry, page=page, page_url=page_addresses("makers.pull_outs", maker=maker))


def pull_out_new(maker: str) -> ResponseReturnValue:
    """Ask one outlet (`?at=`) for goods back, by lot."""
    session, entry = reading(), enter(maker)
    places = figures.list_places(session, entry.maker.id)
    stocked = [place for place in places if place.on_hand]
    code = asked("at", 8) or (stocked[0].code if stocked else "")
    place = figures.get_place(places, code) if code else None
    form = AskBackForm()
    page = figures.list_lots(session, [place.agreement_id] if place else [], asked_page())
    wanted = _read_units(form, {str(lot.level_id): lot.level_id for lot in page.rows}) if form.is_submitted() else {}

    def work(session: Session) -> None:
        if place is not None:
            acts.ask_back(session, entry.speaker, place.agreement_id, wanted, form.note.value or "")

    if form.validate_on_submit() and not form.row_errors and place is not None and save(form, work):
        flash(_("%(outlet)s was asked. The goods stay for sale until you collect them.", outlet=place.outlet_name), "success")
        return redirect(url_for("makers.pull_outs", maker=maker), 303)
    lots = [(lot, pull_out_day(lot, places)) for lot in page.rows]
    answer = show(
        "makers/pull_outs/new.html",
        enter(maker),
        form=form,
        places=stocked,
        chosen=place,
        page=page,
        lots=lots,
        page_url=page_addresses("makers.pull_out_new", maker=maker, at=code),
    )
    return answer, status_of(form)


def pull_out_take_back(maker: str, code: str) -> ResponseReturnValue:
    """The goods stay on the shelf after all."""
    entry = enter(maker)
    try:
        with transaction() as session:
            acts.take_back_request(session, entry.speaker, code)
    except Conflict as refusal:
        flash(message_of(refusal), "error")
    else:
        flash(_("Your goods stay on the shelf."), "success")
    return redirect(url_for("makers.pull_outs", maker=maker), 303)


def _read_units(form: AskBackForm, levels: dict[str, int]) -> dict[int, int]:
    wanted = {}
    for code in form.codes(UNITS, figures.PAGE_SIZE):
        try:
            units = parse_whole_number(form.typed(UNITS + code), 0, 100_000, UNITS + code)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            if units and code in levels:
                wanted[levels[code]] = units
    return wanted
