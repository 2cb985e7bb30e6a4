"""Who decides where; public."""

from dataclasses import asdict

from flask import Response

from recognition_service.recognition.competence import BodyKind, competent_bodies
from recognition_service.web.api import examples
from recognition_service.web.api.rows import edition_named
from recognition_service.web.api.shapes import query
from recognition_service.web.bodies import bad_parameter, read_query
from recognition_service.web.current import runtime
from recognition_service.web.headers import for_any_origin
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page

blueprint = Blueprint(
    "competent-authorities", __name__, description="Who decides where."
)
_UNKNOWN = "No row of the tables has this code."


@blueprint.route("/competent-authorities")
@for_any_origin
@blueprint.doc(
    parameters=[
        query("jurisdiction", "Where.", required=True, example="BE-FR"),
        query("profession", "Only who decides about this profession."),
    ]
)
@blueprint.problems(422, 503)
@blueprint.response(
    200,
    {"type": "object", "required": ["items", "next", "edition"]},
    example=examples.load("competent_authorities"),
)
def list_competent_authorities() -> Response:
    """List who decides for a jurisdiction, its parts and what it is part of.

    The narrowest territory comes first; there may be several for one. `authority` is
    one of this installation, by its mandates; `body` is a row of the tables. That
    nobody is listed does not mean that nobody decides.
    """
    given = read_query(("jurisdiction", "profession"))
    snapshot, today = runtime().snapshot(), runtime().now().date()
    place = given.get("jurisdiction", "")
    if place not in snapshot.tables.jurisdictions:
        raise bad_parameter("jurisdiction", "unknown_code", _UNKNOWN)
    profession = given.get("profession")
    if profession is not None and profession not in snapshot.tables.professions:
        raise bad_parameter("profession", "unknown_code", _UNKNOWN)
    with runtime().database.reading() as session:
        bodies = competent_bodies(session, snapshot, place, profession, on=today)
    prefix = f"{runtime().public_url}/issuers/"
    items = [
        {
            **asdict(body),
            "professions": list(body.professions),
            "url": f"{prefix}{body.id}"
            if body.kind is BodyKind.AUTHORITY
            else body.url,
        }
        for body in bodies
    ]
    return json_answer(
        {**page(items, None), "edition": edition_named(snapshot.edition)}
    )
