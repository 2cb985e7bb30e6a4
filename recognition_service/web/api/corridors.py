"""What is published about the qualifications of one place in another one."""

from typing import Any
from urllib.parse import urlencode

from flask import Response

from recognition_service.equivalence.corridor import Coverage, TypeCovered
from recognition_service.runtime.spoken_corridor import (
    corridor_document,
    type_document,
)
from recognition_service.web.api import examples
from recognition_service.web.api.equivalences import published_rows
from recognition_service.web.api.rows import edition_named
from recognition_service.web.api.shapes import (
    LANGUAGE_PARAMETER,
    PAGE_PARAMETERS,
    page_of,
    query,
)
from recognition_service.web.bodies import bad_parameter, read_choice, read_query
from recognition_service.web.current import language, runtime
from recognition_service.web.headers import for_any_origin
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page, read_cursor, read_limit, write_cursor

blueprint = Blueprint(
    "corridors",
    __name__,
    description="What is published from one place to another, and what is not.",
)
_FILTERS = ("origin", "destination", "coverage", "authority")
_LIST = "corridors"
_ORDER = {coverage: rank for rank, coverage in enumerate(Coverage)}


@blueprint.route("/corridors")
@for_any_origin
@blueprint.doc(
    parameters=[
        query("origin", "Jurisdiction that awarded.", required=True, example="LV"),
        query("destination", "Who is asked.", required=True, example="BE-FL"),
        query(
            "coverage",
            "Only types of qualification about which this much is published.",
            enum=[coverage.value for coverage in Coverage],
        ),
        query("authority", "Adds the rows which this authority has published."),
        *PAGE_PARAMETERS,
        LANGUAGE_PARAMETER,
    ]
)
@blueprint.problems(400, 404, 422, 503)
@blueprint.response(
    200,
    page_of("The corridor; its items are types of qualification of the origin."),
    example=examples.load("corridor"),
)
def get_corridor() -> Response:
    """Show what is published about a corridor.

    For each level of the frameworks of the origin, and for each type of
    qualification (`items`, those with most first), whether there is a statement or
    a treaty rule, and whether it decides or informs, level information only, or
    nothing. `href` asks for the answer itself. Coverage says nothing about worth.
    """
    given = read_query((*_FILTERS, "cursor", "limit", "lang"))
    limit = read_limit(given.get("limit"))
    for name in ("origin", "destination"):
        if not given.get(name):
            raise bad_parameter(name, "required", "This parameter is required.")
    read_choice(given, "coverage", [coverage.value for coverage in Coverage])
    filters = {name: given.get(name) for name in _FILTERS}
    position = read_cursor(_LIST, filters, given.get("cursor"), 2)
    authority = published_rows(given)
    found = runtime().corridor(given["origin"], given["destination"], authority)
    left = [
        each
        for each in found.qualifications
        if (position is None or _place(each) > position)
        and filters["coverage"] in {None, each.coverage.value}
    ]
    shown = left[:limit]
    following = (
        write_cursor(_LIST, filters, _place(shown[-1])) if len(left) > limit else None
    )
    snapshot = found.snapshot
    document = corridor_document(found, language())
    for framework in document["frameworks"]:
        framework["levels"] = [
            _linked(level, authority) for level in framework["levels"]
        ]
    items = [
        _linked(type_document(each, snapshot, language()), authority) for each in shown
    ]
    return json_answer(
        {
            **document,
            **page(items, following),
            "edition": edition_named(snapshot.edition),
        }
    )


def _place(found: TypeCovered) -> list[str | int]:
    """Return where a type stands in the list."""
    return [_ORDER[found.coverage], found.qualification.id]


def _linked(item: dict[str, Any], authority: str | None) -> dict[str, Any]:
    """Return an item with the address of its answer in place of the question."""
    asked = item.pop("asked") | ({} if authority is None else {"authority": authority})
    return {**item, "href": f"/api/v1/equivalences?{urlencode(asked)}"}
