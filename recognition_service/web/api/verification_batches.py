"""Many attestations verified in one request, answered line by line."""

from collections.abc import Iterator
from typing import Any

from flask import Response

from recognition_service.attestations.batches import problem_of
from recognition_service.errors import RecognitionError
from recognition_service.runtime.spoken import verification_document
from recognition_service.web.api.shapes import LANGUAGE_PARAMETER
from recognition_service.web.api.verifications import read_question
from recognition_service.web.bodies import (
    LARGEST_PRESENTATION,
    bad_member,
    media_type,
    parse_json,
    read_bytes,
    read_query,
)
from recognition_service.web.current import language, runtime
from recognition_service.web.errors import BodyTooLargeError
from recognition_service.web.headers import for_any_origin
from recognition_service.web.json_answers import json_bytes
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "verification_batches",
    __name__,
    description="Many checks at once, without an account.",
)
LINES = "application/jsonl"
MOST_LINES = 1000


@blueprint.route("/verification-batches", methods=["POST"])
@for_any_origin
@blueprint.doc(
    parameters=[LANGUAGE_PARAMETER],
    requestBody={
        "required": True,
        "content": {
            LINES: {
                "schema": {
                    "type": "string",
                    "description": "One question a line: a token as a JSON string, "
                    "or an object as the body of `POST /verifications`.",
                },
                "example": '"eyJhbGciOiJFUzI1NiIs…"\n{"credential": "eyJ…"}\n',
            }
        },
    },
)
@blueprint.problems(400, 413, 415, 422, 503)
@blueprint.response(
    200,
    {"type": "string", "description": "One report a line, each with its `row`."},
    content_type=LINES,
    example='{"row": 1, "verdict": "valid", "code": "valid"}\n',
)
def verify_credentials() -> Response:
    """Verify many attestations.

    Up to 1,000 lines are answered in their order, each with its `row` and the report
    that `POST /verifications` gives, or with the `problem` of a line that is no
    question. Nothing of what was presented is stored.
    """
    read_query(("lang",))
    media_type((LINES, "application/x-ndjson"))
    lines = read_bytes(LARGEST_PRESENTATION).splitlines()
    numbered = [(row, line) for row, line in enumerate(lines, 1) if line.strip()]
    if not numbered:
        raise bad_member("", "required", "The body has no line.")
    if len(numbered) > MOST_LINES:
        raise BodyTooLargeError(f"Up to {MOST_LINES} lines are read here.")
    answers = b"".join(json_bytes(answer) + b"\n" for answer in _answers(numbered))
    return Response(answers, content_type=LINES)


def _answers(numbered: list[tuple[int, bytes]]) -> Iterator[dict[str, Any]]:
    """Yield what each line is answered, in order."""
    questions, problems = {}, {}
    for row, line in numbered:
        try:
            questions[row] = read_question(parse_json(line, LARGEST_PRESENTATION))
        except RecognitionError as error:
            problems[row] = problem_of(error)
    reports = dict(
        zip(questions, runtime().verify_many(list(questions.values())), strict=True)
    )
    spoken = language()
    for row, _ in numbered:
        if row in problems:
            yield {"row": row, "problem": problems[row]}
        else:
            yield {"row": row, **verification_document(reports[row], spoken)}
