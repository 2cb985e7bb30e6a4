"""Batches: many records or changes of status, handed in as lines of JSON.

Lines are checked and kept while they come in, so that the body is never whole in
memory; the batch is worked on when it was received whole. What became of each line is
told line by line.
"""

from collections.abc import Callable
from http import HTTPStatus
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

import orjson
from flask import Response

from recognition_service.attestations import batches
from recognition_service.attestations.batches import (
    BatchState,
    Line,
    Progress,
    RowState,
    problem_of,
)
from recognition_service.attestations.models import (
    Batch,
    BatchKind,
    BatchRow,
)
from recognition_service.authorities.models import Role
from recognition_service.clock import format_instant
from recognition_service.errors import RecognitionError
from recognition_service.recognition.records import open_desk
from recognition_service.storage.errors import IdempotencyInProgressError
from recognition_service.storage.ids import new_id
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.casework_bodies import ChangeIn, as_json
from recognition_service.web.api.records import (
    FORMATS_PARAMETER,
    LARGEST_LINE,
    read_formats,
    read_line,
    read_lines,
)
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.bodies import (
    bad_member,
    fit,
    media_type,
    parse_json,
    read_choice,
    read_query,
)
from recognition_service.web.current import runtime
from recognition_service.web.errors import BodyTooLargeError
from recognition_service.web.idempotent import KEY_PARAMETER, read_key
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page, read_cursor, read_limit, write_cursor

blueprint = Blueprint(
    "batches", __name__, description="Thousands of attestations in one request."
)
LINES = "application/jsonl"
_ACCEPTED = (LINES, "application/x-ndjson", "application/json-seq")
MOST_LINES = 100_000
_LINES_AT_ONCE = 1000
_READERS = (Role.CLERK, Role.OFFICER, Role.SIGNATORY, Role.AUDITOR)
_PATHS = {
    BatchKind.ISSUE: "attestation-batches",
    BatchKind.STATUS: "status-batches",
}
_CHANGE = ChangeIn()
STATE_PARAMETER = query(
    "state", "Only lines that have come this far.", enum=list(RowState)
)
_SHAPE = {
    "type": "object",
    "required": ["id", "state", "total", "waiting", "done", "failed"],
}
_KEYS = UUID("b3d8f3a2-1f0e-5c4b-8f57-52b9a4c7d001")
"""Namespace of the ids that batches get from the keys of their callers."""

Reader = Callable[[bytes], dict[str, Any] | RecognitionError]


@blueprint.route("/attestation-batches", methods=["POST"])
@requires(Role.SIGNATORY)
@blueprint.doc(
    parameters=[
        FORMATS_PARAMETER,
        KEY_PARAMETER,
    ],
    requestBody={
        "required": True,
        "content": {
            LINES: {
                "schema": {
                    "type": "string",
                    "description": "One record a line, as `record` of "
                    "`POST /attestations`.",
                }
            }
        },
    },
)
@blueprint.problems(400, 403, 409, 413, 415, 422, 503)
@blueprint.response(202, _SHAPE, example=examples.load("attestation_batch"))
def post_attestation_batch() -> Response:
    """Hand in decisions of another case system, to be attested together.

    Each line is attested on its own: one that does not fit is told in `rows` and
    holds up no other. `external_reference` names a decision, so that handing in the
    same line again attests nothing twice.
    """
    formats = read_formats(read_query(("formats",)).get("formats", "vc_jwt"))
    now, by = runtime().now(), caller()
    edition = runtime().edition(by.authority_id)
    with runtime().database.reading() as session:
        open_desk(session, by, edition=edition, now=now)
    return _receive(
        BatchKind.ISSUE,
        read_line,
        formats=[kind.value for kind in formats],
        edition=edition.as_value(),
    )


@blueprint.route("/attestation-batches")
@requires(*_READERS)
@blueprint.doc(parameters=PAGE_PARAMETERS)
@blueprint.problems(400, 403, 422)
@blueprint.response(
    200, page_of("Batches."), example=examples.load("attestation_batches")
)
def list_attestation_batches() -> Response:
    """List the authority's batches of attestations, oldest first."""
    return _list(BatchKind.ISSUE)


@blueprint.route("/attestation-batches/<uuid:batch_id>")
@requires(*_READERS)
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example=examples.load("attestation_batch"))
def get_attestation_batch(batch_id: UUID) -> Response:
    """Show how far a batch of attestations has come."""
    return _show(BatchKind.ISSUE, batch_id)


@blueprint.route("/attestation-batches/<uuid:batch_id>/rows")
@requires(*_READERS)
@blueprint.doc(parameters=[STATE_PARAMETER, *PAGE_PARAMETERS])
@blueprint.problems(400, 403, 404, 422)
@blueprint.response(
    200, page_of("What became of each line."), example=examples.load("batch_rows")
)
def list_attestation_batch_rows(batch_id: UUID) -> Response:
    """Tell what became of each line of a batch of attestations."""
    return _list_rows(BatchKind.ISSUE, batch_id)


@blueprint.route("/status-batches", methods=["POST"])
@requires(Role.OFFICER, Role.SIGNATORY)
@blueprint.doc(
    parameters=[KEY_PARAMETER],
    requestBody={
        "required": True,
        "content": {
            LINES: {
                "schema": {
                    "type": "string",
                    "description": "A line: `attestation`, `status`, `reason`, and "
                    "`note` and `superseded_by` if there are any.",
                }
            }
        },
    },
)
@blueprint.problems(400, 403, 409, 413, 415, 422, 503)
@blueprint.response(202, _SHAPE, example=examples.load("status_batch"))
def post_status_batch() -> Response:
    """Suspend, reinstate, revoke or supersede many attestations.

    The status lists are published once, when the last line is done.
    """
    read_query(())
    return _receive(BatchKind.STATUS, _read_change)


@blueprint.route("/status-batches")
@requires(*_READERS)
@blueprint.doc(parameters=PAGE_PARAMETERS)
@blueprint.problems(400, 403, 422)
@blueprint.response(200, page_of("Batches."), example=examples.load("status_batches"))
def list_status_batches() -> Response:
    """List the authority's batches of changes of status, oldest first."""
    return _list(BatchKind.STATUS)


@blueprint.route("/status-batches/<uuid:batch_id>")
@requires(*_READERS)
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example=examples.load("status_batch"))
def get_status_batch(batch_id: UUID) -> Response:
    """Show how far a batch of changes of status has come."""
    return _show(BatchKind.STATUS, batch_id)


@blueprint.route("/status-batches/<uuid:batch_id>/rows")
@requires(*_READERS)
@blueprint.doc(parameters=[STATE_PARAMETER, *PAGE_PARAMETERS])
@blueprint.problems(400, 403, 404, 422)
@blueprint.response(
    200, page_of("What became of each line."), example=examples.load("batch_rows")
)
def list_status_batch_rows(batch_id: UUID) -> Response:
    """Tell what became of each line of a batch of changes of status."""
    return _list_rows(BatchKind.STATUS, batch_id)


def _receive(kind: BatchKind, read: Reader, **more: Any) -> Response:
    """Keep the lines of the body as a batch; nothing is kept of half a body."""
    media_type(_ACCEPTED)
    by, database = caller(), runtime().database
    batch_id, is_known = _begin(kind, **more)
    if is_known:
        return _answer(kind, batch_id, 202)
    is_whole, total = False, 0
    try:
        numbered = enumerate(read_lines(), start=1)
        lines = (
            _line(position, read(text)) for position, text in numbered if text.strip()
        )
        while chunk := list(islice(lines, _LINES_AT_ONCE)):
            total += len(chunk)
            if total > MOST_LINES:
                raise BodyTooLargeError(f"A batch has up to {MOST_LINES} lines.")
            with database.transaction() as session:
                batches.add_lines(session, by.authority_id, batch_id, chunk)
        if not total:
            raise bad_member("", "required", "The body has no line.")
        with database.transaction() as session:
            batches.start_batch(
                session,
                by.authority_id,
                batch_id,
                total=total,
                now=runtime().now(),
            )
        is_whole = True
    finally:
        if not is_whole:
            with database.transaction() as session:
                batches.drop_batch(session, by.authority_id, batch_id)
    return _answer(kind, batch_id, 202)


def _begin(kind: BatchKind, **more: Any) -> tuple[UUID, bool]:
    """Open a batch; tell whether it is one that was handed in before.

    Raises:
        IdempotencyInProgressError: It is being handed in right now.
    """
    now, by = runtime().now(), caller()
    key = read_key()
    name = f"{by.authority_id}\n{kind}\n{key}"
    batch_id = new_id(now) if key is None else uuid5(_KEYS, name)
    with runtime().database.transaction() as session:
        known = batches.find_batch(session, by.authority_id, batch_id)
        if known is not None and known.state != BatchState.RECEIVING:
            return batch_id, True
        if known is not None:
            raise IdempotencyInProgressError("This batch is being handed in.")
        batches.open_batch(
            session,
            by.authority_id,
            batch_id,
            kind=kind,
            actor=by.actor,
            now=now,
            **more,
        )
    return batch_id, False


def _line(position: int, found: dict[str, Any] | RecognitionError) -> Line:
    if isinstance(found, RecognitionError):
        return Line(position, None, problem_of(found))
    return Line(position, orjson.dumps(found))


def _read_change(text: bytes) -> dict[str, Any] | RecognitionError:
    try:
        return {
            name: str(value) if isinstance(value, UUID) else value
            for name, value in as_json(
                fit(_CHANGE, parse_json(text, LARGEST_LINE))
            ).items()
        }
    except RecognitionError as error:
        return error


def _list(kind: BatchKind) -> Response:
    given = read_query(("cursor", "limit"))
    limit, authority_id = read_limit(given.get("limit")), caller().authority_id
    name = f"{authority_id}/{kind}"
    position = read_cursor(name, {}, given.get("cursor"), 1)
    after = UUID(str(position[0])) if position else None
    with runtime().database.reading() as session:
        found = batches.list_batches(
            session, authority_id, kind, after=after, limit=limit + 1
        )
        items = [
            _document(batch, batches.progress(session, batch))
            for batch in found[:limit]
        ]
    following = (
        write_cursor(name, {}, [items[-1]["id"]]) if len(found) > limit else None
    )
    return json_answer(page(items, following))


def _list_rows(kind: BatchKind, batch_id: UUID) -> Response:
    given = read_query(("state", "cursor", "limit"))
    state, limit = read_choice(given, "state", RowState), read_limit(given.get("limit"))
    name, filters = f"{caller().authority_id}/{batch_id}/rows", {"state": state}
    position = read_cursor(name, filters, given.get("cursor"), 1)
    with runtime().database.reading() as session:
        batch = batches.get_batch(session, caller().authority_id, batch_id, kind)
        found = batches.list_rows(
            session,
            batch,
            state=state,
            after=int(position[0]) if position else 0,
            limit=limit + 1,
        )
    items = [_row(row) for row in found[:limit]]
    following = (
        write_cursor(name, filters, [items[-1]["row"]]) if len(found) > limit else None
    )
    return json_answer(page(items, following))


def _show(kind: BatchKind, batch_id: UUID) -> Response:
    read_query(())
    return _answer(kind, batch_id, 200)


def _answer(kind: BatchKind, batch_id: UUID, status: int) -> Response:
    with runtime().database.reading() as session:
        batch = batches.get_batch(session, caller().authority_id, batch_id, kind)
        document = _document(batch, batches.progress(session, batch))
    location = {"Location": document["links"]["self"]}
    return json_answer(document, status, location if status != HTTPStatus.OK else {})


def _document(batch: Batch, progress: Progress) -> dict[str, Any]:
    here = f"/api/v1/{_PATHS[BatchKind(batch.kind)]}/{batch.id}"
    finished = batch.finished_at
    return {
        "id": str(batch.id),
        "state": batch.state,
        "total": progress.total,
        "waiting": progress.waiting,
        "done": progress.done,
        "failed": progress.failed,
        "created_at": format_instant(batch.created_at),
        "finished_at": None if finished is None else format_instant(finished),
        "links": {"self": here, "rows": f"{here}/rows"},
    }


def _row(row: BatchRow) -> dict[str, Any]:
    found = row.attestation_id
    return {
        "row": row.position,
        "state": row.state,
        "attestation": None
        if found is None
        else {"id": str(found), "href": f"/api/v1/attestations/{found}"},
        "problem": row.problem,
    }
