"""Opening an outlet, and what buyers read of it: name, operator, place, phone and the hours of the week."""

from __future__ import annotations

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import outlets as verbs
from catalog import shelves
from catalog.models.stock import Outlet
from catalog.outlets import Hours, OutletFacts
from kernel import clock
from kernel.errors import N_, InvalidInput
from kernel.people import Permission
from orders import desk
from storefront.contact import weekday_names
from storefront.database import reading
from storefront.fields import ChoiceField, LongTextField, PageForm, PhoneField, TextField, TypedField
from storefront.i18n import gettext as _
from storefront.i18n import ngettext
from storefront.pages import save, status_of
from storefront.places import PlaceField, place_text
from storefront.security import current_actor
from storefront.templating import current_settings

#: The seven days from Monday, as the form calls them.
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PAIR = re.compile(r"(-?[0-9]{1,2}[.][0-9]+)\s*[,; ]\s*(-?[0-9]{1,3}[.][0-9]+)", re.ASCII)


class HoursField(TypedField):
    """The hours of one day; empty on a day the outlet stays closed."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(required=False, **rest)

    def parse(self, text: str) -> Hours:
        return verbs.parse_hours(text)


class DaysOffField(LongTextField):
    """Days on which the outlet stays closed, one on each line."""

    def parse(self, text: str) -> Any:
        return verbs.parse_days_off(text)


class PositionField(TypedField):
    """Latitude and longitude in one box, as a map gives them to copy: -2.93110, 115.16040."""

    def parse(self, text: str) -> tuple[float, float]:
        found = _PAIR.fullmatch(text.strip())
        if not found or not (-11.5 <= float(found[1]) <= 6.5 and 94.5 <= float(found[2]) <= 141.5):
            raise InvalidInput(N_("Copy both numbers from a map, such as -2.9311, 115.1604."))
        return float(found[1]), float(found[2])


#: What stands in every day's box at first.
USUAL_HOURS = "08.00–17.00"


class OutletForm(PageForm):
    """An outlet as buyers read of it."""

    code = TextField(
        N_("Short code"), maximum=8, hint=N_("3 to 8 letters or digits, such as RANTAU. It stands in receipt numbers and stays as it is.")
    )
    name = TextField(N_("Name of the outlet"), maximum=120, hint=N_("As it stands over the door."))
    operator_name = TextField(
        N_("Who runs it"), maximum=160, hint=N_("The cooperative, BUMDes or unit that sells, by its legal name: it stands on receipts.")
    )
    area_code = PlaceField(N_("Village or kelurahan"))
    zone = ChoiceField(N_("Time zone"), choices=[(zone, zone) for zone in clock.ZONES])
    address = TextField(N_("Address"), maximum=240)
    phone = PhoneField(N_("WhatsApp number"), required=False)
    position = PositionField(
        N_("Place on the map"),
        required=False,
        hint=N_("Latitude and longitude, such as -2.9311, 115.1604. Buyers get a link that leads there."),
    )
    monday, tuesday, wednesday, thursday = HoursField(), HoursField(), HoursField(), HoursField()
    friday, saturday, sunday = HoursField(), HoursField(), HoursField()

    days_off = DaysOffField(
        N_("Days off"),
        required=False,
        maximum=1_200,
        hint=N_("One day on each line, such as 25/12/2026. Nobody can choose to collect on these days."),
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for day, name in zip(DAYS, weekday_names(), strict=True):
            self[day].label.text = name.capitalize()

    def facts(self, known: OutletFacts | None) -> OutletFacts:
        """What was typed; fields that this person may not change keep what is `known`."""
        latitude, longitude = self.position.value or (None, None)
        typed = {name: self[name].value for name in ("name", "operator_name", "area_code", "zone", "address", "phone") if name in self}
        kept = {name: getattr(known, name) for name in ("name", "operator_name", "area_code", "zone")} if known else {}
        hours = [self[day].value for day in DAYS]
        place: dict[str, Any] = {"latitude": latitude, "longitude": longitude}
        return OutletFacts(**kept | typed, **place, opening_hours=hours, days_off=self.days_off.value or ())


def outlet_new() -> ResponseReturnValue:
    """Open an outlet."""
    usual = {} if request.method == "POST" else dict.fromkeys(DAYS, USUAL_HOURS)
    form = OutletForm(data={"zone": current_settings().zone} | usual)
    made: list[Outlet] = []

    def work(session: Session) -> None:
        made.append(verbs.open_outlet(session, current_actor(), form.code.value, form.facts(None)))

    if form.validate_on_submit() and save(form, work):
        flash(_("%(name)s is open. Now say how buyers can pay there.", name=form.name.value), "success")
        return redirect(url_for("office.outlet", outlet=made[0].code), 303)
    return render_template("office/outlets/place.html", form=form, outlet=None, days=DAYS), status_of(form)


def outlet_place(outlet: str) -> ResponseReturnValue:
    """What buyers read of an outlet."""
    actor = current_actor()
    place = shelves.get_outlet(reading(), actor, Permission.MANAGE_MONEY, outlet)
    form = OutletForm(data=_typed(verbs.facts_of(place)))
    del form["code"]
    if not verbs.may_change_all(actor):
        for name in ("name", "operator_name", "area_code", "zone"):
            del form[name]

    def work(session: Session) -> None:
        target = shelves.get_outlet(session, actor, Permission.MANAGE_MONEY, outlet)
        verbs.change_outlet(session, actor, target, form.facts(verbs.facts_of(target)))

    if form.validate_on_submit() and save(form, work):
        flash(_("What buyers read of %(name)s is saved.", name=form.name.value if form.name else place.name), "success")
        if waiting := desk.count_pickups_on(reading(), place, form.days_off.value or ()):
            flash(
                ngettext(
                    "%(num)s order is to be collected on a day off. Please tell the buyer.",
                    "%(num)s orders are to be collected on a day off. Please tell the buyers.",
                    waiting,
                ),
                "warning",
            )
        return redirect(url_for("office.outlet", outlet=outlet), 303)
    place = shelves.get_outlet(reading(), actor, Permission.MANAGE_MONEY, outlet)
    return render_template("office/outlets/place.html", form=form, outlet=place, days=DAYS), status_of(form)


def _typed(facts: OutletFacts) -> dict[str, Any]:
    """The facts as the boxes hold them."""
    values = {name: getattr(facts, name) for name in ("name", "operator_name", "zone", "address", "phone")}
    position = f"{facts.latitude}, {facts.longitude}" if facts.latitude is not None else ""
    hours = {day: f"{pair[0]}–{pair[1]}".replace(":", ".") if pair else "" for day, pair in zip(DAYS, facts.opening_hours, strict=True)}
    off = "\n".join(f"{day:%d/%m/%Y}" for day in facts.days_off if day >= clock.today(facts.zone))
    return values | hours | {"days_off": off, "area_code": place_text(facts.area_code), "position": position}
