"""URL map of the office's pages about agreements, statements and payouts; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import agreements, maker_accounts, maker_payouts, open_prices, statements
from storefront.routing import Route

FORM, POST = ("GET", "POST"), ("POST",)
MANAGE, PREPARE, APPROVE = Permission.MANAGE_AGREEMENTS, Permission.PREPARE_PAYOUTS, Permission.APPROVE_PAYOUTS

ROUTES: list[Route] = [
    Route("/agreements", agreements.agreements, MANAGE),
    Route("/agreements/new/<outlet>/<maker>", agreements.agreement_new, MANAGE, FORM),
    Route("/agreements/<agreement>", agreements.agreement, MANAGE),
    Route("/agreements/<agreement>/terms", agreements.agreement_terms, MANAGE, FORM),
    Route("/agreements/<agreement>/end", agreements.agreement_end, MANAGE, POST),
    Route("/agreements/<agreement>/prices", agreements.agreement_prices, MANAGE, FORM),
    Route("/agreements/<agreement>/correct", agreements.agreement_correct, APPROVE, POST),
    Route("/agreements/<agreement>/statement", statements.statement_close, MANAGE, FORM),
    Route("/agreements/<agreement>/account", maker_accounts.maker_account, PREPARE, FORM),
    Route("/agreements/<agreement>/account/decision", maker_accounts.maker_account_decide, PREPARE, POST, step_up=True),
    Route("/statements", statements.statements, MANAGE),
    Route("/statements/<statement>", statements.statement, MANAGE),
    Route("/statements/<statement>/statement.pdf", statements.statement_pdf, MANAGE),
    Route("/statements/<statement>/statement.csv", statements.statement_csv, MANAGE),
    Route("/payouts", maker_payouts.maker_payouts, PREPARE),
    Route("/payouts/new/<outlet>", maker_payouts.maker_payout_new, PREPARE, FORM),
    Route("/payouts/<batch>", maker_payouts.maker_payout, PREPARE),
    Route("/payouts/<batch>/decision", maker_payouts.maker_payout_decide, PREPARE, POST, step_up=True),
    Route("/payouts/<batch>/bank.csv", maker_payouts.maker_payout_bank, PREPARE),
    Route("/payouts/<batch>/<int:position>", maker_payouts.maker_payout_paid, PREPARE, FORM),
    Route("/payouts/<batch>/<int:position>/proof.jpg", maker_payouts.maker_payout_proof, PREPARE),
    Route("/open-prices", open_prices.open_prices, Permission.EDIT_MAKERS),
    Route("/open-prices/<regency>", open_prices.open_prices_switch, Permission.EDIT_MAKERS, POST),
]
