"""What an agreement on equivalent titles says, and whether it can be signed.

A text is a JSON value:

- `name`, `binding` (legal, list or precedent), `purpose`, `criteria` (by language),
  `in_force_from` and `awarded_from` (dates as text, or None);
- `titles`: each `origin`, `title`, `language`, `title_en`, `qualification`,
  `framework`, `level`, `destination`, `outcome` (full or partial), `profession`,
  `conditions` and `counterpart` {title, language, title_en, qualification}.

The two directions may differ: each title says where it was awarded and where it counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from recognition_service.credentials.canonical import digest
from recognition_service.frameworks.tables import Tables
from recognition_service.frameworks.titles import search_key
from recognition_service.mutual_recognition.errors import fault, misfits

MOST_TITLES = 2_000


class AgreedOutcome(StrEnum):
    """What a title counts as: the counterpart, or a part of it."""

    FULL = "full"
    PARTIAL = "partial"


class AgreedBinding(StrEnum):
    """What force an agreement has for its parties."""

    LEGAL = "legal"
    LIST = "list"
    PRECEDENT = "precedent"


@dataclass(frozen=True, slots=True)
class Party:
    """A body that is party to an agreement.

    Attributes:
        jurisdiction: For which it speaks, such as "BE-FL".
    """

    authority: str
    name: str
    jurisdiction: str

    def as_value(self) -> dict[str, str]:
        """Return the party as it is signed."""
        return {
            "authority": self.authority,
            "name": self.name,
            "jurisdiction": self.jurisdiction,
        }


def agreement_digest(
    agreement_id: UUID,
    revision: int,
    parties: Sequence[Party],
    content: Mapping[str, Any],
) -> str:
    """Return the digest that every party signs.

    Source: RFC 8785 (canonical form of JSON).
    """
    return digest(
        {
            "agreement": str(agreement_id),
            "revision": revision,
            "parties": [party.as_value() for party in parties],
            "content": dict(content),
        }
    )


def require_content(
    content: Mapping[str, Any],
    parties: Sequence[Party],
    tables: Tables,
    *,
    pointer: str = "",
) -> None:
    """Refuse a text that could not be applied; every fault is named.

    Args:
        content: The text.
        parties: Between whom it is to hold.
        tables: Of who lays it down.
        pointer: Where the text stands in what was sent.

    Raises:
        MutualRequestInvalidError: A title is of no party, is listed twice, or names
            what is in no row of the tables.
    """
    places = {party.jurisdiction for party in parties}
    faults: list[Mapping[str, Any]] = []
    listed: dict[tuple[str, ...], int] = {}
    for number, title in enumerate(content["titles"]):
        place = f"{pointer}/titles/{number}"
        faults += _faults(place, title, places, tables)
        key = (
            title["origin"],
            title["destination"],
            title["qualification"] or search_key(title["title"]),
            title["profession"] or "",
        )
        first = listed.setdefault(key, number)
        if first != number:
            detail = f"The same title stands at {pointer}/titles/{first}."
            faults.append(fault(place, "listed_twice", detail))
    if faults:
        raise misfits(faults)


def _faults(
    place: str, title: Mapping[str, Any], places: set[str], tables: Tables
) -> Iterator[Mapping[str, Any]]:
    origin, destination = title["origin"], title["destination"]
    for name, code in (("origin", origin), ("destination", destination)):
        if code not in places:
            detail = f"{code} is the jurisdiction of no party."
            yield fault(f"{place}/{name}", "not_a_party", detail)
    if origin == destination:
        detail = "A title counts where it was not awarded."
        yield fault(f"{place}/destination", "same_jurisdiction", detail)
    held = tables.qualifications.get(title["qualification"] or "")
    if title["qualification"] and (held is None or held.jurisdiction != origin):
        detail = f"There is no such qualification of {origin}."
        yield fault(f"{place}/qualification", "unknown_qualification", detail)
    if title["level"] and not title["framework"]:
        yield fault(f"{place}/framework", "required", "A level is of a framework.")
    elif title["framework"] and title["framework"] not in tables.frameworks:
        yield fault(f"{place}/framework", "unknown_framework", "It is in no row.")
    elif title["level"] and f"{title['framework']}:{title['level']}" not in (
        tables.levels
    ):
        yield fault(f"{place}/level", "unknown_level", "The framework has no such.")
    if title["profession"] and title["profession"] not in tables.professions:
        yield fault(f"{place}/profession", "unknown_profession", "It is in no row.")
    counterpart = title["counterpart"]["qualification"]
    if counterpart and counterpart not in tables.reference_qualifications:
        yield fault(
            f"{place}/counterpart/qualification",
            "unknown_qualification",
            "There is no such reference qualification.",
        )
