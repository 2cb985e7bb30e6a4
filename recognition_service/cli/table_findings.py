"""How findings in the tables are told: as a line, as a JSON value, as a CSV row."""

from typing import Any

from recognition_service.frameworks.csv_stream import FORMULA_SIGNS
from recognition_service.frameworks.findings import Finding
from recognition_service.wording import text

COLUMNS = ("file", "line", "row", "column", "rule", "text")
"""The header of a report of findings."""


def as_line(finding: Finding, language: str) -> str:
    """Return place, rule and sentence of a finding."""
    place = f"{finding.file}:{finding.line}:{finding.column or ''}"
    return f"{place} {finding.rule}: {_sentence(finding, language)}"


def as_value(finding: Finding, language: str) -> dict[str, Any]:
    """Return a finding with all that is known of it."""
    return {
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "rule": finding.rule,
        "params": {name: str(value) for name, value in finding.params.items()},
        "text": _sentence(finding, language),
    }


def as_row(finding: Finding, language: str) -> list[str]:
    """Return a finding as a row under `COLUMNS`.

    Texts of the file that was read stand in it: a cell that a spreadsheet program
    would take for a formula gets an apostrophe before it.
    """
    cells = [
        finding.file,
        str(finding.line),
        str(finding.params.get("row", "")),
        finding.column or "",
        finding.rule,
        _sentence(finding, language),
    ]
    return [f"'{cell}" if cell and cell[0] in FORMULA_SIGNS else cell for cell in cells]


def _sentence(finding: Finding, language: str) -> str:
    return text(f"tables.{finding.rule}", finding.params, language)
