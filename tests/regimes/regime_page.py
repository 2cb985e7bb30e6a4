"""The page docs/regimes.md, written from the regimes that are shipped.

`python -m tests.regimes.regime_page` writes it anew.
"""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from recognition_service.regimes.lifecycle import CaseState
from recognition_service.regimes.regime import Procedure, Regime, read_regime
from recognition_service.regimes.time_limits import SilenceEffect, TimeLimit

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "equivalence_tables" / "regimes"
PAGE = ROOT / "docs" / "regimes.md"
_HEAD = """# The regimes that are shipped

Written from `equivalence_tables/regimes/` by `python -m tests.regimes.regime_page`; a
test fails where this page is not current. What each member means stands in
[tables.md](tables.md#regimes).

**Advisory** regimes show their dates as unconfirmed, and silence changes nothing under
them. **On request** regimes apply only where a request names them. Of several that
apply, the highest rank is chosen.
"""
_MOST_NAMED = 9
_COMMON = frozenset(
    {
        CaseState.SUBMITTED,
        CaseState.DECISION_PREPARED,
        CaseState.DECIDED,
        CaseState.WITHDRAWN,
    }
)


def shipped_regimes() -> dict[str, Regime]:
    """Read all shipped regimes, by id."""
    trees = (
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted(SHIPPED.glob("*.toml"))
    )
    return {regime.id: regime for regime in map(read_regime, trees)}


def clocks(regime: Regime) -> frozenset[tuple[object, ...]]:
    """Return what its time limits come to, without their articles."""
    return frozenset(
        (
            limit.id,
            limit.starts,
            limit.starts_at_end_of,
            limit.period,
            limit.length_from,
            limit.is_held,
            limit.is_target,
            tuple((each.period, each.only_for) for each in limit.extensions),
        )
        for limit in regime.timing.limits
    )


def silences(regime: Regime) -> frozenset[tuple[str, SilenceEffect]]:
    """Return what silence does, by time limit, as far as it has an effect."""
    return frozenset(
        (limit.id, limit.silence)
        for limit in regime.timing.limits
        if limit.silence is not SilenceEffect.NONE
    )


def differences(one: Regime, other: Regime) -> tuple[str, ...]:
    """Return in which of states, clocks and silence two regimes differ."""
    compared = {
        "states": one.lifecycle.follows != other.lifecycle.follows,
        "clocks": clocks(one) != clocks(other),
        "silence": silences(one) != silences(other),
    }
    return tuple(name for name, differs in compared.items() if differs)


def page(regimes: dict[str, Regime]) -> str:
    """Return the text of docs/regimes.md."""
    return "\n".join(
        [_HEAD, *_overview(regimes), "", *_limits(regimes), "", *_states(regimes), ""]
    )


def _overview(regimes: dict[str, Regime]) -> Iterator[str]:
    yield "| regime | name | status | applies to | rank |"
    yield "|---|---|---|---|---|"
    for regime in regimes.values():
        yield (
            f"| `{regime.id}` | {regime.name['en']} | {regime.status} "
            f"| {_applies(regime)} | {regime.provisions.applies.rank or ''} |"
        )


def _applies(regime: Regime) -> str:
    applies = regime.provisions.applies
    said = [
        ("instrument", [regime.instrument] if regime.instrument else []),
        ("statements", regime.statement_bindings),
        ("from", applies.origins),
        ("not from", applies.origins_except),
        ("to", applies.destinations),
        ("professions", applies.professions),
        ("not professions", applies.professions_except),
        ("for", applies.beneficiaries),
        ("agreements", applies.agreements),
    ]
    parts = [f"{label} {_some(words)}" for label, words in said if words]
    if applies.is_on_request:
        parts.insert(0, "**on request**")
    return "; ".join(parts) or "whatever nothing else applies to"


def _some(words: Iterable[str]) -> str:
    several = sorted(words)
    if len(several) > _MOST_NAMED:
        return f"{len(several)} of the tables"
    return ", ".join(several)


def _limits(regimes: dict[str, Regime]) -> Iterator[str]:
    yield "## Time limits"
    yield ""
    yield "| regime | limit | binds | begins with | length | silence | article | read |"
    yield "|---|---|---|---|---|---|---|---|"
    for regime in regimes.values():
        for limit in regime.timing.limits:
            yield (
                f"| `{regime.id}` | {limit.id} | {limit.binds} | {_begins(limit)} "
                f"| {_length(limit)} | {limit.silence} | {limit.article} "
                f"| {'yes' if limit.is_confirmed else 'no'} |"
            )


def _begins(limit: TimeLimit) -> str:
    parts = sorted(limit.starts)
    if limit.starts_at_end_of:
        parts.append(f"end of {limit.starts_at_end_of}")
    return ", ".join(parts)


def _length(limit: TimeLimit) -> str:
    if limit.period is None:
        return "as decided"
    words = [f"{limit.period.length} {limit.period.unit}"]
    if limit.is_target:
        words.append("target")
    if limit.is_held:
        words.append("can be held")
    if limit.extensions:
        words.append(f"{len(limit.extensions)} extension(s)")
    return ", ".join(words)


def _states(regimes: dict[str, Regime]) -> Iterator[str]:
    yield "## States"
    yield ""
    yield "Beside submitted, decision_prepared, decided and withdrawn."
    yield ""
    yield "| regime | first decision from | further states |"
    yield "|---|---|---|"
    for regime in regimes.values():
        if regime.procedure is Procedure.CASE:
            follows = regime.lifecycle.follows
            ready = [s for s in follows if CaseState.DECIDED in follows[s]]
            further = [s for s in CaseState if s in follows and s not in _COMMON]
            yield (f"| `{regime.id}` | {ready[0]} | {', '.join(further) or 'none'} |")


if __name__ == "__main__":
    PAGE.write_text(page(shipped_regimes()), encoding="utf-8")
