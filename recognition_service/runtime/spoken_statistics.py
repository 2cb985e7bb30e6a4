"""Statistics as documents and rows, and what their groups are called."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from recognition_service.frameworks.csv_stream import FORMULA_SIGNS
from recognition_service.runtime.spoken_names import Names
from recognition_service.statistics.count import Figures, Rules
from recognition_service.statistics.dimensions import RE_EXAMINATIONS, Dimension
from recognition_service.statistics.indicators import Days
from recognition_service.statistics.overview import Overview
from recognition_service.statistics.periods import Period
from recognition_service.statistics.re_examinations import ReExaminations
from recognition_service.statistics.suppression import OTHER
from recognition_service.wording import catalogue, text

TOTAL = "total"
"""How the rows of a file name a total."""

_PLACES = frozenset({Dimension.ORIGIN, Dimension.DESTINATION})
_FAMILIES = {
    Dimension.DECISION_KIND: "decision_kind.",
    Dimension.OUTCOME: "outcome.",
    Dimension.PURPOSE: "purpose.",
}


def frame_document(
    authority_id: str, period: Period, rules: Rules, dated: date
) -> dict[str, Any]:
    """Return of which authority and time figures are, and how they are protected."""
    return {
        "authority": authority_id,
        "period": {
            "id": str(period),
            "begin": period.begin.isoformat(),
            "end": period.end.isoformat(),
        },
        "dated": dated.isoformat(),
        "threshold": rules.threshold,
    }


def figures_document(figures: Figures, language: str) -> dict[str, Any]:
    """Return figures with their definitions; null stands for what is not shown."""
    asked, table = figures.asked, figures.table
    names = [str(dimension) for dimension in asked.by]
    totals: dict[str, Any] = {"all": _entry(figures, table.total, figures.all_days)}
    lines = [table.rows, table.columns][: len(names)]
    for name, line in zip(names, lines, strict=True) if len(names) > 1 else ():
        totals[name] = [
            {name: group, **_entry(figures, count, Days())}
            for group, count in line.items()
        ]
    return {
        "measure": str(asked.measure),
        "by": names,
        "definitions": {
            name: text(f"statistics.about_{name}", {}, language)
            for name in (f"measure_{asked.measure}", *names)
        },
        "cells": [
            {
                **dict(zip(names, place, strict=False)),
                **_entry(figures, count, figures.days.get(place[0], Days())),
            }
            for place, count in (table.cells.items() if names else ())
        ],
        "totals": totals,
    }


def csv_rows(figures: Figures) -> Iterator[list[str]]:
    """Yield figures as rows under a head, each with its groups; totals come last.

    A text that a spreadsheet program would take for a formula gets an apostrophe
    before it. What is not shown is empty, and `suppressed` says so.
    """
    asked, table = figures.asked, figures.table
    names = [str(dimension) for dimension in asked.by]
    measured = ["median_days", "p90_days"] if asked.measure.is_duration else []
    yield [*names, asked.measure.unit, *measured, "suppressed"]
    if names:
        for place, count in table.cells.items():
            days = figures.days.get(place[0], Days())
            yield _row(list(place[: len(names)]), _entry(figures, count, days))
    if len(names) > 1:
        for group, count in table.rows.items():
            yield _row([group, TOTAL], _entry(figures, count, Days()))
        for group, count in table.columns.items():
            yield _row([TOTAL, group], _entry(figures, count, Days()))
    every = _entry(figures, table.total, figures.all_days)
    yield _row([TOTAL] * len(names), every)


def indicators_document(found: Overview, language: str) -> dict[str, Any]:
    """Return the indicators of a period with their definitions."""
    told = found.indicators
    shares = {
        "segregation": told.segregation,
        "precedent_share": told.precedent_share,
        "overdue_share": told.overdue_share,
        "appealed_share": told.appealed_share,
    }
    return {
        "refusal_rate": [
            {"sex": sex, **_share(rate)} for sex, rate in told.refusal_rates.items()
        ],
        **{name: _share(value) for name, value in shares.items()},
        "definitions": {
            name: text(f"statistics.about_{name}", {}, language)
            for name in ("refusal_rate", *shares)
        },
    }


def re_examinations_document(found: ReExaminations, language: str) -> dict[str, Any]:
    """Return which cases were examined without need, one table for each dimension."""
    name = str(Dimension.RE_EXAMINATION)
    return {
        "re_examined_share": _share(found.share),
        "tables": [figures_document(each, language) for each in found.figures],
        "groups": {
            group: text(f"statistics.group_{name}_{group}", {}, language)
            for group in RE_EXAMINATIONS
        },
        "definitions": {
            each: text(f"statistics.about_{each}", {}, language)
            for each in ("re_examined_share", name)
        },
    }


def re_examination_rows(found: ReExaminations) -> Iterator[list[str]]:
    """Yield all tables as rows under one head; see `csv_rows`."""
    yield ["by", "group", str(Dimension.RE_EXAMINATION), "cases", "suppressed"]
    for figures in found.figures:
        _, *rows = csv_rows(figures)
        yield from ([str(figures.asked.by[0]), *row] for row in rows)


def group_name(dimension: Dimension, group: str, names: Names) -> str:
    """Return what a group is called; a code without a name stays as it is."""
    if group == OTHER:
        return text("statistics.group_all_other", {}, names.language)
    if dimension in _PLACES:
        return names.place(group)
    special = f"statistics.group_{dimension}_{group}"
    for code in (special, f"{_FAMILIES.get(dimension, '')}{group}"):
        if code in catalogue(names.language):
            return text(code, {}, names.language)
    if dimension is Dimension.PROFESSION:
        return names.profession(group)
    return group.replace("_", " ")


def _entry(figures: Figures, count: int | None, days: Days) -> dict[str, Any]:
    measure = figures.asked.measure
    if not measure.is_duration:
        return {measure.unit: count, "suppressed": count is None}
    measured = {"median_days": days.median, "p90_days": days.p90}
    return {
        "cases": count,
        **measured,
        "suppressed": None in {count, *measured.values()},
    }


def _share(value: float | None) -> dict[str, Any]:
    return {"value": value, "suppressed": value is None}


def _row(groups: list[str], entry: dict[str, Any]) -> list[str]:
    cells = [f"'{group}" if group[:1] in FORMULA_SIGNS else group for group in groups]
    values = [_written(value) for value in entry.values()]
    return [*cells, *values]


def _written(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
