"""Reserving: numbers, places and payloads, before anything is signed.

One attestation or a thousand: what is read and written is read and written once.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from recognition_service.attestations import forms
from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.drafts import (
    Draft,
    NewAttestation,
    NewCopy,
    claim,
    covering_mandate,
)
from recognition_service.attestations.errors import (
    AlreadyAttestedError,
    CopyNotAllowedError,
)
from recognition_service.attestations.grounds import refuse_groundless
from recognition_service.attestations.issue import Intent
from recognition_service.attestations.issuer import Issuer, find_issuer
from recognition_service.attestations.models import (
    Attestation,
    Copy,
    CopyState,
    Status,
)
from recognition_service.attestations.places import status_uri, take_places
from recognition_service.attestations.reserved_rows import (
    changes,
    copy_row,
    insert_reserved,
)
from recognition_service.credentials import base64url
from recognition_service.credentials.vc_jwt import CopyClaims
from recognition_service.errors import RecognitionError
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id
from recognition_service.storage.numbering import next_numbers
from recognition_service.storage.prepared import Prepared, among

_JTI_BYTES = 16
_ATTESTED = Prepared(
    lambda dialect: select(Attestation.id).where(
        Attestation.authority_id == bindparam("authority_id"),
        among(Attestation.decision_id, "decisions", dialect),
    )
)


@dataclass(frozen=True, slots=True)
class Reservation:
    """What was reserved, and what could not be.

    Attributes:
        attestations: Id of each attestation, by its position among those wanted.
        rows: Each attestation and its copies as they were inserted, by position.
        intents: The copies that wait for a signature.
        refused: Why, by position.
    """

    attestations: dict[int, UUID]
    rows: dict[int, tuple[dict[str, Any], list[dict[str, Any]]]]
    intents: list[Intent]
    refused: dict[int, RecognitionError]


def reserve(
    session: Session,
    authority_id: str,
    new: NewAttestation,
    *,
    public_url: str,
    actor: str,
    now: datetime,
) -> Reservation:
    """Reserve one attestation: a number, places in a status list, the payloads.

    The caller owns the transaction. Where all copies of an earlier reservation were
    given up, the attestation keeps its number and gets new copies.

    Raises:
        AlreadyAttestedError: The decision has an attestation, issued or under way.
        MandateMissingError: No mandate covers the decision.
        NoActiveKeyError: The authority has no key to sign with.
        StatusListFullError: No place was found.
    """
    issuer = find_issuer(session, authority_id, public_url=public_url, now=now)
    reservation = reserve_many(session, issuer, [new], actor=actor, now=now)
    for refusal in reservation.refused.values():
        raise refusal
    return reservation


def reserve_many(
    session: Session,
    issuer: Issuer,
    wanted: Sequence[NewAttestation],
    *,
    actor: str,
    now: datetime,
    held: str | None = None,
) -> Reservation:
    """Reserve many attestations of one authority; one that cannot be is refused.

    The caller owns the transaction. Refused ones leave no gap in the numbers. `held` is
    why the rows of new ones say that they are suspended; their places and their
    history are the caller's.

    Raises:
        StatusListFullError: There are no places.
    """
    drafts, refused = _drafts(session, issuer, wanted, now)
    _number(session, issuer, drafts.values(), now)
    intents = list(_with_copies(session, issuer, drafts.values(), now))
    insert_reserved(session, issuer, drafts.values(), now, held=held)
    audit.append_many(
        session, issuer.authority_id, changes(drafts.values()), actor=actor, now=now
    )
    return Reservation(
        {position: draft.id for position, draft in drafts.items()},
        {position: (draft.row, draft.copies) for position, draft in drafts.items()},
        intents,
        refused,
    )


def reserve_copies(
    session: Session,
    authority_id: str,
    wanted: Sequence[tuple[Attestation, tuple[NewCopy, ...]]],
    *,
    public_url: str,
    actor: str,
    now: datetime,
) -> list[Intent]:
    """Reserve further copies, all for one key, of attestations issued before.

    The caller owns the transaction. Copies say exactly what the first ones said.

    Raises:
        CopyNotAllowedError: An attestation is not valid.
        NoActiveKeyError: The authority has no key to sign with.
        StatusListFullError: No place was found.
    """
    issuer = find_issuer(
        session,
        authority_id,
        public_url=public_url,
        now=now,
        algorithm=forms.algorithm_of(wanted[0][1][0].format),
    )
    drafts = []
    for attestation, copies in wanted:
        if attestation.status != Status.VALID or attestation.issued_at is None:
            raise CopyNotAllowedError(f"{attestation.number} is {attestation.status}.")
        drafts.append(_draft_again(issuer, attestation, copies))
    intents = list(_with_copies(session, issuer, drafts, now))
    insert_reserved(session, issuer, drafts, now)
    audit.append_many(
        session, issuer.authority_id, changes(drafts), actor=actor, now=now
    )
    return intents


def _draft_again(
    issuer: Issuer, attestation: Attestation, copies: tuple[NewCopy, ...]
) -> Draft:
    new = NewAttestation(
        decision_id=attestation.decision_id,
        request_id=attestation.request_id,
        record=DecisionRecord(
            attestation.record["inputs"], attestation.record["findings"]
        ),
        copies=copies,
    )
    covering_mandate(issuer, new)
    return Draft(
        new, attestation.mandate, attestation, attestation.id, attestation.number
    )


def _drafts(
    session: Session, issuer: Issuer, wanted: Sequence[NewAttestation], now: datetime
) -> tuple[dict[int, Draft], dict[int, RecognitionError]]:
    """Return what can be attested, with the mandate that covers it."""
    drafts: dict[int, Draft] = {}
    refused = refuse_groundless(session, issuer, wanted, now)
    known = _attested(session, issuer.authority_id, [new.decision_id for new in wanted])
    for position, new in enumerate(wanted):
        if position in refused:
            continue
        earlier, in_use = known.get(new.decision_id, (None, False))
        if in_use:
            refused[position] = AlreadyAttestedError(
                f"{earlier.number if earlier else 'This batch'} attests this decision."
            )
            continue
        try:
            mandate = covering_mandate(issuer, new)
        except RecognitionError as error:
            refused[position] = error
            continue
        known[new.decision_id] = (earlier, True)
        drafts[position] = Draft(
            new, mandate, earlier, earlier.id if earlier else new_id(now)
        )
    return drafts, refused


def _attested(
    session: Session, authority_id: str, decisions: Sequence[UUID]
) -> dict[UUID, tuple[Attestation | None, bool]]:
    """Return attestations by decision, and whether a copy of each is in use."""
    if not _ATTESTED.all(session, authority_id=authority_id, decisions=list(decisions)):
        return {}
    found = session.scalars(
        select(Attestation)
        .where(
            Attestation.authority_id == authority_id,
            Attestation.decision_id.in_(decisions),
        )
        .with_for_update()
    ).all()
    in_use = set(
        session.scalars(
            select(Copy.attestation_id).where(
                Copy.authority_id == authority_id,
                Copy.attestation_id.in_([each.id for each in found]),
                Copy.state != CopyState.VOID,
            )
        )
    )
    return {each.decision_id: (each, each.id in in_use) for each in found}


def _number(
    session: Session, issuer: Issuer, drafts: Iterable[Draft], now: datetime
) -> None:
    new = []
    for draft in drafts:
        if draft.given_up is None:
            new.append(draft)
        else:
            draft.number = draft.given_up.number
    if not new:
        return
    numbers = next_numbers(
        session, issuer.authority_id, "ATT", now.year, count=len(new)
    )
    for draft, number in zip(new, numbers, strict=True):
        draft.number = number


def _with_copies(
    session: Session, issuer: Issuer, drafts: Iterable[Draft], now: datetime
) -> Iterator[Intent]:
    """Give each draft its copies, each with a place of its own."""
    waiting = [
        (draft, claims, new)
        for draft in drafts
        for claims in (claim(issuer, draft),)
        for new in draft.new.copies
    ]
    places = take_places(session, issuer.authority_id, len(waiting))
    draws = secrets.token_bytes(_JTI_BYTES * len(waiting))
    uris: dict[int, str] = {}
    for order, ((draft, claims, new), (number, index)) in enumerate(
        zip(waiting, places, strict=True)
    ):
        if number not in uris:
            uris[number] = status_uri(issuer.public_url, issuer.authority_id, number)
        drawn = draws[order * _JTI_BYTES : (order + 1) * _JTI_BYTES]
        copy = CopyClaims(
            base64url.encode_text(drawn), now, new.expires_at, uris[number], index
        )
        form = forms.draft_form(
            new.format,
            claims,
            copy,
            issuer,
            list_number=number,
            holder_jwk=new.holder_jwk,
            pinned=new.pinned,
        )
        row = copy_row(
            issuer, draft, new, copy=copy, form=form, list_number=number, now=now
        )
        draft.copies.append(row)
        yield Intent(
            issuer.authority_id,
            draft.id,
            row["id"],
            issuer.key.thumbprint,
            issuer.key.kid,
            form.message,
            row["payload_digest"],
        )
