"""Cohorts by CSV: enrolled, examined, awarded and attested by files."""

from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.attestations.drafts import COMMON_COPIES, NewCopy
from recognition_service.authorities.models import Role
from recognition_service.dual_certification.apply_rows import (
    CohortFileKind,
    FileRow,
    FileSettings,
    find_tracks,
)
from recognition_service.dual_certification.kept_files import file_document
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.cohort_csv import FORMS, LARGEST_FILE, SIGNATURES
from recognition_service.web.api.dual_certification_cohorts import signed_document
from recognition_service.web.api.records import FORMATS_PARAMETER, read_formats
from recognition_service.web.api.shapes import page_of, query
from recognition_service.web.bodies import (
    bad_parameter,
    media_type,
    read_bytes,
    read_choice,
    read_query,
    reads_up_to,
)
from recognition_service.web.current import runtime
from recognition_service.web.files import as_file
from recognition_service.web.idempotent import idempotent
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page

blueprint = Blueprint(
    "dual-certification-files",
    __name__,
    description="Cohorts by CSV files: each is taken whole, or not at all.",
)
CSV = "text/csv"
_LIST = "/dual-certifications"
_KEEPERS = (Role.CLERK, Role.OFFICER, Role.PROVIDER)
_FILE = {
    "required": True,
    "content": {CSV: {"schema": {"type": "string"}}},
}
_SHAPE: dict[str, Any] = {
    "type": "object",
    "required": ["kind", "state", "dry_run", "total", "done", "failed", "problems"],
}
_TAKEN = examples.load("cohort_file")
_DRY_RUN = query(
    "dry_run",
    "Look through the whole file and change nothing.",
    enum=["true", "false"],
)
_PROGRAMME = query(
    "programme",
    "Where participants are looked for; needed unless each row names its track.",
    example="prog-example-1",
)
_PROBLEMS = (400, 403, 413, 415, 422, 503)


@blueprint.route(f"{_LIST}/csv-enrolments", methods=["POST"])
@requires(*_KEEPERS)
@reads_up_to(LARGEST_FILE)
@idempotent
@blueprint.doc(
    parameters=[
        query("like", "The track whose curriculum they follow.", required=True),
        _DRY_RUN,
    ],
    requestBody=_FILE,
)
@blueprint.problems(404, *_PROBLEMS)
@blueprint.alt_response(202, schema=_SHAPE, example=_TAKEN)
@blueprint.response(200, _SHAPE, example=_TAKEN)
def post_csv_enrolments() -> Response:
    """Enrol the participants of a CSV file, up to 10,000 in 16 MiB, all or nobody.

    They follow programme and curriculum of the track `like`, which your authority
    keeps. What is wrong is told by `row`, the line in the file, and column.
    """
    given = read_query(("like", "dry_run"))
    try:
        like = UUID(given.get("like", ""))
    except ValueError as error:
        raise bad_parameter("like", "not_an_id", "The id of a track.") from error
    return _take(CohortFileKind.ENROLMENTS, FileSettings(like=like), given)


@blueprint.route(f"{_LIST}/csv-results", methods=["POST"])
@requires(*_KEEPERS)
@reads_up_to(LARGEST_FILE)
@idempotent
@blueprint.doc(parameters=[_PROGRAMME, _DRY_RUN], requestBody=_FILE)
@blueprint.problems(*_PROBLEMS)
@blueprint.alt_response(202, schema=_SHAPE, example=_TAKEN)
@blueprint.response(200, _SHAPE, example=_TAKEN)
def post_csv_results() -> Response:
    """Record the results of a CSV file, up to 10,000 in 16 MiB, all or none.

    A result that stands already just so is left as it is. Of more than 1,000 rows the
    answer is 202 and tells where the progress is.
    """
    given = read_query(("programme", "dry_run"))
    settings = FileSettings(programme=given.get("programme"))
    return _take(CohortFileKind.RESULTS, settings, given)


@blueprint.route(f"{_LIST}/csv-awards", methods=["POST"])
@requires(Role.OFFICER)
@reads_up_to(LARGEST_FILE)
@idempotent
@blueprint.doc(parameters=[_PROGRAMME, _DRY_RUN], requestBody=_FILE)
@blueprint.problems(*_PROBLEMS)
@blueprint.alt_response(202, schema=_SHAPE, example=_TAKEN)
@blueprint.response(200, _SHAPE, example=_TAKEN)
def post_csv_awards() -> Response:
    """Decide about the awards of a CSV file, up to 10,000 in 16 MiB, all or none.

    Each row follows the rules for a single award. Unlike the same list as JSON, one row
    that is refused leaves all others undecided.
    """
    given = read_query(("programme", "dry_run"))
    settings = FileSettings(programme=given.get("programme"))
    return _take(CohortFileKind.AWARDS, settings, given)


@blueprint.route(f"{_LIST}/csv-joint-signatures", methods=["POST"])
@requires(Role.SIGNATORY)
@reads_up_to(LARGEST_FILE)
@idempotent
@blueprint.doc(parameters=[_PROGRAMME, FORMATS_PARAMETER], requestBody=_FILE)
@blueprint.problems(409, *_PROBLEMS)
@blueprint.response(
    200,
    page_of("What was signed over each track, in their order."),
    example=examples.load("joint_signatures"),
)
def post_csv_joint_signatures() -> Response:
    """Sign the joint awards of the tracks of a CSV file for your authority.

    Nothing is signed if a row cannot be read or names nobody. Then each track is signed
    by the rules for a single one; one that fails stops no other, and repeating the file
    makes nothing twice.
    """
    given = read_query(("programme", "formats"))
    copies: tuple[NewCopy, ...] = COMMON_COPIES
    if "formats" in given:
        copies = tuple(NewCopy(kind) for kind in read_formats(given["formats"]))
    media_type((CSV,))
    rows = SIGNATURES.read(read_bytes())
    _require_programme(rows, given.get("programme"))
    with runtime().database.reading() as session:
        tracks = find_tracks(session, caller(), rows, given.get("programme"))
    results = runtime().sign_cohort(caller(), tracks, copies)
    items = [
        {"row": row.line, "track": str(track), **signed_document(results[track])}
        for row, track in zip(rows, tracks, strict=True)
    ]
    return json_answer(page(items, None))


@blueprint.route(f"{_LIST}/csv-template")
@requires(*_KEEPERS, Role.SIGNATORY)
@blueprint.doc(
    parameters=[
        query("kind", "Of which kind of file.", enum=list(FORMS), required=True)
    ]
)
@blueprint.problems(403, 422)
@blueprint.response(
    200,
    {"type": "string"},
    content_type=CSV,
    example=FORMS["joint-signatures"].template().decode(),
)
def get_csv_template() -> Response:
    """Return an empty file with the columns of one kind."""
    kind = read_choice(read_query(("kind",)), "kind", FORMS)
    if kind is None:
        raise bad_parameter("kind", "required", f"One of {', '.join(FORMS)}.")
    return as_file(FORMS[kind].template(), f"{CSV}; charset=utf-8", f"{kind}.csv")


@blueprint.route(f"{_LIST}/csv-files/<uuid:file_id>")
@requires(*_KEEPERS, Role.AUDITOR)
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example=_TAKEN)
def get_csv_file(file_id: UUID) -> Response:
    """Tell how far a file has come, with the rows that could not be carried out.

    A large file was looked through whole when it came in; a row fails only if the track
    has changed since. The first hundred are told.
    """
    return _answer(file_id, 200)


def _take(
    kind: CohortFileKind, settings: FileSettings, given: dict[str, str]
) -> Response:
    """Read a file, and try it or carry it out."""
    is_trial = read_choice(given, "dry_run", ("true", "false")) == "true"
    media_type((CSV,))
    rows = FORMS[kind].read(read_bytes())
    if kind is not CohortFileKind.ENROLMENTS:
        _require_programme(rows, settings.programme)
    if is_trial:
        runtime().try_cohort_file(caller(), kind, rows, settings)
        return json_answer(
            {
                "id": None,
                "kind": kind,
                "state": "finished",
                "dry_run": True,
                "total": len(rows),
                "waiting": 0,
                "done": 0,
                "failed": 0,
                "created_at": None,
                "finished_at": None,
                "problems": [],
                "links": {},
            }
        )
    file_id = runtime().take_cohort_file(caller(), kind, rows, settings)
    return _answer(file_id)


def _require_programme(rows: list[FileRow], programme: str | None) -> None:
    if programme is None and any("track" not in row.cells for row in rows):
        raise bad_parameter("programme", "required", "Participants of which programme?")


def _answer(file_id: UUID, status: int | None = None) -> Response:
    with runtime().database.reading() as session:
        document = file_document(
            session, caller().authority_id, file_id, public_url=runtime().public_url
        )
    if status is None:
        status = 202 if document["state"] == "running" else 200
    headers = {"Location": document["links"]["self"]} if status == 202 else {}  # noqa: PLR2004  # Accepted.
    return json_answer(document, status, headers)
