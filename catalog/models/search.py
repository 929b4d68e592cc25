"""What the search room keeps in the database: products to re-index, and what people searched for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.base import Base


class SearchQueueEntry(Base):
    """A product whose search document is out of date; written in the transaction that changed it."""

    __tablename__ = "search_queue"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: No foreign key: the entry outlives a deleted product, whose document must go.
    product_id: Mapped[int] = mapped_column(index=True)
    marked_at: Mapped[datetime]


class SearchQuery(Base):
    """One search by a visitor, without anything about the visitor."""

    __tablename__ = "search_queries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(2))
    total: Mapped[int]

    __table_args__ = (Index(None, "total", "text"),)


class SearchMark(Base):
    """A moment the search room remembers, such as until when expiring papers and prices have been looked at."""

    __tablename__ = "search_marks"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
