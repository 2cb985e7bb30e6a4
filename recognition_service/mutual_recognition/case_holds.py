"""How a request to another body holds the clock of the case that it serves.

The case is the asker's own; its file is written through `recognition` only.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from recognition_service.mutual_recognition.conversation import Kind
from recognition_service.mutual_recognition.errors import misfit
from recognition_service.mutual_recognition.models import MutualRequest
from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.case_file import (
    CaseFile,
    EditionAtHand,
    get_request,
)
from recognition_service.recognition.held_times import holds_of
from recognition_service.recognition.holds import begin_hold, end_hold
from recognition_service.recognition.lifecycle import OPEN
from recognition_service.regimes.holds import HoldRule


def reference_of(row: MutualRequest) -> str:
    """Return how files of cases name a request."""
    return f"mutual_request/{row.id}"


def hold_rule(
    case: CaseFile | None,
    edition: EditionAtHand,
    kind: Kind,
    wanted: HoldRule | None,
    answer_by: date | None,
) -> HoldRule:
    """Return how long a request holds the clock of its case.

    The regime of the case decides; where it says nothing, the officer does.

    Raises:
        MutualRequestInvalidError: There is nothing to hold, the regime says otherwise,
            or the deadline is missing that ends the hold.
    """
    pointer = "/holds_clock"
    if case is None or case.request.status not in OPEN:
        if wanted not in {None, HoldRule.NONE}:
            raise misfit(pointer, "no_open_case", "There is no clock to be held.")
        return HoldRule.NONE
    regime = edition.compiled.regimes.get(case.request.regime)
    said = regime.holds.get(kind) if regime else None
    if said is not None and wanted not in {None, said}:
        raise misfit(pointer, "not_as_regime", f"The regime says {said}.")
    rule = said or wanted or HoldRule.NONE
    if rule is HoldRule.UNTIL_AUTHORITY_DEADLINE and answer_by is None:
        raise misfit(
            "/proposed_answer_by", "required", "The hold lasts until this date."
        )
    return rule


def hold_case(
    session: Session, row: MutualRequest, *, actor: str, now: datetime
) -> None:
    """Hold the clock of the asker's case. The caller owns the transaction."""
    if row.case_id is None or row.holds_clock == HoldRule.NONE:
        return
    request = get_request(
        session, row.authority_id, row.case_id, to_change=True, despite_block=True
    )
    if request.status in OPEN:
        begin_hold(
            session,
            request,
            reference=reference_of(row),
            rule=HoldRule(row.holds_clock),
            until=row.agreed_answer_by or row.proposed_answer_by,
            actor=actor,
            now=now,
        )


def release_case(
    session: Session, row: MutualRequest, *, actor: str, now: datetime
) -> None:
    """Let the clock of the asker's case go on. The caller owns the transaction."""
    if row.case_id is None or row.holds_clock == HoldRule.NONE:
        return
    request = get_request(
        session, row.authority_id, row.case_id, to_change=True, despite_block=True
    )
    end_hold(session, request, reference=reference_of(row), actor=actor, now=now)


def move_hold(
    session: Session, row: MutualRequest, *, actor: str, now: datetime
) -> None:
    """Let a hold until the deadline last until the one that was agreed.

    The caller owns the transaction.
    """
    if row.case_id is None or row.holds_clock != HoldRule.UNTIL_AUTHORITY_DEADLINE:
        return
    events = events_of(session, row.authority_id, row.case_id)
    until = {
        hold.until
        for hold in holds_of(events)
        if hold.reference == reference_of(row) and hold.ended_on is None
    }
    if row.agreed_answer_by is not None and until != {row.agreed_answer_by}:
        release_case(session, row, actor=actor, now=now)
        hold_case(session, row, actor=actor, now=now)
