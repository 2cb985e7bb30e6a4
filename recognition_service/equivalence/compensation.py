"""Which known differences the passed units of a training make up for.

A difference is known before anybody assesses: from a standard of the destination, from
a published statement, or from what was decided about the same title before. Who
has passed a unit that was made to cover it does not lack it any more.

Source: Lisbon Recognition Convention, article VI.1 (substantial differences); Directive
2005/36/EC, article 14(5) (knowledge acquired since is looked at before a measure is
imposed); EAR manual, chapter 10.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recognition_service.equivalence.snapshot import title_key


class DifferenceSource(StrEnum):
    """From where a difference is known."""

    STANDARD = "standard"
    STATEMENT = "statement"
    DECISION = "decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDifference:
    """A substantial difference that is looked for at a destination.

    Attributes:
        subject: What differs, in the words of its source.
        reference: Id of the statement or digest of the decision; None: a standard.
        why_essential: Why it matters there; None where the source does not say.
        also_named: What else a unit may call it.
    """

    subject: str
    source: DifferenceSource
    reference: str | None = None
    why_essential: str | None = None
    also_named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedUnit:
    """A unit that was passed, with what shows it.

    Attributes:
        assessor: Who found so.
        evidence: Digest of the document that shows it, "sha256-…".
        kind: Whether it was assessed or is prior learning.
        covers: What the curriculum says that it makes up for.
        taken_back_on: Since when the result does not stand any more, or None.
    """

    id: str
    title: str
    provider: str | None
    achieved_on: date
    assessor: str
    evidence: str
    kind: str
    covers: tuple[str, ...]
    taken_back_on: date | None = None


@dataclass(frozen=True, slots=True)
class Compensation:
    """A known difference with the units that make up for it.

    Attributes:
        named_by: Every source that knows it, in the order in which they were given.
        units: Ids in the order of the path; empty: the difference is open.
    """

    subject: str
    named_by: tuple[KnownDifference, ...]
    units: tuple[str, ...]

    @property
    def is_compensated(self) -> bool:
        """Whether some passed unit makes up for it."""
        return bool(self.units)

    @property
    def why_essential(self) -> str | None:
        """Why it matters, by the first source that says so."""
        told = (each.why_essential for each in self.named_by if each.why_essential)
        return next(told, None)


def compensate(
    known: Iterable[KnownDifference], units: Iterable[PassedUnit]
) -> tuple[Compensation, ...]:
    """Return each known difference once, with the units that make up for it.

    Two names are the same if only habits of spelling differ. A result that was taken
    back makes up for nothing.
    """
    standing = [unit for unit in units if unit.taken_back_on is None]
    covering = {unit.id: frozenset(map(title_key, unit.covers)) for unit in standing}
    together: dict[str, list[KnownDifference]] = {}
    for each in known:
        together.setdefault(title_key(each.subject), []).append(each)
    return tuple(
        Compensation(
            sources[0].subject,
            tuple(sources),
            tuple(
                unit for unit, names in covering.items() if names & _names(key, sources)
            ),
        )
        for key, sources in together.items()
    )


def _names(key: str, sources: Iterable[KnownDifference]) -> frozenset[str]:
    others = (title_key(name) for each in sources for name in each.also_named)
    return frozenset((key, *others))
