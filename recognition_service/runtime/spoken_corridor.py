"""What the tables hold about a corridor as JSON, with words beside its codes."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from recognition_service.equivalence.answer import Answer, Result
from recognition_service.equivalence.applicable import agreements_between
from recognition_service.equivalence.corridor import (
    Corridor,
    Coverage,
    LevelCovered,
    TypeCovered,
    counts,
)
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.runtime.spoken import REASON, sentence
from recognition_service.runtime.spoken_ladder import absence_words
from recognition_service.wording import text


def corridor_document(found: Corridor, language: str) -> dict[str, Any]:
    """Return the summary of a corridor and its levels, without the types."""
    return {
        "origin": found.origin,
        "destination": found.destination,
        "asked_on": found.asked_on.isoformat(),
        "counts": {
            "levels": _counted(found.levels),
            "qualifications": _counted(found.qualifications),
        },
        "issuers": _issuers(found),
        "instruments": _instruments(found),
        "agreements": _agreements(found, language),
        "sources": {
            source.id: {
                "title": source.title,
                "publisher": source.publisher,
                "url": source.url,
                "year": source.year,
                "read_on": source.read_on.isoformat() if source.read_on else None,
                "evidence": source.evidence.value,
                "answers": number,
            }
            for source, number in found.sources()
        },
        "frameworks": [
            {
                "framework": each.framework.id,
                "name_en": each.framework.name_en,
                "levels": [_level(level, language) for level in each.levels],
            }
            for each in found.frameworks
        ],
        "language": language,
    }


def type_document(
    found: TypeCovered, snapshot: Snapshot, language: str
) -> dict[str, Any]:
    """Return what is published about a type of qualification."""
    row = found.qualification
    issuer = snapshot.tables.organisations.get(found.issuer or "")
    return {
        "qualification": row.id,
        "title": row.title,
        "title_language": row.language,
        "title_en": row.title_en,
        **covered(found.answer, found.coverage, language),
        "issuer": issuer.name if issuer else found.issuer,
        "instrument": found.answer.conclusion.instrument,
        "years": _years(found.answer),
    }


def asked(answer: Answer) -> dict[str, str]:
    """Return the question of an answer as the parameters of a look-up."""
    question = answer.question
    members = {
        "origin": question.origin,
        "destination": question.destination,
        "qualification": question.qualification,
        "framework": question.framework,
        "level": question.level,
        "purpose": question.purpose.value,
        "awarded_on": question.awarded_on.isoformat() if question.awarded_on else None,
    }
    return {name: value for name, value in members.items() if value is not None}


def _level(found: LevelCovered, language: str) -> dict[str, Any]:
    return {
        "level": found.level.code,
        **covered(found.answer, found.coverage, language),
    }


def covered(answer: Answer, coverage: Coverage, language: str) -> dict[str, Any]:
    """Return how much an answer says, in words, and the question that it answers."""
    no_answer = answer.no_answer
    told = text(f"corridor.coverage_{coverage}", {}, language)
    if no_answer is not None:
        why = absence_words(no_answer, language)
        told = text("corridor.why", {"coverage": told, "why": why}, language)
    return {
        "coverage": coverage.value,
        "no_answer": no_answer.value if no_answer else None,
        "text": told,
        "levels": [
            {
                "framework": level.framework,
                "code": level.code,
                "relation": level.relation.value,
            }
            for level in answer.levels
        ],
        "asked": asked(answer),
    }


def _counted(entries: Iterable[LevelCovered | TypeCovered]) -> dict[str, int]:
    return {coverage.value: number for coverage, number in counts(entries).items()}


def _issuers(found: Corridor) -> list[dict[str, Any]]:
    """Return who published the statements that answer, and of which years."""
    numbers: Counter[str] = Counter()
    years: dict[str, set[int]] = {}
    for each in found.qualifications:
        if each.issuer is not None and each.answer.result is Result.STATEMENT:
            numbers[each.issuer] += 1
            years.setdefault(each.issuer, set()).update(_years(each.answer))
    known = found.snapshot.tables.organisations
    return [
        {
            "issuer": code,
            "name": known[code].name if code in known else code,
            "answers": number,
            "years": sorted(years[code]),
        }
        for code, number in numbers.most_common()
    ]


def _instruments(found: Corridor) -> list[dict[str, Any]]:
    """Return the agreements whose rules answer, with the day of their beginning."""
    numbers = Counter(
        answer.conclusion.instrument
        for answer in found.answers
        if answer.result is Result.TREATY_RULE and answer.conclusion.instrument
    )
    known = found.snapshot.tables.agreements
    return [
        {
            "instrument": code,
            "name": known[code].name,
            "in_force_from": str(known[code].in_force_from or "") or None,
            "answers": number,
        }
        for code, number in numbers.most_common()
    ]


def _agreements(found: Corridor, language: str) -> list[dict[str, Any]]:
    """Return what stands between both sides, the one that comes first first."""
    between = agreements_between(
        found.snapshot, found.origin, found.destination, found.asked_on
    )
    return [
        {
            "instrument": each.agreement.id,
            "name": each.agreement.name,
            "scope_type": each.agreement.scope_type,
            "scope": each.agreement.scope,
            "professions": list(each.agreement.professions),
            "standing": each.standing.value,
            "text": sentence(REASON, each.reason.code, each.reason.params, language),
        }
        for each in between
    ]


def _years(answer: Answer) -> list[int]:
    return sorted(
        {source.year for source in answer.conclusion.sources if source.year is not None}
    )
