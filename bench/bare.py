"""The reference of `./run bench pages`: Flask, one Jinja template, one indexed SQLAlchemy query, and nothing else.

What a page of this stack costs before any shop is built on it: no session, no languages, no security headers, no
compression, one product as 3 kB of HTML. Served by the same gunicorn as ours. `fill` makes its own table of products.
"""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, render_template
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import Integer, String, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

#: Where the reference keeps its table; read by the workers.
DATABASE = "BENCH_BARE_DATABASE"
SHELVES = ("kopi", "kerajinan", "batik", "camilan", "madu", "gula", "ikan", "beras", "minuman", "perabot", "gerabah", "susu")


class Base(DeclarativeBase):
    """Its own metadata: nothing of the shop is imported here."""


class Goods(Base):
    """One product of the reference."""

    __tablename__ = "goods"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    slug: Mapped[str] = mapped_column(String, unique=True)
    name: Mapped[str] = mapped_column(String)
    description: Mapped[str] = mapped_column(String)
    village: Mapped[str] = mapped_column(String)
    price: Mapped[int] = mapped_column(Integer)
    stock: Mapped[int] = mapped_column(Integer)


db = SQLAlchemy(model_class=Base)

TEMPLATES = {
    "frame": """<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title>
<link rel="stylesheet" href="/static/shop.css"></head><body><header><nav>
{% for shelf in shelves %}<a href="/shelves/{{ shelf }}">{{ shelf }}</a> {% endfor %}</nav>
<form action="/search"><input name="q"></form></header><main>{% block body %}{% endblock %}</main><footer>Etalase</footer></body></html>""",
    "goods": """{% extends "frame" %}{% block title %}{{ goods.name }}{% endblock %}{% block body %}<h1>{{ goods.name }}</h1>
<p>{{ goods.description }}</p><dl><dt>Desa</dt><dd>{{ goods.village }}</dd><dt>Harga</dt><dd>Rp{{ "{:,}".format(goods.price) }}</dd>
<dt>Stok</dt><dd>{{ goods.stock }}</dd></dl><form method="post" action="/cart"><input name="quantity" value="1"><button>Beli</button></form>
{% endblock %}""",
}


def create_app() -> Flask:
    """The reference over the table that `fill` made."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{os.environ[DATABASE]}"
    app.jinja_loader = DictLoader(TEMPLATES)
    db.init_app(app)

    @app.get("/goods/<slug>")
    def goods(slug: str) -> str:
        found = db.session.execute(select(Goods).where(Goods.slug == slug)).scalar_one()
        return render_template("goods", goods=found, shelves=SHELVES)

    return app


def fill(path: Path, count: int) -> list[str]:
    """A table of `count` products in the file `path`; their addresses."""
    os.environ[DATABASE] = str(path)
    text = "Keripik dari ubi kebun sendiri, dibumbui kencur dan bawang putih, digoreng kecil-kecil setiap pagi. " * 18
    rows = [
        {"slug": f"barang-{n}", "name": f"Barang {n}", "description": text, "village": f"Desa {n % 71}", "price": 500 * n, "stock": n % 40}
        for n in range(1, count + 1)
    ]
    with create_app().app_context():
        db.create_all()
        db.session.execute(insert(Goods), rows)
        db.session.commit()
        db.engine.dispose()
    return [f"/goods/{row['slug']}" for row in rows]
