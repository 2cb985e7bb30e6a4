"""What can be wrong with a question about equivalence."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from recognition_service.errors import InvalidInputError, NotFoundError

_SHOWN = 5
_LIKENESS = 0.5
_CANDIDATES = 5_000


class UnknownCodeError(NotFoundError):
    """No row has this code.

    Attributes:
        kind: What was looked for, such as "framework".
        unknown: The code that nobody knows.
        nearest: Known codes that look like it, the likeliest first.
    """

    code = "unknown_code"
    title = "This code is not known"

    def __init__(self, kind: str, unknown: str, nearest: tuple[str, ...] = ()) -> None:
        hint = f" Did you mean {', '.join(nearest)}?" if nearest else ""
        super().__init__(f'There is no {kind} "{unknown}".{hint}')
        self.kind = kind
        self.unknown = unknown
        self.nearest = nearest

    def members(self) -> Mapping[str, Any]:
        """Return what was looked for and what comes nearest."""
        return {
            "kind": self.kind,
            "unknown": self.unknown,
            "nearest": list(self.nearest),
        }


class QuestionNotClearError(InvalidInputError):
    """The question names neither, or both, of a qualification and a level."""

    code = "question_not_clear"
    title = "Ask with either a qualification or a framework and a level"

    def __init__(self, parameter: str, detail: str) -> None:
        super().__init__(
            detail,
            ({"parameter": parameter, "code": self.code, "detail": detail},),
        )


def nearest(unknown: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to five known codes that look like an unknown one.

    Among very many codes only those that begin alike are compared, so that a
    typing error costs milliseconds at most.
    """
    wanted = unknown.casefold()[:100]
    spelled = {code.casefold(): code for code in known}
    if len(spelled) > _CANDIDATES:
        start = wanted[:3]
        alike = sorted(code for code in spelled if code.startswith(start))
        spelled = {code: spelled[code] for code in alike[:_CANDIDATES]}
    return tuple(
        spelled[code]
        for code in get_close_matches(wanted, spelled, n=_SHOWN, cutoff=_LIKENESS)
    )
