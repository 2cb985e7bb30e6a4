"""The kinds of messages that the outbox can hold, and how each is carried out.

A message may be carried out more than once (a worker can die before it says so),
so every kind has the same effect the second time.
"""

from datetime import timedelta
from uuid import UUID

from recognition_service.attestations.bases import END_WITH_BASE
from recognition_service.attestations.dependents import end_with_base
from recognition_service.attestations.joint_status import JOINT_WITHDRAWN
from recognition_service.attestations.marks import PUBLISH_STATUS
from recognition_service.attestations.publish import lists_due
from recognition_service.dual_certification.kept_files import COHORT_FILE
from recognition_service.mutual_recognition.list_acts import LIST_WORK
from recognition_service.mutual_recognition.open_cases import OPEN_CASES
from recognition_service.recognition.ending import END_PROVISIONAL
from recognition_service.recognition.letters import RENDER_LETTER
from recognition_service.recognition.provisional import end_provisional
from recognition_service.recognition.silence import ATTEST_DECISION
from recognition_service.runtime.runtime import Runtime
from recognition_service.storage import outbox
from recognition_service.storage.outbox import Message
from recognition_service.worker.errors import (
    MessageUnreadableError,
    UnknownMessageError,
)

_PARTS = 10
"""Of a long list as many are worked on in a turn."""
_NEXT_TURN = timedelta(seconds=1)


def carry_out(runtime: Runtime, message: Message) -> None:
    """Do what a message asks.

    Raises:
        UnknownMessageError: Its kind is not known here.
        MessageUnreadableError: Its content is not that of its kind.
        RecognitionError: It did not work; trying again may help.
    """
    match message.kind:
        case kind if kind == PUBLISH_STATUS:
            _publish_status(runtime, message)
        case kind if kind == JOINT_WITHDRAWN:
            # Who is told that another body withdrew finds it in the own lists.
            runtime.publish_lists(message.authority_id)
        case kind if kind == END_WITH_BASE:
            _end_with_base(runtime, message)
        case kind if kind == ATTEST_DECISION:
            _attest_decision(runtime, message)
        case kind if kind == END_PROVISIONAL:
            _end_provisional(runtime, message)
        case kind if kind == RENDER_LETTER:
            _render_letter(runtime, message)
        case kind if kind == OPEN_CASES:
            _open_cases(runtime, message)
        case kind if kind == LIST_WORK:
            _work_on_list(runtime, message)
        case kind if kind == COHORT_FILE:
            _work_on_file(runtime, message)
        case _:
            raise UnknownMessageError(f"{message.kind} is not known here.")


def _id_in(message: Message, member: str) -> UUID:
    """Return the id that a message names."""
    named = message.content.get(member)
    if not isinstance(named, str):
        raise MessageUnreadableError(f"{member} is no text.")
    return UUID(named)


def _publish_status(runtime: Runtime, message: Message) -> None:
    """Publish a list, unless it says already what it must.

    A thousand changes of one list leave a thousand messages; the first publishes
    them all.
    """
    number = message.content.get("number")
    if type(number) is not int:
        raise MessageUnreadableError("number is not the number of a list.")
    with runtime.database.reading() as session:
        due = lists_due(session, now=runtime.now())
    if (message.authority_id, number) in due:
        runtime.publish_list(message.authority_id, number)


def _end_with_base(runtime: Runtime, message: Message) -> None:
    """Revoke what rests on a revoked attestation, and have that be known."""
    named = _id_in(message, "attestation")
    with runtime.database.transaction() as session:
        end_with_base(session, message.authority_id, named, now=runtime.now())
    runtime.publish_lists(message.authority_id)


def _attest_decision(runtime: Runtime, message: Message) -> None:
    """Issue the attestation over what the law has granted."""
    named = _id_in(message, "decision")
    runtime.attest_decision(message.authority_id, named)


def _end_provisional(runtime: Runtime, message: Message) -> None:
    """End the provisional status of a case that is over, and have that be known."""
    named = _id_in(message, "request")
    with runtime.database.transaction() as session:
        end_provisional(session, message.authority_id, named, now=runtime.now())
    runtime.publish_lists(message.authority_id)


def _render_letter(runtime: Runtime, message: Message) -> None:
    """Lay a letter out, unless that was done before."""
    named = _id_in(message, "letter")
    runtime.render_letter(message.authority_id, named)


def _open_cases(runtime: Runtime, message: Message) -> None:
    """Open the cases of a list that was accepted, as far as they are not open yet."""
    request, actor = message.content.get("request"), message.content.get("actor")
    if not isinstance(request, str) or not isinstance(actor, str):
        raise MessageUnreadableError("request and actor are not both texts.")
    if runtime.open_listed_cases(
        message.authority_id, UUID(request), actor, parts=_PARTS
    ):
        _go_on_later(runtime, message)


def _work_on_list(runtime: Runtime, message: Message) -> None:
    """Carry out what is ordered for rows of a list, as far as it is not done yet."""
    request = _id_in(message, "request")
    if runtime.work_on_list(message.authority_id, request, parts=_PARTS):
        _go_on_later(runtime, message)


def _work_on_file(runtime: Runtime, message: Message) -> None:
    """Carry out the rows of a file about a cohort, as far as they are not done yet."""
    named = _id_in(message, "file")
    if runtime.work_on_cohort_file(message.authority_id, named, parts=_PARTS):
        _go_on_later(runtime, message)


def _go_on_later(runtime: Runtime, message: Message) -> None:
    """Ask for the rest in another turn: a long list must not hold up other work."""
    now = runtime.now()
    with runtime.database.transaction() as session:
        outbox.put(
            session,
            message.authority_id,
            kind=message.kind,
            content=message.content,
            now=now,
            due_at=now + _NEXT_TURN,
        )
