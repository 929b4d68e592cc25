"""The list a partner sees is the one the rules give in the database, whatever is asked, and a change shows at the next question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from catalog.channel_rules import RequirementFacts, add_requirement
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.channel import Channel, GoodsGroup
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import HalalState, ListingState, Product, Variant
from catalog.models.readiness import RequirementKind
from catalog.models.stock import Outlet
from catalog.readiness import profiles
from catalog.readiness.checking import Need
from kernel import clock
from kernel.people import SYSTEM
from orders.models.offer import Offer, OfferSource, ReturnPolicy
from orders.models.partner import PartnerGroup
from orders.wholesale import browsing, buyers, groups, offers, price_lists
from orders.wholesale.buyers import Audience
from orders.wholesale.questions import PAGE_SIZE, PAPER_FILTERS, OfferQuestion, OfferSort
from orders.wholesale.tiers import Tier
from orders.wholesale.views import list_views
from tests.conftest import StatementCounter
from tests.make import BETUNG, KARANG_AGUNG, TALANG_BULANG, make_category, make_maker, make_outlet, make_product, make_variant
from tests.make_catalogue import make_certificate, make_ingredient, make_photo
from tests.make_wholesale import make_group, make_offer, make_partner
from tests.orders.wholesale import sql_list

DAY = timedelta(days=1)
VILLAGES = (TALANG_BULANG, BETUNG, KARANG_AGUNG)
REGIONS = ("16", "16.12", "16.12.04", BETUNG, "16.1", "31")
PREFIXES = ((), ("16",), ("16.12.04", "31"), (BETUNG,))


class Catalogue:
    """A seller's offers with everything drawn by lot, another seller's beside them, and groups that see and pay differently."""

    def __init__(self, session: Session, seed: int, size: int) -> None:
        self.session, self.dice, self.today = session, Random(seed), clock.today()
        self.outlet = make_outlet(session)
        self.categories = [make_category(session, f"rak-{seed}-{number}", position=9 - number) for number in range(3)]
        makers = [make_maker(session, village_code=village) for village in VILLAGES]
        for maker in makers[:2]:
            self.paper(maker_id=maker.id)
        self.groups = [
            make_group(session, self.outlet, "Minimarket"),
            make_group(session, self.outlet, "Hotel", sees_everything=False),
            make_group(session, self.outlet, "Gifts"),
        ]
        self.offers = [self.offer(makers) for _ in range(size)]
        make_offer(session, make_outlet(session), make_product(session, halal_state=HalalState.NOT_APPLICABLE).variants[0])
        chosen = [offer.code for offer in self.offers if self.dice.random() < 0.5]
        groups.set_assortment(session, SYSTEM, self.groups[1], name="Hotel", sees_everything=False, offer_codes=chosen)
        session.flush()

    @property
    def audiences(self) -> list[Audience]:
        """A partner of each group."""
        return [buyers.get_audience(self.session, make_partner(self.session, self.outlet, group).id) for group in self.groups]

    def paper(self, **owner: int) -> Certificate:
        """Some paper that begins and ends around today."""
        starts = self.today + self.dice.randint(-40, 2) * DAY
        ends = self.dice.choice([None, self.today - DAY, self.today, self.today + 3 * DAY])
        kind = self.dice.choice([CertificateKind.HALAL, CertificateKind.PIRT, CertificateKind.BPOM, CertificateKind.SNI])
        return make_certificate(self.session, kind=kind, valid_from_on=min(starts, ends or starts), valid_until_on=ends, **owner)

    def offer(self, makers: list[Maker]) -> Offer:
        """Some product with an offer, perhaps not open, not live, not priced, or dearer than it should be sold."""
        session, dice = self.session, self.dice
        maker = dice.choice(makers)
        product = make_product(
            session,
            maker=maker,
            category=dice.choice(self.categories),
            name_id=f"Barang {dice.randint(1, 9)}",
            halal_state=dice.choice(list(HalalState) + [HalalState.NOT_APPLICABLE] * 3),
            storage_id=dice.choice(["", "Sejuk"]),
            shelf_life_days=dice.choice([None, 200]),
        )
        for _ in range(dice.randint(0, 2)):
            self.paper(product_id=product.id)
        for _ in range(dice.randint(0, 3)):
            make_photo(session, product_id=product.id)
        if dice.random() < 0.6:
            make_ingredient(session, product)
        life = dice.choice([None, 90, 180])
        made = make_offer(
            session,
            self.outlet,
            product.variants[0],
            tiers=self.tiers(),
            monthly_quantity=dice.choice([0, 300, 500, 1_000]),
            is_open=False,
            units_per_case=dice.choice([6, 12, 24]),
            minimum_cases=dice.randint(1, 3),
            lead_days=dice.choice([0, 3, 7, 20]),
            shelf_life_days=life,
            remaining_days=life and life - dice.choice([0, 50]),
            case_height_mm=dice.choice([None, 250]),
            suggested_price=dice.choice([None, 9_000, 25_000, 30_000]),
            return_policy=dice.choice(list(ReturnPolicy)),
            insured_until_on=dice.choice([None, self.today, self.today - DAY]),
            delivery_prefixes=dice.choice(PREFIXES),
        )
        if dice.random() < 0.3:
            other = make_variant(session, make_product(session), net_quantity=product.variants[0].net_quantity)
            session.add(OfferSource(offer_id=made.id, variant_id=other.id, monthly_quantity=250, is_active=dice.random() < 0.7))
        if dice.random() < 0.9:
            offers.open_offer(session, SYSTEM, made)
        self.reprice(made)
        product.state = dice.choice([ListingState.LIVE] * 9 + [ListingState.WITHDRAWN])
        product.variants[0].is_active = dice.random() < 0.95
        return made

    def tiers(self) -> tuple[Tier, ...]:
        """One to three steps."""
        base = self.dice.choice([8_000, 18_000, 18_000, 24_000])
        return (Tier(1, base), Tier(5, base - 500), Tier(20, base - 900))[: self.dice.randint(1, 3)]

    def reprice(self, offer: Offer) -> None:
        """Perhaps a list that ends today, one that begins tomorrow, or one for a single group."""
        lot = self.dice.random()
        if lot < 0.2:
            price_lists.set_prices(self.session, SYSTEM, offer, self.tiers(), ends_on=self.today)
        elif lot < 0.4:
            price_lists.set_prices(self.session, SYSTEM, offer, self.tiers(), starts_on=self.today + DAY)
        if lot > 0.7:
            price_lists.set_prices(self.session, SYSTEM, offer, self.tiers(), group=self.dice.choice(self.groups))
        if lot > 0.9:
            price_lists.set_prices(self.session, SYSTEM, offer, [])

    def question(self) -> OfferQuestion:
        """Anything the page can ask."""
        dice = self.dice

        def maybe(*values: object) -> object:
            return dice.choice(values) if dice.random() < 0.15 else None

        wanted = {
            "category": maybe(*(category.slug for category in self.categories), "nothing"),
            "region": maybe(*REGIONS),
            "ready_for": maybe("minimarket", "supermarket", "gift_shop"),
            "papers": maybe(*((kind,) for kind in PAPER_FILTERS), PAPER_FILTERS[:2]),
            "monthly_at_least": maybe(1, 500, 750),
            "case_at_most": maybe(6, 12),
            "minimum_at_most": maybe(1, 2),
            "lead_at_most": maybe(0, 3, 7),
            "margin_at_least": maybe(100, 2_000, 4_000),
            "deliver_to": maybe(*VILLAGES, "31.01"),
        }
        chosen = {name: value for name, value in wanted.items() if value is not None}
        return OfferQuestion(sort=dice.choice(list(OfferSort)), **chosen)  # type: ignore[arg-type]

    def scores(self) -> dict[int, float] | None:
        """Now and then some products that answer words, some of them equally well."""
        if self.dice.random() < 0.7:
            return None
        return {offer.variant.product_id: self.dice.choice([1.0, 2.5, 3.0]) for offer in self.offers if self.dice.random() < 0.5}


def agree(catalogue: Catalogue, questions: int) -> int:
    """Ask so many questions both ways; how many offers the answers held together."""
    session, audiences, found = catalogue.session, catalogue.audiences, 0
    for offer in catalogue.offers:
        session.refresh(offer, ["variant"])
    for _ in range(questions):
        audience, question, scores = catalogue.dice.choice(audiences), catalogue.question(), catalogue.scores()
        day = catalogue.today + catalogue.dice.choice([0, 0, 1, 4]) * DAY
        choices = browsing.find_choices(session, audience, "id")
        needs = next((profile.needs for profile in choices.profiles if profile.key == question.ready_for), ())
        expected = sql_list.answer(session, audience, question, day, needs, scores)
        page = browsing.find_offers(session, audience, question, day, choices, scores)
        assert (page.total, list(page.ids)) == (len(expected), expected[:PAGE_SIZE]), question
        in_file = browsing.list_offer_ids(session, audience, question, day, choices, scores)
        assert in_file == sql_list.answer_for_a_file(session, audience, question, day, needs, scores), question
        shown = list_views(session, audience, page.ids, "id", day, choices.profiles)
        assert [view.offer_id for view in shown] == list(page.ids)
        assert all(question.ready_for in view.ready_for for view in shown if question.ready_for)
        found += len(expected)
    return found


def test_every_answer_is_the_databases(session: Session) -> None:
    assert agree(Catalogue(session, 1, 40), 60) > 200


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 22))
def test_every_answer_is_the_databases_at_length(session: Session, seed: int) -> None:
    assert agree(Catalogue(session, seed, 60), 500) > 1_000


# A change shows at once.


@pytest.fixture
def outlet(session: Session) -> Outlet:
    return make_outlet(session)


@pytest.fixture
def group(session: Session, outlet: Outlet) -> PartnerGroup:
    return make_group(session, outlet)


@pytest.fixture
def audience(session: Session, outlet: Outlet, group: PartnerGroup) -> Audience:
    return buyers.get_audience(session, make_partner(session, outlet, group).id)


@pytest.fixture
def offer(session: Session, outlet: Outlet) -> Offer:
    """Of food with the papers and everything else a shelf in a gift shop asks for."""
    product = make_product(session, storage_id="Sejuk", shelf_life_days=180)
    for kind in (CertificateKind.PIRT, CertificateKind.HALAL):
        make_certificate(session, product_id=product.id, kind=kind)
    make_ingredient(session, product)
    for _ in range(2):
        make_photo(session, product_id=product.id)
    return make_offer(session, outlet, product.variants[0])


NEEDS = [Need(RequirementKind.LABEL_DATA), Need(RequirementKind.PHOTOS, 2), Need(RequirementKind.CAPACITY, 1_000)]


def asked(session: Session, audience: Audience, **wanted: object) -> list[int]:
    """What the list holds now."""
    choices = browsing.find_choices(session, audience, "id")
    return list(browsing.find_offers(session, audience, OfferQuestion(**wanted), clock.today(), choices).ids)  # type: ignore[arg-type]


def change_profile(session: Session, needs: list[Need]) -> None:
    known = profiles.get_profile(session, "gift_shop")
    profiles.change_profile(session, SYSTEM, "gift_shop", version=known.version, name_id=known.name_id, name_en=known.name_en, needs=needs)


def product_of(session: Session, offer: Offer) -> Product:
    return session.get_one(Product, session.get_one(Variant, offer.variant_id).product_id)


Change = Callable[[Session, Offer, PartnerGroup], object]
HIDES: dict[str, Change] = {
    "closed": lambda session, offer, group: offers.close_offer(session, SYSTEM, offer),
    "closed by hand": lambda session, offer, group: session.execute(text("UPDATE offers SET state = 'closed'")),
    "no price": lambda session, offer, group: price_lists.set_prices(session, SYSTEM, offer, []),
    "withdrawn": lambda session, offer, group: setattr(product_of(session, offer), "state", ListingState.WITHDRAWN),
    "pack not sold": lambda session, offer, group: session.execute(update(Variant).values(is_active=False)),
    "paper gone": lambda session, offer, group: session.execute(delete(Certificate).where(Certificate.kind == CertificateKind.PIRT)),
    "paper asked for": lambda session, offer, group: add_requirement(
        session,
        SYSTEM,
        RequirementFacts(channel=Channel.WHOLESALE, goods=GoodsGroup.FOOD, kinds=[CertificateKind.SNI], starts_on=clock.today()),
    ),
}


@pytest.mark.parametrize("change", HIDES.values(), ids=HIDES)
def test_what_hides_an_offer_hides_it_at_the_next_question(
    session: Session, audience: Audience, group: PartnerGroup, offer: Offer, change: Change
) -> None:
    assert asked(session, audience) == [offer.id]
    change(session, offer, group)
    session.flush()
    assert asked(session, audience) == []


MOVES: dict[str, tuple[Change, dict[str, object]]] = {
    "category": (
        lambda session, offer, group: setattr(product_of(session, offer), "category_id", make_category(session, "lain").id),
        {"category": "makanan-ringan"},
    ),
    "village": (lambda session, offer, group: setattr(product_of(session, offer), "village_code", TALANG_BULANG), {"region": "16.12.04"}),
    "case": (lambda session, offer, group: setattr(offer, "units_per_case", 48), {"case_at_most": 24}),
    "capacity": (
        lambda session, offer, group: session.execute(update(OfferSource).values(monthly_quantity=9)),
        {"monthly_at_least": 1_000},
    ),
    "price": (lambda session, offer, group: price_lists.set_prices(session, SYSTEM, offer, [Tier(1, 24_000)]), {"margin_at_least": 2_000}),
    "price of the group": (
        lambda session, offer, group: price_lists.set_prices(session, SYSTEM, offer, [Tier(1, 24_000)], group=group),
        {"margin_at_least": 2_000},
    ),
    "photo": (
        lambda session, offer, group: session.execute(delete(Photo).where(Photo.product_id.is_not(None))),
        {"ready_for": "gift_shop"},
    ),
    "label": (lambda session, offer, group: setattr(product_of(session, offer), "storage_id", ""), {"ready_for": "gift_shop"}),
    "profile": (
        lambda session, offer, group: change_profile(session, [*NEEDS, Need(RequirementKind.CASE_GTIN)]),
        {"ready_for": "gift_shop"},
    ),
}


@pytest.mark.parametrize(("change", "wanted"), MOVES.values(), ids=MOVES)
def test_what_takes_an_offer_out_of_an_answer_does_so_at_the_next_question(
    session: Session, audience: Audience, group: PartnerGroup, offer: Offer, change: Change, wanted: dict[str, object]
) -> None:
    change_profile(session, NEEDS)
    assert asked(session, audience, **wanted) == [offer.id]
    change(session, offer, group)
    session.flush()
    assert asked(session, audience, **wanted) == []
    assert asked(session, audience) == [offer.id]


def test_an_assortment_counts_from_the_next_question_on(session: Session, outlet: Outlet, offer: Offer) -> None:
    group = make_group(session, outlet, "Hotel", sees_everything=False)
    audience = buyers.get_audience(session, make_partner(session, outlet, group).id)
    assert asked(session, audience) == []
    groups.set_assortment(session, SYSTEM, group, name="Hotel", sees_everything=False, offer_codes=[offer.code])
    assert asked(session, audience) == [offer.id]


def test_groups_are_answered_apart(session: Session, outlet: Outlet, audience: Audience, offer: Offer) -> None:
    rivals = make_group(session, outlet, "Hotel")
    rival = buyers.get_audience(session, make_partner(session, outlet, rivals).id)
    price_lists.set_prices(session, SYSTEM, offer, [Tier(1, 12_000)], group=rivals)
    margin = {"margin_at_least": 5_000}
    assert (asked(session, audience, **margin), asked(session, rival, **margin)) == ([], [offer.id])


def test_a_day_is_answered_by_its_own_papers(session: Session, audience: Audience, offer: Offer) -> None:
    today = clock.today()
    session.execute(update(Certificate).values(valid_until_on=today))
    choices = browsing.find_choices(session, audience, "id")
    pages = [browsing.find_offers(session, audience, OfferQuestion(), today + days * DAY, choices) for days in (0, 1)]
    assert [page.total for page in pages] == [1, 0]


def test_what_is_shown_is_asked_for_again_should_a_mark_ever_be_missed(
    session: Session, audience: Audience, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "read_mark", lambda session, name: ("stuck", offer.id))
    assert asked(session, audience) == [offer.id]
    offers.close_offer(session, SYSTEM, offer)
    assert asked(session, audience) == [offer.id]  # the control: the board is behind
    assert list_views(session, audience, [offer.id], "id", clock.today(), ()) == []


def test_an_unchanged_list_is_answered_with_one_statement(
    session: Session, audience: Audience, offer: Offer, count_statements: StatementCounter
) -> None:
    asked(session, audience)
    with count_statements() as statements:
        assert asked(session, audience, sort=OfferSort.PRICE, case_at_most=24) == [offer.id]
    assert len(statements) == 1
