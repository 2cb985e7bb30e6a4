"""Figures as a page shows them: as a picture, and as a table that says the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.regimes.regime import Regime
from recognition_service.runtime.bar_picture import Bar, BarGroup, bar_picture
from recognition_service.runtime.spoken_names import Names
from recognition_service.runtime.spoken_statistics import group_name
from recognition_service.statistics.count import Asked, Figures
from recognition_service.statistics.dimensions import Dimension
from recognition_service.statistics.indicators import Days
from recognition_service.statistics.overview import (
    BY_HOLD,
    BY_MEASURE,
    DIFFERENCES_BY_PROFESSION,
    DIFFERENCES_BY_REGIME,
    DURATION_BY_ORIGIN,
    ORIGIN_BY_OUTCOME,
    PROFESSION_BY_SEX,
    REQUESTS_BY_AGE,
    REQUESTS_BY_ORIGIN,
    SEX_BY_OUTCOME,
    WAITING_BY_ORIGIN,
    Overview,
)
from recognition_service.web.pages.rendering import page_direction, page_language, t
from recognition_service.wording import ORIGINAL_LANGUAGE

MOST_DRAWN = 8
_PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: what it is about, and its numbers."""

    name: str
    numbers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Body:
    """Rows that belong together.

    Attributes:
        head: What they have in common, with its total; None: nothing.
    """

    head: Row | None
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Panel:
    """Figures with their picture and their table.

    Attributes:
        name: Part of the names of its sentences, and its place on the page.
        picture: As SVG; "" where one number is all there is.
        is_cut: Whether the picture has the largest groups only.
        columns: Heads of the numbers.
    """

    name: str
    picture: str
    first: str
    columns: Sequence[str]
    bodies: Sequence[Body]
    is_cut: bool = False


def panels(
    found: Overview, snapshot: Snapshot, regimes: Mapping[str, Regime]
) -> list[Panel]:
    """Return the figures of a period in the order in which a page shows them."""
    words = _Words(Names(snapshot, page_language()), regimes)
    figures = found.figures
    return [
        words.counted("requests_by_origin", figures[REQUESTS_BY_ORIGIN]),
        words.counted("requests_by_age", figures[REQUESTS_BY_AGE]),
        words.crossed("outcomes_by_origin", figures[ORIGIN_BY_OUTCOME]),
        words.timed(figures[WAITING_BY_ORIGIN], figures[DURATION_BY_ORIGIN]),
        words.crossed("outcomes_by_sex", figures[SEX_BY_OUTCOME]),
        words.crossed("sexes_by_profession", figures[PROFESSION_BY_SEX]),
        words.counted("measures", figures[BY_MEASURE]),
        words.crossed("differences_by_regime", figures[DIFFERENCES_BY_REGIME]),
        words.crossed("differences_by_profession", figures[DIFFERENCES_BY_PROFESSION]),
        words.counted("holds", figures[BY_HOLD]),
    ]


def key_figures(found: Overview) -> list[tuple[str, str]]:
    """Return the numbers that sum a period up, with the names of their sentences."""
    told = found.indicators
    waiting = found.figures[WAITING_BY_ORIGIN].all_days
    duration = found.figures[DURATION_BY_ORIGIN].all_days
    counts = {
        "requests": found.figures[REQUESTS_BY_ORIGIN].table.total,
        "decisions": found.figures[ORIGIN_BY_OUTCOME].table.total,
    }
    shares = {
        "refused": told.refusal_rates["all"],
        "overdue": told.overdue_share,
        "precedent": told.precedent_share,
        "appealed": told.appealed_share,
    }
    segregation = told.segregation
    return [
        *((name, number(count)) for name, count in counts.items()),
        ("waiting", _spell(waiting)),
        ("duration", _spell(duration)),
        *((name, per_cent(share)) for name, share in shares.items()),
        ("segregation", _told(segregation)),
    ]


def refusal_rates(found: Overview, snapshot: Snapshot) -> list[Row]:
    """Return the share of refusals by sex, of those sexes that decisions were about."""
    names = Names(snapshot, page_language())
    (sex, _), totals = SEX_BY_OUTCOME.by, found.figures[SEX_BY_OUTCOME].table.rows
    return [
        Row(group_name(sex, group, names), [per_cent(rate)])
        for group, rate in found.indicators.refusal_rates.items()
        if group in totals and totals[group] != 0
    ]


def number(value: float | None) -> str:
    """Return a number as the language writes it; None: that it is not shown."""
    if value is None:
        return t("statistics.not_shown")
    return f"{value:g}".replace(".", t("statistics.decimal_sign"))


def per_cent(share: float | None) -> str:
    """Return a share as so many of a hundred; None: that there is none."""
    if share is None:
        return t("statistics.not_told")
    return t("statistics.per_cent", value=number(round(share * _PER_CENT, 1)))


def _told(value: float | None) -> str:
    return t("statistics.not_told") if value is None else number(value)


def _spell(days: Days) -> str:
    if days.median is None:
        return t("statistics.not_told")
    median = number(days.median)
    if days.p90 is None:
        return t("statistics.median_days", median=median)
    return t("statistics.median_and_p90_days", median=median, p90=number(days.p90))


class _Words:
    """Puts figures into words of one language."""

    def __init__(self, names: Names, regimes: Mapping[str, Regime]) -> None:
        self._names = names
        self._regimes = regimes

    def counted(self, name: str, figures: Figures) -> Panel:
        """Return counts of one dimension."""
        counts = shown(figures.table.rows)
        bars = list(self._bars(figures.asked, 0, counts))
        return Panel(
            name,
            picture(name, [BarGroup("", bars[:MOST_DRAWN])]),
            t(f"statistics.dimension_{figures.asked.by[0]}"),
            [t(f"statistics.measure_{figures.asked.measure}")],
            [
                Body(None, [Row(bar.name, [bar.written]) for bar in bars]),
                *sum_row(figures.table.total),
            ],
            len(bars) > MOST_DRAWN,
        )

    def crossed(self, name: str, figures: Figures) -> Panel:
        """Return counts of two dimensions; each group of the first has its own."""
        table = figures.table
        groups, bodies = [], []
        for row, total in shown(table.rows).items():
            head = self._name(figures.asked, 0, row)
            cells = {column: table.cells[row, column] for column in table.columns}
            bars = list(self._bars(figures.asked, 1, shown(cells)))
            groups.append(BarGroup(head, bars))
            rows = [Row(bar.name, [bar.written]) for bar in bars]
            bodies.append(Body(Row(head, [number(total)]), rows))
        first = " / ".join(
            t(f"statistics.dimension_{each}") for each in figures.asked.by
        )
        return Panel(
            name,
            picture(name, groups[:MOST_DRAWN]),
            first,
            [t(f"statistics.measure_{figures.asked.measure}")],
            [*bodies, *sum_row(table.total)],
            len(groups) > MOST_DRAWN,
        )

    def timed(self, waiting: Figures, duration: Figures) -> Panel:
        """Return how long it took from the request, and from complete papers."""
        name, bars, rows = "durations", [], []
        for group in shown(waiting.table.rows):
            head = self._name(waiting.asked, 0, group)
            days = waiting.days[group], duration.days[group]
            bars.append(Bar(head, days[0].median, number(days[0].median)))
            rows.append(
                Row(head, [number(value) for each in days for value in _both(each)])
            )
        columns = [
            t(f"statistics.{column}_{measure}")
            for measure in ("waiting", "duration")
            for column in ("median", "p90")
        ]
        return Panel(
            name,
            picture(name, [BarGroup("", bars[:MOST_DRAWN])]),
            t("statistics.dimension_origin"),
            columns,
            [Body(None, rows)],
            len(bars) > MOST_DRAWN,
        )

    def _bars(
        self, asked: Asked, place: int, counts: Mapping[str, int | None]
    ) -> Iterator[Bar]:
        for group, count in counts.items():
            yield Bar(self._name(asked, place, group), count, number(count))

    def _name(self, asked: Asked, place: int, group: str) -> str:
        dimension = asked.by[place]
        if dimension is Dimension.REGIME and group in self._regimes:
            texts = self._regimes[group].name
            return texts.get(self._names.language) or texts[ORIGINAL_LANGUAGE]
        return group_name(dimension, group, self._names)


def _both(days: Days) -> tuple[float | None, float | None]:
    return days.median, days.p90


def shown(counts: Mapping[str, int | None]) -> dict[str, int | None]:
    """Leave out the groups in which nobody is."""
    return {group: count for group, count in counts.items() if count != 0}


def sum_row(count: int | None) -> list[Body]:
    """Return the last row of a table: everybody."""
    return [Body(None, [Row(t("statistics.all"), [number(count)])])]


def picture(name: str, groups: Sequence[BarGroup]) -> str:
    """Return bars as SVG; "" where one number is all there is."""
    if sum(len(group.bars) for group in groups) <= 1:
        return ""
    title, language = t(f"statistics.panel_{name}"), page_language()
    return bar_picture(name, title, groups, language, direction=page_direction())
