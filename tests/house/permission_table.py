"""Who may use which route: one row per endpoint, written by hand. docs/permissions.md says why.

A new route needs a row here. Pick the address with the words of tests/cast.py (`{order}`, `{product}`, …), then say who
may use it. Everybody else is sent to the sign-in page (guests) or refused (403); `hidden` lists those who may use such
pages but not this record, and so must read 404.
"""

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


#: Statuses that mean "come in": shown, done, sent on, or refused because of what was typed.
COME_IN = frozenset({200, 302, 303, 304, 409, 422})

TABLE: dict[str, Row] = {
    # the programme: mapping
    "office.mapping": Row("/office/mapping/", ANYWHERE_IN_PROGRAMME),
    "office.mapping_open": Row("/office/mapping/open?year=2026", CURATORS | AWAY_FROM_AREA),
    "office.mapping_villages": Row("/office/mapping/villages", ANYWHERE_IN_PROGRAMME),
    "office.mapping_file": Row("/office/mapping/villages.csv", ANYWHERE_IN_PROGRAMME),
    "office.mapping_twins": Row("/office/mapping/same", ANYWHERE_IN_PROGRAMME),
    "office.mapping_village": Row("/office/mapping/villages/{village}", VIEWERS_HERE, AWAY_FROM_CURATION),
    "office.mapping_move": Row("/office/mapping/villages/{village}/move", CURATORS, AWAY_FROM_AREA),
    "office.potential_new": Row("/office/mapping/villages/{village}/new", PROPOSERS, AWAY_FROM_CURATION),
    "office.potential_edit": Row("/office/mapping/potentials/{potential}", PROPOSERS, AWAY_FROM_CURATION),
    "office.evidence_new": Row("/office/mapping/potentials/{potential}/evidence", PROPOSERS, AWAY_FROM_CURATION),
    "office.evidence_file": Row("/office/mapping/evidence/{evidence}", VIEWERS_HERE, AWAY_FROM_CURATION, answers=frozenset({404})),
    "office.evidence_remove": Row("/office/mapping/evidence/{evidence}/remove", PROPOSERS, AWAY_FROM_CURATION),
    # the list of areas is public; its picker is for the office's forms
    "office.area_picker": Row("/office/areas.json?q=betung", STAFF),
    # the programme: monitoring
    "office.monitoring": Row("/office/monitoring/", ANYWHERE_IN_PROGRAMME),
    "office.monitoring_file": Row("/office/monitoring/figures.csv", ANYWHERE_IN_PROGRAMME),
    # the programme: reporting
    "office.reporting": Row("/office/reporting/", ANYWHERE_IN_PROGRAMME),
    "office.report_list": Row("/office/reporting/list", ANYWHERE_IN_PROGRAMME),
    "office.report_roll_up": Row("/office/reporting/roll-up.pdf?period={period}", ANYWHERE_IN_PROGRAMME - AWAY_FROM_AREA, AWAY_FROM_AREA),
    "office.period_new": Row("/office/reporting/periods/new", CURATORS | AWAY_FROM_AREA | PROVINCE),
    "office.period": Row("/office/reporting/periods/{period}", CURATION_VIEWERS, AWAY_FROM_AREA),
    "office.period_lock": Row("/office/reporting/periods/{period}/lock", CURATORS | PROVINCE, AWAY_FROM_AREA),
    "office.period_reopen": Row("/office/reporting/periods/{period}/reopen", TOP),
    "office.period_receive": Row("/office/reporting/periods/{period}/receive", TOP | PROVINCE),
    "office.report_begin": Row("/office/reporting/periods/{period}/{village}", PROPOSERS, AWAY_FROM_AREA),
    "office.village_report": Row("/office/reporting/reports/{report}", VIEWERS_HERE, AWAY_FROM_CURATION),
    "office.report_write": Row("/office/reporting/reports/{draft_report}/write", PROPOSERS, AWAY_FROM_AREA),
    "office.report_check": Row("/office/reporting/reports/{report}/check", CURATORS, AWAY_FROM_AREA),
    "office.report_return": Row("/office/reporting/reports/{report}/return", CURATORS, AWAY_FROM_AREA),
    "office.report_send_back": Row("/office/reporting/reports/{checked_report}/send-back", TOP | PROVINCE),
    "office.report_receive": Row("/office/reporting/reports/{checked_report}/receive", TOP | PROVINCE),
    "office.report_correct": Row("/office/reporting/reports/{checked_report}/correct", PROPOSERS, AWAY_FROM_AREA),
    "office.report_letter": Row("/office/reporting/reports/{report}/letter.pdf", VIEWERS_HERE, AWAY_FROM_CURATION),
    "office.potential_remove": Row("/office/mapping/potentials/{potential}/remove", PROPOSERS, AWAY_FROM_CURATION),
    # what a scanned code opens: for everybody, signed in or not
    "provenance.description": Row("/.well-known/gs1resolver", EVERYBODY),
    "provenance.resolve": Row("/01/08999999000011", EVERYBODY, answers=frozenset({307, 404})),
    "provenance.scan": Row("/scan", EVERYBODY),
    "provenance.pack": Row("/p/{variant}", EVERYBODY, answers=frozenset({307})),
    "provenance.pack_lot": Row("/p/{variant}/{lot}", EVERYBODY, answers=frozenset({307})),
    "office.product_lots": Row("/office/products/{product}/lots", CURATORS, hidden=AWAY_FROM_AREA),
    "office.product_lot": Row("/office/products/{product}/lots/{lot}", CURATORS, hidden=AWAY_FROM_AREA),
    "office.lot_labels": Row("/office/products/{product}/labels/{lot}", CURATORS, hidden=AWAY_FROM_AREA),
    "office.trace": Row("/office/trace/{product}/{lot}", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.trace_file": Row("/office/trace-files/csv/{product}/{lot}", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.events_file": Row("/office/events.jsonld", COUNTER | AWAY_FROM_COUNTER),
    "shop.batch": Row("/products/{product}/batches/{lot}", EVERYBODY),
    # Flask and health
    "static": Row("/static/base/favicon.svg", EVERYBODY),
    "assets.bundle": Row("/assets/shop.css", EVERYBODY),
    "health.healthz": Row("/healthz", EVERYBODY),
    "health.readyz": Row("/readyz", EVERYBODY),
    # wholesale: the door for everybody, figures for approved partners only
    "wholesale.index": Row("/wholesale/", EVERYBODY),
    "wholesale.apply": Row("/wholesale/apply", EVERYBODY),
    "wholesale.application": Row("/wholesale/applications/{application}", EVERYBODY),
    "wholesale.offers": Row("/wholesale/offers", BUYERS),
    "wholesale.price_list": Row("/wholesale/offers/price-list.xlsx", BUYERS),
    "wholesale.catalogue": Row("/wholesale/offers/catalogue.pdf", BUYERS, answers=frozenset({404})),
    "wholesale.compare": Row("/wholesale/offers/compare?offer={offer}", BUYER, hidden=RIVALS),
    "wholesale.offer": Row("/wholesale/offers/{offer}", BUYER, hidden=RIVALS),
    "wholesale.sheet": Row("/wholesale/offers/{offer}/sheet.pdf", BUYER, hidden=RIVALS),
    "wholesale.sample_new": Row("/wholesale/offers/{offer}/sample", BUYER, hidden=RIVALS),
    "wholesale.samples": Row("/wholesale/samples", BUYERS),
    "wholesale.sample": Row("/wholesale/samples/{sample}", BUYER, hidden=RIVALS),
    "wholesale.sample_receive": Row("/wholesale/samples/{sample}/received", BUYER, hidden=RIVALS),
    "wholesale.sample_rate": Row("/wholesale/samples/{sample}/verdict", BUYER, hidden=RIVALS),
    "wholesale.searches": Row("/wholesale/searches", BUYERS),
    "wholesale.search_save": Row("/wholesale/searches/save", BUYERS),
    "wholesale.search_change": Row("/wholesale/searches/{search}", BUYER, hidden=RIVALS),
    "wholesale.company": Row("/wholesale/company", BUYERS),
    "wholesale.branch_new": Row("/wholesale/company/branches/new", BUYERS),
    "wholesale.branch": Row("/wholesale/company/branches/{branch}", BUYER, hidden=RIVALS),
    "wholesale.branch_close": Row("/wholesale/company/branches/{branch}/close", BUYER, hidden=RIVALS),
    "wholesale.buyer_new": Row("/wholesale/company/people/new", BUYERS),
    "wholesale.colleague": Row("/wholesale/company/people/{colleague}", BUYER, hidden=RIVALS),
    "wholesale.colleague_remove": Row("/wholesale/company/people/{colleague}/remove", BUYER, hidden=RIVALS),
    # partners, offers, readiness and samples in the office
    "office.partner_list": Row("/office/partners/", WHOLESALE_DESK),
    "office.group_list": Row("/office/partners/groups", WHOLESALE_DESK),
    "office.group_new": Row("/office/partners/groups/new", WHOLESALE_DESK),
    "office.group_page": Row("/office/partners/groups/{group}", WHOLESALE_HOME, hidden=AWAY_FROM_AREA),
    "office.partner_page": Row("/office/partners/{partner}", WHOLESALE_HOME, hidden=AWAY_FROM_AREA),
    "office.partner_terms": Row("/office/partners/{applied}/terms", WHOLESALE_HOME, hidden=AWAY_FROM_AREA),
    "office.partner_decide": Row("/office/partners/{applied}/decision", WHOLESALE_HOME, hidden=AWAY_FROM_AREA),
    "office.partner_paper": Row("/office/partners/{applied}/papers", WHOLESALE_HOME, hidden=AWAY_FROM_AREA),
    "office.partner_buyer": Row("/office/partners/{applied}/buyers", WHOLESALE_HOME, hidden=AWAY_FROM_AREA),
    "office.offer_list": Row("/office/offers/", WHOLESALE_DESK),
    "office.offer_choose": Row("/office/offers/new", WHOLESALE_DESK),
    "office.offer_new": Row("/office/offers/new/{variant}", WHOLESALE_DESK),
    "office.seller_terms": Row("/office/offers/seller/{outlet}", WHOLESALE_HOME, hidden=AWAY_FROM_AREA),
    "office.offer_page": Row("/office/offers/{offer}", WHOLESALE_HOME, hidden=AWAY_FROM_AREA),
    "office.offer_edit": Row("/office/offers/{offer}/edit", WHOLESALE_HOME, hidden=AWAY_FROM_AREA),
    "office.offer_prices": Row("/office/offers/{offer}/prices", WHOLESALE_HOME, hidden=AWAY_FROM_AREA),
    "office.offer_state": Row("/office/offers/{offer}/state", WHOLESALE_HOME, hidden=AWAY_FROM_AREA),
    "office.offer_source": Row("/office/offers/{offer}/makers", WHOLESALE_HOME, hidden=AWAY_FROM_AREA),
    "office.offer_capacity": Row("/office/offers/{offer}/makers/{offered}", WHOLESALE_HOME, hidden=AWAY_FROM_AREA),
    "office.readiness": Row("/office/readiness/", WHOLESALE_DESK),
    "office.readiness_profile": Row("/office/readiness/minimarket", WHOLESALE_DESK),
    "office.sample_list": Row("/office/samples/", WHOLESALE_DESK),
    "office.sample_page": Row("/office/samples/{sample}", WHOLESALE_HOME, hidden=AWAY_FROM_AREA),
    # the shop: for everybody
    "shop.home": Row("/", EVERYBODY),
    "shop.collection": Row("/collections/{collection}", EVERYBODY),
    "shop.about": Row("/about", EVERYBODY),
    "shop.help_page": Row("/help", EVERYBODY),
    "shop.privacy": Row("/privacy", EVERYBODY),
    "shop.terms": Row("/terms", EVERYBODY),
    "shop.products": Row("/products", EVERYBODY),
    "shop.product": Row("/products/{product}", EVERYBODY),
    "shop.product_preview": Row("/products/{product}/preview.jpg", EVERYBODY, answers=frozenset({404})),
    "shop.maker": Row("/makers/{maker}", EVERYBODY),
    "shop.media": Row("/media/{photo}-320.jpg", EVERYBODY, answers=frozenset({404})),
    "shop.villages": Row("/villages", EVERYBODY),
    "shop.village": Row("/villages/{village}", EVERYBODY, answers=frozenset({301, 308})),
    "shop.programme": Row("/programme", EVERYBODY),
    "shop.search": Row("/search?q=ubi", EVERYBODY),
    "shop.suggest": Row("/search/suggest?q=ubi", EVERYBODY),
    "shop.robots": Row("/robots.txt", EVERYBODY),
    "shop.sitemap": Row("/sitemap.xml", EVERYBODY),
    "shop.sitemap_part": Row("/sitemaps/products-0.xml", EVERYBODY),
    "shop.styleguide": Row("/styleguide", EVERYBODY, answers=frozenset({404})),
    # buying: a guest can do all of it; an order opens to whoever holds its link
    "checkout.cart": Row("/cart", EVERYBODY),
    "checkout.use_voucher": Row("/cart/voucher", EVERYBODY, form={"voucher": "AAAAAAAAAA"}),
    "checkout.remove_voucher": Row("/cart/voucher/remove", EVERYBODY),
    "checkout.add_to_cart": Row("/cart/lines", EVERYBODY, answers=frozenset({400, 404})),
    "checkout.change_line": Row("/cart/lines/{variant}", EVERYBODY, answers=frozenset({400, 404})),
    "checkout.choose_receiving": Row("/cart/receiving", EVERYBODY),
    "checkout.find_villages": Row("/checkout/villages?q=talang", EVERYBODY),
    "checkout.checkout": Row("/checkout", EVERYBODY),
    "checkout.find_order": Row("/orders/find", EVERYBODY),
    "checkout.order": Row("/orders/{token}", EVERYBODY),
    "checkout.order_confirmation": Row("/orders/{token}/confirmation.pdf", EVERYBODY),
    "checkout.order_receipt": Row("/orders/{token}/receipt.pdf", EVERYBODY, answers=frozenset({404})),
    "checkout.check_payment": Row("/orders/{token}/check", EVERYBODY),
    "checkout.pay": Row("/orders/{token}/payment", EVERYBODY),
    "checkout.confirm_received": Row("/orders/{token}/received", EVERYBODY),
    "checkout.cancel": Row("/orders/{token}/cancel", EVERYBODY),
    "webhooks.stripe": Row("/webhooks/stripe", EVERYBODY, answers=frozenset({400, 401, 403, 503}), has_token=False),
    # the API: open to everybody, or to whoever shows a partner's key (tests/storefront/api)
    "api.developers": Row("/developers", EVERYBODY),
    "api.openapi": Row("/api/v1/openapi.json", EVERYBODY),
    "api.list_products": Row("/api/v1/products", EVERYBODY),
    "api.get_product": Row("/api/v1/products/{product}", EVERYBODY),
    "api.list_makers": Row("/api/v1/makers", EVERYBODY),
    "api.get_maker": Row("/api/v1/makers/{maker}", EVERYBODY),
    "api.get_batch": Row("/api/v1/products/{product}/batch?lot={lot}", EVERYBODY),
    "api.list_villages": Row("/api/v1/villages", EVERYBODY),
    # whoever is signed in is nobody to the API: without a key the answer is 401
    **{
        f"api.{name}": Row(f"/api/v1/{address}", EVERYBODY, answers=frozenset({401}), has_token=False)
        for name, address in {
            "list_offers": "offers",
            "get_offer": "offers/AAAAAAAA",
            "list_prices": "prices",
            "list_stock": "stock",
            "list_papers": "papers",
            "get_company": "company",
            "list_orders": "orders",
            "create_order": "orders",
            "get_order": "orders/AAAAAAAA",
            "cancel_order": "orders/AAAAAAAA/cancel",
            "list_quotes": "quotes",
            "create_quote": "quotes",
            "get_quote": "quotes/AAAAAAAA",
            "accept_quote": "quotes/AAAAAAAA/accept",
            "list_invoices": "invoices",
            "get_invoice": "invoices/INV-T1-2026-0001",
        }.items()
    },
    "office.partner_keys": Row("/office/partners/{partner}/keys", LEAD),
    "office.partner_key_act": Row("/office/partners/{partner}/keys/{key}/revoke", LEAD),
    "office.partner_webhooks": Row("/office/partners/{partner}/webhooks", LEAD),
    "office.partner_webhook": Row("/office/partners/{partner}/webhooks/{webhook}", LEAD),
    "office.partner_webhook_act": Row("/office/partners/{partner}/webhooks/{webhook}/ping", LEAD),
    "office.feed_list": Row("/office/feeds", CURATORS, hidden=AWAY_FROM_AREA),
    "office.feed": Row("/office/feeds/shopee", CURATORS, hidden=AWAY_FROM_AREA),
    "office.feed_settings": Row("/office/feeds/shopee/settings", CURATORS, hidden=AWAY_FROM_AREA),
    "office.feed_categories": Row("/office/feeds/shopee/categories", CURATORS, hidden=AWAY_FROM_AREA),
    "office.feed_product": Row("/office/feeds/shopee/products/{product}", CURATORS, hidden=AWAY_FROM_AREA),
    "office.feed_sheet": Row("/office/feeds/shopee/sheet.xlsx", CURATORS, hidden=AWAY_FROM_AREA),
    "feeds.google_xml": Row("/feeds/google.xml", EVERYBODY),
    "feeds.google_tsv": Row("/feeds/google.tsv", EVERYBODY),
    "feeds.meta_csv": Row("/feeds/meta.csv", EVERYBODY),
    "feeds.products_jsonld": Row("/feeds/products.jsonld", EVERYBODY),
    # the demo's mailbox: no such page in any other mode
    "mailbox.mailbox": Row("/mailbox", EVERYBODY, answers=frozenset({404})),
    "mailbox.letter": Row("/mailbox/20261121T070000-made-up", EVERYBODY, answers=frozenset({404})),
    # one's own account
    "account.sign_in": Row("/account/sign-in", EVERYBODY),
    "account.sign_in_code": Row("/account/sign-in/code", EVERYBODY),
    "account.register": Row("/account/register", EVERYBODY),
    "account.finish_registration": Row("/account/register/made-up", EVERYBODY, answers=frozenset({410})),
    "account.forgotten_password": Row("/account/forgotten-password", EVERYBODY),
    "account.new_password": Row("/account/new-password/made-up", EVERYBODY, answers=frozenset({410})),
    "account.sign_out": Row("/account/sign-out", SIGNED_IN),
    "account.home": Row("/account/", SIGNED_IN),
    "account.orders": Row("/account/orders", SIGNED_IN),
    "account.profile": Row("/account/profile", SIGNED_IN),
    "account.password": Row("/account/password", SIGNED_IN),
    "account.second_factor": Row("/account/second-factor", SIGNED_IN),
    "account.recovery_codes": Row("/account/second-factor/recovery-codes", SIGNED_IN),
    "account.second_factor_off": Row("/account/second-factor/off", SIGNED_IN),
    "account.devices": Row("/account/devices", SIGNED_IN),
    "account.end_device": Row("/account/devices/end", SIGNED_IN),
    # the office: orders and stock belong to the people of an outlet
    "office.dashboard": Row("/office/", STAFF),
    "office.orders": Row("/office/orders", COUNTER | AWAY_FROM_COUNTER),
    "office.order": Row("/office/orders/{order}", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.print_slips": Row("/office/orders/print?codes={order}", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.packing_slip": Row("/office/orders/{order}/packing-slip.pdf", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.print_receipt": Row("/office/orders/{order}/receipt.pdf", COUNTER, hidden=AWAY_FROM_COUNTER, answers=frozenset({404})),
    "office.print_labels": Row("/office/orders/print-labels?codes={order}", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.parcel_label": Row("/office/orders/{order}/labels.pdf", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.order_ship": Row("/office/orders/{order}/ship", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.order_delivered": Row("/office/orders/{order}/delivered", COUNTER, hidden=AWAY_FROM_COUNTER),
    # the world's order has no parcel: tests/storefront/office/test_parcels.py says what may be done with one
    "office.order_parcel": Row("/office/orders/{order}/parcels/1", COUNTER, hidden=AWAY_FROM_COUNTER, answers=frozenset({404})),
    "office.shipping_outlets": Row("/office/shipping", LEAD),
    "office.zone_list": Row("/office/shipping/{outlet}", LEAD),
    "office.zone_new": Row("/office/shipping/{outlet}/new", LEAD),
    "office.zone": Row("/office/shipping/{outlet}/{zone}", LEAD),
    "office.zone_remove": Row("/office/shipping/{outlet}/{zone}/remove", LEAD, answers=frozenset({404})),
    "office.order_ready": Row("/office/orders/{order}/ready", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.order_hand_over": Row("/office/orders/{order}/hand-over", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.order_cancel": Row("/office/orders/{order}/cancel", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.payment_confirm": Row("/office/orders/{order}/payments/1/confirm", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.payment_refuse": Row("/office/orders/{order}/payments/1/refuse", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.outlets": Row("/office/outlets", LEAD),
    "office.outlet": Row("/office/outlets/{outlet}", LEAD),
    "office.outlet_rules": Row("/office/outlets/{outlet}/rules", LEAD),
    # Work on many records of the catalogue at once
    "office.imports": Row("/office/imports", CURATORS | AWAY_FROM_AREA),
    "office.import_run": Row("/office/imports/{import}", CURATORS, AWAY_FROM_AREA),
    "office.import_columns": Row("/office/imports/{import}/columns", CURATORS, AWAY_FROM_AREA),
    "office.import_check": Row("/office/imports/{import}/check", CURATORS, AWAY_FROM_AREA),
    "office.import_begin": Row("/office/imports/{import}/run", CURATORS, AWAY_FROM_AREA),
    "office.import_stop": Row("/office/imports/{import}/stop", CURATORS, AWAY_FROM_AREA),
    "office.import_remove": Row("/office/imports/{import}/remove", CURATORS, AWAY_FROM_AREA),
    "office.import_bad_rows": Row("/office/imports/{import}/bad-rows.csv", CURATORS, AWAY_FROM_AREA),
    "office.collections": Row("/office/collections", CURATORS | AWAY_FROM_AREA),
    "office.collection_new": Row("/office/collections/new", CURATORS | AWAY_FROM_AREA),
    "office.collection": Row("/office/collections/{collection}", CURATORS | AWAY_FROM_AREA),
    "office.collection_item": Row(
        "/office/collections/{collection}/products", CURATORS | AWAY_FROM_AREA, answers=frozenset({404}), form={"act": "add"}
    ),
    "office.collection_remove": Row("/office/collections/{collection}/remove", CURATORS | AWAY_FROM_AREA),
    "office.exposure_report": Row("/office/exposure", LEAD | CURATORS | AWAY_FROM_AREA | PROVINCE),
    "office.bulk_new": Row("/office/products-together?product={product}", CURATORS | AWAY_FROM_AREA),
    "office.bulk_edit": Row("/office/products-together/{bulk}", CURATORS, AWAY_FROM_AREA),
    "office.bulk_go_on": Row("/office/products-together/{bulk}/go-on", CURATORS, AWAY_FROM_AREA),
    "office.bulk_undo": Row("/office/products-together/{bulk}/undo", CURATORS, AWAY_FROM_AREA),
    "office.table_template": Row("/office/tables/makers/template.csv", CURATORS | AWAY_FROM_AREA),
    "office.table_export": Row("/office/tables/makers/all.csv", CURATORS | AWAY_FROM_AREA),
    "office.vouchers": Row("/office/vouchers", LEAD),
    "office.voucher_new": Row("/office/vouchers/new", LEAD),
    "office.voucher": Row("/office/vouchers/{voucher}", LEAD),
    "office.voucher_card": Row("/office/vouchers/{voucher}/card", LEAD),
    "office.voucher_stop": Row("/office/vouchers/{voucher}/stop", LEAD),
    "office.voucher_decide": Row("/office/vouchers/{voucher}/decision", LEAD),
    "office.approvals": Row("/office/approvals", COUNTER | AWAY_FROM_COUNTER),
    "office.approval": Row("/office/approvals/{approval}", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.approval_decide": Row("/office/approvals/{approval}/decision", LEAD),
    "office.settlements": Row("/office/settlements", LEAD),
    "office.settlement": Row("/office/settlements/{statement}", LEAD),
    "office.settlement_post": Row("/office/settlements/{statement}/post", LEAD),
    "office.refund_new": Row("/office/orders/{order}/refund", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.refund_check": Row("/office/orders/{order}/refund/check", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.payment_return": Row("/office/orders/{order}/return", COUNTER, hidden=AWAY_FROM_COUNTER),
    # the world has no refund: tests/storefront/office/test_refunds.py says who may do what with one
    "office.refund_list": Row("/office/refunds", COUNTER | AWAY_FROM_COUNTER),
    "office.refund": Row("/office/refunds/{order}-R1", COUNTER, hidden=AWAY_FROM_COUNTER, answers=frozenset({404})),
    "office.refund_decide": Row("/office/refunds/{order}-R1/decision", LEAD, answers=frozenset({404})),
    "office.refund_paid_out": Row("/office/refunds/{order}-R1/paid-out", COUNTER, hidden=AWAY_FROM_COUNTER, answers=frozenset({404})),
    "office.refund_send": Row("/office/refunds/{order}-R1/send", COUNTER, hidden=AWAY_FROM_COUNTER, answers=frozenset({404})),
    "office.stock": Row("/office/stock", COUNTER | AWAY_FROM_COUNTER),
    "office.shelf": Row("/office/stock/{outlet}", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.movements": Row("/office/stock/{outlet}/movements", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.receive_choose": Row("/office/stock/{outlet}/receive", LEAD),
    "office.receive": Row("/office/stock/{outlet}/receive/{variant}", LEAD),
    # the stock room: papers of an outlet; what a paper does is refused to a cashier by its verb
    "office.deliveries": Row("/office/deliveries", COUNTER | AWAY_FROM_COUNTER),
    "office.delivery_new": Row("/office/deliveries/new", LEAD),
    "office.delivery": Row("/office/deliveries/{delivery}", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.delivery_step": Row("/office/deliveries/{delivery}/step", LEAD),
    "office.delivery_confirm": Row("/office/deliveries/{delivery}/maker", LEAD),
    "office.delivery_line_add": Row("/office/deliveries/{delivery}/lines/add/{variant}", LEAD),
    "office.delivery_line": Row("/office/deliveries/{delivery}/lines/1", LEAD),
    "office.delivery_line_remove": Row("/office/deliveries/{delivery}/lines/1/remove", LEAD, answers=frozenset({404})),
    "office.delivery_photo": Row(
        "/office/deliveries/{delivery}/photos/none.jpg", COUNTER, hidden=AWAY_FROM_COUNTER, answers=frozenset({404})
    ),
    "office.delivery_import": Row("/office/deliveries/{delivery}/import", LEAD),
    "office.delivery_labels": Row("/office/deliveries/{delivery}/labels", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.delivery_paper": Row("/office/deliveries/{delivery}/note.pdf", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.shelf_labels": Row("/office/stock/{outlet}/labels", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.pull_outs_due": Row("/office/stock/{outlet}/pull-outs", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.shelf_low": Row("/office/stock/{outlet}/low", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.shelf_ageing": Row("/office/stock/{outlet}/ageing", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.pull_out_new": Row("/office/stock/{outlet}/pull-outs/{maker}", LEAD),
    "office.pull_outs": Row("/office/pull-outs", COUNTER | AWAY_FROM_COUNTER),
    "office.pull_out": Row("/office/pull-outs/{pull_out}", COUNTER, hidden=AWAY_FROM_COUNTER, answers=frozenset({404})),
    "office.counts": Row("/office/counts", COUNTER | AWAY_FROM_COUNTER),
    "office.count": Row("/office/counts/{count}", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.count_review": Row("/office/counts/{count}/differences", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.count_step": Row("/office/counts/{count}/step", COUNTER, hidden=AWAY_FROM_COUNTER),
    "office.transfers": Row("/office/transfers", COUNTER | AWAY_FROM_COUNTER),
    "office.transfer": Row("/office/transfers/{transfer}", COUNTER | AWAY_FROM_COUNTER),
    "office.transfer_line": Row("/office/transfers/{transfer}/lines", LEAD),
    "office.transfer_step": Row("/office/transfers/{transfer}/step", LEAD),
    "office.transfer_receive": Row("/office/transfers/{transfer}/receive", TOP),
    "office.batches": Row("/office/batches", COUNTER | AWAY_FROM_COUNTER),
    "office.batch": Row("/office/batches/{product}/{lot}", COUNTER, hidden=AWAY_FROM_COUNTER),
    # the office: agreements with makers, their statements and payouts belong to the outlet's lead
    "office.agreements": Row("/office/agreements", LEAD),
    "office.agreement_new": Row("/office/agreements/new/{outlet}/{maker}", LEAD),
    "office.agreement": Row("/office/agreements/{agreement}", LEAD),
    "office.agreement_terms": Row("/office/agreements/{agreement}/terms", LEAD),
    "office.agreement_end": Row("/office/agreements/{agreement}/end", LEAD),
    "office.agreement_prices": Row("/office/agreements/{agreement}/prices", LEAD),
    "office.agreement_correct": Row("/office/agreements/{agreement}/correct", LEAD),
    "office.statement_close": Row("/office/agreements/{agreement}/statement", LEAD),
    "office.maker_account": Row("/office/agreements/{agreement}/account", LEAD),
    "office.maker_account_decide": Row("/office/agreements/{agreement}/account/decision", LEAD),
    "office.statements": Row("/office/statements", LEAD),
    "office.statement": Row("/office/statements/{closed}", LEAD),
    "office.statement_pdf": Row("/office/statements/{closed}/statement.pdf", LEAD),
    "office.statement_csv": Row("/office/statements/{closed}/statement.csv", LEAD),
    "office.maker_payouts": Row("/office/payouts", LEAD),
    "office.maker_payout_new": Row("/office/payouts/new/{outlet}", LEAD),
    "office.maker_payout": Row("/office/payouts/{batch}", LEAD),
    "office.maker_payout_decide": Row("/office/payouts/{batch}/decision", LEAD),
    "office.maker_payout_bank": Row("/office/payouts/{batch}/bank.csv", LEAD),
    "office.maker_payout_paid": Row("/office/payouts/{batch}/1", LEAD),
    "office.maker_payout_proof": Row("/office/payouts/{batch}/1/proof.jpg", LEAD, answers=frozenset({404})),
    "office.open_prices": Row("/office/open-prices", CURATORS | AWAY_FROM_AREA),
    "office.open_prices_switch": Row("/office/open-prices/16.12", CURATORS, hidden=AWAY_FROM_AREA),
    # the office: tills belong to the outlet's lead; whoever sells sets their own PIN
    "office.tills": Row("/office/tills", LEAD),
    "office.own_pin": Row("/office/tills/pin", COUNTER | AWAY_FROM_COUNTER),
    "office.till_incidents": Row("/office/tills/incidents", LEAD),
    "office.till_incident": Row("/office/tills/incidents/{incident}", LEAD),
    "office.till_incident_resolve": Row("/office/tills/incidents/{incident}/resolve", LEAD),
    "office.till_order_move": Row("/office/tills/incidents/{incident}/orders/{order}/move", LEAD, answers=frozenset({404})),
    # the world's incident is about no entry: tests/storefront/office/test_till_incidents.py says who may decide about one
    "office.till_entry_decide": Row("/office/tills/incidents/{incident}/decide", LEAD, answers=frozenset({404})),
    "office.till_board": Row("/office/tills/{outlet}", LEAD),
    "office.till_new": Row("/office/tills/{outlet}/new", LEAD),
    "office.till_staff": Row("/office/tills/{outlet}/staff", LEAD),
    "office.till_pin": Row("/office/tills/{outlet}/staff/{staff}", LEAD),
    "office.till_shifts": Row("/office/tills/{outlet}/shifts", LEAD),
    "office.till_shift": Row("/office/tills/{outlet}/shifts/{shift}", LEAD),
    "office.till_shift_report": Row("/office/tills/{outlet}/shifts/{shift}/report.pdf", LEAD),
    "office.till_shift_close": Row("/office/tills/{outlet}/shifts/{shift}/close", LEAD),
    "office.till_restock": Row("/office/tills/{outlet}/restock", LEAD),
    "office.till_rescue": Row("/office/tills/{outlet}/rescue", LEAD),
    "office.till_device_revoke": Row("/office/tills/{outlet}/devices/{device}/revoke", LEAD),
    "office.till_device_entries": Row("/office/tills/{outlet}/devices/{device}/entries", LEAD),
    "office.till": Row("/office/tills/{outlet}/{till}", LEAD),
    "office.till_pair": Row("/office/tills/{outlet}/{till}/pair", LEAD),
    # a maker's link to a delivery; made-up ones have ended
    "deliveries.confirm": Row("/deliveries/made-up", EVERYBODY, answers=frozenset({410})),
    # the makers' portal: each maker its own pages
    "makers.portal": Row("/makers-portal/", MAKERS | OTHER_MAKERS),
    "makers.open_link": Row("/makers-portal/link/made-up", EVERYBODY, answers=frozenset({410})),
    "makers.leave": Row("/makers-portal/leave", EVERYBODY),
    "makers.home": Row("/makers-portal/{maker}", MAKERS, hidden=OTHER_MAKERS),
    "makers.sales": Row("/makers-portal/{maker}/sales", MAKERS, hidden=OTHER_MAKERS),
    "makers.stock": Row("/makers-portal/{maker}/stock", MAKERS, hidden=OTHER_MAKERS),
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
    "makers.pull_outs": Row("/makers-portal/{maker}/pull-outs", MAKERS, hidden=OTHER_MAKERS),
    "makers.pull_out_new": Row("/makers-portal/{maker}/pull-outs/new", MAKERS, hidden=OTHER_MAKERS),
    "office.correct": Row("/office/stock/{outlet}/correct/{variant}/{lot}", LEAD),
    # the office: makers and products belong to the curators of an area
    "office.maker_portal": Row("/office/makers/{maker}/portal", CURATORS, hidden=AWAY_FROM_AREA, form={"step": "create"}),
    "office.makers": Row("/office/makers", CURATORS | AWAY_FROM_AREA),
    "office.maker_new": Row("/office/makers/new", CURATORS | AWAY_FROM_AREA),
    "office.maker": Row("/office/makers/{maker}", CURATORS, hidden=AWAY_FROM_AREA),
    "office.maker_photos": Row("/office/makers/{maker}/photos", CURATORS, hidden=AWAY_FROM_AREA),
    "office.maker_photos_add": Row("/office/makers/{maker}/photos/add", CURATORS, hidden=AWAY_FROM_AREA),
    "office.products": Row("/office/products", CURATORS | AWAY_FROM_AREA),
    "office.product_new": Row("/office/products/new", CURATORS | AWAY_FROM_AREA),
    "office.product": Row("/office/products/{product}", CURATORS, hidden=AWAY_FROM_AREA),
    "office.product_ingredients": Row("/office/products/{product}/ingredients", CURATORS, hidden=AWAY_FROM_AREA),
    "office.product_variants": Row("/office/products/{product}/variants", CURATORS, hidden=AWAY_FROM_AREA),
    "office.variant_new": Row("/office/products/{product}/variants/new", CURATORS, hidden=AWAY_FROM_AREA),
    "office.variant": Row("/office/products/{product}/variants/{variant}", CURATORS, hidden=AWAY_FROM_AREA),
    "office.variant_price": Row("/office/products/{product}/variants/{variant}/price", CURATORS, hidden=AWAY_FROM_AREA),
    "office.product_certificates": Row("/office/products/{product}/papers", CURATORS, hidden=AWAY_FROM_AREA),
    "office.certificate_remove": Row(
        "/office/products/{product}/papers/remove", CURATORS, hidden=AWAY_FROM_AREA, form={"paper": "{paper}"}
    ),
    "office.product_photos": Row("/office/products/{product}/photos", CURATORS, hidden=AWAY_FROM_AREA),
    "office.product_photos_add": Row("/office/products/{product}/photos/add", CURATORS, hidden=AWAY_FROM_AREA),
    "office.photo": Row("/office/products/{product}/photos/{photo}", CURATORS, hidden=AWAY_FROM_AREA),
    "office.photo_move": Row("/office/products/{product}/photos/{photo}/move", CURATORS, hidden=AWAY_FROM_AREA),
    "office.photo_remove": Row("/office/products/{product}/photos/{photo}/remove", CURATORS, hidden=AWAY_FROM_AREA),
    "office.product_publication": Row("/office/products/{product}/publication", CURATORS, hidden=AWAY_FROM_AREA),
    # proposing: whoever proposes for the area, and the maker itself; other makers have pages of their own and see none of this
    "office.proposals": Row("/office/proposals", PROPOSE_ANYWHERE),
    "office.proposal_products": Row("/office/proposals/products", PROPOSE_ANYWHERE),
    "office.proposal_new": Row("/office/proposals/new", PROPOSE_ANYWHERE),
    "office.proposal_begin": Row("/office/proposals/begin/{product}", PROPOSERS | MAKERS, hidden=NOT_THEIR_PROPOSAL),
    "office.proposal": Row("/office/proposals/{proposal}", PROPOSERS, hidden=NOT_THEIR_PROPOSAL | MAKERS),
    "office.proposal_edit": Row("/office/proposals/{proposal}/edit", PROPOSERS, hidden=NOT_THEIR_PROPOSAL | MAKERS),
    "office.proposal_photos_add": Row("/office/proposals/{proposal}/photos", PROPOSERS, hidden=NOT_THEIR_PROPOSAL | MAKERS),
    "office.proposal_photo_remove": Row(
        "/office/proposals/{proposal}/photos/{proposal_photo}/remove", PROPOSERS, hidden=NOT_THEIR_PROPOSAL | MAKERS
    ),
    "office.proposal_step": Row(
        "/office/proposals/{proposal}/step", PROPOSERS, hidden=NOT_THEIR_PROPOSAL | MAKERS, form={"step": "withdraw"}
    ),
    # the desk: those who view read, assessors score, curators decide
    "office.curation_queue": Row("/office/curation", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.scoring_queue": Row("/office/curation/scoring", ASSESSORS | AWAY_FROM_AREA),
    "office.curation_due": Row("/office/curation/due", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.curation_file": Row("/office/curation/{submission}", VIEWERS_HERE, hidden=AWAY_FROM_CURATION),
    "office.curation_step": Row(
        "/office/curation/{submission}/step", CURATORS, hidden=AWAY_FROM_AREA, form={"step": "return", "words": "x"}
    ),
    "office.curation_gates": Row("/office/curation/{submission}/gates", CURATORS, hidden=AWAY_FROM_AREA),
    "office.curation_evidence": Row("/office/curation/{submission}/gates/nib.jpg", ASSESSORS, hidden=AWAY_FROM_CURATION, answers=GONE),
    "office.curation_score": Row("/office/curation/{scored}/score", ASSESSORS, hidden=AWAY_FROM_AREA),
    "office.score_evidence": Row("/office/curation/{scored}/score/1/1.jpg", VIEWERS_HERE, hidden=AWAY_FROM_CURATION, answers=GONE),
    "office.curation_conflict": Row(
        "/office/curation/{submission}/conflict", VIEWERS_HERE, hidden=AWAY_FROM_CURATION, form={"words": "Saudara."}
    ),
    # the world has no conflict of interest: tests/storefront/office/test_curation.py says who may lift one
    "office.curation_conflict_end": Row("/office/curation/{submission}/conflicts/1/end", CURATORS, hidden=AWAY_FROM_AREA, answers=GONE),
    "office.curation_decision": Row("/office/curation/{submission}/decision", CURATORS, hidden=AWAY_FROM_AREA),
    # nothing is decided yet in the world
    "office.curation_letter": Row("/office/curation/{submission}/letter", CURATORS, hidden=AWAY_FROM_AREA, answers=GONE),
    "office.curation_improvement": Row(
        "/office/curation/{submission}/improvements/NONE", VIEWERS_HERE, hidden=AWAY_FROM_CURATION, answers=GONE
    ),
    "office.criteria_sets": Row("/office/curation/criteria", CURATORS | AWAY_FROM_AREA),
    "office.criteria_set": Row("/office/curation/criteria/2026/1", CURATORS | AWAY_FROM_AREA),
    "office.criteria_edit": Row("/office/curation/criteria/2026/1/edit", CURATORS | AWAY_FROM_AREA),
    "office.criteria_step": Row("/office/curation/criteria/2026/1/step", TOP, form={"step": "copy"}),
    "office.programme_offices": Row("/office/programme-offices", TOP),
    "office.programme_office_new": Row("/office/programme-offices/new", TOP),
    "office.programme_office": Row("/office/programme-offices/16.12", TOP),
    "office.unsent_keep": Row("/office/unsent/proposal-new", SIGNED_IN),
    "office.unsent_drop": Row("/office/unsent/proposal-new/forget", SIGNED_IN),
    # the office: people belong to the administrator
    # reports: an empty one for a curator whose area has no outlet
    "office.reports": Row("/office/reports", LEAD | CURATORS | AWAY_FROM_AREA | PROVINCE),
    "office.report": Row("/office/reports/maker", LEAD | CURATORS | AWAY_FROM_AREA | PROVINCE),
    "office.report_file": Row("/office/reports/lines/table.csv", LEAD | CURATORS | AWAY_FROM_AREA | PROVINCE),
    # mentoring: read by everybody of curation, written by mentors and curators, assigned by curators
    "office.mentoring": Row("/office/mentoring/", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.visits": Row("/office/mentoring/visits", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.visit_new": Row("/office/mentoring/visits/new", MENTORS | AWAY_FROM_AREA),
    "office.visit": Row("/office/mentoring/visits/{visit}", VIEWERS_HERE, hidden=AWAY_FROM_CURATION),
    "office.visit_photo": Row(
        "/office/mentoring/visits/{visit}/photos/{visit_photo}", VIEWERS_HERE, hidden=AWAY_FROM_CURATION, answers=frozenset({404})
    ),
    "office.mentored_maker": Row("/office/mentoring/makers/{maker}", VIEWERS_HERE, hidden=AWAY_FROM_CURATION),
    "office.maker_item_new": Row("/office/mentoring/makers/{maker}/items", CURATORS, hidden=AWAY_FROM_CURATION),
    "office.maker_refer": Row("/office/mentoring/makers/{maker}/refer", CURATORS, hidden=AWAY_FROM_CURATION),
    "office.referral_result": Row("/office/mentoring/referrals/{referral}/result", CURATORS, hidden=AWAY_FROM_CURATION),
    "office.action_items": Row("/office/mentoring/items", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.action_done": Row("/office/mentoring/items/{item}", CURATORS, hidden=AWAY_FROM_CURATION),
    "office.action_reopen": Row("/office/mentoring/items/{item}/reopen", CURATORS, hidden=AWAY_FROM_CURATION),
    "office.action_evidence": Row(
        "/office/mentoring/items/{item}/evidence", VIEWERS_HERE, hidden=AWAY_FROM_CURATION, answers=frozenset({404})
    ),
    "office.assignments": Row("/office/mentoring/assignments", CURATORS | AWAY_FROM_AREA),
    "office.assignment_end": Row(
        "/office/mentoring/assignments/{assignment}/end", CURATORS, hidden=AWAY_FROM_AREA, form={"last_day": "2099-01-01"}
    ),
    "office.events": Row("/office/mentoring/events", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.event_new": Row("/office/mentoring/events/new", MENTORS | AWAY_FROM_AREA),
    "office.event": Row("/office/mentoring/events/{event}", CURATION_VIEWERS, hidden=AWAY_FROM_AREA),
    "office.event_change": Row("/office/mentoring/events/{event}/change", CURATORS, hidden=AWAY_FROM_AREA),
    "office.event_register": Row(
        "/office/mentoring/events/{event}/register",
        CURATORS,
        hidden=AWAY_FROM_AREA,
        form={"village": "{village}", "name": "Ibu Ani"},
    ),
    "office.event_mark": Row("/office/mentoring/events/{event}/mark", CURATORS, hidden=AWAY_FROM_AREA),
    "office.event_cancel": Row("/office/mentoring/events/{event}/cancel", CURATORS, hidden=AWAY_FROM_AREA),
    "office.event_sheet": Row("/office/mentoring/events/{event}/sheet", CURATION_VIEWERS, hidden=AWAY_FROM_AREA),
    "office.organisations": Row("/office/mentoring/organisations", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.organisation_new": Row("/office/mentoring/organisations/new", MENTORS | AWAY_FROM_AREA),
    "office.organisation": Row("/office/mentoring/organisations/{organisation}", CURATION_VIEWERS, hidden=AWAY_FROM_AREA),
    "office.organisation_change": Row("/office/mentoring/organisations/{organisation}/change", CURATORS, hidden=AWAY_FROM_AREA),
    # papers: seen by everybody of curation, changed by curators; channels by whoever may publish
    "office.papers": Row("/office/certificates/", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.paper_calendar": Row("/office/certificates/calendar", CURATION_VIEWERS | AWAY_FROM_AREA),
    "office.channel_list": Row("/office/certificates/channels", CURATORS | AWAY_FROM_AREA),
    "office.channel_end": Row(
        "/office/certificates/channels/{requirement}/end", CURATORS, hidden=AWAY_FROM_AREA, form={"last_day": "2099-01-01"}
    ),
    "office.paper": Row("/office/certificates/{certificate}", VIEWERS_HERE, hidden=AWAY_FROM_CURATION),
    "office.paper_scan": Row("/office/certificates/{certificate}/scan", CURATORS, hidden=AWAY_FROM_AREA, answers=frozenset({404})),
    "office.paper_scan_new": Row("/office/certificates/{certificate}/scan/new", CURATORS, hidden=AWAY_FROM_AREA),
    "office.paper_renew": Row("/office/certificates/{certificate}/renew", CURATORS, hidden=AWAY_FROM_AREA),
    "office.paper_end": Row("/office/certificates/{certificate}/end", CURATORS, hidden=AWAY_FROM_AREA, form={"last_day": "2099-01-01"}),
    "office.audit_trail": Row("/office/audit/", LEAD | CURATORS | AWAY_FROM_AREA | PROVINCE),
    # the till: its page is for everybody, and what it asks needs a paired device's token (401) or a pairing code
    "counter.till": Row("/counter/", EVERYBODY),
    "counter.display": Row("/counter/display", EVERYBODY),
    "counter.worker": Row("/counter/sw.js", EVERYBODY),
    "counter.manifest": Row("/counter/manifest.webmanifest", EVERYBODY),
    "counter.icon": Row("/counter/icons/192.png", EVERYBODY),
    "counter.file": Row("/counter/files/counter/store.js", EVERYBODY),
    "counter.plain": Row("/counter/plain", COUNTER | AWAY_FROM_COUNTER),
    "counter.plain_till": Row("/counter/plain/{outlet}/{till}", COUNTER, hidden=AWAY_FROM_COUNTER),
    "counter.plain_shift": Row("/counter/plain/{outlet}/{till}/shift", COUNTER, hidden=AWAY_FROM_COUNTER),
    "counter.plain_sheet": Row("/counter/plain/{outlet}/{till}/sheet.pdf", COUNTER, hidden=AWAY_FROM_COUNTER),
    "counter.pair": Row("/counter/api/pair", EVERYBODY, has_token=False),
    "counter.catalogue": Row("/counter/api/catalogue", EVERYBODY, answers=frozenset({401}), has_token=False),
    "counter.entries": Row("/counter/api/entries", EVERYBODY, answers=frozenset({401}), has_token=False),
    "counter.contact": Row("/counter/api/contact", EVERYBODY, answers=frozenset({401}), has_token=False),
    "counter.receipt": Row("/counter/api/receipts/PLG-1-20261122-0001", EVERYBODY, answers=frozenset({401})),
    "counter.voucher": Row("/counter/api/voucher", EVERYBODY, answers=frozenset({401}), has_token=False),
    "office.people": Row("/office/people", TOP),
    "office.person_new": Row("/office/people/new", TOP),
    "office.person": Row("/office/people/{person}", TOP),
    "office.person_grant": Row("/office/people/{person}/roles", TOP),
    "office.person_withdraw": Row("/office/people/{person}/roles/withdraw", TOP, answers=frozenset({404})),
    "office.person_invite": Row("/office/people/{person}/invite", TOP),
    "office.person_reset_second_factor": Row("/office/people/{person}/second-factor/reset", TOP),
    "office.person_dismiss": Row("/office/people/{person}/dismiss", TOP),
    "office.person_readmit": Row("/office/people/{person}/readmit", TOP),
}
