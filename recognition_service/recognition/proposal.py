"""What the tables propose for a request, and whether a rule may decide it.

A rule decides about a type of qualification, never about a person's claim. It may
decide about a person only when the award was confirmed by who made it, the
institution was recognised and the programme quality-assured at the award date,
each with who established it, and when the authority has ordered it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from recognition_service.attestations.findings import question_of, recorded_answer
from recognition_service.editions.find import CompiledEdition
from recognition_service.equivalence.answer import Answer, Conclusion
from recognition_service.equivalence.applicable import (
    Applicable,
    agreement_that_applies,
)
from recognition_service.equivalence.compare import compare, compare_afresh
from recognition_service.equivalence.errors import UnknownCodeError
from recognition_service.equivalence.question import Question
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import Binding, Purpose
from recognition_service.recognition.errors import RequestInvalidError
from recognition_service.recognition.vocabulary import BeneficiaryBasis, Grade
from recognition_service.regimes.lifecycle import CaseState
from recognition_service.regimes.regime import Regime
from recognition_service.regimes.routing import Circumstances, choose_regime

_ENOUGH = frozenset({Grade.CONFIRMED_BY_ISSUER, Grade.ISSUER_SIGNED})
_POINTERS = {
    "qualification": "/held_qualifications/0/qualification",
    "framework": "/held_qualifications/0/framework",
    "level": "/held_qualifications/0/level",
    "origin": "/held_qualifications/0/origin",
    "destination": "/destination/jurisdiction",
    "profession": "/destination/profession",
}

Reason = tuple[str, Mapping[str, Any]]
_OTHER_KIND: Reason = ("decision_kind_not_by_rule", {})


@dataclass(frozen=True, slots=True)
class Proposal:
    """What follows for a request from the tables and the law.

    Attributes:
        order: Instrument, or source of the published list, that a standing order
            must name before a rule decides; None where no rule decides.
        hindrances: Why no rule may decide about this person, as codes.
        is_listed: Whether the tables decide about such a title, for a decision of this
            kind, though it may not be established yet that the person holds it.
    """

    regime: Regime
    instrument: str | None
    routing_reasons: tuple[Reason, ...]
    equivalence: Mapping[str, Any] | None
    order: str | None
    hindrances: tuple[Reason, ...]
    is_listed: bool = False

    @property
    def is_decided_by_rule(self) -> bool:
        """Whether the rule decides without an officer."""
        return self.order is not None and not self.hindrances


def propose(
    inputs: Mapping[str, Any],
    edition: CompiledEdition,
    ordered: frozenset[str],
    *,
    beneficiary: str = BeneficiaryBasis.NOT_STATED,
    wanted: str | None = None,
) -> Proposal:
    """Ask the tables and choose the regime.

    Args:
        inputs: As for `attestations.findings`, with the regime still open.
        edition: The edition in force for the authority.
        ordered: Instruments and lists under which the authority lets rules decide.
        beneficiary: Why the person may rely on an instrument.
        wanted: Id of the regime that the request asks for, or None.

    Raises:
        RequestInvalidError: A code is in no row of the edition.
        RegimeNotApplicableError: The regime that is asked for does not apply.
    """
    answer = _ask(inputs, edition)
    conclusion = answer.conclusion if answer else None
    decides = conclusion is not None and conclusion.decides
    order = _order_of(answer) if decides else None
    hindrances: tuple[Reason, ...] = ()
    if answer is not None and order is not None:
        unproven = _facts_by_nobody(inputs["held"], answer.question, edition)
        of_case = _hindrances(inputs["held"], unproven, order, ordered)
        hindrances = (*_expired(inputs), *of_case)
    agreement = _agreement(inputs, conclusion, edition)
    given = replace(
        _circumstances(inputs, edition),
        instrument=conclusion.instrument if conclusion else None,
        statement_binding=_binding(answer, edition),
        is_decided_by_tables=order is not None and not hindrances,
        beneficiary=beneficiary,
        agreement=agreement.agreement.id if agreement else None,
        wanted=wanted,
    )
    regimes = edition.regimes.values()
    route = choose_regime(regimes, given)
    of_regime: tuple[Reason, ...] = (_OTHER_KIND,)
    if order is not None:
        by_rule = choose_regime(regimes, replace(given, is_decided_by_tables=True))
        of_regime = _hindrances_of_regime(by_rule.regime, conclusion)
        hindrances = hindrances or of_regime
    return Proposal(
        route.regime,
        conclusion.instrument if conclusion else None,
        (
            *_with_params(route.reasons, answer),
            *hindrances,
            *((("agreement_applies", agreement.reason.params),) if agreement else ()),
        ),
        recorded_answer(answer, edition),
        order,
        hindrances,
        is_listed=_OTHER_KIND not in of_regime and not _is_void(inputs),
    )


def _circumstances(
    inputs: Mapping[str, Any], edition: CompiledEdition
) -> Circumstances:
    """Return what the request itself says; the tables were not asked yet."""
    lineage, destination = edition.snapshot.places.lineage, inputs["destination"]
    return Circumstances(
        decision_kind=inputs["decision_kind"],
        purpose=inputs["purpose"],
        instrument=None,
        statement_binding=None,
        is_decided_by_tables=False,
        on=date.fromisoformat(inputs["decided_on"]),
        origins=lineage(inputs["held"]["origin"]),
        destinations=lineage(destination["jurisdiction"]),
        profession=destination.get("profession"),
    )


def _agreement(
    inputs: Mapping[str, Any], conclusion: Conclusion | None, edition: CompiledEdition
) -> Applicable | None:
    """Return which agreement stands between both sides where the tables name none."""
    if conclusion is not None and conclusion.instrument is not None:
        return None
    return agreement_that_applies(
        edition.snapshot,
        inputs["held"]["origin"],
        inputs["destination"]["jurisdiction"],
        purpose=Purpose(inputs["purpose"]),
        on=date.fromisoformat(inputs["decided_on"]),
        profession=inputs["destination"].get("profession"),
    )


def _with_params(
    reasons: tuple[Reason, ...], answer: Answer | None
) -> tuple[Reason, ...]:
    """Give routing reasons the parameters that the tables know for the same code."""
    known = {
        reason.code: reason.params
        for reason in (answer.conclusion.reasons if answer else ())
    }
    return tuple((code, {**known.get(code, {}), **params}) for code, params in reasons)


def proposed_answer(
    inputs: Mapping[str, Any], edition: CompiledEdition
) -> Mapping[str, Any] | None:
    """Return what the tables say, as records keep it; None if nothing can be asked.

    Conclusions are remembered, which pays for many questions of a kind.

    Raises:
        RequestInvalidError: A code is in no row of the edition.
    """
    return recorded_answer(_ask(inputs, edition, compare), edition)


def _ask(
    inputs: Mapping[str, Any],
    edition: CompiledEdition,
    ask: Callable[[Snapshot, Question], Answer] = compare_afresh,
) -> Answer | None:
    question = question_of(inputs)
    if question is None:
        return None
    try:
        return ask(edition.snapshot, question)
    except UnknownCodeError as error:
        raise RequestInvalidError(
            str(error),
            (
                {
                    "pointer": _pointer(error, question),
                    "code": "unknown_code",
                    "detail": str(error),
                    "nearest": list(error.nearest),
                },
            ),
        ) from error


def _pointer(error: UnknownCodeError, question: Question) -> str:
    kind = error.kind.partition(" ")[0]  # Such as "level of LV-LKI".
    if kind == "jurisdiction":
        kind = "origin" if error.unknown == question.origin else "destination"
    return _POINTERS[kind]


def _order_of(answer: Answer | None) -> str | None:
    """Return the instrument, or the source of the published list, that decides."""
    if answer is None:
        return None
    if answer.conclusion.instrument is not None:
        return answer.conclusion.instrument
    statements = [row for row in answer.rows if row.table == "comparability_statements"]
    return statements[0].source if statements else None


def _binding(answer: Answer | None, edition: CompiledEdition) -> str | None:
    if answer is None:
        return None
    rows = edition.snapshot.tables.comparability_statements
    for row in answer.rows:
        if row.table == "comparability_statements":
            return Binding(rows[row.id].binding).value
    return None


def _hindrances(
    held: Mapping[str, Any],
    unproven: tuple[str, ...],
    order: str,
    ordered: frozenset[str],
) -> tuple[Reason, ...]:
    found: list[Reason] = []
    authenticity = held.get("authenticity") or {}
    if authenticity.get("grade") not in _ENOUGH:
        found.append(("authenticity_not_confirmed", {}))
    elif not authenticity.get("established_by"):
        found.append(("authenticity_by_nobody", {}))
    status = held.get("institution_status") or {}
    if status.get("recognised") != "yes":
        found.append(("institution_status_not_established", {}))
    if status.get("quality_assured") != "yes":
        found.append(("quality_assurance_not_established", {}))
    if unproven:
        found.append(("facts_not_established", {"facts": unproven}))
    if order not in ordered:
        found.append(("no_standing_order", {"instrument": order}))
    return tuple(found)


def _expired(inputs: Mapping[str, Any]) -> tuple[Reason, ...]:
    """Return that what is held has ended, if so."""
    last = inputs["held"].get("valid_until")
    if last is None or last >= inputs["decided_on"]:
        return ()
    return (("held_qualification_expired", {"valid_until": last}),)


def _is_void(inputs: Mapping[str, Any]) -> bool:
    """Tell whether what is held ended, or was made by nobody who is recognised."""
    status = inputs["held"].get("institution_status") or {}
    return bool(_expired(inputs)) or "no" in {
        status.get("recognised"),
        status.get("quality_assured"),
    }


def _facts_by_nobody(
    held: Mapping[str, Any], question: Question, edition: CompiledEdition
) -> tuple[str, ...]:
    """Return the facts on which the answer may rest and for which nobody vouches.

    A fact also counts that takes another statement out of the answer.
    """
    asked = edition.snapshot.conditions_asked(question)
    used = {condition.fact for conditions in asked for condition in conditions}
    established = {*(held.get("facts_established") or {}), "institution_status"}
    given = {name for name, fact in question.facts.items() if fact is not None}
    return tuple(sorted(used & given - established))


def _hindrances_of_regime(regime: Regime, conclusion: Any) -> tuple[Reason, ...]:
    """Return why the regime lets no rule decide, though the tables would."""
    if conclusion.outcome is None or conclusion.outcome not in regime.outcomes:
        return (_OTHER_KIND,)
    if CaseState.DECIDED not in regime.lifecycle.allowed(CaseState.SUBMITTED):
        return (("complete_file_needed", {"regime": regime.id}),)
    return ()
