"""Which regime a request comes under, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from recognition_service.regimes.regime import Procedure, Regime

NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What routing looks at; values only, no rows.

    Attributes:
        instrument: Id of the instrument that the tables found, or None.
        statement_binding: Legal force of the statement that they found, or None.
        is_decided_by_tables: Whether the rows themselves decide about this type.
        on: The legal date of the request.
    """

    decision_kind: str
    purpose: str
    instrument: str | None
    statement_binding: str | None
    is_decided_by_tables: bool
    on: date


@dataclass(frozen=True, slots=True)
class Route:
    """The regime, with the reasons as codes and parameters."""

    regime: Regime
    reasons: tuple[tuple[str, Mapping[str, str]], ...] = field(default=())


def choose_regime(regimes: Iterable[Regime], given: Circumstances) -> Route:
    """Choose the most special regime that applies; else the neutral one.

    A regime that carries out an instrument comes before one for published
    statements, and both before the neutral one.

    Source: Lisbon Recognition Convention, article II.3 (more favourable provisions
    of other instruments prevail).
    """
    by_id = {regime.id: regime for regime in regimes}
    fitting = [
        regime
        for regime in by_id.values()
        if regime.is_in_force(given.on)
        and given.decision_kind in regime.decision_kinds
        and given.purpose in regime.purposes
        and (regime.procedure is Procedure.CASE or given.is_decided_by_tables)
    ]
    for regime in fitting:
        if regime.instrument is not None and regime.instrument == given.instrument:
            return Route(
                regime, (("both_parties_in_force", {"instrument": regime.instrument}),)
            )
    for regime in fitting:
        if given.statement_binding in regime.statement_bindings:
            return Route(regime, (("statement_has_legal_force", {}),))
    return Route(by_id[NEUTRAL], (("no_special_regime", {}),))
