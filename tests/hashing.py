"""Passwords cost next to nothing in the tests: argon2 takes a fifth of a second by design, and thousands of tests sign somebody in."""

from __future__ import annotations

from argon2 import PasswordHasher

from kernel import accounts

#: What the shop itself uses; tests/kernel/test_accounts.py holds how dear it must be.
REAL_HASHER = accounts._hasher
REAL_DUMMY_HASH = accounts._DUMMY_HASH

accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
accounts._DUMMY_HASH = accounts._hasher.hash("nobody's password")
