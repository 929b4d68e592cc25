"""The demo's window: two collections, what the home page features, and an import with rows that wait to be corrected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from catalog import collections, exposure
from catalog.collections import CollectionFacts
from catalog.importing import chunks, runs, working
from catalog.models.collection import Collection, ShownPlace
from catalog.models.importing import ImportKind
from catalog.models.maker import Maker
from catalog.models.product import Category, ListingState, Product
from kernel import accounts, clock
from kernel.people import Actor, User
from storefront.demo.cast import DOMAIN

#: Titles, stories and shelves.
_STORIES = (
    (
        ("Oleh-oleh dari kebun nanas", "Gifts from the pineapple fields"),
        (
            "Nanas Talang Bulang dipetik matang, lalu menjadi selai, dodol, dan keripik.\nRingan dibawa, tahan di perjalanan.",
            "Talang Bulang's pineapples are picked ripe and become jam, dodol and crisps.\nLight to carry, and good for a long journey.",
        ),
        ("olahan-buah",),
    ),
    (
        ("Karya tangan PALI", "Made by hand in PALI"),
        (
            "Kain, anyaman, dan gerabah yang dikerjakan satu per satu oleh para perajin desa.",
            "Cloth, weaving and pottery, made one by one by village craftspeople.",
        ),
        ("kain", "anyaman", "kerajinan"),
    ),
)
_MOST = 8
_DAYS = 13
#: As an office would send it: a title, habits of writing, and three rows that cannot be used.
TABLE = """DAFTAR PRODUK USULAN 2026;;;;;
;;;;;
Nama UMKM;Nama Produk;Kategori;Halal;Masa Simpan;Ringkasan
{maker};Keripik talas pedas (contoh);{category};belum;3 bulan;Talas kebun diiris tipis, digoreng garing.
{maker};Stik bawang (contoh);{category};proses;60 hari;Gurih dan ringan.
{maker};Abon cabai (contoh);Lauk;belum;90;Kategori ini belum ada.
Dapur Tak Dikenal;Kue satu (contoh);{category};belum;30 hari;Pembuatnya belum terdaftar.
{maker};Stik bawang (contoh);{category};sudah;60 hari;Baris kedua yang menyebut hal lain.
"""


def is_dressed(session: Session) -> bool:
    """Whether the window was dressed."""
    return bool(session.scalar(select(exists().where(Collection.is_sample))))


def dress(session: Session, done: Callable[[], None] = lambda: None) -> None:
    """Create everything in the caller's transaction, by the curator's hand."""
    person = session.scalars(select(User).where(User.email == f"kurator@{DOMAIN}").options(selectinload(User.grants))).one()
    curator, today = accounts.as_actor(person), clock.today()
    for number, (titles, stories, shelves) in enumerate(_STORIES):
        facts = CollectionFacts(
            title_id=titles[0],
            title_en=titles[1],
            story_id=stories[0],
            story_en=stories[1],
            starts_on=today - timedelta(days=3 + number),
            ends_on=today + timedelta(days=40 + 20 * number),
        )
        collection = collections.create_collection(session, curator, facts, is_sample=True)
        statement = select(Product).join(Category, Category.id == Product.category_id).where(Category.slug.in_(shelves), Product.is_sample)
        for product in session.scalars(statement.order_by(Product.id).limit(_MOST)):
            collections.add_product(session, curator, collection, product)
        done()
    _show(session, today)
    _import(session, curator)
    done()


def _show(session: Session, today: date) -> None:
    """Two weeks on the home page, and what visitors saw in them."""
    chance = Random(20_261_121)
    products = session.scalars(select(Product.id).where(Product.is_sample, Product.state == ListingState.LIVE).order_by(Product.id)).all()
    for back in range(_DAYS, -1, -1):
        day = today - timedelta(days=back)
        featured = set(exposure.choose_featured(session, day))
        home = {product_id: 60 + chance.randrange(30) for product_id in sorted(featured)}
        found = {product_id: 1 + chance.randrange(25) for product_id in products}
        for place, counts in ((ShownPlace.HOME, home), (ShownPlace.LIST, found)):
            exposure.add_counts(session, day, place, counts)


def _import(session: Session, curator: Actor) -> None:
    maker = session.scalars(select(Maker).where(Maker.is_sample).order_by(Maker.id).limit(1)).one()
    category = session.scalars(select(Category).order_by(Category.position).limit(1)).one()
    data = TABLE.format(maker=maker.name, category=category.name_id).encode("cp1252")
    run = runs.start_import(session, curator, ImportKind.PRODUCTS, "usulan-produk-2026.csv", data)
    working.store_table(session, run.id, chunks.read_table(run.kind, data))
    runs.check_import(session, curator, run)
    desk = working.open_desk(session, run)
    while desk is not None and working.store_checked(session, run.id, desk, working.check_batch(session, run, desk)):
        pass
    runs.run_import(session, curator, run)
    desk = working.open_desk(session, run)
    while desk is not None and working.apply_batch(session, run.id, desk, working.plan_batch(session, run, desk)):
        pass
