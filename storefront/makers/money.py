"""Payouts, and the bank accounts they go to: asked for here, agreed to by the outlet, used after a delay."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.errors import DomainError
from orders.consignment.accounts import DELAY
from orders.portal import acts, figures, records
from storefront.database import reading, transaction
from storefront.documents.statement_words import model_words
from storefront.errors import message_of
from storefront.i18n import gettext as _
from storefront.maker_door import enter
from storefront.makers.forms import AccountForm
from storefront.makers.frame import save, show
from storefront.pages import asked_page, page_addresses, status_of


def payouts(maker: str) -> ResponseReturnValue:
    """What was paid and what is on its way, the newest first."""
    session, entry = reading(), enter(maker)
    places = figures.list_places(session, entry.maker.id)
    return show(
        "makers/money/payouts.html",
        entry,
        places=places,
        owed=sum(place.owed for place in places),
        by_agreement={place.agreement_id: place for place in places},
        terms_words=lambda terms: model_words(terms.model, terms.rate_bps, terms.fee),
        page=records.list_payouts(session, [place.agreement_id for place in places], asked_page()),
        page_url=page_addresses("makers.payouts", maker=maker),
    )


def accounts(maker: str) -> ResponseReturnValue:
    """Where each outlet pays to, and what is about to change."""
    session, entry = reading(), enter(maker)
    places = figures.list_places(session, entry.maker.id)
    found = records.accounts_of(session, [place.agreement_id for place in places])
    return show("makers/money/accounts.html", entry, places=places, accounts=found, days=DELAY.days)


def account_change(maker: str, agreement: str) -> ResponseReturnValue:
    """Ask for another account."""
    entry = enter(maker)
    place = figures.get_place(figures.list_places(reading(), entry.maker.id), agreement)
    form = AccountForm()
    speaker, number = entry.speaker, place.agreement_id
    values = form.bank, form.number, form.holder
    if form.validate_on_submit() and save(
        form, lambda session: acts.ask_for_account(session, speaker, number, *(field.value for field in values))
    ):
        flash(_("%(outlet)s was told. Nothing changes before somebody there agrees.", outlet=place.outlet_name), "success")
        return redirect(url_for("makers.accounts", maker=maker), 303)
    return show("makers/money/change.html", enter(maker), place=place, form=form, days=DELAY.days), status_of(form)


def account_object(maker: str, agreement: str) -> ResponseReturnValue:
    """Say no to a change that the maker never asked for."""
    entry = enter(maker)
    place = figures.get_place(figures.list_places(reading(), entry.maker.id), agreement)
    chosen = request.form.get("account", "")
    try:
        with transaction() as session:
            acts.object_to_account(session, entry.speaker, place.agreement_id, int(chosen) if chosen.isdigit() and len(chosen) < 10 else 0)
    except DomainError as refusal:
        if not chosen:
            raise
        flash(message_of(refusal), "error")
    else:
        flash(_("The change is stopped. Money goes to the account that was used before."), "success")
    return redirect(url_for("makers.accounts", maker=maker), 303)
