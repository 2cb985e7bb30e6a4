"""Scales on which certificates state how well somebody knows a language.

The table is closed: a level of another scale is not compared with anything. Scales
are never translated into one another; who accepts one for another says so.

Source: Council of Europe, Common European Framework of Reference for Languages,
Companion volume (2020), chapter 3 (A1 to C2); The Japan Foundation and JEES, Japanese-
Language Proficiency Test, "N1 to N5" (jlpt.jp); National Institute for International
Education, Test of Proficiency in Korean, levels 1 to 6 (topik.go.kr); Centre for
Canadian Language Benchmarks, Canadian Language Benchmarks and Niveaux de compétence
linguistique canadiens (2012), levels 1 to 12.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Scale(StrEnum):
    """A scale, by its usual short name."""

    CEFR = "CEFR"
    JLPT = "JLPT"
    TOPIK = "TOPIK"
    CLB = "CLB"
    NCLC = "NCLC"


@dataclass(frozen=True, slots=True)
class LanguageLevel:
    """A level of a language on a scale.

    Attributes:
        language: BCP 47 tag, such as "fr"; its first part says which language it is.
    """

    language: str
    scale: Scale
    level: str


class Proof(StrEnum):
    """Whether something shows a level."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


_TWELVE = tuple(str(number) for number in range(1, 13))
LEVELS: Mapping[Scale, tuple[str, ...]] = MappingProxyType(
    {
        Scale.CEFR: ("A1", "A2", "B1", "B2", "C1", "C2"),
        Scale.JLPT: ("N5", "N4", "N3", "N2", "N1"),
        Scale.TOPIK: ("1", "2", "3", "4", "5", "6"),
        Scale.CLB: _TWELVE,
        Scale.NCLC: _TWELVE,
    }
)
"""The levels of each scale, the lowest first."""
_ONLY: Mapping[Scale, str] = MappingProxyType(
    {Scale.JLPT: "ja", Scale.TOPIK: "ko", Scale.CLB: "en", Scale.NCLC: "fr"}
)
"""The one language that a scale is made for; others are made for any."""


def level_fault(named: LanguageLevel) -> str | None:
    """Return why there is no such level, as a code; None: there is one."""
    if named.level not in LEVELS[named.scale]:
        return "unknown_level"
    if _ONLY.get(named.scale, _primary(named.language)) != _primary(named.language):
        return "scale_of_another_language"
    return None


def shows(
    held: LanguageLevel,
    required: LanguageLevel,
    *,
    valid_until: date | None,
    on: date,
) -> Proof:
    """Tell whether a level that is held shows a level that is required.

    Levels of different scales are not compared. `valid_until` is the last day of what
    shows the held level; None: it does not end.
    """
    if _primary(held.language) != _primary(required.language):
        return Proof.NO
    if held.scale is not required.scale:
        return Proof.UNKNOWN
    if valid_until is not None and valid_until < on:
        return Proof.NO
    levels = LEVELS[held.scale]
    reaches = levels.index(held.level) >= levels.index(required.level)
    return Proof.YES if reaches else Proof.NO


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()
