"""How the fields of a financing dossier are called."""

from __future__ import annotations

from kernel.errors import N_

TEXT: dict[str, str] = {
    "business": N_("What the business makes, and how it came about"),
    "market": N_("Who buys, and where more could be sold"),
    "production": N_("How much can be made, with which tools and people"),
    "purpose": N_("What the money is for"),
    "repayment": N_("How it will be paid back"),
    "contact": N_("Whom to call about it"),
}
AMOUNT: dict[str, str] = {
    "needed": N_("Money that is needed"),
    "own_money": N_("Money of the own"),
    "monthly_costs": N_("Costs in a month"),
    "yearly_turnover": N_("Turnover in a year, all channels"),
}
