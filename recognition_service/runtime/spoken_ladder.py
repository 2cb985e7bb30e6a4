"""What the picture of an answer says, in words: for its description and its table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recognition_service.equivalence.ladder import Ladder, Line, Mark, Picture, Role
from recognition_service.runtime.spoken_names import Names, listed
from recognition_service.wording import text


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the table that says what the picture shows.

    Attributes:
        framework: Code of the framework, `None` where there is none.
        level: `None` where no rung of it is marked.
        what: What the level is, or why there is none.
        lines: How the lines that end there are to be read.
    """

    framework: str | None
    level: str | None
    what: str
    lines: tuple[str, ...]


def table_rows(pictures: Sequence[Picture], names: Names) -> list[Told]:
    """Return the rows of the table beside the pictures, each once."""
    rows = (row for picture in pictures for row in _rows(picture, names))
    return list(dict.fromkeys(rows))


def told(picture: Picture, names: Names) -> str:
    """Return what a picture shows, in sentences."""
    return " ".join(_sentences(picture, names))


def line_words(line: Line, names: Names) -> str:
    """Return what a line says: its two ends, and the relation in words."""
    language = names.language
    relation = "listed" if line.relation is None else line.relation.value
    family = "ladder" if line.relation is None else "explanation"
    params = {
        "start": " ".join(line.start or (text("ladder.the_title", {}, language),)),
        "end": " ".join(line.end),
        "relation": text(f"{family}.relation_{relation}", {}, language),
    }
    return text("ladder.line", params, language)


def absence_words(code: str, language: str) -> str:
    """Return the words that stand where no rung is marked."""
    return text(f"ladder.absence_{code}", {}, language)


def _rows(picture: Picture, names: Names) -> Iterator[Told]:
    language = names.language
    for ladder in picture.ladders:
        for rung in ladder.marked:
            end = (ladder.framework or "", rung.code)
            yield Told(
                ladder.framework,
                rung.code,
                listed([_mark(mark, language) for mark in rung.marks], "and", language),
                tuple(
                    f"{line_words(line, names)} ({_kind(line, language)})"
                    for line in picture.lines
                    if line.end == end
                ),
            )
        if not ladder.marked:
            yield Told(ladder.framework, None, _why(picture, ladder, language), ())


def _why(picture: Picture, ladder: Ladder, language: str) -> str:
    if ladder.role is Role.DESTINATION and picture.absence is not None:
        return absence_words(picture.absence, language)
    code = "no_level_held" if ladder.role is Role.HELD else "no_levels"
    return text(f"ladder.{code}", {}, language)


def _sentences(picture: Picture, names: Names) -> Iterator[str]:
    language = names.language
    for row in _rows(picture, names):
        framework = row.framework or text("ladder.no_framework", {}, language)
        params = {"framework": framework, "level": row.level or "", "what": row.what}
        code = "ladder.told_none" if row.level is None else "ladder.told_level"
        yield text(code, params, language)
    for line in picture.lines:
        params = {"line": line_words(line, names), "kind": _kind(line, language)}
        yield text("ladder.told_line", params, language)


def _mark(mark: Mark, language: str) -> str:
    return text(f"ladder.mark_{mark}", {}, language)


def _kind(line: Line, language: str) -> str:
    return text(f"ladder.told_{line.kind}", {}, language)
