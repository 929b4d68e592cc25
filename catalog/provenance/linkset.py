"""Sets of links about a pack (RFC 9264) and which of them answers a request, as a GS1-Conformant Resolver 1.2 has to choose. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

#: Where GS1's link types live; the other forms are read as the same.
VOCABULARY = "https://ref.gs1.org/voc/"
_SAME = (VOCABULARY, "http://ref.gs1.org/voc/", "https://gs1.org/voc/", "http://gs1.org/voc/", "https://www.gs1.org/voc/", "gs1:")
#: What asks for the set itself; `all` is what version 1.0 said.
WHOLE_SET = ("linkset", "all")
MEDIA_TYPE = "application/linkset+json"
CONTEXT = "https://ref.gs1.org/standards/resolver/linkset-context"


@dataclass(frozen=True, slots=True)
class Link:
    """One target with what it is about (`pip`, `traceability` …), for people and machines."""

    relation: str
    href: str
    title: str
    media_type: str = "text/html"
    #: Of the target; empty where it speaks none or several.
    language: str = ""

    def as_json(self) -> dict[str, Any]:
        """The target object of RFC 9264, section 4.2.2."""
        found: dict[str, Any] = {"href": self.href, "title": self.title, "type": self.media_type}
        return found | ({"hreflang": [self.language]} if self.language else {})


@dataclass(frozen=True, slots=True)
class Level:
    """What is known at one level: the pack's number, or one lot of it. The first link is the default."""

    anchor: str
    description: str
    links: tuple[Link, ...]

    @property
    def defaults(self) -> tuple[Link, ...]:
        """The default link and its twins in other languages."""
        first = self.links[0]
        return tuple(link for link in self.links if (link.relation, link.media_type) == (first.relation, first.media_type))

    def as_json(self) -> dict[str, Any]:
        """One context object: exactly one default link without optional attributes, its twins, and every link under its type."""
        first = self.links[0]
        found: dict[str, Any] = {"anchor": self.anchor, "itemDescription": self.description}
        found[f"{VOCABULARY}defaultLink"] = [{"href": first.href, "title": first.title}]
        if len(self.defaults) > 1:
            found[f"{VOCABULARY}defaultLinkMulti"] = [link.as_json() for link in self.defaults]
        for link in self.links:
            found.setdefault(VOCABULARY + link.relation, []).append(link.as_json())
        return found


def as_json(levels: Sequence[Level]) -> dict[str, Any]:
    """The linkset of all levels, the most precise first."""
    return {"linkset": [level.as_json() for level in levels]}


def read_link_type(text: str) -> str:
    """`pip` for `gs1:pip` and for each address of the vocabulary; other vocabularies' names stay what they are."""
    for beginning in _SAME:
        if text.startswith(beginning):
            return text.removeprefix(beginning)
    return text


def choose(
    levels: Sequence[Level], link_type: str, languages: Sequence[str], quality: Callable[[str], float] = lambda _media_type: 1.0
) -> list[Link]:
    """The links that answer: none (404), one (redirect), or several that are equally good (300).

    `link_type` empty or `defaultLink`: the default of the most precise level. Else the first level that has the type,
    walking up from the lot to the number. Among them the best language, in the order of `languages`, then the media type
    the client likes best.
    """
    if link_type in ("", "defaultLink", "defaultLinkMulti"):
        return _best(levels[0].defaults, languages, quality)[:1]
    for level in levels:
        if found := [link for link in level.links if link.relation == link_type]:
            return _best(found, languages, quality)
    return []


def _best(links: Sequence[Link], languages: Sequence[str], quality: Callable[[str], float]) -> list[Link]:
    for language in languages:
        if spoken := [link for link in links if link.language in (language, "")]:
            links = spoken
            break
    liked = max(quality(link.media_type) for link in links)
    links = [link for link in links if quality(link.media_type) == liked]
    return [link for link in links if link.media_type == links[0].media_type]
