"""Sealed texts open with the right secret for the right purpose, and with nothing else."""

from __future__ import annotations

import pytest

from kernel.sealing import SealBroken, seal, unseal

SECRET = "a-secret-for-tests-only-0123456789"


def test_a_sealed_text_opens_again_and_shows_nothing_of_itself() -> None:
    sealed = seal(SECRET, "bank account", "1234567890")
    assert unseal(SECRET, "bank account", sealed) == "1234567890"
    assert "1234567890" not in sealed
    assert sealed != seal(SECRET, "bank account", "1234567890"), "equal texts cannot be recognised"


@pytest.mark.parametrize(("secret", "purpose"), [("another secret", "bank account"), (SECRET, "second factor")])
def test_another_secret_or_purpose_opens_nothing(secret: str, purpose: str) -> None:
    with pytest.raises(SealBroken):
        unseal(secret, purpose, seal(SECRET, "bank account", "1234567890"))


@pytest.mark.parametrize("place", [0, 20, -2])
def test_a_changed_seal_is_noticed(place: int) -> None:
    sealed = list(seal(SECRET, "bank account", "1234567890"))
    sealed[place] = "A" if sealed[place] != "A" else "B"
    with pytest.raises(SealBroken):
        unseal(SECRET, "bank account", "".join(sealed))
