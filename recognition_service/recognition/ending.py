"""What ends with a case: its provisional status."""

from datetime import datetime

from sqlalchemy.orm import Session

from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.models import Decision
from recognition_service.regimes.lifecycle import CaseState
from recognition_service.storage import outbox

END_PROVISIONAL = "provisional.end"
"""Kind of the outbox message that ends a provisional status with its case."""
_CONDITIONAL = "conditional"
_OVER = frozenset(
    {
        CaseState.TACIT_GRANTED,
        CaseState.WITHDRAWN,
        CaseState.LAPSED,
        CaseState.FORWARDED,
        CaseState.NOT_COMPETENT,
    }
)


def is_final(decision: Decision | None) -> bool:
    """Tell whether a decision leaves nothing open: it sets no measure."""
    return decision is not None and decision.outcome != _CONDITIONAL


def end_with_case(session: Session, file: CaseFile, *, now: datetime) -> None:
    """Have the provisional status end if the case is over now.

    The caller owns the transaction and has brought the case into its new state. The
    worker ends it, because what takes its place may still have to be signed.
    """
    provisional, status = file.provisional, file.request.status
    if provisional is None or provisional.signed_at is None:
        return
    if status in _OVER or (status == CaseState.DECIDED and is_final(file.decision)):
        outbox.put(
            session,
            file.request.authority_id,
            kind=END_PROVISIONAL,
            content={"request": str(file.request.id)},
            now=now,
        )
