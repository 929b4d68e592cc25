"""Webhooks out: where a partner wants to hear of what, and what was told to it when (docs/webhooks.md)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.base import Base, enum_column
from orders.models.partner import Partner


class WebhookEvent(StrEnum):
    """What a partner's program can be told."""

    ORDER_CONFIRMED = "order.confirmed"
    ORDER_SHIPPED = "order.shipped"
    INVOICE_ISSUED = "invoice.issued"
    PAPER_EXPIRED = "paper.expired"
    PRICE_CHANGED = "price.changed"
    STOCK_LOW = "stock.low"
    #: Sent by a button, so that a receiver can be tried.
    PING = "ping"


class DeliveryState(StrEnum):
    """How one message stands. Held: its subscription is paused; it goes out when that ends."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    HELD = "held"
    FAILED = "failed"


class WebhookSubscription(Base):
    """An address of a partner with the events it wants. Its secret is sealed, because we must sign with it."""

    __tablename__ = "webhook_subscriptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    events: Mapped[list[str]] = mapped_column(JSON)
    secret_sealed: Mapped[str] = mapped_column(Text)
    #: After a change of the secret both sign until then.
    old_secret_sealed: Mapped[str] = mapped_column(Text, default="")
    old_secret_ends_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: Since when nothing has arrived; None after a success.
    failing_from_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    partner: Mapped[Partner] = relationship(lazy="raise")


class WebhookDelivery(Base):
    """One message to one subscription; its id is the same however often it is sent."""

    __tablename__ = "webhook_deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("webhook_subscriptions.id"))
    event: Mapped[WebhookEvent] = mapped_column(enum_column(WebhookEvent, 20))
    #: What it is about, such as `order:K7QTX4MN`; the same thing is told once.
    subject: Mapped[str] = mapped_column(String(100))
    #: The message to the letter, so that every try carries the same bytes.
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[DeliveryState] = mapped_column(enum_column(DeliveryState, 10))
    attempts: Mapped[int] = mapped_column(default=0)
    #: Times a person asked for it to be sent again; part of the outbox's key.
    resends: Mapped[int] = mapped_column(default=0)
    #: The receiver's last status, or why there was none.
    last_status: Mapped[int | None]
    last_problem: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]

    subscription: Mapped[WebhookSubscription] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("subscription_id", "event", "subject"),
        Index(None, "subscription_id", "created_at"),
    )
