"""Publishing status lists: ready bytes, signed, with a short life.

Like issuing, in three steps: what to say is read, signed without a transaction,
and kept unless a newer version has been kept meanwhile. All forms of a list are
signed and kept together, so that they never contradict each other.

Source: Token Status List draft-20, sections 5.1 and 13.7; Bitstring Status List
v1.0 sections 2.2 and 3.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, or_, select, update
from sqlalchemy.orm import Session

from recognition_service.attestations.compressed_lists import (
    ChangedPlace,
    CompressedList,
    CompressedLists,
)
from recognition_service.attestations.errors import ClockBehindError
from recognition_service.attestations.issuer import SigningKey, signing_key
from recognition_service.attestations.models import (
    ListForm,
    StatusEntry,
    StatusList,
    StatusPublication,
)
from recognition_service.attestations.places import (
    aggregation_uri,
    bitstring_uri,
    status_uri,
)
from recognition_service.authorities.keys import active_key
from recognition_service.authorities.trust import issuer_url
from recognition_service.clock import format_instant
from recognition_service.credentials import base64url, jws
from recognition_service.credentials import bitstring_status_list as bitstring
from recognition_service.credentials import token_status_list as tsl
from recognition_service.credentials.errors import SignerFaultError
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.signer import KeyPurpose, Signer
from recognition_service.storage import audit
from recognition_service.storage.prepared import Prepared
from recognition_service.storage.upsert import insert_rows

LIFE = timedelta(hours=24)
RENEWED_EVERY = timedelta(hours=6)
TTL_SECONDS = 600
CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the clock of a node may lie behind that of another one."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A list that is to be signed.

    Attributes:
        version: The changes it contains.
        changes: What is newer than the compressed list.
        publications: How often the list had been published when it was read.
        issued_at: Never before the list that is served now.
        is_renewal: Nothing has changed since the list that is served now.
    """

    authority_id: str
    number: int
    version: int
    compressed: CompressedList
    changes: tuple[ChangedPlace, ...]
    publications: int
    issued_at: datetime
    is_renewal: bool
    public_url: str
    key: SigningKey


@dataclass(frozen=True, slots=True)
class SignedList:
    """A list in all its forms; each signature was verified.

    Attributes:
        version: The changes that it contains.
        tokens: The signed text of each form.
    """

    version: int
    tokens: Mapping[ListForm, str]


def demand_publication(session: Session, authority_id: str) -> None:
    """Have all lists of an authority signed anew, though no status changed.

    The caller owns the transaction.
    """
    session.execute(
        update(StatusList)
        .where(StatusList.authority_id == authority_id)
        .values(wanted_version=StatusList.wanted_version + 1)
    )


def _due() -> "Select[str, int]":
    return select(StatusList.authority_id, StatusList.number).where(
        StatusList.paused_at.is_(None),
        or_(
            StatusList.published_version < StatusList.wanted_version,
            StatusList.published_at < bindparam("before"),
        ),
    )


_DUE = Prepared(lambda _: _due())
_DUE_OF_ONE = Prepared(
    lambda _: _due().where(StatusList.authority_id == bindparam("authority_id"))
)


def lists_due(
    session: Session, *, now: datetime, authority_id: str | None = None
) -> list[tuple[str, int]]:
    """Return the lists that must be published: changed, or soon to go stale."""
    before = now - RENEWED_EVERY
    if authority_id is None:
        rows = _DUE.all(session, before=before)
    else:
        rows = _DUE_OF_ONE.all(session, before=before, authority_id=authority_id)
    return [(owner, number) for owner, number in rows]


def draft_list(
    session: Session,
    authority_id: str,
    number: int,
    *,
    lists: CompressedLists,
    public_url: str,
    now: datetime,
) -> Draft | None:
    """Read what a list must say now; None if its publication is paused.

    Raises:
        NoActiveKeyError: The authority has no key for status lists.
        ClockBehindError: The list that is served was signed in the future.
    """
    remembered = lists.version_of(authority_id, number)
    row = session.get_one(StatusList, (authority_id, number))
    if row.paused_at is not None:
        return None
    issued_at = _not_before_the_last(row, now)
    key = active_key(session, authority_id, KeyPurpose.STATUS, issued_at)
    if remembered > row.wanted_version:
        # Another database was put in this one's place.
        lists.forget(authority_id, number)
    compressed = lists.find(authority_id, number, row.size)
    changes = _changes_since(session, authority_id, number, compressed.version)
    # A change that was committed after the row was read is contained as well.
    version = max((row.wanted_version, *(change.version for change in changes)))
    return Draft(
        authority_id,
        number,
        version,
        compressed,
        changes,
        row.publications,
        issued_at,
        row.published_version == version,
        public_url,
        signing_key(key, issuer_url(public_url, authority_id)),
    )


def sign_list(draft: Draft, signer: Signer) -> SignedList:
    """Return the signed list in all forms; uses the key and touches no database.

    Raises:
        SignerFaultError: The key made something that its public half does not
            verify, or it is another key than the drafted one.
    """
    if signer.kid != draft.key.kid:
        raise SignerFaultError("another_key")
    version, encoded = draft.compressed.encoded(
        draft.changes, draft.version, thoroughly=draft.is_renewal
    )
    x5c = draft.key.certificates
    tokens = {
        form: bitstring.sign(_credential(draft, form, encoded[form]), signer, x5c)
        for form in (ListForm.REVOCATION, ListForm.SUSPENSION)
    }
    tokens[ListForm.TSL] = tsl.sign(_claims(draft, encoded[ListForm.TSL]), signer, x5c)
    for token in tokens.values():
        _require_good_signature(token, signer)
    return SignedList(version, tokens)


def keep_list(session: Session, draft: Draft, signed: SignedList) -> bool:
    """Serve a signed list from now on, unless a newer one is served already.

    The caller owns the transaction.

    Returns:
        False when the list must be drafted again: one of an older version, but of a
        later instant, was published meanwhile.
    """
    row = session.get_one(
        StatusList,
        (draft.authority_id, draft.number),
        with_for_update=True,
        populate_existing=True,
    )
    if row.paused_at is not None or row.published_version > signed.version:
        return True
    if (
        row.published_version == signed.version
        and row.publications != draft.publications
    ):
        return True  # Another process was faster and said the same.
    if row.published_at is not None and draft.issued_at < row.published_at:
        return False
    row.published_version, row.published_at = signed.version, draft.issued_at
    row.publications += 1
    insert_rows(
        session,
        StatusPublication,
        [
            {
                "authority_id": draft.authority_id,
                "number": draft.number,
                "form": form.value,
                "sequence": row.publications,
                "version": signed.version,
                "issued_at": draft.issued_at,
                "expires_at": draft.issued_at + LIFE,
                "token": token,
            }
            for form, token in signed.tokens.items()
        ],
    )
    return True


def pause_publication(
    session: Session, authority_id: str, *, now: datetime, actor: str = "service"
) -> None:
    """Stop publishing an authority's lists; they go stale by themselves.

    The caller owns the transaction.
    """
    session.execute(
        update(StatusList)
        .where(StatusList.authority_id == authority_id)
        .values(paused_at=now)
    )
    audit.append(
        session,
        authority_id,
        actor=actor,
        action="status_lists.paused",
        subject=f"authority/{authority_id}",
        content={},
        now=now,
    )


def _changes_since(
    session: Session, authority_id: str, number: int, version: int
) -> tuple[ChangedPlace, ...]:
    rows = session.execute(
        select(StatusEntry.status_index, StatusEntry.value, StatusEntry.version).where(
            StatusEntry.authority_id == authority_id,
            StatusEntry.number == number,
            StatusEntry.version > version,
        )
    )
    return tuple(ChangedPlace(*row) for row in rows)


def _not_before_the_last(row: StatusList, now: datetime) -> datetime:
    """Return when the next list is issued: lists never go back in time.

    A clock that lies a little behind still publishes, because a revocation must not
    wait for it; one that was put back does not.
    """
    if row.published_at is None or row.published_at <= now:
        return now
    if row.published_at - now > CLOCK_TOLERANCE:
        raise ClockBehindError(
            f"The clock says {format_instant(now)}, but status list "
            f"{row.authority_id}/{row.number} was signed at "
            f"{format_instant(row.published_at)}."
        )
    return row.published_at


def _claims(draft: Draft, lst: str) -> dict[str, object]:
    return tsl.status_list_token(
        uri=status_uri(draft.public_url, draft.authority_id, draft.number),
        issued_at=draft.issued_at,
        expires_at=draft.issued_at + LIFE,
        ttl_seconds=TTL_SECONDS,
        bits=tsl.BITS,
        lst=lst,
        aggregation_uri=aggregation_uri(draft.public_url, draft.authority_id),
    )


def _credential(draft: Draft, form: ListForm, encoded: str) -> dict[str, object]:
    return bitstring.list_credential(
        uri=bitstring_uri(draft.public_url, draft.authority_id, draft.number, form),
        issuer=issuer_url(draft.public_url, draft.authority_id),
        purpose=form,
        valid_from=draft.issued_at,
        valid_until=draft.issued_at + LIFE,
        ttl_seconds=TTL_SECONDS,
        encoded_list=encoded,
    )


def _require_good_signature(token: str, signer: Signer) -> None:
    message, _, signature = token.encode("ascii").rpartition(b".")
    key = public_key(signer.public_jwk)
    if not jws.is_signature(base64url.decode(signature), message, key):
        raise SignerFaultError("not_verified")
