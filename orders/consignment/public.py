"""What the public may see of makers' money, where a regency wants it: the share of a price, and what villages have earned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, case, delete, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from catalog.models.area import Area, AreaLevel
from catalog.models.maker import Maker
from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from catalog.queries.small_numbers import SMALLEST_SHOWN
from kernel import audit, clock
from kernel.errors import InvalidInput, NotAllowed
from kernel.inserts import insert_new
from kernel.people import Actor, Permission
from kernel.prepared import Prepared
from orders.consignment.shares import split_price
from orders.models.agreement import Agreement, AgreementTerms, MakerPrice, OpenRegency, TermsModel
from orders.models.consignment import MakerStatement

_newest = aliased(AgreementTerms)
_day = bindparam("day", type_=Date())
#: Agreements whose shares a product page shows, with their terms of the day and the maker's own prices, the newest last. Composed once,
#: because every product page asks.
_SHARING = Prepared(
    select(AgreementTerms.agreement_id, AgreementTerms.model, AgreementTerms.rate_bps, Variant.code.label("priced_code"), MakerPrice.amount)
    .join(Agreement, Agreement.id == AgreementTerms.agreement_id)
    .join(Product, Product.maker_id == Agreement.maker_id)
    .join(OpenRegency, Product.village_code.like(OpenRegency.area_code.concat(literal(".%"))))
    .join(Outlet, Outlet.id == Agreement.outlet_id)
    .outerjoin(
        MakerPrice,
        and_(
            MakerPrice.agreement_id == Agreement.id,
            MakerPrice.starts_on <= _day,
            MakerPrice.variant_id.in_(select(Variant.id).where(Variant.product_id == Product.id).correlate(Product)),
        ),
    )
    .outerjoin(Variant, Variant.id == MakerPrice.variant_id)
    .where(
        Product.slug == bindparam("slug"),
        Outlet.is_active,
        or_(Agreement.ends_on.is_(None), Agreement.ends_on > _day),
        AgreementTerms.starts_on
        == select(func.max(_newest.starts_on))
        .where(_newest.agreement_id == Agreement.id, _newest.starts_on <= _day)
        .correlate(Agreement)
        .scalar_subquery(),
    )
    .order_by(AgreementTerms.agreement_id, MakerPrice.starts_on)
)
_OPEN = Prepared(select(OpenRegency.id).where(OpenRegency.area_code.in_(bindparam("codes", expanding=True))))
_LEVELS = {1: AreaLevel.REGENCY, 2: AreaLevel.DISTRICT, 3: AreaLevel.VILLAGE}


@dataclass(frozen=True, slots=True)
class PriceShare:
    """Of `price` whole rupiah, `share` goes to the maker under today's agreement; the least one where outlets differ."""

    price: int
    share: int

    @property
    def percent(self) -> int:
        """Whole per cent, never rounded up."""
        return max(0, self.share * 100 // self.price)


@dataclass(frozen=True, slots=True)
class Earnings:
    """What the makers of an area have earned by closed statements: never fewer than three makers together."""

    area_code: str
    area_name: str
    level: AreaLevel
    amount: int
    makers: int


def open_regency(session: Session, actor: Actor, area_code: str) -> None:
    """Show makers' shares and villages' earnings of a regency in public. Harmless when it is open."""
    _check_may_open(session, actor, area_code)
    row = {"area_code": area_code, "opened_at": clock.now(), "opened_by_id": actor.user_id}
    if insert_new(session, OpenRegency, [row]):
        audit.record(session, actor, "regency.opened", f"area:{area_code}")


def close_regency(session: Session, actor: Actor, area_code: str) -> None:
    """Show neither from now on."""
    _check_may_open(session, actor, area_code)
    session.execute(delete(OpenRegency).where(OpenRegency.area_code == area_code))
    audit.record(session, actor, "regency.closed", f"area:{area_code}")


def price_shares(session: Session, slug: str, prices: Mapping[str, int], day: date) -> dict[str, PriceShare]:
    """The maker's share of the given prices (by variant code) of a product on `day`; empty where it is not shown.

    Not shown: the regency did not open it, there is no agreement, or the terms do not say it by unit (a monthly fee, a
    purchase without a price). One statement.
    """
    found = [row for row in _SHARING.run(session, {"slug": slug, "day": day}) if row.model is not TermsModel.MONTHLY_FEE]
    own = {(row.agreement_id, row.priced_code): row.amount for row in found if row.priced_code}
    shares: dict[str, PriceShare] = {}
    for terms in {row.agreement_id: row for row in found}.values():
        for code, price in prices.items():
            maker_price = own.get((terms.agreement_id, code))
            if terms.model is TermsModel.PURCHASE and maker_price is None:
                continue
            share = min(split_price(terms, price, 1, maker_price).share, price)
            if code not in shares or share < shares[code].share:
                shares[code] = PriceShare(price, share)
    return shares


def village_earnings(session: Session, village_code: str) -> Earnings | None:
    """What a village has earned through the outlets; where it has fewer than three makers who did, its district or regency.

    From closed statements only: they never change, and nobody reads yesterday's sales of a single maker from them. One statement.
    """
    codes = [code for code in _above(village_code) if code.count(".")]  # a province is too far away
    columns: list[ColumnElement[Any]] = []
    for code in codes:
        columns.append(func.coalesce(func.sum(case((_is_in(code), MakerStatement.share), else_=0)), 0))
        columns.append(func.count(func.distinct(case((_is_in(code), Maker.id)))))
        columns.append(select(Area.name).where(Area.code == code).scalar_subquery())
    row = session.execute(
        select(*columns)
        .select_from(MakerStatement)
        .join(Agreement, Agreement.id == MakerStatement.agreement_id)
        .join(Maker, Maker.id == Agreement.maker_id)
        .where(MakerStatement.share > 0, _is_in(codes[-1]), select(OpenRegency.id).where(OpenRegency.area_code.in_(codes)).exists())
    ).one()
    for place, code in enumerate(codes):
        amount, makers, name = row[3 * place : 3 * place + 3]
        if makers >= SMALLEST_SHOWN:
            return Earnings(code, name, _LEVELS[code.count(".")], int(amount), makers)
    return None


def _is_in(code: str) -> ColumnElement[bool]:
    return or_(Maker.village_code == code, Maker.village_code.like(f"{code}.%"))


def _above(code: str) -> list[str]:
    """The area itself and those above it, the smallest first: 16.12.04.2003, 16.12.04, 16.12, 16."""
    parts = code.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _check_may_open(session: Session, actor: Actor, area_code: str) -> None:
    area = session.get(Area, area_code)
    if area is None or area.level is not AreaLevel.REGENCY:
        raise InvalidInput(field="area")
    if not actor.can(Permission.EDIT_MAKERS, area_code=area_code):
        raise NotAllowed
