"""What a qualification or a level of one country is elsewhere.

A hot endpoint: no schema, no row object between the snapshot and the answer.
"""

from collections.abc import Mapping
from datetime import date

from flask import Response

from recognition_service.authorities.found import get_authority
from recognition_service.credentials.errors import MalformedJSONError
from recognition_service.equivalence.compare import compare
from recognition_service.equivalence.facts import faults_of
from recognition_service.equivalence.question import Question
from recognition_service.frameworks.instruments import Purpose
from recognition_service.runtime.spoken_answer import equivalence_document
from recognition_service.web.access import identify
from recognition_service.web.api import examples
from recognition_service.web.api.shapes import LANGUAGE_PARAMETER, query
from recognition_service.web.bodies import (
    bad_parameter,
    bad_parameters,
    parse_json,
    read_query,
)
from recognition_service.web.current import language, runtime
from recognition_service.web.fields import read_date
from recognition_service.web.headers import for_any_origin
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "equivalences",
    __name__,
    description="Answers from published, dated and sourced tables.",
)
_PARAMETERS = (
    "origin",
    "destination",
    "qualification",
    "framework",
    "level",
    "purpose",
    "awarded_on",
    "training_started_on",
    "profession",
    "target_framework",
    "facts",
    "authority",
    "lang",
)
_LONGEST_CODE = 200
_LONGEST_FACTS = 8_192
_SUBJECTS = ("qualification", "framework", "level")
_PURPOSES = {purpose.value: purpose for purpose in Purpose}


@blueprint.route("/equivalences")
@for_any_origin
@blueprint.doc(
    parameters=[
        query("origin", "Jurisdiction that awarded.", required=True, example="LV"),
        query("destination", "Who is asked.", required=True, example="BE-FR"),
        query("qualification", "Id of a type of qualification."),
        query("framework", "Framework of the level that is held.", example="LV-LKI"),
        query("level", "The level, as that framework writes it.", example="6"),
        query(
            "purpose",
            "What the answer is for.",
            enum=[purpose.value for purpose in Purpose],
            default=Purpose.GENERAL_EMPLOYMENT.value,
        ),
        query(
            "awarded_on",
            "Date of the award. Without it nothing is decided.",
            format="date",
            example="2019-06-28",
        ),
        query("training_started_on", "Start of the training.", format="date"),
        query("profession", "Code of a regulated profession."),
        query("target_framework", "Answer in this framework only."),
        query(
            "facts",
            "What else is known, as a JSON object of known facts.",
            example='{"final_grade": "8.5/10"}',
        ),
        query("authority", "Adds the rows which this authority has published."),
        LANGUAGE_PARAMETER,
    ],
    security=[{}, {"bearer": []}],
)
@blueprint.problems(400, 401, 404, 422, 503)
@blueprint.response(
    200,
    {
        "type": "object",
        "required": [
            "question",
            "result",
            "no_answer",
            "decides",
            "outcome",
            "levels",
            "path",
            "held",
            "conditions",
            "rows",
            "sources",
            "reasons",
            "explanation",
            "edition",
            "language",
        ],
    },
    example=examples.load("equivalence"),
)
def compare_qualification() -> Response:
    """Compare a qualification or a level.

    Exactly one of `qualification`, or `framework` with `level`, is asked about. The
    answer says on which rows and sources it rests and what it is worth: levels are
    information, never a recognition. "No answer" is an answer (200).
    """
    given = read_query(_PARAMETERS)
    authority = _whose_rows(given)
    question = read_question(given, runtime().now().date())
    snapshot = runtime().snapshot(authority)
    answer = compare(snapshot, question)
    return json_answer(equivalence_document(answer, snapshot, language()))


def _whose_rows(given: Mapping[str, str]) -> str | None:
    """Return the authority whose own rows are laid over the shared ones, if any.

    Raises:
        AuthorityNotFoundError: The named one does not exist.
        UnauthenticatedError: A key that is not valid.
    """
    caller = identify()
    if caller is not None and given.get("authority") is None:
        return caller.authority_id
    return published_rows(given)


def published_rows(given: Mapping[str, str]) -> str | None:
    """Return the authority that a query names, None without one.

    Raises:
        AuthorityNotFoundError: It does not exist.
    """
    named = given.get("authority")
    if named is None:
        return None
    with runtime().database.reading() as session:
        return get_authority(session, named).id


def read_question(given: Mapping[str, str], asked_on: date) -> Question:
    """Return the question that parameters ask.

    Raises:
        InvalidParametersError: One is missing, too long, or not what it should be.
    """
    for name, value in given.items():
        if not value:
            raise bad_parameter(name, "blank", "Leave it out, or give a value.")
        if name != "facts" and len(value) > _LONGEST_CODE:
            raise bad_parameter(name, "too_long", "This is longer than any code.")
    return Question(
        origin=_required(given, "origin"),
        destination=_required(given, "destination"),
        asked_on=asked_on,
        purpose=_purpose(given),
        awarded_on=_date(given, "awarded_on"),
        training_started_on=_date(given, "training_started_on"),
        profession=given.get("profession"),
        target_framework=given.get("target_framework"),
        facts=_facts(given),
        **_subject(given),
    )


def _subject(given: Mapping[str, str]) -> dict[str, str]:
    """Return what is asked about: a qualification, or a framework and a level."""
    names = [name for name in _SUBJECTS if name in given]
    if names in (["qualification"], ["framework", "level"]):
        return {name: given[name] for name in names}
    missing = {"framework": "level", "level": "framework"}
    raise bad_parameter(
        missing[names[0]] if len(names) == 1 else "qualification",
        "question_not_clear",
        "Give either a qualification, or a framework and a level.",
    )


def _required(given: Mapping[str, str], name: str) -> str:
    if name not in given:
        raise bad_parameter(name, "required", "This parameter is required.")
    return given[name]


def _purpose(given: Mapping[str, str]) -> Purpose:
    purpose = _PURPOSES.get(given.get("purpose", Purpose.GENERAL_EMPLOYMENT.value))
    if purpose is None:
        raise bad_parameter(
            "purpose", "not_in_enum", f"One of {', '.join(_PURPOSES)} is expected."
        )
    return purpose


def _date(given: Mapping[str, str], name: str) -> date | None:
    text = given.get(name)
    if text is None:
        return None
    day = read_date(text)
    if day is None:
        raise bad_parameter(
            name, "not_a_date", "A date such as 2019-06-28 is expected."
        )
    return day


def _facts(given: Mapping[str, str]) -> Mapping[str, object]:
    text = given.get("facts")
    if text is None:
        return {}
    try:
        facts = parse_json(text.encode(), _LONGEST_FACTS)
    except MalformedJSONError as error:
        raise bad_parameter("facts", error.reason, str(error)) from error
    if not isinstance(facts, dict):
        raise bad_parameter("facts", "not_facts", "An object of facts is expected.")
    faults = [
        (f"facts/{name[:_LONGEST_CODE]}", code, what)
        for name, code, what in faults_of(facts)
    ]
    if faults:
        raise bad_parameters(faults)
    return facts
