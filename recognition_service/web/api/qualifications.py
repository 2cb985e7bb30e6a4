"""Finding types of qualifications by their titles."""

from flask import Response

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
    "qualifications",
    __name__,
    description="Types of qualifications, not those that a person holds.",
)
LONGEST_QUERY = 200
_FILTERS = ("query", "jurisdiction", "framework")
_LIST = "qualifications"


@blueprint.route("/qualifications")
@for_any_origin
@blueprint.doc(
    parameters=[
        query("query", "Words of the title, or their beginnings.", example="bakalaura"),
        query("jurisdiction", "Only those of this jurisdiction.", example="LV"),
        query("framework", "Only those of this framework."),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 422, 503)
@blueprint.response(
    200, page_of("The types found."), example=examples.load("qualifications")
)
def search_qualifications() -> Response:
    """Find qualifications.

    By words of the title in its own language or in English, whatever the accents
    and the script; the best fit first. Without `query` all of them.
    """
    given = read_query((*_FILTERS, "cursor", "limit"))
    for name in _FILTERS:
        if len(given.get(name, "")) > LONGEST_QUERY:
            raise bad_parameter(
                name, "too_long", f"At most {LONGEST_QUERY} characters are read."
            )
    limit = read_limit(given.get("limit"))
    snapshot = runtime().snapshot()
    # The places of the results are those of one edition.
    filters = {name: given.get(name) for name in _FILTERS}
    filters["edition"] = snapshot.edition.base
    position = read_cursor(_LIST, filters, given.get("cursor"), 1)
    found = runtime().search_qualifications(
        given.get("query", ""),
        jurisdiction=given.get("jurisdiction"),
        framework=given.get("framework"),
        cursor=position[0] if position else None,
        limit=limit + 1,
    )
    shown = found[:limit]
    following = (
        write_cursor(_LIST, filters, [shown[-1].position])
        if len(found) > limit
        else None
    )
    rows = snapshot.tables.qualifications
    items = [
        row_document(rows[title.qualification_id])
        for title in shown
        if title.qualification_id in rows
    ]
    return json_answer(
        {**page(items, following), "edition": edition_named(snapshot.edition)}
    )
