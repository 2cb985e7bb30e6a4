"""Sets of questions with permanent ids, translated once, and what answers they take.

Who asks chooses ids and who answers chooses values, so that no sentence has to be
translated between them. The sets lie beside this module as files.

Source: practice of the Internal Market Information System (pre-translated questions).
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from recognition_service.clock import parse_day
from recognition_service.mutual_recognition.conversation import Kind
from recognition_service.mutual_recognition.errors import (
    QuestionSetNotFoundError,
    fault,
    misfits,
)

LONGEST_ANSWER = 500
_SETS = "question_sets"


class AnswerKind(StrEnum):
    """What an answer to a question is."""

    CLOSED = "closed"
    DATE = "date"
    TEXT = "text"


class Reply(StrEnum):
    """The answers to a closed question; the last two answer every question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


_ALWAYS = frozenset({Reply.UNKNOWN, Reply.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a set.

    Attributes:
        params: Names of what who asks fills in, such as "module".
        text: By language, with the names in braces.
    """

    id: str
    answer: AnswerKind
    params: tuple[str, ...]
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A published set; it is never changed.

    Attributes:
        id: Name and number, such as "award-verification/1".
        kind: The kind of request that it serves.
        questions: By id, in their order.
    """

    id: str
    kind: Kind
    title: Mapping[str, str]
    questions: Mapping[str, Question]


def question_set(set_id: str) -> QuestionSet:
    """Return a set of questions.

    Raises:
        QuestionSetNotFoundError: There is none of this id.
    """
    found = all_question_sets().get(set_id)
    if found is None:
        raise QuestionSetNotFoundError(f"There is no set of questions {set_id}.")
    return found


@cache
def all_question_sets() -> Mapping[str, QuestionSet]:
    """Return all sets by id, in the order of their ids."""
    folder = files("recognition_service.mutual_recognition") / _SETS
    trees = [
        tomllib.loads(file.read_text(encoding="utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    return {tree["id"]: _read(tree) for tree in sorted(trees, key=lambda t: t["id"])}


def newest_set(kind: Kind) -> QuestionSet | None:
    """Return the set of this kind with the highest number, or None."""
    found = [each for each in all_question_sets().values() if each.kind is kind]
    return max(found, key=_number, default=None)


def require_asked(
    questions: QuestionSet, asked: Sequence[Mapping[str, Any]], *, pointer: str
) -> None:
    """Refuse questions that are not in the set, or lack what they speak about.

    `asked` is a list of {id, params}; `pointer` says where it stands in the body.

    Raises:
        MutualRequestInvalidError: Questions do not fit; each is named.
    """
    faults: list[dict[str, str]] = []
    seen: set[str] = set()
    for place, item in enumerate(asked):
        at = f"{pointer}/{place}"
        question = questions.questions.get(item["id"])
        if question is None:
            known = ", ".join(questions.questions)
            faults.append(
                fault(f"{at}/id", "unknown_question", f"The set asks: {known}.")
            )
            continue
        if question.id in seen:
            faults.append(fault(f"{at}/id", "repeated", "It is asked once."))
        seen.add(question.id)
        faults += _faults_of_params(question, item["params"], at)
    if faults:
        raise misfits(faults)


def require_answers(
    questions: QuestionSet | None,
    given: Sequence[Mapping[str, Any]],
    *,
    asked: Iterable[str],
    unanswered: Iterable[str],
    pointer: str,
) -> None:
    """Refuse answers that are not all, or not to what was asked.

    Accepting means answering everything: half of the answers are none.

    Args:
        questions: The set; None: nothing was asked.
        given: A list of {id, answer}.
        asked: All ids of the request.
        unanswered: Those that must be answered now.
        pointer: Where the list stands in the body.

    Raises:
        MutualRequestInvalidError: Answers do not fit; each is named.
    """
    faults: list[dict[str, str]] = []
    known, seen = set(asked), set[str]()
    for place, item in enumerate(given):
        at = f"{pointer}/{place}"
        if questions is None or item["id"] not in known:
            faults.append(fault(f"{at}/id", "not_asked", "This was not asked."))
            continue
        if item["id"] in seen:
            faults.append(fault(f"{at}/id", "repeated", "It is answered once."))
        seen.add(item["id"])
        question = questions.questions[item["id"]]
        wrong = _wrong_with(question, item["answer"])
        if wrong is not None:
            faults.append(fault(f"{at}/answer", "wrong_kind", wrong))
    faults += [
        fault(pointer, "unanswered", f"{missing} must be answered too.")
        for missing in unanswered
        if missing not in seen
    ]
    if faults:
        raise misfits(faults)


def as_document(questions: QuestionSet) -> dict[str, Any]:
    """Return a set as callers get it, in all its languages."""
    return {
        "id": questions.id,
        "kind": questions.kind,
        "title": dict(questions.title),
        "questions": [
            {
                "id": question.id,
                "answer": question.answer,
                "values": _values(question),
                "params": list(question.params),
                "text": dict(question.text),
            }
            for question in questions.questions.values()
        ],
    }


def _values(question: Question) -> list[str]:
    """Return the words that an answer may be; other kinds take more than them."""
    closed = question.answer is AnswerKind.CLOSED
    return [reply for reply in Reply if closed or reply in _ALWAYS]


def _faults_of_params(
    question: Question, given: Mapping[str, str], pointer: str
) -> list[dict[str, str]]:
    return [
        fault(f"{pointer}/params", "required", f"Fill in {name}.")
        for name in question.params
        if not given.get(name)
    ] + [
        fault(f"{pointer}/params/{name}", "unknown_member", "It is not asked for.")
        for name in given
        if name not in question.params
    ]


def _wrong_with(question: Question, answer: str) -> str | None:
    """Return what is wrong with an answer, or None."""
    if answer in _ALWAYS:
        return None
    match question.answer:
        case AnswerKind.CLOSED:
            if answer not in set(Reply):
                return f"One of {', '.join(Reply)} is expected."
        case AnswerKind.DATE:
            if not _is_date(answer):
                return "A date such as 2026-11-02 is expected."
        case AnswerKind.TEXT:
            if len(answer) > LONGEST_ANSWER or "\n" in answer:
                return f"One line of up to {LONGEST_ANSWER} characters is expected."
    return None


def _is_date(answer: str) -> bool:
    try:
        day = parse_day(answer)
    except ValueError:
        return False
    return day is not None and day.isoformat() == answer


def _number(questions: QuestionSet) -> int:
    return int(questions.id.rpartition("/")[2])


def _read(tree: Mapping[str, Any]) -> QuestionSet:
    return QuestionSet(
        tree["id"],
        Kind(tree["kind"]),
        tree["title"],
        {
            item["id"]: Question(
                item["id"],
                AnswerKind(item["answer"]),
                tuple(item.get("params", ())),
                item["text"],
            )
            for item in tree["questions"]
        },
    )
