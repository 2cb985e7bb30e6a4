"""An answer as the JSON value that the interface promises, without sentences.

Reasons stand there as code and parameters; the door puts texts in their place.
There is no member that says "equivalent".
"""

from typing import Any

from recognition_service.equivalence.answer import (
    Answer,
    AnswerObject,
    Conclusion,
    ConditionResult,
    Elements,
    ListedLevel,
    ListedTitle,
    Path,
    ReferenceObject,
)
from recognition_service.equivalence.question import Question
from recognition_service.equivalence.snapshot import Edition


def as_document(
    answer: Answer, *, edition: Edition, language: str | None = None
) -> dict[str, Any]:
    """Return the answer as a JSON value.

    Args:
        answer: What was asked and concluded.
        edition: The edition that answered, as `Snapshot.edition` has it.
        language: The language in which the door will put the reasons.
    """
    conclusion = answer.conclusion
    return {
        "question": question_document(answer.question),
        "result": conclusion.result.value,
        "no_answer": conclusion.no_answer.value if conclusion.no_answer else None,
        "decides": conclusion.decides,
        "outcome": conclusion.outcome.value if conclusion.outcome else None,
        "instrument": conclusion.instrument,
        "object": _object(conclusion.object),
        "levels": [
            {
                "framework": level.framework,
                "framework_version": level.framework_version,
                "code": level.code,
                "relation": level.relation.value,
            }
            for level in conclusion.levels
        ],
        "path": _path(conclusion.path),
        "held": {
            "framework": conclusion.held.framework,
            "code": conclusion.held.code,
            "level_status": conclusion.held.level_status.value,
            "caveat": conclusion.held.caveat,
        },
        "conditions": [_condition(each) for each in conclusion.conditions],
        "elements": _elements(conclusion.elements),
        **_provenance(conclusion),
        "edition": {
            "base": edition.base,
            "date": edition.dated.isoformat(),
            "overlay": edition.overlay,
        },
        "language": language,
    }


def question_document(question: Question) -> dict[str, Any]:
    """Return a question as a JSON value."""
    awarded, started = question.awarded_on, question.training_started_on
    return {
        "origin": question.origin,
        "destination": question.destination,
        "framework": question.framework,
        "level": question.level,
        "qualification": question.qualification,
        "purpose": question.purpose.value,
        "awarded_on": awarded.isoformat() if awarded else None,
        "training_started_on": started.isoformat() if started else None,
        "profession": question.profession,
        "target_framework": question.target_framework,
        "asked_on": question.asked_on.isoformat(),
    }


def _condition(condition: ConditionResult) -> dict[str, Any]:
    document = {
        "id": condition.id,
        "met": condition.met.value,
        "missing_fact": condition.missing_fact,
    }
    return document if condition.rule is None else {**document, "rule": condition.rule}


def _elements(elements: Elements | None) -> dict[str, str] | None:
    if elements is None:
        return None
    return {
        "level": elements.level.value,
        "workload": elements.workload.value,
        "quality": elements.quality.value,
        "profile": elements.profile.value,
        "learning_outcomes": elements.learning_outcomes.value,
    }


def _object(value: AnswerObject | None) -> dict[str, Any] | None:
    match value:
        case None:
            return None
        case ReferenceObject():
            return {
                "kind": value.kind.value,
                "qualifications": [
                    {
                        "id": each.id,
                        "title": each.title,
                        "title_en": each.title_en,
                        "language": each.language,
                    }
                    for each in value.qualifications
                ],
                "framework": value.framework,
                "levels": list(value.levels),
                "eqf_levels": list(value.eqf_levels),
            }
        case ListedLevel():
            return {
                "kind": "listed_level",
                "hub": value.hub,
                "hub_level": value.hub_level,
                "framework": value.framework,
                "level": value.level,
                "titles": list(value.titles),
            }
        case ListedTitle():
            return {
                "kind": "listed_title",
                "profession": value.profession,
                "annex_point": value.annex_point,
                "titles": list(value.titles),
                "professional_titles": list(value.professional_titles),
            }


def _path(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    relation = path.weakest.relation
    return {
        "kind": path.kind.value,
        "hub": path.hub,
        "hub_levels": list(path.hub_levels),
        "weakest": {
            "relation": relation.value if relation else None,
            "evidence": path.weakest.evidence.value,
        },
    }


def _provenance(conclusion: Conclusion) -> dict[str, Any]:
    return {
        "rows": [
            {
                "table": row.table,
                "id": row.id,
                "revision": row.revision,
                "evidence": row.evidence.value,
                "source": row.source,
            }
            for row in conclusion.rows
        ],
        "sources": {
            source.id: {"title": source.title, "url": source.url, "year": source.year}
            for source in conclusion.sources
        },
        "reasons": [
            {
                "code": reason.code,
                "params": {
                    name: value if isinstance(value, str) else list(value)
                    for name, value in reason.params.items()
                },
            }
            for reason in conclusion.reasons
        ],
    }
