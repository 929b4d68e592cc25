"""Two languages on one URL map: `/en` is a script prefix, texts come from translations/<language>/*.po."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from gettext import NullTranslations, c2py
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.plural import to_gettext
from babel.support import Translations
from flask import Flask, g, has_request_context, request
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from kernel.locales import DEFAULT_LANGUAGE, LANGUAGES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FOLDER = Path(__file__).resolve().parent.parent / "translations"
ENVIRON_KEY = "etalase.language"


class LanguagePrefix:
    """WSGI middleware: moves a leading `/en` from the path into the script name, so that url_for keeps the language."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        language = DEFAULT_LANGUAGE
        for other in LANGUAGES:
            if other != DEFAULT_LANGUAGE and (path == f"/{other}" or path.startswith(f"/{other}/")):
                language = other
                environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + f"/{other}"
                environ["PATH_INFO"] = path[len(other) + 1 :] or "/"
        environ[ENVIRON_KEY] = language
        return self.app(environ, start_response)


def current_language() -> str:
    """The language of this page, or of the mail or job that set `g.language`."""
    language: str | None = g.get("language")
    if language is None:
        language = request.environ.get(ENVIRON_KEY, DEFAULT_LANGUAGE) if has_request_context() else DEFAULT_LANGUAGE
        if has_request_context():
            g.language = language  # a page asks a hundred times
    return language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Inside the block texts, days and amounts are in `language`: paper and messages for a buyer, made on somebody else's page."""
    before = current_language()
    g.language = language if language in LANGUAGES else DEFAULT_LANGUAGE
    try:
        yield
    finally:
        g.language = before


@cache
def translations(language: str) -> NullTranslations:
    """All catalogues of one language merged; English is the language of the msgids and needs none."""
    merged = Translations()
    # merge() would keep the English rule, which looks for a second Indonesian form; CLDR knows each language's own.
    rule = to_gettext(Locale.parse(language).plural_form).partition("plural=")[2].rstrip(";")
    merged.plural = c2py(rule)  # type: ignore[assignment]  # gettext's stubs ask for more than it calls with
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            compiled = BytesIO()
            write_mo(compiled, read_po(file, locale=language))
        compiled.seek(0)
        merged.merge(Translations(compiled))
    return merged


def gettext(message: str, **params: Any) -> str:
    """`message` in the current language with its %(name)s places filled."""
    text = translations(current_language()).gettext(message)
    return text % params if params else text


def ngettext(singular: str, plural: str, number: int, **params: Any) -> str:
    """The right form for `number`, which is also available as %(num)s."""
    text = translations(current_language()).ngettext(singular, plural, number)
    return text % {"num": number, **params}


@lru_cache(maxsize=4096)
def _safe(language: str, message: str) -> Markup:
    return Markup(translations(language).gettext(message))  # noqa: S704 - msgids and translations are ours


@pass_eval_context
def _said(context: EvalContext, message: str, **params: Any) -> str:
    """`_()` in templates: the text as markup, its places filled with escaped values; plain text in plain-text templates."""
    language = current_language()
    text = _safe(language, message) if context.autoescape else translations(language).gettext(message)
    return text % params if params else text


def init_i18n(app: Flask) -> None:
    """Give templates `_`, and put the language prefix in front of the app."""
    install: Callable[..., None] = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]  # added by the i18n extension
    install(
        lambda message: translations(current_language()).gettext(message),
        lambda singular, plural, number: translations(current_language()).ngettext(singular, plural, number),
        newstyle=True,
    )
    # Jinja's own `_` takes longer over the eighty texts of a page than the database over its rows.
    app.jinja_env.globals["_"] = _said
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]


def alternate_path(language: str, *, with_query: bool = True) -> str:
    """This page's path in `language`: with its query for the toggle, without it for canonical and hreflang links."""
    prefix = "" if language == DEFAULT_LANGUAGE else f"/{language}"
    query = g.get("page_query", request.query_string.decode("ascii", "replace")) if with_query else ""
    return f"{prefix}{quote(request.path)}" + (f"?{query}" if query else "")
