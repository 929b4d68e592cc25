"""The demo's wholesale: three chains and one that waits, offers with price steps, capacity, gaps, and a sample on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.product import Price, Product, Variant
from catalog.models.stock import Outlet
from catalog.readiness import profiles
from kernel import accounts, clock
from kernel.ids import make_token
from kernel.people import GUEST, SYSTEM, User
from orders.models.offer import Offer, ReturnPolicy
from orders.models.partner import PaperKind, Partner, PartnerGroup, PartnerKind, PartnerState
from orders.wholesale import applications, buyers, company_papers, groups, offers, partners, price_lists, samples
from orders.wholesale.buyers import BranchFacts
from orders.wholesale.company_facts import PartnerFacts
from orders.wholesale.offers import OfferFacts
from orders.wholesale.partners import PartnerTerms
from orders.wholesale.tiers import Tier
from storefront.demo.cast import APPLICANT, BUYER, BUYER_COLLEAGUE, RIVAL_BUYER, Member

PALEMBANG, PRABUMULIH = "16.71", "16.74"
#: Since when the partners trade.
TRADED = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Case:
    """One offer: which pack, the case, what is asked and what can be made. A price in percent of the shop's."""

    slug: str
    place: int
    units: int
    box: tuple[int, int, int] | None
    pallet: tuple[int, int] | None
    minimum: int
    lead: int
    monthly: int
    percent: int = 72
    returns: ReturnPolicy = ReturnPolicy.DAMAGED
    is_insured: bool = False
    mix: str = ""


CASES = (
    Case("keripik-ubi-kencur", 0, 40, (480, 320, 300), (6, 5), 2, 5, 3_200, returns=ReturnPolicy.EXPIRED, is_insured=True, mix="keripik"),
    Case("keripik-ubi-kencur", 1, 20, (480, 320, 300), (6, 5), 2, 5, 1_200, returns=ReturnPolicy.EXPIRED, is_insured=True, mix="keripik"),
    Case("keripik-ubi-pedas-daun-jeruk", 1, 20, (480, 320, 300), (6, 5), 1, 5, 700, mix="keripik"),
    Case("keripik-pisang-kepok-madu", 0, 30, (500, 350, 280), (5, 5), 2, 7, 900, returns=ReturnPolicy.EXPIRED, mix="keripik"),
    Case("tepung-mocaf", 0, 20, (400, 300, 220), (8, 6), 3, 4, 2_500, percent=75),
    Case("tepung-mocaf", 1, 12, (400, 300, 240), (8, 5), 3, 4, 1_400, percent=75),
    Case("kemplang-ikan-gabus", 0, 20, (560, 400, 350), (4, 4), 2, 8, 600),
    Case("kopi-robusta-petik-merah", 1, 24, (380, 280, 260), (9, 5), 1, 6, 800, percent=70, is_insured=True),
    Case("kopi-robusta-petik-merah", 2, 12, (400, 300, 280), (8, 5), 1, 6, 360, percent=70, is_insured=True),
    Case("sambal-tempoyak", 0, 24, (360, 260, 180), (10, 7), 2, 10, 450),
    Case("madu-hutan-sialang", 0, 24, (360, 250, 200), (10, 6), 1, 12, 240, percent=74, is_insured=True),
    Case("madu-hutan-sialang", 1, 12, (330, 250, 230), (11, 5), 1, 12, 120, percent=74, is_insured=True),
    Case("selai-nanas-talang-bulang", 0, 24, (370, 270, 190), (9, 7), 1, 7, 960, percent=70, returns=ReturnPolicy.EXPIRED),
    Case("dodol-nanas", 0, 30, (400, 300, 200), (8, 7), 2, 7, 1_100),
    Case("gula-aren-cetak-batok", 0, 20, (420, 320, 240), (7, 6), 2, 5, 1_500, percent=76),
    Case("beras-lebak-pulen", 1, 4, None, None, 5, 3, 400, percent=80),
    Case("bumbu-pindang-siap-masak", 0, 48, (400, 300, 220), (8, 6), 1, 6, 2_400, percent=68),
    Case("lempok-durian", 0, 24, (380, 280, 210), (9, 6), 1, 14, 260),
    Case("tas-purun-jinjing", 0, 12, (600, 450, 400), None, 1, 21, 90, percent=65),
    Case("lampu-gantung-tempirai", 0, 4, (620, 620, 340), None, 1, 30, 24, percent=65, returns=ReturnPolicy.NONE),
)


def create_wholesale(session: Session, outlet: Outlet, today: date) -> None:
    """Everything through the office's verbs, marked as sample data; partners have traded for two months."""
    with clock.at(clock.now() - TRADED):
        first, open_offers = _open_trade(session, outlet, today)
    applicant = _person(session, APPLICANT)
    applications.apply(session, accounts.as_actor(applicant), outlet, _WAITING, token=make_token(), language="id", is_sample=True)
    _ask_for_samples(session, first, open_offers)


def _open_trade(session: Session, outlet: Outlet, today: date) -> tuple[Partner, dict[tuple[str, int], Offer]]:
    """Offers, price lists and partners."""
    profiles.install_defaults(session)
    offers.set_seller_terms(
        session,
        SYSTEM,
        outlet,
        first_order_minimum=1_500_000,
        reorder_minimum=750_000,
        payment_days=14,
        note_id="Gratis antar di PALI dan Palembang mulai Rp3.000.000.",
        note_en="Free delivery in PALI and Palembang from Rp3.000.000.",
    )
    open_offers = _create_offers(session, outlet, today)
    chains = groups.create_group(session, SYSTEM, outlet, "Minimarket dan supermarket (contoh)")
    hotels = groups.create_group(session, SYSTEM, outlet, "Hotel dan cendera mata (contoh)", sees_everything=False)
    _choose_for_hotels(session, hotels, open_offers, today)
    first = _create_partner(
        session, outlet, chains, _MART, "minimarket", 40_000_000, 30, [(BUYER, True, None), (BUYER_COLLEAGUE, False, 3_000_000)]
    )
    _create_partner(session, outlet, chains, _SUPER, "supermarket", 75_000_000, 45, [])
    _create_partner(session, outlet, hotels, _HOTEL, "gift_shop", 15_000_000, 14, [(RIVAL_BUYER, True, None)])
    return first, open_offers


def _create_offers(session: Session, outlet: Outlet, today: date) -> dict[tuple[str, int], Offer]:
    crisps = offers.create_mix(session, SYSTEM, outlet, name_id="Aneka keripik", name_en="Assorted crisps", minimum_cases=4)
    made = {}
    for case in CASES:
        variant = _variant(session, case)
        if variant is None:
            continue
        shelf_life = session.get_one(Product, variant.product_id).shelf_life_days
        price = session.scalars(select(Price.amount).where(Price.variant_id == variant.id).order_by(Price.starts_on.desc()).limit(1)).one()
        facts = OfferFacts(
            units_per_case=case.units,
            case_length_mm=case.box[0] if case.box else None,
            case_width_mm=case.box[1] if case.box else None,
            case_height_mm=case.box[2] if case.box else None,
            case_weight_g=case.units * variant.shipping_weight_g + 450 if case.box else None,
            cases_per_layer=case.pallet[0] if case.pallet else None,
            layers_per_pallet=case.pallet[1] if case.pallet else None,
            minimum_cases=case.minimum,
            lead_days=case.lead,
            shelf_life_days=shelf_life,
            remaining_days=shelf_life * 2 // 3 if shelf_life else None,
            delivery_prefixes=("16",) if case.box is None else (),
            return_policy=case.returns,
            suggested_price=price,
            insured_until_on=today + timedelta(days=300) if case.is_insured else None,
        )
        offer = offers.create_offer(session, SYSTEM, outlet, variant, facts, monthly_quantity=case.monthly, is_sample=True)
        base = price * case.percent // 100 // 50 * 50
        steps = [
            Tier(case.minimum, base),
            Tier(case.minimum * 5, base * 97 // 100 // 50 * 50),
            Tier(case.minimum * 20, base * 94 // 100 // 50 * 50),
        ]
        price_lists.set_prices(session, SYSTEM, offer, steps)
        offers.open_offer(session, SYSTEM, offer)
        if case.mix:
            offers.set_mix(session, SYSTEM, offer, crisps)
        made[case.slug, case.place] = offer
    return made


def _choose_for_hotels(session: Session, group: PartnerGroup, made: dict[tuple[str, int], Offer], today: date) -> None:
    """Hotels see gifts only, at a list of their own for some."""
    gifts = ("keripik-ubi-kencur", "kopi-robusta-petik-merah", "madu-hutan-sialang", "selai-nanas-talang-bulang", "lempok-durian")
    chosen = [offer for (slug, _place), offer in made.items() if slug in (*gifts, "tas-purun-jinjing", "lampu-gantung-tempirai")]
    groups.set_assortment(session, SYSTEM, group, name=group.name, sees_everything=False, offer_codes=[offer.code for offer in chosen])
    for (slug, _place), offer in made.items():
        if slug in ("kopi-robusta-petik-merah", "madu-hutan-sialang"):
            tiers = price_lists.map_tiers(session, [offer.id], None, today)[offer.id]
            own = [Tier(tier.from_cases, tier.unit_price * 105 // 100 // 50 * 50) for tier in tiers]
            price_lists.set_prices(session, SYSTEM, offer, own, group=group)


def _create_partner(
    session: Session,
    outlet: Outlet,
    group: PartnerGroup,
    facts: PartnerFacts,
    profile: str,
    credit: int,
    days: int,
    people: list[tuple[Member, bool, int | None]],
) -> Partner:
    partner = applications.apply(session, GUEST, outlet, facts, token=make_token(), language="id", is_sample=True)
    terms = PartnerTerms(group_code=group.code, profile_key=profile, credit_limit=credit, payment_days=days, trading_terms_bps=500)
    partners.set_terms(session, SYSTEM, partner.id, terms)
    partners.decide(session, SYSTEM, partner.id, PartnerState.APPROVED)
    company_papers.add_paper(session, SYSTEM, partner.id, PaperKind.NIB, facts.nib)
    company_papers.add_paper(session, SYSTEM, partner.id, PaperKind.NPWP, facts.npwp)
    places = (("Gudang Palembang", PALEMBANG, "Jalan Contoh Gudang No. 12"), ("Toko Prabumulih", PRABUMULIH, "Jalan Contoh Pasar No. 3"))
    for name, area, address in places:
        note = "Senin sampai Jumat, 08.00–14.00, bawa surat jalan."
        buyers.save_branch(session, SYSTEM, partner, BranchFacts(name=name, address=address, area_code=area, receiving_note=note))
    for member, is_approver, order_limit in people:
        person = _person(session, member)
        buyers.attach_buyer(session, SYSTEM, partner, person, is_approver=is_approver, order_limit=order_limit)
    return partner


def _ask_for_samples(session: Session, partner: Partner, made: dict[tuple[str, int], Offer]) -> None:
    person = session.scalars(select(User).where(User.email == BUYER.email)).one()
    session.refresh(person, ["grants"])
    actor = accounts.as_actor(person)
    buyer = buyers.get_buyer(session, actor)
    branch = buyers.list_branches(session, partner.id)[0]
    asked = [
        samples.request_sample(session, actor, buyer, made[key].code, branch_code=branch.code, units=2, note=note)
        for key, note in ((("selai-nanas-talang-bulang", 0), "Untuk rapat kategori."), (("dodol-nanas", 0), ""))
        if key in made
    ]
    if asked:
        samples.send_sample(session, SYSTEM, asked[0].code, carrier="JNE (contoh)", tracking_number="CONTOH0001")


def _variant(session: Session, case: Case) -> Variant | None:
    statement = select(Variant).join(Product, Product.id == Variant.product_id).where(Product.slug == case.slug)
    found = session.scalars(statement.order_by(Variant.position)).all()
    return found[case.place] if len(found) > case.place else None


def _person(session: Session, member: Member) -> User:
    person = session.scalars(select(User).where(User.email == member.email)).one()
    session.refresh(person, ["grants"])
    return person


_MART = PartnerFacts(
    kind=PartnerKind.MINIMARKET,
    name="Mart Sriwijaya (contoh)",
    legal_name="PT Mart Sriwijaya Contoh",
    npwp="0012345674092000",
    nib="1234567890123",
    is_pkp=True,
    address="Jalan Contoh Raya No. 1",
    area_code=PALEMBANG,
    contact_name="Pembeli Ritel Contoh",
    contact_email=BUYER.email,
    contact_phone="+6281200000011",
)
_SUPER = PartnerFacts(
    kind=PartnerKind.SUPERMARKET,
    name="Swalayan Musi (contoh)",
    legal_name="PT Swalayan Musi Contoh",
    npwp="0012345674093000",
    nib="2234567890123",
    is_pkp=True,
    address="Jalan Contoh Musi No. 20",
    area_code=PALEMBANG,
    contact_name="Pembeli Swalayan Contoh",
    contact_email="swalayan@demo.etalase.test",
    contact_phone="+6281200000012",
)
_HOTEL = PartnerFacts(
    kind=PartnerKind.HOTEL,
    name="Hotel Ampera (contoh)",
    legal_name="PT Hotel Ampera Contoh",
    npwp="0012345674094000",
    nib="3234567890123",
    is_pkp=False,
    address="Jalan Contoh Ampera No. 7",
    area_code=PALEMBANG,
    contact_name="Pembeli Hotel Contoh",
    contact_email=RIVAL_BUYER.email,
    contact_phone="+6281200000013",
)
_WAITING = PartnerFacts(
    kind=PartnerKind.GIFT_SHOP,
    name="Toko Bandara Pendopo (contoh)",
    legal_name="CV Toko Bandara Contoh",
    npwp="0012345674095000",
    nib="4234567890123",
    is_pkp=False,
    address="Terminal Contoh Lantai 1",
    area_code=PRABUMULIH,
    contact_name="Pemohon Contoh",
    contact_email=APPLICANT.email,
    contact_phone="+6281200000014",
    message="Kami mencari oleh-oleh dengan izin lengkap untuk dua gerai, sekitar 300 kemasan sebulan.",
)
