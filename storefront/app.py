"""The app factory: settings in, a Flask app out; no route lives here."""

from __future__ import annotations

from flask import Flask

import config
from kernel import clock
from storefront import logs
from storefront.account.blueprint import blueprint as account
from storefront.api.blueprint import blueprint as api
from storefront.assets import blueprint as assets
from storefront.assets import init_assets
from storefront.checkout.blueprint import blueprint as checkout
from storefront.cli.commands import init_cli
from storefront.counter.blueprint import blueprint as counter
from storefront.database import init_database
from storefront.deliveries.blueprint import blueprint as deliveries
from storefront.dossiers.blueprint import blueprint as dossiers
from storefront.errors import init_errors
from storefront.feeds.blueprint import blueprint as feeds
from storefront.health.blueprint import blueprint as health
from storefront.i18n import init_i18n
from storefront.kept_pages import init_kept_pages
from storefront.kept_templates import init_kept_templates
from storefront.mailbox.blueprint import blueprint as mailbox
from storefront.maker_door import init_maker_door
from storefront.makers.blueprint import blueprint as makers
from storefront.office.blueprint import blueprint as office
from storefront.provenance.blueprint import blueprint as provenance
from storefront.readiness import init_readiness
from storefront.replicas import init_replicas
from storefront.routing import LateRule
from storefront.second_step import init_second_step
from storefront.security import init_security
from storefront.serving import init_serving
from storefront.shop.blueprint import blueprint as shop
from storefront.templating import init_templating
from storefront.webhooks.blueprint import blueprint as webhooks
from storefront.wholesale.blueprint import blueprint as wholesale

BLUEPRINTS = (
    shop,
    provenance,
    checkout,
    counter,
    account,
    deliveries,
    dossiers,
    makers,
    wholesale,
    office,
    webhooks,
    api,
    feeds,
    mailbox,
    health,
    assets,
)


def create_app(settings: config.Settings | None = None) -> Flask:
    """A new app with `settings`, or with what the environment says."""
    settings = settings or config.load()
    clock.live_in(settings.zone)
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    app = Flask("storefront", root_path=str(config.ROOT / "storefront"), template_folder="../templates", static_folder="../static")
    app.url_rule_class = LateRule
    app.extensions["etalase.settings"] = settings
    app.config.update(SQLALCHEMY_DATABASE_URI=settings.database, SEARCH_FOLDER=settings.search_folder)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's provider has it
    logs.init_logs(app, settings)
    init_database(app)
    init_replicas(app, settings.replicas, settings.replica_max_lag)
    init_readiness(app)
    init_security(app, settings)
    init_second_step(app)
    init_maker_door(app)
    init_templating(app)
    init_kept_templates(app, settings)
    init_assets(app)
    init_i18n(app)
    init_errors(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    init_serving(app, settings)
    init_kept_pages(app, settings)
    init_cli(app)
    return app
