"""The mapping file of one village: how far it is, what it could make, and what was done; moving it on."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import programme
from catalog.areas import display_name, find_area, list_breadcrumb
from catalog.mapping import files, moving, potentials
from catalog.mapping.moves import MOVES
from catalog.models.area import Area, AreaLevel
from catalog.models.mapping import PotentialProduct
from catalog.models.programme import ProgrammeStatus, Scheme
from kernel.audit import AuditEntry
from kernel.errors import N_, NotFound
from kernel.people import Permission, covers
from storefront.audit_words import act_words
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.frame import choices_of
from storefront.office.mapping_forms import MoveForm, PotentialForm
from storefront.office.programme_area import asked_year
from storefront.pages import save, status_of
from storefront.security import current_actor
from storefront.templating import current_settings
from storefront.words import word

#: What an act of the trail is called.
ACTS = {
    "programme.record": N_("Standing entered"),
    "programme.move": N_("Standing changed"),
    "programme.product": N_("Product chosen"),
    "programme.open": N_("Year opened"),
    "potential.add": N_("Potential product written down"),
    "potential.update": N_("Potential product corrected"),
    "potential.remove": N_("Potential product taken off"),
    "potential.restore": N_("Potential product put back"),
    "evidence.add": N_("Evidence added"),
    "evidence.remove": N_("Evidence removed"),
}


def mapping_village(village: str) -> ResponseReturnValue:
    """One village."""
    reached(village)
    return show(village, MoveForm(formdata=None)), 200


def mapping_move(village: str) -> ResponseReturnValue:
    """Move it on, or back."""
    reached(village, Permission.DECIDE_PROGRAMME)
    year, form = asked_year(), MoveForm()
    _offer(form, _status(village, year), files.read_mapping_file(reading(), village).potentials)

    def work(session: Session) -> None:
        seen = form.seen.value or ""
        moving.move_village(
            session,
            current_actor(),
            village,
            year,
            ProgrammeStatus(form.after.value),
            seen=ProgrammeStatus(seen) if seen in set(ProgrammeStatus) else ProgrammeStatus.NOT_MAPPED,
            reason=form.reason.value or "",
            potential=potentials.get_potential(session, current_actor(), form.potential.value) if form.potential.value else None,
        )

    if form.validate_on_submit() and save(form, work):
        flash(_("The village is now: %(status)s.", status=word(ProgrammeStatus(form.after.value))), "success")
        return redirect(address_of(village), 303)
    return show(village, form), 422


def potential_new(village: str) -> ResponseReturnValue:
    """Write down something it could make."""
    place = reached(village, Permission.MAP_VILLAGES)
    form = PotentialForm(data={"scheme": Scheme.OVOP.value})
    form.scheme.choices = choices_of(Scheme)
    if form.validate_on_submit() and save(form, lambda session: potentials.add_potential(session, current_actor(), village, form.facts())):
        flash(_("%(name)s is on the list.", name=form.name_id.value), "success")
        return redirect(address_of(village), 303)
    return render_template("office/mapping/potential.html", form=form, village=place, potential=None, year=asked_year()), status_of(form)


def potential_edit(potential: str) -> ResponseReturnValue:
    """Correct it."""
    found = potentials.get_potential(reading(), current_actor(), potential, Permission.MAP_VILLAGES)
    village, names = found.village_code, ("name_id", "name_en", "unit_name", "contact_name", "contact_phone", "note")
    form = PotentialForm(data={name: getattr(found, name) for name in names} | {"scheme": found.scheme.value})
    form.scheme.choices = choices_of(Scheme)

    def work(session: Session) -> None:
        record = potentials.get_potential(session, current_actor(), potential, Permission.MAP_VILLAGES)
        potentials.update_potential(session, current_actor(), record, form.facts())

    if form.validate_on_submit() and save(form, work):
        flash(_("The product is saved."), "success")
        return redirect(address_of(village), 303)
    found = potentials.get_potential(reading(), current_actor(), potential, Permission.MAP_VILLAGES)
    page = render_template("office/mapping/potential.html", form=form, village=reached(village), potential=found, year=asked_year())
    return page, status_of(form)


def potential_remove(potential: str) -> ResponseReturnValue:
    """Take it off the list, or put it back."""
    found = potentials.get_potential(reading(), current_actor(), potential, Permission.MAP_VILLAGES)
    village, form, is_gone = found.village_code, MoveForm(), found.removed_at is not None

    def work(session: Session) -> None:
        record = potentials.get_potential(session, current_actor(), potential, Permission.MAP_VILLAGES)
        (potentials.restore_potential if is_gone else potentials.remove_potential)(session, current_actor(), record)

    if not save(form, work):
        return show(village, form), 409
    flash(_("It is on the list again.") if is_gone else _("It is off the list. You can put it back below."), "success")
    return redirect(address_of(village), 303)


def reached(village: str, permission: Permission = Permission.VIEW_PROGRAMME, session: Session | None = None) -> Area:
    """The village, when it lies in the person's reach; NotFound otherwise. Read in `session`, else in the page's own."""
    area = find_area(session or reading(), village)
    in_reach = any(covers(prefix, village) for prefix in current_actor().area_prefixes(permission))
    if area is None or area.level is not AreaLevel.VILLAGE or not in_reach:
        raise NotFound
    return area


def address_of(village: str) -> str:
    """The village's page, in the year looked at."""
    year = asked_year()
    return url_for("office.mapping_village", village=village, year=None if year == current_settings().programme_year else year)


def show(village: str, form: MoveForm) -> str:
    """The page; what was typed into `form` stays."""
    actor, session, year = current_actor(), reading(), asked_year()
    line = list_breadcrumb(session, village)
    file = files.read_mapping_file(session, village)
    record = next((each for each in file.records if each.year == year), None)
    status = record.status if record else ProgrammeStatus.NOT_MAPPED
    _offer(form, status, file.potentials)
    return render_template(
        "office/mapping/village.html",
        village=line[-1],
        above=[(area.code, display_name(area, current_language())) for area in line[:-1]],
        file=file,
        record=record,
        status=status,
        year=year,
        form=form,
        history=[(entry, _said(entry.action), _told(entry)) for entry in file.history],
        may_map=actor.can(Permission.MAP_VILLAGES, area_code=village),
        may_move=actor.can(Permission.DECIDE_PROGRAMME, area_code=village),
        may_edit_products=actor.can(Permission.EDIT_PRODUCTS, area_code=village),
    )


def _status(village: str, year: int) -> ProgrammeStatus:
    record = programme.find_record(reading(), village, year)
    return record.status if record else ProgrammeStatus.NOT_MAPPED


def _offer(form: MoveForm, status: ProgrammeStatus, found: Sequence[PotentialProduct]) -> None:
    """The steps from here, and the village's own products."""
    form.after.choices = [(after.value, word(after)) for after in MOVES[status]]
    form.potential.choices = [(each.code, each.name_id) for each in found]
    if not form.is_submitted():
        form.seen.data = status.value
        form.after.data = next(iter(MOVES[status])).value
        if len(found) == 1 and status is ProgrammeStatus.NOT_MAPPED:
            form.potential.data = found[0].code


def _said(action: str) -> str:
    """What was done, in this room's words where it has its own."""
    return _(ACTS[action]) if action in ACTS else act_words(action)


def _told(entry: AuditEntry) -> str:
    """What an entry of the trail says beyond its name."""
    details = entry.details
    if entry.action in ("programme.move", "programme.record"):
        steps = [word(ProgrammeStatus(details[key])) for key in ("from", "to") if details.get(key) in set(ProgrammeStatus)]
        return " · ".join(filter(None, (" → ".join(steps), str(details.get("year", "")), details.get("reason", ""))))
    names = [str(details[key]) for key in ("name", "from", "to", "source") if details.get(key)]
    return " → ".join(dict.fromkeys(names))
