"""Occupations of ISCO-08, and whether a job asks for what a qualification stands for.

An occupation has a skill level from 1 to 4, and so has a level of education in the
same source. National levels have none: they get there through the level of education
that the tables state, or through the European levels whose descriptors are those of
the cycles of higher education. Below European level 5 no such bridge was published,
and nothing is established.

Source: ILO, "International Standard Classification of Occupations: ISCO-08", volume I
(2012), part 1, tables 1 (major groups and skill levels) and 2 (skill levels and
ISCED-97); UNESCO Institute for Statistics, "International Standard Classification of
Education: ISCED 2011", section 9 (ISCED 2011 and ISCED-97); Council Recommendation of
22 May 2017 on the EQF, annex II (cycles of the framework of the European Higher
Education Area).
"""

import re
from collections.abc import Iterable
from enum import StrEnum

_CODE = re.compile(r"[0-9]{1,4}\Z", re.ASCII)
_SUB_MAJOR_GROUPS = {
    "0": 3,
    "1": 4,
    "2": 6,
    "3": 5,
    "4": 4,
    "5": 4,
    "6": 3,
    "7": 5,
    "8": 3,
    "9": 6,
}
"""How many sub-major groups each major group has; they are numbered from 1."""
_SUB_MAJOR_LENGTH = 2
_MANAGERS, _ARMED_FORCES = "1", "0"
_OF_MAJOR_GROUP = {
    _ARMED_FORCES: frozenset({1, 2, 4}),
    _MANAGERS: frozenset({3, 4}),
    "2": frozenset({4}),
    "3": frozenset({3}),
    **dict.fromkeys("45678", frozenset({2})),
    "9": frozenset({1}),
}
# The sub-major groups whose skill level is narrower than that of their major group.
_OF_SUB_MAJOR_GROUP = {
    "01": frozenset({4}),
    "02": frozenset({2}),
    "03": frozenset({1}),
    "11": frozenset({4}),
    "12": frozenset({4}),
    "13": frozenset({4}),
    "14": frozenset({3}),
}
_BY_ISCED = {"1": 1, "2": 2, "3": 2, "4": 2, "5": 3, "6": 4, "7": 4, "8": 4}
_BY_EQF = {"5": 3, "6": 4, "7": 4, "8": 4}


class JobLevel(StrEnum):
    """How a job stands to the level of a qualification.

    `BELOW` is what is called deskilling. It speaks of the job, never of the person.
    """

    AT_LEVEL = "at_level"
    BELOW = "below"
    NOT_ESTABLISHED = "not_established"


def is_occupation(code: str) -> bool:
    """Tell whether a code can be one of ISCO-08.

    Major and sub-major groups are looked up; of a third and fourth digit only the
    form is checked.
    """
    if not _CODE.match(code):
        return False
    group, second = code[0], code[1:_SUB_MAJOR_LENGTH]
    return not second or 1 <= int(second) <= _SUB_MAJOR_GROUPS[group]


def skill_levels(occupation: str) -> frozenset[int]:
    """Return the skill levels that an occupation can have, from 1 to 4."""
    narrow = _OF_SUB_MAJOR_GROUP.get(occupation[:_SUB_MAJOR_LENGTH])
    return narrow or _OF_MAJOR_GROUP[occupation[0]]


def skill_of_education(isced: str | None) -> int | None:
    """Return the skill level of a level of ISCED 2011, such as "5" or "3-4".

    None: no level is stated, or it spans several skill levels.
    """
    least, _, most = (isced or "").partition("-")
    found = {_BY_ISCED.get(each) for each in (least, most or least)}
    return found.pop() if len(found) == 1 else None


def skill_of_european_level(levels: Iterable[str]) -> int | None:
    """Return the skill level of levels of the EQF.

    None: there is none, one is below 5, or they span several skill levels.
    """
    found = {_BY_EQF.get(each) for each in levels}
    return found.pop() if len(found) == 1 else None


def job_level(occupation: str | None, expected: int | None) -> JobLevel:
    """Return how an occupation stands to the skill level of a qualification.

    Args:
        occupation: A code of ISCO-08; None: not told.
        expected: The skill level; None: not established.
    """
    if occupation is None or expected is None:
        return JobLevel.NOT_ESTABLISHED
    possible = skill_levels(occupation)
    if min(possible) >= expected:
        return JobLevel.AT_LEVEL
    return JobLevel.BELOW if max(possible) < expected else JobLevel.NOT_ESTABLISHED
