"""Under which rules a request between two places may come, whoever makes it: pure.

A directory knows neither the title nor the person. It tells all regimes that could be
chosen, each with the circumstances under which it is.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from recognition_service.equivalence.applicable import (
    agreement_that_applies,
)
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import Purpose
from recognition_service.recognition.vocabulary import BeneficiaryBasis, DecisionKind
from recognition_service.regimes.errors import RegimeNotApplicableError
from recognition_service.regimes.regime import Regime
from recognition_service.regimes.routing import (
    NEUTRAL,
    Circumstances,
    Route,
    choose_regime,
)

KINDS: Mapping[Purpose, tuple[DecisionKind, ...]] = {
    Purpose.ACADEMIC_ACCESS: (DecisionKind.STUDY_RECOGNITION,),
    Purpose.GENERAL_EMPLOYMENT: (
        DecisionKind.LEVEL_COMPARABILITY,
        DecisionKind.EQUIVALENCE_FINDING,
    ),
    Purpose.REGULATED_PROFESSION: (DecisionKind.PROFESSIONAL_ACCESS,),
    Purpose.MIGRATION_POINTS: (DecisionKind.LEVEL_COMPARABILITY,),
}
"""What is decided for a purpose, in the ordinary case."""

_EVERYBODY = frozenset(BeneficiaryBasis)
_OF_TABLES = frozenset({"both_parties_in_force", "statement_has_legal_force"})
"""Reasons for which a regime is chosen because of what the tables hold."""


@dataclass(frozen=True, slots=True)
class PossibleRegime:
    """A regime that may apply, and when.

    Attributes:
        reason: Code and parameters of why it is chosen.
        decision_kinds: For which kinds of decision.
        beneficiaries: On which personal grounds; empty: whatever the ground is.
        is_on_request: Only where the request names it.
        is_by_tables: Only for titles about which the tables decide.
    """

    regime: Regime
    reason: tuple[str, Mapping[str, str]]
    decision_kinds: frozenset[str]
    beneficiaries: frozenset[str]
    is_on_request: bool = False
    is_by_tables: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A regime that was chosen under certain circumstances."""

    route: Route
    given: Circumstances
    is_by_tables: bool = False


def possible_regimes(
    snapshot: Snapshot,
    regimes: Collection[Regime],
    origin: str,
    destination: str,
    *,
    purposes: Collection[Purpose],
    profession: str | None,
    on: date,
    instruments: Collection[str],
    bindings: Collection[str],
) -> tuple[PossibleRegime, ...]:
    """Return all regimes that may apply: those of the tables, the usual, on request.

    Args:
        snapshot: The tables.
        regimes: Those of the same edition.
        origin: Jurisdiction that awarded.
        destination: Jurisdiction that is asked.
        purposes: What it is for.
        profession: Id of the profession, or None.
        on: The day of the request.
        instruments: Ids of the agreements that are in force between both sides.
        bindings: Legal force of the statements that there are between both sides.
    """
    lineage = snapshot.places.lineage
    found: list[_Found] = []
    for purpose in purposes:
        agreement = agreement_that_applies(
            snapshot, origin, destination, purpose=purpose, on=on, profession=profession
        )
        for kind in KINDS[purpose]:
            given = Circumstances(
                decision_kind=kind,
                purpose=purpose,
                instrument=None,
                statement_binding=None,
                is_decided_by_tables=False,
                on=on,
                origins=lineage(origin),
                destinations=lineage(destination),
                profession=profession,
                agreement=agreement.agreement.id if agreement else None,
            )
            fitting = [each for each in regimes if _fits(each, given)]
            found += _by_tables(fitting, given, instruments, bindings)
            found += _usual(fitting, given)
            found += _on_request(fitting, given)
    return tuple(_together(found))


def _fits(regime: Regime, given: Circumstances) -> bool:
    """Tell whether a regime knows such a decision at all, or is the common ground."""
    return regime.id == NEUTRAL or (
        regime.is_in_force(given.on)
        and given.decision_kind in regime.decision_kinds
        and given.purpose in regime.purposes
    )


def _by_tables(
    regimes: Collection[Regime],
    given: Circumstances,
    instruments: Collection[str],
    bindings: Collection[str],
) -> Iterator[_Found]:
    """Yield regimes that carry out an agreement, or follow statements by law."""
    decided = replace(given, is_decided_by_tables=True)
    cases = [
        *(replace(decided, instrument=each) for each in instruments),
        *(replace(decided, statement_binding=each) for each in bindings),
    ]
    for case in cases:
        route = choose_regime(regimes, case)
        if route.reasons[0][0] in _OF_TABLES:
            yield _Found(route, case, is_by_tables=True)


def _usual(regimes: Collection[Regime], given: Circumstances) -> Iterator[_Found]:
    for beneficiary in BeneficiaryBasis:
        case = replace(given, beneficiary=beneficiary)
        yield _Found(choose_regime(regimes, case), case)


def _on_request(regimes: Collection[Regime], given: Circumstances) -> Iterator[_Found]:
    for regime in regimes:
        if not regime.provisions.applies.is_on_request:
            continue
        for beneficiary in BeneficiaryBasis:
            case = replace(given, beneficiary=beneficiary, wanted=regime.id)
            try:
                yield _Found(choose_regime(regimes, case), case)
            except RegimeNotApplicableError:
                continue


def _together(found: Collection[_Found]) -> Iterator[PossibleRegime]:
    """Yield each regime once, with all circumstances under which it was chosen.

    Those that follow from the tables come first, those on request last.
    """
    groups: dict[tuple[str, bool, bool], list[_Found]] = {}
    for each in found:
        is_wanted = each.given.wanted is not None
        key = (each.route.regime.id, each.is_by_tables, is_wanted)
        groups.setdefault(key, []).append(each)
    ordered = sorted(groups.items(), key=lambda item: (not item[0][1], item[0][2]))
    for (_, is_by_tables, is_wanted), group in ordered:
        people = frozenset(each.given.beneficiary for each in group)
        yield PossibleRegime(
            group[0].route.regime,
            group[0].route.reasons[0],
            frozenset(each.given.decision_kind for each in group),
            frozenset() if is_by_tables or people == _EVERYBODY else people,
            is_on_request=is_wanted,
            is_by_tables=is_by_tables,
        )
