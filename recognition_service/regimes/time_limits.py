"""A time limit as a text states it: who has how long, from when, and what silence does.

No number of any law stands here; they are data in `equivalence_tables/regimes/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from recognition_service.regimes.errors import RegimeUnreadableError
from recognition_service.regimes.events import CaseEventKind
from recognition_service.regimes.periods import LONGEST, Counting, Period, Unit

_MEMBERS = frozenset(
    [
        "id",
        "binds",
        "starts",
        "starts_at_end_of",
        "unless",
        "met_by",
        "length",
        "unit",
        "length_from",
        "held",
        "silence",
        "article",
        "is_confirmed",
        "is_target",
        "extensions",
    ]
)
_EXTENSION_MEMBERS = frozenset(["length", "unit", "only_for", "article"])


class Bound(StrEnum):
    """Who must act within a time limit."""

    AUTHORITY = "authority"
    APPLICANT = "applicant"
    OTHER_AUTHORITY = "other_authority"


class SilenceEffect(StrEnum):
    """What follows when a time limit passes and nobody has acted.

    `becomes_final` is the effect of an appeal that nobody lodged.
    """

    NONE = "none"
    APPEALABLE = "appealable"
    TACIT_GRANT = "tacit_grant"
    MAY_START = "may_start"
    APPLICANT_LAPSES = "applicant_lapses"
    BECOMES_FINAL = "becomes_final"


UNCONFIRMED_EFFECTS = frozenset({SilenceEffect.NONE, SilenceEffect.APPEALABLE})
"""What silence may do where the text was not confirmed: nothing that changes a case."""


@dataclass(frozen=True, slots=True)
class Extension:
    """How far a time limit may be extended once.

    Attributes:
        period: The longest extension; None: any that is reasonable.
        only_for: Reason that alone allows it, as a code, or None.
    """

    period: Period | None
    only_for: str | None
    article: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimit:
    """One time limit of a regime.

    Attributes:
        starts: Events on whose day it begins; the last of them counts.
        starts_at_end_of: The limit on whose last day it begins where none of
            `starts` has happened, or None.
        unless: Events after which it does not begin with the end of that limit.
        met_by: Events that meet it.
        period: How long it is; None where `length_from` names it.
        length_from: Member of the starting event that holds the number of days.
        is_held: Whether a hold of the case stops it.
        extensions: What is allowed the first time, the second time, and so on.
        is_confirmed: Whether the text was read. If not, the date is shown as
            unconfirmed and silence changes nothing.
        is_target: A recommendation or a "should": late is told, and nothing follows.
    """

    id: str
    binds: Bound
    starts: frozenset[str]
    starts_at_end_of: str | None
    unless: frozenset[str]
    met_by: frozenset[str]
    period: Period | None
    length_from: str | None
    is_held: bool
    silence: SilenceEffect
    article: str
    is_confirmed: bool
    is_target: bool
    extensions: tuple[Extension, ...]


@dataclass(frozen=True, slots=True)
class Timing:
    """All time limits of a regime, and how its periods are counted."""

    counting: Counting
    limits: tuple[TimeLimit, ...]

    def limit(self, limit_id: str) -> TimeLimit | None:
        """Return a time limit by its id, or None."""
        return next((each for each in self.limits if each.id == limit_id), None)


def read_timing(regime: str, tree: Mapping[str, Any]) -> Timing:
    """Read the members `counting` and `limits` of a regime.

    Raises:
        RegimeUnreadableError: A member is missing, unknown or impossible.
        KeyError: A member is missing.
        TypeError: A member is of the wrong kind.
        ValueError: A word is not known.
    """
    limits: list[TimeLimit] = []
    for item in tree.get("limits", []):
        limit = _read_limit(regime, item)
        if limit.id in {known.id for known in limits}:
            raise RegimeUnreadableError(regime, "limits", f"{limit.id} stands twice")
        if limit.starts_at_end_of not in {None, *(known.id for known in limits)}:
            raise RegimeUnreadableError(
                regime, "limits", f"{limit.id} begins with a limit that is not above it"
            )
        limits.append(limit)
    counting = Counting(tree.get("counting", Counting.REGULATION_1182_71))
    return Timing(counting, tuple(limits))


def _read_limit(regime: str, item: Mapping[str, Any]) -> TimeLimit:
    _refuse_unknown(regime, "limits", item, _MEMBERS)
    limit = TimeLimit(
        id=str(item["id"]),
        binds=Bound(item.get("binds", Bound.AUTHORITY)),
        starts=_events(item.get("starts", [])),
        starts_at_end_of=item.get("starts_at_end_of"),
        unless=_events(item.get("unless", [])),
        met_by=_events(item["met_by"]),
        period=_period(item),
        length_from=item.get("length_from"),
        is_held=_flag(item.get("held", False)),
        silence=SilenceEffect(item["silence"]),
        article=str(item["article"]),
        is_confirmed=_flag(item["is_confirmed"]),
        is_target=_flag(item.get("is_target", False)),
        extensions=tuple(
            _read_extension(regime, each) for each in item.get("extensions", [])
        ),
    )
    fault = _impossible(limit)
    if fault is not None:
        raise RegimeUnreadableError(regime, f"limits.{limit.id}", fault)
    return limit


def _impossible(limit: TimeLimit) -> str | None:
    """Return why a time limit cannot be, or None."""
    if not limit.starts and limit.starts_at_end_of is None:
        return "never begins"
    if limit.unless and limit.starts_at_end_of is None:
        return "begins with events alone and needs no unless"
    if not limit.met_by:
        return "can never be met"
    if (
        not limit.is_confirmed or limit.is_target
    ) and limit.silence not in UNCONFIRMED_EFFECTS:
        return f"has the effect {limit.silence} without a confirmed text"
    return _impossible_length(limit)


def _impossible_length(limit: TimeLimit) -> str | None:
    """Return why the lengths of a time limit and its extensions cannot be, or None."""
    if (limit.period is None) == (limit.length_from is None):
        return "needs either a length or where it comes from"
    if limit.period is None and limit.starts_at_end_of is not None:
        return "has no length where it begins with the end of another"
    for period in (limit.period, *(each.period for each in limit.extensions)):
        if period is not None and not 0 < period.length <= LONGEST:
            return f"has a length that is not from 1 to {LONGEST}"
    return None


def _read_extension(regime: str, item: Mapping[str, Any]) -> Extension:
    _refuse_unknown(regime, "extensions", item, _EXTENSION_MEMBERS)
    return Extension(_period(item), item.get("only_for"), item.get("article"))


def _period(item: Mapping[str, Any]) -> Period | None:
    if "length" not in item:
        return None
    length = item["length"]
    if type(length) is not int:
        raise TypeError(f"{length!r} is not a whole number")
    return Period(length, Unit(item["unit"]))


def _events(names: Any) -> frozenset[str]:
    if not isinstance(names, list):
        raise TypeError(f"{names!r} is not a list of events")
    return frozenset(CaseEventKind(name) for name in names)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _refuse_unknown(
    regime: str, member: str, item: Mapping[str, Any], known: frozenset[str]
) -> None:
    unknown = sorted(set(item) - known)
    if unknown:
        raise RegimeUnreadableError(regime, f"{member}.{unknown[0]}", "is not known")
