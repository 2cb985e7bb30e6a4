"""Which days are working days at a place: all but its days of rest and its holidays.

Days of rest are Saturdays and Sundays, and others where the week of a state has others,
such as Fridays and Saturdays in Algeria.

Source: Regulation (EEC, Euratom) No 1182/71, articles 2 and 3(4); BGB section 193;
VwVfG section 31(3).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The working days of a territory; there is one for each, see `calendar_of`.

    Attributes:
        territory: Code of a jurisdiction, such as "DE-BE" or "ES"; a part whose own
            holidays are not known has those of its state.
        is_established: Whether the holidays of the territory are known at all. If
            not, only Saturdays and Sundays are left out.
    """

    territory: str
    is_established: bool

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices of the territory work on a day."""
        return day not in _days_off(self.territory, day.year)

    def working_day_from(self, day: date) -> date:
        """Return the day itself or, if nobody works on it, the next working day."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day


@lru_cache(maxsize=1024)
def calendar_of(territory: str) -> Calendar:
    """Return the calendar of a jurisdiction."""
    return Calendar(territory, _place_of(territory) is not None)


@lru_cache(maxsize=1024)
def _days_off(territory: str, year: int) -> frozenset[date]:
    """Return the days of a year on which nobody works, once for all who ask."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    days = [date.fromordinal(number) for number in range(first, last + 1)]
    place = _place_of(territory)
    if place is None:
        return frozenset(day for day in days if day.weekday() >= _SATURDAY)
    state, part = place
    found = holidays.country_holidays(state, subdiv=part, years=year)
    return frozenset(day for day in days if day in found or found.is_weekend(day))


@lru_cache(maxsize=1024)
def _place_of(territory: str) -> tuple[str, str | None] | None:
    """Return state and part as the library of holidays names them, or None."""
    known = holidays.list_supported_countries()
    state, _, part = territory.partition("-")
    if state not in known:
        return None
    return state, part if part in known[state] else None
