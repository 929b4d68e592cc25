"""The people of curation, ready in every test here."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.make_curation import Panel, make_panel


@pytest.fixture
def panel(session: Session) -> Panel:
    """A village officer, two curators and three assessors."""
    return make_panel(session)
