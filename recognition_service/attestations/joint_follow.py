"""What bodies in other installations tell of joint awards: that they signed, or left.

What is told is believed only as far as it can be checked: an attestation counts once
our own verification has found nothing against it but that its lists are not at hand.
The caller owns the transaction everywhere here.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.errors import (
    JointAwardClosedError,
)
from recognition_service.attestations.joint_elsewhere import Farewell
from recognition_service.attestations.joint_issue import open_joint
from recognition_service.attestations.joint_many import release_joints
from recognition_service.attestations.joint_models import OVER, JointPart, JointState
from recognition_service.attestations.joint_parts import (
    Parts,
    lock_groups,
    names_of_bodies,
    own_part,
)
from recognition_service.attestations.joint_status import (
    CANCELLED,
    changes_of_all,
    leave,
    move,
    write_for_all,
)
from recognition_service.attestations.models import Status
from recognition_service.authorities.elsewhere import home_name, is_elsewhere
from recognition_service.authorities.found import modes_of
from recognition_service.authorities.peers import get_peer, peer_trust, wire_name
from recognition_service.exchange.errors import BodyUnfitError, MessageRefusedError
from recognition_service.exchange.receive import Envelope
from recognition_service.verification.codes import Code
from recognition_service.verification.form import open_token
from recognition_service.verification.report import CheckOutcome
from recognition_service.verification.trust import VerificationInputs
from recognition_service.verification.verify import verify

_NOT_AT_HAND = frozenset({Code.STATUS_MISSING, Code.JOINT_AWARD_INCOMPLETE})
_MAY_PASS = frozenset(
    {
        Code.TRUST_STALE,
        Code.ISSUER_UNKNOWN,
        Code.KEY_UNKNOWN,
        Code.ISSUED_IN_FUTURE,
        Code.NOT_YET_VALID,
        Code.MANDATE_MISSING,
    }
)
"""A newer trust list, or a little time, may mend these."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a body elsewhere tells of its attestation.

    Attributes:
        digest: Of the record that it is over.
        attestation: Its id.
        token: It, as a signed W3C credential.
    """

    digest: str
    attestation: UUID
    token: str


def open_proposed(
    session: Session,
    envelope: Envelope,
    record: DecisionRecord,
    *,
    expires_on: date,
    now: datetime,
) -> UUID:
    """Give every body its part in an award that one elsewhere proposes.

    Proposing the same record again changes nothing.

    Args:
        session: A writing session.
        envelope: The message of who proposes it.
        record: What all shall attest, read and found in order.
        expires_on: Last day to complete it.
        now: The instant.

    Raises:
        AuthorityNotFoundError: A body of the award is not known here.
        BodyUnfitError: The sender or the recipient has no part in it.
        JointAwardInvalidError: Another record has this group.
    """
    issuers = [target["issuer"] for target in record.inputs["targets"]]
    sender = envelope.sender
    for body in (sender, envelope.recipient):
        if wire_name(session, body) not in issuers:
            raise BodyUnfitError(f"/record: {body} has no part in it.")
    bodies = set(names_of_bodies(session, [record]).values())
    if len(modes_of(session, bodies)) > 1:
        raise BodyUnfitError("/record: test and live bodies never award together.")
    return open_joint(
        session,
        record,
        expires_on=expires_on,
        by=sender,
        actor=_actor(sender),
        now=now,
    )


def take_signature(
    session: Session, envelope: Envelope, told: Told, *, now: datetime
) -> list[str]:
    """Keep the attestation of a body elsewhere; with the last one, release ours.

    Returns:
        Our bodies whose attestations became valid.

    Raises:
        MessageRefusedError: The award is not known yet.
        JointAwardClosedError: It was withdrawn or cancelled.
        BodyUnfitError: The attestation is not what it is said to be.
    """
    sender, group = envelope.sender, envelope.message.conversation
    parts = _parts(session, envelope, told.digest)
    part = own_part(parts, sender)
    if part.token is not None:
        if part.token != told.token:
            raise BodyUnfitError("/token: another one was told before.")
        return []
    state = JointState(part.state)
    if state in OVER:
        raise JointAwardClosedError(state)
    _require_token(session, part, told, now)
    part.token, part.attestation_elsewhere = told.token, told.attestation
    part.signed_at = part.changed_at = now
    session.flush()
    releases = release_joints(
        session, [group], by=sender, actor=_actor(sender), now=now
    )
    session.expire_all()
    return _ours(parts) if group in releases.complete else []


def take_release(
    session: Session, envelope: Envelope, digest: str, *, now: datetime
) -> None:
    """Keep that the attestation of a body elsewhere is valid now.

    Raises:
        MessageRefusedError: The award is not known yet.
    """
    parts = _parts(session, envelope, digest)
    part = own_part(parts, envelope.sender)
    part.released_at = part.released_at or now


def take_farewell(
    session: Session,
    envelope: Envelope,
    digest: str,
    farewell: Farewell,
    *,
    now: datetime,
) -> list[str]:
    """Let a body elsewhere leave an award, or give it up.

    What is not complete is cancelled, and what was signed of it is revoked; of a
    complete one our attestations are suspended. An award that is over stays as it is.

    Returns:
        Our bodies whose attestations may have changed.

    Raises:
        MessageRefusedError: The award is not known yet.
    """
    sender = envelope.sender
    parts = _parts(session, envelope, digest)
    state = JointState(parts[0].state)
    if state in OVER:
        return []
    actor = _actor(sender)
    if state is JointState.COMPLETE:
        changes = leave(session, parts, sender, actor=actor, now=now)
    else:
        changes = changes_of_all(session, [parts], Status.REVOKED, CANCELLED)
        own_part(parts, sender).refusal = farewell.text
        move(session, parts, JointState.CANCELLED, by=sender, actor=actor, now=now)
    write_for_all(session, changes, by=sender, actor=actor, now=now)
    return _ours(parts)


def _parts(session: Session, envelope: Envelope, digest: str) -> Parts:
    """Return the parts of an award, locked, if the message is about it.

    Raises:
        MessageRefusedError: The award is not known yet.
        BodyUnfitError: It is over another record, or one of both has no part in it.
    """
    group = envelope.message.conversation
    parts = lock_groups(session, [group]).get(group)
    if parts is None:
        raise MessageRefusedError(
            "joint_award_unknown", "It was not proposed yet.", may_retry=True
        )
    if not {envelope.sender, envelope.recipient} <= {
        part.authority_id for part in parts
    }:
        raise BodyUnfitError("One of both has no part in this award.")
    if DecisionRecord(**parts[0].record).digest != digest:
        raise BodyUnfitError("/digest: the award is over another record.")
    return parts


def _require_token(
    session: Session, part: JointPart, told: Told, now: datetime
) -> None:
    """Refuse an attestation that is not the body's own over this award.

    Raises:
        BodyUnfitError: It is not.
        MessageRefusedError: A newer trust list of its installation may tell.
    """
    trust = peer_trust(get_peer(session, home_name(part.authority_id).peer))
    report = verify(told.token, VerificationInputs(trust, {}), at=now, checked_at=now)
    codes = {
        check.code for check in report.checks if check.outcome is CheckOutcome.FAILED
    }
    if codes & _MAY_PASS:
        raise MessageRefusedError(
            "attestation_unproven", "A newer trust list is needed.", may_retry=True
        )
    faults = sorted(code.value for code in codes - _NOT_AT_HAND if code is not None)
    if faults:
        raise BodyUnfitError(f"/token: the attestation is not believed: {faults[0]}.")
    opened = open_token(told.token)
    joint = opened.claims["credentialSubject"]["recognition"].get("joint") or {}
    found = (
        opened.issuer_id,
        opened.claims.get("id"),
        joint.get("group"),
        joint.get("role"),
        joint.get("decisionDigest"),
    )
    wanted = (
        wire_name(session, part.authority_id),
        f"urn:uuid:{told.attestation}",
        str(part.group_id),
        part.role,
        told.digest,
    )
    if found != wanted:
        raise BodyUnfitError("/token: it is not the attestation of this award.")


def _ours(parts: Parts) -> list[str]:
    return [part.authority_id for part in parts if not is_elsewhere(part.authority_id)]


def _actor(sender: str) -> str:
    return f"authority:{sender}"
