"""Curricula, results and what is missing, as JSON values.

Amounts are decimals written as text; whole ones may be numbers. Dates are text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from recognition_service.equivalence.amounts import read_amount, write_amount
from recognition_service.equivalence.compiled_standard import (
    OpenRequirement,
    RequirementKind,
)
from recognition_service.equivalence.progress import Missing, Rest, RestState
from recognition_service.equivalence.standard_faults import (
    NEGATIVE,
    UNREACHABLE,
    curriculum_faults,
    requirement_faults,
)
from recognition_service.equivalence.standards import (
    CountsFor,
    CreditsAtPlace,
    Curriculum,
    Destination,
    Group,
    Requirements,
    StandardFault,
    Target,
    Unit,
)

_FOLLOWS = {
    "limit_without_credits",
    "no_requirements",
    "group_without_amount",
    *UNREACHABLE.values(),
}
_AMOUNTS = ("credits", "hours", "most_prior_learning_credits")

Document = Mapping[str, Any]


def faults_of(document: Document) -> tuple[StandardFault, ...]:
    """Return every rule that a curriculum's document breaks.

    Args:
        document: `targets` and `units`, and `destinations` if there are any; its
            members have the right types.
    """
    curriculum = read_curriculum(document)
    unreadable = tuple(_unreadable(document))
    found = (
        *curriculum_faults(curriculum),
        *_destination_faults(curriculum, read_destinations(document)),
    )
    return (*unreadable, *_apart_from(unreadable, found))


def read_curriculum(document: Document) -> Curriculum:
    """Return the curriculum of a document.

    An amount that is no decimal is left out; `faults_of` names it.
    """
    return Curriculum(
        tuple(_target(each) for each in document["targets"]),
        tuple(_unit(each) for each in document["units"]),
    )


def read_destinations(document: Document) -> tuple[Destination, ...]:
    """Return the further standards that a curriculum is held against."""
    return tuple(
        Destination(
            each["destination"],
            each.get("qualification"),
            _requirements(each["requirements"]),
            tuple(each.get("differences") or ()),
        )
        for each in document.get("destinations") or ()
    )


def missing_document(missing: Missing) -> dict[str, Any]:
    """Return what is missing, by award, with the shortest rest.

    `shortest_rest` is empty when nothing is missing, and null when no set of open
    units completes the awards. `rest_is_exact` is false where a shorter one may exist.
    """
    return {
        **{
            key: [open_document(each) for each in found]
            for key, found in missing.by_target.items()
        },
        "shortest_rest": rest_document(missing.rest),
        "rest_is_exact": missing.rest.is_exact,
    }


def rest_document(rest: Rest) -> list[str] | None:
    """Return the units of the shortest rest; None where there is no way."""
    return None if rest.state is RestState.IMPOSSIBLE else list(rest.units)


def open_document(found: OpenRequirement) -> dict[str, Any]:
    """Return an open requirement."""
    document: dict[str, Any] = {
        "requirement": found.kind.value,
        "needed": write_amount(found.needed),
    }
    match found.kind:
        case RequirementKind.CREDITS | RequirementKind.HOURS:
            return document
        case RequirementKind.GROUP:
            return {**document, "group": found.name, "in": found.counted_in.value}
        case RequirementKind.PLACE:
            return {**document, "place": found.name}
        case RequirementKind.UNITS | RequirementKind.LEARNING_OUTCOMES:
            return {**document, "open": list(found.open)}


def _target(document: Document) -> Target:
    return Target(
        document["key"],
        document["qualification"],
        document["authority"],
        _requirements(document["requirements"]),
        document.get("depends_on"),
        document.get("basis"),
    )


def _requirements(document: Document) -> Requirements:
    return Requirements(
        credits=read_amount(document.get("credits")),
        hours=read_amount(document.get("hours")),
        units=tuple(document.get("units") or ()),
        groups=tuple(
            Group(
                each["name"],
                tuple(each["units"]),
                read_amount(each.get("credits")),
                each.get("count"),
            )
            for each in document.get("groups") or ()
        ),
        places=tuple(
            CreditsAtPlace(each["place"], read_amount(each["credits"]) or 0)
            for each in document.get("places") or ()
        ),
        most_prior_learning_credits=read_amount(
            document.get("most_prior_learning_credits")
        ),
        learning_outcomes=tuple(document.get("learning_outcomes") or ()),
    )


def _unit(document: Document) -> Unit:
    return Unit(
        id=document["id"],
        title=document["title"],
        provider=document.get("provider"),
        place=document.get("place"),
        credits=read_amount(document.get("credits")),
        hours=read_amount(document.get("hours")),
        phase=document.get("phase"),
        counts_for=tuple(
            CountsFor(each["target"], each.get("rule"))
            for each in document.get("counts_for") or ()
        ),
        learning_outcomes=tuple(document.get("learning_outcomes") or ()),
        covers_differences=tuple(document.get("covers_differences") or ()),
    )


def _unreadable(document: Document) -> Iterator[StandardFault]:
    """Yield the amounts that are no decimals."""
    for noun in ("targets", "destinations"):
        for number, each in enumerate(document.get(noun) or ()):
            place, asked = f"/{noun}/{number}/requirements", each["requirements"]
            yield from _amount_faults(place, asked, _AMOUNTS)
            for name in ("groups", "places"):
                parts: Sequence[Document] = asked.get(name) or ()
                for position, part in enumerate(parts):
                    below = f"{place}/{name}/{position}"
                    yield from _amount_faults(below, part, ("credits",))
    for number, unit in enumerate(document["units"]):
        yield from _amount_faults(f"/units/{number}", unit, _AMOUNTS[:2])


def _destination_faults(
    curriculum: Curriculum, destinations: Iterable[Destination]
) -> Iterator[StandardFault]:
    seen = {target.key for target in curriculum.targets}
    for number, destination in enumerate(destinations):
        place = f"/destinations/{number}"
        if destination.code in seen:
            named = {"target": destination.code}
            yield StandardFault(f"{place}/destination", "duplicate_target", named)
        seen.add(destination.code)
        yield from requirement_faults(
            destination.requirements,
            f"{place}/requirements",
            curriculum.units,
            curriculum.units,
        )


def _apart_from(
    unreadable: Sequence[StandardFault], found: Sequence[StandardFault]
) -> Iterator[StandardFault]:
    """Leave out what only follows from amounts that cannot be added up."""
    places = {fault.pointer for fault in unreadable}
    is_unsound = bool(places) or any(each.code == NEGATIVE for each in found)
    for fault in found:
        if fault.pointer not in places and not (is_unsound and fault.code in _FOLLOWS):
            yield fault


def _amount_faults(
    pointer: str, members: Document, names: Sequence[str]
) -> Iterator[StandardFault]:
    for name in names:
        written = members.get(name)
        if written is not None and read_amount(written) is None:
            yield StandardFault(f"{pointer}/{name}", "not_a_decimal")
