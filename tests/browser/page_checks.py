"""What can be seen of any page in a browser: whether everyone can use it, whether it fits, what it weighs, and how it speaks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

CONTRAST = "color-contrast"
RULES: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},  # axe leaves the one of WCAG 2.2 off unless it is asked for
}
NARROW = {"width": 320, "height": 640}
#: What a reader's larger letters leave of a desk's width.
LARGE_LETTERS = {"width": 640, "height": 900}

_SEEN_TEXT = """() => {
  const leave = "script, style, noscript, code, pre, textarea, input, select, svg, .code, [translate=no], [lang]:not(html)"
  const words = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement
    if (!holder.closest(leave) && holder.getClientRects().length) words.push(walker.currentNode.data)
  }
  return words.join("\\n").replace(/[ \\t]+/g, " ")
}"""
#: English where Indonesian is meant: words that stand in every English sentence, and the jargon of shops' computers.
ENGLISH = re.compile(
    r"\b(the|and|of|your|with|this|that|are|please|not|"
    r"log ?in|log ?out|sign (?:in|up|out)|checkout|submit|upload|download|update|delete|edit|cancel|save|settings|dashboard|preview|"
    r"error|warning|loading|search|home|back|next|previous)\b",
    re.IGNORECASE,
)
INDONESIAN = re.compile(r"\b(yang|dan|dengan|untuk|tidak|belum|sudah|anda|atau|dari|pada|akan|bisa|silakan)\b", re.IGNORECASE)
#: Money, days and hours as machines write them.
MACHINE_FORM = re.compile(r"\bIDR\b|\bRp\s\d|\bRp\d+[,]\d{3}|\b\d{4}-\d{2}-\d{2}\b|\{\{|\}\}|%\(\w+\)s")


def violations(page: Page, *, with_contrast: bool = True) -> list[str]:
    """What axe finds against WCAG 2.0 to 2.2, A and AA; targets below 24 px among it (U9, U11).

    Contrast takes two thirds of axe's time, and is the same in another width or language.
    """
    return _ask_axe(page, RULES if with_contrast else RULES | {"rules": RULES["rules"] | {CONTRAST: {"enabled": False}}})


def faint(page: Page) -> list[str]:
    """Texts that stand out too little: what other colours of the same page can change."""
    return _ask_axe(page, {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": [CONTRAST]}})


def _ask_axe(page: Page, options: dict[str, Any]) -> list[str]:
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(options).then(found => found.violations)", options)
    return [f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}" for rule in found for node in rule["nodes"][:3]]


def overflowing(page: Page) -> list[str]:
    """What sticks out to the right, when the page can be scrolled sideways."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
        .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
        .map(element => element.tagName + "." + element.className).slice(0, 5)"""
    )
    return [f"sideways at {page.viewport_size}: {element}" for element in found]


def cramped(page: Page) -> list[str]:
    """What overflows on the narrowest phone and under letters twice as large; the letters stay as they were afterwards."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    found = overflowing(page)
    page.set_viewport_size(LARGE_LETTERS)  # type: ignore[arg-type]
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found += [f"large letters, {each}" for each in overflowing(page)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    return found


def small_buttons(page: Page) -> list[str]:
    """Buttons lower than a thumb wants them (U11)."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main .button")]
        .filter(button => button.getClientRects().length && button.getBoundingClientRect().height < 44)
        .map(button => button.innerText.trim()).slice(0, 5)"""
    )
    return [f"lower than 44 px: {button!r}" for button in found]


def weights(page: Page) -> dict[str, int]:
    """Compressed bytes of what the page is made of, whether they came now or from the cache: document, styles, scripts, pictures."""
    found: dict[str, int] = page.evaluate(
        """() => {
        const kinds = {css: 0, js: 0, pictures: 0, other: 0, document: performance.getEntriesByType("navigation")[0].encodedBodySize}
        for (const entry of performance.getEntriesByType("resource")) {
          const path = new URL(entry.name).pathname
          const kind = path.endsWith(".css") ? "css" : path.endsWith(".js") ? "js"
            : /\\.(avif|webp|jpe?g|png|svg)$/.test(path) ? "pictures" : "other"
          kinds[kind] += entry.encodedBodySize
        }
        return kinds
        }"""
    )
    return found


def manners(page: Page, language: str, known: tuple[str, ...] = ()) -> list[str]:
    """Words of the other language, money and days as machines spell them, links that leave the language (U12-U14).

    `known`: what people typed in this world, in their own language.
    """
    text: str = page.evaluate(_SEEN_TEXT)
    for words in known:
        text = text.replace(words, "")
    foreign = ENGLISH if language == "id" else INDONESIAN
    found = [f"{match[0]!r} in {language}: {_around(text, match)}" for match in foreign.finditer(text)][:3]
    found += [f"as a machine writes it: {_around(text, match)}" for match in MACHINE_FORM.finditer(text)][:3]
    spoken = page.get_attribute("html", "lang")
    return found + ([] if spoken == language else [f"lang={spoken}"]) + (_straying(page) if language == "en" else [])


def _straying(page: Page) -> list[str]:
    """Links of an English page that lead into the Indonesian shop, the one that says so left out."""
    links: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("a[href^='/']:not([hreflang])")].map(link => link.getAttribute("href"))
        .filter(path => !/^\\/(en(\\/|$|\\?)|static|assets|media|api|feeds|counter|mailbox|sitemap)/.test(path))"""
    )
    return [f"leads out of English: {path}" for path in links[:3]]


def _around(text: str, match: re.Match[str]) -> str:
    return " ".join(text[max(match.start() - 30, 0) : match.end() + 30].split())


def figures_of(rows: list[dict[str, Any]]) -> str:
    """One line for people: how many pages were looked at, and the heaviest of them."""
    heaviest = max(rows, key=lambda row: sum(row["weights"].values()))
    total = sum(heaviest["weights"].values()) // 1000
    return f"{len(rows)} pages looked at, heaviest {heaviest['page']} with {total} kB"
