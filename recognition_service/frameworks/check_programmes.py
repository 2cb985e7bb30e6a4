"""Checks programmes, and that the tables beside them say what can be true."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial

from recognition_service.frameworks.files import RawRow, TableFile, rows_of
from recognition_service.frameworks.findings import Finding, found
from recognition_service.frameworks.periods import is_reversed
from recognition_service.frameworks.programmes import FigureUnit, LimitKind, Side
from recognition_service.frameworks.rules import RowRule

_WHOLE = Decimal(100)
_SHARE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")
_COUNTRIES = (
    (Side.ORIGIN, "origin_countries"),
    (Side.DESTINATION, "destination_countries"),
)
_AGES = ("age_min", "age_max")
_MONTHS = ("months_min", "months_max", "renewal_months")
# Table, least value, greatest value, and the rule that a reversed order breaks.
_RANGES = (
    ("programmes", "age_min", "age_max", "age_reversed"),
    ("programme_limits", "age_min", "age_max", "age_reversed"),
    ("programme_limits", "months_min", "months_max", "months_reversed"),
    ("programme_figures", "value_from", "value_to", "figure_reversed"),
)
# What only a limit of the other kind has.
_FOREIGN = {LimitKind.AGE.value: _MONTHS, LimitKind.STAY.value: _AGES}


def programme_rules() -> Iterator[tuple[str, RowRule]]:
    """Yield what finds programmes and parts of them that contradict themselves."""
    yield "programmes", _check_dates
    for table, least, most, rule in _RANGES:
        yield table, partial(_check_range, table, least, most, rule)
    yield "programme_figures", _check_figure
    yield "programme_limits", _check_limit


def check_programmes(files: Mapping[str, TableFile]) -> Iterator[Finding]:
    """Find programmes that contradict their parties, and costs that nobody pays."""
    yield from _check_parties(files)
    yield from _check_shares(rows_of(files, "programme_costs"))


def _check_range(
    table: str, least: str, most: str, rule: str, row: RawRow
) -> Iterator[Finding]:
    low, high = row.cell(least), row.cell(most)
    if low.isdecimal() and high.isdecimal() and int(low) > int(high):
        yield found(table, row, most, rule, least=low, most=high)


def _check_dates(row: RawRow) -> Iterator[Finding]:
    """Find an end before the start, as far as both dates are known."""
    begin, end = row.cell("start"), row.cell("end")
    known = min(len(begin), len(end))
    if is_reversed(begin[:known], end[:known]):
        yield found("programmes", row, "end", "ends_before_begin", begin=begin, end=end)


def _check_parties(files: Mapping[str, TableFile]) -> Iterator[Finding]:
    """Find parties and listed countries without one another.

    A part of a state stands for its state.
    """
    wholes = {
        row.cell("id"): row.cell("part_of") for row in rows_of(files, "jurisdictions")
    }
    listed = {
        (row.cell("id"), side.value): set(filter(None, row.cell(column).split(";")))
        for row in rows_of(files, "programmes")
        for side, column in _COUNTRIES
    }
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows_of(files, "programme_parties"):
        code, key = row.cell("jurisdiction"), (row.cell("programme"), row.cell("side"))
        places = {code, wholes.get(code, "")} - {""}
        named[key] |= places
        if not code and not row.cell("note"):
            yield found("programme_parties", row, "note", "party_without_words")
        if code in wholes and key in listed and not places & listed[key]:
            yield found(
                "programme_parties", row, "jurisdiction", "party_not_listed", party=code
            )
    for row in rows_of(files, "programmes"):
        for side, column in _COUNTRIES:
            key = (row.cell("id"), side.value)
            for missing in sorted(listed[key] & wholes.keys() - named[key]):
                yield found(
                    "programmes", row, column, "country_without_party", country=missing
                )


def _check_figure(row: RawRow) -> Iterator[Finding]:
    table, values = "programme_figures", ("value_from", "value_to")
    numbers = [int(text) for text in map(row.cell, values) if text.isdecimal()]
    if not any(map(row.cell, values)):
        yield found(table, row, "value_from", "figure_without_value")
    if row.cell("unit") == FigureUnit.PERCENT and any(n > _WHOLE for n in numbers):
        yield found(table, row, "unit", "more_than_all", value=max(numbers))


def _check_limit(row: RawRow) -> Iterator[Finding]:
    table, kind = "programme_limits", row.cell("kind")
    for column in _FOREIGN.get(kind, ()):
        if row.cell(column):
            yield found(table, row, column, "limit_of_another_kind", kind=kind)
    if not any(map(row.cell, (*_AGES, *_MONTHS, "note"))):
        yield found(table, row, "note", "limit_says_nothing")
    if row.cell("renewal_months") and not row.cell("months_max"):
        yield found(table, row, "months_max", "renewal_of_nothing")


def _check_shares(rows: Iterable[RawRow]) -> Iterator[Finding]:
    """Find shares that do not make a whole although all are known, or exceed it."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    last: dict[str, int] = {}
    unknown = set()
    for number, row in enumerate(rows):
        programme, share = row.cell("programme"), _share(row)
        totals[programme] += share or 0
        last[programme] = number
        if share is None:
            unknown.add(programme)
    for number, row in enumerate(rows):
        programme = row.cell("programme")
        total = totals[programme]
        if number == last[programme] and (
            total > _WHOLE or (programme not in unknown and total != _WHOLE)
        ):
            yield found("programme_costs", row, "share", "shares_not_100", total=total)


def _share(row: RawRow) -> Decimal | None:
    """Return a share; `None` is not known, or is found by `check_shape`."""
    text = row.cell("share")
    return Decimal(text) if _SHARE.fullmatch(text) else None
