"""One line of JSON for every request, without personal data.

Logged are method, route pattern, status, duration, request id and authority id.
Never logged are addresses with their values, queries, headers, bodies, tokens, and
the messages of unexpected exceptions, because those may quote any of them.
"""

import time

import structlog
from flask import Flask, Response, g, request

from recognition_service.runtime.logs import chain
from recognition_service.web.current import request_id

_UNMATCHED = "(no route)"


def register(app: Flask) -> None:
    """Log every request of the application."""
    app.before_request(_start)
    app.after_request(_log_request)


def log_failure(error: BaseException) -> None:
    """Record an unexpected exception: its type and where it came from."""
    structlog.get_logger().error(
        "request_failed",
        request_id=request_id(),
        method=request.method,
        route=_route(),
        exception=chain(error),
    )


def _start() -> None:
    g.started = time.perf_counter()


def _log_request(response: Response) -> Response:
    started = g.get("started")
    caller = g.get("caller")
    structlog.get_logger().info(
        "request",
        request_id=request_id(),
        method=request.method if request.url_rule else "(other)",
        route=_route(),
        status=response.status_code,
        milliseconds=round((time.perf_counter() - started) * 1000, 1)
        if started is not None
        else None,
        authority=caller.authority_id if caller is not None else None,
    )
    return response


def _route() -> str:
    return request.url_rule.rule if request.url_rule is not None else _UNMATCHED
