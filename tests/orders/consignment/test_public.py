"""The public sees a maker's share only where the regency wants it, and never the earnings of fewer than three makers."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.area import AreaLevel
from catalog.models.maker import Maker
from catalog.models.stock import Outlet
from kernel import clock
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import SYSTEM, Role
from orders.consignment import agreements, public, statements
from orders.models.agreement import Agreement, OpenRegency, TermsModel
from tests.conftest import StatementCounter
from tests.make import BETUNG, KARANG_AGUNG, TALANG_BULANG, make_actor, make_areas, make_maker, make_outlet
from tests.make_consignment import day, make_agreement, make_consigned, sell
from tests.make_stock import Goods

PALI = "16.12"


@pytest.fixture(autouse=True)
def places(session: Session) -> None:
    """PALI and its villages."""
    make_areas(session)


def shares_of(session: Session, goods: Goods, price: int = 25_000) -> dict[str, public.PriceShare]:
    return public.price_shares(session, goods.product.slug, {goods.variant.code: price}, clock.today())


class TestPriceShare:
    def test_nothing_is_shown_unless_the_regency_wants_it(self, session: Session, count_statements: StatementCounter) -> None:
        goods = make_consigned(session, make_agreement(session))
        with count_statements() as sent:
            assert shares_of(session, goods) == {}
        assert len(sent) == 1
        public.open_regency(session, SYSTEM, PALI)
        assert shares_of(session, goods) == {goods.variant.code: public.PriceShare(25_000, 21_250)}
        assert shares_of(session, goods)[goods.variant.code].percent == 85
        public.close_regency(session, SYSTEM, PALI)
        assert shares_of(session, goods) == {}

    def test_the_least_share_is_shown_where_outlets_differ(self, session: Session) -> None:
        public.open_regency(session, SYSTEM, PALI)
        agreement = make_agreement(session)
        goods = make_consigned(session, agreement)
        make_agreement(session, maker=session.get_one(Maker, agreement.maker_id), rate_bps=3_333)
        assert shares_of(session, goods)[goods.variant.code] == public.PriceShare(25_000, 16_667)
        assert shares_of(session, goods)[goods.variant.code].percent == 66

    @pytest.mark.parametrize("model", [TermsModel.MONTHLY_FEE, TermsModel.PURCHASE])
    def test_what_the_terms_do_not_say_by_unit_is_not_shown(self, session: Session, model: TermsModel) -> None:
        public.open_regency(session, SYSTEM, PALI)
        agreement = make_agreement(session, fee=10_000)
        goods = make_consigned(session, agreement)
        other = make_agreement(session, model=model, fee=10_000)
        goods.product.maker_id = other.maker_id
        session.flush()
        assert shares_of(session, goods) == {}

    def test_a_makers_price_above_the_shelf_price_is_never_more_than_all_of_it(self, session: Session) -> None:
        public.open_regency(session, SYSTEM, PALI)
        agreement = make_agreement(session, model=TermsModel.MARKUP)
        goods = make_consigned(session, agreement)
        agreements.set_maker_price(session, SYSTEM, agreement.id, goods.variant, 90_000, day(0))
        assert shares_of(session, goods)[goods.variant.code].percent == 100

    def test_only_curators_of_the_regency_open_it(self, session: Session) -> None:
        make_maker(session)
        for stranger in (make_actor(session, Role.CURATOR, area_prefix="16.01"), make_actor(session, Role.CASHIER)):
            with pytest.raises(NotAllowed):
                public.open_regency(session, stranger, PALI)
        with pytest.raises(InvalidInput):
            public.open_regency(session, SYSTEM, "16.12.01")
        public.open_regency(session, make_actor(session, Role.CURATOR, area_prefix=PALI), PALI)
        assert session.scalars(select(OpenRegency.area_code)).all() == [PALI]


class TestEarnings:
    def settled(self, session: Session, outlet: Outlet, village: str) -> Agreement:
        """A maker who sold one piece before yesterday and was settled."""
        with time_machine.travel("2026-11-10T05:00:00+00:00", tick=False):
            agreement = make_agreement(session, outlet, maker=make_maker(session, village_code=village))
            sell(session, make_consigned(session, agreement))
        with time_machine.travel("2026-11-12T05:00:00+00:00", tick=False):
            statements.close_statement(session, SYSTEM, agreement.id, date(2026, 11, 11))
        return agreement

    def test_fewer_than_three_makers_are_shown_with_their_neighbours_only(self, session: Session) -> None:
        outlet = make_outlet(session)
        public.open_regency(session, SYSTEM, PALI)
        for village in (KARANG_AGUNG, KARANG_AGUNG):
            self.settled(session, outlet, village)
        assert public.village_earnings(session, KARANG_AGUNG) is None
        self.settled(session, outlet, BETUNG)
        district = public.village_earnings(session, KARANG_AGUNG)
        assert district is not None
        assert (district.area_code, district.level, district.amount, district.makers) == ("16.12.04", AreaLevel.DISTRICT, 63_750, 3)
        self.settled(session, outlet, KARANG_AGUNG)
        village_itself = public.village_earnings(session, KARANG_AGUNG)
        assert village_itself is not None
        assert (village_itself.area_code, village_itself.amount) == (KARANG_AGUNG, 63_750)
        regency = public.village_earnings(session, TALANG_BULANG)
        assert regency is not None
        assert (regency.area_code, regency.makers) == (PALI, 4)

    def test_nothing_is_shown_unless_the_regency_wants_it(self, session: Session) -> None:
        outlet = make_outlet(session)
        for _maker in range(3):
            self.settled(session, outlet, KARANG_AGUNG)
        assert public.village_earnings(session, KARANG_AGUNG) is None
