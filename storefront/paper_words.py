"""How the states of papers are said, each with the tone of its badge."""

from __future__ import annotations

from catalog.papers.queries import PaperState
from kernel.errors import N_

PAPER: dict[PaperState, tuple[str, str]] = {
    PaperState.VALID: (N_("valid"), "leaf"),
    PaperState.EXPIRING: (N_("ends soon"), "amber"),
    PaperState.EXPIRED: (N_("ran out"), "red"),
    PaperState.FOLLOWED: (N_("followed by a newer one"), ""),
    PaperState.NOT_YET: (N_("not yet"), "blue"),
}
