"""The rows of what is reserved, and what the audit keeps of it."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from recognition_service.attestations import forms
from recognition_service.attestations.bases import base_in
from recognition_service.attestations.drafts import Draft, NewCopy
from recognition_service.attestations.forms import Form
from recognition_service.attestations.issuer import Issuer
from recognition_service.attestations.models import (
    Attestation,
    Copy,
    CopyState,
    Status,
    TokenHeader,
)
from recognition_service.clock import parse_day
from recognition_service.credentials.canonical import digest
from recognition_service.credentials.jwk import thumbprint
from recognition_service.credentials.vc_jwt import CopyClaims
from recognition_service.storage.audit import Change
from recognition_service.storage.ids import new_id
from recognition_service.storage.prepared import Prepared
from recognition_service.storage.upsert import insert_on, insert_rows

_FEW = 16
_KEEP_HEADER = Prepared(
    lambda dialect: (
        insert_on(dialect, TokenHeader)
        .values(
            {name: bindparam(name) for name in ("authority_id", "digest", "segment")}
        )
        .on_conflict_do_nothing()
    )
)


def copy_row(
    issuer: Issuer,
    draft: Draft,
    new: NewCopy,
    *,
    copy: CopyClaims,
    form: Form,
    list_number: int,
    now: datetime,
) -> dict[str, Any]:
    """Return the row of a copy, by column."""
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


def insert_reserved(
    session: Session,
    issuer: Issuer,
    drafts: Iterable[Draft],
    now: datetime,
    *,
    held: str | None = None,
) -> None:
    """Insert attestations and their copies. The caller owns the transaction.

    An attestation that had an earlier reservation gets copies only. `held` is why the
    new ones are suspended from the beginning; None: they are valid.
    """
    listed = list(drafts)
    for draft in listed:
        draft.row = _row(issuer, draft, now)
        if held is not None:
            draft.row |= {"status": Status.SUSPENDED.value, "status_reason": held}
    rows = [draft.row for draft in listed if draft.given_up is None]
    insert_rows(session, Attestation, rows)
    copies = [copy for draft in listed for copy in draft.copies]
    if not copies:
        return
    kinds = {new.format for draft in listed for new in draft.new.copies}
    headers = {forms.header_of(kind, issuer.key) for kind in kinds}
    _KEEP_HEADER.run_many(
        session,
        [
            {
                "authority_id": issuer.authority_id,
                "digest": forms.header_digest(header),
                "segment": header.decode(),
            }
            for header in headers
        ],
    )
    insert_rows(session, Copy, copies)


def _row(issuer: Issuer, draft: Draft, now: datetime) -> dict[str, Any]:
    new = draft.new
    inputs, findings = new.decision(issuer.url)
    validity = findings["validity"]
    base = base_in(inputs["held"])
    return {
        "authority_id": issuer.authority_id,
        "id": draft.id,
        "number": draft.number,
        "decision_id": new.decision_id,
        "request_id": new.request_id,
        "record": new.record.packed,
        "decision_digest": new.record.digest,
        "mandate": draft.mandate,
        "validity_from": date.fromisoformat(validity["from"]),
        "validity_until": parse_day(validity["until"]),
        "status": Status.VALID.value,
        "status_since": now,
        "supersedes": new.supersedes,
        "base_authority": base.authority_id if base else None,
        "base_id": base.id if base else None,
        "reserved_at": now,
        "version": 1,
    }


def changes(drafts: Collection[Draft]) -> Iterator[Change]:
    """Yield what the audit keeps: each attestation, or one digest over many.

    What was reserved of each of many stands in the rows themselves; when it is issued
    the audit names it alone.
    """
    if len(drafts) > _FEW:
        listed = [
            [draft.number, draft.new.record.digest, draft.new.prepared_by]
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
                "decision_digest": draft.new.record.digest,
                "payload_digests": [copy["payload_digest"] for copy in draft.copies],
                **({} if prepared_by is None else {"prepared_by": prepared_by}),
            },
        )
