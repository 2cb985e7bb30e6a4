"""What a regime says about professional practice, and about language.

No number of the law stands here; they are data in `equivalence_tables/regimes/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recognition_service.regimes.errors import RegimeUnreadableError

_MOST_MONTHS = 1200
_PRACTICE = frozenset(
    {"id", "months", "within_months", "is_consecutive", "article", "is_confirmed"}
)


@dataclass(frozen=True, slots=True)
class Practice:
    """Practice that has an effect, such as acquired rights.

    Attributes:
        months: So many months of full-time work, or the equivalent in part-time.
        within_months: Within so many months before the day that is looked at.
        is_consecutive: Whether they must have been worked without a gap.
        is_confirmed: Whether the text was read.
    """

    id: str
    months: int
    within_months: int
    is_consecutive: bool
    article: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Language:
    """When knowledge of a language may be asked for.

    Attributes:
        is_after_recognition: Recognition may not be refused or made conditional because
            of it; it may be a condition of the licence.
        is_confirmed: Whether the article was read; until then nothing is refused by it.
    """

    is_after_recognition: bool = False
    article: str | None = None
    is_confirmed: bool = False


def read_practice(regime: str, value: Any) -> tuple[Practice, ...]:
    """Read the list `practice` of a regime.

    Raises:
        RegimeUnreadableError: A member is not known.
        KeyError: A member is missing.
        TypeError: A member is of the wrong kind.
        ValueError: A number is impossible.
    """
    if not isinstance(value, list):
        raise TypeError("practice is not a list of tables")
    return tuple(_practice(regime, each) for each in value)


def _practice(regime: str, tree: Mapping[str, Any]) -> Practice:
    unknown = sorted(set(tree) - _PRACTICE)
    if unknown:
        raise RegimeUnreadableError(regime, f"practice.{unknown[0]}", "is not known")
    months, within = _months(tree["months"]), _months(tree["within_months"])
    if months > within:
        raise ValueError(f"{months} months do not lie within {within}")
    for name in ("is_consecutive", "is_confirmed"):
        if not isinstance(tree[name], bool):
            raise TypeError(f"practice.{name} is neither true nor false")
    return Practice(
        str(tree["id"]),
        months,
        within,
        tree["is_consecutive"],
        str(tree["article"]),
        tree["is_confirmed"],
    )


def _months(value: Any) -> int:
    if type(value) is not int or not 0 < value <= _MOST_MONTHS:
        raise ValueError(f"{value!r} is not a number from 1 to {_MOST_MONTHS}")
    return value
