"""Which regime a request comes under, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from recognition_service.regimes.errors import RegimeNotApplicableError
from recognition_service.regimes.provisions import Applies
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
        origins: The jurisdiction that awarded, and all it is part of.
        destinations: The jurisdiction that is asked, and all it is part of.
        beneficiary: Why the person may rely on an instrument.
        agreement: Id of the agreement that stands between both sides, or None.
        wanted: Id of the regime that the request asks for, or None.
    """

    decision_kind: str
    purpose: str
    instrument: str | None
    statement_binding: str | None
    is_decided_by_tables: bool
    on: date
    origins: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    profession: str | None = None
    beneficiary: str = ""
    agreement: str | None = None
    wanted: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """The regime, with the reasons as codes and parameters."""

    regime: Regime
    reasons: tuple[tuple[str, Mapping[str, str]], ...] = field(default=())


def choose_regime(regimes: Iterable[Regime], given: Circumstances) -> Route:
    """Choose the regime that is asked for, else the most special; else the neutral one.

    What the tables decide by themselves needs no case and comes first. Of the
    regimes that know a case, one that carries out the instrument found comes before
    those that say to whom they apply, and of these the one of the highest rank.

    Raises:
        RegimeNotApplicableError: The regime that is asked for does not apply.

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
    if given.wanted is not None:
        return _asked_for(fitting, given, given.wanted)
    for regime in fitting:
        if regime.instrument is not None and regime.instrument == given.instrument:
            return Route(
                regime, (("both_parties_in_force", {"instrument": regime.instrument}),)
            )
    for regime in fitting:
        if given.statement_binding in regime.statement_bindings:
            return Route(regime, (("statement_has_legal_force", {}),))
    special = [
        regime
        for regime in fitting
        if regime.provisions.applies.names_somebody
        and not regime.provisions.applies.is_on_request
        and _covers(regime.provisions.applies, given)
    ]
    if special:
        chosen = max(special, key=lambda each: each.provisions.applies.rank)
        return Route(chosen, (("regime_applies", {"regime": chosen.id}),))
    return Route(by_id[NEUTRAL], (("no_special_regime", {}),))


def _asked_for(fitting: Iterable[Regime], given: Circumstances, wanted: str) -> Route:
    for regime in fitting:
        if regime.id == wanted and _applies(regime, given):
            return Route(regime, (("regime_asked_for", {"regime": regime.id}),))
    raise RegimeNotApplicableError(wanted)


def _applies(regime: Regime, given: Circumstances) -> bool:
    """Tell whether a request may come under a regime when it asks for it."""
    applies = regime.provisions.applies
    return (
        regime.id == NEUTRAL
        or (regime.instrument is not None and regime.instrument == given.instrument)
        or given.statement_binding in regime.statement_bindings
        or (
            (applies.names_somebody or applies.is_on_request)
            and _covers(applies, given)
        )
    )


def _covers(applies: Applies, given: Circumstances) -> bool:
    """Tell whether a request lies within what a regime says of itself."""
    return (
        _covers_places(applies, given)
        and _covers_profession(applies, given.profession)
        and (not applies.beneficiaries or given.beneficiary in applies.beneficiaries)
        and (
            not applies.agreements
            or bool(applies.agreements & {given.agreement, given.instrument})
        )
    )


def _covers_places(applies: Applies, given: Circumstances) -> bool:
    """Tell whether both sides fit; nothing is foreign in the place that awarded it."""
    return (
        (not applies.origins or bool(applies.origins.intersection(given.origins)))
        and not applies.origins_except.intersection(given.origins)
        and (
            not applies.destinations
            or bool(
                applies.destinations.intersection(given.destinations).difference(
                    given.origins
                )
            )
        )
    )


def _covers_profession(applies: Applies, profession: str | None) -> bool:
    """Tell whether the profession fits; one that is not named may be an exception."""
    if applies.professions_except and profession is None:
        return False
    return (
        not applies.professions or profession in applies.professions
    ) and profession not in applies.professions_except
