"""What a browser shows when a page cannot be shown."""

from flask import Response

from recognition_service.web.pages.rendering import page
from recognition_service.web.problems import Problem

_EXPLAINED = frozenset({404, 405, 413, 429, 500, 503})
_CLIENT_ERROR, _SERVER_ERROR = 400, 500


def render_problem(problem: Problem) -> Response:
    """Return a problem as a page, in words that do not blame the reader."""
    kind = problem.status
    if kind not in _EXPLAINED:
        kind = _CLIENT_ERROR if kind < _SERVER_ERROR else _SERVER_ERROR
    return page(
        "error.html",
        problem.status,
        heading=f"page.error_{kind}",
        explanation=f"page.error_{kind}_text",
        problem=problem.as_document(),
    )
