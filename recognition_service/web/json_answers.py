"""Answers in JSON, spelled compactly and without escaping letters."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response

# What is no JSON by itself is spelled by whoever knows what it means, not here.
_JSON_ALONE = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


class _Whole(Response):
    """An answer that is all there, and whose headers can be sent as they are."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        if (
            self.status_code != HTTPStatus.OK
            or environ["REQUEST_METHOD"] == "HEAD"
            or not isinstance(self.response, list)
            or self._on_close
        ):
            return super().__call__(environ, start_response)
        start_response(self.status, self.headers.to_wsgi_list())
        return self.response


def json_answer(
    document: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a JSON document as it stands; no schema is asked."""
    return _Whole(
        json_bytes(document), status, headers, content_type="application/json"
    )


def json_bytes(document: Any) -> bytes:
    """Return the JSON text of a document in UTF-8."""
    return orjson.dumps(document, None, _JSON_ALONE)
