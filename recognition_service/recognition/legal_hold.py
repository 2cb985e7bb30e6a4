"""A legal hold: nothing of a case is erased or blocked as long as it stands.

Source: Regulation (EU) 2016/679, articles 17(3)(e) and 18(1)(c).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.models import Role
from recognition_service.recognition.case_events import note_event
from recognition_service.recognition.case_file import get_request
from recognition_service.recognition.models import RecognitionRequest


def put_legal_hold(
    session: Session,
    caller: Caller,
    request_id: UUID,
    *,
    reason: str | None,
    now: datetime,
) -> RecognitionRequest:
    """Order that a case is kept, or lift that order with no reason.

    The caller owns the transaction.

    Raises:
        RequestNotFoundError: The authority has no such request.
        CaseBlockedError: It is blocked: what was to be erased is erased.
        RoleMissingError: The caller is neither officer nor signatory.
    """
    caller.require(Role.OFFICER, Role.SIGNATORY)
    request = get_request(session, caller.authority_id, request_id, to_change=True)
    if request.legal_hold == reason:
        return request
    request.legal_hold = reason
    note_event(
        session,
        request,
        "legal_hold_ordered" if reason else "legal_hold_lifted",
        actor=caller.actor,
        now=now,
        text=reason,
        legal_basis="Regulation (EU) 2016/679, article 17(3)(e)",
    )
    return request
