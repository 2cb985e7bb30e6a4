"""What somebody is enrolled with, and what can be wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recognition_service.dual_certification.admission import admission_fault
from recognition_service.dual_certification.costs import cost_faults
from recognition_service.dual_certification.lifecycle import Course
from recognition_service.equivalence.errors import nearest
from recognition_service.equivalence.standards_document import faults_of
from recognition_service.frameworks.tables import Tables
from recognition_service.wording import text

EXAMPLE = "prog-example-"
"""How labels of programmes begin that are made up."""
NO_CONSENT = {"joint_form": False, "follow_up": False, "given_on": None}

Fault = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewParticipant:
    """The person, as far as the keeper tells."""

    family_name: str | None = None
    given_name: str | None = None
    birth_date: date | None = None
    other_names: tuple[Mapping[str, Any], ...] = ()
    sex: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTrack:
    """A track as it comes in.

    Attributes:
        curriculum: `targets`, `units` and `destinations` as JSON values.
        programme: Id of the tables, or the label of an example; None without one.
        origin: Jurisdiction in which the participant lived before; None: not told.
        enrolled_on: None: today.
    """

    participant_ref: str
    curriculum: Mapping[str, Any]
    programme: str | None = None
    course: Course = Course.AWAY
    consent: Mapping[str, Any] = field(default_factory=lambda: NO_CONSENT)
    participant: NewParticipant | None = None
    origin: str | None = None
    enrolled_on: date | None = None


def is_example(programme: str | None) -> bool:
    """Return whether a programme is made up."""
    return programme is not None and programme.startswith(EXAMPLE)


def participant_faults(
    new: NewTrack, tables: Tables, enrolled_on: date
) -> Iterator[Fault]:
    """Yield what is wrong with the programme or with who is enrolled in it."""
    yield from _place("/origin", new.origin, tables)
    if new.programme is None or is_example(new.programme):
        return
    if new.programme not in tables.programmes:
        yield unknown("/programme", "programme", new.programme, tables.programmes)
        return
    born = new.participant.birth_date if new.participant is not None else None
    fault = admission_fault(tables, new.programme, born, enrolled_on)
    if fault is not None:
        yield {
            "pointer": "/applicant/birth_date",
            "code": fault.code,
            "detail": fault.detail,
        }


def document_faults(
    curriculum: Mapping[str, Any], tables: Tables, modes: Mapping[str, str], mode: str
) -> Iterator[Fault]:
    """Yield what is wrong with a curriculum.

    Args:
        curriculum: As in `NewTrack`.
        tables: The tables in force for the keeper.
        modes: The mode of every authority that is known here, by id.
        mode: The keeper's.
    """
    for fault in faults_of(curriculum):
        yield {
            "pointer": fault.pointer,
            "code": fault.code,
            "detail": text(f"standard.{fault.code}", fault.params),
        }
    yield from cost_faults(curriculum["units"])
    for number, target in enumerate(curriculum["targets"]):
        place = f"/targets/{number}"
        yield from _qualification(f"{place}/qualification", target, tables)
        authority = target["authority"]
        if authority not in modes:
            yield unknown(f"{place}/authority", "authority", authority, modes)
        elif modes[authority] != mode:
            yield {
                "pointer": f"{place}/authority",
                "code": "authority_of_other_mode",
                "detail": "Test and live authorities never share a track.",
            }
    for number, destination in enumerate(curriculum["destinations"]):
        place = f"/destinations/{number}"
        yield from _qualification(f"{place}/qualification", destination, tables)
        yield from _place(f"{place}/destination", destination["destination"], tables)
    yield from _places(curriculum, tables)


def unknown(pointer: str, noun: str, code: str, known: Mapping[str, Any]) -> Fault:
    """Return the fault of a code that nobody knows."""
    return {
        "pointer": pointer,
        "code": "unknown_code",
        "detail": f"There is no {noun} {code}.",
        "nearest": list(nearest(code, known)),
    }


def _qualification(
    pointer: str, holder: Mapping[str, Any], tables: Tables
) -> Iterator[Fault]:
    named = holder["qualification"]
    if named is not None and named not in tables.qualifications:
        yield unknown(pointer, "qualification", named, tables.qualifications)


def _places(curriculum: Mapping[str, Any], tables: Tables) -> Iterator[Fault]:
    for number, unit in enumerate(curriculum["units"]):
        yield from _place(f"/units/{number}/place", unit["place"], tables)
    for noun in ("targets", "destinations"):
        for number, each in enumerate(curriculum[noun]):
            for position, at in enumerate(each["requirements"].get("places", ())):
                pointer = f"/{noun}/{number}/requirements/places/{position}/place"
                yield from _place(pointer, at["place"], tables)


def _place(pointer: str, code: str | None, tables: Tables) -> Iterator[Fault]:
    if code is not None and code not in tables.jurisdictions:
        yield unknown(pointer, "jurisdiction", code, tables.jurisdictions)
