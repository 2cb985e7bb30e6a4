"""The steps that people take in a case, and what each of them must say."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from recognition_service.regimes.events import CaseEventKind as Event
from recognition_service.regimes.lifecycle import UNDECIDED, CaseState


class ReopeningReason(StrEnum):
    """Why a decided case is looked at again."""

    NEW_EVIDENCE = "new_evidence"
    ERROR = "error"
    AWARD_WITHDRAWN = "award_withdrawn"


class RectificationResult(StrEnum):
    """What became of a person's request to correct what is written of them."""

    CORRECTED = "corrected"
    REFUSED = "refused"


class SubstituteMethod(StrEnum):
    """How qualifications are established without papers.

    Source: BQFG section 14; Lisbon Recognition Convention, article VII.
    """

    QUESTIONNAIRE = "questionnaire"
    INTERVIEW = "interview"
    WORK_SAMPLE = "work_sample"
    PRACTICAL_TEST = "practical_test"
    EXPERT_OPINION = "expert_opinion"
    AFFIDAVIT = "affidavit"


@dataclass(frozen=True, slots=True)
class StepKind:
    """One kind of step.

    Attributes:
        needs: Members that it must have.
        may: Members that it can have besides.
        only_in: States in which it can be taken at all; empty: a step that changes
            the state wherever the regime lets its state follow, another one as long
            as nothing is decided.
        is_clerical: Whether a clerk may take it.
    """

    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    only_in: frozenset[CaseState] = frozenset()
    is_clerical: bool = False


def _kind(
    needs: str = "",
    may: str = "",
    *,
    only_in: frozenset[CaseState] = frozenset(),
    is_clerical: bool = False,
) -> StepKind:
    return StepKind(
        frozenset(needs.split()),
        frozenset(may.split()) | {"legal_basis"},
        only_in,
        is_clerical,
    )


_ELSEWHERE = frozenset({CaseState.AWAITING_OTHER_PROCEDURE})
_ASKED = frozenset({CaseState.AWAITING_APPLICANT})
_SUSPECTED = frozenset({CaseState.SUSPENDED_FRAUD})
_DECIDED = frozenset({CaseState.DECIDED, CaseState.FINAL, CaseState.TACIT_GRANTED})
_UNASSESSED = frozenset(
    {
        CaseState.SUBMITTED,
        CaseState.ACKNOWLEDGED,
        CaseState.INCOMPLETE,
        CaseState.COMPLETE,
    }
)

STEPS: Mapping[Event, StepKind] = {
    Event.ACKNOWLEDGED: _kind(may="text", is_clerical=True),
    Event.DOCUMENTS_REQUESTED: _kind("papers text answer_by", is_clerical=True),
    Event.CERTIFIED_COPIES_REQUESTED: _kind(
        "papers text", "answer_by", is_clerical=True
    ),
    Event.DOCUMENTS_RECEIVED: _kind(may="on papers text", is_clerical=True),
    Event.COMPLETED: _kind(may="on substitutes text", only_in=UNDECIDED),
    Event.ASSESSMENT_BEGUN: _kind(may="text", only_in=_UNASSESSED),
    Event.INFORMATION_REQUESTED: _kind("text answer_by"),
    Event.INFORMATION_RECEIVED: _kind(may="on text", only_in=_ASKED, is_clerical=True),
    Event.COOPERATION_WARNED: _kind("text answer_by"),
    Event.VERIFIED: _kind(may="on text"),
    Event.TRANSMITTED: _kind(may="on text"),
    Event.DIFFICULTY_NOTIFIED: _kind("text"),
    Event.DIFFICULTY_SOLVED: _kind(may="on text"),
    Event.LIMIT_EXTENDED: _kind("limit length unit text", "reason"),
    Event.SUBSTITUTE_PROCEDURE_BEGUN: _kind("methods text"),
    Event.QUESTIONNAIRE_SENT: _kind(may="text answer_by", only_in=_ELSEWHERE),
    Event.QUESTIONNAIRE_RETURNED: _kind(
        may="on text", only_in=_ELSEWHERE, is_clerical=True
    ),
    Event.INTERVIEW_HELD: _kind("on", "text", only_in=_ELSEWHERE),
    Event.SUBSTITUTE_PROCEDURE_ENDED: _kind("text", "on", only_in=_ELSEWHERE),
    Event.MEASURE_CHOSEN: _kind("measure chosen_by", "on text", is_clerical=True),
    Event.MEASURE_BEGUN: _kind("on", "ends_on text", is_clerical=True),
    Event.MEASURE_PASSED: _kind("on", "text"),
    Event.MEASURE_FAILED: _kind("on text"),
    Event.LAPSED: _kind("text"),
    Event.FORWARDED: _kind("authority text"),
    Event.NOT_COMPETENT: _kind("text", "authority"),
    Event.FRAUD_SUSPECTED: _kind("text"),
    Event.FRAUD_CLEARED: _kind("text", only_in=_SUSPECTED),
    Event.REOPENED: _kind("reason text", only_in=_DECIDED),
    Event.STAGE_CHANGED: _kind(
        "stage", "text", only_in=frozenset(CaseState), is_clerical=True
    ),
    Event.RECTIFICATION_ANSWERED: _kind(
        "rectification result text", only_in=frozenset(CaseState)
    ),
}
"""What can be done in a case beside deciding, appealing and withdrawing."""
