"""What encoders of foreign vocabularies share: names of rows, and what was left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from recognition_service.frameworks.rows import (
    Basis,
    Endorsement,
    Evidence,
    Framework,
    FrameworkKind,
    Level,
    LevelAlignment,
    Relation,
)
from recognition_service.frameworks.tables import Tables

NO_LANGUAGE = "und"
"""How a text is marked whose language no row tells."""

_SAFE = ":+@!$&'()*,;=-._~"
_PREFIX = "sha256-"
_STANDING = frozenset({Endorsement.ENDORSED, Endorsement.PUBLISHED})


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that the export does not state, and why.

    Attributes:
        reason: A code, such as "not_endorsed"; the documentation explains them.
    """

    table: str
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Export:
    """A JSON-LD document, and the rows that it would have had to bend.

    Attributes:
        specification: The vocabulary of the document, with its version.
    """

    specification: str
    document: Mapping[str, Any]
    left_out: Sequence[LeftOut]


def row_uri(digest: str, table: str, row: str) -> str:
    """Return the name of a row of an edition for which no official name is known.

    Source: RFC 6920 section 3 (names made of a digest).
    """
    content = digest.removeprefix(_PREFIX)
    return f"ni:///sha-256;{content}#{table}/{quote(row, safe=_SAFE)}"


def level_uri(digest: str, row: Level) -> str:
    """Return the official name of a level, else that of its row."""
    return row.uri or row_uri(digest, "levels", row.id)


def framework_uri(digest: str, row: Framework) -> str:
    """Return the official name of a framework, else that of its row."""
    return row.uri or row_uri(digest, "frameworks", row.id)


def is_framework(row: Framework) -> bool:
    """Return whether there is a framework; some rows say that a country has none."""
    return row.kind is not FrameworkKind.SYSTEM_WITHOUT_FRAMEWORK


def systems_left_out(tables: Tables) -> list[LeftOut]:
    """Return the rows that say that a country has no framework."""
    return [
        LeftOut("frameworks", row.id, "no_framework")
        for row in tables.frameworks.values()
        if not is_framework(row)
    ]


def known_by(row: Framework | Level) -> str:
    """Return in words how a framework or a level is known, and its caveat."""
    caveat = row.caveat if isinstance(row, Framework) else None
    told = f"evidence: {row.evidence.value}"
    return f"{told}; caveat: {caveat}" if caveat else told


def why_withheld(row: LevelAlignment) -> str | None:
    """Return why an alignment must not be passed on as one; None: it may be.

    What was not endorsed, is contested, is statistics only, or was never compared with
    its source would be taken for more than it is by whoever reads only the links.
    """
    if row.relation is Relation.CONTESTED:
        return "contested"
    if row.endorsement not in _STANDING:
        return row.endorsement.value
    if row.basis is Basis.STATISTICAL_MAPPING:
        return "statistical_mapping"
    if row.evidence is Evidence.UNCHECKED:
        return "unchecked"
    return None
