"""A whole shop on a loopback port for browsers: own database with real commits, goods on the shelf, payment stand-in, worker by hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from catalog.media import FolderStorage, add_photo
from catalog.media_pipeline import prepare_photo
from catalog.photo_files import PreparedPhoto
from catalog.search import queue
from kernel.people import Grant, Role
from storefront import worker
from storefront.app import create_app
from storefront.database import db, transaction
from tests.conftest import make_settings
from tests.make import make_actor, make_programme_record, make_user
from tests.make_stock import Goods, make_goods
from tests.payments import StripeStandIn


@dataclass(frozen=True)
class LiveShop:
    """The running shop, what stands on its shelf, and the address browsers open."""

    url: str
    app: Flask
    goods: Goods
    staff_email: str

    def work(self) -> None:
        """One round of everything the worker does."""
        with self.app.app_context():
            worker.tick(worker.tasks(), float("inf"))


@cache
def _photo(colour: str) -> PreparedPhoto:
    """A plain picture as it comes out of the real pipeline, which takes half a second."""
    file = BytesIO()
    Image.new("RGB", (1200, 1500), colour).save(file, "JPEG")
    return prepare_photo(file.getvalue())


def furnish(session: Session, media: Path) -> tuple[Goods, str]:
    """One product with a photo and ten packs, one outlet, one cashier; the cashier's e-mail."""
    goods = make_goods(session, 10, name_id="Keripik ubi kencur", name_en="Kencur cassava chips", slug="keripik-ubi-kencur")
    make_programme_record(session, goods.product.village_code)
    actor = make_actor(session)
    alt = {"alt_id": "Sebungkus keripik", "alt_en": "A pouch of chips"}
    add_photo(session, FolderStorage(media), _photo("#b8923f"), goods.product, actor=actor, **alt)
    cashier = make_user(session, Grant(Role.CASHIER, outlet_id=goods.outlet.id), email="kasir@contoh.example", name="Kasir Contoh")
    queue.mark_dirty(session, goods.product.id)
    return goods, cashier.email


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The app served by threads of this process; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def live_shop(fresh_database_url: str, tmp_path: Path, stripe_stand_in: StripeStandIn) -> Iterator[LiveShop]:
    """The shop, served by threads of this process."""
    settings = replace(
        make_settings(fresh_database_url, tmp_path),
        base_url="",
        stripe_api_base=stripe_stand_in.url,
        stripe_checkout_origin=stripe_stand_in.url,
    )
    app = create_app(settings)
    with app.app_context(), transaction() as session:
        goods, email = furnish(session, settings.media_folder)
    with serving(app) as url:
        stripe_stand_in.deliver_to(f"{url}/webhooks/stripe")
        shop = LiveShop(url, app, goods, email)
        shop.work()
        yield shop
        stripe_stand_in.bank.webhooks.wait_until_quiet()
