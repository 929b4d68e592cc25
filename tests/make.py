"""The cast and the goods of the tests: typed `make_…(session, **changes)` functions with sensible defaults."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.area import Area, AreaLevel, VillageKind
from catalog.models.maker import Maker, MakerKind
from catalog.models.product import Category, HalalState, ListingState, Price, Product, Unit, Variant
from catalog.models.programme import ProgrammeRecord, ProgrammeStatus, Scheme
from catalog.models.stock import Batch, Outlet
from kernel import accounts, clock
from kernel.people import Actor, Grant, Role, User

_numbers = count(1)

PALI = (
    ("16", None, AreaLevel.PROVINCE, None, "Sumatera Selatan", ""),
    ("16.12", "16", AreaLevel.REGENCY, None, "Kabupaten Penukal Abab Lematang Ilir", "PALI"),
    ("16.12.01", "16.12", AreaLevel.DISTRICT, None, "Talang Ubi", ""),
    ("16.12.04", "16.12", AreaLevel.DISTRICT, None, "Abab", ""),
    ("16.12.01.2001", "16.12.01", AreaLevel.VILLAGE, VillageKind.DESA, "Talang Bulang", ""),
    ("16.12.01.1003", "16.12.01", AreaLevel.VILLAGE, VillageKind.KELURAHAN, "Talang Ubi Timur", ""),
    ("16.12.04.2001", "16.12.04", AreaLevel.VILLAGE, VillageKind.DESA, "Betung", ""),
    ("16.12.04.2003", "16.12.04", AreaLevel.VILLAGE, VillageKind.DESA, "Karang Agung", ""),
)
_PLACES = {"16.12.01.2001": (-3.3834, 103.9472), "16.12.04.2001": (-3.1715, 104.1278), "16.12.04.2003": (-3.1365, 104.0967)}
TALANG_BULANG, BETUNG, KARANG_AGUNG = "16.12.01.2001", "16.12.04.2001", "16.12.04.2003"


def make_areas(session: Session) -> None:
    """PALI's branch of the area tree with three of its villages; harmless when it is there already."""
    if session.get(Area, "16.12") is not None:
        return
    for code, parent, level, kind, name, short in PALI:
        latitude, longitude = _PLACES.get(code, (None, None))
        session.add(
            Area(
                code=code,
                parent_code=parent,
                level=level,
                kind=kind,
                name=name,
                short_name=short,
                folded_name="".join(c for c in name.lower() if c.isalnum()),
                postal_code="31214" if level is AreaLevel.VILLAGE else "",
                latitude=latitude,
                longitude=longitude,
                zone="WIB",
            )
        )
        session.flush()


def make_maker(session: Session, **changes: Any) -> Maker:
    """A household business in Karang Agung."""
    make_areas(session)
    number = next(_numbers)
    values = {
        "slug": f"dapur-contoh-{number}",
        "name": f"Dapur Contoh {number}",
        "kind": MakerKind.HOUSEHOLD,
        "village_code": KARANG_AGUNG,
        "story_id": "Usaha rumahan.",
        "story_en": "A household business.",
        "created_at": clock.now(),
        "updated_at": clock.now(),
        "photos": [],
    } | changes
    maker = Maker(**values)
    session.add(maker)
    session.flush()
    return maker


def make_category(session: Session, slug: str = "makanan-ringan", **changes: Any) -> Category:
    """A shelf; the one with this slug when it exists."""
    found = session.scalar(select(Category).where(Category.slug == slug))
    if found:
        return found
    category = Category(**({"slug": slug, "name_id": "Makanan ringan", "name_en": "Snacks", "position": 1} | changes))
    session.add(category)
    session.flush()
    return category


def make_variant(session: Session, product: Product, *, price: int | None = 25_000, **changes: Any) -> Variant:
    """A 250 g pack with a price valid since last month (None leaves it without)."""
    number = next(_numbers)
    values = {
        "product_id": product.id,
        "code": f"V{number:06d}",
        "name_id": "250 g",
        "name_en": "250 g",
        "net_quantity": 250,
        "unit": Unit.GRAM,
        "shipping_weight_g": 300,
        "position": session.scalar(select(func.count()).where(Variant.product_id == product.id)),
        "is_active": True,
        "prices": [],
    } | changes
    variant = Variant(**values)
    if price is not None:
        variant.prices.append(Price(amount=price, starts_on=clock.today() - timedelta(days=30)))
    session.add(variant)
    session.flush()
    return variant


def make_product(session: Session, *, price: int | None = 25_000, **changes: Any) -> Product:
    """A live product with one variant, its own maker and a category."""
    maker = changes.pop("maker", None) or make_maker(session)
    category = changes.pop("category", None) or make_category(session)
    number = next(_numbers)
    values = {
        "slug": f"keripik-ubi-{number}",
        "maker_id": maker.id,
        "category_id": category.id,
        "village_code": maker.village_code,
        "scheme": Scheme.OVOP,
        "state": ListingState.LIVE,
        "name_id": f"Keripik ubi kencur {number}",
        "name_en": f"Kencur cassava chips {number}",
        "summary_id": "Renyah dan wangi kencur.",
        "summary_en": "Crisp and fragrant.",
        "halal_state": HalalState.NOT_YET,
        "allergens": [],
        "published_at": clock.now(),
        "created_at": clock.now(),
        "updated_at": clock.now(),
        "variants": [],
        "ingredients": [],
        "photos": [],
        "certificates": [],
    } | changes
    product = Product(**values)
    session.add(product)
    session.flush()
    make_variant(session, product, price=price)
    session.refresh(product, ["variants"])
    return product


def make_outlet(session: Session, **changes: Any) -> Outlet:
    """A souvenir centre in Talang Ubi that is open every day."""
    make_areas(session)
    number = next(_numbers)
    values = {
        "code": f"T{number}",
        "slug": f"pusat-contoh-{number}",
        "name": f"Pusat Oleh-oleh Contoh {number}",
        "operator_name": "Koperasi Contoh",
        "area_code": "16.12.01.1003",
        "address": "Jalan Contoh 1, Talang Ubi Timur",
        "phone": "+6281200000000",
        "opening_hours": [["08:00", "20:00"]] * 7,
        "zone": "WIB",
        "is_active": True,
    } | changes
    outlet = Outlet(**values)
    session.add(outlet)
    session.flush()
    return outlet


def make_batch(session: Session, product: Product, **changes: Any) -> Batch:
    """A lot produced last week, good for half a year."""
    number = next(_numbers)
    today: date = clock.today()
    values = {
        "product_id": product.id,
        "lot_code": f"L{number}",
        "produced_on": today - timedelta(days=7),
        "best_before_on": today + timedelta(days=180),
        "created_at": clock.now(),
    } | changes
    batch = Batch(**values)
    session.add(batch)
    session.flush()
    return batch


def make_programme_record(session: Session, village_code: str, **changes: Any) -> ProgrammeRecord:
    """A village mapped this year."""
    make_areas(session)
    values = {"village_code": village_code, "year": 2026, "status": ProgrammeStatus.MAPPED, "updated_at": clock.now()} | changes
    record = ProgrammeRecord(**values)
    session.add(record)
    session.flush()
    return record


PASSWORD = "kata-sandi-uji"
#: The cast shares one hash.
_PASSWORD_HASH = accounts.hash_password(PASSWORD)


def make_user(session: Session, *grants: Grant, **changes: Any) -> User:
    """A person with the given roles and the password PASSWORD."""
    number = next(_numbers)
    values = {
        "email": f"orang{number}@example.org",
        "name": f"Orang {number}",
        "password_hash": _PASSWORD_HASH,
        "language": "id",
        "is_active": True,
        "created_at": clock.now(),
        "grants": [],
    } | changes
    user = User(**values)
    session.add(user)
    session.flush()
    for grant in grants:
        accounts.grant_role(session, user, grant)
    session.refresh(user, ["grants"])
    return user


def make_actor(session: Session, role: Role = Role.ADMINISTRATOR, **scope: Any) -> Actor:
    """The Actor of a new person with one role."""
    return accounts.as_actor(make_user(session, Grant(role, **scope)))
