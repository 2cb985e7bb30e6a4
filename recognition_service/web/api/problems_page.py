"""What the code of a problem means."""

from flask import Response, render_template, request

from recognition_service.errors import NotFoundError, RecognitionError
from recognition_service.runtime.spoken import PROBLEM, sentence
from recognition_service.web.api.shapes import LANGUAGE_PARAMETER
from recognition_service.web.current import language
from recognition_service.web.headers import for_any_origin
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.problems import all_kinds, status_of

blueprint = Blueprint("problems", __name__, description="Codes of problems explained.")
_HTML, _JSON = "text/html", "application/json"


@blueprint.route("/problems/<code>")
@for_any_origin
@blueprint.doc(parameters=[LANGUAGE_PARAMETER])
@blueprint.problems(404)
@blueprint.response(
    200,
    {"type": "object", "required": ["code", "title", "status", "explanation"]},
    example={
        "code": "invalid_cursor",
        "title": "This cursor does not belong to this list",
        "status": 400,
        "explanation": "Begin the list again without a cursor.",
        "language": "en",
    },
)
def explain_problem(code: str) -> Response:
    """Explain a problem.

    Title and explanation of a `code`, as JSON, or as a page for browsers.
    """
    kind = next((kind for kind in all_kinds() if kind.code == code), None)
    if kind is None:
        raise NotFoundError("There is no problem of this code.")
    document = {
        "code": code,
        "title": kind.title,
        "status": status_of(kind),
        "explanation": _explanation(kind, code),
        "language": language(),
    }
    if request.accept_mimetypes.best_match([_JSON, _HTML], _JSON) == _HTML:
        response = Response(render_template("problem_explained.html", **document))
    else:
        response = json_answer(document)
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _explanation(kind: type[RecognitionError], code: str) -> str:
    written = sentence(PROBLEM, code, {}, language())
    return written or (kind.__doc__ or kind.title).strip().splitlines()[0]
