"""What a body does with a request, as a value that can travel to who leads it.

The same use cases are carried out whether the body lives here or elsewhere; only those
that a body can do who has not asked are here, because who asks leads.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.issue import Intent
from recognition_service.authorities.access import Caller
from recognition_service.authorities.peers import local_name
from recognition_service.exchange.errors import BodyUnfitError
from recognition_service.exchange.wire import Body
from recognition_service.mutual_recognition.accept import accept
from recognition_service.mutual_recognition.act_kinds import ActKind
from recognition_service.mutual_recognition.agreement_wire import read_text
from recognition_service.mutual_recognition.answer import NewAnswer, answer
from recognition_service.mutual_recognition.case_effects import Service
from recognition_service.mutual_recognition.forward import forward
from recognition_service.mutual_recognition.negotiate_agreement import (
    abandon_agreement,
    revise_agreement,
)
from recognition_service.mutual_recognition.negotiate_deadline import (
    negotiate_deadline,
)
from recognition_service.mutual_recognition.refuse import RefusalReason, refuse
from recognition_service.mutual_recognition.sides import VersionCheck, any_version
from recognition_service.mutual_recognition.sign_agreement import (
    Publisher,
    SignatureIntent,
    record_signature,
    withdraw_from_agreement,
)
from recognition_service.mutual_recognition.split import split
from recognition_service.mutual_recognition.told_content import (
    ATTACHMENT,
    read_attachment,
)
from recognition_service.recognition.case_file import EditionAtHand


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a body.

    Attributes:
        given: What the act needs besides the request, as JSON.
        at: When it was done where the body lives.
    """

    kind: ActKind
    given: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class ActDesk:
    """What acts need of the service.

    Attributes:
        service: Tables in force for who asked, and the prefix of what is issued.
        peer_edition: Tables in force for whom a list is forwarded to, or None.
        publisher: For the rows of agreements.
        check: Refuses another version than the caller has read.
    """

    service: Service
    publisher: Publisher
    peer_edition: EditionAtHand | None = None
    check: VersionCheck = any_version


@dataclass(frozen=True, slots=True)
class _Doing:
    """An act with everything that it needs."""

    session: Session
    caller: Caller
    request_id: UUID
    act: Act
    desk: ActDesk
    now: datetime


def carry_out_act(
    session: Session,
    caller: Caller,
    request_id: UUID,
    act: Act,
    desk: ActDesk,
    *,
    now: datetime,
) -> list[Intent]:
    """Do what a body wants to do. The caller owns the transaction.

    Returns:
        What is to be signed now, for who asked.

    Raises:
        BodyUnfitError: The act lacks what it needs.
        RecognitionError: As the use case of its kind.
    """
    return _DO[act.kind](_Doing(session, caller, request_id, act, desk, now))


def _accept(do: _Doing) -> list[Intent]:
    Body(do.act.given, "")
    accept(do.session, do.caller, do.request_id, check=do.desk.check, now=do.now)
    return []


def _answer(do: _Doing) -> list[Intent]:
    given = Body(do.act.given, "questions free_text attachments results")
    new = NewAnswer(
        questions=[
            {"id": each.text("id"), "answer": each.text("answer")}
            for each in given.each("questions", "id answer")
        ],
        free_text=given.optional("free_text", given.texts),
        attachments=[
            read_attachment(each) for each in given.each("attachments", ATTACHMENT)
        ],
        results=given.optional("results", lambda name: _results(given, name)),
        answered_at=min(do.act.at, do.now),
    )
    done = answer(
        do.session,
        do.caller,
        do.request_id,
        new,
        service=do.desk.service,
        check=do.desk.check,
        now=do.now,
    )
    return list(done.intents)


def _results(given: Body, name: str) -> list[dict[str, Any]]:
    return [
        {
            "position": each.number("position"),
            "result": each.optional("result", each.object),
            "problem": each.optional("problem", each.object),
        }
        for each in given.each(name, "position result problem")
    ]


def _refuse(do: _Doing) -> list[Intent]:
    given = Body(do.act.given, "reason free_text")
    refuse(
        do.session,
        do.caller,
        do.request_id,
        reason=given.optional("reason", lambda name: given.word(name, RefusalReason)),
        free_text=given.optional("free_text", given.texts),
        check=do.desk.check,
        now=do.now,
    )
    return []


def _forward(do: _Doing) -> list[Intent]:
    given = Body(do.act.given, "to free_text")
    to = local_name(do.session, given.text("to"))
    if to is None:
        raise BodyUnfitError("/to is not known here.")
    forward(
        do.session,
        do.caller,
        do.request_id,
        to,
        free_text=given.optional("free_text", given.texts),
        peer_edition=do.desk.peer_edition,
        check=do.desk.check,
        now=do.now,
    )
    return []


def _split(do: _Doing) -> list[Intent]:
    asked = Body(do.act.given, "questions").items("questions", str)
    split(do.session, do.caller, do.request_id, asked, check=do.desk.check, now=do.now)
    return []


def _deadline(do: _Doing) -> list[Intent]:
    answer_by = Body(do.act.given, "answer_by").day("answer_by")
    negotiate_deadline(
        do.session, do.caller, do.request_id, answer_by, check=do.desk.check, now=do.now
    )
    return []


def _revise(do: _Doing) -> list[Intent]:
    revise_agreement(
        do.session,
        do.caller,
        do.request_id,
        read_text(Body(do.act.given, "content").object("content")),
        tables=do.desk.service.edition.compiled.snapshot.tables,
        check=do.desk.check,
        now=do.now,
    )
    return []


def _sign(do: _Doing) -> list[Intent]:
    given = Body(do.act.given, "token claims")
    intent = SignatureIntent(do.request_id, "", "", given.object("claims"))
    record_signature(
        do.session,
        do.caller,
        intent,
        given.text("token"),
        publisher=do.desk.publisher,
        now=do.now,
    )
    return []


def _abandon(do: _Doing) -> list[Intent]:
    Body(do.act.given, "")
    abandon_agreement(
        do.session, do.caller, do.request_id, check=do.desk.check, now=do.now
    )
    return []


def _leave(do: _Doing) -> list[Intent]:
    Body(do.act.given, "")
    withdraw_from_agreement(
        do.session,
        do.caller,
        do.request_id,
        publisher=do.desk.publisher,
        check=do.desk.check,
        now=do.now,
    )
    return []


_DO: Mapping[ActKind, Callable[[_Doing], list[Intent]]] = {
    ActKind.ACCEPT: _accept,
    ActKind.ANSWER: _answer,
    ActKind.REFUSE: _refuse,
    ActKind.FORWARD: _forward,
    ActKind.SPLIT: _split,
    ActKind.DEADLINE: _deadline,
    ActKind.REVISE_AGREEMENT: _revise,
    ActKind.SIGN_AGREEMENT: _sign,
    ActKind.ABANDON_AGREEMENT: _abandon,
    ActKind.WITHDRAW_FROM_AGREEMENT: _leave,
}
