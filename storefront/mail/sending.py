"""Sends what waits in the outbox: claimed in one transaction, sent without any, recorded in another."""

from __future__ import annotations

from flask import current_app

from kernel import crashpoints, outbox
from kernel.outbox import Claim
from storefront.database import transaction
from storefront.integrations.mail import Mailer, make_mailer
from storefront.logs import log
from storefront.mail import (
    account_letters,
    api_access_letters,
    curation_letters,
    maker_letters,
    order_letters,
    paper_letters,
    partner_letters,
    trade_letters,
)
from storefront.mail.letters import Writer, compose, speak
from storefront.templating import current_settings

WRITERS: dict[str, Writer] = {
    "mail.registration": account_letters.registration,
    "mail.account_exists": account_letters.account_exists,
    "mail.password_reset": account_letters.password_reset,
    "mail.invitation": account_letters.invitation,
    "mail.second_factor_on": account_letters.second_factor_on,
    "mail.second_factor_off": account_letters.second_factor_off,
    "mail.order_placed": order_letters.order_placed,
    "mail.order_paid": order_letters.order_paid,
    "mail.order_ready": order_letters.order_ready,
    "mail.order_shipped": order_letters.order_shipped,
    "mail.order_refunded": order_letters.order_refunded,
    "mail.statement_closed": maker_letters.statement_closed,
    "mail.webhook_paused": api_access_letters.webhook_paused,
    "mail.papers_expiring": paper_letters.papers_expiring,
    "mail.curation_returned": curation_letters.returned,
    "mail.curation_decided": curation_letters.decided,
    "mail.curation_appeal_decided": curation_letters.appeal_decided,
    "mail.curation_due": curation_letters.due,
    "mail.partner_received": partner_letters.partner_received,
    "mail.partner_decided": partner_letters.partner_decided,
    "mail.sample_answered": partner_letters.sample_answered,
    "mail.search_found": partner_letters.search_found,
    "mail.quote_offered": trade_letters.quote_offered,
    "mail.purchase_waits": trade_letters.purchase_waits,
    "mail.purchase_decided": trade_letters.purchase_decided,
    "mail.purchase_promised": trade_letters.purchase_promised,
    "mail.claims_settled": trade_letters.claims_settled,
    "mail.goods_dispatched": trade_letters.goods_dispatched,
    "mail.invoice_issued": trade_letters.invoice_issued,
    "mail.invoice_reminder": trade_letters.invoice_reminder,
}


def send_waiting(limit: int = 20) -> int:
    """Send up to `limit` due messages; how many left. A failure waits for its next try and is logged by kind alone."""
    mailer = make_mailer(current_settings())
    with transaction() as session:
        claims = outbox.claim_due(session, limit)
    sent = 0
    for claim in claims:
        error = _deliver(claim, mailer)
        crashpoints.here("outbox.sent")
        with transaction() as session:
            if error is None:
                outbox.record_sent(session, claim)
                sent += 1
            else:
                outbox.record_failure(session, claim, error)
                log.warning("mail not sent", kind=claim.kind, error=type(error).__name__)
    return sent


def _deliver(claim: Claim, mailer: Mailer) -> Exception | None:
    """Write and hand over one letter, outside of any transaction; what went wrong, or None."""
    settings = current_settings()
    with current_app.test_request_context(base_url=settings.base_url or "http://localhost"):
        speak(claim.payload)
        try:
            letter = WRITERS[claim.kind](claim.payload)
            if letter is not None:
                mailer.send(compose(letter, claim.key))
        except Exception as error:  # whatever goes wrong with one letter, the others go out
            return error
    return None
