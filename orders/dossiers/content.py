"""What a dossier says: plan, sales by month from our own books, goods on hand and papers; its canonical JSON and digest."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from catalog.models.area import Area
from catalog.models.certificate import Certificate
from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import StockLevel
from kernel import clock
from orders.consignment.periods import midnight
from orders.dossiers.plan import Plan
from orders.models.agreement import Agreement
from orders.models.consignment import ConsignmentSale

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """Sales of one calendar month ("2026-11"): units, what buyers paid, what of it is the maker's; returns taken off."""

    month: str
    units: int
    gross: int
    share: int


@dataclass(frozen=True, slots=True)
class Goods:
    """What stands at outlets."""

    name_id: str
    name_en: str
    pack_id: str
    pack_en: str
    units: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that is valid on the day the dossier was put together."""

    kind: str
    number: str
    issuer: str
    #: ISO date, or empty without an end.
    valid_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything on the dossier's pages."""

    maker: str
    kind: str
    village: str
    founded_year: int | None
    people_count: int | None
    texts: dict[str, str]
    amounts: dict[str, int]
    checks: list[str]
    #: ISO date: sales until the end of the day before.
    as_of: str
    sales: list[Month]
    stock: list[Goods]
    papers: list[Paper]
    is_sample: bool

    @property
    def months_with_sales(self) -> int:
        """In how many months something was sold."""
        return sum(1 for month in self.sales if month.units > 0)


def compose(session: Session, maker: Maker, plan: Plan, today: date, zone: str = "", *, as_of: date | None = None) -> Content:
    """The dossier as it is now, with the sales until `as_of` (today): asked again for the day of an older one, it says what changed."""
    as_of = as_of or today
    return Content(
        maker=maker.name,
        kind=maker.kind.value,
        village=session.scalar(select(Area.name).where(Area.code == maker.village_code)) or "",
        founded_year=maker.founded_year,
        people_count=maker.people_count,
        texts=dict(plan.texts),
        amounts=dict(plan.amounts),
        checks=sorted(plan.checks),
        as_of=as_of.isoformat(),
        sales=_sales(session, maker, as_of, zone or clock.home()),
        stock=_stock(session, maker),
        papers=_papers(session, maker, today),
        is_sample=maker.is_sample,
    )


def write(content: Content) -> str:
    """Canonical JSON."""
    return json.dumps(asdict(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read(text: str) -> Content:
    """What `write` wrote."""
    values = json.loads(text)
    values["sales"] = [Month(**each) for each in values["sales"]]
    values["stock"] = [Goods(**each) for each in values["stock"]]
    values["papers"] = [Paper(**each) for each in values["papers"]]
    return Content(**values)


def digest_of(text: str) -> str:
    """SHA-256 of canonical JSON, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def says_the_same(one: Content, other: Content) -> bool:
    """Whether nothing a maker would have to approve anew differs; goods come and go every day."""
    return _without_stock(one) == _without_stock(other)


def _without_stock(content: Content) -> dict[str, object]:
    return {name: value for name, value in asdict(content).items() if name != "stock"}


def _sales(session: Session, maker: Maker, as_of: date, zone: str) -> list[Month]:
    """The twelve months that end with the day before, the oldest first, also those without a sale."""
    firsts = [_months_before(as_of - timedelta(days=1), back) for back in range(MONTHS - 1, -1, -1)]
    start, end = midnight(firsts[0], zone), midnight(as_of, zone)
    rows = session.execute(
        select(ConsignmentSale.occurred_at, ConsignmentSale.quantity, ConsignmentSale.gross, ConsignmentSale.share)
        .join(Agreement, Agreement.id == ConsignmentSale.agreement_id)
        .where(Agreement.maker_id == maker.id, ConsignmentSale.occurred_at >= start, ConsignmentSale.occurred_at < end)
    )
    sums = {f"{first:%Y-%m}": [0, 0, 0] for first in firsts}
    for moment, *figures in rows:
        month = sums[f"{clock.local(moment, zone):%Y-%m}"]
        for place, figure in enumerate(figures):
            month[place] += int(figure)
    return [Month(month, *figures) for month, figures in sums.items()]


def _stock(session: Session, maker: Maker) -> list[Goods]:
    statement = (
        select(Product.name_id, Product.name_en, Variant.name_id, Variant.name_en, func.sum(StockLevel.on_hand))
        .join(Variant, Variant.product_id == Product.id)
        .join(StockLevel, StockLevel.variant_id == Variant.id)
        .where(Product.maker_id == maker.id, StockLevel.on_hand > 0)
        .group_by(Product.id, Variant.id, Product.name_id, Product.name_en, Variant.name_id, Variant.name_en)
        .order_by(Product.name_id, Variant.id)
    )
    return [Goods(row[0], row[1], row[2], row[3], int(row[4])) for row in session.execute(statement)]


def _papers(session: Session, maker: Maker, today: date) -> list[Paper]:
    products = select(Product.id).where(Product.maker_id == maker.id)
    statement = (
        select(Certificate)
        .where(
            or_(Certificate.maker_id == maker.id, Certificate.product_id.in_(products)),
            Certificate.valid_from_on <= today,
            or_(Certificate.valid_until_on.is_(None), Certificate.valid_until_on >= today),
        )
        .order_by(Certificate.kind, Certificate.id)
    )
    return [
        Paper(each.kind.value, each.number, each.issuer, each.valid_until_on.isoformat() if each.valid_until_on else "")
        for each in session.scalars(statement)
    ]


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)
