"""From the inputs of a decision to its findings: pure, and the same for ever.

What a decision says (its target, legal basis, limits) is computed here from the
inputs and the edition, both when the decision is made and whenever it is replayed.

Inputs are plain JSON values:

- `edition` {base, overlay}, `engine`, `authority`, `regime`, `decided_on`,
  `decided_by` ("rule", "officer" or "silence"), `nonce`;
- `destination` {jurisdiction, profession}, `decision_kind`, `purpose`;
- `holder` {family_name, given_name, birth_date, name_on_evidence};
- `held`: the held qualification as in a request;
- `decision`: what the officer decided, or None; where silence decided, {limit,
  article, due_on, reference}.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from recognition_service.clock import parse_day
from recognition_service.credentials.canonical import canonical_part
from recognition_service.editions.find import CompiledEdition
from recognition_service.equivalence.answer import (
    Answer,
    Conclusion,
    ListedLevel,
    ReferenceObject,
)
from recognition_service.equivalence.compare import compare_afresh
from recognition_service.equivalence.document import (
    as_document,
    question_document,
)
from recognition_service.equivalence.question import Question
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import Purpose
from recognition_service.regimes.contents import require_contents
from recognition_service.regimes.regime import Regime
from recognition_service.regimes.time_limits import SilenceEffect

RULE = "rule"
OFFICER = "officer"
SILENCE = "silence"
_EQF = "EQF"
_TACIT = "tacit_granted"
_RECOGNITION = "recognition"
_STATUSES = {"yes": "recognised", "no": "not_recognised"}
_HINTS = frozenset({"destination_parts_have_frameworks"})
"""Reasons that help who asks to ask better; no record keeps them."""

_MOST_RECORDED = 256
_Document = dict[str, Any]
# Many decisions of one kind rest on one conclusion, which is written out once: as
# values, and as parts of a canonical text.
_RECORDED: dict[int, tuple[Conclusion, _Document, _Document]] = {}


def findings_of(
    inputs: Mapping[str, Any],
    edition: CompiledEdition,
    *,
    ask: Callable[[Snapshot, Question], Answer] = compare_afresh,
    in_parts: bool = False,
) -> dict[str, Any]:
    """Compute what follows from the inputs.

    Args:
        inputs: As this module describes them.
        edition: The edition that the inputs name.
        ask: How the tables are asked; `compare` remembers, which pays for many
            decisions of a kind.
        in_parts: Whether the answer of the tables may be given as parts of a
            canonical text, where nobody will look into it.

    Raises:
        ContentsMissingError: The officer's decision lacks mandatory contents.
        UnknownCodeError: A code of the inputs is in no row of the edition.
        RegimeNotInEditionError: The edition has no such regime.
    """
    regime = edition.regime(inputs["regime"])
    question = question_of(inputs)
    answer = ask(edition.snapshot, question) if question else None
    conclusion = answer.conclusion if answer else None
    decision = inputs["decision"]
    if inputs["decided_by"] == RULE:
        content = _by_rule(inputs, conclusion)
    elif inputs["decided_by"] == SILENCE:
        content = _by_silence(inputs, regime)
    else:
        require_contents(
            regime, decision, decided_on=date.fromisoformat(inputs["decided_on"])
        )
        content = _by_officer(inputs, decision, edition)
    return {
        "equivalence": recorded_answer(answer, edition, in_parts=in_parts),
        "outcome": content["outcome"],
        "reasons": content["reasons"],
        "target": content["target"],
        "legal": _legal(regime, inputs, content),
        "conditions": content["conditions"],
        "measures": content["measures"],
        "limitations": content["limitations"],
        "differences": content["differences"],
        "text": content["text"],
        "validity": {
            "from": inputs["decided_on"],
            "until": _last_day(inputs, content["valid_until"]),
        },
        "rows": [f"{row.table}/{row.id}" for row in conclusion.rows]
        if conclusion
        else [],
    }


def question_of(inputs: Mapping[str, Any]) -> Question | None:
    """Return the question for the tables, or None if nothing there can be asked.

    A held qualification that is known by its printed title alone, without a
    framework, has no place in the tables.
    """
    held, destination = inputs["held"], inputs["destination"]
    by_id = held.get("qualification")
    if by_id is None and not (held.get("framework") and held.get("level")):
        return None
    return Question(
        origin=held["origin"],
        destination=destination["jurisdiction"],
        asked_on=date.fromisoformat(inputs["decided_on"]),
        purpose=Purpose(inputs["purpose"]),
        qualification=by_id,
        framework=None if by_id else held["framework"],
        level=None if by_id else held["level"],
        awarded_on=parse_day(held.get("awarded_on")),
        training_started_on=parse_day(held.get("training_started_on")),
        profession=destination.get("profession"),
        facts=_facts(held),
    )


def _last_day(inputs: Mapping[str, Any], decided: str | None) -> str | None:
    """Return until when a decision holds: never longer than what it rests on.

    Source: STCW Convention 1978, regulation I/10 (an endorsement ends with the
    certificate that it attests).
    """
    days = [day for day in (decided, inputs["held"].get("valid_until")) if day]
    return min(days, default=None)


def _facts(held: Mapping[str, Any]) -> Mapping[str, object]:
    """Return what is known of an award, what was established of its institution too."""
    facts = held.get("facts") or {}
    institution = held.get("institution_status") or {}
    status = _STATUSES.get(institution.get("recognised") or "")
    return facts if status is None else {**facts, "institution_status": status}


def recorded_answer(
    answer: Answer | None, edition: CompiledEdition, *, in_parts: bool = False
) -> dict[str, Any] | None:
    """Return the answer of the tables as records keep it, None without a question.

    It is without the texts of sources, which may grow, and without hints. With
    `in_parts` its members are canonical parts, but for the question.
    """
    if answer is None:
        return None
    kept = _RECORDED.get(id(answer.conclusion))
    if kept is None or kept[0] is not answer.conclusion:
        document = as_document(answer, edition=edition.snapshot.edition)
        document.pop("sources")
        document["reasons"] = [
            reason for reason in document["reasons"] if reason["code"] not in _HINTS
        ]
        if len(_RECORDED) >= _MOST_RECORDED:
            _RECORDED.clear()
        parts = {name: canonical_part(value) for name, value in document.items()}
        kept = answer.conclusion, document, parts
        _RECORDED[id(answer.conclusion)] = kept
    shared = kept[2] if in_parts else kept[1]
    return {**shared, "question": question_document(answer.question)}


def _by_rule(
    inputs: Mapping[str, Any], conclusion: Conclusion | None
) -> dict[str, Any]:
    """Return what the rows themselves decide."""
    if conclusion is None or not conclusion.decides or conclusion.outcome is None:
        # A rule that no longer decides gives no outcome; a replay then differs.
        return _content(inputs, outcome=None, reasons=[], target={}, basis=[])
    return _content(
        inputs,
        outcome=conclusion.outcome.value,
        reasons=[reason.code for reason in conclusion.reasons],
        target=_target_of_rule(conclusion),
        basis=_basis_of_rule(conclusion),
    )


def _target_of_rule(conclusion: Conclusion) -> dict[str, Any]:
    match conclusion.object:
        case ListedLevel() as listed:
            return {
                "title": None,
                "framework": listed.framework,
                "level": listed.level,
                "eqf": listed.hub_level if listed.hub == _EQF else None,
            }
        case ReferenceObject() as compared:
            return {
                "title": " / ".join(item.title for item in compared.qualifications)
                or None,
                "framework": compared.framework,
                "level": compared.levels[0] if len(compared.levels) == 1 else None,
                "eqf": compared.eqf_levels[0]
                if len(compared.eqf_levels) == 1
                else None,
            }
        case _:
            return {"title": None, "framework": None, "level": None, "eqf": None}


def _basis_of_rule(conclusion: Conclusion) -> list[str]:
    if conclusion.instrument is not None:
        return [conclusion.instrument]
    return list(dict.fromkeys(row.source for row in conclusion.rows))


def _by_silence(inputs: Mapping[str, Any], regime: Regime) -> dict[str, Any]:
    """Return what the law decides because a time limit passed.

    A regime that does not say so gives no outcome; a replay then differs.
    """
    decision = inputs["decision"]
    limit = regime.timing.limit(decision["limit"])
    if limit is None or limit.silence is not SilenceEffect.TACIT_GRANT:
        return _content(inputs, outcome=None, reasons=[], target={}, basis=[])
    named = [regime.instrument] if regime.instrument else []
    return _content(
        inputs,
        outcome=_TACIT,
        reasons=["time_limit_passed"],
        target={"title": None, "framework": None, "level": None, "eqf": None},
        basis=[*named, limit.article],
        decision=decision,
    )


def _by_officer(
    inputs: Mapping[str, Any], decision: Mapping[str, Any], edition: CompiledEdition
) -> dict[str, Any]:
    """Return what the officer decided, with names for what was named by id."""
    reference = decision.get("reference") or {}
    return _content(
        inputs,
        outcome=decision["outcome"],
        reasons=["officer_decided"],
        target={
            "title": _title(reference.get("qualification"), edition),
            "framework": reference.get("framework"),
            "level": reference.get("level"),
            "eqf": reference.get("level")
            if reference.get("framework") == _EQF
            else None,
        },
        basis=list(decision.get("legal_basis") or ()),
        decision=decision,
    )


def _content(
    inputs: Mapping[str, Any],
    *,
    outcome: str | None,
    reasons: list[str],
    target: Mapping[str, Any],
    basis: list[str],
    decision: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    given = decision or {}
    destination = inputs["destination"]
    return {
        "outcome": outcome,
        "reasons": reasons,
        "target": {
            **target,
            "jurisdiction": [destination["jurisdiction"]],
            "profession": (given.get("reference") or {}).get("profession")
            or destination.get("profession"),
        },
        "basis": basis,
        "remedy": given.get("remedy"),
        "conditions": list(given.get("conditions") or ()),
        "measures": list(given.get("measures") or ()),
        "limitations": [*(given.get("limitations") or ()), *_scope(given)],
        "differences": list(given.get("differences") or ()),
        "text": given.get("text"),
        "valid_until": given.get("valid_until"),
    }


def _scope(decision: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what partial access is limited to: activities, and the title to use.

    Source: Directive 2005/36/EC, article 4f(5) and (6).
    """
    scope = [
        {"code": "activity", "text": text} for text in decision.get("activities") or ()
    ]
    title = decision.get("title_to_use")
    if title:
        scope.append(
            {"code": "title_to_use", "text": {title["language"]: title["text"]}}
        )
    return scope


def _legal(
    regime: Regime, inputs: Mapping[str, Any], content: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "regime": regime.id,
        "basis": content["basis"],
        "force": dict(regime.force),
        "does_not_allow": [
            *regime.not_allowed(inputs["decision_kind"]),
            *_beyond_experience(inputs["decision"]),
        ],
        "remedy": content["remedy"],
    }


def _beyond_experience(decision: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return what stated experience is not: it recognises no qualification."""
    stated = ((decision or {}).get("reference") or {}).get("experience")
    return (_RECOGNITION,) if stated else ()


def _title(qualification: str | None, edition: CompiledEdition) -> str | None:
    if qualification is None:
        return None
    tables = edition.snapshot.tables
    row = tables.qualifications.get(
        qualification
    ) or tables.reference_qualifications.get(qualification)
    return row.title if row else qualification
