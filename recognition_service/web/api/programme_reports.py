"""What became of a programme: figures of the tracks that one's own authority keeps."""

import csv
import io

from flask import Response, request

from recognition_service.authorities.models import Role
from recognition_service.equivalence.errors import UnknownCodeError, nearest
from recognition_service.runtime.spoken_programme_report import (
    report_document,
    report_rows,
)
from recognition_service.statistics.programme_report import (
    ALL,
    ProgrammeReport,
    read_year,
)
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.shapes import LANGUAGE_PARAMETER, query
from recognition_service.web.api.statistics import CSV, JSON, READERS
from recognition_service.web.bodies import read_choice, read_query
from recognition_service.web.current import language, runtime
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "programme-reports",
    __name__,
    description="What became of programmes, safe to publish.",
)
_FORMATS = {"csv": CSV, "json": JSON}
_CSV_EXAMPLE = (
    "figure,months,row,column,value,unit,standing,sdg,gcm\r\n"
    "participants,,,,118,persons,known,4.3,18\r\n"
    "employed_share,12,,,0.81,share,known,8.5,18\r\n"
    "participants_by_sex,,female,home,41,persons,known,4.4 10.7,5 18\r\n"
)


@blueprint.route("/programmes/<code>/report")
@requires(*READERS, Role.PROVIDER)
@blueprint.doc(
    parameters=[
        query(
            "period",
            "A calendar year that is over; else all of them.",
            example="2026",
            default=ALL,
            pattern="^([0-9]{4}|all)$",
        ),
        query("format", "Instead of `Accept`.", enum=list(_FORMATS)),
        LANGUAGE_PARAMETER,
    ]
)
@blueprint.problems(403, 404, 422, 503)
@blueprint.also_answers(CSV, example=_CSV_EXAMPLE)
@blueprint.response(
    200,
    {
        "type": "object",
        "required": ["programme", "authority", "period", "indicators", "tables"],
    },
    example=examples.load("programme_report"),
)
def get_programme_report(code: str) -> Response:
    """Report on a programme: who took part, what was awarded, what became of them.

    Of the tracks that the caller's authority keeps, in years that are over. Counts
    that would tell about single persons are null, as in statistics, for whoever asks.
    `standing` tells apart what is hidden, what nobody recorded, and what is never
    asked for. Indicators name the goals of the United Nations that they speak to.
    """
    given = read_query(("period", "format", "lang"))
    year = read_year(given.get("period", ALL))
    wanted = read_choice(given, "format", _FORMATS)
    owner = caller().authority_id
    report = runtime().programme_report(owner, code, year)
    programmes = runtime().snapshot().programmes
    described = programmes.get(code)
    if described is None and not report.is_kept:
        raise UnknownCodeError("programme", code, nearest(code, programmes))
    media_type = (
        _FORMATS[wanted]
        if wanted
        else request.accept_mimetypes.best_match([JSON, CSV], JSON)
    )
    if media_type == CSV:
        return _csv_answer(report)
    figures = described.figures if described else ()
    return json_answer(
        report_document(report, figures, language()), headers={"Vary": "Accept"}
    )


def _csv_answer(report: ProgrammeReport) -> Response:
    written = io.StringIO()
    csv.writer(written).writerows(report_rows(report))
    return Response(
        written.getvalue(),
        content_type=f"{CSV}; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="programme-report.csv"',
            "Vary": "Accept",
        },
    )
