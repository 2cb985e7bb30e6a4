"""Whether an examination would repeat what is established already: pure.

Where it would, an officer may go straight to the decision. That says nothing about the
person: whether the paper is genuine, and who made the award, is still to be
established. Whoever examines nevertheless may do so, and it is counted.

Source: Lisbon Recognition Convention, articles III.2 and III.3 (assessments are
coherent, and what is known is not asked for again); BQFG sections 6(5) and 14a(6) (a
finding that was made already is not made again).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from recognition_service.regimes.events import CaseEventKind

SHORT_PATH = "short_path"
"""Code of the reason of routing that says so."""

DIFFERENCES = "substantial_differences"
"""Member of the details of a saved assessment: how many it names, if it names any."""

WHOLE = frozenset({"full", "automatic", "tacit_granted"})
"""Outcomes that leave nothing open."""


class Basis(StrEnum):
    """On what a decision can rest without an examination, the nearest first.

    The authority's own attestation for the same person and title; an attestation of
    another body of the destination; an award of the destination itself; what was
    agreed or enacted; what the authority decided about the same title before; what
    another body of the destination decided about it, as the applicant states.
    """

    OWN_ATTESTATION = "own_attestation"
    DESTINATION_ATTESTATION = "destination_attestation"
    DESTINATION_AWARD = "destination_award"
    AGREED_LIST = "agreed_list"
    PRECEDENT = "precedent"
    DECIDED_ELSEWHERE = "decided_elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortPath:
    """What exists already, so that nothing has to be examined.

    Attributes:
        id: Of the attestation, the decision, the row or the place it rests on.
        outcome: Of the decision that follows from it.
        rows: Rows of the tables, each as "table/id".
        attestation: {authority, id}, or None.
        decision: {id, decided_on, decision_digest} of a decision of this authority, or
            {authority, reference, decided_on} as the applicant states it, or None.
    """

    basis: Basis
    id: str
    outcome: str
    rows: tuple[str, ...] = ()
    attestation: Mapping[str, str] | None = None
    decision: Mapping[str, str | None] | None = None

    def reason(self) -> dict[str, Any]:
        """Return it as a reason of routing: its code, and parameters as JSON values."""
        return {
            "code": SHORT_PATH,
            "params": {
                "basis": self.basis.value,
                "id": self.id,
                "outcome": self.outcome,
                "rows": list(self.rows),
                "attestation": dict(self.attestation) if self.attestation else None,
                "decision": dict(self.decision) if self.decision else None,
            },
        }


def short_path_in(reasons: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return what the reasons of routing say of a short path; None: nothing."""
    for reason in reasons:
        if reason["code"] == SHORT_PATH:
            return dict(reason["params"])
    return None


def without_short_path(reasons: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the other reasons of routing."""
    return [dict(each) for each in reasons if each["code"] != SHORT_PATH]


def is_examination(
    event: str, details: Mapping[str, Any] | None, expected: str | None
) -> bool:
    """Tell of an event of a case that needed none whether somebody examined.

    Substantial differences, another procedure in place of papers, or an outcome that
    leaves something open and is not what was to be expected; measures come with one.

    Args:
        event: What happened.
        details: What the event says of itself.
        expected: The outcome that follows from what exists.
    """
    told = details or {}
    if event == CaseEventKind.SUBSTITUTE_PROCEDURE_BEGUN or told.get(DIFFERENCES):
        return True
    return event == CaseEventKind.DECIDED and (
        told.get("outcome") not in {*WHOLE, expected}
    )
