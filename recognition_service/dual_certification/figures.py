"""Tracks as statistics see them: counts by groups, which name and number nobody.

The database counts, so that a programme of a hundred thousand costs no objects. Sex
and birth date leave the tracks here and nowhere else, as a group that many belong to.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session

from recognition_service.dual_certification.follow_up import (
    PERIODS,
    Movement,
    Sector,
    Work,
)
from recognition_service.dual_certification.lifecycle import (
    AwardStatus,
    Course,
    How,
    TrackStatus,
)
from recognition_service.dual_certification.models import (
    CurriculumRow,
    Track,
    TrackAward,
    TrackBackground,
    TrackFollowUp,
)
from recognition_service.recognition.figures import AgeBand
from recognition_service.recognition.vocabulary import Sex


class Result(StrEnum):
    """With what a track ended."""

    DUAL = "dual"
    AWARD = "award"
    NONE = "none"


class Enrolled(NamedTuple):
    """A group of participants who were enrolled in a year."""

    year: int
    sex: str
    age_band: str
    course: str


class Ended(NamedTuple):
    """A group of participants whose track ended in a year, by its last award.

    Attributes:
        result: `dual` are awards of two bodies that were earned.
    """

    year: int
    sex: str
    age_band: str
    result: str


class Awarded(NamedTuple):
    """A group of awards that were made in a year and stand."""

    year: int
    authority_id: str
    how: str


class Answered(NamedTuple):
    """A group of participants who answered in a year."""

    year: int
    months: int
    sex: str
    age_band: str
    work: str
    sector: str
    movement: str


@dataclass(frozen=True, slots=True)
class TrackCounts:
    """How many there are in each group of the tracks of a programme."""

    enrolled: Counter[Enrolled]
    ended: Counter[Ended]
    awarded: Counter[Awarded]
    answered: Counter[Answered]


class Keeper(NamedTuple):
    """An authority that keeps tracks of a programme.

    Attributes:
        since: Day of the first enrolment.
    """

    authority_id: str
    since: date


def track_counts(
    session: Session, keeper: str, programme: str, years: Sequence[int]
) -> TrackCounts:
    """Return the counts of a programme's tracks that an authority keeps.

    Ages are those of the day of enrolment. An award counts with the day that it bears;
    one that was revoked counts no more.

    Args:
        session: A reading session.
        keeper: The authority.
        programme: Id of the tables, or the label of an example.
        years: In a row, at least one; what bears an earlier day counts in the first
            one, a later one in the last.
    """
    of_programme = and_(Track.authority_id == keeper, Track.programme == programme)
    return TrackCounts(
        *_enrolled_and_ended(session, of_programme, years),
        _awarded(session, of_programme, years),
        _count(session, Answered, *_answered(of_programme, years)),
    )


def keepers_of(
    session: Session, programme: str, authorities: Collection[str]
) -> list[Keeper]:
    """Return which of some authorities keep tracks of a programme, and since when."""
    found = session.execute(
        select(Track.authority_id, func.min(Track.enrolled_on))
        .where(Track.authority_id.in_(authorities), Track.programme == programme)
        .group_by(Track.authority_id)
        .order_by(Track.authority_id)
    )
    return [Keeper(*row) for row in found]


def curricula_of(
    session: Session, keeper: str, programme: str, *, until: date
) -> list[Mapping[str, Any]]:
    """Return each curriculum on which somebody of a programme was enrolled once."""
    used = (
        select(Track.curriculum)
        .where(
            Track.authority_id == keeper,
            Track.programme == programme,
            Track.enrolled_on <= until,
        )
        .distinct()
    )
    found = session.scalars(
        select(CurriculumRow.content)
        .where(CurriculumRow.authority_id == keeper, CurriculumRow.digest.in_(used))
        .order_by(CurriculumRow.digest)
    )
    return list(found)


_Question = tuple["_Place", Select[*tuple[Any, ...]]]


class _Place:
    """Several groups as one number, which databases sort faster than words.

    Each group is a digit of the number: the place of its value in a closed list.
    """

    def __init__(
        self,
        *groups: tuple[ColumnElement[int], Sequence[Any]],
        after: tuple["_Place", Any] | None = None,
    ) -> None:
        """Take groups over; `after` are those of a number that is at hand already."""
        number: Any = literal(0)
        self._values: list[Sequence[Any]] = []
        if after is not None:
            first, number = after
            self._values += first._values  # noqa: SLF001  # of the same class
        self._values += [values for _, values in groups]
        for digit, values in groups:
            number = number * len(values) + digit
        self.number = number.label("place")

    def read(self, number: int) -> list[Any]:
        """Return the groups that a number stands for."""
        found = []
        for values in reversed(self._values):
            number, digit = divmod(number, len(values))
            found.append(values[digit])
        return found[::-1]


def _count(
    session: Session, group: type[Any], place: _Place, among: Select[*tuple[Any, ...]]
) -> Counter[Any]:
    counted = among.add_columns(place.number, func.count()).group_by(place.number)
    return Counter(
        {
            group(*place.read(number)): count
            for number, count in session.execute(counted)
        }
    )


def _enrolled_and_ended(
    session: Session, of_programme: ColumnElement[bool], years: Sequence[int]
) -> tuple[Counter[Enrolled], Counter[Ended]]:
    """Count tracks by when they began and, if they are completed, how they ended.

    Both are counted in one pass: awards are summed up for each track first, and the
    person is found once for a track.
    """
    place, track = _each_track(of_programme, years)
    person = TrackBackground
    among = (
        select()
        .select_from(track)
        .join(person, _same_track(person.authority_id, person.id, track.c))
    )
    whole = _Place(*_PERSON, after=(place, track.c.place))
    counted = among.add_columns(whole.number, func.count()).group_by(whole.number)
    enrolled: Counter[Enrolled] = Counter()
    ended: Counter[Ended] = Counter()
    for number, count in session.execute(counted):
        year, course, end, result, sex, age_band = whole.read(number)
        enrolled[Enrolled(year, sex, age_band, course)] += count
        if end is not None:
            ended[Ended(end, sex, age_band, result)] += count
    return enrolled, ended


def _each_track(
    of_programme: ColumnElement[bool], years: Sequence[int]
) -> tuple["_Place", Subquery]:
    """Return the tracks of a programme with their groups, awards summed up.

    The year of the end is None unless a track is completed and has awards.
    """
    award = TrackAward
    is_made = award.status == AwardStatus.AWARDED
    earner = case((and_(is_made, award.how == How.EARNED), award.authority_id))
    day = func.max(func.coalesce(award.awarded_on, award.decided_on))
    is_ended = and_(Track.status == TrackStatus.COMPLETED, func.count(award.status) > 0)
    end, ends = _year(day, years)
    results = list(Result)
    result = case(
        (func.min(earner) != func.max(earner), results.index(Result.DUAL)),
        (func.max(case((is_made, 1), else_=0)) == 1, results.index(Result.AWARD)),
        else_=results.index(Result.NONE),
    )
    place = _Place(
        _year(Track.enrolled_on, years),
        _word(Track.course, Course),
        (case((is_ended, end), else_=len(ends)), [*ends, None]),
        (result, results),
    )
    tracks = (
        select(Track.authority_id, Track.id, place.number)
        .outerjoin(award, _of_track(award.keeper_id, award.track_id))
        .where(of_programme)
        .group_by(Track.authority_id, Track.id)
    )
    return place, tracks.subquery()


def _awarded(
    session: Session, of_programme: ColumnElement[bool], years: Sequence[int]
) -> Counter[Awarded]:
    award = TrackAward
    place = _Place(_year(award.awarded_on, years), _word(award.how, How))
    found = session.execute(
        select(place.number, award.authority_id, func.count())
        .select_from(Track)
        .join(award, _of_track(award.keeper_id, award.track_id))
        .where(of_programme, award.status == AwardStatus.AWARDED)
        .group_by(place.number, award.authority_id)
    )
    counts: Counter[Awarded] = Counter()
    for number, authority_id, count in found:
        year, how = place.read(number)
        counts[Awarded(year, authority_id, how)] = count
    return counts


def _answered(of_programme: ColumnElement[bool], years: Sequence[int]) -> _Question:
    answer = TrackFollowUp
    place = _Place(
        _year(answer.answered_on, years),
        _word(answer.months, PERIODS),
        *_PERSON,
        _word(answer.work, Work),
        _word(answer.sector, Sector),
        _word(answer.movement, Movement),
    )
    among = _with_person().join(answer, _of_track(answer.authority_id, answer.track_id))
    return place, among.where(of_programme)


def _with_person() -> Select[*tuple[Any, ...]]:
    person = TrackBackground
    return (
        select()
        .select_from(Track)
        .join(person, _of_track(person.authority_id, person.id))
    )


def _of_track(keeper: Any, track_id: Any) -> ColumnElement[bool]:
    return and_(keeper == Track.authority_id, track_id == Track.id)


def _same_track(keeper: Any, track_id: Any, track: Any) -> ColumnElement[bool]:
    return and_(keeper == track.authority_id, track_id == track.id)


def _word(column: Any, values: Iterable[Any]) -> tuple[ColumnElement[int], list[Any]]:
    known = list(values)
    *others, last = range(len(known))
    return case({known[each]: each for each in others}, value=column, else_=last), known


def _year(day: Any, years: Sequence[int]) -> tuple[ColumnElement[int], Sequence[int]]:
    *others, last = range(len(years))
    ends = [(day < date(years[each] + 1, 1, 1), each) for each in others]
    return (case(*ends, else_=last) if ends else literal(last)), years


_PERSON = (
    _word(TrackBackground.sex, Sex),
    _word(TrackBackground.age_band, AgeBand),
)
