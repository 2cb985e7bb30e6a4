"""Headers that every answer carries, and how signed documents are cached.

Source: CSP level 3; RFC 9111 section 5.2; Fetch section 3.2 (CORS).
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar, cast
from urllib.parse import unquote_to_bytes

from flask import Flask, Request, Response, request

from recognition_service.web.current import EXTENSION, id_of_request, served
from recognition_service.web.errors import (
    AddressTooLongError,
    HeadersTooLargeError,
    KeyInURLError,
    MalformedURLError,
    NotAcceptableError,
)

_View = TypeVar("_View", bound=Callable[..., Any])

LONGEST_ADDRESS = 8_192
_LARGEST_HEADERS = 32_768
_ANY_ORIGIN = "recognition.for_any_origin"
_NONCE = "recognition.csp_nonce"
PRODUCED_TYPES = "produced_types"
ANY_TYPE = "*/*"
"""Produced by a view that hands out documents of others."""
_JSON_ALONE = ("application/json",)
# What the headers of a request are called in its WSGI environment.
_OF_HEADERS = ("HTTP_", "CONTENT_")
_KEY_IN_URL = re.compile(
    rb"rk_(live|test)_|(^|&)(api_key|api-key|access_token)=", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_POLICY = (
    "default-src 'self'; script-src 'self'{nonce}; style-src 'self'{nonce}; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", _POLICY.format(nonce="")),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
)
_SECURE_HEADERS = (("Strict-Transport-Security", "max-age=31536000"),)
_CORS_HEADERS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Retry-After, X-Request-Id"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)
_PREFLIGHT_HEADERS = (
    (
        "Access-Control-Allow-Headers",
        "Accept, Accept-Language, Content-Type, If-None-Match",
    ),
    ("Access-Control-Max-Age", "86400"),
)
_WSGIApp = Callable[..., Iterable[bytes]]
_Views = Mapping[str, Callable[..., Any]]
_Headers = list[tuple[str, str]]


def for_any_origin(view: _View) -> _View:
    """Let scripts of any web site read what this view answers (CORS `*`).

    Only for what is public anyway and needs no key.
    """
    setattr(view, _ANY_ORIGIN, True)
    return view


def csp_nonce() -> str:
    """Return the nonce that scripts and styles of the page at hand must carry."""
    environ = request.environ
    if _NONCE not in environ:
        environ[_NONCE] = secrets.token_urlsafe(16)
    return cast("str", environ[_NONCE])


def signed_document(
    body: bytes, media_type: str, *, max_age_seconds: int, is_immutable: bool = False
) -> Response:
    """Return a public document that caches may keep, with its entity tag.

    A request with a fitting `If-None-Match` gets 304.
    """
    response = Response(body, content_type=media_type)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = f"public, max-age={max_age_seconds}" + (
        ", immutable" if is_immutable else ""
    )
    return cast("Response", response.make_conditional(request))


def register(app: Flask) -> None:
    """Check the address of every request, and set the headers of every answer."""
    views = app.view_functions
    app.before_request(partial(_check_request, views))
    is_secure = app.extensions[EXTENSION].public_url.startswith("https:")
    serve = _with_headers(app.wsgi_app, views, is_secure=is_secure)
    app.wsgi_app = serve  # type: ignore[method-assign]  # Flask's own way to wrap it
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def _mark(views: _Views, asked: Request, name: str) -> Any:
    """Return what a decorator left on the view of a request."""
    rule = asked.url_rule
    return None if rule is None else getattr(views.get(rule.endpoint), name, None)


def _check_request(views: _Views) -> None:
    asked = served()
    environ, path, query = asked.environ, asked.path, asked.query_string
    if len(query) + len(path) > LONGEST_ADDRESS:
        raise AddressTooLongError(
            f"Addresses of up to {LONGEST_ADDRESS} characters are read."
        )
    if _most_of_headers(environ) > _LARGEST_HEADERS:
        _check_headers(asked)
    if query or not _is_plain(path):
        _check_spelling(path, query)
    if "HTTP_ACCEPT" in environ and path.startswith("/api/"):
        _check_accept(asked, _mark(views, asked, PRODUCED_TYPES) or _JSON_ALONE)


def _most_of_headers(environ: dict[str, Any]) -> int:
    """Return how many characters the headers have, or a few more."""
    return sum(
        [
            len(name) + len(value)
            for name, value in environ.items()
            if name.startswith(_OF_HEADERS)
        ]
    )


def _is_plain(path: str) -> bool:
    """Tell whether a path can neither hold a key nor what cannot be read."""
    return path.isascii() and path.isprintable() and "_" not in path and "=" not in path


def _check_headers(asked: Request) -> None:
    if sum(len(name) + len(value) for name, value in asked.headers) > _LARGEST_HEADERS:
        raise HeadersTooLargeError(f"Headers of up to {_LARGEST_HEADERS} are read.")


def _check_spelling(path: str, query: bytes) -> None:
    if _KEY_IN_URL.search(query) or _KEY_IN_URL.search(path.encode()):
        raise KeyInURLError(
            "Send the API key as `Authorization: Bearer`, and replace this one: "
            "addresses are kept in logs."
        )
    if _CONTROL.search(path) or "\ufffd" in path:
        raise MalformedURLError("The path holds characters that cannot be read.")
    if b"%" in query:
        _check_query(query)


def _check_query(query: bytes) -> None:
    try:
        text = unquote_to_bytes(query).decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedURLError("The query is not UTF-8.") from error
    if _CONTROL.search(text):
        raise MalformedURLError("The query holds control characters.")


def _check_accept(asked: Request, produced: Sequence[str]) -> None:
    if ANY_TYPE in produced:
        return
    accepted = asked.accept_mimetypes
    if accepted and not any(accepted[media_type] > 0 for media_type in produced):
        raise NotAcceptableError(f"This address answers {', '.join(produced)}.")


def _with_headers(inner: _WSGIApp, views: _Views, *, is_secure: bool) -> _WSGIApp:
    """Add to every answer the headers that it does not set itself.

    Around Flask, where adding headers as plain pairs costs next to nothing.
    """
    everywhere = _HEADERS + (_SECURE_HEADERS if is_secure else ())
    ours = {name.lower(): (name, value) for name, value in everywhere}
    public = ours | {name.lower(): (name, value) for name, value in _CORS_HEADERS}

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: _Headers, *rest: Any) -> Any:
            headers.append(("X-Request-Id", id_of_request(environ)))
            if _NONCE in environ:
                nonce = f" 'nonce-{environ[_NONCE]}'"
                headers.append(("Content-Security-Policy", _POLICY.format(nonce=nonce)))
            asked: Request = environ["werkzeug.request"]
            if not _mark(views, asked, _ANY_ORIGIN):
                _add_missing(headers, ours)
            else:
                if asked.method == "OPTIONS":
                    _add_preflight(headers)
                _add_missing(headers, public)
            return start_response(status, headers, *rest)

        return inner(environ, start)

    return serve


def _add_preflight(headers: _Headers) -> None:
    allowed = next((value for name, value in headers if name == "Allow"), "GET")
    headers.append(("Access-Control-Allow-Methods", allowed))
    headers.extend(_PREFLIGHT_HEADERS)


def _add_missing(headers: _Headers, ours: Mapping[str, tuple[str, str]]) -> None:
    present = {name.lower() for name, _ in headers}
    if present.isdisjoint(ours):
        headers.extend(ours.values())
    else:
        headers.extend([pair for name, pair in ours.items() if name not in present])
