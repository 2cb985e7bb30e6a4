"""A question with its codes looked up and its days made ready."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from recognition_service.equivalence.answer import Held, Reason
from recognition_service.equivalence.epochs import Day
from recognition_service.equivalence.errors import (
    QuestionNotClearError,
    UnknownCodeError,
    nearest,
)
from recognition_service.equivalence.question import Question
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.packed_rows import rows_with
from recognition_service.frameworks.rows import (
    Framework,
    FrameworkKind,
    LevelStatus,
    Qualification,
)

_Row = TypeVar("_Row")

Reasons = tuple[Reason, ...]
OPEN = "…"  # The end of a period that is not known.


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a step of the engine works on.

    Attributes:
        qualification: `None` when only a level was asked about.
        framework: Framework of what is held, `None` when it stands on none.
        awarded: `None` when the award date is unknown.
        asked: The day on which the answer must hold.
    """

    question: Question
    snapshot: Snapshot
    held: Held
    qualification: Qualification | None
    framework: Framework | None
    awarded: Day | None
    asked: Day

    @property
    def home(self) -> str:
        """The jurisdiction whose title is held, as exactly as it is known."""
        if self.qualification is not None:
            return self.qualification.jurisdiction
        if self.framework is not None and self.framework.jurisdiction is not None:
            return self.framework.jurisdiction
        return self.question.origin

    @property
    def destination_lineage(self) -> tuple[str, ...]:
        """The destination and all it is part of, the nearest first."""
        return self.snapshot.places.lineage(self.question.destination)


def open_inquiry(
    snapshot: Snapshot, question: Question, awarded: Day | None, asked: Day
) -> Inquiry:
    """Look up the codes of a question.

    Raises:
        QuestionNotClearError: Neither or both of a qualification and a level.
        UnknownCodeError: A code that no row has.
    """
    tables = snapshot.tables
    for kind in (question.origin, question.destination):
        _known("jurisdiction", kind, tables.jurisdictions)
    if question.profession is not None:
        _known("profession", question.profession, tables.professions)
    if question.target_framework is not None:
        _known("framework", question.target_framework, tables.frameworks)
    qualification, code = None, question.level
    framework_code, status = question.framework, LevelStatus.ASSIGNED
    if question.qualification is not None:
        if question.framework is not None or question.level is not None:
            raise QuestionNotClearError(
                "qualification",
                "Give either a qualification, or a framework and a level.",
            )
        qualification = _known(
            "qualification", question.qualification, tables.qualifications
        )
        framework_code, code = qualification.framework, qualification.level
        status = qualification.level_status
    elif framework_code is None or code is None:
        raise QuestionNotClearError(
            "level" if framework_code else "framework",
            "Give a qualification, or a framework and a level.",
        )
    framework = None
    if framework_code is not None:
        framework = _known("framework", framework_code, tables.frameworks)
        if question.level is not None:
            _known_level(snapshot, framework_code, question.level)
    caveat = framework.caveat if framework else None
    return Inquiry(
        question,
        snapshot,
        Held(framework_code, code, status, caveat),
        qualification,
        framework,
        awarded,
        asked,
    )


def targets(inquiry: Inquiry) -> tuple[Framework, ...]:
    """Return the frameworks in which the answer may be given.

    They are those of the destination that were in force when the award was made:
    levels are compared between versions of the same time only.
    """
    snapshot, question = inquiry.snapshot, inquiry.question
    named = question.target_framework
    if named is None:
        candidates = snapshot.places.frameworks[question.destination]
    else:
        target = snapshot.tables.frameworks[named]
        if target.kind is FrameworkKind.HUB:
            return (target,)
        belongs = snapshot.places.are_related(target.jurisdiction, question.destination)
        candidates = (target,) if belongs else ()
    day = inquiry.awarded or inquiry.asked
    return tuple(
        framework
        for framework in candidates
        if day.is_within(framework.valid_from, framework.valid_to)
    )


def award_outside_period(inquiry: Inquiry) -> Reason | None:
    """Return why the award date does not fit the type of qualification, if so."""
    row, awarded = inquiry.qualification, inquiry.awarded
    if row is None or awarded is None:
        return None
    if awarded.is_within(row.valid_from, row.valid_to):
        return None
    return Reason(
        "award_outside_period",
        {
            "title": row.title,
            "from": str(row.valid_from or OPEN),
            "to": str(row.valid_to or OPEN),
        },
    )


def _known(kind: str, code: str, rows: Mapping[str, _Row]) -> _Row:
    row = rows.get(code)
    if row is None:
        raise UnknownCodeError(kind, code, nearest(code, rows))
    return row


def _known_level(snapshot: Snapshot, framework: str, code: str) -> None:
    if snapshot.level_id(framework, code) not in snapshot.tables.levels:
        codes = tuple(
            level.code
            for level in rows_with(snapshot.tables.levels, "framework", {framework})
        )
        raise UnknownCodeError(
            f"level of {framework}", code, nearest(code, codes) or codes[:5]
        )
