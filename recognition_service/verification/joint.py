"""Whether all credentials of a joint award are there, and each of them holds.

One token with two signatures proves no joint award, so each body signs its own, over
the same decision about the same person; they count together or not at all.

Source: Verifiable Credentials Data Model v2.0 section 4.6 (a credential has one
issuer).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from recognition_service.credentials.key_binding import holder_key
from recognition_service.verification.checklist import CheckFailedError
from recognition_service.verification.codes import Code
from recognition_service.verification.form import OpenedToken
from recognition_service.verification.report import JointFinding, PartFinding, Verdict
from recognition_service.verification.values import value

MOST_PEERS = 10
_HOLDS = frozenset({Verdict.VALID, Verdict.VALID_WITH_CONDITIONS})
_ABSENT = frozenset(
    {Code.JOINT_AWARD_INCOMPLETE, Code.JOINT_MISMATCH, Code.JOINT_SUBJECTS_DIFFER}
)
# Of several faults the one that asking the holder again may mend is told first.
_ORDER = (
    Code.JOINT_AWARD_INCOMPLETE,
    Code.JOINT_PEER_UNCONFIRMED,
    Code.JOINT_HOLDERS_DIFFER,
    Code.JOINT_PEER_NOT_VALID,
    Code.JOINT_SUBJECTS_DIFFER,
    Code.JOINT_MISMATCH,
)


@value
class Share:
    """One credential of a joint award, whose signature is good.

    Attributes:
        group: What all credentials of the award share; None if it is no part of one.
        required: Ids of all issuers that it says are needed; empty if it is no
            part of a joint award.
        decision_digest: None if it says two different ones.
        subject: Digest that stands for the person, None as `group`.
        holder_key: Thumbprint of the key that it is bound to, None when unbound.
        verdict: What it is worth by itself.
        code: What that rests on.
    """

    issuer_id: str
    group: str | None
    required: tuple[str, ...]
    decision_digest: str | None
    subject: str | None
    holder_key: str | None
    verdict: Verdict
    code: Code


def read_share(
    opened: OpenedToken,
    recognition: Mapping[str, Any],
    judged: tuple[Verdict, Code],
) -> Share:
    """Return what a credential with a good signature says about a joint award."""
    joint = recognition.get("joint", {})
    digest = joint.get("decisionDigest")
    key = holder_key(opened.claims)
    return Share(
        opened.issuer_id,
        joint.get("group"),
        tuple(joint.get("required", ())),
        digest if recognition.get("decisionDigest", digest) == digest else None,
        joint.get("subject"),
        None if key is None else key.thumbprint,
        *judged,
    )


def find_parts(
    own: Share, peers: Sequence[Share], names: Mapping[str, str]
) -> tuple[PartFinding, ...]:
    """Return how the part of each required issuer stands.

    Of several credentials of one issuer one that counts is enough. `names` are the
    registered names of issuers by id, as far as they are known.
    """
    return tuple(
        _part(
            own,
            issuer,
            names.get(issuer),
            [own]
            if issuer == own.issuer_id
            else [peer for peer in peers if peer.issuer_id == issuer],
        )
        for issuer in own.required
    )


def find_joint(own: Share, parts: Sequence[PartFinding], *, fits: bool) -> JointFinding:
    """Return whose credentials over this award are there; `fits`: they were checked."""
    present = tuple(part.issuer_id for part in parts if part.code not in _ABSENT)
    complete = fits and all(part.code is None for part in parts)
    return JointFinding(own.group, own.required, present, complete, tuple(parts))


def check_joint(own: Share, parts: Sequence[PartFinding]) -> bool:
    """Check that every required issuer's credential is there and counts.

    What the asked credential is worth by itself is judged by the other checks.

    Raises:
        CheckFailedError: One is missing, could not be confirmed, is not valid, is
            about another award or person, or is bound to another holder's key; or
            the asked one contradicts itself.
    """
    required = set(own.required)
    if (
        own.decision_digest is None
        or own.issuer_id not in required
        or len(required) != len(own.required)
    ):
        name = _name(own.issuer_id, parts)
        raise CheckFailedError(Code.JOINT_MISMATCH, {"issuer": name})
    others = [part for part in parts if part.issuer_id != own.issuer_id]
    missing = [part for part in others if part.code is Code.JOINT_AWARD_INCOMPLETE]
    if missing:
        told = ", ".join(part.name or part.issuer_id for part in missing)
        raise CheckFailedError(Code.JOINT_AWARD_INCOMPLETE, {"missing": told})
    for code in _ORDER:
        for part in others:
            if part.code is code:
                raise CheckFailedError(code, part.params)
    return True


def _part(
    own: Share, issuer: str, name: str | None, shares: Sequence[Share]
) -> PartFinding:
    told = {"issuer": name or issuer}
    faults = [_fault(own, share) for share in shares]
    if not faults:
        missing = {"missing": name or issuer}
        return PartFinding(issuer, name, Code.JOINT_AWARD_INCOMPLETE, missing)
    if None in faults:
        return PartFinding(issuer, name)
    code, reason = min(
        (fault for fault in faults if fault is not None),
        key=lambda fault: _ORDER.index(fault[0]),
    )
    return PartFinding(
        issuer, name, code, told if reason is None else told | {"reason": reason.value}
    )


def _fault(own: Share, share: Share) -> tuple[Code, Code | None] | None:
    """Return why a credential does not count, and what that rests on in turn."""
    if not _is_same_award(own, share):
        return Code.JOINT_MISMATCH, None
    if share.subject != own.subject:
        return Code.JOINT_SUBJECTS_DIFFER, None
    if share.verdict is Verdict.NOT_VALID or share.code is Code.RECOGNITION_REFUSED:
        return Code.JOINT_PEER_NOT_VALID, share.code
    if share.verdict not in _HOLDS:
        return Code.JOINT_PEER_UNCONFIRMED, share.code
    if len({own.holder_key, share.holder_key} - {None}) > 1:
        return Code.JOINT_HOLDERS_DIFFER, None
    return None


def _is_same_award(own: Share, share: Share) -> bool:
    return (
        share.group == own.group
        and share.decision_digest == own.decision_digest
        and set(share.required) == set(own.required)
        and share.issuer_id in own.required
    )


def _name(issuer: str, parts: Iterable[PartFinding]) -> str:
    names = {part.issuer_id: part.name for part in parts}
    return names.get(issuer) or issuer
