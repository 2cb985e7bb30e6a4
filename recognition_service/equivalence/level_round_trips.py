"""A level that goes to another framework and back, and comes home higher.

A way is a published table between the two frameworks, read as it was published, or
one step through one hub. There or back a table is used: with the same hub both times a
level always comes home to itself too, and two hubs measure different things. The way
back must know the level that set out; what a table or a hub does not cover it does not
contradict.

If only higher levels come home, the documents contradict one another; if higher ones
are among them, that is worth knowing. No answer ever walks there and back: the engine
goes from a level to one other framework.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from recognition_service.equivalence.conflict import (
    Conflict,
    ConflictKind,
    Side,
    cited,
    hold_together,
)
from recognition_service.equivalence.legs import Leg, legs_between
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.rows import (
    FrameworkKind,
    Level,
    LevelAlignment,
    Relation,
)

TABLE = "table"
"""The way by a published table; any other way is named after its hub."""

_Rows = tuple[LevelAlignment, ...]
_Reached = dict[str, _Rows]  # Levels, and the rows by which they are reached.


@dataclass(frozen=True, slots=True)
class _Trip:
    """There and back.

    Attributes:
        passed: Levels of the other framework, and how they are reached.
        home: Levels of the own framework that are reached from those.
    """

    there: str
    back: str
    passed: Mapping[str, _Rows]
    home: Mapping[str, _Rows]


def climbing_levels(snapshot: Snapshot) -> Iterator[Conflict]:
    """Yield levels that come home only higher, and those that may come home higher.

    For a level and another framework one conflict is told, whatever the ways.
    """
    for level in snapshot.tables.levels.values():
        if _is_hub(snapshot, level.framework):
            continue
        for other in sorted(snapshot.linked.get(level.framework, ())):
            if not _is_hub(snapshot, other):
                yield from _told(snapshot, level, other)


def _told(snapshot: Snapshot, level: Level, other: str) -> Iterator[Conflict]:
    """Yield what is told about the trips of a level to one framework and back."""
    trips = list(_trips(snapshot, level, other))
    higher = {
        code
        for trip in trips
        for code in trip.home
        if is_higher(snapshot, level.framework, level.code, code)
    }
    climbing = [trip for trip in trips if trip.home.keys() <= higher]
    drifting = [trip for trip in trips if trip.home.keys() & higher]
    if climbing:
        yield _conflict(snapshot, ConflictKind.LEVEL_CLIMBS, level, other, climbing[0])
    elif drifting:
        yield _conflict(snapshot, ConflictKind.LEVEL_DRIFTS, level, other, drifting[0])


def _conflict(
    snapshot: Snapshot, kind: ConflictKind, level: Level, other: str, trip: _Trip
) -> Conflict:
    return Conflict(
        kind,
        {
            "framework": level.framework,
            "level": level.code,
            "other": other,
            "passed": _in_order(snapshot, other, trip.passed),
            "home": _in_order(snapshot, level.framework, trip.home),
            "there": trip.there,
            "back": trip.back,
        },
        (
            *cited(Side.THERE, (row for rows in trip.passed.values() for row in rows)),
            *cited(Side.BACK, (row for rows in trip.home.values() for row in rows)),
        ),
    )


def _in_order(
    snapshot: Snapshot, framework: str, codes: Iterable[str]
) -> tuple[str, ...]:
    levels = snapshot.tables.levels

    def position(code: str) -> tuple[int, str]:
        row = levels.get(snapshot.level_id(framework, code))
        return row.ordinal if row else 0, code

    return tuple(sorted(codes, key=position))


def _trips(snapshot: Snapshot, level: Level, other: str) -> Iterator[_Trip]:
    """Yield the trips with a table there or back that lead home at all."""
    home = level.framework
    for there, passed in _ways(snapshot, home, level.code, other).items():
        returns: dict[str, _Reached] = {}
        for code, rows in passed.items():
            for back, reached in _ways(snapshot, other, code, home).items():
                if TABLE in {there, back} and _knows(snapshot, back, level, other):
                    held = {
                        own: more
                        for own, more in reached.items()
                        if _hold(*rows, *more)
                    }
                    _merge(returns.setdefault(back, {}), held)
        for back, homes in returns.items():
            if homes:
                yield _Trip(there, back, passed, homes)


def _ways(
    snapshot: Snapshot, framework: str, code: str, other: str
) -> dict[str, _Reached]:
    """Return which levels of another framework a level leads to, by way."""
    ways: dict[str, _Reached] = {}
    for leg in _legs(snapshot, framework, code, {other}):
        if leg.code is not None and not leg.is_inverse(snapshot):
            _merge(ways.setdefault(TABLE, {}), {leg.code: (leg.row,)})
    for hub in snapshot.hubs.get(framework, ()):
        for out in _legs(snapshot, framework, code, {hub}):
            for down in _legs(snapshot, hub, out.code or "", {other}):
                is_known = not (out.is_comparison and down.is_comparison)
                if down.code is not None and is_known and _hold(out.row, down.row):
                    reached = ways.setdefault(hub, {})
                    _merge(reached, {down.code: (out.row, down.row)})
    return ways


def _knows(snapshot: Snapshot, way: str, level: Level, other: str) -> bool:
    """Tell whether a table or a hub says anything of a level."""
    place = other if way == TABLE else way
    return any(_legs(snapshot, level.framework, level.code, {place}))


def _legs(
    snapshot: Snapshot, framework: str, code: str, others: Container[str]
) -> Iterator[Leg]:
    """Yield the legs that an answer could rest on and that nobody contests."""
    for leg in legs_between(snapshot, framework, code, others):
        is_contested = leg.relation is Relation.CONTESTED
        if leg.is_usable and leg.code is not None and not is_contested:
            yield leg


def _merge(into: _Reached, more: Mapping[str, _Rows]) -> None:
    for code, rows in more.items():
        into[code] = (*into.get(code, ()), *rows)


def is_higher(snapshot: Snapshot, framework: str, start: str, code: str) -> bool:
    """Tell whether a level lies above another of its framework.

    A level lies neither above its own parts nor below them.
    """
    levels = snapshot.tables.levels
    one, other = (
        levels.get(snapshot.level_id(framework, each)) for each in (start, code)
    )
    if one is None or other is None:
        return False
    is_part = one.parent == other.code or other.parent == one.code
    return not is_part and other.ordinal > one.ordinal


def _hold(*rows: LevelAlignment) -> bool:
    return hold_together((row.valid_from, row.valid_to) for row in rows)


def _is_hub(snapshot: Snapshot, framework: str) -> bool:
    return snapshot.tables.frameworks[framework].kind is FrameworkKind.HUB
