"""A11: who is known here cannot be told from text, status, headers, statements or the work that is done."""

from __future__ import annotations

import re
from collections.abc import Callable

import argon2
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from kernel import accounts, links
from kernel.people import Grant, Role
from tests.conftest import StatementCounter
from tests.make import PASSWORD, make_user
from tests.make_orders import place
from tests.make_second_factor import turned_on
from tests.make_stock import make_goods

Work = Callable[[], dict[str, int]]
#: What differs between any two answers.
_OWN = re.compile(r'(name="csrf_token" value="[^"]+"|[0-9a-f]{16}|[\w.+-]+@[\w.-]+|K7QTX4MN|[34679ACDEFGHJKMNPQRTWXY]{8})')


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """How often slow or secret work was done: argon2 and signing of links. Counting is what a shared machine cannot blur."""
    done = {"argon2": 0, "signing": 0}

    class Counting(argon2.PasswordHasher):
        def verify(self, *given: object, **named: object) -> bool:  # type: ignore[override]
            done["argon2"] += 1
            return super().verify(*given, **named)  # type: ignore[arg-type]

    sign = links.sign

    def signing(*given: object, **named: object) -> str:
        done["signing"] += 1
        return sign(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(accounts, "_hasher", Counting())
    monkeypatch.setattr(links, "sign", signing)
    return lambda: dict(done)


def _seen(answer: TestResponse) -> tuple[int, str, str]:
    return answer.status_code, answer.headers.get("Location", ""), _OWN.sub("…", answer.text)


def test_a11_signing_in_answers_alike_for_known_unknown_and_dismissed(
    client: FlaskClient, session: Session, work: Work, count_statements: StatementCounter
) -> None:
    """A11: same page, same status, one argon2 verification, the same statements in the same order."""
    emails = [
        make_user(session).email,
        make_user(session, Grant(Role.CURATOR, area_prefix="16.12")).email,
        make_user(session, is_active=False).email,
        turned_on(session)[0].email,
        "nobody@example.org",
    ]
    session.commit()
    seen = []
    for email in emails:
        before = work()
        with count_statements() as statements:
            answer = client.post("/account/sign-in", data={"email": email, "password": "salah-sekali"})
        kinds = tuple(re.sub(r"[\d]+", "n", statement) for statement in statements)
        seen.append((_seen(answer), work()["argon2"] - before["argon2"], kinds))
    assert len(set(seen)) == 1
    assert seen[0][0][0] == 422
    assert seen[0][1] == 1


def test_a11_a_dismissed_person_with_the_right_password_reads_the_same(client: FlaskClient, session: Session, work: Work) -> None:
    """A11."""
    dismissed = make_user(session, is_active=False)
    session.commit()
    answers = [
        _seen(client.post("/account/sign-in", data={"email": email, "password": PASSWORD})) for email in (dismissed.email, "no@example.org")
    ]
    assert answers[0] == answers[1]
    assert work()["argon2"] == 2


@pytest.mark.parametrize("page", ["/account/register", "/account/forgotten-password"])
def test_a11_asking_for_a_mail_answers_alike(client: FlaskClient, session: Session, work: Work, page: str) -> None:
    """A11: same answer and one signed link, whether or not anything is sent."""
    emails = [make_user(session).email, make_user(session, is_active=False).email, "nobody@example.org"]
    session.commit()
    seen = []
    for email in emails:
        before = work()
        answer = client.post(page, data={"email": email})
        seen.append((_seen(answer), work()["signing"] - before["signing"]))
        client.get(answer.headers["Location"])
    assert len(set(seen)) == 1
    assert seen[0][1] == 1


def test_a11_looking_an_order_up_answers_alike(client: FlaskClient, session: Session, count_statements: StatementCounter) -> None:
    """A11: an order that is not there reads as one whose phone is another."""
    order = place(session, make_goods(session))
    session.commit()
    seen = []
    for code, phone in ((order.code, "0812 0000 0001"), ("K7QTX4MN", "0812 0000 0001"), ("K7QTX4MN", "0812 3456 7890")):
        with count_statements() as statements:
            answer = client.post("/orders/find", data={"code": code, "phone": phone})
        seen.append((_seen(answer)[0], re.sub(r"0812 \d+ \d+", "…", _seen(answer)[2]), len(statements)))
    assert len(set(seen)) == 1
    assert seen[0][0] == 422


def test_a11_links_of_known_and_unknown_people_end_alike(client: FlaskClient, session: Session) -> None:
    """A11: a forged link says the same for a code that exists."""
    user = make_user(session)
    session.commit()
    forged = [links.sign("another secret", "password", code, binding="x") for code in (user.code, "XXXXXXXX")]
    answers = []
    for token in forged:
        status, location, text = _seen(client.get(f"/account/new-password/{token}"))
        answers.append((status, location, re.sub(r"/new-password/[^\"?]+", "/new-password/…", text)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 410


def test_a11_the_second_step_says_nothing_to_whoever_has_no_password(client: FlaskClient, session: Session) -> None:
    """A11: only the right password shows that there is a second step."""
    user, _key, _codes = turned_on(session)
    session.commit()
    answer = client.post("/account/sign-in", data={"email": user.email, "password": "salah-sekali"})
    assert answer.status_code == 422
    assert client.get("/account/sign-in/code").headers["Location"] == "/account/sign-in"
