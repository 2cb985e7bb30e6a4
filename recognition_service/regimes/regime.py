"""A regime: what one instrument says about procedure and contents of decisions.

No country and no number of the law stands in this module; they are data in
`equivalence_tables/regimes/`, each with its source and its dates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from recognition_service.regimes.errors import RegimeUnreadableError
from recognition_service.regimes.events import CaseEventKind
from recognition_service.regimes.holds import HoldRule
from recognition_service.regimes.lifecycle import CaseState, Lifecycle, read_lifecycle
from recognition_service.regimes.periods import LONGEST
from recognition_service.regimes.provisions import Provisions, read_provisions
from recognition_service.regimes.time_limits import (
    SilenceEffect,
    TimeLimit,
    Timing,
    read_timing,
)

_MEMBERS = frozenset(
    [
        "id",
        "name",
        "source",
        "evidence",
        "status",
        "procedure",
        "four_eyes",
        "instrument",
        "statement_bindings",
        "decision_kinds",
        "purposes",
        "outcomes",
        "mandatory_contents",
        "does_not_allow",
        "does_not_allow_by_kind",
        "longest_validity_months",
        "force",
        "holds",
        "valid_from",
        "valid_to",
        "transitions",
        "counting",
        "limits",
        "applies",
        "measures",
        "papers",
        "appeal",
        "retention",
        "practice",
        "language",
    ]
)
_STATE_OF_SILENCE = {
    SilenceEffect.TACIT_GRANT: CaseState.TACIT_GRANTED,
    SilenceEffect.MAY_START: CaseState.MAY_START,
    SilenceEffect.APPLICANT_LAPSES: CaseState.LAPSED,
    SilenceEffect.BECOMES_FINAL: CaseState.FINAL,
}
_CONDITIONAL = "conditional"


class Procedure(StrEnum):
    """Whether the instrument knows a case, or gives its effect by itself."""

    CASE = "case"
    NONE = "none"


class RegimeStatus(StrEnum):
    """Whether the text was confirmed; an advisory regime has no tacit effects."""

    CONFIRMED = "confirmed"
    ADVISORY = "advisory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """One regime.

    Attributes:
        name: By language.
        instrument: Id of the agreement that it carries out, or None.
        four_eyes: Whether the signatory must be another person than the officer.
        statement_bindings: Applies to published statements of this legal force.
        decision_kinds: Kinds of decision that it knows.
        outcomes: Outcomes that an officer or a rule may reach under it.
        mandatory_contents: By outcome, what the decision must contain.
        does_not_allow: By decision kind, with "" for all others: what a reader of
            the attestation might wrongly think that it allows.
        longest_validity_months: By decision kind, for how many months from its day a
            decision can hold; kinds that are not named may hold for good.
        force: What a decision means in law, by language.
        holds: By what is asked of somebody else, how long the clock is held; what is
            not named here is not regulated.
        valid_from: None: not established.
        lifecycle: The states of its cases.
        timing: Its time limits.
        provisions: To whom it applies, papers, measures, appeal, retention, practice,
            language.
    """

    id: str
    name: Mapping[str, str]
    source: str
    evidence: str
    status: RegimeStatus
    procedure: Procedure
    four_eyes: bool
    instrument: str | None
    statement_bindings: frozenset[str]
    decision_kinds: frozenset[str]
    purposes: frozenset[str]
    outcomes: frozenset[str]
    mandatory_contents: Mapping[str, tuple[str, ...]]
    does_not_allow: Mapping[str, tuple[str, ...]]
    longest_validity_months: Mapping[str, int]
    force: Mapping[str, str]
    holds: Mapping[str, HoldRule]
    valid_from: date | None
    valid_to: date | None
    lifecycle: Lifecycle
    timing: Timing
    provisions: Provisions

    @property
    def is_confirmed(self) -> bool:
        """Whether its text was read, so that silence may have an effect."""
        return self.status is RegimeStatus.CONFIRMED

    def not_allowed(self, decision_kind: str) -> tuple[str, ...]:
        """Return what a decision of this kind does not allow."""
        return self.does_not_allow.get(decision_kind, self.does_not_allow[""])

    def is_in_force(self, on: date) -> bool:
        """Tell whether the regime holds on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


def read_regime(tree: Mapping[str, Any]) -> Regime:
    """Read a regime from its parsed TOML or from its stored form.

    Raises:
        RegimeUnreadableError: A member is missing or of the wrong kind.
    """
    name = str(tree.get("id", "without id"))
    unknown = sorted(set(tree) - _MEMBERS)
    if unknown:
        raise RegimeUnreadableError(name, unknown[0], "is not known")
    try:
        kinds = frozenset(_texts(tree["decision_kinds"]))
        regime = Regime(
            id=_text(tree["id"]),
            name=dict(tree["name"]),
            source=_text(tree["source"]),
            evidence=_text(tree["evidence"]),
            status=RegimeStatus(tree["status"]),
            procedure=Procedure(tree["procedure"]),
            four_eyes=_flag(tree["four_eyes"]),
            instrument=_text(tree["instrument"]) if "instrument" in tree else None,
            statement_bindings=frozenset(_texts(tree.get("statement_bindings", []))),
            decision_kinds=kinds,
            purposes=frozenset(_texts(tree["purposes"])),
            outcomes=frozenset(_texts(tree["outcomes"])),
            mandatory_contents={
                outcome: _texts(codes)
                for outcome, codes in tree["mandatory_contents"].items()
            },
            does_not_allow={
                "": _texts(tree["does_not_allow"]),
                **{
                    kind: _texts(codes)
                    for kind, codes in tree.get("does_not_allow_by_kind", {}).items()
                },
            },
            longest_validity_months={
                kind: _count(months)
                for kind, months in tree.get("longest_validity_months", {}).items()
            },
            force=dict(tree["force"]),
            holds={
                asked: HoldRule(rule) for asked, rule in tree.get("holds", {}).items()
            },
            valid_from=_day(tree.get("valid_from")),
            valid_to=_day(tree.get("valid_to")),
            lifecycle=read_lifecycle(tree),
            timing=read_timing(name, tree),
            provisions=read_provisions(name, tree),
        )
    except KeyError as error:
        raise RegimeUnreadableError(name, str(error.args[0]), "is missing") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise RegimeUnreadableError(name, "a member", str(error)) from error
    _refuse_impossible(regime)
    return regime


def _refuse_impossible(regime: Regime) -> None:
    without = regime.outcomes - set(regime.mandatory_contents)
    if without:
        raise RegimeUnreadableError(
            regime.id, "mandatory_contents", f"nothing for {', '.join(sorted(without))}"
        )
    unreachable = set(regime.mandatory_contents) - regime.outcomes
    if unreachable:
        raise RegimeUnreadableError(
            regime.id,
            "outcomes",
            f"does not know {', '.join(sorted(unreachable))}",
        )
    if set(regime.longest_validity_months) - regime.decision_kinds:
        raise RegimeUnreadableError(
            regime.id, "longest_validity_months", "names a kind that it does not know"
        )
    if regime.valid_from and regime.valid_to and regime.valid_to < regime.valid_from:
        raise RegimeUnreadableError(regime.id, "valid_to", "lies before valid_from")
    if not regime.force.get("en"):
        raise RegimeUnreadableError(regime.id, "force.en", "is missing")
    for limit in regime.timing.limits:
        fault = _impossible_limit(regime, limit)
        if fault is not None:
            raise RegimeUnreadableError(regime.id, f"limits.{limit.id}", fault)
    fault = _impossible_measures(regime)
    if fault is not None:
        raise RegimeUnreadableError(regime.id, "measures", fault)
    if regime.provisions.appeal.outcomes - regime.outcomes:
        raise RegimeUnreadableError(
            regime.id, "appeal.outcomes", "names an outcome that it does not know"
        )


def _impossible_limit(regime: Regime, limit: TimeLimit) -> str | None:
    """Return why a time limit cannot be under this regime, or None."""
    needed = _STATE_OF_SILENCE.get(limit.silence)
    if needed is not None and needed not in regime.lifecycle.states:
        return f"its silence leads to {needed}, which is no state"
    if (
        needed
        in {
            CaseState.TACIT_GRANTED,
            CaseState.MAY_START,
            CaseState.LAPSED,
        }
        and not regime.is_confirmed
    ):
        return f"an advisory regime cannot have the effect {limit.silence}"
    if limit.silence is SilenceEffect.APPEALABLE and (
        not regime.provisions.appeal.on_silence
    ):
        return "silence can be appealed against, but appeal.on_silence does not say so"
    for event in sorted(limit.starts | limit.unless | limit.met_by):
        if not regime.lifecycle.can_happen(CaseEventKind(event)):
            return f"{event} can never happen"
    return None


def _impossible_measures(regime: Regime) -> str | None:
    """Return why its measures cannot be, or None."""
    has_states = CaseState.MEASURE_CHOSEN in regime.lifecycle.states
    measures = regime.provisions.measures
    if bool(measures.allowed) != has_states:
        return "measures and their states belong together"
    if measures.allowed and _CONDITIONAL not in regime.outcomes:
        return "measures without the outcome conditional"
    return None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a word")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 < value <= LONGEST:
        raise ValueError(f"{value!r} is not a number from 1 to {LONGEST}")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError(f"{value!r} is not a list of words")
    return tuple(value)


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(value)
