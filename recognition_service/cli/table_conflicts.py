"""How conflicts of the tables are shown: row beside row, with source and date."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from recognition_service.cli.output import columns, plain, say
from recognition_service.editions.package import Package
from recognition_service.equivalence.conflict import Cited, Conflict, Severity
from recognition_service.frameworks.files import rows_of
from recognition_service.frameworks.findings import file_of
from recognition_service.frameworks.instruments import ComparabilityStatement
from recognition_service.frameworks.rows import LevelAlignment
from recognition_service.wording import text

_WIDTH = 36  # Of a row, so that two of them and the labels fit into 88 columns.
_LABELS = ("row", "side", "says", "source", "date", "evidence")


@dataclass(frozen=True, slots=True)
class Shown:
    """A conflict in words.

    Attributes:
        is_conflict: False for what is only worth knowing.
        value: The same for machines.
        rows: For each row what is said under each label.
    """

    is_conflict: bool
    text: str
    value: Mapping[str, Any]
    rows: tuple[Mapping[str, str], ...]


def shown(
    package: Package, conflicts: Iterable[Conflict], language: str
) -> list[Shown]:
    """Put conflicts of a package into words, with the lines of their rows."""
    lines = {
        (name, row.cell("id")): row.line
        for name, file in package.files.items()
        for row in file.rows
    }
    titles = {
        row.cell("id"): row.cell("title") for row in rows_of(package.files, "sources")
    }
    return [_shown(conflict, lines, titles, language) for conflict in conflicts]


def _shown(
    conflict: Conflict,
    lines: Mapping[tuple[str, str], int],
    titles: Mapping[str, str],
    language: str,
) -> Shown:
    params = {
        **conflict.params,
        **{
            name: _way(str(conflict.params[name]), language)
            for name in ("there", "back")
            if name in conflict.params
        },
    }
    if "purpose" in params:
        params["purpose"] = text(f"purpose.{params['purpose']}", {}, language)
    sentence = text(f"conflict.{conflict.kind}", params, language)
    rows = []
    values = []
    for each in conflict.rows:
        file, line = file_of(each.table), lines.get((each.table, each.row.id), 0)
        words = {
            "side": text(f"conflict.side_{each.side}", {}, language),
            "says": _says(each, language),
            "source": titles.get(each.row.source) or each.row.source,
            "date": each.dated or text("conflict.no_date", {}, language),
            "evidence": each.row.evidence.value,
        }
        rows.append({"row": f"{file}:{line} {each.row.id}", **words})
        values.append(
            {
                "table": each.table,
                "id": each.row.id,
                "file": file,
                "line": line,
                "side": each.side,
                "says": words["says"],
                "source": each.row.source,
                "source_title": words["source"],
                "date": each.dated,
                "evidence": each.row.evidence,
            }
        )
    value = {
        "kind": conflict.kind,
        "severity": conflict.severity,
        "text": sentence,
        "params": conflict.params,
        "rows": values,
    }
    is_conflict = conflict.severity is Severity.CONFLICT
    return Shown(is_conflict, sentence, value, tuple(rows))


def _way(way: str, language: str) -> str:
    code = f"conflict.way_{way}"
    word = text(code, {}, language)
    return text("conflict.way_hub", {"hub": way}, language) if word == code else word


def _says(each: Cited, language: str) -> str:
    match each.row:
        case LevelAlignment() as row:
            level = row.level_b or text("conflict.no_level", {}, language)
            params = {
                "a": f"{row.framework_a} {row.level_a}",
                "b": f"{row.framework_b} {level}",
                "relation": row.relation,
            }
            return text("conflict.says_alignment", params, language)
        case ComparabilityStatement() as row:
            return "; ".join(_parts(row, language))


def _parts(row: ComparabilityStatement, language: str) -> Iterator[str]:
    yield text(
        "conflict.says_statement",
        {"title": row.title, "destination": row.destination, "outcome": row.outcome},
        language,
    )
    for name, values in (
        ("objects", row.objects),
        (
            "levels",
            [f"{row.destination_framework} {c}" for c in row.destination_levels],
        ),
        ("eqf_levels", row.eqf_levels),
        ("conditions", row.conditions),
    ):
        if values:
            params = {"kind": row.object_kind, "values": values}
            yield text(f"conflict.says_{name}", params, language)


def show(conflicts: Sequence[Shown], heading: str, language: str) -> None:
    """Print a section of conflicts, two rows beside each other."""
    if not conflicts:
        return
    say(text(f"conflict.{heading}", {"count": len(conflicts)}, language))
    for number, conflict in enumerate(conflicts, 1):
        say()
        say(plain(f"{number}. {conflict.text}"))
        for first in range(0, len(conflict.rows), 2):
            say()
            columns(list(_lines(conflict.rows[first : first + 2], language)))
    say()


def _lines(
    rows: Sequence[Mapping[str, str]], language: str
) -> Iterator[tuple[str, ...]]:
    for label in _LABELS:
        cells = [
            textwrap.wrap(plain(row[label]), _WIDTH, break_on_hyphens=False)
            for row in rows
        ]
        name = text(f"conflict.label_{label}", {}, language)
        for number, parts in enumerate(zip_longest(*cells, fillvalue="")):
            yield ("" if number else f"   {name}", *parts)
