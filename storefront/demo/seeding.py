"""The PALI demo, created once through the verbs a person uses: people, outlet, shelves, programme, villages, makers and goods."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from catalog.areas import get_village
from catalog.categories import create_category
from catalog.media import Storage, add_photo
from catalog.models.product import Category
from catalog.models.programme import ProgrammeStatus
from catalog.models.stock import Outlet
from catalog.programme import record_village
from catalog.villages import VillageFacts, describe_visit
from kernel import clock
from kernel.people import SYSTEM, Actor
from orders import outlet_payments, qris
from orders.consignment.public import open_regency
from orders.outlet_payments import PaymentDetails
from storefront.demo.album import village_shots
from storefront.demo.cast import HOME, MANAGER, create_administrator, create_cast
from storefront.demo.discounts import create_vouchers
from storefront.demo.goods import PhotoOf, Workbench, add_maker
from storefront.demo.making import write_makings
from storefront.demo.sending import create_zones
from storefront.demo.stories import Stories, VillageStory
from storefront.demo.wholesale import create_wholesale

OUTLET_SLUG = "pusat-oleh-oleh-pali"
#: Whose maker the cast's maker belongs to.
CAST_MAKER = "rumah-nanas-talang-bulang"


def is_seeded(session: Session) -> bool:
    """Whether the demo stands already; it is made in one transaction, so it stands whole."""
    return bool(session.scalar(select(exists().where(Outlet.slug == OUTLET_SLUG))))


def seed(
    session: Session, storage: Storage, stories: Stories, photo_of: PhotoOf, *, year: int, done: Callable[[], None] = lambda: None
) -> None:
    """Create the demo in the caller's transaction, `done` being called after each maker. Harmless when it stands already.

    Everything is marked as sample data. The areas must have been imported.
    """
    if is_seeded(session):
        return
    actor = create_administrator(session)
    bench = Workbench(
        session=session,
        storage=storage,
        photo_of=photo_of,
        actor=actor,
        today=clock.today(),
        outlet=_create_outlet(session),
        categories=_create_shelves(session, actor, stories),
        sequence=count(1),
    )
    for record in stories.records:
        record_village(
            session,
            actor,
            record.code,
            year,
            ProgrammeStatus(record.status),
            product_name_id=record.product_id,
            product_name_en=record.product_en,
            is_sample=True,
        )
    for village in stories.villages:
        _describe_village(bench, village)
    create_zones(session, SYSTEM, bench.outlet)
    open_regency(session, SYSTEM, HOME)
    makers = {}
    for story in stories.makers:
        makers[story.slug] = add_maker(bench, story)
        done()
    write_makings(session, actor)
    create_cast(session, actor, bench.outlet, makers[CAST_MAKER])
    create_vouchers(session, bench.outlet, MANAGER.email, bench.today)
    create_wholesale(session, bench.outlet, bench.today)


def _create_outlet(session: Session) -> Outlet:
    outlet = Outlet(
        code="PENDOPO",
        slug=OUTLET_SLUG,
        name="Pusat Oleh-oleh PALI",
        operator_name="Koperasi Etalase PALI (contoh)",
        area_code=get_village(session, "16.12.01.1003").code,
        address="Jalan Merdeka Contoh No. 1, Pendopo, Talang Ubi Timur",
        phone="+6281200000000",
        latitude=-3.2745,
        longitude=103.84,
        opening_hours=[*[["08:00", "20:00"]] * 5, ["08:00", "21:00"], ["09:00", "17:00"]],
        zone="WIB",
        is_active=True,
        is_sample=True,
    )
    session.add(outlet)
    session.flush()
    return outlet_payments.set_details(session, SYSTEM, outlet, sample_payment_details())


def sample_payment_details() -> PaymentDetails:
    """A QRIS code and an account of nobody: the code is well formed, and no network knows its merchant."""
    merchant = qris.write_tlv([("00", "ID.CO.CONTOH.WWW"), ("01", "936000000000000000"), ("02", "CONTOH000000000"), ("03", "UMI")])
    national = qris.write_tlv([("00", "ID.CO.QRIS.WWW"), ("02", "ID0000000000000"), ("03", "UMI")])
    fields = (
        (qris.FORMAT, "01"),
        (qris.METHOD, qris.STATIC),
        ("26", merchant),
        ("51", national),
        ("52", "5947"),
        (qris.CURRENCY, qris.RUPIAH),
        (qris.COUNTRY, qris.INDONESIA),
        (qris.NAME, "ETALASE PALI (CONTOH)"),
        (qris.CITY, "PALI"),
        ("61", "31214"),
    )
    return PaymentDetails(qris.QrisCode(fields).payload, "Bank Contoh", "0000000000", "Koperasi Etalase PALI (contoh)")


def _create_shelves(session: Session, actor: Actor, stories: Stories) -> dict[str, Category]:
    return {
        shelf.slug: create_category(session, actor, name_id=shelf.name_id, name_en=shelf.name_en, position=place)
        for place, shelf in enumerate(stories.shelves)
    }


def _describe_village(bench: Workbench, story: VillageStory) -> None:
    facts = VillageFacts(
        intro_id=story.intro_id,
        intro_en=story.intro_en,
        visit_id=story.visit_id,
        visit_en=story.visit_en,
        season_id=story.season_id,
        season_en=story.season_en,
    )
    describe_visit(bench.session, bench.actor, story.code, facts, is_sample=True)
    village = get_village(bench.session, story.code)
    for shot in village_shots(story.code, story.scenes):
        texts = {"alt_id": f"Desa {village.name}, gambar contoh", "alt_en": f"{village.name} village, sample picture"}
        add_photo(bench.session, bench.storage, bench.photo_of(shot), village, actor=bench.actor, is_sample=True, **texts)
