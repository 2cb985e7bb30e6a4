"""Which papers a case needs: a case is complete by evidence, not by a click.

Source: Directive 2005/36/EC, articles 4d(1), 50 and 51(1) and annex VII; BQFG sections
5, 12 and 14 (another procedure may stand in for missing papers).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.errors import StepInvalidError
from recognition_service.recognition.papers import kinds_at_hand
from recognition_service.regimes.events import CaseEventKind as Event
from recognition_service.regimes.regime import Regime


def missing_papers(session: Session, file: CaseFile, regime: Regime) -> tuple[str, ...]:
    """Return the kinds of papers that the regime requires and nobody handed in.

    One that was older than the regime allows when it was handed in does not count.
    """
    needed = regime.provisions.papers
    at_hand = kinds_at_hand(
        session,
        file.request.authority_id,
        file.request.id,
        max_age_months=needed.max_age_months,
    )
    return tuple(kind for kind in needed.required if kind not in at_hand)


def check_papers_asked_for(
    session: Session, file: CaseFile, event: Event, papers: Sequence[str]
) -> None:
    """Refuse to ask again for what is in the file.

    Raises:
        StepInvalidError: A paper of that kind is there and was not rejected.
    """
    if event is not Event.DOCUMENTS_REQUESTED:
        return
    at_hand = kinds_at_hand(session, file.request.authority_id, file.request.id)
    again = [place for place, kind in enumerate(papers) if kind in at_hand]
    if again:
        raise StepInvalidError(
            [
                (
                    f"papers/{place}",
                    "already_at_hand",
                    "It is in the file; reject it first if it cannot be used.",
                )
                for place in again
            ]
        )


def check_completeness(
    session: Session, file: CaseFile, regime: Regime, members: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Refuse to call a case complete that lacks papers which nothing stands in for.

    `substitutes` name, for each missing kind, what stands in for it.

    Raises:
        StepInvalidError: Papers are missing, or nothing can stand in for them here.
    """
    substitutes = {each["paper"] for each in members.get("substitutes") or ()}
    if substitutes and not regime.provisions.papers.substituted:
        raise StepInvalidError(
            [("substitutes", "no_substitutes", f"{regime.id} knows none.")]
        )
    missing = set(missing_papers(session, file, regime)) - substitutes
    if missing:
        raise StepInvalidError(
            [
                ("substitutes", "papers_missing", f"{kind} is missing.")
                for kind in sorted(missing)
            ]
        )
    return {}
