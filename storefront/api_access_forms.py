"""Forms of a partner's API access: its keys, and where it wants to be told of what."""

from __future__ import annotations

from kernel.errors import N_
from orders.models.api_key import Scope
from orders.models.webhook import DeliveryState, WebhookEvent
from orders.wholesale.webhooks import LONGEST_URL
from storefront.fields import ChoiceField, ChoicesField, PageForm, TextField

SCOPES = {
    Scope.CATALOGUE: N_("Read offers, prices, stock and papers, and fetch the feeds"),
    Scope.READ_ORDERS: N_("Read quotes and orders"),
    Scope.WRITE_ORDERS: N_("Ask for quotes, order and cancel"),
    Scope.READ_INVOICES: N_("Read invoices"),
}
EVENTS = {
    WebhookEvent.ORDER_CONFIRMED: N_("An order is confirmed"),
    WebhookEvent.ORDER_SHIPPED: N_("Goods of an order have left"),
    WebhookEvent.INVOICE_ISSUED: N_("An invoice is issued"),
    WebhookEvent.PAPER_EXPIRED: N_("A paper of an offer has run out"),
    WebhookEvent.PRICE_CHANGED: N_("A price list has changed"),
    WebhookEvent.STOCK_LOW: N_("Less than the smallest order is left in stock"),
    WebhookEvent.PING: N_("A trial message"),
}
DELIVERIES = {
    DeliveryState.WAITING: (N_("Waits"), "amber"),
    DeliveryState.DELIVERED: (N_("Arrived"), "leaf"),
    DeliveryState.HELD: (N_("Held"), ""),
    DeliveryState.FAILED: (N_("Did not arrive"), "red"),
}
#: Why there was no answer, by the word that the sender keeps.
PROBLEMS = {
    "timeout": N_("no answer within five seconds"),
    "connection": N_("nobody answers at this address"),
    "name": N_("no server has this name"),
    "tls": N_("the certificate is not right"),
    "too large": N_("the answer does not end"),
    "unsafe address": N_("the address leads inside a network"),
}


class KeyForm(PageForm):
    """A new key."""

    name = TextField(N_("What the key is for"), maximum=80, hint=N_("Such as the name of the program that will use it."))
    buyer = ChoiceField(N_("Acts for"), hint=N_("This person's limits hold for whatever the program orders."))
    scopes = ChoicesField(N_("What it may do"))


class WebhookForm(PageForm):
    """A new address."""

    url = TextField(N_("Address of your program"), maximum=LONGEST_URL, hint=N_("An https address that answers to POST."))
    events = ChoicesField(N_("Tell it when"))


class EventsForm(PageForm):
    """Other events for an address."""

    events = ChoicesField(N_("Tell it when"))
