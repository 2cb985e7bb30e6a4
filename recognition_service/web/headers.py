"""Headers that every answer carries, and how signed documents are cached.

Source: CSP level 3; RFC 9111 section 5.2; Fetch section 3.2 (CORS).
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, current_app, g, request

from recognition_service.web.current import EXTENSION, request_id
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
PRODUCED_TYPES = "produced_types"
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
_PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, "
    "If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_WSGIApp = Callable[..., Iterable[bytes]]


def for_any_origin(view: _View) -> _View:
    """Let scripts of any web site read what this view answers (CORS `*`).

    Only for what is public anyway and needs no key.
    """
    setattr(view, _ANY_ORIGIN, True)
    return view


def csp_nonce() -> str:
    """Return the nonce that scripts and styles of the page at hand must carry."""
    found = g.get("csp_nonce")
    if found is None:
        found = g.csp_nonce = secrets.token_urlsafe(16)
    return cast("str", found)


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
    app.before_request(_check_address)
    app.before_request(_check_accept)
    app.after_request(_set_headers)
    is_secure = app.extensions[EXTENSION].public_url.startswith("https:")
    serve = _with_fixed_headers(app.wsgi_app, is_secure=is_secure)
    app.wsgi_app = serve  # type: ignore[method-assign]  # Flask's own way to wrap it
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def view_mark(name: str) -> Any:
    """Return what a decorator left on the view of the request at hand."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, name, None)


def _check_address() -> None:
    query = request.query_string
    if len(query) + len(request.path) > LONGEST_ADDRESS:
        raise AddressTooLongError(
            f"Addresses of up to {LONGEST_ADDRESS} characters are read."
        )
    if sum(len(name) + len(value) for name, value in request.headers) > (
        _LARGEST_HEADERS
    ):
        raise HeadersTooLargeError(f"Headers of up to {_LARGEST_HEADERS} are read.")
    if _KEY_IN_URL.search(query) or _KEY_IN_URL.search(request.path.encode()):
        raise KeyInURLError(
            "Send the API key as `Authorization: Bearer`, and replace this one: "
            "addresses are kept in logs."
        )
    if _CONTROL.search(request.path) or "\ufffd" in request.path:
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


def _check_accept() -> None:
    if not request.path.startswith("/api/") or "Accept" not in request.headers:
        return
    produced = view_mark(PRODUCED_TYPES) or ("application/json",)
    accepted = request.accept_mimetypes
    if accepted and not any(accepted[media_type] > 0 for media_type in produced):
        raise NotAcceptableError(f"This address answers {', '.join(produced)}.")


def _set_headers(response: Response) -> Response:
    """Set what depends on the request; `_with_fixed_headers` adds the rest."""
    headers = response.headers
    headers["X-Request-Id"] = request_id()
    nonce = g.get("csp_nonce")
    if nonce is not None:
        headers["Content-Security-Policy"] = _POLICY.format(nonce=f" 'nonce-{nonce}'")
    if view_mark(_ANY_ORIGIN):
        request.environ[_ANY_ORIGIN] = True
        if request.method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = headers.get("Allow", "GET")
            headers.extend(_PREFLIGHT_HEADERS)
    return response


def _with_fixed_headers(inner: _WSGIApp, *, is_secure: bool) -> _WSGIApp:
    """Add to every answer the headers that it does not set itself.

    Under Flask, where adding headers as plain pairs costs next to nothing.
    """
    everywhere = _HEADERS + (_SECURE_HEADERS if is_secure else ())

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            added = everywhere + (_CORS_HEADERS if _ANY_ORIGIN in environ else ())
            present = {name.lower() for name, _ in headers}
            headers.extend(pair for pair in added if pair[0].lower() not in present)
            return start_response(status, headers, *rest)

        return inner(environ, start)

    return serve
