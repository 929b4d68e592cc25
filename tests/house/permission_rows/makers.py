"""Makers' portal, the link to a delivery, and a dossier's link."""

from __future__ import annotations

from tests.house.permission_rows.groups import EVERYBODY, MAKERS, OTHER_MAKERS, Row

ROWS: dict[str, Row] = {
    "makers.partner_work": Row("/makers-portal/{maker}/partner-orders", MAKERS, hidden=OTHER_MAKERS),
    # a maker's link to a delivery; made-up ones have ended
    "deliveries.confirm": Row("/deliveries/made-up", EVERYBODY, answers=frozenset({410})),
    # the makers' portal: each maker its own pages
    "makers.portal": Row("/makers-portal/", MAKERS | OTHER_MAKERS),
    "makers.open_link": Row("/makers-portal/link/made-up", EVERYBODY, answers=frozenset({410})),
    "makers.leave": Row("/makers-portal/leave", EVERYBODY),
    "makers.home": Row("/makers-portal/{maker}", MAKERS, hidden=OTHER_MAKERS),
    "makers.sales": Row("/makers-portal/{maker}/sales", MAKERS, hidden=OTHER_MAKERS),
    "makers.stock": Row("/makers-portal/{maker}/stock", MAKERS, hidden=OTHER_MAKERS),
    "makers.lots": Row("/makers-portal/{maker}/lots", MAKERS, hidden=OTHER_MAKERS),
    "makers.lot": Row("/makers-portal/{maker}/lots/{product}/{lot}", MAKERS, hidden=OTHER_MAKERS),
    "makers.readiness": Row("/makers-portal/{maker}/readiness", MAKERS, hidden=OTHER_MAKERS),
    "makers.products": Row("/makers-portal/{maker}/products", MAKERS, hidden=OTHER_MAKERS),
    "makers.statements": Row("/makers-portal/{maker}/statements", MAKERS, hidden=OTHER_MAKERS),
    "makers.statement": Row("/makers-portal/{maker}/statements/{closed}", MAKERS, hidden=OTHER_MAKERS),
    "makers.statement_paper": Row("/makers-portal/{maker}/statements/{closed}/statement.pdf", MAKERS, hidden=OTHER_MAKERS),
    "makers.statement_table": Row("/makers-portal/{maker}/statements/{closed}/statement.csv", MAKERS, hidden=OTHER_MAKERS),
    "makers.payouts": Row("/makers-portal/{maker}/payouts", MAKERS, hidden=OTHER_MAKERS),
    "makers.accounts": Row("/makers-portal/{maker}/accounts", MAKERS, hidden=OTHER_MAKERS),
    "makers.account_change": Row("/makers-portal/{maker}/accounts/{agreement}", MAKERS, hidden=OTHER_MAKERS),
    "makers.account_object": Row("/makers-portal/{maker}/accounts/{agreement}/object", MAKERS, hidden=OTHER_MAKERS, form={"account": "1"}),
    "makers.deliveries": Row("/makers-portal/{maker}/deliveries", MAKERS, hidden=OTHER_MAKERS),
    "makers.delivery_new": Row("/makers-portal/{maker}/deliveries/new", MAKERS, hidden=OTHER_MAKERS),
    "makers.delivery": Row("/makers-portal/{maker}/deliveries/{delivery}", MAKERS, hidden=OTHER_MAKERS),
    "makers.delivery_take_back": Row("/makers-portal/{maker}/deliveries/{delivery}/take-back", MAKERS, hidden=OTHER_MAKERS),
    "makers.pull_out_take_back": Row("/makers-portal/{maker}/pull-outs/{pull_out}/take-back", MAKERS, hidden=OTHER_MAKERS),
    "makers.pull_outs": Row("/makers-portal/{maker}/pull-outs", MAKERS, hidden=OTHER_MAKERS),
    "makers.pull_out_new": Row("/makers-portal/{maker}/pull-outs/new", MAKERS, hidden=OTHER_MAKERS),
    "makers.dossier": Row("/makers-portal/{maker}/dossier", MAKERS, hidden=OTHER_MAKERS),
    "makers.dossier_paper": Row("/makers-portal/{maker}/dossier/dossier.pdf", MAKERS, hidden=OTHER_MAKERS, answers=frozenset({404})),
    "makers.dossier_revoke": Row(
        "/makers-portal/{maker}/dossier/shares/AAAAAAAA/revoke", MAKERS, hidden=OTHER_MAKERS, answers=frozenset({404})
    ),
    "dossiers.landing": Row("/dossiers/no-such-token", EVERYBODY, answers=frozenset({410})),
    "dossiers.paper": Row("/dossiers/no-such-token/AAAAAAAA/dossier.pdf", EVERYBODY, answers=frozenset({410})),
}
