"""The assessment of a case: saved by officers, read and exported without the person."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.recognition.assess import save_assessment
from recognition_service.recognition.assessment_document import assessment_document
from recognition_service.recognition.case_file import open_file
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.assessment_bodies import AssessmentIn, new_assessment
from recognition_service.web.api.case_answers import (
    check_version,
    spoken_equivalence,
    spoken_short_path,
)
from recognition_service.web.api.shapes import LANGUAGE_PARAMETER, query
from recognition_service.web.bodies import read_choice, read_query
from recognition_service.web.current import language, runtime
from recognition_service.web.etags import entity_tag, if_match
from recognition_service.web.files import as_file
from recognition_service.web.json_answers import json_answer, json_bytes
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "assessments",
    __name__,
    description="Cases as assessors see them: without a person.",
)
_ONE = "/recognition-requests/<uuid:request_id>/assessment"
_READERS = (Role.CLERK, Role.OFFICER, Role.SIGNATORY, Role.AUDITOR)
_CSV, _JSON = "text/csv", "application/json"
_FORMATS = {"csv": f"{_CSV}; charset=utf-8", "json": _JSON}
_SHAPE = {
    "type": "object",
    "required": ["request", "version", "qualifications", "differences", "suggestions"],
}
_EXAMPLE = examples.load("assessment")
_COLUMNS = (
    "case",
    "part",
    "held_qualification",
    "title",
    "origin",
    "name",
    "result",
    "held",
    "required",
    "reason",
)
_CSV_EXAMPLE = (
    ",".join(_COLUMNS)
    + "\r\nREC-2026-000001,element,0,Technicien spécialisé,MA,level,same,5,5,\r\n"
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute."""


@blueprint.route(_ONE)
@requires(*_READERS)
@blueprint.doc(
    parameters=[
        query("format", "Answer a file to be kept.", enum=list(_FORMATS)),
        LANGUAGE_PARAMETER,
    ],
)
@blueprint.problems(403, 404, 422)
@blueprint.also_answers(_CSV, example=_CSV_EXAMPLE)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def get_assessment(request_id: UUID) -> Response:
    """Show how a case is assessed, what that rests on, and what is suggested.

    Neither the person's name nor sex, age, nationality or birth place is in it, and
    papers are without titles and file names. `suggestions` has what the tables say,
    how the authority decided about the same title before, and in `short_path` why
    nothing has to be examined, if so, with a decision written as far as it follows. As
    `csv` it has one row for each element, paper and difference.
    """
    given = read_query(("format", "lang"))
    wanted = read_choice(given, "format", _FORMATS)
    document, version = _read(request_id)
    if wanted is None:
        return json_answer(document, 200, {"ETag": entity_tag(version)})
    name = f"assessment-{document['request']['number'] or request_id}.{wanted}"
    content = json_bytes(document) if wanted == "json" else _as_csv(document)
    return as_file(content, _FORMATS[wanted], name)


@blueprint.route(_ONE, methods=["PUT"])
@requires(Role.OFFICER)
@if_match()
@blueprint.arguments(AssessmentIn, example=examples.load("assessment_body"))
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_assessment(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Save how a case is assessed, whole; earlier versions are kept.

    The case becomes `assessing` where its rules let that follow and nothing is waited
    for; a decision that was prepared is to be written anew. `note` is for colleagues:
    it is added to the notes, and the applicant never sees it.
    """
    with runtime().database.transaction() as session:
        check_version(session, request_id)
        save_assessment(
            session, caller(), request_id, new_assessment(body), now=runtime().now()
        )
    document, version = _read(request_id)
    return json_answer(document, 200, {"ETag": entity_tag(version)})


def _read(request_id: UUID) -> tuple[dict[str, Any], int]:
    """Return the document and the version of the request."""
    by = caller()
    snapshot = runtime().snapshot(by.authority_id)
    with runtime().database.reading() as session:
        file = open_file(
            session,
            by.authority_id,
            request_id,
            despite_block=Role.AUDITOR in by.roles,
        )
        document = assessment_document(
            session,
            file,
            snapshot,
            public_url=runtime().public_url,
            now=runtime().now(),
        )
        version = file.request.version
    suggested = document["suggestions"]
    suggested["equivalence"] = spoken_equivalence(suggested["equivalence"], language())
    suggested["short_path"] = spoken_short_path(
        suggested["short_path"], document["request"]["status"], language()
    )
    return document, version


def _as_csv(document: Mapping[str, Any]) -> bytes:
    text = io.StringIO()
    rows = csv.DictWriter(text, _COLUMNS, restval="")
    rows.writeheader()
    case = document["request"]["number"] or document["request"]["id"]
    for row in _rows(document):
        told = {"case": case, **row}
        rows.writerow({name: _cell(value) for name, value in told.items()})
    return text.getvalue().encode()


def _rows(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield elements and papers of each qualification, then the differences."""
    for held in document["qualifications"]:
        of = {name: held[name] for name in ("held_qualification", "title", "origin")}
        for element, found in held["elements"].items():
            yield {"part": "element", **of, "name": element, **found}
        for paper in held["papers"]:
            yield {**_paper_row(paper), **of}
    for paper in document["papers"]:
        yield _paper_row(paper)
    for difference in document["differences"]:
        covered = [cover["kind"] for cover in difference["covered_by"]]
        yield {
            "part": "difference",
            "name": difference["subject"],
            "result": "; ".join(covered),
            "required": difference["why_essential"],
            "reason": difference["why_not_covered"],
        }


def _paper_row(paper: Mapping[str, Any]) -> dict[str, Any]:
    grade = paper["authenticity"]["grade"]
    return {"part": "paper", "name": paper["kind"], "result": grade}


def _cell(value: Any) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
