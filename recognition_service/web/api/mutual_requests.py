"""Requests to other authorities, awarding bodies and schools: ask, accept, answer."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.mutual_recognition.accept import accept
from recognition_service.mutual_recognition.act_kinds import ActKind
from recognition_service.mutual_recognition.addressees import wire_address
from recognition_service.mutual_recognition.answer import NewAnswer, answer
from recognition_service.mutual_recognition.ask import ask
from recognition_service.mutual_recognition.ask_more import FurtherQuestions, ask_more
from recognition_service.mutual_recognition.case_effects import Service
from recognition_service.mutual_recognition.close import close
from recognition_service.mutual_recognition.forward import forward
from recognition_service.mutual_recognition.negotiate_deadline import (
    negotiate_deadline,
)
from recognition_service.mutual_recognition.read import as_document
from recognition_service.mutual_recognition.refuse import refuse
from recognition_service.mutual_recognition.sides import get_row
from recognition_service.mutual_recognition.split import split
from recognition_service.mutual_recognition.withdraw import withdraw
from recognition_service.runtime.spoken import with_question_texts
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.casework_bodies import EmptyIn
from recognition_service.web.api.mutual_request_bodies import (
    AnswerIn,
    DeadlineIn,
    ForwardingIn,
    FurtherQuestionsIn,
    MutualRequestIn,
    NoteIn,
    RefusalIn,
    SplitIn,
    answer_given,
    new_attachments,
    new_mutual_request,
)
from recognition_service.web.api.mutual_request_rows import (
    LARGEST_LIST,
    read_mutual_request,
)
from recognition_service.web.api.shapes import LANGUAGE_PARAMETER
from recognition_service.web.bodies import reads_up_to
from recognition_service.web.current import language, runtime
from recognition_service.web.etags import entity_tag, if_match, require_version
from recognition_service.web.idempotent import idempotent
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "mutual-requests",
    __name__,
    description="Requests to other authorities, awarding bodies and schools.",
)
READERS = (Role.CLERK, Role.OFFICER, Role.SIGNATORY, Role.AUDITOR)
_WRITERS = (Role.CLERK, Role.OFFICER)
_ONE = "/mutual-requests/<uuid:request_id>"
SHAPE = {"type": "object", "required": ["id", "kind", "status", "questions", "links"]}
EXAMPLE = examples.load("mutual_request")
_Act = Callable[..., Any]


@blueprint.route("/mutual-requests", methods=["POST"])
@requires(*_WRITERS)
@reads_up_to(LARGEST_LIST)
@idempotent
@blueprint.reads(MutualRequestIn, example=examples.load("mutual_request_body"))
@blueprint.problems(403, 409)
@blueprint.response(201, SHAPE, example=EXAMPLE)
def send_mutual_request() -> Response:
    """Ask another body.

    The questions come from a published set. With a case of yours the person and the
    qualification are described from it, and its clock may be held. A list
    (`recognition_list`) asks to recognise what its rows name, up to 10,000 of them in a
    body of at most 16 MiB; it is sent whole or not at all. An officer may propose an
    agreement on equivalent titles (`agreement_proposal`); it is revised and signed at
    /agreements, under the same id.
    """
    now, by = runtime().now(), caller()
    new = new_mutual_request(read_mutual_request())
    edition = runtime().edition(by.authority_id)
    peer_edition = None
    if new.terms is not None:  # Only the caller's tables know what both have agreed.
        peer_edition = edition if new.installation else runtime().edition(new.to)
    with runtime().database.transaction() as session:
        row = ask(session, by, new, edition=edition, peer_edition=peer_edition, now=now)
    answered = show_request(row.id, 201)
    answered.headers["Location"] = f"/api/v1/mutual-requests/{row.id}"
    return answered


@blueprint.route(_ONE)
@requires(*READERS)
@blueprint.doc(parameters=[LANGUAGE_PARAMETER])
@blueprint.problems(403, 404)
@blueprint.response(200, SHAPE, example=EXAMPLE)
def get_mutual_request(request_id: UUID) -> Response:
    """Show a request whole, as your authority may see it.

    Who asks and who answers see its content; a coordinator, and who has forwarded it,
    see what happened to it only (`access`). `allowed` says what you can do now.
    """
    return show_request(request_id)


@blueprint.route(f"{_ONE}/acceptance", methods=["PUT"])
@requires(*_WRITERS)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=EXAMPLE)
def put_acceptance(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Accept a request: promise to answer all of it.

    The rows of a list become cases of yours within seconds. What you cannot answer is
    split off or forwarded before. The date that was proposed to you is agreed thereby.
    """
    del body
    if _asked_leader(request_id, ActKind.ACCEPT, {}):
        return show_request(request_id)
    return _done(accept, request_id)


@blueprint.route(f"{_ONE}/answer", methods=["PUT"])
@requires(*_WRITERS)
@if_match()
@blueprint.arguments(AnswerIn, example=examples.load("mutual_answer"))
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=EXAMPLE)
def put_answer(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Answer a request: every question at once, or every row of a list.

    A confirmed award is evidence in the case of who asked. A list is answered with what
    was decided about its rows.
    """
    by, now = caller(), runtime().now()
    if _asked_leader(request_id, ActKind.ANSWER, answer_given(body)):
        return show_request(request_id)
    with runtime().database.reading() as session:
        asker = get_row(session, by.authority_id, request_id).asker
    service = Service(runtime().edition(asker), runtime().public_url)
    new = NewAnswer(
        questions=body["questions"],
        free_text=body["free_text"],
        attachments=new_attachments(body["attachments"]),
    )
    with runtime().database.transaction() as session:
        done = answer(
            session,
            by,
            request_id,
            new,
            service=service,
            check=require_version,
            now=now,
        )
    runtime().finish_if_possible(
        done.intents, actor=f"authority:{done.row.authority_id}"
    )
    return show_request(request_id)


@blueprint.route(f"{_ONE}/refusal", methods=["PUT"])
@requires(*_WRITERS)
@if_match()
@blueprint.arguments(RefusalIn, example={"reason": "not_competent"})
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=EXAMPLE)
def put_refusal(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Decline a request that was not accepted, or an agreement at any time."""
    if _asked_leader(request_id, ActKind.REFUSE, dict(body)):
        return show_request(request_id)
    return _done(refuse, request_id, reason=body["reason"], free_text=body["free_text"])


@blueprint.route(f"{_ONE}/forwarding", methods=["PUT"])
@requires(*_WRITERS)
@if_match()
@blueprint.arguments(ForwardingIn, example={"to": {"authority": "ma-demo"}})
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=EXAMPLE)
def put_forwarding(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Forward a request to the body that can answer it, even after accepting it.

    Nobody gets it twice. Afterwards you see what happens to it, and nothing of its
    content.
    """
    to, by = body["to"], caller()
    with runtime().database.reading() as session:
        is_list = get_row(session, by.authority_id, request_id).terms is not None
        address = wire_address(session, to.authority, to.installation)
    given = {"to": address, "free_text": body["free_text"]}
    if address is not None and _asked_leader(request_id, ActKind.FORWARD, given):
        return show_request(request_id)
    return _done(
        forward,
        request_id,
        to.authority,
        installation=to.installation,
        peer_edition=runtime().edition(to.authority) if is_list else None,
        free_text=body["free_text"],
    )


@blueprint.route(f"{_ONE}/split", methods=["PUT"])
@requires(*_WRITERS)
@if_match()
@blueprint.arguments(SplitIn, example={"questions": ["accredited_at_award"]})
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=EXAMPLE)
def put_split(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Make some of the questions a request of their own, to be forwarded then.

    Its id is the last one of `children`.
    """
    questions = [asked["id"] for asked in body["questions"]]
    if _asked_leader(request_id, ActKind.SPLIT, {"questions": questions}):
        return show_request(request_id)
    return _done(split, request_id, questions)


@blueprint.route(f"{_ONE}/deadline", methods=["PUT"])
@requires(*_WRITERS)
@if_match()
@blueprint.arguments(DeadlineIn, example={"answer_by": "2026-12-15"})
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=EXAMPLE)
def put_deadline(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Agree to the proposed date by naming it, or propose another one.

    The side moves that has not made the proposal that stands.
    """
    given = {"answer_by": body["answer_by"].isoformat()}
    if _asked_leader(request_id, ActKind.DEADLINE, given):
        return show_request(request_id)
    return _done(negotiate_deadline, request_id, body["answer_by"])


@blueprint.route(f"{_ONE}/closure", methods=["PUT"])
@requires(*_WRITERS)
@if_match()
@blueprint.arguments(NoteIn)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=EXAMPLE)
def put_closure(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Close a request whose answer satisfies you."""
    return _done(close, request_id, free_text=body["free_text"])


@blueprint.route(f"{_ONE}/withdrawal", methods=["PUT"])
@requires(*_WRITERS)
@if_match()
@blueprint.arguments(NoteIn)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=EXAMPLE)
def put_mutual_withdrawal(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Withdraw a request of yours that nobody has answered."""
    return _done(withdraw, request_id, free_text=body["free_text"])


@blueprint.route(f"{_ONE}/questions", methods=["POST"])
@requires(*_WRITERS)
@idempotent
@if_match(required=False)
@blueprint.arguments(FurtherQuestionsIn, example={"questions": ["award_date"]})
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=EXAMPLE)
def ask_further_questions(body: Mapping[str, Any], request_id: UUID) -> Response:
    """Ask for more after an answer: further questions, or an explanation."""
    new = FurtherQuestions(
        questions=body["questions"],
        free_text=body["free_text"],
        attachments=new_attachments(body["attachments"]),
        answer_by=body["proposed_answer_by"],
    )
    return _done(ask_more, request_id, new)


def _asked_leader(request_id: UUID, kind: ActKind, given: Mapping[str, Any]) -> bool:
    """Ask the other installation if it leads this request; tell whether it does."""
    return runtime().ask_leader(
        caller(), request_id, kind, given, check=require_version
    )


def _done(act: _Act, request_id: UUID, *subjects: Any, **more: Any) -> Response:
    """Carry out an act in one transaction, and answer what came of it."""
    with runtime().database.transaction() as session:
        act(
            session,
            caller(),
            request_id,
            *subjects,
            **more,
            check=require_version,
            now=runtime().now(),
        )
    return show_request(request_id)


def show_request(request_id: UUID, status: int = 200) -> Response:
    """Return a request whole, as the caller's authority may see it."""
    with runtime().database.reading() as session:
        row = get_row(session, caller().authority_id, request_id)
        document = as_document(
            session, row, public_url=runtime().public_url, now=runtime().now()
        )
    document["questions"] = with_question_texts(
        row.question_set, document["questions"], language()
    )
    return json_answer(document, status, {"ETag": entity_tag(row.version)})
