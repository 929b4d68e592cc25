"""The resolver: a scanned GS1 Digital Link, or our own short address, is sent on to the page of the pack or of its lot.

Source: GS1-Conformant Resolver Standard 1.2.0. docs/digital-link.md has each of its statements with the test that shows it.
"""

from __future__ import annotations

import json
from urllib.parse import quote, urlsplit

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from catalog.provenance import digital_link, epcis, linkset
from catalog.provenance.digital_link import DigitalLink, MalformedLink
from catalog.provenance.linkset import Level, Link
from catalog.provenance.packs import Pack, PackPaper, find_by_code, find_by_number, list_papers
from kernel import clock
from kernel.errors import N_, NotFound
from kernel.locales import DEFAULT_LANGUAGE, LANGUAGES, pick
from storefront.database import reading
from storefront.i18n import ENVIRON_KEY, speaking
from storefront.i18n import gettext as _
from storefront.templating import current_settings, external, local
from storefront.words import word

#: For a minute: a lot that is recalled keeps its address, so nothing that matters can be stale.
_CACHE = "public, max-age=60"
#: The link type of papers.
PAPERS = "certificationInfo"
#: Tags whose speakers read Indonesian well.
_NEAR_INDONESIAN = ("id", "in", "ms", "jv", "su", "min", "ban")


def resolve(rest: str) -> ResponseReturnValue:
    """Answer a GS1 Digital Link: redirect, linkset, 300, 400 or 404. One statement; one more where papers are asked for."""
    link = digital_link.parse(_asked_address())
    pack = None if link.is_restricted else find_by_number(reading(), link.number, link.lot)
    link_type = linkset.read_link_type(request.args.get("linkType", ""))
    is_whole = link_type in linkset.WHOLE_SET or (not link_type and _wants_linkset())
    levels = levels_of(pack, link, with_papers=is_whole or link_type == PAPERS) if pack else []
    if not levels:
        raise NotFound(N_("We do not know this pack. Please look for the product by its name."))
    if is_whole:
        return _linkset(levels, 200)
    found = linkset.choose(levels, link_type, wanted_languages(), _quality)
    if not found:
        raise NotFound(N_("There is no link of this kind for the pack."))
    if len(found) > 1:
        return _several(levels[0], found)
    return _send_on(found[0].href, levels[0].anchor)


def pack(code: str) -> ResponseReturnValue:
    """Our own short address of a pack that has no registered number, or of any other."""
    return _pack(code, "")


def pack_lot(code: str, lot: str) -> ResponseReturnValue:
    """The same with the lot: what most labels in the house say."""
    return _pack(code, lot)


def _pack(code: str, lot: str) -> ResponseReturnValue:
    found = find_by_code(reading(), code[:12], lot.removesuffix("/")[:20])
    if found is None or not (found.lot or found.is_live):
        raise NotFound(N_("We do not know this pack. Please look for the product by its name."))
    paths = _paths_of(found)
    return _send_on(external(_in_language(paths[0], wanted_languages()[0])), "")


def description() -> Response:
    """Where the resolver is and what it knows, for other resolvers (RFC 8615)."""
    settings = current_settings()
    told = {
        "name": settings.shop_name,
        "resolverRoot": external(""),
        "supportedPrimaryKeys": [digital_link.GTIN],
        "supportedLinkType": [{"namespace": linkset.VOCABULARY, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": False,
        "contact": {"fn": settings.shop_name, "hasURL": external("/")},
    }
    return _json(told, "application/json")


def levels_of(pack: Pack, link: DigitalLink, *, with_papers: bool) -> list[Level]:
    """What can be said about the pack, the lot first. A serial number and a variant add nothing of their own."""
    root, today = external(""), clock.today(current_settings().zone)
    made_on = pack.produced_on or today
    then, now = (list_papers(reading(), pack, day) if with_papers else [] for day in (made_on, today))
    levels = []
    if pack.lot:
        anchor = digital_link.write(DigitalLink(link.gtin, lot=pack.lot), root)
        levels.append(Level(anchor, f"{_name(pack)}, {pack.lot}", (*_lot_links(pack), *_paper_links(then))))
    if pack.is_live:
        levels.append(Level(digital_link.write(DigitalLink(link.gtin), root), _name(pack), (*_pack_links(pack), *_paper_links(now))))
    return levels


def _lot_links(pack: Pack) -> list[Link]:
    path = _lot_path(pack)
    return [
        *_in_both("traceability", N_("Where batch %(lot)s comes from"), path, lot=pack.lot),
        *_in_both("recallStatus", N_("Whether batch %(lot)s is recalled"), path, lot=pack.lot),
        Link("epcis", external(digital_link.events_path(pack.slug, pack.lot)), f"EPCIS 2.0, {pack.lot}", media_type=epcis.MEDIA_TYPE),
    ]


def _pack_links(pack: Pack) -> list[Link]:
    path = f"/products/{pack.slug}?variant={pack.code}"
    return [
        *_in_both("pip", N_("The product with its maker and village"), path),
        *_in_both("hasRetailers", N_("Where to buy it"), path, "#buy"),
    ]


def _paper_links(papers: list[PackPaper]) -> list[Link]:
    """A page for each paper, in both languages: equally good answers where there are several."""
    links = []
    for language in LANGUAGES:
        with speaking(language):
            links += [
                Link(PAPERS, external(_in_language(f"/certificates/{paper.code}", language)), _title(paper), language=language)
                for paper in papers
            ]
    return links


def _title(paper: PackPaper) -> str:
    return f"{word(paper.kind)} {paper.number}".strip()


def _in_both(relation: str, title: str, path: str, fragment: str = "", **params: str) -> list[Link]:
    links = []
    for language in LANGUAGES:
        with speaking(language):
            links.append(Link(relation, external(_in_language(path, language)) + fragment, _(title, **params), language=language))
    return links


def _name(pack: Pack) -> str:
    return f"{pick(DEFAULT_LANGUAGE, pack.name_id, pack.name_en)}, {pick(DEFAULT_LANGUAGE, pack.pack_id, pack.pack_en)}"


def _paths_of(pack: Pack) -> list[str]:
    """Pages of the pack, the most precise first."""
    product = [f"/products/{pack.slug}?variant={pack.code}"] if pack.is_live else []
    return ([_lot_path(pack)] if pack.lot else []) + product


def _lot_path(pack: Pack) -> str:
    return f"/products/{pack.slug}/batches/{quote(pack.lot, safe='')}?variant={pack.code}"


def page_of(pack: Pack) -> str:
    """The most precise page of a pack, in the language of this page; empty when it has none any more."""
    paths = _paths_of(pack)
    return local(paths[0]) if paths else ""


def _in_language(path: str, language: str) -> str:
    return path if language == DEFAULT_LANGUAGE else f"/{language}{path}"


def wanted_languages() -> list[str]:
    """Our languages, the one for this visitor first: that of the address, else the best of Accept-Language.

    Whoever reads neither gets English: a visitor from abroad is likelier to read it.
    """
    if request.environ.get(ENVIRON_KEY) != DEFAULT_LANGUAGE:
        return sorted(LANGUAGES, key=lambda language: language != request.environ[ENVIRON_KEY])
    asked = [tag.lower().partition("-")[0] for tag, quality in request.accept_languages if quality > 0 and tag != "*"]
    for tag in asked:
        if tag in _NEAR_INDONESIAN:
            return ["id", "en"]
        if tag == "en":
            return ["en", "id"]
    return ["en", "id"] if asked else list(LANGUAGES)


def _asked_address() -> str:
    """The address as it was sent: a percent-encoded slash belongs to a lot and must not become one of the path's.

    Servers say it as RAW_URI or REQUEST_URI (gunicorn, granian, Werkzeug); without either the decoded path has to do.
    """
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    if not raw:
        query = request.query_string.decode("latin-1")
        return quote(request.path, safe="/%") + (f"?{query}" if query else "")
    try:
        parts = urlsplit(raw if raw.startswith("/") else f"/{raw.partition('://')[2].partition('/')[2]}")
    except ValueError:
        raise MalformedLink from None
    path = parts.path.removeprefix(request.script_root)
    return f"{path}?{parts.query}" if parts.query else path


def _wants_linkset() -> bool:
    """Whether the client asked for the set by its media type; `*/*` asks for a page."""
    return any(kind == linkset.MEDIA_TYPE and quality > 0 for kind, quality in request.accept_mimetypes)


def _quality(media_type: str) -> float:
    return request.accept_mimetypes.quality(media_type) if request.accept_mimetypes else 1.0


def _linkset(levels: list[Level], status: int) -> Response:
    response = _json(linkset.as_json(levels), linkset.MEDIA_TYPE)
    response.status_code = status
    response.headers["Link"] = f'<{linkset.CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
    return response


def _several(level: Level, links: list[Link]) -> ResponseReturnValue:
    """300: equally good answers, as a page for people and as a linkset for machines."""
    if request.accept_mimetypes.accept_html:
        response = Response(render_template("provenance/choices.html", links=links), 300)
    else:
        response = _linkset([Level(level.anchor, level.description, tuple(links))], 300)
    _point_to_set(response, level.anchor)
    return response


def _send_on(target: str, anchor: str) -> Response:
    """307 with the visitor's own query behind the target's, and the way to the linkset in the header."""
    response = Response(status=307)
    response.headers["Location"] = _with_query(target, request.query_string.decode("latin-1"))
    response.headers["Cache-Control"] = _CACHE
    response.headers["Vary"] = "Accept, Accept-Language"
    if anchor:
        _point_to_set(response, anchor)
    return response


def _with_query(target: str, query: str) -> str:
    """The target with the request's key=value pairs, in ASCII that no header can be broken with."""
    if not query:
        return target
    address, mark, fragment = target.partition("#")
    passed = quote(query, safe="!$%&'()*+,-./:;=?@_~")
    return f"{address}{'&' if '?' in address else '?'}{passed}{mark}{fragment}"


def _point_to_set(response: Response, anchor: str) -> None:
    response.headers.add("Link", f'<{anchor}?linkType=linkset>; rel="linkset"; type="{linkset.MEDIA_TYPE}"; title="Linkset"')


def _json(value: object, media_type: str) -> Response:
    response = Response(json.dumps(value, ensure_ascii=False), content_type=media_type)
    response.headers["Cache-Control"] = _CACHE
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def open_to_everybody(response: Response) -> Response:
    """CORS for every answer of these addresses, refusals too: who links to whom is public."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type"
    response.headers["Access-Control-Expose-Headers"] = "Link, Location"
    return response
