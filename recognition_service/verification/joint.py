"""Whether all credentials of a joint award are there, and each of them holds.

One token with two signatures proves no joint award, so each body signs its own, over
the same decision; they count together or not at all.

Source: Verifiable Credentials Data Model v2.0 section 4.6 (a credential has one
issuer).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from recognition_service.credentials.key_binding import holder_key
from recognition_service.verification.checklist import CheckFailedError
from recognition_service.verification.codes import Code
from recognition_service.verification.form import OpenedToken
from recognition_service.verification.report import JointFinding, Verdict
from recognition_service.verification.values import value

MOST_PEERS = 10
_HOLDS = frozenset({Verdict.VALID, Verdict.VALID_WITH_CONDITIONS})


@value
class Share:
    """One credential of a joint award, whose signature is good.

    Attributes:
        required: Ids of all issuers that it says are needed; empty if it is no
            part of a joint award.
        decision_digest: None if it says two different ones.
        holder_key: Thumbprint of the key that it is bound to, None when unbound.
        verdict: What it is worth by itself.
        code: What that rests on.
    """

    issuer_id: str
    required: tuple[str, ...]
    decision_digest: str | None
    holder_key: str | None
    verdict: Verdict
    code: Code


def read_share(
    opened: OpenedToken,
    recognition: Mapping[str, Any],
    judged: tuple[Verdict, Code],
) -> Share:
    """Return what a credential with a good signature says about a joint award."""
    joint = recognition.get("joint", {"required": (), "decisionDigest": None})
    digest = joint["decisionDigest"]
    key = holder_key(opened.claims)
    return Share(
        opened.issuer_id,
        tuple(joint["required"]),
        digest if recognition.get("decisionDigest", digest) == digest else None,
        None if key is None else key.thumbprint,
        *judged,
    )


def find_joint(own: Share, peers: Iterable[Share], *, complete: bool) -> JointFinding:
    """Return whose credentials over this award are there."""
    held = {own.issuer_id} | {
        peer.issuer_id for peer in peers if _is_same_award(own, peer)
    }
    present = tuple(issuer for issuer in own.required if issuer in held)
    return JointFinding(own.required, present, complete)


def check_joint(own: Share, peers: Sequence[Share], names: Mapping[str, str]) -> bool:
    """Check that every required issuer's credential is there and holds.

    Of several credentials of one issuer one that holds is enough. `names` are the
    registered names of issuers by id, as far as they are known.

    Raises:
        CheckFailedError: One is missing, could not be confirmed, is not valid, is
            about another award, or is bound to another holder's key.
    """
    if own.decision_digest is None or own.issuer_id not in own.required:
        told = {"issuer": names.get(own.issuer_id, own.issuer_id)}
        raise CheckFailedError(Code.JOINT_MISMATCH, told)
    missing = []
    failures = []
    for issuer in own.required:
        if issuer == own.issuer_id:
            continue
        name = names.get(issuer, issuer)
        found = [_fault(own, peer, name) for peer in peers if peer.issuer_id == issuer]
        if not found:
            missing.append(name)
        elif None not in found:
            failures += [fault for fault in found if fault is not None]
    if missing:
        raise CheckFailedError(
            Code.JOINT_AWARD_INCOMPLETE,
            {"missing": ", ".join(missing)},
        )
    if failures:
        raise min(failures, key=lambda failure: _ORDER.index(failure.code))
    return True


_ORDER = (
    Code.JOINT_PEER_UNCONFIRMED,
    Code.JOINT_HOLDERS_DIFFER,
    Code.JOINT_PEER_NOT_VALID,
    Code.JOINT_MISMATCH,
)


def _fault(own: Share, peer: Share, name: str) -> CheckFailedError | None:
    told = {"issuer": name}
    if not _is_same_award(own, peer):
        return CheckFailedError(Code.JOINT_MISMATCH, told)
    if peer.verdict not in _HOLDS:
        code = (
            Code.JOINT_PEER_NOT_VALID
            if peer.verdict is Verdict.NOT_VALID
            else Code.JOINT_PEER_UNCONFIRMED
        )
        return CheckFailedError(code, told | {"reason": peer.code.value})
    keys = {own.holder_key, peer.holder_key} - {None}
    if len(keys) > 1:
        return CheckFailedError(Code.JOINT_HOLDERS_DIFFER, told)
    return None


def _is_same_award(own: Share, peer: Share) -> bool:
    return (
        peer.decision_digest == own.decision_digest
        and set(peer.required) == set(own.required)
        and peer.issuer_id in own.required
    )
