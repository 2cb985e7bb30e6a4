"""What certificates of language show, and which conditions of a decision they meet.

A language is a condition of the licence where recognition comes first; nothing here
ever stands in the way of recognition.

Source: Directive 2005/36/EC, article 53 (knowledge of languages follows recognition).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.found import legal_day
from recognition_service.clock import parse_day
from recognition_service.frameworks.language_scales import (
    LanguageLevel,
    Proof,
    Scale,
    level_fault,
    shows,
)
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.experience import PROVEN
from recognition_service.recognition.paper_faults import Fault, fault
from recognition_service.recognition.paper_kinds import PaperKind, PaperStatus
from recognition_service.recognition.paper_models import CasePaper
from recognition_service.recognition.papers import papers_of

_FAULTS = {
    "unknown_level": "The scale has no such level.",
    "scale_of_another_language": "The scale is one of another language.",
}
_RANK = (Proof.YES, Proof.UNKNOWN, Proof.NO)
"""The best comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageProof:
    """What a certificate shows.

    Attributes:
        language: BCP 47 tag.
        valid_until: Last day; None: it does not end.
    """

    language: str
    scale: Scale
    level: str
    valid_until: date | None = None

    def as_value(self) -> dict[str, Any]:
        """Return it as a paper keeps it."""
        until = self.valid_until
        return {
            "language": self.language,
            "scale": self.scale.value,
            "level": self.level,
            "valid_until": until.isoformat() if until else None,
        }


@dataclass(frozen=True, slots=True)
class HeldLanguage:
    """A level that a certificate of a case shows.

    Attributes:
        valid_until: Last day; None: it does not end.
        is_proven: Whether somebody else vouches for the certificate.
    """

    level: LanguageLevel
    valid_until: date | None
    is_proven: bool


def held_languages(
    session: Session, authority_id: str, request_id: UUID
) -> list[HeldLanguage]:
    """Return what the certificates of a case show, whether or not it has ended.

    Raises:
        RequestNotFoundError: The authority has no such request.
    """
    return [
        HeldLanguage(
            _level(held),
            parse_day(held["valid_until"]),
            paper.grade in PROVEN,
        )
        for paper in _certificates(session, authority_id, request_id)
        if (held := paper.language_proof) is not None
    ]


def proof_faults(
    proof: LanguageProof | None, kind: PaperKind, issued_on: date | None
) -> Iterator[Fault]:
    """Yield what does not fit in what a paper is said to show of a language."""
    if proof is None:
        return
    place = "/language_proof"
    if kind is not PaperKind.LANGUAGE_CERTIFICATE:
        yield fault(
            place, "not_a_language_certificate", "Only a language_certificate has one."
        )
    wrong = level_fault(LanguageLevel(proof.language, proof.scale, proof.level))
    if wrong is not None:
        yield fault(f"{place}/level", wrong, _FAULTS[wrong])
    until = proof.valid_until
    if until is not None and issued_on is not None and until < issued_on:
        yield fault(
            f"{place}/valid_until", "date_before_issue", "It ends before it was issued."
        )


def level_faults(conditions: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return what does not fit in the levels that conditions of a decision name."""
    found = []
    for index, condition in enumerate(conditions):
        named = condition.get("language")
        wrong = level_fault(_level(named)) if named else None
        if wrong is not None:
            found.append(
                fault(f"/conditions/{index}/language/level", wrong, _FAULTS[wrong])
            )
    return found


def language_conditions(
    session: Session, file: CaseFile, *, now: datetime
) -> list[dict[str, Any]]:
    """Return the languages that the latest decision names, and whether they are shown.

    Only papers that stand, have been received and were not rejected show anything; of
    several the best is named.
    """
    decision = file.decision
    content = (decision.content if decision else None) or {}
    wanted = [each for each in content.get("conditions") or () if each.get("language")]
    if not wanted:
        return []
    papers = _certificates(session, file.request.authority_id, file.request.id)
    today = legal_day(file.authority, now)
    return [
        {
            "code": each["code"],
            **each["language"],
            **_best(_level(each["language"]), papers, today),
        }
        for each in wanted
    ]


def _certificates(
    session: Session, authority_id: str, request_id: UUID
) -> list[CasePaper]:
    """Return the papers that show a language: received, and still standing."""
    return [
        paper
        for paper in papers_of(session, authority_id, request_id, despite_block=True)
        if isinstance(paper, CasePaper)
        and paper.language_proof is not None
        and paper.status == PaperStatus.ACCEPTED
        and paper.received_at is not None
    ]


def _best(
    required: LanguageLevel, papers: Iterable[CasePaper], today: date
) -> dict[str, Any]:
    best: tuple[Proof, str | None] = (Proof.NO, None)
    for paper in papers:
        held = paper.language_proof or {}
        found = shows(
            _level(held),
            required,
            valid_until=parse_day(held["valid_until"]),
            on=today,
        )
        if _RANK.index(found) < _RANK.index(best[0]):
            best = found, str(paper.id)
    return {"met": best[0].value, "paper": best[1]}


def _level(named: Mapping[str, Any]) -> LanguageLevel:
    return LanguageLevel(named["language"], Scale(named["scale"]), named["level"])
