"""Sets of questions that bodies ask one another; public."""

from flask import Response

from recognition_service.mutual_recognition.question_sets import (
    all_question_sets,
    as_document,
    question_set,
)
from recognition_service.web.api import examples
from recognition_service.web.bodies import read_query
from recognition_service.web.headers import for_any_origin
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page

blueprint = Blueprint(
    "question-sets", __name__, description="What bodies ask one another."
)
_SHAPE = {"type": "object", "required": ["id", "kind", "title", "questions"]}


@blueprint.route("/question-sets")
@for_any_origin
@blueprint.problems(422)
@blueprint.response(
    200,
    {"type": "object", "required": ["items", "next"]},
    example={"items": [examples.load("question_set")], "next": None},
)
def list_question_sets() -> Response:
    """List the sets of questions, whole and in all their languages."""
    read_query(())
    found = [as_document(each) for each in all_question_sets().values()]
    return json_answer(page(found, None))


@blueprint.route("/question-sets/<name>/<int:number>")
@for_any_origin
@blueprint.problems(404)
@blueprint.response(200, _SHAPE, example=examples.load("question_set"))
def get_question_set(name: str, number: int) -> Response:
    """Show a set of questions.

    A published set is never changed; a new one gets the next number.
    """
    return json_answer(as_document(question_set(f"{name}/{number}")))
