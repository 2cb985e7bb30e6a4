"""A case as doors answer with it, and what its changes have in common."""

from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.attestations.issue import Intent
from recognition_service.attestations.reserve import reserve
from recognition_service.authorities.models import Role
from recognition_service.recognition.case_file import get_request, open_file
from recognition_service.recognition.decide import SignedDecision
from recognition_service.recognition.lifecycle import OPEN
from recognition_service.recognition.looks import must_note_look, note_look
from recognition_service.recognition.read import as_document
from recognition_service.recognition.short_path import SHORT_PATH
from recognition_service.runtime.spoken import (
    NOT_ALLOWED,
    REASON,
    short_path_text,
    with_condition_texts,
    with_texts,
)
from recognition_service.web.access import caller
from recognition_service.web.current import language, runtime
from recognition_service.web.etags import entity_tag, require_version
from recognition_service.web.json_answers import json_answer


def check_version(session: Any, request_id: UUID) -> None:
    """Refuse a change of a request that is not the version that was read."""
    request = get_request(session, caller().authority_id, request_id, to_change=True)
    require_version(request.version)


def reserve_signed(session: Any, signed: SignedDecision | None) -> list[Intent]:
    """Reserve the attestation in the transaction of the signature.

    A decision that no mandate covers, or for which there is no key, is not signed.
    """
    if signed is None or signed.attestation is None:
        return []
    return reserve(
        session,
        caller().authority_id,
        signed.attestation,
        public_url=runtime().public_url,
        actor=caller().actor,
        now=runtime().now(),
    ).intents


def finish(intents: list[Intent]) -> None:
    """Sign what was reserved."""
    runtime().finish(intents, actor=caller().actor)


def answer(request_id: UUID, status: int = 200) -> Response:
    """Answer with a request whole, with sentences in the caller's language.

    What is blocked is answered to auditors only.
    """
    by = caller()
    with runtime().database.reading() as session:
        file = open_file(
            session,
            by.authority_id,
            request_id,
            despite_block=Role.AUDITOR in by.roles,
        )
        document = as_document(
            session, file, public_url=runtime().public_url, now=runtime().now()
        )
        version = file.request.version
    return json_answer(_spoken(document), status, {"ETag": entity_tag(version)})


def note_look_of_caller(request_id: UUID) -> None:
    """Write down that a person reads a request whole, once an hour.

    Raises:
        RequestNotFoundError: The authority has no such request.
    """
    by, now = caller(), runtime().now()
    with runtime().database.reading() as session:
        get_request(session, by.authority_id, request_id, despite_block=True)
        is_new = must_note_look(session, by, request_id, now=now)
    if is_new:
        with runtime().database.transaction() as session:
            note_look(session, by, request_id, now=now)


def _spoken(document: dict[str, Any]) -> dict[str, Any]:
    """Put sentences beside codes, in the caller's language."""
    spoken = language()
    routing, decision = document["routing"], document["decision"]
    document["short_path"] = path = spoken_short_path(
        document["short_path"], document["status"], spoken
    )
    reasons = [
        {**each, "text": path["text"]} if path and each["code"] == SHORT_PATH else each
        for each in routing["reasons"]
    ]
    routing["reasons"] = with_texts(REASON, reasons, spoken)
    document["equivalence"] = spoken_equivalence(document["equivalence"], spoken)
    if decision is not None:
        decision["reasons"] = with_texts(REASON, decision["reasons"], spoken)
        decision["does_not_allow_texts"] = with_texts(
            NOT_ALLOWED, [{"code": code} for code in decision["does_not_allow"]], spoken
        )
    return document


def spoken_short_path(
    path: dict[str, Any] | None, status: str, spoken: str
) -> dict[str, Any] | None:
    """Return why no examination is needed in a case of a status, with a sentence."""
    if path is None:
        return None
    return {**path, "text": short_path_text(path, spoken, is_open=status in OPEN)}


def spoken_equivalence(
    answer: dict[str, Any] | None, spoken: str
) -> dict[str, Any] | None:
    """Return what the tables answered with sentences beside its codes."""
    if answer is None:
        return None
    return {
        **answer,
        "reasons": with_texts(REASON, answer["reasons"], spoken),
        "conditions": with_condition_texts(answer["conditions"], spoken),
    }
