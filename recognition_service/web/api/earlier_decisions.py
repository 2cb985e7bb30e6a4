"""How an authority decided about the same title before."""

from datetime import date
from uuid import UUID

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.equivalence.precedents import Subject, precedent_statements
from recognition_service.recognition.alike import (
    AlikePage,
    count_alike,
    decided_alike,
    statement_document,
)
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.bodies import bad_parameter, bad_parameters, read_query
from recognition_service.web.current import runtime
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page, read_cursor, read_limit, write_cursor

blueprint = Blueprint(
    "precedents", __name__, description="Earlier decisions about the same title."
)
_READERS = (Role.CLERK, Role.OFFICER, Role.SIGNATORY, Role.AUDITOR)
_PLACES = ("origin", "destination")
_ASKED = ("title", "qualification", *_PLACES, "profession")
_LONGEST = 200
_SHAPE = page_of("Earlier decisions about a title, the latest first.")


@blueprint.route("/precedents")
@requires(*_READERS)
@blueprint.doc(
    parameters=[
        query("title", "The title as it is printed; this or `qualification`."),
        query("qualification", "Id of the type of qualification."),
        query("origin", "Who awarded it.", required=True, example="MA"),
        query("destination", "Who was asked.", required=True, example="BE-FR"),
        query("profession", "For which profession; left out: for none."),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 403, 422)
@blueprint.response(
    200,
    {**_SHAPE, "required": [*_SHAPE["required"], "number", "outcomes", "statements"]},
    example=examples.load("precedents"),
)
def list_precedents() -> Response:
    """List the authority's signed decisions about a title, without the persons.

    Spelling habits (capitals, spaces, width) make no difference. `outcomes` counts all
    of them; of each case the decision counts that was signed last. `statements` are
    those of the tables that are precedents.
    """
    given = read_query((*_ASKED, "cursor", "limit"))
    subject, owner = _subject(given), caller().authority_id
    limit, name = read_limit(given.get("limit")), f"{owner}/precedents"
    filters = {asked: given.get(asked) for asked in _ASKED}
    position = read_cursor(name, filters, given.get("cursor"), 2)
    after = None
    if position is not None:
        after = date.fromisoformat(str(position[0])), UUID(str(position[1]))
    snapshot, today = runtime().snapshot(owner), runtime().now().date()
    with runtime().database.reading() as session:
        found = decided_alike(session, owner, subject, AlikePage(limit + 1, after))
        outcomes = count_alike(session, owner, subject)
    items, following = found[:limit], None
    if len(found) > limit:
        last = items[-1]
        following = write_cursor(name, filters, [last["decided_on"], last["id"]])
    statements = precedent_statements(snapshot, subject, on=today)
    return json_answer(
        {
            "number": sum(outcomes.values()),
            "outcomes": outcomes,
            "statements": [statement_document(row) for row in statements],
            **page(items, following),
        }
    )


def _subject(given: dict[str, str]) -> Subject:
    missing = [name for name in _PLACES if not given.get(name)]
    if missing:
        raise bad_parameters((name, "required", "Say where.") for name in missing)
    if not (given.get("title") or given.get("qualification")):
        raise bad_parameter("title", "required", "Give a title or a qualification id.")
    for name in _ASKED:
        if len(given.get(name, "")) > _LONGEST:
            raise bad_parameter(name, "too_long", f"At most {_LONGEST} characters.")
    return Subject(
        origin=given["origin"],
        destination=given["destination"],
        title=given.get("title") or None,
        qualification=given.get("qualification") or None,
        profession=given.get("profession") or None,
    )
