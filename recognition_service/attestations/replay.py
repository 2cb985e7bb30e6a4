"""Replay: computing a decision's findings again from what was kept of it.

Uses nothing but the stored inputs and the stored edition that they name, whatever
edition is in force today. It fails visibly when an input, a row or a rule is not
what it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.attestations.copies import signed_digest
from recognition_service.attestations.decision_record import ENGINE, record_digest
from recognition_service.attestations.findings import findings_of
from recognition_service.attestations.joint_record import is_joint, joint_findings
from recognition_service.attestations.models import Attestation
from recognition_service.editions.find import (
    EditionInForce,
    altered_rows,
    compile_edition,
)
from recognition_service.errors import RecognitionError

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a replay differs: a JSON pointer into the record, then and now.

    Attributes:
        pointer: Such as "/findings/outcome", or "/edition/<table>/<row>".
    """

    pointer: str
    recorded: Any
    recomputed: Any


@dataclass(frozen=True, slots=True)
class Replay:
    """The result of a replay."""

    decision_digest: str
    recomputed_digest: str | None
    edition: Mapping[str, Any]
    differences: tuple[Difference, ...]

    @property
    def is_match(self) -> bool:
        """Whether everything came out as it was signed."""
        return not self.differences and self.recomputed_digest == self.decision_digest

    def as_document(self) -> dict[str, Any]:
        """Return the replay as a JSON value."""
        return {
            "match": self.is_match,
            "decision_digest": self.decision_digest,
            "recomputed_digest": self.recomputed_digest,
            "edition": dict(self.edition),
            "differences": [
                {
                    "pointer": difference.pointer,
                    "recorded": difference.recorded,
                    "recomputed": difference.recomputed,
                }
                for difference in self.differences
            ],
        }


def replay(session: Session, attestation: Attestation) -> Replay:
    """Compute the findings of an attestation's decision again.

    The digest to meet is the one that the token carries under its signature.

    Raises:
        EditionNotFoundError: The edition that was used is not stored here.
    """
    inputs = attestation.record["inputs"]
    recorded = attestation.record["findings"]
    attested = signed_digest(session, attestation) or attestation.decision_digest
    edition = inputs["edition"]
    differences = [
        Difference(f"/edition/{place}", "as loaded", "altered")
        for place in altered_rows(session, edition["base"])
    ]
    if edition["overlay"] is not None:
        differences += [
            Difference(f"/overlay/{place}", "as published", "altered")
            for place in altered_rows(
                session, edition["overlay"], attestation.authority_id
            )
        ]
    if inputs["engine"] != ENGINE:
        differences.append(Difference("/inputs/engine", inputs["engine"], ENGINE))
    try:
        recomputed: dict[str, Any] | None = _recomputed(session, inputs)
    except (
        AttributeError,
        KeyError,
        RecognitionError,
        TypeError,
        ValueError,
    ) as error:
        recomputed = None
        differences.append(Difference("/findings", "computed", _reason(error)))
    digest = None
    if recomputed is not None:
        differences.extend(_differences("/findings", recorded, recomputed))
        digest = record_digest(inputs, recomputed)
    if attestation.decision_digest != attested:
        differences.append(
            Difference("/decision_digest", attested, attestation.decision_digest)
        )
    if not differences and digest != attested:
        differences.append(Difference("/decision_digest", attested, digest))
    return Replay(attested, digest, edition, tuple(differences))


def _recomputed(session: Session, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what follows from the inputs: of a joint award nothing else is needed."""
    if is_joint(inputs):
        return joint_findings(inputs)
    edition = inputs["edition"]
    in_force = EditionInForce(edition["base"], edition["overlay"])
    return findings_of(inputs, compile_edition(session, in_force))


def _differences(pointer: str, then: Any, now: Any) -> list[Difference]:
    """Return the innermost places where two JSON values differ."""
    if isinstance(then, dict) and isinstance(now, dict):
        found = []
        for name in sorted({*then, *now}):
            place = f"{pointer}/{name}"
            old, new = then.get(name, _ABSENT), now.get(name, _ABSENT)
            if old is _ABSENT or new is _ABSENT:
                found.append(
                    Difference(
                        place,
                        None if old is _ABSENT else old,
                        None if new is _ABSENT else new,
                    )
                )
            else:
                found.extend(_differences(place, old, new))
        return found
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return [
            difference
            for index, (old, new) in enumerate(zip(then, now, strict=True))
            for difference in _differences(f"{pointer}/{index}", old, new)
        ]
    return [] if then == now else [Difference(pointer, then, now)]


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
