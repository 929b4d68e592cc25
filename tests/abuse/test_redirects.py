"""A6: no form sends a visitor to another site, and no text that somebody typed becomes a link that runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import ADMINISTRATOR, CASHIER, GUEST, World, browser_of
from tests.house.permission_table import TABLE
from tests.house.sources import ROOT, modules, templates
from tests.make import PASSWORD, make_maker, make_product, make_user
from tests.make_catalogue import make_certificate
from tests.make_second_factor import code_of, turned_on

pytestmark = pytest.mark.one_database

PAYLOADS = [
    "https://evil.example",
    "http://evil.example/cart",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/%2fevil.example",
    "/%5cevil.example",
    "/%255cevil.example",
    "/\tevil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "JavaScript://%0aalert(1)",
    "data:text/html,x",
    "vbscript:x",
    "evil.example",
    "//evil.example@localhost/",
    "https:evil.example",
    "/%0d%0aLocation:%20//evil.example",
    "/／evil.example",
    "/" + "a" * 600,
    "http://localhost@evil.example/",
    "//localhost.evil.example",
]
HERE = "http://localhost/"
#: Names under which such parameters are usually tried; all but `next` mean nothing here.
NAMES = ("next", "return", "return_to", "redirect", "url", "target", "continue", "back")


def _leaves(location: str) -> bool:
    if location.startswith(HERE):  # a resolver answers with whole addresses
        location = location.removeprefix(HERE[:-1])
    return bool(location) and (
        not location.startswith("/") or location.startswith(("//", "/\\")) or "evil" in location.split("?", maxsplit=1)[0]
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a6_signing_in_leads_only_inside(client: FlaskClient, session: Session, payload: str) -> None:
    """A6: after the password, after the code, and for who is signed in already."""
    user, key, codes = turned_on(session)
    plain = make_user(session)
    session.commit()
    places = []
    places.append(client.post("/account/sign-in", data={"email": user.email, "password": PASSWORD, "next": payload}))
    page = client.get("/account/sign-in/code", query_string={"next": payload})
    assert 'name="next"' not in page.text
    places.append(client.post("/account/sign-in/code", data={"code": code_of(key), "next": payload}))
    places.append(client.get("/account/sign-in", query_string={"next": payload}))
    places.append(client.get("/account/sign-in/code", query_string={"next": payload}))
    places.append(client.post("/account/sign-in", query_string={"next": payload}, data={"email": plain.email, "password": PASSWORD}))
    assert [answer.status_code // 100 for answer in places] == [3] * len(places)
    assert [place.headers["Location"] for place in places if _leaves(place.headers["Location"])] == []
    assert codes


@pytest.mark.parametrize("part", [GUEST, pytest.param(CASHIER, marks=pytest.mark.long), ADMINISTRATOR])
def test_a6_no_address_takes_a_target_from_elsewhere(app: Flask, session: Session, world: World, part: str) -> None:
    """A6: every route with every usual name of such a parameter, in the query, in the form and as Referer."""
    browser = browser_of(app, session, world, part)
    evil = "https://evil.example/x"
    query = dict.fromkeys(NAMES, evil)
    left = []
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    for endpoint, row in TABLE.items():
        for method in ("GET", "POST"):
            if method not in (rules[endpoint].methods or ()) or endpoint == "account.sign_out":
                continue
            answer = browser.open(
                world.address(row.address).partition("?")[0],
                method=method,
                query_string=query,
                data=query if method == "POST" else None,
                headers={"Referer": evil},
            )
            if _leaves(answer.headers.get("Location", "")):
                left.append(f"{method} {endpoint}: {answer.headers['Location']}")
            answer.close()
    assert left == []


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "///evil.example",
        "/en//evil.example",
        "/en///evil.example",
        "/\\evil.example",
        "/en/\\evil.example",
        "/.//evil.example",
    ],
)
def test_a6_a_hostile_path_is_neither_followed_nor_linked(client: FlaskClient, path: str) -> None:
    """A6: the switch of languages is made from the path that was asked for; the path is sent as it stands here."""
    answer = client.open("/", environ_overrides={"PATH_INFO": path})
    location = answer.headers.get("Location", "")
    assert not location or location.startswith("http://localhost/") or not _leaves(location.replace("evil", ""))
    for link in re.findall(r'(?:href|action)="([^"]*evil[^"]*)"', answer.text):
        assert link.startswith(("/", "http://localhost/")), link
        assert not link.startswith(("//", "/\\")), link


def test_a6_what_people_type_never_becomes_a_link_that_runs(app: Flask, session: Session, world: World) -> None:
    """A6: texts, names and numbers that look like `javascript:` addresses stay text on every page that shows them."""
    evil = 'javascript:alert(1)//"onclick=x'
    maker = make_maker(session, name=evil, story_id=evil, story_en=evil)
    product = make_product(session, maker=maker, name_id=evil, name_en=evil, summary_id=evil, description_en=evil)
    make_certificate(session, product_id=product.id, number=evil, issuer=evil)
    session.commit()
    pages = [f"/products/{product.slug}", f"/makers/{maker.slug}", "/products", f"/search?q={evil}", f"/products?category={evil}&q={evil}"]
    for prefix in ("", "/en"):
        for page in pages:
            answer = client_of(app).get(prefix + page)
            assert answer.status_code < 500
            assert list(_running_links(answer.text)) == [], page
    browser = browser_of(app, session, world, ADMINISTRATOR)
    for page in (f"/office/products/{product.slug}", f"/office/makers/{maker.slug}", f"/office/products/{product.slug}/papers"):
        assert list(_running_links(browser.get(page).text)) == [], page


def test_a6_no_template_makes_an_address_from_a_stored_text() -> None:
    """A6: what stands in href, src and action is made by url_for and its kin, or starts with a fixed scheme or path."""
    made = re.compile(r"""(?:href|src|action)="\{\{\s*([a-z_.\[\]"]+)""")
    ours = re.compile(
        r"^(url_for|local|asset|icon|start|bundle|external|alternate_path|page_url|url_of|url|link|again|back|whatsapp"
        r"|choice\.url|chip\.url|question\.(url|cleared_url)|action|address|here_url|earlier|later|before|after"
        r"|message|maker_message|[a-z]+_address|links\[part|without\[view|asked\.cleared_url"
        r"|[a-z_]+\.(url|address|path|href|link))\b"
    )
    strays = [
        f"{path.relative_to(ROOT)}: {name}" for path in templates() for name in made.findall(path.read_text()) if not ours.match(name)
    ]
    assert strays == [], "\n".join(strays)


def test_a6_only_one_function_reads_a_target() -> None:
    """A6: whoever reads `next` reads it through safe_path, and nobody redirects to the Referer."""
    strays = []
    for path in modules("storefront"):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            reads = re.search(r"""(args|form|values)(\.get\(|\[)["'](next|return|return_to|url|target|redirect)["']""", line)
            if (reads and "safe_path(" not in line) or "request.referrer" in line:
                strays.append(f"{path.relative_to(ROOT)}:{number}")
    assert strays == [], "\n".join(strays)


def _running_links(page: str) -> Iterator[str]:
    for attribute in re.findall(r"""(?:href|src|action|formaction)\s*=\s*["']?([^"'>\s]*)""", page):
        if re.match(r"(?i)\s*(javascript|data|vbscript):", attribute):
            yield attribute
    yield from re.findall(r"<[^>]*\sonclick=[^>]*>", page)


def client_of(app: Flask) -> FlaskClient:
    """A browser nobody is signed in with."""
    return app.test_client()
