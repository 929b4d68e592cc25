"""Days in a document: what an index written today says tomorrow without being written again."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalog.search.validity import HORIZON, is_listed, may_end, read_claims, write_claims

TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)


def test_what_lasts_is_a_bare_kind() -> None:
    assert write_claims([("halal", TODAY, None), ("pirt", TODAY, TODAY + HORIZON + DAY)], TODAY) == ("halal", "pirt")


def test_what_ends_soon_is_claimed_through_its_last_day() -> None:
    value = ",".join(write_claims([("pirt", TODAY - DAY, TODAY + DAY)], TODAY))
    assert [read_claims(value, TODAY + shift * DAY) for shift in (0, 1, 2)] == [("pirt",), ("pirt",), ()]


def test_a_renewed_paper_is_claimed_without_a_gap() -> None:
    value = ",".join(write_claims([("pirt", TODAY - DAY, TODAY), ("pirt", TODAY + DAY, None)], TODAY))
    assert all(read_claims(value, TODAY + shift * DAY) == ("pirt",) for shift in range(5))


def test_the_last_day_in_the_shop_is_no_claim() -> None:
    value = ",".join(write_claims([("halal", TODAY, None)], TODAY, listed_until=TODAY))
    assert (is_listed(value, TODAY), is_listed(value, TODAY + DAY)) == (True, False)
    assert read_claims(value, TODAY) == ("halal",)
    assert may_end([value])
    assert not may_end(["halal,pirt"])
    assert is_listed("halal", TODAY)


papers = st.tuples(st.sampled_from(["pirt", "halal"]), st.integers(-50, 50), st.one_of(st.none(), st.integers(0, 90)))


@given(st.lists(papers, max_size=5), st.integers(0, HORIZON.days))
def test_within_the_horizon_the_index_says_what_the_dates_say(held: list[tuple[str, int, int | None]], later: int) -> None:
    dated = [(kind, TODAY + a * DAY, None if n is None else TODAY + (a + n) * DAY) for kind, a, n in held]
    day = TODAY + later * DAY
    valid = {kind for kind, starts, ends in dated if starts <= day and (ends is None or ends >= day)}
    assert set(read_claims(",".join(write_claims(dated, TODAY)), day)) == valid
