"""A furnished shop for the tests of whole pages: thirty products with pictures, two languages, one outlet; one per test module."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from sqlalchemy.orm import Session

from catalog.batch_blocks import recall_batch
from catalog.media import FolderStorage, add_photo
from catalog.media_pipeline import prepare_photo
from catalog.models.area import Area, AreaLevel, VillageKind
from catalog.models.certificate import CertificateKind
from catalog.models.product import TravelLimit
from catalog.models.programme import ProgrammeStatus
from catalog.models.stock import Outlet
from catalog.search import queue
from catalog.stock import correct_stock
from kernel.people import SYSTEM, Grant, Role
from orders import outlet_payments, parcels
from orders.models.order import Order
from orders.parcels import ParcelFacts
from storefront.app import create_app
from storefront.database import transaction
from storefront.search_engine import get_engine
from tests.conftest import fresh_copy, make_settings
from tests.live import LiveShop, serving
from tests.make import (
    BETUNG,
    KARANG_AGUNG,
    TALANG_BULANG,
    make_actor,
    make_batch,
    make_category,
    make_maker,
    make_outlet,
    make_programme_record,
    make_user,
)
from tests.make_catalogue import make_certificate, make_ingredient, make_profile
from tests.make_payments import details
from tests.make_shipping import PARCEL, make_zone, paid_sent
from tests.make_stock import Goods, make_goods

SHELVES = (("makanan-ringan", "Makanan ringan", "Snacks"), ("kerajinan", "Kerajinan", "Crafts"), ("minuman", "Minuman", "Drinks"))
WARES = (
    ("Keripik ubi kencur", "Kencur cassava chips"),
    ("Manisan nanas", "Candied pineapple"),
    ("Anyaman purun dengan nama yang cukup panjang", "Purun basket with quite a long name"),
    ("Sirup nanas", "Pineapple syrup"),
    ("Tepung mocaf", "Mocaf flour"),
)
PRODUCTS = 30


@dataclass(frozen=True)
class FurnishedShop(LiveShop):
    """The running shop and the addresses of one page of each kind."""

    pages: dict[str, str]


@pytest.fixture(scope="module")
def furnished_shop(database_url: str, server_url: str, folder: Path) -> Iterator[FurnishedShop]:
    """The shop, served by threads of this process, with the database and pictures of its own."""
    with fresh_copy(database_url, server_url, folder, "furnished") as url, tempfile.TemporaryDirectory() as place:
        settings = replace(make_settings(url, Path(place)), base_url="")
        app = create_app(settings)
        with app.app_context(), transaction() as session:
            goods, pages = furnish(session, settings.media_folder)
            get_engine().request_rebuild("a new shop")
        with serving(app) as address:
            shop = FurnishedShop(address, app, goods, "kasir@contoh.example", pages)
            shop.work()
            yield shop


def photograph() -> bytes:
    """A picture with the grain and soft shapes of a photo, so that its files weigh what photos weigh."""
    grain = Image.effect_noise((270, 338), 90).resize((1080, 1350), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(2))
    light = Image.radial_gradient("L").resize((1080, 1350))
    file = BytesIO()
    Image.merge("RGB", (light, grain, Image.blend(light, grain, 0.5))).save(file, "JPEG", quality=90)
    return file.getvalue()


def furnish(session: Session, media: Path) -> tuple[Goods, dict[str, str]]:
    """Villages, makers, papers, products and people; the first product, and addresses by the name of the page."""
    storage, photo, actor = FolderStorage(media), prepare_photo(photograph()), make_actor(session)
    outlet = make_outlet(session, latitude=-3.2745, longitude=103.84)
    shelves = [
        make_category(session, slug, name_id=indonesian, name_en=english, position=place)
        for place, (slug, indonesian, english) in enumerate(SHELVES)
    ]
    makers = [make_maker(session, village_code=code, phone="+628127770000") for code in (KARANG_AGUNG, TALANG_BULANG, BETUNG)]
    for code in (KARANG_AGUNG, TALANG_BULANG):
        make_programme_record(session, code, status=ProgrammeStatus.SELECTED, product_name_id="Nanas", product_name_en="Pineapple")
        make_profile(session, code)
        add_photo(session, storage, photo, session.get_one(Area, code), actor=actor, alt_id="Kebun nanas", alt_en="A pineapple garden")
    add_photo(session, storage, photo, makers[0], actor=actor, alt_id="Dapur", alt_en="The kitchen")
    all_goods = []
    for number in range(PRODUCTS):
        indonesian, english = WARES[number % len(WARES)]
        goods = make_goods(
            session,
            20 + number,
            outlet=outlet,
            price=12_500 + 1_500 * number,
            slug=f"barang-{number}",
            name_id=f"{indonesian} {number}",
            name_en=f"{english} {number}",
            maker=makers[number % 3],
            category=shelves[number % 3],
            popularity=100 - number,
        )
        queue.mark_dirty(session, goods.product.id)
        add_photo(session, storage, photo, goods.product, actor=actor, alt_id=f"Foto {indonesian}", alt_en=f"Photo of {english}")
        all_goods.append(goods)
    gone = all_goods[1]
    correct_stock(session, SYSTEM, outlet, gone.variant, gone.batch, 0, "Habis")  # one card says "sold out"
    first = all_goods[0].product
    add_photo(session, storage, photo, first, actor=actor, alt_id="Dari samping", alt_en="From the side")
    make_ingredient(session, first, origin_code=KARANG_AGUNG)
    make_certificate(session, product_id=first.id)
    make_certificate(session, product_id=first.id, kind=CertificateKind.HALAL, number="ID16110000001230622")
    make_user(session, Grant(Role.CASHIER, outlet_id=outlet.id), email="kasir@contoh.example", name="Kasir Contoh")
    recalled = make_batch(session, first, lot_code="TARIK-1")
    recall_batch(session, SYSTEM, recalled, "Tutup kemasan bocor")
    sent = send_an_order(session, outlet, all_goods)
    return all_goods[0], {
        "home": "/",
        "list": "/products",
        "product": f"/products/{first.slug}",
        "lot": f"/products/{first.slug}/batches/{all_goods[0].batch.lot_code}",
        "recalled lot": f"/products/{first.slug}/batches/{recalled.lot_code}",
        "scan": "/scan",
        "unknown code": "/scan?code=8999999000028",
        "villages": "/villages",
        "village": f"/villages/{KARANG_AGUNG}",
        "maker": f"/makers/{makers[0].slug}",
        "programme": "/programme",
        "search": "/search?q=nanas",
        "search without results": "/search?q=zzxqv",
        "filtered": "/products?category=makanan-ringan&min_price=abc",
        "help": "/help",
        "sign in": "/account/sign-in",
        "register": "/account/register",
        "empty cart": "/cart",
        "not found": "/products/tidak-ada",
        "only for pickup": f"/products/{all_goods[2].product.slug}",
        "shipped order": f"/orders/{sent.token}",
    }


def send_an_order(session: Session, outlet: Outlet, all_goods: list[Goods]) -> Order:
    """The outlet takes every way to pay and sends within PALI; one product cannot travel, and one order is on its way."""
    outlet_payments.set_details(session, SYSTEM, outlet, details())
    make_zone(session, outlet)
    all_goods[2].product.travel_limit = TravelLimit.FRAGILE
    twin = Area(code="16.12.01.2999", parent_code="16.12.01", name="Betung", folded_name="betung", postal_code="31219", zone="WIB")
    twin.level, twin.kind, twin.short_name = AreaLevel.VILLAGE, VillageKind.DESA, ""
    session.add(twin)
    order = paid_sent(session, all_goods[3])
    return parcels.ship_order(session, SYSTEM, order.id, [PARCEL, ParcelFacts("Pos Contoh")])
