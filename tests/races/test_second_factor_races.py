"""A code brought by many browsers at once opens one of them, beside a twin that shows what the guard prevents."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from kernel import second_factor
from kernel.people import User
from kernel.second_factor import SecondFactor, WrongCode
from tests.make_second_factor import SECRET, code_of, turned_on
from tests.races.racing import race, writing

pytestmark = pytest.mark.race

BROWSERS, ROUNDS = 8, 3


def use(engine: Engine, start: Callable[[], object], user_id: int, code: str) -> bool:
    """Whether this browser's code was accepted."""
    start()
    with writing(engine) as session:
        try:
            second_factor.use_code(session, session.get_one(User, user_id), code, secret=SECRET)
        except WrongCode:
            return False
    return True


def use_without_guard(engine: Engine, start: Callable[[], object], user_id: int, code: str) -> bool:
    """The twin: everybody reads the last step before anybody writes it."""
    with Session(engine) as session:
        user = session.get_one(User, user_id)
        factor = session.scalars(select(SecondFactor).where(SecondFactor.user_id == user_id)).one()
        step = second_factor._find_step(second_factor.read_key(user, factor.sealed_key, secret=SECRET), code)
        is_new = step is not None and step > factor.last_step
    start()
    with writing(engine) as session:
        if is_new:
            session.scalars(select(SecondFactor).where(SecondFactor.user_id == user_id)).one().last_step = step or 0
    return is_new


def test_the_same_app_code_opens_one_browser(shop: Engine, fresh_database_url: str) -> None:
    for _ in range(ROUNDS):
        with writing(shop) as session:
            user, key, _codes = turned_on(session)
        assert race(fresh_database_url, use, [(user.id, code_of(key))] * BROWSERS).count(True) == 1


def test_the_same_recovery_code_opens_one_browser(shop: Engine, fresh_database_url: str) -> None:
    with writing(shop) as session:
        user, _key, codes = turned_on(session)
    assert race(fresh_database_url, use, [(user.id, codes[0])] * BROWSERS).count(True) == 1
    assert race(fresh_database_url, use, [(user.id, code) for code in codes[1:5]]).count(True) == 4, (
        "different ones do not hinder each other"
    )


def test_without_the_guard_it_would_open_them_all(shop: Engine, fresh_database_url: str) -> None:
    with writing(shop) as session:
        user, key, _codes = turned_on(session)
    assert race(fresh_database_url, use_without_guard, [(user.id, code_of(key))] * BROWSERS).count(True) == BROWSERS


def test_turning_it_on_twice_at_once_keeps_one_key(shop: Engine, fresh_database_url: str) -> None:
    from tests.make import make_user

    with writing(shop) as session:
        user = make_user(session)
    sealed = [second_factor.propose_key(user, secret=SECRET) for _ in range(4)]
    codes = [code_of(second_factor.read_key(user, each, secret=SECRET)) for each in sealed]
    done = race(fresh_database_url, set_up, [(user.id, each, code) for each, code in zip(sealed, codes, strict=True)])
    assert done.count(True) == 1
    with Session(shop) as session:
        assert second_factor.count_recovery_codes(session, user.id) == second_factor.RECOVERY_CODES


def set_up(engine: Engine, start: Callable[[], object], user_id: int, sealed: str, code: str) -> bool:
    """Whether this browser's key was kept."""
    start()
    try:
        with writing(engine) as session:
            second_factor.turn_on(session, session.get_one(User, user_id), sealed, code, secret=SECRET, token="")
    except second_factor.Conflict:
        return False
    return True
