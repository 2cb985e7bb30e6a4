"""Cases that were examined though nothing had to be: counted, and listed."""

from flask import Response

from recognition_service.recognition.case_file import list_requests
from recognition_service.recognition.read import summary
from recognition_service.runtime.spoken_statistics import (
    frame_document,
    re_examination_rows,
    re_examinations_document,
)
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.own_lists import read_own_page
from recognition_service.web.api.shapes import LANGUAGE_PARAMETER, query
from recognition_service.web.api.statistics import (
    CSV,
    FORMATS,
    FRAME,
    PERIOD,
    READERS,
    asked_format,
    asked_period,
    csv_answer,
)
from recognition_service.web.bodies import read_query
from recognition_service.web.current import language, runtime
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "re-examinations",
    __name__,
    description="Cases that were examined though nothing had to be.",
)
PARAMETER = "re_examined"
_ONLY_THESE = "true"
_LIST = "recognition-requests-re-examined"
_CSV_EXAMPLE = (
    "by,group,re_examination,cases,suppressed\r\n"
    "origin,LV,not_examined,41,false\r\norigin,LV,agreed_list,,true\r\n"
)


@blueprint.route("/statistics/re-examinations")
@requires(*READERS)
@blueprint.doc(
    parameters=[
        PERIOD,
        query("format", "Instead of `Accept`.", enum=list(FORMATS)),
        LANGUAGE_PARAMETER,
    ]
)
@blueprint.problems(403, 422)
@blueprint.also_answers(CSV, example=_CSV_EXAMPLE)
@blueprint.response(
    200,
    {"type": "object", "required": [*FRAME, "re_examined_share", "tables"]},
    example=examples.load("re_examinations"),
)
def get_re_examinations() -> Response:
    """Count decisions that needed no examination, and those examined nevertheless.

    By origin, destination and profession, each by what had settled the case:
    `not_examined` took the short path, every group but `examination_needed` was
    examined in spite of it. Counts are protected as in `/statistics`. The cases of
    the authority itself are listed at `/recognition-requests?re_examined=true`.
    """
    given = read_query(("period", "format", "lang"))
    period, media_type = asked_period(given), asked_format(given)
    owner = caller().authority_id
    found, dated = runtime().re_examinations(owner, period)
    if media_type == CSV:
        rows = re_examination_rows(found)
        return csv_answer(rows, f"{owner}-{period}-re-examinations.csv")
    rules = runtime().statistics_rules
    return json_answer(
        {
            **frame_document(owner, period, rules, dated),
            **re_examinations_document(found, language()),
        }
    )


def list_re_examined_requests() -> Response:
    """Answer with a page of the caller's cases that were examined without need.

    Raises:
        InvalidParametersError: A parameter of the query does not fit.
        InvalidCursorError: The cursor belongs to another list or filter.
    """
    asked = read_own_page(_LIST, PARAMETER, (_ONLY_THESE,))
    with runtime().database.reading() as session:
        found = list_requests(
            session,
            asked.owner,
            is_re_examined=True,
            after=asked.after,
            limit=asked.limit + 1,
        )
    url = runtime().public_url
    items = [summary(row, public_url=url) for row in found[: asked.limit]]
    return asked.answer(items, found=len(found))
