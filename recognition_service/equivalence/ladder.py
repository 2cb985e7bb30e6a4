"""What to draw of an answer: ladders of levels, marks on their rungs, and lines.

Every framework is a ladder of its own. Rungs of two ladders have nothing to do with
each other unless a line joins them, and a line stands only where the answer rests on
a row that says so. Where there is no such row, an absence stands in its place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from recognition_service.equivalence.answer import (
    Answer,
    LevelAnswer,
    PathKind,
    Result,
)
from recognition_service.equivalence.epochs import Day
from recognition_service.equivalence.inquiry import open_inquiry, targets
from recognition_service.equivalence.relations import turned_round
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.packed_rows import rows_with
from recognition_service.frameworks.rows import Level, LevelAlignment, Relation


class Role(StrEnum):
    """What a ladder stands for in the picture, in the order in which they stand."""

    HELD = "held"
    HUB = "hub"
    DESTINATION = "destination"


class Mark(StrEnum):
    """Why a rung is marked."""

    HELD = "held"
    PASSED = "passed"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Rung:
    """A level of a ladder.

    Attributes:
        depth: 0 for a level, 1 for a part of one, and so on.
    """

    code: str
    depth: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """A framework with its levels.

    Attributes:
        framework: `None` where there is none.
        rungs: The highest first; none where the framework has no levels.
        has_title: Whether a title stands beside the rungs, as where lines begin that
            say something of the title and not of its level.
    """

    role: Role
    framework: str | None
    rungs: tuple[Rung, ...]
    has_title: bool = False

    @property
    def marked(self) -> tuple[Rung, ...]:
        """The rungs that are marked."""
        return tuple(rung for rung in self.rungs if rung.marks)


@dataclass(frozen=True, slots=True)
class Line:
    """What one row says about two rungs, or about a title and a rung.

    Attributes:
        start: Framework and level; `None` is the title that is held.
        relation: As seen from the start; `None` for what a treaty lists.
        kind: Whether somebody published what the answer says, or it was derived.
    """

    start: tuple[str, str] | None
    end: tuple[str, str]
    relation: Relation | None
    kind: PathKind


@dataclass(frozen=True, slots=True)
class Picture:
    """The way to one framework of the destination, or why there is none.

    Attributes:
        absence: Code of what stands beside the ladder of the destination where no
            rung of it is marked, else `None`.
    """

    ladders: tuple[Ladder, ...]
    lines: tuple[Line, ...]
    absence: str | None = None

    @property
    def has_marks(self) -> bool:
        """Whether any rung is marked, so that there is something to see."""
        return any(ladder.marked for ladder in self.ladders)

    def ladder(self, role: Role) -> Ladder | None:
        """Return the ladder with a role, `None` if there is none."""
        return next((each for each in self.ladders if each.role is role), None)


def pictures(snapshot: Snapshot, answer: Answer) -> tuple[Picture, ...]:
    """Return one picture for each framework in which an answer could be given.

    Args:
        snapshot: The edition that answered.
        answer: What it answered.
    """
    question, held = answer.question, answer.conclusion.held
    awarded = None if question.awarded_on is None else Day(question.awarded_on)
    inquiry = open_inquiry(snapshot, question, awarded, Day(question.asked_on))
    ends: dict[str | None, None] = dict.fromkeys(
        level.framework for level in answer.levels
    )
    informs = answer.result is Result.LEVEL_INFORMATION and held.framework not in ends
    if informs or not ends:
        ends |= dict.fromkeys(target.id for target in targets(inquiry))
    return tuple(_picture(snapshot, answer, end) for end in ends or (None,))


def _picture(snapshot: Snapshot, answer: Answer, end: str | None) -> Picture:
    conclusion = answer.conclusion
    held, path = conclusion.held, conclusion.path
    levels = [level for level in answer.levels if level.framework == end]
    wanted: dict[str | None, dict[str, list[Mark]]] = {}
    if held.code is not None:
        wanted.setdefault(held.framework, {})[held.code] = [Mark.HELD]
    for level in levels:
        wanted.setdefault(end, {}).setdefault(level.code, []).append(Mark.ANSWER)
    places: dict[str | None, Role] = {held.framework: Role.HELD}
    hub = path.hub if path is not None and levels else None
    if conclusion.result is Result.TREATY_RULE and path is not None:
        hub = path.hub
    if hub is not None and path is not None and hub != end:
        places[hub] = Role.HUB
        wanted[hub] = {code: [Mark.PASSED] for code in path.hub_levels}
    if end not in places or end is None:
        places[end] = Role.DESTINATION
    lines = tuple(dict.fromkeys(_lines(snapshot, answer, levels, places)))
    by_title = answer.question.qualification is not None
    ladders = [
        Ladder(
            role,
            framework,
            _rungs(snapshot, framework, wanted.get(framework, {})),
            has_title=role is Role.HELD and by_title,
        )
        for framework, role in places.items()
    ]
    if held.framework is None and end is None:
        ladders.insert(0, Ladder(Role.HELD, None, (), has_title=by_title))
    return Picture(tuple(ladders), lines, None if levels else _absence(answer))


def _absence(answer: Answer) -> str:
    """Return why no rung of the destination is marked."""
    if answer.no_answer is not None:
        return answer.no_answer.value
    informs = answer.result is Result.LEVEL_INFORMATION
    return "no_level_here" if informs else "level_not_named"


def _rungs(
    snapshot: Snapshot, framework: str | None, marks: Mapping[str, list[Mark]]
) -> tuple[Rung, ...]:
    levels = {
        level.code: level
        for level in rows_with(snapshot.tables.levels, "framework", {framework})
    }
    ordered = sorted(levels.values(), key=lambda level: -level.ordinal)
    return tuple(
        Rung(level.code, _depth(level, levels), tuple(marks.get(level.code, ())))
        for level in ordered
    )


def _depth(level: Level, levels: Mapping[str, Level]) -> int:
    """Return how many levels a level is a part of, one inside the other."""
    seen = {level.code}
    parent = levels.get(level.parent or "")
    while parent is not None and parent.code not in seen:
        seen.add(parent.code)
        parent = levels.get(parent.parent or "")
    return len(seen) - 1


def _lines(
    snapshot: Snapshot,
    answer: Answer,
    levels: list[LevelAnswer],
    places: Mapping[str | None, Role],
) -> Iterator[Line]:
    path = answer.conclusion.path
    if path is None:
        return
    if answer.result is Result.STATEMENT:
        for level in levels:
            end = (level.framework, level.code)
            yield Line(None, end, level.relation, path.kind)
        return
    if answer.result is Result.TREATY_RULE and path.hub is not None:
        for code in path.hub_levels:
            yield Line(None, (path.hub, code), None, path.kind)
    order = {framework: rank for rank, framework in enumerate(places)}
    shown = {(level.framework, level.code) for level in levels}
    known = snapshot.tables.level_alignments
    for use in answer.rows:
        row = known.get(use.id) if use.table == "level_alignments" else None
        line = None if row is None else _line(row, order, path.kind)
        if line is not None and _leads_on(line, shown, path.hub):
            yield line


def _line(
    row: LevelAlignment, order: Mapping[str | None, int], kind: PathKind
) -> Line | None:
    """Return a row as a line from what is held towards the destination."""
    if row.level_b is None or not {row.framework_a, row.framework_b} <= order.keys():
        return None
    one, other = (row.framework_a, row.level_a), (row.framework_b, row.level_b)
    if order[row.framework_a] < order[row.framework_b]:
        return Line(one, other, row.relation, kind)
    return Line(other, one, turned_round(row.relation), kind)


def _leads_on(line: Line, shown: set[tuple[str, str]], hub: str | None) -> bool:
    """Return whether a line ends at an answer that is drawn, or at its hub."""
    return line.end in shown or (bool(shown) and line.end[0] == hub)
