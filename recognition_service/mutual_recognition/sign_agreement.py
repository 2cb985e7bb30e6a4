"""Signing an agreement, each party with its own key over the same digest; leaving it.

With the last signature the agreement becomes rows of the tables of its parties. Like
issuing, signing is done in three steps: what to sign is read, signed without a
transaction, and recorded unless the text has changed meanwhile.

Source: RFC 7515 (a signature of each party's own); two signatures on one token would
prove no agreement of two.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.authorities.found import legal_day, read_authority
from recognition_service.authorities.keys import active_key
from recognition_service.authorities.trust import issuer_url, key_id
from recognition_service.clock import format_instant, parse_day
from recognition_service.credentials import jws
from recognition_service.credentials.signer import KeyPurpose, Signer
from recognition_service.editions.overlay import (
    Publication,
    RowChange,
    publish_overlay,
)
from recognition_service.frameworks.schema import TableSchema
from recognition_service.mutual_recognition.agreement import (
    AgreementAct,
    AgreementState,
    agreement_url,
    get_agreement,
    leading_url,
    lock_agreement,
    note_act,
    parties_of,
    require_act,
    signed_on,
)
from recognition_service.mutual_recognition.agreement_content import Party
from recognition_service.mutual_recognition.agreement_rows import (
    ended_rows,
    signed_rows,
)
from recognition_service.mutual_recognition.agreement_signature import (
    SIGNATURE_TYPE,
    require_signature,
)
from recognition_service.mutual_recognition.errors import AgreementStateError
from recognition_service.mutual_recognition.models import NegotiatedAgreement
from recognition_service.mutual_recognition.proposals import (
    CONCLUDED,
    SIGNED,
    tell_act,
)
from recognition_service.mutual_recognition.sides import VersionCheck, any_version
from recognition_service.mutual_recognition.tell_parties import tell_parties


@dataclass(frozen=True, slots=True)
class SignatureIntent:
    """What a party is about to sign.

    Attributes:
        thumbprint: Names the key in the key store.
        kid: Names the key in the world.
        claims: What the signature says.
    """

    agreement_id: UUID
    thumbprint: str
    kid: str
    claims: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Publisher:
    """What publishing needs to know of the installation.

    Attributes:
        schema: What the columns of the tables may hold.
    """

    public_url: str
    schema: Mapping[str, TableSchema]


def prepare_signature(
    session: Session,
    caller: Caller,
    agreement_id: UUID,
    *,
    public_url: str,
    check: VersionCheck = any_version,
    now: datetime,
) -> SignatureIntent:
    """Return what the caller's authority signs: the digest of the text as it is now.

    Raises:
        AgreementNotFoundError: The authority is party to no such agreement.
        AgreementStateError: It cannot be signed, or was signed by this party.
        NoActiveKeyError: The authority has no key for agreements.
    """
    row = get_agreement(session, caller.authority_id, agreement_id)
    require_act(row, AgreementAct.SIGN)
    check(row.version)
    key = active_key(session, caller.authority_id, KeyPurpose.EXCHANGE, now)
    issuer = issuer_url(public_url, caller.authority_id)
    claims = {
        "iss": issuer,
        "iat": int(now.timestamp()),
        "agreement": agreement_url(leading_url(session, row, public_url), agreement_id),
        "revision": row.revision,
        "digest": row.digest,
    }
    return SignatureIntent(
        agreement_id, key.thumbprint, key_id(issuer, key.thumbprint), claims
    )


def sign_agreement(intent: SignatureIntent, signer: Signer) -> str:
    """Return the signed token; uses the key and touches no database.

    Raises:
        SignerFaultError: The signer returned no signature.
    """
    header = jws.protected_header(alg=signer.alg, typ=SIGNATURE_TYPE, kid=intent.kid)
    return jws.sign(header, json.dumps(intent.claims).encode(), signer)


def record_signature(
    session: Session,
    caller: Caller,
    intent: SignatureIntent,
    token: str,
    *,
    publisher: Publisher,
    now: datetime,
) -> NegotiatedAgreement:
    """Keep a party's signature; with the last one the agreement is published.

    The caller owns the transaction.

    Raises:
        AgreementStateError: The text changed while it was signed.
        TablesFailedError: Its rows break a rule of the tables.
    """
    rows = lock_agreement(session, caller.authority_id, intent.agreement_id)
    own = rows[0]
    require_act(own, AgreementAct.SIGN)
    if caller.message is not None:
        require_signature(session, own, caller.authority_id, token, now=now)
    elif own.digest != intent.claims["digest"]:
        raise AgreementStateError(own.state, AgreementAct.SIGN, (AgreementAct.REVISE,))
    signature = {"token": token, "signed_at": format_instant(now)}
    for row in rows:
        row.signatures = {**row.signatures, caller.authority_id: signature}
    note_act(session, rows, SIGNED, by=caller.authority_id, actor=caller.actor, now=now)
    tell_act(session, own, SIGNED, caller, now=now)
    if all(party.authority in own.signatures for party in parties_of(own)):
        _conclude(session, rows, caller, publisher, now)
        tell_act(session, own, CONCLUDED, caller, now=now)
    tell_parties(session, rows, caller, now=now)
    return own


def withdraw_from_agreement(
    session: Session,
    caller: Caller,
    agreement_id: UUID,
    *,
    publisher: Publisher,
    check: VersionCheck = any_version,
    now: datetime,
) -> NegotiatedAgreement:
    """Leave a signed agreement: from this instant nothing new rests on it.

    The caller owns the transaction. What was attested under it stays valid.

    Raises:
        AgreementNotFoundError: The authority is party to no such agreement.
        AgreementStateError: It is not signed, or has ended.
    """
    rows = lock_agreement(session, caller.authority_id, agreement_id)
    own = rows[0]
    require_act(own, AgreementAct.WITHDRAW)
    check(own.version)
    ended_on = _today(session, caller.authority_id, now)
    for row in rows:
        row.state, row.ended_on = AgreementState.WITHDRAWN, ended_on
        row.withdrawn_by = caller.authority_id
    note_act(
        session, rows, "withdrawn", by=caller.authority_id, actor=caller.actor, now=now
    )
    leaving = next(
        party for party in parties_of(own) if party.authority == caller.authority_id
    )
    publish_ended(session, rows, leaving, caller, publisher, now=now)
    tell_parties(session, rows, caller, now=now)
    return own


def publish_ended(
    session: Session,
    rows: Sequence[NegotiatedAgreement],
    leaving: Party,
    caller: Caller,
    publisher: Publisher,
    *,
    now: datetime,
) -> None:
    """Publish that an agreement has ended, for its parties here.

    The caller owns the transaction.
    """
    own = rows[0]
    ended_on = own.ended_on or now.date()
    changes = ended_rows(
        own.id,
        own.content,
        leaving,
        signed_on=signed_on(own),
        in_force_from=own.in_force_from or ended_on,
        ended_on=ended_on,
    )
    told = f"{leaving.name} left the agreement “{own.content['name']}”."
    _publish(session, rows, changes, told, caller=caller, publisher=publisher, now=now)


def _conclude(
    session: Session,
    rows: Sequence[NegotiatedAgreement],
    caller: Caller,
    publisher: Publisher,
    now: datetime,
) -> None:
    own, today = rows[0], _today(session, caller.authority_id, now)
    first = max(parse_day(own.content["in_force_from"]) or today, today)
    for row in rows:
        row.state, row.in_force_from = AgreementState.SIGNED, first
    publish_signed(session, rows, caller, publisher, now=now)


def publish_signed(
    session: Session,
    rows: Sequence[NegotiatedAgreement],
    caller: Caller,
    publisher: Publisher,
    *,
    now: datetime,
) -> None:
    """Publish the rows of a signed agreement, for its parties here.

    The caller owns the transaction.
    """
    own = rows[0]
    url = leading_url(session, own, publisher.public_url)
    changes = signed_rows(
        own.id,
        own.content,
        parties_of(own),
        url=agreement_url(url, own.id),
        signed_on=signed_on(own),
        in_force_from=own.in_force_from or signed_on(own),
    )
    told = f"The agreement “{own.content['name']}” was signed by all parties."
    _publish(session, rows, changes, told, caller=caller, publisher=publisher, now=now)


def _publish(
    session: Session,
    rows: Sequence[NegotiatedAgreement],
    changes: Sequence[RowChange],
    told: str,
    *,
    caller: Caller,
    publisher: Publisher,
    now: datetime,
) -> None:
    """Make rows part of the tables of every party."""
    new = Publication(changes=changes, title=rows[0].content["name"], told=[told])
    for row in sorted(rows, key=lambda each: each.authority_id):
        if is_elsewhere(row.authority_id):
            continue
        by_own = row.authority_id == caller.authority_id
        publish_overlay(
            session,
            row.authority_id,
            new,
            schema=publisher.schema,
            actor=caller.actor if by_own else f"authority:{caller.authority_id}",
            now=now,
        )


def _today(session: Session, authority_id: str, now: datetime) -> date:
    return legal_day(read_authority(session, authority_id), now)
