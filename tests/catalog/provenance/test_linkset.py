"""Choosing a link: the default, walking up, languages, media types, several equals, and the shape of RFC 9264."""

from __future__ import annotations

from catalog.provenance.linkset import Level, Link, as_json, choose, read_link_type

LOT = Level(
    "https://x/01/08999999000011/10/L1",
    "Keripik, L1",
    (
        Link("traceability", "https://x/batch", "Asal", language="id"),
        Link("traceability", "https://x/en/batch", "Origin", language="en"),
        Link("traceability", "https://x/batch.json", "Data", "application/ld+json"),
    ),
)
PACK = Level(
    "https://x/01/08999999000011",
    "Keripik",
    (
        Link("pip", "https://x/product", "Produk", language="id"),
        Link("pip", "https://x/en/product", "Product", language="en"),
        Link("certificationInfo", "https://x/halal", "Halal", language="id"),
        Link("certificationInfo", "https://x/pirt", "P-IRT", language="id"),
    ),
)

#: RFC 9264, section 4.2: what a set of links in JSON has to look like, with what GS1 adds (title, type, one default link).
SHAPE = {
    "type": "object",
    "required": ["linkset"],
    "additionalProperties": False,
    "properties": {
        "linkset": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["anchor", "https://ref.gs1.org/voc/defaultLink"],
                "properties": {
                    "anchor": {"type": "string", "format": "uri"},
                    "itemDescription": {"type": "string"},
                    "https://ref.gs1.org/voc/defaultLink": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["href", "title"],
                            "properties": {"href": {"format": "uri"}, "title": {"type": "string", "minLength": 1}},
                            "additionalProperties": False,
                        },
                    },
                },
                "additionalProperties": False,
                "patternProperties": {
                    "^https://ref\\.gs1\\.org/voc/[A-Za-z]+$": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["href", "title"],
                            "properties": {
                                "href": {"type": "string", "format": "uri"},
                                "title": {"type": "string", "minLength": 1},
                                "type": {"type": "string", "pattern": "^[a-z]+/[a-z0-9.+-]+$"},
                                "hreflang": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]{2,3}$"}},
                            },
                            "additionalProperties": False,
                        },
                    }
                },
            },
        }
    },
}


def check_shape(document: object) -> None:
    """Fails unless the document is a linkset."""
    import jsonschema  # reads forty grammars when it is imported

    jsonschema.validate(document, SHAPE, format_checker=jsonschema.FormatChecker())


def hrefs(*arguments: object, **more: object) -> list[str]:
    return [link.href for link in choose(*arguments, **more)]  # type: ignore[arg-type]


def test_without_a_type_the_default_of_the_most_precise_level_answers_in_the_visitors_language() -> None:
    assert hrefs([LOT, PACK], "", ["id"]) == ["https://x/batch"]
    assert hrefs([LOT, PACK], "", ["en", "id"]) == ["https://x/en/batch"]
    assert hrefs([PACK], "", ["fr", "id"]) == ["https://x/product"]


def test_a_type_of_the_lot_answers_there_and_another_walks_up_to_the_number() -> None:
    assert hrefs([LOT, PACK], "traceability", ["en"]) == ["https://x/en/batch"]
    assert hrefs([LOT, PACK], "pip", ["en"]) == ["https://x/en/product"]


def test_an_absent_type_has_no_answer() -> None:
    assert hrefs([LOT, PACK], "recipeInfo", ["id"]) == []


def test_equals_are_all_answers() -> None:
    assert hrefs([LOT, PACK], "certificationInfo", ["id"]) == ["https://x/halal", "https://x/pirt"]


def test_a_client_that_reads_only_data_gets_data() -> None:
    only_data = {"application/ld+json": 1.0, "text/html": 0.0}
    assert hrefs([LOT, PACK], "traceability", ["id"], only_data.__getitem__) == ["https://x/batch.json"]


def test_link_types_are_read_in_every_spelling() -> None:
    for spelling in ("gs1:pip", "https://ref.gs1.org/voc/pip", "https://gs1.org/voc/pip", "http://gs1.org/voc/pip", "pip"):
        assert read_link_type(spelling) == "pip"
    assert read_link_type("https://schema.org/url") == "https://schema.org/url"


def test_the_document_has_the_shape_of_the_standard() -> None:
    document = as_json([LOT, PACK])
    check_shape(document)
    lot, pack = document["linkset"]
    assert lot["https://ref.gs1.org/voc/defaultLink"] == [{"href": "https://x/batch", "title": "Asal"}]
    assert [link["hreflang"] for link in pack["https://ref.gs1.org/voc/defaultLinkMulti"]] == [["id"], ["en"]]
    assert {"href": "https://x/batch", "title": "Asal", "type": "text/html", "hreflang": ["id"]} in lot[
        "https://ref.gs1.org/voc/traceability"
    ]
