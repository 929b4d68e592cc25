"""How often something secret may be tried: counted in the database, so that restarts and further workers change nothing."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import N_, DomainError
from kernel.people import LoginAttempt

WINDOW = timedelta(minutes=5)
#: PyPI's limit for one account, and a wider one for an address, behind which a whole office may sit.
PER_EMAIL = 10
PER_ADDRESS = 50
#: Mails a stranger can make us send to one e-mail, or from one address, within an hour.
MAILS_PER_EMAIL = 3
MAILS_PER_ADDRESS = 20
MAIL_WINDOW = timedelta(hours=1)
#: Tries to find an order by code and phone: a phone number has too few digits to be guessed freely.
LOOK_UPS_PER_ORDER = 5
LOOK_UPS_PER_ADDRESS = 20
LOOK_UP_WINDOW = timedelta(hours=1)
#: Codes of a second factor: six digits of which three are right at any moment, so a day of guessing finds one in 700.
CODES_PER_PERSON = 5
CODES_PER_ADDRESS = 50
CODE_WINDOW = timedelta(minutes=15)
#: Codes that pair a till's device.
PAIRINGS_PER_ADDRESS = 10

#: Voucher codes: 45 bits cannot be guessed at this pace, and a card's owner mistypes it less often.
VOUCHERS_PER_CART = 10
VOUCHERS_PER_ADDRESS = 10
VOUCHER_WINDOW = timedelta(hours=1)

#: Cards that fail for one order before it pauses; pages per address and cart are a setting (A13).
FAILED_CARDS = 3
CARD_WINDOW = timedelta(minutes=10)


#: Files that one address may hand in without signing in.
FILES_PER_ADDRESS = 30
FILES_WINDOW = timedelta(hours=1)


class TooManyTries(DomainError):
    """The limit is reached; waiting helps, another try does not."""

    message = N_("Too many tries. Please wait %(minutes)s minutes and try again.")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` tries under `key` within `window`."""

    key: str
    count: int
    window: timedelta


def sign_in_limits(secret: str, email: str, address: str) -> tuple[Limit, Limit]:
    """The limits of one try to sign in: the account's first, then the address's."""
    return (
        Limit(_key(secret, "sign-in e-mail", _folded(email)), PER_EMAIL, WINDOW),
        Limit(_key(secret, "sign-in address", _network(address)), PER_ADDRESS, WINDOW),
    )


def mail_limits(secret: str, email: str, address: str) -> tuple[Limit, Limit]:
    """The limits of asking us to send a mail to an e-mail that somebody typed."""
    return (
        Limit(_key(secret, "mail e-mail", _folded(email)), MAILS_PER_EMAIL, MAIL_WINDOW),
        Limit(_key(secret, "mail address", _network(address)), MAILS_PER_ADDRESS, MAIL_WINDOW),
    )


def order_limits(secret: str, code: str, address: str) -> tuple[Limit, Limit]:
    """The limits of looking an order up by its code and phone number."""
    return (
        Limit(_key(secret, "order code", code.strip().upper()), LOOK_UPS_PER_ORDER, LOOK_UP_WINDOW),
        Limit(_key(secret, "order address", _network(address)), LOOK_UPS_PER_ADDRESS, LOOK_UP_WINDOW),
    )


def code_limits(secret: str, user_code: str, address: str) -> tuple[Limit, Limit]:
    """The limits of giving a code of the second factor, wherever it is asked for."""
    return (
        Limit(_key(secret, "code person", user_code), CODES_PER_PERSON, CODE_WINDOW),
        Limit(_key(secret, "code address", _network(address)), CODES_PER_ADDRESS, CODE_WINDOW),
    )


def voucher_limits(secret: str, cart: str, address: str) -> tuple[Limit, Limit]:
    """The limits of trying a voucher code; one that was right is not held against anybody (`forget_tries`)."""
    return (
        Limit(_key(secret, "voucher cart", cart), VOUCHERS_PER_CART, VOUCHER_WINDOW),
        Limit(_key(secret, "voucher address", _network(address)), VOUCHERS_PER_ADDRESS, VOUCHER_WINDOW),
    )


def page_limits(secret: str, address: str, cart: str, count: int) -> tuple[Limit, ...]:
    """The limits of opening a payment page: `count` for an address, and for a cart where there is one."""
    limits = (Limit(_key(secret, "page address", _network(address)), count, CARD_WINDOW),)
    return (*limits, Limit(_key(secret, "page cart", cart), count, CARD_WINDOW)) if cart else limits


def failed_card_limit(secret: str, order_code: str) -> Limit:
    """How many cards may fail for one order."""
    return Limit(_key(secret, "failed card", order_code), FAILED_CARDS, CARD_WINDOW)


def is_full(session: Session, limit: Limit) -> bool:
    """Whether the next try under this limit would be refused."""
    statement = select(func.count()).where(LoginAttempt.key == limit.key, LoginAttempt.at > clock.now() - limit.window)
    return (session.scalar(statement) or 0) >= limit.count


def delivery_limits(secret: str, code: str) -> tuple[Limit, ...]:
    """The limit of typing a maker's code for one delivery: six characters, five tries an hour."""
    return (Limit(_key(secret, "delivery code", code), LOOK_UPS_PER_ORDER, LOOK_UP_WINDOW),)


def file_limits(secret: str, address: str) -> tuple[Limit, ...]:
    """The limit of files handed in from one address by whoever holds a link."""
    return (Limit(_key(secret, "file address", _network(address)), FILES_PER_ADDRESS, FILES_WINDOW),)


def pairing_limits(secret: str, address: str) -> tuple[Limit, ...]:
    """The limit of typing pairing codes from one address: of 10**8 numbers one is right, for ten minutes."""
    return (Limit(_key(secret, "pairing address", _network(address)), PAIRINGS_PER_ADDRESS, CODE_WINDOW),)


def count_try(session: Session, limits: tuple[Limit, ...]) -> list[LoginAttempt]:
    """Count one try under every limit, or raise TooManyTries without counting it.

    Commit before the secret is looked at: the count then stands whatever the answer is, and two workers cannot both
    take the last try. A refused try is not counted, so that hammering does not keep the owner out for longer.
    """
    moment = clock.now()
    for limit in limits:
        _wait_for_others(session, limit.key)
        session.execute(delete(LoginAttempt).where(LoginAttempt.key == limit.key, LoginAttempt.at <= moment - limit.window))
        tries = session.scalar(select(func.count()).select_from(LoginAttempt).where(LoginAttempt.key == limit.key)) or 0
        if tries >= limit.count:
            raise TooManyTries(minutes=int(limit.window.total_seconds() // 60))
    rows = [LoginAttempt(key=limit.key, at=moment) for limit in limits]
    session.add_all(rows)
    session.flush()
    return rows


def forget_success(session: Session, rows: list[LoginAttempt]) -> None:
    """The try succeeded: the account's count starts anew, the address only gets this one try back.

    An attacker with an account of their own could otherwise clear the address's count between guesses.
    """
    account, *others = rows
    session.execute(delete(LoginAttempt).where(LoginAttempt.key == account.key))
    session.execute(delete(LoginAttempt).where(LoginAttempt.id.in_([row.id for row in others])))


def forget_tries(session: Session, ids: list[int]) -> None:
    """These tries were right: they do not count, and those before them still do."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.id.in_(ids)))


def purge_old_tries(session: Session) -> int:
    """Drop tries that no limit looks at any more; returns how many. The worker calls this daily."""
    result = session.execute(delete(LoginAttempt).where(LoginAttempt.at <= clock.now() - max(WINDOW, MAIL_WINDOW)))
    return int(getattr(result, "rowcount", 0))


def _wait_for_others(session: Session, key: str) -> None:
    """Let one worker at a time count under a key: two would both see the last free try. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(int(key[:15], 16))))


def _key(secret: str, purpose: str, value: str) -> str:
    """A keyed digest: without the secret, four billion IPv4 addresses would be tried in a minute."""
    return hmac.new(secret.encode(), f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


def _folded(email: str) -> str:
    return email.strip().lower()


def _network(address: str) -> str:
    """An IPv4 address as it is; of IPv6 the /64 that one household or phone gets."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))
