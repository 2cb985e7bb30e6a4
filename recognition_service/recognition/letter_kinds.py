"""The letters that the law wants in a case, and what each of them has to say.

What a letter says is handed over as plain JSON values. A *day* is written
"2026-11-02"; a *text* is a sentence or, by language, {"en": "…", "fr": "…"}; a
*remedy* is {body, route, within_days, form} as in decisions. Members that are not
marked as needed may be absent or None; the letter then says nothing about them.

| kind | members (needed: *) |
|---|---|
| acknowledgement | received_on* day; limit {number, unit: "days", "working_days", "weeks" or "months"}; starts "received" or "complete"; due_on day; is_confirmed: whether the text of the law was (None: yes); remedy, if the limit is missed |
| missing_documents | documents* list of texts; until* day; holds_clock: whether time stands still meanwhile |
| extension | reason* text; due_on* day, the new one; previous_due_on day |
| awaiting_answer | asked_on* day; body text, who is asked; about text, what; answer_by day; holds_clock |
| decision_under_way | due_on day |
| cooperation_warning | missing* list of texts; until* day; asked_on day, of the first letter |
| decision | as `decision_letter.decision_params` gives them |
| time_limit_missed | due_on* day; reason text; expected_on day; remedy, where the law knows one |
| tacit_grant | due_on* day, the missed one; effective_on* day; legal_basis list of texts; does_not_allow list of codes; remedy |
| lapse | lapsed_on* day; reason* text; remedy |
| measure_result | measure* text; result* "passed" or "failed"; taken_on day; retry_until day; next_steps text; remedy |
| appeal_received | received_on* day; against "decision" or "missed_time_limit" (None: the former); body text, who decides; due_on day |
| appeal_decided | decided_on* day; outcome* "upheld", "amended", "remitted" or "withdrawn", of the decision that was appealed; body text; reasons text; remedy |
| referral | reason* text; to text, who is competent (None: not known); to_address text; is_forwarded: whether the request was sent on |
| provisional | valid_from* day; until day; allows list of texts; conditions list of texts; remedy |
| alert_notice | text* text; scope text; applies_from day; applies_until day; remedy |
| withdrawal | withdrawn_on* day |
"""  # noqa: E501 - rows of a table

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from recognition_service.recognition.errors import LetterIncompleteError


class LetterKind(StrEnum):
    """What a letter to an applicant is for."""

    ACKNOWLEDGEMENT = "acknowledgement"
    MISSING_DOCUMENTS = "missing_documents"
    EXTENSION = "extension"
    AWAITING_ANSWER = "awaiting_answer"
    DECISION_UNDER_WAY = "decision_under_way"
    COOPERATION_WARNING = "cooperation_warning"
    DECISION = "decision"
    TIME_LIMIT_MISSED = "time_limit_missed"
    TACIT_GRANT = "tacit_grant"
    LAPSE = "lapse"
    MEASURE_RESULT = "measure_result"
    APPEAL_RECEIVED = "appeal_received"
    APPEAL_DECIDED = "appeal_decided"
    REFERRAL = "referral"
    PROVISIONAL = "provisional"
    ALERT_NOTICE = "alert_notice"
    WITHDRAWAL = "withdrawal"


_NEEDED: Mapping[LetterKind, tuple[str, ...]] = {
    LetterKind.ACKNOWLEDGEMENT: ("received_on",),
    LetterKind.MISSING_DOCUMENTS: ("documents", "until"),
    LetterKind.EXTENSION: ("reason", "due_on"),
    LetterKind.AWAITING_ANSWER: ("asked_on",),
    LetterKind.DECISION_UNDER_WAY: (),
    LetterKind.COOPERATION_WARNING: ("missing", "until"),
    LetterKind.DECISION: ("outcome", "decision_kind", "decided_by", "decided_on"),
    LetterKind.TIME_LIMIT_MISSED: ("due_on",),
    LetterKind.TACIT_GRANT: ("due_on", "effective_on"),
    LetterKind.LAPSE: ("lapsed_on", "reason"),
    LetterKind.MEASURE_RESULT: ("measure", "result"),
    LetterKind.APPEAL_RECEIVED: ("received_on",),
    LetterKind.APPEAL_DECIDED: ("decided_on", "outcome"),
    LetterKind.REFERRAL: ("reason",),
    LetterKind.PROVISIONAL: ("valid_from",),
    LetterKind.ALERT_NOTICE: ("text",),
    LetterKind.WITHDRAWAL: ("withdrawn_on",),
}


def require_members(kind: LetterKind, params: Mapping[str, Any]) -> None:
    """Refuse a letter that would leave out what it is written for.

    Raises:
        LetterIncompleteError: Naming each member that is missing or empty.
    """
    missing = [name for name in _NEEDED[kind] if not params.get(name)]
    if missing:
        raise LetterIncompleteError(kind, missing)
