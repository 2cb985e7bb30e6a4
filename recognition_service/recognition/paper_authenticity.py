"""How well it is proven that a paper is genuine: what an officer may say about it.

Source: Convention of 5 October 1961 abolishing the requirement of legalisation
(Apostille Convention), articles 3 to 5; HCCH, "How to use the e-Register".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from recognition_service.recognition.paper_faults import Fault, fault
from recognition_service.recognition.paper_kinds import Channel, Legalisation
from recognition_service.recognition.vocabulary import Grade
from recognition_service.verification.report import Verdict

GOOD = frozenset({Verdict.VALID, Verdict.VALID_WITH_CONDITIONS})
"""The verdicts by which a digital credential proves itself."""

_OF_APOSTILLE = ("number", "dated_on", "signer", "capacity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The issuer's word that a paper is genuine.

    Attributes:
        person: Who confirmed it, by name or office.
        channel: By which way the answer came.
    """

    person: str
    channel: Channel
    confirmed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalisationFinding:
    """What stands behind signature and seal of a paper.

    Attributes:
        number: Of the apostille or the legalisation, as the register writes it.
        dated_on: Its date.
        signer: Who signed the paper, as the apostille names them.
        capacity: In which capacity they signed.
        basis: The article or agreement that makes the paper exempt.
    """

    state: Legalisation
    number: str | None = None
    dated_on: date | None = None
    signer: str | None = None
    capacity: str | None = None
    basis: str | None = None

    def details(self) -> dict[str, Any] | None:
        """Return what is known of it besides its state, as JSON; None: nothing."""
        known = {
            "number": self.number,
            "dated_on": self.dated_on.isoformat() if self.dated_on else None,
            "signer": self.signer,
            "capacity": self.capacity,
            "basis": self.basis,
        }
        return known if any(known.values()) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAssessment:
    """What an officer found about a paper.

    Attributes:
        established_on: The day on which it was found.
        confirmation: Only for what the issuer confirmed.
        legalisation: None: nothing new was found about it.
    """

    grade: Grade
    established_on: date
    confirmation: Confirmation | None = None
    legalisation: LegalisationFinding | None = None


def faults_of(
    assessment: PaperAssessment, *, verdict: str | None, stands: LegalisationFinding
) -> Iterator[Fault]:
    """Yield what does not fit together in an assessment, each with its member.

    An apostille certifies signature, capacity and seal, never the content, so it
    proves a paper to be `legalised` at most.

    Args:
        assessment: What the officer says.
        verdict: Of the paper's verification, None if it was not verified.
        stands: What is known of the legalisation already.

    Source: Apostille Convention, article 5.
    """
    found = assessment.legalisation or stands
    match assessment.grade:
        case Grade.ISSUER_SIGNED if verdict not in GOOD:
            yield fault(
                "/grade", "only_by_verification", "Only a verification shows this."
            )
        case Grade.LEGALISED if found.state not in {
            Legalisation.APOSTILLE,
            Legalisation.LEGALISED,
        }:
            yield fault(
                "/legalisation", "required", "Say what legalised the paper, and when."
            )
        case Grade.CONFIRMED_BY_ISSUER if assessment.confirmation is None:
            yield fault(
                "/confirmation", "required", "Say who confirmed it, how and when."
            )
        case _:
            pass
    is_confirmed = assessment.grade is Grade.CONFIRMED_BY_ISSUER
    if assessment.confirmation is not None and not is_confirmed:
        yield fault("/confirmation", "not_of_this_grade", "Nobody confirmed it then.")
    if assessment.legalisation is not None:
        yield from _legalisation_faults(assessment.legalisation)


def _legalisation_faults(found: LegalisationFinding) -> Iterator[Fault]:
    needed: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    match found.state:
        case Legalisation.APOSTILLE:
            needed = allowed = _OF_APOSTILLE
        case Legalisation.LEGALISED:
            needed, allowed = ("dated_on",), _OF_APOSTILLE
        case Legalisation.EXEMPT:
            needed = allowed = ("basis",)
        case Legalisation.NONE | Legalisation.UNKNOWN:
            pass
    known = found.details() or {}
    for member in (*_OF_APOSTILLE, "basis"):
        if member in needed and not known.get(member):
            yield fault(
                f"/legalisation/{member}",
                "required",
                f"{found.state.capitalize()}: say this as well.",
            )
        elif known.get(member) and member not in allowed:
            yield fault(
                f"/legalisation/{member}",
                "not_of_this_state",
                f"There is none where the state is {found.state}.",
            )
