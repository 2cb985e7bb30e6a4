"""Reserving: numbers, places and payloads, before anything is signed.

One attestation or a thousand: what is read and written is read and written once.
"""

import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations import forms
from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.drafts import (
    Draft,
    NewAttestation,
    NewCopy,
    claim,
)
from recognition_service.attestations.errors import (
    AlreadyAttestedError,
    CopyNotAllowedError,
)
from recognition_service.attestations.forms import Form
from recognition_service.attestations.issue import Intent
from recognition_service.attestations.issuer import Issuer, find_issuer
from recognition_service.attestations.models import (
    Attestation,
    Copy,
    CopyState,
    Status,
    TokenHeader,
)
from recognition_service.attestations.places import status_uri, take_places
from recognition_service.credentials import base64url
from recognition_service.credentials.canonical import digest
from recognition_service.credentials.jwk import thumbprint
from recognition_service.credentials.vc_jwt import CopyClaims
from recognition_service.errors import RecognitionError
from recognition_service.storage import audit
from recognition_service.storage.audit import Change
from recognition_service.storage.ids import new_id
from recognition_service.storage.numbering import next_numbers
from recognition_service.storage.upsert import insert_for, insert_rows

_JTI_BYTES = 16
_FEW = 16


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
) -> Reservation:
    """Reserve many attestations of one authority; one that cannot be is refused.

    The caller owns the transaction. Refused ones leave no gap in the numbers.

    Raises:
        StatusListFullError: There are no places.
    """
    drafts, refused = _drafts(session, issuer, wanted, now)
    _number(session, issuer, drafts.values(), now)
    intents = list(_with_copies(session, issuer, drafts.values(), now))
    _insert(session, issuer, drafts.values(), now)
    audit.append_many(
        session, issuer.authority_id, _changes(drafts.values()), actor=actor, now=now
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
    _insert(session, issuer, drafts, now)
    audit.append_many(
        session, issuer.authority_id, _changes(drafts), actor=actor, now=now
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
    said = claim(issuer, new, attestation.id)
    claims = replace(said, number=attestation.number, mandate=attestation.mandate)
    return Draft(new, claims, attestation, attestation.id, attestation.number)


def _drafts(
    session: Session, issuer: Issuer, wanted: Sequence[NewAttestation], now: datetime
) -> tuple[dict[int, Draft], dict[int, RecognitionError]]:
    """Return what can be attested, with the mandate that covers it."""
    drafts: dict[int, Draft] = {}
    refused: dict[int, RecognitionError] = {}
    known = _attested(session, issuer.authority_id, [new.decision_id for new in wanted])
    for position, new in enumerate(wanted):
        earlier, in_use = known.get(new.decision_id, (None, False))
        if in_use:
            refused[position] = AlreadyAttestedError(
                f"{earlier.number if earlier else 'This batch'} attests this decision."
            )
            continue
        try:
            claims = claim(issuer, new, earlier.id if earlier else new_id(now))
        except RecognitionError as error:
            refused[position] = error
            continue
        known[new.decision_id] = (earlier, True)
        drafts[position] = Draft(new, claims, earlier, UUID(claims.attestation_id))
    return drafts, refused


def _attested(
    session: Session, authority_id: str, decisions: Sequence[UUID]
) -> dict[UUID, tuple[Attestation | None, bool]]:
    """Return attestations by decision, and whether a copy of each is in use."""
    found = session.scalars(
        select(Attestation)
        .where(
            Attestation.authority_id == authority_id,
            Attestation.decision_id.in_(decisions),
        )
        .with_for_update()
    ).all()
    if not found:
        return {}
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
            draft.claims = replace(draft.claims, number=draft.number)
    if not new:
        return
    numbers = next_numbers(
        session, issuer.authority_id, "ATT", now.year, count=len(new)
    )
    for draft, number in zip(new, numbers, strict=True):
        draft.number, draft.claims = number, replace(draft.claims, number=number)


def _with_copies(
    session: Session, issuer: Issuer, drafts: Iterable[Draft], now: datetime
) -> Iterator[Intent]:
    """Give each draft its copies, each with a place of its own."""
    waiting = [(draft, new) for draft in drafts for new in draft.new.copies]
    places = take_places(session, issuer.authority_id, len(waiting))
    draws = secrets.token_bytes(_JTI_BYTES * len(waiting))
    uris: dict[int, str] = {}
    for order, ((draft, new), (number, index)) in enumerate(
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
            draft.claims,
            copy,
            issuer,
            list_number=number,
            holder_jwk=new.holder_jwk,
        )
        row = _copy_row(
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


def _copy_row(
    issuer: Issuer,
    draft: Draft,
    new: NewCopy,
    *,
    copy: CopyClaims,
    form: Form,
    list_number: int,
    now: datetime,
) -> dict[str, Any]:
    holder = new.holder_jwk
    return {
        "authority_id": issuer.authority_id,
        "id": new_id(now),
        "attestation_id": draft.id,
        "format": new.format.value,
        "jti": copy.jti,
        "list_number": list_number,
        "status_index": copy.status_index,
        "kid": issuer.key.kid,
        "algorithm": issuer.key.algorithm,
        "holder_thumbprint": None if holder is None else thumbprint(holder),
        "state": CopyState.RESERVED.value,
        "reserved_at": now,
        "expires_at": new.expires_at,
        **forms.stored(form),
    }


def _insert(
    session: Session, issuer: Issuer, drafts: Iterable[Draft], now: datetime
) -> None:
    listed = list(drafts)
    for draft in listed:
        draft.row = _row(issuer, draft, now)
    rows = [draft.row for draft in listed if draft.given_up is None]
    insert_rows(session, Attestation, rows)
    copies = [copy for draft in listed for copy in draft.copies]
    if not copies:
        return
    kinds = {new.format for draft in listed for new in draft.new.copies}
    headers = {forms.header_of(kind, issuer.key) for kind in kinds}
    session.execute(
        insert_for(session, TokenHeader)
        .values(
            [
                {
                    "authority_id": issuer.authority_id,
                    "digest": forms.header_digest(header),
                    "segment": header.decode(),
                }
                for header in headers
            ]
        )
        .on_conflict_do_nothing()
    )
    insert_rows(session, Copy, copies)


def _row(issuer: Issuer, draft: Draft, now: datetime) -> dict[str, Any]:
    claims, new = draft.claims, draft.new
    return {
        "authority_id": issuer.authority_id,
        "id": draft.id,
        "number": draft.number,
        "decision_id": new.decision_id,
        "request_id": new.request_id,
        "record": new.record.as_value(),
        "decision_digest": claims.decision_digest,
        "mandate": claims.mandate,
        "validity_from": claims.validity_from,
        "validity_until": claims.validity_until,
        "status": Status.VALID.value,
        "status_since": now,
        "supersedes": new.supersedes,
        "reserved_at": now,
        "version": 1,
    }


def _changes(drafts: Collection[Draft]) -> Iterator[Change]:
    """Yield what the audit keeps: each attestation, or one digest over many.

    What was reserved of each of many stands in the rows themselves; when it is issued
    the audit names it alone.
    """
    if len(drafts) > _FEW:
        listed = [
            [draft.number, draft.claims.decision_digest, draft.new.prepared_by]
            + [copy["payload_digest"] for copy in draft.copies]
            for draft in drafts
        ]
        first, last = listed[0][0], listed[-1][0]
        content = {"first": first, "last": last, "digest": digest(listed)}
        yield Change("attestations.reserved", f"attestations/{first}", content)
        return
    for draft in drafts:
        prepared_by = draft.new.prepared_by
        yield Change(
            "attestation.reserved",
            f"attestation/{draft.id}",
            {
                "decision_digest": draft.claims.decision_digest,
                "payload_digests": [copy["payload_digest"] for copy in draft.copies],
                **({} if prepared_by is None else {"prepared_by": prepared_by}),
            },
        )
