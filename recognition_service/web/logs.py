"""One line of JSON for every request, without personal data.

Logged are method, route pattern, status, duration, request id and authority id.
Never logged are addresses with their values, queries, headers, bodies, tokens, and
the messages of unexpected exceptions, because those may quote any of them.
"""

import time
from collections.abc import Iterable
from typing import Any

import structlog
from flask import Flask, Request, request

from recognition_service.runtime.logs import chain
from recognition_service.web.current import CALLER, id_of_request, request_id

_UNMATCHED = "(no route)"


def register(app: Flask) -> None:
    """Log every request of the application.

    Around Flask, where all that is logged is at hand when the answer begins.
    """
    inner, log = app.wsgi_app, structlog.get_logger().bind()

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        began = time.perf_counter()

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            _log_request(log, environ, status, time.perf_counter() - began)
            return start_response(status, headers, *rest)

        return inner(environ, start)

    app.wsgi_app = serve  # type: ignore[method-assign]  # Flask's own way to wrap it


def log_failure(error: BaseException) -> None:
    """Record an unexpected exception: its type and where it came from."""
    rule = request.url_rule
    structlog.get_logger().error(
        "request_failed",
        request_id=request_id(),
        method=request.method,
        route=_UNMATCHED if rule is None else rule.rule,
        exception=chain(error),
    )


def _log_request(
    log: Any, environ: dict[str, Any], status: str, seconds: float
) -> None:
    served: Request = environ["werkzeug.request"]
    rule = served.url_rule
    caller = environ.get(CALLER)
    log.info(
        "request",
        request_id=id_of_request(environ),
        method="(other)" if rule is None else served.method,
        route=_UNMATCHED if rule is None else rule.rule,
        status=int(status[:3]),
        milliseconds=round(seconds * 10_000) / 10,
        authority=None if caller is None else caller.authority_id,
    )
