"""How bytes leave: static files with immutable names, compressed pages, and the proxies we trust."""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

import config
from kernel.locales import LANGUAGES
from storefront.database import db
from storefront.i18n import translations

YEAR = 365 * 24 * 3600
compress = Compress()


def init_serving(app: Flask, settings: config.Settings) -> None:
    """Wrap the app: WhiteNoise serves static/ and uploaded pictures before Flask is asked, ProxyFix reads what proxies say."""
    app.ensure_sync = lambda view: view  # type: ignore[assignment,method-assign]  # nothing here is async; Flask would ask twenty functions a page
    app.config.update(COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=4, COMPRESS_LEVEL=5, COMPRESS_MIN_SIZE=800)
    compress.init_app(app)
    compress.compress_mimetypes_set.add("application/wasm")  # the scanner of the till: a third of its size
    settings.media_folder.mkdir(parents=True, exist_ok=True)
    noise = WhiteNoise(app.wsgi_app, autorefresh=settings.mode != "production", max_age=YEAR, immutable_file_test=_is_immutable)
    noise.add_files(str(config.ROOT / "static"), prefix="static/")
    app.wsgi_app = noise  # type: ignore[method-assign]
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    if settings.hosts:
        app.config["TRUSTED_HOSTS"] = settings.hosts


def load_shared(app: Flask) -> None:
    """Load the texts and the visitors' templates, and close the database: for a process that is going to be forked into workers."""
    for language in LANGUAGES:
        translations(language)
    for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(("shop/", "parts/", "base.html"))):
        app.jinja_env.get_template(name)
    with app.app_context():
        db.engine.dispose()


def _is_immutable(_path: str, _url: str) -> bool:
    return True  # asset() puts the content's hash into every address
