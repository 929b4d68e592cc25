"""Words of reports that forms and papers share."""

from __future__ import annotations

from catalog.models.reporting import UnitKind
from catalog.reporting.content import Need
from kernel.errors import N_

NEEDS: dict[Need, str] = {
    Need.CAPITAL: N_("Capital"),
    Need.TOOLS: N_("Tools and machines"),
    Need.RAW_MATERIAL: N_("Raw material"),
    Need.PACKAGING: N_("Packaging and labels"),
    Need.PERMITS: N_("Permits and certificates"),
    Need.TRAINING: N_("Training"),
    Need.MARKET: N_("Buyers and places to sell"),
}
UNITS: dict[UnitKind, str] = {
    UnitKind.VILLAGE: N_("Village"),
    UnitKind.COMMUNITY: N_("Community"),
    UnitKind.SCHOOL: N_("School"),
    UnitKind.CLASS: N_("School class"),
}
