"""The one-stop window: who decides, by which rules, how long it takes; public."""

from collections.abc import Mapping
from datetime import date

from flask import Response

from recognition_service.frameworks.instruments import Purpose
from recognition_service.runtime.spoken_directory import directory_document
from recognition_service.statistics.directory import Way
from recognition_service.web.api import examples
from recognition_service.web.api.rows import edition_named
from recognition_service.web.api.shapes import LANGUAGE_PARAMETER, query
from recognition_service.web.bodies import bad_parameter, read_choice, read_query
from recognition_service.web.current import language, runtime
from recognition_service.web.fields import read_date
from recognition_service.web.headers import for_any_origin
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "directory",
    __name__,
    description="Who decides about a qualification, by which rules, in what time.",
)
_PARAMETERS = ("profession", "origin", "destination", "purpose", "on", "lang")
_LONGEST_CODE = 200


@blueprint.route("/directory")
@for_any_origin
@blueprint.doc(
    parameters=[
        query("origin", "Jurisdiction that awarded.", required=True, example="FR"),
        query("destination", "Who is asked.", required=True, example="ES"),
        query(
            "profession",
            "Code of a regulated profession; without one the answer is about studies "
            "and work that is not regulated.",
            example="nurse_general",
        ),
        query(
            "purpose",
            "Instead of the purposes that go with or without a profession.",
            enum=[purpose.value for purpose in Purpose],
        ),
        query("on", "The day that it is about; today without it.", format="date"),
        LANGUAGE_PARAMETER,
    ]
)
@blueprint.problems(404, 422, 503)
@blueprint.response(
    200,
    {
        "type": "object",
        "required": [
            "question",
            "authorities",
            "regimes",
            "durations",
            "agreements",
            "statements",
            "published_here",
            "programmes",
            "levels",
            "fee",
            "employer",
            "unknown",
            "links",
            "sources",
            "edition",
            "language",
        ],
    },
    example=examples.load("directory"),
)
def get_directory() -> Response:
    """Show all that is known of a way from an origin to a destination.

    Each item with its source and how it is known; `unknown` says plainly of what
    nothing is known in these tables. `regimes` are all rules that may apply, each with
    the circumstances under which it does; those of the tables come first. `durations`
    are published figures of authorities of this installation: too few cases tell
    nothing. Nothing here recognises a qualification.
    """
    found = runtime().directory(_way(read_query(_PARAMETERS)))
    document = directory_document(found, runtime().public_url, language())
    return json_answer({**document, "edition": edition_named(found.snapshot.edition)})


def _way(given: Mapping[str, str]) -> Way:
    """Return the way that parameters ask about.

    Raises:
        InvalidParametersError: One is missing, too long, or not what it should be.
    """
    for name, value in given.items():
        if not value:
            raise bad_parameter(name, "blank", "Leave it out, or give a value.")
        if len(value) > _LONGEST_CODE:
            raise bad_parameter(name, "too_long", "This is longer than any code.")
    for name in ("origin", "destination"):
        if name not in given:
            raise bad_parameter(name, "required", "This parameter is required.")
    purpose = read_choice(given, "purpose", [each.value for each in Purpose])
    return Way(
        origin=given["origin"],
        destination=given["destination"],
        profession=given.get("profession"),
        purpose=Purpose(purpose) if purpose else None,
        on=_day(given),
    )


def _day(given: Mapping[str, str]) -> date:
    text = given.get("on")
    if text is None:
        return runtime().now().date()
    day = read_date(text)
    if day is None:
        raise bad_parameter(
            "on", "not_a_date", "A date such as 2026-11-30 is expected."
        )
    return day
