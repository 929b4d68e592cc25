"""Agreements in the office: who has one, what holds since when, new terms, makers' prices, and corrections by hand."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from catalog.models.maker import Maker
from catalog.models.product import Variant
from catalog.models.stock import Outlet
from kernel import clock
from kernel.ids import make_token
from kernel.people import Permission
from orders.consignment import agreements as verbs
from orders.consignment import desk, fees, ledger, queries, statements
from orders.consignment.agreements import NewTerms
from orders.models.agreement import Agreement, TermsModel
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.consignment_forms import CorrectForm, EndForm, MakerPriceForm, TermsForm, terms_data
from storefront.office.record_history import history_of
from storefront.pages import asked, save, status_of
from storefront.security import current_actor
from storefront.templating import text_of

MANAGE = Permission.MANAGE_AGREEMENTS


def agreements() -> ResponseReturnValue:
    """The agreements of an outlet, and makers nearby who have none."""
    outlets, outlet = choose_outlet()
    session, text = reading(), asked("q", 60)
    return render_template(
        "office/agreements/agreements.html",
        outlets=outlets,
        outlet=outlet,
        rows=queries.list_at_outlet(session, outlet.id) if outlet else [],
        without=desk.list_makers_without(session, outlet, text) if outlet else [],
        undecided=desk.undecided_accounts(session, outlet.id) if outlet else set(),
        q=text,
    )


def agreement_new(outlet: str, maker: str) -> ResponseReturnValue:
    """The first terms between a maker and an outlet."""
    actor = current_actor()
    place, who = _parties(outlet, maker)
    known = verbs.find_for(reading(), who.id, place.id)
    if known is not None:
        return redirect(url_for("office.agreement", agreement=known.code), 303)
    today = clock.today(place.zone)
    form = TermsForm(data=terms_data(NewTerms(starts_on=today), today))
    form.fill()
    made: list[Agreement] = []

    def work(session: Session) -> None:
        target = shelves.get_outlet(session, actor, MANAGE, outlet)
        made.append(verbs.create_agreement(session, actor, desk.get_maker(session, maker), target, form.terms()))

    if form.validate_on_submit() and save(form, work):
        flash(_("The agreement is made. Goods can be received now."), "success")
        return redirect(url_for("office.agreement", agreement=made[0].code), 303)
    place, who = _parties(outlet, maker)
    return render_template("office/agreements/new.html", outlet=place, maker=who, form=form), status_of(form)


def agreement(agreement: str) -> ResponseReturnValue:
    """One agreement: what holds, what it held before, statements, payouts and what else can be done."""
    return _page(agreement)


def agreement_terms(agreement: str) -> ResponseReturnValue:
    """New terms from a day on, beginning with the present ones."""
    actor = current_actor()
    found = verbs.get_agreement(reading(), actor, agreement)
    zone = reading().get_one(Outlet, found.outlet_id).zone
    today = clock.today(zone)
    form = TermsForm(data=terms_data(verbs.terms_on(reading(), found.id, today), today))
    form.fill()

    def work(session: Session) -> None:
        verbs.agree_terms(session, actor, found.id, form.terms())

    if form.validate_on_submit() and save(form, work):
        flash(_("The new terms are kept. What was sold before keeps its own."), "success")
        return redirect(url_for("office.agreement", agreement=agreement), 303)
    return render_template("office/agreements/terms.html", form=form, **_facts(agreement)), status_of(form)


def agreement_end(agreement: str) -> ResponseReturnValue:
    """Nothing new is received from a day on."""
    actor, form = current_actor(), EndForm()
    found = verbs.get_agreement(reading(), actor, agreement)

    def work(session: Session) -> None:
        verbs.end_agreement(session, actor, found.id, form.ends_on.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("Nothing new is received from that day on. The shelf is still sold and settled."), "success")
        return redirect(url_for("office.agreement", agreement=agreement), 303)
    return _page(agreement, end_form=form), 422


def agreement_correct(agreement: str) -> ResponseReturnValue:
    """Put right what is owed; it stands on the next statement."""
    actor, form = current_actor(), CorrectForm()
    found = verbs.get_agreement(reading(), actor, agreement, Permission.APPROVE_PAYOUTS)

    def work(session: Session) -> None:
        fees.correct_balance(session, actor, found.id, form.amount.value, form.reason.value, form.key.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("The correction is booked and stands on the next statement."), "success")
        return redirect(url_for("office.agreement", agreement=agreement), 303)
    return _page(agreement, correct_form=form), 422


def agreement_prices(agreement: str) -> ResponseReturnValue:
    """What the maker wants for each variant, and a new price from a day on."""
    actor = current_actor()
    found = verbs.get_agreement(reading(), actor, agreement)
    today = clock.today(reading().get_one(Outlet, found.outlet_id).zone)
    rows = desk.list_prices(reading(), found, today)
    form = MakerPriceForm(data={"starts_on": today.isoformat()})
    form.variant.choices = [(row.code, text_of(row, "name")) for row in rows]

    def work(session: Session) -> None:
        wanted = next(row.variant_id for row in rows if row.code == form.variant.value)
        variant = session.get_one(Variant, wanted)
        verbs.set_maker_price(session, actor, found.id, variant, form.amount.value, form.starts_on.value)

    if form.validate_on_submit() and save(form, work):
        flash(_("The maker's price is kept."), "success")
        return redirect(url_for("office.agreement_prices", agreement=agreement), 303)
    return render_template("office/agreements/prices.html", form=form, rows=rows, **_facts(agreement)), status_of(form)


def choose_outlet() -> tuple[list[Outlet], Outlet | None]:
    """The outlets in reach, and the one in the address, else the first."""
    outlets = shelves.list_outlets(reading(), current_actor(), MANAGE)
    wanted = asked("outlet", 20)
    if wanted:
        return outlets, shelves.get_outlet(reading(), current_actor(), MANAGE, wanted)
    return outlets, outlets[0] if outlets else None


def _page(code: str, *, end_form: EndForm | None = None, correct_form: CorrectForm | None = None) -> str:
    actor, session, facts = current_actor(), reading(), _facts(code)
    found, outlet = facts["agreement"], facts["outlet"]
    correct_form = correct_form or CorrectForm(formdata=None)
    correct_form.key.data = correct_form.key.data or make_token()
    versions = verbs.list_terms(session, [found.id])[found.id]
    today = clock.today(outlet.zone)
    return render_template(
        "office/agreements/agreement.html",
        **facts,
        today=today,
        terms=verbs.pick_terms(versions, today),
        versions=versions,
        owed=ledger.owed(session, [found.id])[found.id],
        shelf=queries.list_shelf(session, [found.id]),
        closed=statements.list_statements(session, found.id),
        payouts=desk.list_payouts(session, found.id),
        has_prices=any(each.model in (TermsModel.MARKUP, TermsModel.PURCHASE) for each in versions),
        may_correct=actor.can(Permission.APPROVE_PAYOUTS, area_code=outlet.area_code, outlet_id=outlet.id),
        end_form=end_form or EndForm(formdata=None),
        correct_form=correct_form,
        history=history_of([f"agreement:{found.code}"]),
    )


def _facts(code: str) -> dict[str, Any]:
    """Agreement, maker and outlet, as every page about one agreement shows them."""
    session = reading()
    found = verbs.get_agreement(session, current_actor(), code)
    return {"agreement": found, "maker": session.get_one(Maker, found.maker_id), "outlet": session.get_one(Outlet, found.outlet_id)}


def _parties(outlet: str, maker: str) -> tuple[Outlet, Maker]:
    place = shelves.get_outlet(reading(), current_actor(), MANAGE, outlet)
    return place, desk.get_maker(reading(), maker)
