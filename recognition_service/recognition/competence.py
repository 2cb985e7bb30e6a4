"""Who decides where: authorities of this installation, and bodies of the tables.

Source: Lisbon Recognition Convention, articles II.1 and II.2 (competence is published,
and who asks in the wrong place is told where to go).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.mandates import competent_authorities, mandates_of
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.recognition.errors import NotCompetentError


class BodyKind(StrEnum):
    """Whether a competent body can be asked here, or is only known of."""

    AUTHORITY = "authority"
    BODY = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetentBody:
    """Who decides about qualifications somewhere.

    Attributes:
        id: Of the authority here, or of the row in the tables.
        jurisdiction: For which it decides; an authority may be named for several.
        professions: None of them: it is not limited to some.
        mode: "test" or "live", of an authority of this installation; else None.
        source: Title of the act or page by which this is known, or None.
        evidence: How the row is known; None for authorities.
    """

    kind: BodyKind
    id: str
    name: str
    jurisdiction: str
    professions: tuple[str, ...] = ()
    url: str | None = None
    mode: str | None = None
    source: str | None = None
    evidence: str | None = None


def competent_bodies(
    session: Session,
    snapshot: Snapshot,
    jurisdiction: str,
    profession: str | None,
    *,
    on: date,
) -> list[CompetentBody]:
    """Return who decides for a jurisdiction, its parts and what it is part of.

    Those of the narrowest territory come first; of one territory the authorities of
    this installation, then by name. Without a profession all are named.
    """
    places = snapshot.places
    bodies = [
        *_authorities(session, profession, on=on),
        *_of_tables(snapshot, profession, on=on),
    ]
    related = [
        body for body in bodies if places.are_related(body.jurisdiction, jurisdiction)
    ]
    return sorted(
        related,
        key=lambda body: (
            -len(places.lineage(body.jurisdiction)),
            body.jurisdiction,
            body.kind is not BodyKind.AUTHORITY,
            body.name,
        ),
    )


def require_competence(
    session: Session,
    caller: Caller,
    jurisdiction: str,
    profession: str | None,
    snapshot: Snapshot,
    *,
    now: datetime,
) -> None:
    """Refuse requests for places for which an authority does not decide.

    Raises:
        NotCompetentError: It does not; who does is named.
    """
    authority = get_authority(session, caller.authority_id)
    named = {
        code
        for mandate in mandates_of(session, caller.authority_id, "")
        for code in mandate.jurisdictions
    }
    if jurisdiction in (named or {authority.jurisdiction}):
        return
    bodies = competent_bodies(
        session, snapshot, jurisdiction, profession, on=legal_day(authority, now)
    )
    raise NotCompetentError(
        f"{authority.name} does not decide for {jurisdiction}.",
        (
            {
                "pointer": "/destination/jurisdiction",
                "code": "not_competent",
                "detail": "Ask an authority of this jurisdiction.",
                "competent": [
                    {
                        "kind": body.kind.value,
                        "id": body.id,
                        "name": body.name,
                        "jurisdiction": body.jurisdiction,
                        "url": body.url,
                    }
                    for body in bodies
                    if body.id != authority.id and body.mode in {None, authority.mode}
                ],
            },
        ),
    )


def _authorities(
    session: Session, profession: str | None, *, on: date
) -> list[CompetentBody]:
    return [
        CompetentBody(
            kind=BodyKind.AUTHORITY,
            id=found.authority_id,
            name=found.name,
            jurisdiction=found.jurisdiction,
            professions=found.professions,
            mode=found.mode,
            source=found.basis,
        )
        for found in competent_authorities(session, on=on)
        if _decides(found.professions, profession)
    ]


def _of_tables(
    snapshot: Snapshot, profession: str | None, *, on: date
) -> list[CompetentBody]:
    tables = snapshot.tables
    return [
        CompetentBody(
            kind=BodyKind.BODY,
            id=row.id,
            name=row.name,
            jurisdiction=row.jurisdiction,
            professions=row.professions,
            url=row.url,
            source=tables.sources[row.source].title,
            evidence=row.evidence.value,
        )
        for row in tables.competent_authorities.values()
        if _decides(row.professions, profession)
        and (row.valid_to is None or row.valid_to >= on)
    ]


def _decides(professions: tuple[str, ...], asked: str | None) -> bool:
    return asked is None or not professions or asked in professions
