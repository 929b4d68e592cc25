"""A till that is open."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.make_counter import Tablet, open_till


@pytest.fixture
def tablet(session: Session) -> Tablet:
    """A paired device whose shift is open."""
    return open_till(session)
