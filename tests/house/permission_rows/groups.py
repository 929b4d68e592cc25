"""What a row of the permission table says, and the groups of the cast it says it about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.cast import (
    ADMINISTRATOR,
    ASSESSOR,
    CASHIER,
    CASHIER_ELSEWHERE,
    CAST,
    CURATOR,
    CURATOR_ELSEWHERE,
    GUEST,
    MAKER,
    MAKER_ELSEWHERE,
    MENTOR,
    OBSERVER,
    OUTLET_MANAGER,
    PROVINCE_OFFICER,
    RETAIL_BUYER,
    RIVAL_BUYER,
    SHOPPER,
    VILLAGE_OFFICER,
)

EVERYBODY = frozenset(CAST)
SIGNED_IN = EVERYBODY - {GUEST}
#: The roles of curation besides the curator's; the mentor's district is another than that of the world's maker.
CURATION_ROLES = frozenset({VILLAGE_OFFICER, MENTOR, ASSESSOR, PROVINCE_OFFICER, OBSERVER})
STAFF = frozenset({CASHIER, OUTLET_MANAGER, CURATOR, ADMINISTRATOR, CURATOR_ELSEWHERE, CASHIER_ELSEWHERE}) | CURATION_ROLES
COUNTER = frozenset({CASHIER, OUTLET_MANAGER, ADMINISTRATOR})
LEAD = frozenset({OUTLET_MANAGER, ADMINISTRATOR})
CURATORS = frozenset({CURATOR, ADMINISTRATOR})
TOP = frozenset({ADMINISTRATOR})
NOBODY: frozenset[str] = frozenset()
GONE = frozenset({404})
AWAY_FROM_COUNTER = frozenset({CASHIER_ELSEWHERE})
MAKERS = frozenset({MAKER})
OTHER_MAKERS = frozenset({MAKER_ELSEWHERE})
AWAY_FROM_AREA = frozenset({CURATOR_ELSEWHERE})
#: Who looks after wholesale anywhere, and of these who reaches the world's outlet.
WHOLESALE_DESK = frozenset({OUTLET_MANAGER, CURATOR, CURATOR_ELSEWHERE, ADMINISTRATOR})
WHOLESALE_HOME = WHOLESALE_DESK - AWAY_FROM_AREA
BUYERS = frozenset({RETAIL_BUYER, RIVAL_BUYER})
BUYER, RIVALS = frozenset({RETAIL_BUYER}), frozenset({RIVAL_BUYER})
SELLERS = frozenset({OUTLET_MANAGER, CURATOR, ADMINISTRATOR})
#: Who holds view_curation, and of these who reaches Karang Agung, proposes, assesses, mentors.
CURATION_VIEWERS = CURATORS | CURATION_ROLES
VIEWERS_HERE = CURATION_VIEWERS - {MENTOR}
AWAY_FROM_CURATION = AWAY_FROM_AREA | {MENTOR}
PROPOSERS = CURATORS | {VILLAGE_OFFICER}
ASSESSORS = CURATORS | {ASSESSOR}
MENTORS = CURATORS | {MENTOR}
PROVINCE = frozenset({PROVINCE_OFFICER})
#: Who holds view_programme somewhere: such pages show each the own area.
ANYWHERE_IN_PROGRAMME = CURATION_VIEWERS | AWAY_FROM_AREA
PROPOSE_ANYWHERE = PROPOSERS | AWAY_FROM_AREA | MAKERS | OTHER_MAKERS
NOT_THEIR_PROPOSAL = AWAY_FROM_AREA | OTHER_MAKERS
EYES = (GUEST, SHOPPER, RETAIL_BUYER, MAKER, CURATOR, OUTLET_MANAGER, ADMINISTRATOR)


@dataclass(frozen=True)
class Row:
    """Who may use one endpoint. `answers` are further statuses that are right for those who may (a 404 page, a dead link)."""

    address: str
    may: frozenset[str]
    hidden: frozenset[str] = NOBODY
    answers: frozenset[int] = frozenset()
    form: Mapping[str, str] = field(default_factory=dict)
    #: Machines that sign their requests carry no form token.
    has_token: bool = True

    @property
    def reader(self) -> str:
        """Who reads the page where one pair of eyes is enough: whoever needs the least to be let in."""
        return next((part for part in EYES if part in self.may), None) or min(self.may, default=GUEST)


#: Statuses that mean "come in": shown, done, sent on, or refused because of what was typed.
COME_IN = frozenset({200, 302, 303, 304, 409, 422})
