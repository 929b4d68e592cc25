"""Which papers each channel requires: the list that the office edits."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import channel_rules as verbs
from catalog import channels as reads
from catalog.areas import describe_areas
from catalog.categories import list_categories
from catalog.models.area import Area
from catalog.models.certificate import CertificateKind
from catalog.models.channel import Channel, GoodsGroup
from kernel import clock
from kernel.people import Permission
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.frame import choices_of
from storefront.office.paper_forms import EndForm, RequirementForm
from storefront.pages import save, status_of
from storefront.security import current_actor
from storefront.templating import current_settings, text_of


def channel_list() -> ResponseReturnValue:
    """What every channel requires, and the form for one more."""
    actor = current_actor()
    form = RequirementForm(data={"starts_on": clock.today(current_settings().zone).isoformat()})
    _fill(form)

    def work(session: Session) -> None:
        facts = verbs.RequirementFacts(
            channel=Channel(form.channel.value),
            goods=GoodsGroup(form.goods.value),
            kinds=[CertificateKind(kind) for kind in form.kinds.value],
            starts_on=form.starts_on.value,
            category=form.category.value or "",
            area_prefix="" if form.area.value == "everywhere" else form.area.value,
            basis=form.basis.value,
        )
        verbs.add_requirement(session, actor, facts)

    if form.validate_on_submit() and save(form, work):
        flash(_("The channel requires it from that day on."), "success")
        return redirect(url_for("office.channel_list"), 303)
    rows = reads.list_rows(reading())
    prefixes = {row.area_prefix for row in rows if row.area_prefix}
    names = {code: area.short_name or area.name for code in prefixes if (area := reading().get(Area, code))}
    page = render_template(
        "office/papers/channels.html",
        rows=rows,
        channels=list(Channel),
        names=names,
        form=form,
        today=clock.today(current_settings().zone),
        may_add=bool(form.area.choices),
        ends={row.code for row in rows if actor.can(Permission.PUBLISH_PRODUCTS, area_code=row.area_prefix)},
    )
    return page, status_of(form)


def channel_end(code: str) -> ResponseReturnValue:
    """A requirement counts until the day typed."""
    form = EndForm()
    actor = current_actor()
    verbs.get_requirement(reading(), actor, code)
    if form.validate_on_submit() and save(form, lambda session: verbs.end_requirement(session, actor, code, form.last_day.value)):
        flash(_("The requirement ends on that day."), "success")
    for _field, problem in form.problems():
        flash(problem, "error")
    return redirect(url_for("office.channel_list"), 303)


def _fill(form: RequirementForm) -> None:
    prefixes = current_actor().area_prefixes(Permission.PUBLISH_PRODUCTS)
    areas = [area for code in prefixes if code and (area := reading().get(Area, code))]
    names = describe_areas(reading(), areas, current_language()) if areas else {}
    everywhere = [("everywhere", _("all areas"))] if "" in prefixes else []
    home = current_settings().area_prefix
    own = [(home, (area.short_name or area.name) if (area := reading().get(Area, home)) else home)] if "" in prefixes and home else []
    form.area.choices = everywhere + own + [(code, names.get(code, code)) for code in prefixes if code]
    form.channel.choices, form.goods.choices, form.kinds.choices = choices_of(Channel), choices_of(GoodsGroup), choices_of(CertificateKind)
    form.category.choices = [(shelf.slug, text_of(shelf, "name")) for shelf in list_categories(reading())]
