"""A partner's own page: its terms, places and people; an approver changes places and people."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from orders.models.partner import Partner
from orders.wholesale import buyers as verbs
from orders.wholesale import company_papers
from orders.wholesale.buyers import Buyer
from orders.wholesale.offers import find_seller_terms
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.pages import save, status_of
from storefront.places import place_text, suggestions
from storefront.security import current_actor
from storefront.templating import current_settings
from storefront.wholesale.forms import BranchForm, BuyerForm, LimitsForm
from storefront.wholesale.frame import enter, enter_approver, show
from storefront.wholesale.offers import payment_days


def company() -> ResponseReturnValue:
    """Who we are to the seller."""
    buyer, session = enter(), reading()
    partner = session.get_one(Partner, buyer.audience.partner_id)
    terms = find_seller_terms(session, partner.outlet_id)
    return show(
        "wholesale/company/company.html",
        buyer,
        partner=partner,
        branches=verbs.list_branches(session, partner.id),
        places=dict(suggestions([branch.area for branch in verbs.list_branches(session, partner.id)])),
        people=verbs.list_buyers(session, partner.id),
        terms=terms,
        payment_days=payment_days(partner, terms),
        papers=company_papers.list_papers(session, partner.id),
    )


def branch_new() -> ResponseReturnValue:
    """Another place where goods are delivered."""
    return _branch(None)


def branch(code: str) -> ResponseReturnValue:
    """Correct a place."""
    return _branch(code)


def branch_close(code: str) -> ResponseReturnValue:
    """Nothing is delivered there any more."""
    form = BranchForm()
    enter_approver()
    save(form, lambda session: verbs.close_branch(session, current_actor(), _partner(session, enter_approver()), code))
    return redirect(url_for("wholesale.company"), 303)


def buyer_new() -> ResponseReturnValue:
    """A colleague who shall buy too."""
    buyer, form = enter_approver(), BuyerForm()

    def work(session: Session) -> None:
        verbs.add_buyer(
            session, current_actor(), _partner(session, enter_approver()), secret=current_settings().secret_key, **form.values()
        )

    if form.validate_on_submit() and save(form, work):
        flash(_("The colleague was added. A new one gets a letter with a link to choose a password."), "success")
        return redirect(url_for("wholesale.company"), 303)
    return show("wholesale/company/buyer.html", buyer, status_of(form), form=form, colleague=None)


def colleague(person: str) -> ResponseReturnValue:
    """What a colleague may order alone."""
    buyer = enter_approver()
    row = verbs.get_colleague(reading(), buyer.audience.partner_id, person)
    form = LimitsForm(data={"is_approver": row.is_approver, "order_limit": row.order_limit, "month_limit": row.month_limit})

    def work(session: Session) -> None:
        verbs.set_limits(session, current_actor(), _partner(session, enter_approver()), person, **form.values())

    if form.validate_on_submit() and save(form, work):
        flash(_("The limits are saved."), "success")
        return redirect(url_for("wholesale.company"), 303)
    row = verbs.get_colleague(reading(), buyer.audience.partner_id, person)
    return show("wholesale/company/buyer.html", buyer, status_of(form), form=form, colleague=row)


def colleague_remove(person: str) -> ResponseReturnValue:
    """Somebody no longer buys for us."""
    enter_approver()
    form = LimitsForm()
    if save(form, lambda session: verbs.remove_buyer(session, current_actor(), _partner(session, enter_approver()), person)):
        flash(_("The colleague no longer buys for the company."), "success")
    else:
        flash(" ".join(form.refusals), "error")
    return redirect(url_for("wholesale.company"), 303)


def _branch(code: str | None) -> ResponseReturnValue:
    buyer = enter_approver()
    known = verbs.get_branch(reading(), buyer.audience.partner_id, code) if code else None
    data = {"area_code": place_text(known.area_code)} if known else {}
    form = BranchForm(obj=known, data=data)
    if known and not form.is_submitted():
        form.area_code.data = data["area_code"]

    def work(session: Session) -> None:
        verbs.save_branch(session, current_actor(), _partner(session, enter_approver()), form.facts(), code)

    if form.validate_on_submit() and save(form, work):
        flash(_("The place is saved."), "success")
        return redirect(url_for("wholesale.company"), 303)
    return show("wholesale/company/branch.html", buyer, status_of(form), form=form, code=code)


def _partner(session: Session, buyer: Buyer) -> Partner:
    return session.get_one(Partner, buyer.audience.partner_id)
