"""What a dashboard shows of one area: counted facts, now and in the span before, that add up to the area above (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from catalog.models.product import ListingState
from catalog.models.programme import ProgrammeStatus
from orders.models.order import Channel


@dataclass(slots=True)
class Moving:
    """What happened in a span of days. Money in whole rupiah at the shelf price, returns taken off."""

    sales: dict[Channel, int] = field(default_factory=lambda: dict.fromkeys(Channel, 0))
    units: int = 0
    #: Makers of whom something was sold, and makers who were paid.
    active_makers: int = 0
    paid_makers: int = 0
    paid: int = 0
    #: Goods written off past their date, at the shelf price of the day.
    expired: int = 0
    visits: int = 0
    #: How often products were shown: on the home page, and in lists and search.
    shown_home: int = 0
    shown_found: int = 0

    @property
    def gross(self) -> int:
        """All channels together."""
        return sum(self.sales.values())

    @property
    def shown(self) -> int:
        """In all places."""
        return self.shown_home + self.shown_found


@dataclass(slots=True)
class AreaFigures:
    """One area: what stands today, what happened in the span, and in the one before."""

    code: str
    name: str
    makers: int = 0
    products: dict[ListingState, int] = field(default_factory=lambda: dict.fromkeys(ListingState, 0))
    #: Live products with a paper that is valid today, the maker's papers included.
    certified: int = 0
    villages: dict[ProgrammeStatus, int] = field(default_factory=lambda: dict.fromkeys(ProgrammeStatus, 0))
    now: Moving = field(default_factory=Moving)
    before: Moving = field(default_factory=Moving)

    @property
    def live(self) -> int:
        """Products in the shop."""
        return self.products[ListingState.LIVE]

    @property
    def certified_percent(self) -> int | None:
        """Of the live products; None without any."""
        return round(self.certified * 100 / self.live) if self.live else None

    @property
    def mapped(self) -> int:
        """Villages that came as far as mapped, or further."""
        return sum(count for status, count in self.villages.items() if status.reached)

    @property
    def village_count(self) -> int:
        """Villages that take part."""
        return sum(self.villages.values())


def add_up(code: str, name: str, parts: list[AreaFigures]) -> AreaFigures:
    """The whole of some parts: every figure is a count or a sum of things that lie in one village each."""
    whole = AreaFigures(code, name)
    for part in parts:
        whole.makers += part.makers
        whole.certified += part.certified
        for state, count in part.products.items():
            whole.products[state] += count
        for status, count in part.villages.items():
            whole.villages[status] += count
        _add(whole.now, part.now)
        _add(whole.before, part.before)
    return whole


def _add(whole: Moving, part: Moving) -> None:
    for channel, amount in part.sales.items():
        whole.sales[channel] += amount
    for each in fields(Moving):
        if each.name != "sales":
            setattr(whole, each.name, getattr(whole, each.name) + getattr(part, each.name))
