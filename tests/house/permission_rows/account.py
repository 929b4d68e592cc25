"""One's own account."""

from __future__ import annotations

from tests.house.permission_rows.groups import EVERYBODY, SIGNED_IN, Row

ROWS: dict[str, Row] = {
    # one's own account
    "account.sign_in": Row("/account/sign-in", EVERYBODY),
    "account.sign_in_code": Row("/account/sign-in/code", EVERYBODY),
    "account.register": Row("/account/register", EVERYBODY),
    "account.finish_registration": Row("/account/register/made-up", EVERYBODY, answers=frozenset({410})),
    "account.forgotten_password": Row("/account/forgotten-password", EVERYBODY),
    "account.new_password": Row("/account/new-password/made-up", EVERYBODY, answers=frozenset({410})),
    "account.sign_out": Row("/account/sign-out", SIGNED_IN),
    "account.home": Row("/account/", SIGNED_IN),
    "account.orders": Row("/account/orders", SIGNED_IN),
    "account.profile": Row("/account/profile", SIGNED_IN),
    "account.password": Row("/account/password", SIGNED_IN),
    "account.second_factor": Row("/account/second-factor", SIGNED_IN),
    "account.recovery_codes": Row("/account/second-factor/recovery-codes", SIGNED_IN),
    "account.second_factor_off": Row("/account/second-factor/off", SIGNED_IN),
    "account.closing": Row("/account/closing", SIGNED_IN),
    "account.devices": Row("/account/devices", SIGNED_IN),
    "account.end_device": Row("/account/devices/end", SIGNED_IN),
}
