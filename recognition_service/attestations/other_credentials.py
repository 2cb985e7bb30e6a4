"""Credentials of other kinds that an authority signs on demand, and their status.

They are no attestations: nothing was decided here, and nothing of their contents is
kept. Their places lie in lists of their own, so that they never meet those of
attestations.

Source: Verifiable Credential API for Lifecycle Management (VCALM), "Issue Credential"
and "Update Status"; Bitstring Status List v1.0 section 2.1.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.errors import StatusTransitionError
from recognition_service.attestations.marks import mark_places
from recognition_service.attestations.models import (
    IssuedCredential,
    ListPurpose,
    Status,
    StatusEntry,
    StatusList,
)
from recognition_service.attestations.places import take_places
from recognition_service.credentials import token_status_list as tsl
from recognition_service.credentials.bitstring_status_list import (
    REVOCATION,
    SUSPENSION,
)
from recognition_service.credentials.errors import MalformedStatusListError
from recognition_service.errors import NotFoundError
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id

_FINAL = {tsl.REVOKED: Status.REVOKED, tsl.SUPERSEDED: Status.SUPERSEDED}
_SET = {REVOCATION: tsl.REVOKED, SUSPENSION: tsl.SUSPENDED}
_SAID_BY = {
    REVOCATION: frozenset({tsl.REVOKED, tsl.SUPERSEDED}),
    SUSPENSION: frozenset({tsl.SUSPENDED}),
}
_NAMES = {
    tsl.VALID: Status.VALID,
    tsl.REVOKED: Status.REVOKED,
    tsl.SUSPENDED: Status.SUSPENDED,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the status of a credential is told."""

    number: int
    index: int


def reserve_place(
    session: Session,
    authority_id: str,
    credential_id: str | None,
    *,
    actor: str,
    now: datetime,
) -> Place:
    """Return the place of a credential that is about to be signed.

    The caller owns the transaction. A credential that is signed again under the same
    id keeps its place: what is said of one copy is said of all.

    Args:
        session: The transaction.
        authority_id: Who signs.
        credential_id: By which the status can be changed later; None: it cannot.
        actor: Who wants it signed.
        now: The present instant.

    Raises:
        StatusTransitionError: A credential of this id was revoked.
        StatusListFullError: No place was found.
    """
    if credential_id is not None:
        _refuse_final(session, authority_id, credential_id)
    # Taking the place locks the list, so that nobody else reserves the same id now.
    ((number, index),) = take_places(session, authority_id, 1, ListPurpose.CREDENTIALS)
    if credential_id is not None:
        earlier = _find(session, authority_id, credential_id)
        if earlier is not None:
            return Place(earlier.list_number, earlier.status_index)
    row_id = new_id(now)
    session.add(
        IssuedCredential(
            authority_id=authority_id,
            id=row_id,
            credential_id=credential_id or f"urn:uuid:{row_id}",
            list_number=number,
            status_index=index,
            issued_at=now,
            issued_by=actor,
        )
    )
    session.flush()
    return Place(number, index)


def note_issued(
    session: Session, authority_id: str, digest: str, *, actor: str, now: datetime
) -> None:
    """Write down that a credential was signed. The caller owns the transaction.

    `digest` is that of the signed form, which nobody can guess from its contents.
    """
    audit.append(
        session,
        authority_id,
        actor=actor,
        action="credential.issued",
        subject=f"credential/{digest}",
        content={},
        now=now,
    )


def set_status(
    session: Session,
    authority_id: str,
    credential_id: str,
    purpose: str,
    *,
    is_set: bool,
    actor: str,
    now: datetime,
) -> Place:
    """Change what the list of a purpose says about a credential.

    The caller owns the transaction and has the list published afterwards. Asking for
    what holds already changes nothing.

    Args:
        session: The transaction.
        authority_id: Whose credential it is.
        credential_id: As it was given when the credential was signed.
        purpose: "revocation" or "suspension".
        is_set: Whether the credential is revoked, or suspended.
        actor: Who wants it.
        now: The present instant.

    Raises:
        NotFoundError: The authority signed none with a status of this id.
        StatusTransitionError: A revoked credential stays revoked.
    """
    row = _find(session, authority_id, credential_id)
    if row is None:
        raise NotFoundError("No credential of this id has a status here.")
    place = Place(row.list_number, row.status_index)
    current = _value(session, authority_id, place)
    if (current in _SAID_BY[purpose]) == is_set:
        return place
    wanted = _SET[purpose] if is_set else tsl.VALID
    if current in _FINAL:
        raise StatusTransitionError(_FINAL[current], _NAMES[wanted], ())
    key = (place.number, place.index)
    mark_places(session, authority_id, {key: wanted}, now=now)
    audit.append(
        session,
        authority_id,
        actor=actor,
        action=f"credential.{_NAMES[wanted]}",
        subject=f"credential/{row.id}",
        content={},
        now=now,
    )
    return place


def says(
    session: Session, authority_id: str, number: int, purpose: str, index: int
) -> bool | None:
    """Tell whether a list says something about a place; None: there is no such list.

    `purpose` is "revocation", "suspension", or empty for anything but "valid".

    Raises:
        MalformedStatusListError: The list has no such place ("index_out_of_range") or
            is about another purpose ("wrong_purpose").
    """
    found = session.get(StatusList, (authority_id, number))
    if found is None:
        return None
    if purpose and purpose not in _SAID_BY:
        raise MalformedStatusListError("wrong_purpose")
    if not 0 <= index < found.size:
        raise MalformedStatusListError("index_out_of_range")
    value = _value(session, authority_id, Place(number, index))
    return value in _SAID_BY[purpose] if purpose else value != tsl.VALID


def set_places(
    session: Session, authority_id: str, number: int, purpose: str
) -> tuple[int, list[int]] | None:
    """Return size and set places of a list of other credentials; None without one."""
    found = session.get(StatusList, (authority_id, number))
    if found is None or found.purpose != ListPurpose.CREDENTIALS:
        return None
    places = session.scalars(
        select(StatusEntry.status_index).where(
            StatusEntry.authority_id == authority_id,
            StatusEntry.number == number,
            StatusEntry.value.in_(_SAID_BY[purpose]),
        )
    )
    return found.size, list(places)


def _refuse_final(session: Session, authority_id: str, credential_id: str) -> None:
    row = _find(session, authority_id, credential_id)
    if row is None:
        return
    current = _value(session, authority_id, Place(row.list_number, row.status_index))
    if current in _FINAL:
        raise StatusTransitionError(_FINAL[current], Status.VALID, ())


def _find(
    session: Session, authority_id: str, credential_id: str
) -> IssuedCredential | None:
    return session.scalars(
        select(IssuedCredential).where(
            IssuedCredential.authority_id == authority_id,
            IssuedCredential.credential_id == credential_id,
        )
    ).one_or_none()


def _value(session: Session, authority_id: str, place: Place) -> int:
    entry = session.get(
        StatusEntry,
        (authority_id, place.number, place.index),
        populate_existing=True,
    )
    return tsl.VALID if entry is None else entry.value
