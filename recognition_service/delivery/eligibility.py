"""Rules of eligibility: a closed language of criteria, and what attestations meet.

A rule names what an attestation must say. It holds no expression and no code, ranks
nobody, and knows a person's age only where it is about admission and a law says so.

Source: Lisbon Recognition Convention, article III.1 (no discrimination in assessment);
EMN Inform on Skills Mobility Partnerships, section 7 (certification as a criterion of
admission); Directive 2005/36/EC, article 53 (knowledge of languages follows
recognition).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from recognition_service.attestations.models import Status
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.language_scales import (
    LanguageLevel,
    Proof,
    Scale,
    level_fault,
    shows,
)
from recognition_service.frameworks.months import age_on
from recognition_service.frameworks.rows import Relation
from recognition_service.recognition.language_proofs import HeldLanguage
from recognition_service.recognition.vocabulary import DecisionKind

_EQF = "EQF"
Fault = dict[str, str]


class RulePurpose(StrEnum):
    """What a rule is about: who is admitted to something, or what is recognised."""

    ADMISSION = "admission"
    RECOGNITION = "recognition"


class Criterion(StrEnum):
    """What a rule can ask for."""

    VALID = "valid"
    DECISION_KIND = "decision_kind"
    OUTCOME = "outcome"
    DESTINATION = "destination"
    PROFESSION = "profession"
    LEVEL = "level"
    LANGUAGE = "language"
    AGE = "age"


class AttestedOutcome(StrEnum):
    """What an attestation can say; of a refusal there is none."""

    FULL = "full"
    AUTOMATIC = "automatic"
    TACIT_GRANTED = "tacit_granted"
    CONDITIONAL = "conditional"
    PARTIAL = "partial"
    PARTIAL_ACCESS = "partial_access"
    ALTERNATIVE = "alternative"


class Met(StrEnum):
    """Whether a criterion is met; what is not known is not a no."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Attested:
    """What counts of an attestation.

    Attributes:
        status: On the day that is asked about.
        places: For which jurisdictions it was decided.
        eqf: Its European level, if it says one.
    """

    status: str
    decision_kind: str
    outcome: str
    places: tuple[str, ...]
    profession: str | None
    framework: str | None
    level: str | None
    eqf: str | None


Results = dict[Criterion, Met]


def rule_faults(criteria: Mapping[str, Any], snapshot: Snapshot) -> list[Fault]:
    """Return the codes of a rule that the tables do not know.

    Args:
        criteria: `decision_kinds`, `outcomes`, `destination`, `profession`, `level`,
            `language` and `age`, as JSON values; what is empty, null or not there is
            no criterion.
        snapshot: The tables in force for the authority.
    """
    tables, faults = snapshot.tables, []
    place, profession = criteria["destination"], criteria["profession"]
    if place is not None and place not in tables.jurisdictions:
        faults.append(_unknown("destination", f"jurisdiction {place}"))
    if profession is not None and profession not in tables.professions:
        faults.append(_unknown("profession", f"profession {profession}"))
    level = criteria["level"]
    if level is not None and _ordinal(snapshot, **level) is None:
        named = f"level {level['level']} of {level['framework']}"
        faults.append(_unknown("level/level", named))
    language = criteria.get("language")
    wrong = None if language is None else level_fault(_language_level(language))
    if wrong is not None:
        detail = "The scale has no such level, or is one of another language."
        place = "/criteria/language/level"
        faults.append({"pointer": place, "code": wrong, "detail": detail})
    return faults


def assess(
    criteria: Mapping[str, Any],
    attested: Sequence[Attested],
    *,
    languages: Sequence[HeldLanguage],
    birth_date: date | None,
    day: date,
    snapshot: Snapshot,
) -> Results:
    """Return which criteria somebody meets on a day.

    All that is asked of an attestation must be met by one and the same; where none
    meets all, that with the fewest criteria not met is told.

    Args:
        criteria: As in `rule_faults`.
        attested: The attestations of one case; none meet nothing.
        languages: What the certificates of the case show.
        birth_date: Asked for by a limit of age only; None: not on file.
        day: The day.
        snapshot: The tables in force for the authority of the rule.
    """
    found = [_of_one(criteria, each, snapshot) for each in attested]
    asked = _asked(criteria)
    best = min(found, key=_distance, default=dict.fromkeys(asked, Met.NOT_MET))
    if criteria.get("language") is not None:
        required = _language_level(criteria["language"])
        best[Criterion.LANGUAGE] = _language(required, languages, attested, day)
    if criteria["age"] is not None:
        best[Criterion.AGE] = _age(criteria["age"], birth_date, day)
    return best


def fulfils(results: Results) -> Met:
    """Return whether all criteria are met."""
    if Met.NOT_MET in results.values():
        return Met.NOT_MET
    return Met.NOT_KNOWN if Met.NOT_KNOWN in results.values() else Met.MET


def _asked(criteria: Mapping[str, Any]) -> list[Criterion]:
    """Return what a rule asks of an attestation, in its order."""
    asked = [each for each, (member, _) in _OF_ATTESTATION.items() if criteria[member]]
    return [Criterion.VALID, *asked]


def _distance(results: Results) -> tuple[int, int]:
    told = list(results.values())
    return told.count(Met.NOT_MET), told.count(Met.NOT_KNOWN)


def _of_one(
    criteria: Mapping[str, Any], attested: Attested, snapshot: Snapshot
) -> Results:
    return {
        Criterion.VALID: _yes(attested.status == Status.VALID),
        **{
            each: test(criteria[member], attested, snapshot)
            for each, (member, test) in _OF_ATTESTATION.items()
            if criteria[member]
        },
    }


def _kind(wanted: Sequence[str], attested: Attested, _snapshot: Snapshot) -> Met:
    return _yes(attested.decision_kind in wanted)


def _outcome(wanted: Sequence[str], attested: Attested, _snapshot: Snapshot) -> Met:
    return _yes(attested.outcome in wanted)


def _profession(wanted: str, attested: Attested, _snapshot: Snapshot) -> Met:
    if attested.profession is None:
        return Met.NOT_KNOWN
    return _yes(attested.profession == wanted)


def _place(wanted: str, attested: Attested, snapshot: Snapshot) -> Met:
    """Return whether what was decided for some places holds in the wanted one.

    What holds in a part of a state may hold in all of it, or not.
    """
    if any(each in snapshot.places.lineage(wanted) for each in attested.places):
        return Met.MET
    if any(wanted in snapshot.places.lineage(each) for each in attested.places):
        return Met.NOT_KNOWN
    return Met.NOT_MET


def _level(wanted: Mapping[str, str], attested: Attested, snapshot: Snapshot) -> Met:
    """Return whether the level is at least the wanted one, in one framework."""
    level = _level_in(wanted["framework"], attested, snapshot)
    held = None if level is None else _ordinal(snapshot, wanted["framework"], level)
    least = _ordinal(snapshot, **wanted)
    return Met.NOT_KNOWN if held is None or least is None else _yes(held >= least)


def _level_in(framework: str, attested: Attested, snapshot: Snapshot) -> str | None:
    """Return the level in a framework; in a hub the one that the level is equal to."""
    if attested.framework == framework:
        return attested.level
    if framework == _EQF and attested.eqf is not None:
        return attested.eqf
    found = {
        each.level_b
        for each in snapshot.tables.level_alignments.values()
        if (each.framework_a, each.level_a) == (attested.framework, attested.level)
        and each.framework_b == framework
        and each.relation is Relation.EQUAL
    }
    return found.pop() if len(found) == 1 else None


def _ordinal(snapshot: Snapshot, framework: str, level: str) -> int | None:
    row = snapshot.tables.levels.get(f"{framework}:{level}")
    return None if row is None else row.ordinal


def _age(limit: Mapping[str, Any], birth_date: date | None, day: date) -> Met:
    if birth_date is None:
        return Met.NOT_KNOWN
    age = age_on(birth_date, day)
    least, most = limit["from"], limit["to"]
    is_old_enough = least is None or age >= least
    return _yes(is_old_enough and (most is None or age <= most))


def _language(
    required: LanguageLevel,
    languages: Sequence[HeldLanguage],
    attested: Sequence[Attested],
    day: date,
) -> Met:
    """Return whether a certificate for which somebody vouches shows a language.

    One that nobody has established shows nothing for sure, nor does a level of another
    scale, nor an attestation about a language, which names the language in words only.
    """
    found = {
        (
            shows(each.level, required, valid_until=each.valid_until, on=day),
            each.is_proven,
        )
        for each in languages
    }
    if (Proof.YES, True) in found:
        return Met.MET
    is_attested = any(
        each.decision_kind == DecisionKind.LANGUAGE_PROOF
        and each.status == Status.VALID
        for each in attested
    )
    is_open = any(proof is not Proof.NO for proof, _ in found)
    return Met.NOT_KNOWN if is_open or is_attested else Met.NOT_MET


def _language_level(named: Mapping[str, str]) -> LanguageLevel:
    return LanguageLevel(named["language"], Scale(named["scale"]), named["level"])


def _yes(is_met: bool) -> Met:  # noqa: FBT001  # a truth becomes a word
    return Met.MET if is_met else Met.NOT_MET


def _unknown(place: str, named: str) -> Fault:
    detail = f"There is no {named}."
    return {"pointer": f"/criteria/{place}", "code": "unknown_code", "detail": detail}


_Test = Callable[[Any, Attested, Snapshot], Met]
_OF_ATTESTATION: Mapping[Criterion, tuple[str, _Test]] = {
    Criterion.DECISION_KIND: ("decision_kinds", _kind),
    Criterion.OUTCOME: ("outcomes", _outcome),
    Criterion.DESTINATION: ("destination", _place),
    Criterion.PROFESSION: ("profession", _profession),
    Criterion.LEVEL: ("level", _level),
}
"""What can be asked of an attestation: the member of the rule, and how it is met."""
