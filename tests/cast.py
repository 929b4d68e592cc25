"""The cast of the house in one small world: who there is, what they may touch, and browsers that are signed in as them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.channel_rules import RequirementFacts, add_requirement
from catalog.curation.states import CurationState
from catalog.mentoring import assignments, events, items, organisations, visits
from catalog.mentoring.events import EventFacts
from catalog.mentoring.items import ItemFacts
from catalog.mentoring.organisations import OrganisationFacts
from catalog.mentoring.visits import VisitFacts
from catalog.models.area import Area, AreaLevel, VillageKind
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.channel import Channel, GoodsGroup
from catalog.models.maker import Maker
from catalog.models.mentoring import EventKind, ItemOwner, OrganisationKind
from catalog.models.photo import Photo
from catalog.models.product import HalalState, Product, Variant
from catalog.models.stock import MovementKind, Outlet
from catalog.programme_offices import OfficeFacts, save_office
from kernel import accounts, clock
from kernel.ids import make_token
from kernel.people import SYSTEM, Actor, Grant, Role, User
from orders import approvals, settlements
from orders.consignment import fees, payouts, statements
from orders.consignment.agreements import find_for
from orders.counter.incidents import open_incident
from orders.gateways import PaymentMethod
from orders.models.partner import Partner
from orders.models.shift import CounterIncident, IncidentKind, Shift
from orders.wholesale import applications, buyers, samples, searches, webhooks
from tests.make import KARANG_AGUNG, make_areas, make_maker, make_outlet, make_product, make_user
from tests.make_api import make_key
from tests.make_counter import make_device, make_till
from tests.make_curation import make_panel, make_submission
from tests.make_imports import make_import
from tests.make_orders import PICKUP, place
from tests.make_reporting import make_programme_papers
from tests.make_shipping import make_zone
from tests.make_stock import stock_up
from tests.make_stockroom import make_papers
from tests.make_trade import make_trade_papers
from tests.make_vouchers import make_voucher
from tests.make_wholesale import make_buyer, make_group, make_offer, make_partner, new_partner
from tests.make_window import make_bulk_edit, make_collection

STATEMENT = b"Tanggal,Keterangan,Jumlah\n21/11/2026,BIAYA ADM,6000 DB\n"
HOME, ELSEWHERE = "16.12", "16.01"
#: The world's maker and product are at home in Karang Agung, another district than the mentor's.
PROVINCE, TALANG_UBI = "16", "16.12.01"
VILLAGE_ELSEWHERE = "16.01.07.2001"

GUEST = "guest"
SHOPPER = "shopper"
MAKER = "maker"
CASHIER = "cashier"
OUTLET_MANAGER = "outlet_manager"
CURATOR = "curator"
VILLAGE_OFFICER = "village_officer"
MENTOR = "mentor"
ASSESSOR = "assessor"
PROVINCE_OFFICER = "province_officer"
OBSERVER = "observer"
RETAIL_BUYER = "retail_buyer"
RIVAL_BUYER = "rival_buyer"
APPLICANT = "applicant"
ADMINISTRATOR = "administrator"
CURATOR_ELSEWHERE = "curator_elsewhere"
CASHIER_ELSEWHERE = "cashier_elsewhere"
MAKER_ELSEWHERE = "maker_elsewhere"
CAST = (
    GUEST,
    SHOPPER,
    MAKER,
    CASHIER,
    OUTLET_MANAGER,
    CURATOR,
    VILLAGE_OFFICER,
    MENTOR,
    ASSESSOR,
    PROVINCE_OFFICER,
    OBSERVER,
    RETAIL_BUYER,
    RIVAL_BUYER,
    APPLICANT,
    ADMINISTRATOR,
    CURATOR_ELSEWHERE,
    CASHIER_ELSEWHERE,
    MAKER_ELSEWHERE,
)


@dataclass(frozen=True)
class World:
    """The people by their part, and the words that addresses are made of: `/office/orders/{order}`."""

    people: dict[str, User]
    words: dict[str, str]

    def address(self, pattern: str) -> str:
        """`pattern` with this world's codes, slugs and tokens."""
        return pattern.format(**self.words)


def make_world(session: Session) -> World:
    """A product with everything at an outlet in PALI, an order for it, and one person for every part."""
    make_areas(session)
    _make_elsewhere(session)
    maker = make_maker(session, village_code=KARANG_AGUNG)
    product = make_product(session, maker=maker)
    photo = _make_photo(session, product)
    paper = _make_paper(session, product)
    outlet = make_outlet(session)
    other_outlet = make_outlet(session, area_code=VILLAGE_ELSEWHERE)
    goods = stock_up(session, product, outlet, 20)
    people = {
        SHOPPER: make_user(session),
        MAKER: make_user(session, Grant(Role.MAKER, maker_id=maker.id)),
        CASHIER: make_user(session, Grant(Role.CASHIER, outlet_id=outlet.id)),
        OUTLET_MANAGER: make_user(session, Grant(Role.OUTLET_MANAGER, outlet_id=outlet.id)),
        CURATOR: make_user(session, Grant(Role.CURATOR, area_prefix=HOME)),
        VILLAGE_OFFICER: make_user(session, Grant(Role.VILLAGE_OFFICER, area_prefix=KARANG_AGUNG)),
        MENTOR: make_user(session, Grant(Role.MENTOR, area_prefix=TALANG_UBI)),
        ASSESSOR: make_user(session, Grant(Role.ASSESSOR, area_prefix=HOME)),
        PROVINCE_OFFICER: make_user(session, Grant(Role.PROVINCE_OFFICER, area_prefix=PROVINCE)),
        OBSERVER: make_user(session, Grant(Role.OBSERVER, area_prefix=HOME)),
        RETAIL_BUYER: make_user(session),
        RIVAL_BUYER: make_user(session),
        APPLICANT: make_user(session),
        ADMINISTRATOR: make_user(session, Grant(Role.ADMINISTRATOR)),
        CURATOR_ELSEWHERE: make_user(session, Grant(Role.CURATOR, area_prefix=ELSEWHERE)),
        CASHIER_ELSEWHERE: make_user(session, Grant(Role.CASHIER, outlet_id=other_outlet.id)),
        MAKER_ELSEWHERE: make_user(session, Grant(Role.MAKER, maker_id=make_maker(session, village_code=VILLAGE_ELSEWHERE).id)),
    }
    order = place(session, goods, payment_method=PICKUP, actor=accounts.as_actor(people[SHOPPER]))
    manager = accounts.as_actor(people[OUTLET_MANAGER])
    statement = settlements.upload_statement(session, manager, outlet, PaymentMethod.BANK_TRANSFER, "mutasi.csv", STATEMENT)
    voucher = make_voucher(session, outlet, manager)
    waiting = approvals.correct_or_ask(session, manager, outlet, goods.variant, goods.batch, 1, "Hilang", MovementKind.CORRECTED)
    assert waiting is not None
    zone = make_zone(session, outlet)
    papers = make_papers(session, manager, goods, maker, other_outlet) | _make_books(session, manager, outlet, maker)
    papers |= _make_counter(session, outlet, people[CASHIER]) | _make_proposals(session, people)
    papers |= make_programme_papers(session, accounts.as_actor(people[CURATOR]))
    papers |= _make_wholesale(session, outlet, people)
    papers |= _make_api_access(session, papers["partner"], people[RETAIL_BUYER])
    table = make_import(session, accounts.as_actor(people[CURATOR]))
    session.commit()
    words = papers | {
        "order": order.code,
        "token": order.token,
        "product": product.slug,
        "variant": product.variants[0].code,
        "maker": maker.slug,
        "photo": photo.name,
        "paper": str(paper.id),
        "certificate": paper.code,
        "requirement": _make_requirement(session),
        **_make_mentoring(session, maker),
        "outlet": outlet.code,
        "lot": goods.batch.lot_code,
        "village": KARANG_AGUNG,
        "category": "makanan-ringan",
        "person": people[SHOPPER].code,
        "statement": statement.token,
        "voucher": voucher.code,
        "collection": make_collection(session, product).slug,
        "bulk": make_bulk_edit(session, accounts.as_actor(people[CURATOR]), product).code,
        "import": table.code,
        "approval": waiting.code,
        "zone": zone.code,
    }
    return World(people, words)


def _make_requirement(session: Session) -> str:
    facts = RequirementFacts(
        channel=Channel.FEEDS, goods=GoodsGroup.OTHER, kinds=[CertificateKind.SNI], starts_on=clock.today(), area_prefix=HOME
    )
    return add_requirement(session, SYSTEM, facts).code


def _make_mentoring(session: Session, maker: Maker) -> dict[str, str]:
    """A visit, an open item, an assignment, an event of the regency, an organisation and a referral to it."""
    today = clock.today()
    found, _is_new = visits.record_visit(
        session, SYSTEM, maker, VisitFacts(token="v" * 32, visited_on=today, seen="Rapi."), ["0" * 32 + ".jpg"]
    )
    item = items.add_item(session, SYSTEM, maker, ItemFacts(owner=ItemOwner.MAKER, due_on=today, text="Label baru"))
    mentor = make_user(session, Grant(Role.MENTOR, area_prefix=HOME))
    assignment = assignments.assign(session, SYSTEM, mentor, maker, today)
    event = events.create_event(
        session, SYSTEM, HOME, EventFacts(kind=EventKind.TRAINING, title="Label", place="Aula", held_on=today, villages=[KARANG_AGUNG])
    )
    bank = organisations.save_organisation(
        session, SYSTEM, OrganisationFacts(kind=OrganisationKind.BANK, name="Bank Contoh", area_code=HOME)
    )
    referral = organisations.refer(session, SYSTEM, maker, bank, "Modal kerja", today)
    return {
        "visit": found.code,
        "visit_photo": "0" * 32 + ".jpg",
        "item": item.code,
        "assignment": assignment.code,
        "event": event.code,
        "organisation": bank.code,
        "referral": referral.code,
    }


def browser_of(app: Flask, session: Session, world: World, part: str) -> FlaskClient:
    """A browser in which `part` is signed in; argon2 is left out, as signing in has tests of its own."""
    client = app.test_client()
    if part != GUEST:
        token = accounts.open_session(session, world.people[part], "tests")
        session.commit()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
    return client


def _make_elsewhere(session: Session) -> None:
    """A village in another regency of the same province."""
    branch = (
        (ELSEWHERE, "16", AreaLevel.REGENCY, None, "Kabupaten Ogan Komering Ulu"),
        ("16.01.07", ELSEWHERE, AreaLevel.DISTRICT, None, "Sosoh Buay Rayap"),
        (VILLAGE_ELSEWHERE, "16.01.07", AreaLevel.VILLAGE, VillageKind.DESA, "Contoh Jauh"),
    )
    for code, parent, level, kind, name in branch:
        if session.get(Area, code) is None:
            folded = "".join(sign for sign in name.lower() if sign.isalnum())
            session.add(Area(code=code, parent_code=parent, level=level, kind=kind, name=name, folded_name=folded, zone="WIB"))
            session.flush()


def _make_books(session: Session, manager: Actor, outlet: Outlet, maker: Maker) -> dict[str, str]:
    """A closed statement of the maker, something that is owed, and a payout that waits for a second person."""
    agreement = find_for(session, maker.id, outlet.id)
    assert agreement is not None
    closed = statements.close_statement(session, manager, agreement.id, clock.today(outlet.zone) - timedelta(days=1))
    fees.correct_balance(session, manager, agreement.id, 50_000, "Lupa dihitung.", f"cast-{agreement.code}-correction")
    batch = payouts.prepare_batch(
        session, manager, outlet, {agreement.id: 40_000}, f"cast-{agreement.code}-payout", in_cash=frozenset({agreement.id})
    )
    return {"agreement": agreement.code, "closed": closed.code, "batch": batch.code}


def _make_counter(session: Session, outlet: Outlet, cashier: User) -> dict[str, str]:
    """A till with a device and an open shift, and something for the lead to look at."""
    tablet = make_device(session, make_till(session, outlet), cashier)
    shift = Shift(
        code=tablet.shift,
        till_id=tablet.till.id,
        device_id=tablet.device.id,
        number=1,
        business_date=clock.today(outlet.zone),
        opened_at=clock.now(),
        opened_by_id=cashier.id,
        cashier_id=cashier.id,
        opening_float=200_000,
    )
    session.add(shift)
    open_incident(session, IncidentKind.CLOCK_OFF, "clock:cast", outlet.id)
    incident = session.scalars(select(CounterIncident).where(CounterIncident.key == "clock:cast")).one()
    words = {"till": str(tablet.till.number), "device": tablet.device.code, "shift": shift.code}
    return words | {"incident": incident.code, "staff": cashier.code}


def _make_proposals(session: Session, people: dict[str, User]) -> dict[str, str]:
    """A proposal that the village writes, with a photo; another that the office checks."""
    village, curator = accounts.as_actor(people[VILLAGE_OFFICER]), accounts.as_actor(people[CURATOR])
    panel = replace(make_panel(session), village=village, curator=curator)
    draft = make_submission(session, panel)
    checked = make_submission(session, panel, CurationState.DESK_CHECK)
    scored = make_submission(session, panel, CurationState.ASSESSMENT)
    save_office(session, accounts.as_actor(people[ADMINISTRATOR]), OfficeFacts(area_code=HOME, name_id="Dinas Koperasi PALI"))
    photo = session.scalars(select(Photo.name).where(Photo.product_id == draft.product_id)).one()
    return {"proposal": draft.code, "proposal_photo": photo, "submission": checked.code, "scored": scored.code}


def _make_wholesale(session: Session, outlet: Outlet, people: dict[str, User]) -> dict[str, str]:
    """An offer that one partner sees and its rival does not, a colleague, a sample, a saved search, and an application that waits."""
    offer = make_offer(session, outlet, make_product(session, halal_state=HalalState.NOT_APPLICABLE).variants[0])
    group = make_group(session, outlet)
    partner = make_partner(session, outlet, group, name="Mart Contoh")
    rival = make_partner(session, outlet, make_group(session, outlet, "Hotel", sees_everything=False), name="Hotel Saingan")
    for part, company in ((RETAIL_BUYER, partner), (RIVAL_BUYER, rival)):
        buyers.attach_buyer(session, SYSTEM, company, people[part], is_approver=True)
        session.refresh(people[part], ["grants"])
    colleague = make_buyer(session, partner, is_approver=False)
    actor = accounts.as_actor(people[RETAIL_BUYER])
    buyer = buyers.get_buyer(session, actor)
    branch = buyers.list_branches(session, partner.id)[0]
    sample = samples.request_sample(session, actor, buyer, offer.code, branch_code=branch.code, units=2)
    search = searches.save_search(session, actor, buyer, name="Semua", query="", offer_ids=[offer.id])
    waiting = applications.apply(session, accounts.as_actor(people[APPLICANT]), outlet, new_partner(), token=make_token(), language="id")
    return make_trade_papers(session, outlet, actor, branch.code, offer) | {
        "offer": offer.code,
        "offered": session.get_one(Variant, offer.variant_id).code,
        "group": group.code,
        "partner": partner.code,
        "branch": branch.code,
        "colleague": colleague.code,
        "sample": sample.code,
        "search": search.code,
        "application": waiting.token,
        "applied": waiting.code,
    }


def _make_api_access(session: Session, partner_code: str, person: User) -> dict[str, str]:
    """A key of the partner's programs, and an address where they are told things."""
    partner = session.scalars(select(Partner).where(Partner.code == partner_code)).one()
    key, _secret = make_key(session, partner, person)
    hook, _secret = webhooks.subscribe(session, SYSTEM, partner, "https://mart.example.com/hook", ["order.shipped"], sealing_secret="tests")
    return {"key": key.code, "webhook": hook.code}


def _make_photo(session: Session, product: Product) -> Photo:
    photo = Photo(name="0123456789abcdef" * 2, product_id=product.id, position=0, width=1080, height=1350, created_at=clock.now())
    session.add(photo)
    session.flush()
    return photo


def _make_paper(session: Session, product: Product) -> Certificate:
    paper = Certificate(
        product_id=product.id,
        kind=CertificateKind.HALAL,
        number="ID16110000000000001",
        issuer="BPJPH",
        valid_from_on=clock.today(),
        created_at=clock.now(),
    )
    session.add(paper)
    session.flush()
    return paper
