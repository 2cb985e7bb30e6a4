"""The figures of a programme's report as a page shows them."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from recognition_service.dual_certification.follow_up import PERIODS
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.programmes import ProgrammeFigure
from recognition_service.runtime.bar_picture import Bar, BarGroup
from recognition_service.runtime.spoken_names import Names
from recognition_service.runtime.spoken_programme_report import group_name
from recognition_service.statistics.programme_indicators import (
    Indicator,
    Side,
    Standing,
    Unit,
    benefits,
    indicators,
    targets,
)
from recognition_service.statistics.programme_report import ProgrammeReport
from recognition_service.statistics.programme_tables import (
    AWARDS,
    COMPLETIONS_BY_AGE,
    COMPLETIONS_BY_SEX,
    MOVEMENTS,
    PARTICIPANTS_BY_AGE,
    PARTICIPANTS_BY_SEX,
    SECTORS,
    WORK_BY_AGE,
    WORK_BY_SEX,
    Group,
    Table,
)
from recognition_service.statistics.suppression import ProtectedTable
from recognition_service.web.pages.programmes import counted
from recognition_service.web.pages.rendering import page_language, said, t
from recognition_service.web.pages.statistics_panels import (
    MOST_DRAWN,
    Body,
    Panel,
    Row,
    number,
    per_cent,
    picture,
    shown,
    sum_row,
)

_Counts = Mapping[str, int | None]


def panels(report: ProgrammeReport, snapshot: Snapshot) -> list[Panel]:
    """Return the figures of a report in the order in which a page shows them."""
    words = _Words(report, Names(snapshot, page_language()))
    work = {months: report.tables[table] for months, table in WORK_BY_SEX.items()}
    return [
        words.crossed(PARTICIPANTS_BY_SEX, is_drawn=True),
        words.crossed(PARTICIPANTS_BY_AGE, is_drawn=False),
        words.crossed(COMPLETIONS_BY_SEX, is_drawn=True),
        words.crossed(COMPLETIONS_BY_AGE, is_drawn=False),
        words.crossed(AWARDS, is_drawn=True),
        words.after_months(
            "work",
            Group.WORK,
            {months: found.columns for months, found in work.items()},
        ),
        words.working(),
        *(
            words.after_months(
                group.value,
                group,
                {months: report.tables[each].rows for months, each in tables.items()},
            )
            for group, tables in ((Group.SECTOR, SECTORS), (Group.MOVEMENT, MOVEMENTS))
        ),
    ]


def benefit_rows(report: ProgrammeReport) -> list[tuple[Side, list[Row]]]:
    """Return the indicators by the side for which they tell the benefit."""
    found = benefits(indicators(report))
    return [
        (
            side,
            [
                Row(t(f"programme_report.name_{name}"), [_values(list(named))])
                for name, named in groupby(group, lambda each: each.name)
            ],
        )
        for side, group in found.items()
    ]


def target_rows(
    report: ProgrammeReport, figures: Sequence[ProgrammeFigure]
) -> list[Row]:
    """Return what the source of a programme names, beside what was counted here."""
    rows = []
    for each in targets(report, tuple(figures)):
        figure = each.figure
        named = {
            "value_from": figure.value_from,
            "value_to": figure.value_to,
            "unit": figure.unit,
            "period": figure.period,
        }
        name = (
            f"{said(figure.kind, 'programme.figure')}{t('page.colon')} {counted(named)}"
        )
        if each.is_comparable:
            rows.append(Row(name, [number(each.participants), per_cent(each.reached)]))
        else:
            rows.append(Row(name, [t("programme_report.not_comparable")] * 2))
    return rows


def cost_rows(report: ProgrammeReport) -> list[Row]:
    """Return who bears which part of each kind of cost."""
    return [
        Row(
            t(f"programme_report.kind_{each.kind}"),
            [
                t(f"programme_report.payer_{each.payer}"),
                t("statistics.per_cent", value=number(float(each.share))),
            ],
        )
        for each in report.costs
    ]


def _values(named: Sequence[Indicator]) -> str:
    """Return an indicator in words: once, or after each number of months."""
    values = [_value(each) for each in named]
    if all(each.standing is Standing.NOT_KNOWN for each in named):
        return values[0]
    told = (
        value
        if each.months is None
        else t("programme_report.after", value=value, months=each.months)
        for each, value in zip(named, values, strict=True)
    )
    return "; ".join(told)


def _value(indicator: Indicator) -> str:
    if indicator.standing is not Standing.KNOWN:
        return t(f"programme_report.standing_{indicator.standing}")
    if indicator.unit is Unit.SHARE:
        return per_cent(indicator.value)
    return number(indicator.value)


class _Words:
    """Puts the tables of a report into words of one language."""

    def __init__(self, report: ProgrammeReport, names: Names) -> None:
        self._report, self._names = report, names

    def crossed(self, table: Table, *, is_drawn: bool) -> Panel:
        """Return counts of two dimensions, the second within the first."""
        found = self._report.tables[table]
        rows_of, columns_of = table.by
        groups, bodies = [], []
        for row, count in shown(found.rows).items():
            head = group_name(rows_of, row, self._names)
            cells = {column: found.cells[row, column] for column in found.columns}
            bars = self._bars(columns_of, shown(cells))
            groups.append(BarGroup(head, bars))
            rows = [Row(bar.name, [bar.written]) for bar in bars]
            bodies.append(Body(Row(head, [number(count)]), rows))
        name = f"programme_{table.name}"
        first = " / ".join(t(f"programme_report.group_{each}") for each in table.by)
        return Panel(
            name,
            picture(name, groups[:MOST_DRAWN]) if is_drawn else "",
            first,
            [t(f"programme_report.counts_{table.people}")],
            [*bodies, *sum_row(found.total)],
            is_drawn and len(groups) > MOST_DRAWN,
        )

    def after_months(
        self, name: str, group: Group, counts: Mapping[int, _Counts]
    ) -> Panel:
        """Return counts of one dimension, after each number of months."""
        groups, bodies = [], []
        for months, found in counts.items():
            bars = self._bars(group, shown(found))
            if bars:
                head = t("programme_report.months", months=months)
                groups.append(BarGroup(head, bars))
                every = self._report.tables[WORK_BY_SEX[months]].total
                rows = [Row(bar.name, [bar.written]) for bar in bars]
                bodies.append(Body(Row(head, [number(every)]), rows))
        return Panel(
            f"programme_{name}",
            picture(f"programme_{name}", groups),
            t(f"programme_report.group_{group}"),
            [t("programme_report.counts_answered")],
            bodies or [Body(None, [])],
        )

    def working(self) -> Panel:
        """Return who works at which level, by sex and by age."""
        bodies = []
        for months in PERIODS:
            rows: list[Row] = []
            for tables, group in (
                (WORK_BY_SEX, Group.SEX),
                (WORK_BY_AGE, Group.AGE_BAND),
            ):
                found = self._report.tables[tables[months]]
                rows += self._rows(found, group)
            if rows:
                every = self._report.tables[WORK_BY_SEX[months]]
                head = t("programme_report.months", months=months)
                sums = [number(every.columns[each]) for each in every.columns]
                bodies.append(Body(Row(head, sums), rows))
        groups = self._report.tables[WORK_BY_SEX[PERIODS[0]]].columns
        return Panel(
            "programme_working",
            "",
            t("programme_report.group_sex_or_age"),
            [group_name(Group.WORK, each, self._names) for each in groups],
            bodies or [Body(None, [])],
        )

    def _rows(self, found: ProtectedTable, group: Group) -> list[Row]:
        return [
            Row(
                group_name(group, row, self._names),
                [number(found.cells[row, column]) for column in found.columns],
            )
            for row in shown(found.rows)
        ]

    def _bars(self, group: Group, counts: _Counts) -> list[Bar]:
        return [
            Bar(group_name(group, each, self._names), count, number(count))
            for each, count in counts.items()
        ]
