"""The Flask application: all doors of the web over one runtime."""

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request

from recognition_service.runtime.logs import configure
from recognition_service.runtime.runtime import Runtime
from recognition_service.web import headers, logs, openapi, problems
from recognition_service.web.api import (
    attestations,
    claims,
    docs,
    editions,
    equivalences,
    frameworks,
    health,
    issuers,
    problems_page,
    published,
    qualifications,
    recognition_requests,
    standing_orders,
    status,
    verifications,
)
from recognition_service.web.bodies import LARGEST_BODY
from recognition_service.web.current import EXTENSION
from recognition_service.web.pages.blueprint import pages

API = "/api/v1"
BLUEPRINTS: tuple[tuple[openapi.Blueprint, str], ...] = (
    (equivalences.blueprint, API),
    (verifications.blueprint, API),
    (frameworks.blueprint, API),
    (qualifications.blueprint, API),
    (editions.blueprint, API),
    (recognition_requests.blueprint, API),
    (attestations.blueprint, API),
    (claims.blueprint, API),
    (standing_orders.blueprint, API),
    (issuers.blueprint, ""),
    (status.blueprint, ""),
    (published.blueprint, ""),
    (problems_page.blueprint, ""),
    (health.blueprint, ""),
)


class MemoryRequest(Request):
    """A request whose uploads stay in memory: nothing of them touches the disk."""

    def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> IO[bytes]:
        return BytesIO()


def create_app(runtime: Runtime) -> Flask:
    """Return the application over a runtime that stays open as long as it does."""
    configure()
    app = Flask("recognition_service", static_folder=None, template_folder=None)
    app.request_class = MemoryRequest
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions[EXTENSION] = runtime
    logs.register(app)
    headers.register(app)
    problems.register(app)
    openapi.collect(app, BLUEPRINTS, server=runtime.public_url)
    app.register_blueprint(docs.blueprint)
    app.register_blueprint(pages)
    return app
