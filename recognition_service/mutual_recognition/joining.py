"""The row of a body that takes part in a request from now on."""

from datetime import datetime

from recognition_service.mutual_recognition.conversation import (
    SEES_CONTENT,
    Side,
    State,
)
from recognition_service.mutual_recognition.models import IN, OUT, MutualRequest

_SHARED = (
    "id",
    "kind",
    "asker",
    "answerer",
    "coordinator",
    "passed",
    "question_set",
    "terms",
    "asked_answer_by",
    "proposed_answer_by",
    "proposed_by",
    "agreed_answer_by",
    "accepted_at",
    "holds_clock",
    "parent",
    "family",
    "revision",
    "sequence",
)
_CONTENT = ("subject_ref", "about", "questions", "free_text")


def joining(
    source: MutualRequest, authority_id: str, side: Side, now: datetime
) -> MutualRequest:
    """Return the row of a body that joins, from the row of one that takes part.

    It is a draft until an event is written down. Content comes along only for a side
    that may see it.
    """
    row = MutualRequest(
        authority_id=authority_id,
        side=side,
        box=OUT if side is Side.ASKER else IN,
        status=State.DRAFT,
        held_position=0,
        questions=[],
        sent_at=now,
        version=0,
    )
    for name in (*_SHARED, *(_CONTENT if side in SEES_CONTENT else ())):
        setattr(row, name, getattr(source, name))
    return row
