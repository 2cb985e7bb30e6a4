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
from recognition_service.regimes.holds import HoldRule

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
        "force",
        "holds",
        "valid_from",
        "valid_to",
    ]
)


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
        force: What a decision means in law, by language.
        holds: By what is asked of somebody else, how long the clock is held; what is
            not named here is not regulated.
        valid_from: None: not established.
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
    force: Mapping[str, str]
    holds: Mapping[str, HoldRule]
    valid_from: date | None
    valid_to: date | None

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
            force=dict(tree["force"]),
            holds={
                asked: HoldRule(rule) for asked, rule in tree.get("holds", {}).items()
            },
            valid_from=_day(tree.get("valid_from")),
            valid_to=_day(tree.get("valid_to")),
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
    if regime.valid_from and regime.valid_to and regime.valid_to < regime.valid_from:
        raise RegimeUnreadableError(regime.id, "valid_to", "lies before valid_from")
    if not regime.force.get("en"):
        raise RegimeUnreadableError(regime.id, "force.en", "is missing")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a word")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError(f"{value!r} is not a list of words")
    return tuple(value)


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(value)
