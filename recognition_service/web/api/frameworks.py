"""Qualifications frameworks and their levels."""

from typing import Any

from flask import Response

from recognition_service.equivalence.errors import UnknownCodeError, nearest
from recognition_service.frameworks.packed_rows import rows_with
from recognition_service.frameworks.rows import Framework, FrameworkKind
from recognition_service.web.api import examples
from recognition_service.web.api.rows import edition_named, row_document
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.bodies import bad_parameter, read_query
from recognition_service.web.current import runtime
from recognition_service.web.headers import for_any_origin
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page, read_cursor, read_limit, write_cursor

blueprint = Blueprint(
    "frameworks",
    __name__,
    description="Qualifications frameworks, each version by its own code.",
)
_FILTERS = ("jurisdiction", "kind")
_LIST = "frameworks"


@blueprint.route("/frameworks")
@for_any_origin
@blueprint.doc(
    parameters=[
        query("jurisdiction", "Only those of this jurisdiction.", example="LV"),
        query(
            "kind",
            "Only those of this kind.",
            enum=[kind.value for kind in FrameworkKind],
        ),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 422, 503)
@blueprint.response(
    200, page_of("The frameworks."), example=examples.load("frameworks")
)
def list_frameworks() -> Response:
    """List the frameworks.

    In the order of their codes. Hubs such as EQF have no jurisdiction.
    """
    given = read_query((*_FILTERS, "cursor", "limit"))
    limit = read_limit(given.get("limit"))
    filters = {name: given.get(name) for name in _FILTERS}
    position = read_cursor(_LIST, filters, given.get("cursor"), 1)
    snapshot = runtime().snapshot()
    after = str(position[0]) if position else ""
    found = [
        row
        for code, row in sorted(snapshot.tables.frameworks.items())
        if code > after and _fits(row, filters)
    ]
    shown = found[:limit]
    following = (
        write_cursor(_LIST, filters, [shown[-1].id]) if len(found) > limit else None
    )
    return json_answer(
        {
            **page([row_document(row) for row in shown], following),
            "edition": edition_named(snapshot.edition),
        }
    )


@blueprint.route("/frameworks/<code>")
@for_any_origin
@blueprint.problems(404, 503)
@blueprint.response(
    200,
    {"type": "object", "description": "The framework with its levels."},
    example=examples.load("framework"),
)
def get_framework(code: str) -> Response:
    """Show a framework.

    With all its levels, the highest first, and the frameworks it is linked with.
    """
    read_query(())
    snapshot = runtime().snapshot()
    row = snapshot.tables.frameworks.get(code)
    if row is None:
        raise UnknownCodeError(
            "framework", code, nearest(code, snapshot.tables.frameworks)
        )
    levels = sorted(
        rows_with(snapshot.tables.levels, "framework", {code}),
        key=lambda level: -level.ordinal,
    )
    return json_answer(
        {
            **row_document(row),
            "levels": [row_document(level) for level in levels],
            "linked": sorted(snapshot.linked.get(code, ())),
            "edition": edition_named(snapshot.edition),
        }
    )


def _fits(row: Framework, filters: dict[str, Any]) -> bool:
    kind = filters["kind"]
    if kind is not None and kind not in set(FrameworkKind):
        choices = ", ".join(FrameworkKind)
        raise bad_parameter("kind", "not_in_enum", f"One of {choices} is expected.")
    return (kind is None or row.kind == kind) and (
        filters["jurisdiction"] in {None, row.jurisdiction}
    )
