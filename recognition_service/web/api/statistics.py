"""Figures about the cases of one's own authority, safe to publish."""

import csv
import io
from collections.abc import Iterable

from flask import Response, request

from recognition_service.authorities.models import Role
from recognition_service.runtime.spoken_statistics import (
    csv_rows,
    figures_document,
    frame_document,
    indicators_document,
)
from recognition_service.statistics.count import Asked, require_countable
from recognition_service.statistics.dimensions import (
    Dimension,
    Measure,
    dimensions_of,
)
from recognition_service.statistics.periods import Period, read_period
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.shapes import LANGUAGE_PARAMETER, query
from recognition_service.web.bodies import bad_parameter, read_choice, read_query
from recognition_service.web.current import language, runtime
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "statistics", __name__, description="Figures about cases, safe to publish."
)
READERS = (Role.OBSERVER, Role.CLERK, Role.OFFICER, Role.SIGNATORY, Role.AUDITOR)
CSV, JSON = "text/csv", "application/json"
FORMATS = {"csv": CSV, "json": JSON}
PERIOD = query(
    "period",
    "A quarter or a year that is over.",
    required=True,
    example="2026-Q3",
    pattern="^[0-9]{4}(-Q[1-4])?$",
)
FRAME = ["authority", "period", "dated", "threshold"]
_CSV_EXAMPLE = (
    "origin,outcome,cases,suppressed\r\n"
    "LV,full,41,false\r\nLV,refused,,true\r\ntotal,total,118,false\r\n"
)


@blueprint.route("/statistics")
@requires(*READERS)
@blueprint.doc(
    parameters=[
        PERIOD,
        query(
            "measure",
            "What is counted (requests, decisions, the substantial differences that "
            "decisions found) or measured in days: from complete papers, or from the "
            "request, to the decision; or while the clock stood.",
            enum=[measure.value for measure in Measure],
            default=Measure.DECISIONS.value,
        ),
        query(
            "by",
            "Up to two dimensions, parted by a comma; one for days. Requests are "
            f"counted by {', '.join(dimensions_of(Measure.APPLICATIONS))}; all else by "
            f"any of {', '.join(dimensions_of(Measure.DECISIONS))}; differences by "
            f"{Dimension.COVERED_BY} too, which tells what makes up for them.",
            example="origin,outcome",
        ),
        query("format", "Instead of `Accept`.", enum=list(FORMATS)),
        LANGUAGE_PARAMETER,
    ]
)
@blueprint.problems(403, 422)
@blueprint.also_answers(CSV, example=_CSV_EXAMPLE)
@blueprint.response(
    200,
    {"type": "object", "required": [*FRAME, "measure", "by", "cells", "totals"]},
    example=examples.load("statistics"),
)
def get_statistics() -> Response:
    """Count the authority's cases of a quarter or a year.

    Counts below `threshold` are null, with `suppressed` true, and so are others from
    which they would follow; of differences, counts behind which fewer cases could
    stand. Small groups of an open list are together in
    `all_other`. Nothing that is shown leads to a person, so it can be published.
    """
    given = read_query(("period", "measure", "by", "format", "lang"))
    period = asked_period(given)
    measure = read_choice(given, "measure", list(Measure)) or Measure.DECISIONS
    asked = _asked(Measure(measure), given.get("by", ""))
    media_type = asked_format(given)
    owner = caller().authority_id
    (figures,), dated = runtime().count_cases(owner, period, [asked])
    if media_type == CSV:
        return csv_answer(csv_rows(figures), f"{owner}-{period}-{measure}.csv")
    rules = runtime().statistics_rules
    return json_answer(
        {
            **frame_document(owner, period, rules, dated),
            **figures_document(figures, language()),
        }
    )


@blueprint.route("/statistics/indicators")
@requires(*READERS)
@blueprint.doc(parameters=[PERIOD, LANGUAGE_PARAMETER])
@blueprint.problems(403, 422)
@blueprint.response(
    200,
    {"type": "object", "required": [*FRAME, "refusal_rate", "segregation"]},
    example=examples.load("statistics_indicators"),
)
def get_statistics_indicators() -> Response:
    """Sum a quarter or a year up in a few numbers.

    They follow from counts that are shown; a null value is one that would tell what
    is hidden. `appealed_share` is told once the quarter after the period is over.
    """
    given = read_query(("period", "lang"))
    owner = caller().authority_id
    found = runtime().statistics_overview(owner, asked_period(given))
    return json_answer(
        {
            **frame_document(owner, found.period, found.rules, found.dated),
            **indicators_document(found, language()),
        }
    )


def asked_period(given: dict[str, str]) -> Period:
    """Return the period that a query names.

    Raises:
        InvalidParametersError: It names none.
        PeriodNotPublishedError: It is neither a quarter nor a year.
    """
    if not given.get("period"):
        raise bad_parameter("period", "required", "Name a period, such as 2026-Q3.")
    return read_period(given["period"])


def _asked(measure: Measure, written: str) -> Asked:
    """Return what is asked for.

    Raises:
        InvalidParametersError: A dimension is not known; the known ones are named.
        StatisticsQuestionError: It is not counted in this way.
    """
    names = written.split(",") if written else []
    allowed = dimensions_of(measure)
    if not set(names) <= set(allowed):
        detail = f"One of {', '.join(allowed)} is expected."
        raise bad_parameter("by", "not_in_enum", detail)
    asked = Asked(measure, tuple(Dimension(name) for name in names))
    require_countable(asked)
    return asked


def asked_format(given: dict[str, str]) -> str:
    """Return the media type that a query or `Accept` asks for.

    Raises:
        InvalidParametersError: The query names another one.
    """
    wanted = read_choice(given, "format", FORMATS)
    if wanted is not None:
        return FORMATS[wanted]
    return request.accept_mimetypes.best_match([JSON, CSV], JSON)


def csv_answer(rows: Iterable[list[str]], name: str) -> Response:
    """Answer with rows as a file for spreadsheets."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return Response(
        text.getvalue(),
        content_type=f"{CSV}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Vary": "Accept",
        },
    )
