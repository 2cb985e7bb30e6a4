"""Reports of programmes as documents and rows, and what their groups are called."""

from collections.abc import Iterator, Sequence
from typing import Any

from recognition_service.frameworks.csv_stream import FORMULA_SIGNS
from recognition_service.frameworks.programmes import ProgrammeFigure
from recognition_service.runtime.spoken_names import Names
from recognition_service.statistics.programme_indicators import (
    GOALS,
    TABLE_GOALS,
    Goals,
    Indicator,
    benefits,
    indicators,
    targets,
)
from recognition_service.statistics.programme_report import ALL, ProgrammeReport
from recognition_service.statistics.programme_tables import Group, Table
from recognition_service.statistics.suppression import OTHER, ProtectedTable
from recognition_service.wording import text

TOTAL = "total"
"""How the rows of a file name a total."""

HEAD = (
    "figure",
    "months",
    "row",
    "column",
    "value",
    "unit",
    "standing",
    "sdg",
    "gcm",
)
_SHARED = {
    Group.SEX: "statistics.group_sex_",
    Group.AGE_BAND: "statistics.group_age_band_",
}


def report_document(
    report: ProgrammeReport, figures: Sequence[ProgrammeFigure], language: str
) -> dict[str, Any]:
    """Return a report with its definitions; null stands for what is not told.

    Args:
        report: As it can be published.
        figures: What the source of the programme planned and says it reached.
        language: Of the definitions.
    """
    found = indicators(report)
    return {
        "programme": report.programme,
        "authority": report.authority_id,
        "period": {
            "id": str(report.year) if report.year else ALL,
            "begin": report.begin.isoformat() if report.begin else None,
            "end": report.end.isoformat() if report.end else None,
        },
        "dated": report.dated.isoformat(),
        "threshold": report.threshold,
        "indicators": [_indicator(each, language) for each in found],
        "benefits": {
            side.value: [
                {"indicator": each.name, "months": each.months} for each in group
            ]
            for side, group in benefits(found).items()
        },
        "planned_and_achieved": [
            {
                "figure": each.figure.id,
                "kind": each.figure.kind,
                "unit": each.figure.unit,
                "period": each.figure.period,
                "value_from": each.figure.value_from,
                "value_to": each.figure.value_to,
                "source": each.figure.source,
                "paper_ref": each.figure.paper_ref,
                "comparable": each.is_comparable,
                "participants": each.participants,
                "reached": each.reached,
            }
            for each in targets(report, tuple(figures))
        ],
        "cost_sharing": [
            {
                "kind": each.kind,
                "payer": each.payer,
                "per_cent": each.share,
                "units": each.units,
            }
            for each in report.costs
        ],
        "tables": [_table(*each) for each in report.tables.items()],
    }


def report_rows(report: ProgrammeReport) -> Iterator[list[str]]:
    """Yield a report as rows under a head: indicators, then counts with their sums.

    A text that a spreadsheet program would take for a formula gets an apostrophe
    before it. What is not told is empty, and `standing` says why.
    """
    yield list(HEAD)
    for each in indicators(report):
        place = [each.name, _written(each.months), "", "", _written(each.value)]
        yield [*place, each.unit, each.standing, *_joined(each.goals)]
    for share in report.costs:
        place = ["cost_sharing", "", share.kind, share.payer, share.share]
        yield [*place, "per_cent", "known", *_joined(GOALS["cost_beneficiary"])]
    for table, protected in report.tables.items():
        goals = _joined(TABLE_GOALS[table.people])
        unit = "awards" if table.name == "awards" else "persons"
        for row, column, count in _cells(table, protected):
            standing = "suppressed" if count is None else "known"
            groups = [_safe(row), _safe(column)]
            place = [table.name, _written(table.months), *groups, _written(count)]
            yield [*place, unit, standing, *goals]


def group_name(group: Group, value: str, names: Names) -> str:
    """Return what a group is called."""
    if value == OTHER:
        return text("statistics.group_all_other", {}, names.language)
    if group is Group.COUNTRY:
        return names.place(value)
    family = _SHARED.get(group, f"programme_report.group_{group}_")
    return text(f"{family}{value}", {}, names.language)


def _indicator(each: Indicator, language: str) -> dict[str, Any]:
    return {
        "indicator": each.name,
        "months": each.months,
        "value": each.value,
        "unit": each.unit,
        "standing": each.standing,
        "definition": text(f"programme_report.about_{each.name}", {}, language),
        "sdg": list(each.goals.sdg),
        "gcm": list(each.goals.gcm),
    }


def _table(table: Table, protected: ProtectedTable) -> dict[str, Any]:
    goals = TABLE_GOALS[table.people]
    names = [str(group) for group in table.by]
    return {
        "table": table.name,
        "counts": table.people,
        "months": table.months,
        "by": names,
        "cells": [
            {
                **dict(zip(names, (row, column), strict=False)),
                "count": count,
                "suppressed": count is None,
            }
            for row, column, count in _cells(table, protected)
        ],
        "sdg": list(goals.sdg),
        "gcm": list(goals.gcm),
    }


def _cells(
    table: Table, protected: ProtectedTable
) -> Iterator[tuple[str, str, int | None]]:
    """Yield row, column and count of each cell, and of the sums after them."""
    if len(table.by) == 1:
        for row, count in protected.rows.items():
            yield row, "", count
        yield TOTAL, "", protected.total
        return
    for (row, column), count in protected.cells.items():
        yield row, column, count
    for row, count in protected.rows.items():
        yield row, TOTAL, count
    for column, count in protected.columns.items():
        yield TOTAL, column, count
    yield TOTAL, TOTAL, protected.total


def _joined(goals: Goals) -> list[str]:
    return [" ".join(goals.sdg), " ".join(goals.gcm)]


def _safe(group: str) -> str:
    return f"'{group}" if group[:1] in FORMULA_SIGNS else group


def _written(value: float | None) -> str:
    return "" if value is None else str(value)
