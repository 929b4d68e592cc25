"""Letters to retail companies: the application, the decision, a sample, what a saved search has found. No figure of an offer."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from catalog.models.product import Variant
from orders.models.offer import Offer
from orders.models.partner import PartnerState
from orders.models.sample import SampleRequest, SampleState
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.i18n import ngettext
from storefront.mail.letters import Letter, Payload, public_url, write
from storefront.templating import text_of


def partner_received(payload: Payload) -> Letter:
    """We have the application, and where it stands."""
    link = public_url("wholesale.application", token=payload["token"])
    subject = _("Your application to buy by the case")
    return write("partner_received", subject, payload["email"], name=payload["name"], company=payload["company"], link=link)


def partner_decided(payload: Payload) -> Letter:
    """What the office decided, and why."""
    state = PartnerState(payload["state"])
    subjects = {
        PartnerState.APPROVED: _("Welcome: %(company)s can buy by the case", company=payload["company"]),
        PartnerState.ASKED: _("A question about your application to buy by the case"),
        PartnerState.REFUSED: _("About your application to buy by the case"),
        PartnerState.SUSPENDED: _("Wholesale is paused for %(company)s", company=payload["company"]),
        PartnerState.CLOSED: _("%(company)s no longer buys by the case", company=payload["company"]),
    }
    is_approved = state is PartnerState.APPROVED
    link = public_url("wholesale.offers") if is_approved else public_url("wholesale.application", token=payload["token"])
    facts = {
        "name": payload["name"],
        "company": payload["company"],
        "note": payload["note"],
        "is_approved": is_approved,
        "is_asked": state is PartnerState.ASKED,
        "link": link,
    }
    return write("partner_decided", subjects[state], payload["email"], **facts)


def sample_answered(payload: Payload) -> Letter | None:
    """A sample is on its way, or cannot be sent; None when it has gone on meanwhile."""
    sample = reading().scalar(
        select(SampleRequest)
        .where(SampleRequest.code == payload["sample"])
        .options(joinedload(SampleRequest.offer).joinedload(Offer.variant).joinedload(Variant.product))
    )
    if sample is None or sample.state not in (SampleState.SENT, SampleState.DECLINED):
        return None
    is_sent = sample.state is SampleState.SENT
    product = text_of(sample.offer.variant.product, "name")
    return write(
        "sample_answered",
        _("Your sample is on its way: %(product)s", product=product) if is_sent else _("About your sample: %(product)s", product=product),
        payload["email"],
        name=payload["name"],
        product=product,
        sample=sample,
        is_sent=is_sent,
        link=public_url("wholesale.sample", code=sample.code),
    )


def search_found(payload: Payload) -> Letter:
    """Something new answers a saved search; the figures are on the page, behind the sign-in."""
    count = int(payload["count"])
    subject = ngettext("%(num)s new offer: %(search)s", "%(num)s new offers: %(search)s", count, search=payload["search"])
    link = public_url("wholesale.offers") + f"?{payload['query']}"
    return write("search_found", subject, payload["email"], name=payload["name"], search=payload["search"], count=count, link=link)
