"""A decision about a row of a list that says what the tables propose for it."""

from collections.abc import Mapping
from typing import Any

from recognition_service.mutual_recognition.errors import (
    NoProposalError,
    ProposalChangedError,
)
from recognition_service.wording import LANGUAGES, text

_FOLLOWED = frozenset({"statement", "treaty_rule"})
_SAME = ("result", "decides", "outcome", "object", "instrument")
_REASONS = "decision_text.as_proposed"


def decision_as_proposed(
    proposal: Mapping[str, Any] | None,
    proposed_now: Mapping[str, Any] | None,
    decision_kind: str,
) -> dict[str, Any]:
    """Return the decision that a row's proposal amounts to.

    Only a statement or a rule that decides is followed: levels are information. The
    officer has seen what was proposed when the list came; where the tables say
    something else by now, nobody has.

    Raises:
        NoProposalError: Nothing is proposed that could be followed.
        ProposalChangedError: The tables propose something else now.
    """
    if proposal is None or not _can_be_followed(proposal):
        raise NoProposalError("No statement and no rule decides about this title.")
    if proposed_now is None or any(
        proposed_now[name] != proposal[name] for name in _SAME
    ):
        raise ProposalChangedError("The tables propose something else by now.")
    return {
        "decision_kind": decision_kind,
        "outcome": proposal["outcome"],
        "reference": _reference(proposal["object"] or {}),
        "legal_basis": _legal_basis(proposal),
        "text": {language: text(_REASONS, {}, language) for language in LANGUAGES},
    }


def _can_be_followed(proposal: Mapping[str, Any]) -> bool:
    return (
        proposal["result"] in _FOLLOWED
        and proposal["decides"] is True
        and proposal["outcome"] is not None
    )


def _reference(found: Mapping[str, Any]) -> dict[str, Any]:
    titles, levels = found.get("qualifications") or [], found.get("levels") or []
    level = found.get("level") or (levels[0] if len(levels) == 1 else None)
    return {
        "qualification": titles[0]["id"] if len(titles) == 1 else None,
        "framework": found.get("framework"),
        "level": level,
    }


def _legal_basis(proposal: Mapping[str, Any]) -> list[str]:
    if proposal["instrument"] is not None:
        return [proposal["instrument"]]
    return list(dict.fromkeys(row["source"] for row in proposal["rows"]))
