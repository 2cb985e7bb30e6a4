"""What belongs to the request at hand: the runtime, the request id, the language."""

import os
from typing import TYPE_CHECKING, Any, cast

from flask import Request, current_app, request

from recognition_service.wording import LANGUAGES, best_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from recognition_service.runtime.runtime import Runtime

EXTENSION = "recognition"
# Makes sure that requests of ours may go to a URL; the worker, next door, knows.
CHECK_TARGET = "recognition.check_target"
# Who is calling, in the environment of a request that said so.
CALLER = "recognition.caller"
_REQUEST_ID = "recognition.request_id"
# Each of the 32 letters stands for eight of the 256 bytes: all are equally likely.
_TO_CROCKFORD = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ" * 8
_REQUEST_ID_LENGTH = 26


def runtime() -> "Runtime":
    """Return the runtime that this application was created with."""
    return cast("Runtime", current_app.extensions[EXTENSION])


def check_target(url: str) -> None:
    """Make sure that requests of ours may go to a URL now.

    Raises:
        InvalidInputError: They may not; the error says why.
        UnavailableError: Its name is not known, or not in time.
    """
    check: Callable[[str], None] = current_app.extensions[CHECK_TARGET]
    check(url)


def served() -> Request:
    """Return the request at hand itself, for those who ask it for many things.

    This is Flask's own way past its proxies, which look the request up each time.
    """
    found = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # see above
    return cast("Request", found)


def request_id() -> str:
    """Return the id of the request at hand, such as "req_01JD8X…".

    It is ours and random: an id that the caller sends is not taken over, so that
    nobody can write into our logs.
    """
    return id_of_request(served().environ)


def id_of_request(environ: dict[str, Any]) -> str:
    """Return the id of the request with this WSGI environment."""
    found = environ.get(_REQUEST_ID)
    if found is None:
        random = os.urandom(_REQUEST_ID_LENGTH)
        found = "req_" + random.translate(_TO_CROCKFORD).decode("ascii")
        environ[_REQUEST_ID] = found
    return cast("str", found)


def language() -> str:
    """Return the language of the answer: `lang` in the query, else the header.

    Source: RFC 9110 section 12.5.4.
    """
    asked = served()
    wanted = asked.args.get("lang") if asked.query_string else None
    if wanted in LANGUAGES:
        return wanted
    return best_language(wanted or asked.environ.get("HTTP_ACCEPT_LANGUAGE"))
