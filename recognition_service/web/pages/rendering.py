"""How a page gets its language, its sentences and its frame.

The language comes from `lang` in the address, else from the cookie that remembers
such a choice, else from the browser.
"""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request

from recognition_service.runtime.spoken import sentence
from recognition_service.web.current import runtime
from recognition_service.web.pages.names import visible
from recognition_service.wording import LANGUAGES, best_language, text

LANGUAGE_NAMES = {"en": "English", "fr": "Français"}
COOKIE = "lang"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})
_YEAR_SECONDS = 31_536_000
ASSETS_PATH = "/assets"
_EXPLAINED = re.compile(r"/(ns|vct|schemas)/[a-z]+/v?[0-9]+(\.html|\.json)?")
_PROGRAMME = re.compile(r"/programmes/[A-Za-z0-9][A-Za-z0-9._:+()-]*(/report)?")
_CORRIDOR = re.compile(r"/corridors/[A-Za-z0-9-]+/[A-Za-z0-9-]+")
_STATISTICS = re.compile(r"/statistics/[a-z0-9][a-z0-9-]*")
ADDRESSES = frozenset(
    {
        "/",
        "/verify",
        "/claim",
        "/equivalences",
        "/corridors",
        "/directory",
        "/programmes",
        "/statistics",
    }
)


def page_language() -> str:
    """Return the language of the page at hand.

    Source: RFC 9110 section 12.5.4.
    """
    for wanted in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wanted in LANGUAGES:
            return str(wanted)
    return best_language(request.headers.get("Accept-Language"))


def page_direction() -> str:
    """Return in which direction the language of the page at hand is read."""
    return "rtl" if page_language() in _RIGHT_TO_LEFT else "ltr"


def t(code: str, **params: Any) -> str:
    """Return a sentence in the language of the page at hand."""
    return text(code, params, page_language())


def said(item: Any, family: str) -> str:
    """Return what a coded item says, such as `{"code": "licence"}`.

    Args:
        item: A code, or a mapping with a `text` (a sentence or a language map), or
            one with a `code` and `params`.
        family: Where the sentences of such codes stand: "reason" for sentences
            such as "reason.listed_title", "page.purpose" for such as
            "page.purpose_licence".
    """
    if not isinstance(item, Mapping):
        return _sentence(str(item), family, {})
    told = item.get("text")
    if isinstance(told, Mapping):
        told = told.get(page_language()) or next(iter(told.values()), None)
    if told:
        return visible(told)
    if "code" not in item:
        return visible(item.get(page_language()) or next(iter(item.values()), ""))
    return _sentence(str(item["code"]), family, item.get("params") or {})


def page(template: str, status: int = 200, **context: Any) -> Response:
    """Return a page in the language of the reader.

    A choice of language in the address is remembered for a year.
    """
    language = page_language()
    response = make_response(
        render_template(
            template,
            language=language,
            direction=page_direction(),
            languages=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
            in_language=_in_language,
            asset=asset,
            is_demo=runtime().is_demo,
            public_url=runtime().public_url,
            current=request.path,
            **context,
        ),
        status,
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language, Cookie"
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(
            COOKIE,
            language,
            max_age=_YEAR_SECONDS,
            secure=runtime().public_url.startswith("https:"),
            httponly=True,
            samesite="Lax",
        )
    return response


@cache
def asset(name: str) -> str:
    """Return the address of a file of the site; it changes with the content."""
    version = hashlib.sha256(static_file(name)).hexdigest()[:12]
    return f"{ASSETS_PATH}/{name}?v={version}"


def static_file(name: str) -> bytes:
    """Return the content of a file of the site."""
    return (files("recognition_service.web") / "static" / name).read_bytes()


def _in_language(language: str) -> str:
    """Return the address of the page at hand in another language.

    What is no page of ours leads to the first page: an address that somebody made
    up, such as "//elsewhere", never comes back as a link.
    """
    if not _is_page(request.path):
        return f"/?{urlencode({'lang': language})}"
    kept = [pair for pair in request.args.items(multi=True) if pair[0] != "lang"]
    return f"{request.path}?{urlencode([*kept, ('lang', language)])}"


def _is_page(path: str) -> bool:
    """Tell whether an address is one of our pages, as this site has written it."""
    patterns = (_EXPLAINED, _PROGRAMME, _CORRIDOR, _STATISTICS)
    return path in ADDRESSES or any(pattern.fullmatch(path) for pattern in patterns)


def _sentence(code: str, family: str, params: Mapping[str, Any]) -> str:
    prefix = f"{family}_" if "." in family else f"{family}."
    told = sentence((prefix,), code, params, page_language())
    return visible(told or code.replace("_", " "))
