"""The papers of a request: announced, handed in, assessed, rejected, read."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request

from recognition_service.authorities.models import Role
from recognition_service.recognition.add_paper import add_paper, receive_paper
from recognition_service.recognition.assess_paper import assess_paper, reject_paper
from recognition_service.recognition.case_file import get_request, open_file
from recognition_service.recognition.paper_bytes import LARGEST_PAPER
from recognition_service.recognition.paper_document import paper_document
from recognition_service.recognition.paper_kinds import ReadingPurpose
from recognition_service.recognition.paper_models import SensitivePaper
from recognition_service.recognition.paper_proposal import proposal_of
from recognition_service.recognition.papers import (
    AnyPaper,
    content_of,
    file_name_of,
    get_paper,
    is_visible,
    papers_of,
    require_visible,
)
from recognition_service.recognition.read_paper import read_paper
from recognition_service.runtime.spoken import verification_document
from recognition_service.verification.report import Report
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.paper_bodies import (
    PaperAssessmentIn,
    PaperIn,
    PaperRejectionIn,
    new_assessment,
    new_paper,
)
from recognition_service.web.api.shapes import page_of, query
from recognition_service.web.bodies import (
    bad_parameter,
    media_type,
    read_bytes,
    read_choice,
    read_query,
)
from recognition_service.web.current import language, runtime
from recognition_service.web.etags import entity_tag, if_match, require_version
from recognition_service.web.files import as_file
from recognition_service.web.headers import ANY_TYPE
from recognition_service.web.idempotent import idempotent
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page

blueprint = Blueprint("papers", __name__, description="The papers of a request.")
_ALL = "/recognition-requests/<uuid:request_id>/papers"
_ONE = f"{_ALL}/<uuid:paper_id>"
_READERS = (Role.CLERK, Role.OFFICER, Role.SIGNATORY, Role.AUDITOR)
_UNDECLARED = "application/octet-stream"
_SHAPE: dict[str, Any] = {
    "type": "object",
    "required": ["id", "kind", "status", "is_sensitive", "links"],
}
_RECEIVED_SHAPE = {**_SHAPE, "required": [*_SHAPE["required"], "report", "proposal"]}
_EXAMPLE = examples.load("paper")
_RECEIVED = examples.load("paper_received")


@blueprint.route(_ALL, methods=["POST"])
@requires(Role.CLERK, Role.OFFICER)
@idempotent
@blueprint.arguments(PaperIn, example=examples.load("paper_body"))
@blueprint.problems(403, 404, 409)
@blueprint.response(201, _SHAPE, example=_EXAMPLE)
def add_request_paper(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Announce a paper of a request; its bytes are to follow.

    Criminal records, certificates of good standing, papers about health, and what
    translates such a paper, go to a store that is kept apart. A paper that `replaces`
    another one does so once its bytes are here.
    """
    with runtime().database.transaction() as session:
        added = add_paper(
            session, caller(), request_id, new_paper(body), now=runtime().now()
        )
    answer = _answer(request_id, added.id, 201)
    answer.headers["Location"] = f"{request.path}/{added.id}/content"
    return answer


@blueprint.route(_ALL)
@requires(*_READERS)
@blueprint.problems(403, 404)
@blueprint.response(
    200,
    page_of("The papers of the request, without their bytes."),
    example={"items": [_EXAMPLE], "next": None},
)
def list_request_papers(request_id: UUID) -> Response:
    """List the papers of a request, in the order in which they were announced.

    Of sensitive papers those who may not read them see that they are there: all but a
    few members are null. A request has 200 papers at most, so there is one page.
    """
    read_query(())
    by = caller()
    with runtime().database.reading() as session:
        owner, is_auditor = by.authority_id, Role.AUDITOR in by.roles
        papers = papers_of(session, owner, request_id, despite_block=is_auditor)
        version = get_request(
            session, owner, request_id, despite_block=is_auditor
        ).version
    items = [_document(paper) for paper in papers]
    return json_answer(page(items, None), 200, {"ETag": entity_tag(version)})


@blueprint.route(f"{_ONE}/content", methods=["PUT"])
@requires(Role.CLERK, Role.OFFICER)
@blueprint.doc(
    requestBody={
        "required": True,
        "content": {_UNDECLARED: {"schema": {"type": "string", "format": "binary"}}},
    }
)
@blueprint.problems(403, 404, 409, 413, 415, 422)
@blueprint.response(200, _RECEIVED_SHAPE, example=_RECEIVED)
@blueprint.alt_response(201, schema=_RECEIVED_SHAPE, example=_RECEIVED)
def put_paper_content(request_id: UUID, paper_id: UUID) -> Response:
    """Hand in the bytes of a paper that was announced.

    Size and digest must be those that were announced, `Content-Type` too where it is
    sent; up to 10 MiB are taken. Encrypted PDFs, PDFs that run, start or carry
    something, pictures of more than 40 megapixels and damaged files are refused.
    Answers 201 when the bytes came for the first time; the same again changes nothing.

    What may be a digital credential is verified: `report` says what came out, and
    `proposal` what a genuine one says about its award, for an officer to compare. Both
    are null for other papers.
    """
    by = caller()
    with runtime().database.reading() as session:
        paper = get_paper(session, by.authority_id, request_id, paper_id)
    if "Content-Type" in request.headers:
        media_type((paper.media_type, _UNDECLARED))
    content = read_bytes(LARGEST_PAPER)
    report = runtime().verify(content.strip()) if paper.is_credential else None
    with runtime().database.transaction() as session:
        is_new = receive_paper(
            session,
            by,
            request_id,
            paper_id,
            content,
            report=report,
            now=runtime().now(),
        )
    return _received(request_id, paper_id, report, 201 if is_new else 200)


@blueprint.route(f"{_ONE}/content")
@requires(*_READERS)
@blueprint.doc(
    parameters=[
        query(
            "purpose",
            "What a sensitive paper is read for; needed for these, and written down.",
            enum=list(ReadingPurpose),
        )
    ]
)
@blueprint.problems(403, 404, 422)
@blueprint.response(
    200,
    {"type": "string", "format": "binary"},
    content_type=ANY_TYPE,
    example="%PDF-1.7 …",
)
def get_paper_content(request_id: UUID, paper_id: UUID) -> Response:
    """Return a paper, as a file to be kept.

    Sensitive papers are for officers and signatories only; who reads one, when and
    what for is written down. What came was compared with its digest and looked into
    for what is dangerous to open; open it as carefully as any document from outside.
    """
    asked, by = read_query(("purpose",)), caller()
    purpose = read_choice(asked, "purpose", ReadingPurpose)
    with runtime().database.reading() as session:
        paper = get_paper(
            session,
            by.authority_id,
            request_id,
            paper_id,
            despite_block=Role.AUDITOR in by.roles,
        )
        require_visible(paper, by)
        is_apart = isinstance(paper, SensitivePaper)
        content = b"" if is_apart else content_of(session, paper)
    if is_apart:
        content = _read_sensitive(request_id, paper_id, purpose)
    return as_file(content, paper.media_type, file_name_of(paper))


@blueprint.route(f"{_ONE}/assessment", methods=["PUT"])
@requires(Role.OFFICER)
@if_match()
@blueprint.arguments(PaperAssessmentIn, example=examples.load("paper_assessment"))
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_paper_assessment(
    body: Mapping[str, Any], request_id: UUID, paper_id: UUID
) -> Response:
    """Record how well a paper is proven to be genuine.

    `issuer_signed` comes from a verification alone. `confirmed_by_issuer` needs who
    confirmed it, by which channel and when. An apostille proves signature, capacity
    and seal, never the content: it makes a paper `legalised` at most.
    """
    with runtime().database.transaction() as session:
        _check_version(session, request_id)
        assess_paper(
            session,
            caller(),
            request_id,
            paper_id,
            new_assessment(body),
            now=runtime().now(),
        )
    return _answer(request_id, paper_id)


@blueprint.route(f"{_ONE}/rejection", methods=["PUT"])
@requires(Role.OFFICER)
@if_match()
@blueprint.arguments(
    PaperRejectionIn,
    example={"reason": "illegible", "note": "The second page is cut off."},
)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_paper_rejection(
    body: Mapping[str, Any], request_id: UUID, paper_id: UUID
) -> Response:
    """Say that a paper does not count, and why; it stays in the file."""
    with runtime().database.transaction() as session:
        _check_version(session, request_id)
        reject_paper(
            session, caller(), request_id, paper_id, **body, now=runtime().now()
        )
    return _answer(request_id, paper_id)


def _read_sensitive(request_id: UUID, paper_id: UUID, purpose: str | None) -> bytes:
    if purpose is None:
        raise bad_parameter("purpose", "required", "Say what you read it for.")
    with runtime().database.transaction() as session:
        return read_paper(
            session,
            caller(),
            request_id,
            paper_id,
            purpose=ReadingPurpose(purpose),
            now=runtime().now(),
        )


def _check_version(session: Any, request_id: UUID) -> None:
    found = get_request(session, caller().authority_id, request_id, to_change=True)
    require_version(found.version)


def _document(paper: AnyPaper) -> dict[str, Any]:
    return paper_document(
        paper,
        public_url=runtime().public_url,
        is_visible=is_visible(paper, caller()),
    )


def _answer(request_id: UUID, paper_id: UUID, status: int = 200) -> Response:
    owner = caller().authority_id
    with runtime().database.reading() as session:
        paper = get_paper(session, owner, request_id, paper_id)
        version = get_request(session, owner, request_id).version
    return json_answer(_document(paper), status, {"ETag": entity_tag(version)})


def _received(
    request_id: UUID, paper_id: UUID, report: Report | None, status: int
) -> Response:
    """Answer with a paper whose bytes came, and with what its verification gave."""
    owner = caller().authority_id
    with runtime().database.reading() as session:
        paper = get_paper(session, owner, request_id, paper_id)
        file = open_file(session, owner, request_id)
    document = _document(paper) | {
        "report": report and verification_document(report, language()),
        "proposal": report and proposal_of(report, file.applicant),
    }
    return json_answer(document, status, {"ETag": entity_tag(file.request.version)})
