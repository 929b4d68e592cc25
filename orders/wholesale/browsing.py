"""What answers a partner's question: a page of offers, or all of them for a file; and what there is to choose from.

No wholesale figure enters the public index: words are ranked there (`catalog.search.searching.rank`), everything else is asked of the
group's board (`board`), which a process keeps as long as `marks.WHOLESALE` stands.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from catalog.models.area import Area
from catalog.models.certificate import CertificateKind
from catalog.models.product import ListingState, Product
from catalog.queries.home import list_categories
from catalog.queries.views import CategoryView
from catalog.readiness.profiles import Profile, list_profiles
from kernel.marks import WHOLESALE, Kept, read_mark
from orders.models.offer import Offer, SellerTerms
from orders.wholesale.board import READY, Board, load_board, names_in
from orders.wholesale.buyers import Audience
from orders.wholesale.offers import find_seller_terms
from orders.wholesale.questions import PAGE_SIZE, PAPER_FILTERS, OfferPage, OfferQuestion
from orders.wholesale.ready import has_paper, meets
from orders.wholesale.visible import first_price, is_visible, over_offers

#: Places in one list to choose from; there are 38 provinces.
MOST_REGIONS = 40

#: One for each group and day that is asked about, a hundred bytes for each offer; and one for each seller and language.
_boards, _choices = Kept(8), Kept(8)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a buyer can choose from, and the seller's terms, as they are under `mark`."""

    mark: Hashable
    profiles: Sequence[Profile]
    categories: Sequence[CategoryView]
    #: (code, name) pairs.
    regions: Sequence[tuple[str, str]]
    terms: SellerTerms | None


def find_choices(session: Session, audience: Audience, language: str) -> Choices:
    """What there is to choose from now. One statement, and six more at the first question after a change."""
    mark = read_mark(session, WHOLESALE)

    def make() -> Choices:
        terms = find_seller_terms(session, audience.outlet_id)
        if terms is not None:
            session.expunge(terms)
        return Choices(mark, list_profiles(session), list_categories(session, language), list_regions(session), terms)

    return _choices.get(mark, (audience.outlet_id, language), make)


def find_offers(
    session: Session, audience: Audience, question: OfferQuestion, day: date, choices: Choices, scores: Mapping[int, float] | None = None
) -> OfferPage:
    """The page asked for. `scores` rank products by the words that were typed (None: none were).

    One statement at the first question of a group after a change and one for each paper or kind of shop asked for first, then none.
    """
    board = _find_board(session, audience, question, day, choices)
    rows = board.answer(question, scores)
    start = (question.page - 1) * PAGE_SIZE
    return OfferPage(board.ids_of(rows[start : start + PAGE_SIZE]), len(rows), question.page)


def list_offer_ids(
    session: Session, audience: Audience, question: OfferQuestion, day: date, choices: Choices, scores: Mapping[int, float] | None = None
) -> list[int]:
    """All offers that answer, for a file: by shelf, maker and name."""
    board = _find_board(session, audience, question, day, choices)
    return board.ids_of(board.shelved(board.answer(question, scores)))


def list_regions(session: Session) -> list[tuple[str, str]]:
    """(code, name) of where live products are made: districts, or where those are too many to choose from, regencies or provinces.

    Two statements.
    """
    villages = set(session.scalars(select(Product.village_code).where(Product.state == ListingState.LIVE).distinct()))
    for level in (3, 2, 1):
        codes = {".".join(code.split(".")[:level]) for code in villages}
        if len(codes) <= MOST_REGIONS:
            break
    names = session.execute(select(Area.code, Area.name).where(Area.code.in_(codes)).order_by(Area.name, Area.code)) if codes else ()
    return [(code, name) for code, name in names]


def _find_board(session: Session, audience: Audience, question: OfferQuestion, day: date, choices: Choices) -> Board:
    whose = (audience.outlet_id, audience.group_id, audience.sees_everything, day)
    board = _boards.get(choices.mark, whose, lambda: load_board(session, audience, day))
    for name in names_in(question):
        if not board.knows(name):
            rule = _rule(name, audience, day, choices.profiles)
            board.learn(name, set(session.scalars(over_offers(Offer.id).where(*is_visible(audience, day), rule))))
    return board


def _rule(name: str, audience: Audience, day: date, profiles: Sequence[Profile]) -> ColumnElement[bool]:
    """What a name of `names_in` asks of an offer."""
    if name in PAPER_FILTERS:
        return has_paper((CertificateKind(name),), day)
    needs = next(profile.needs for profile in profiles if f"{READY}{profile.key}" == name)
    return meets(needs, day, first_price(audience, day))
