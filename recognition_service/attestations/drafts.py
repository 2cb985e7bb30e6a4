"""What is to be attested, and what will be said of it.

Nothing is written here; `reserve` gives numbers and places.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from recognition_service.attestations.claims import claims_of
from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.issuer import Issuer
from recognition_service.attestations.joint_record import decision_in
from recognition_service.attestations.models import Attestation, CopyFormat
from recognition_service.authorities.mandates import require_mandate
from recognition_service.credentials.attestation_claims import AttestationClaims
from recognition_service.credentials.attestation_credential import EQF_LEVEL
from recognition_service.credentials.open_badge import PinnedToken


@dataclass(frozen=True, slots=True)
class NewCopy:
    """A signed form that is wanted.

    Attributes:
        holder_jwk: Public key of the wallet that the copy is bound to, or None.
        expires_at: When a fresh copy should be fetched; None: never.
        pinned: Tokens of other issuers that an endorsement stands beside.
    """

    format: CopyFormat
    holder_jwk: Mapping[str, str] | None = None
    expires_at: datetime | None = None
    pinned: tuple[PinnedToken, ...] = ()


COMMON_COPIES = (NewCopy(CopyFormat.VC_JWT), NewCopy(CopyFormat.SD_JWT_VC))
"""What every attestation of a case is issued as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAttestation:
    """What is to be attested.

    Attributes:
        supersedes: An older attestation that this one will replace, or None.
        prepared_by: Who prepared the decision in a case system of the body's own;
            None where the case is kept here.
    """

    decision_id: UUID
    request_id: UUID | None
    record: DecisionRecord
    supersedes: UUID | None = None
    prepared_by: str | None = None
    copies: tuple[NewCopy, ...] = COMMON_COPIES

    def decision(self, issuer: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Return inputs and findings of what a body decided.

        Of a joint award they are those of its own award; `issuer` is the body's URL.
        """
        return decision_in(self.record.inputs, self.record.findings, issuer)


@dataclass(slots=True)
class Draft:
    """One attestation on its way.

    Attributes:
        mandate: Address of the mandate that covers it.
        given_up: The row of an earlier try, all copies of which were given up, or
            of an attestation that gets a further copy.
        row: Its row, by column, once it was given a number.
        copies: The rows of its copies, by column.
    """

    new: NewAttestation
    mandate: str
    given_up: Attestation | None
    id: UUID
    number: str = ""
    row: dict[str, Any] = field(default_factory=dict)
    copies: list[dict[str, Any]] = field(default_factory=list)


def covering_mandate(issuer: Issuer, new: NewAttestation) -> str:
    """Return the address of the mandate that covers what will be said.

    Raises:
        MandateMissingError: None does.
    """
    inputs, findings = new.decision(issuer.url)
    target = findings["target"]
    scope = {
        "decisionKind": inputs["decision_kind"],
        "validInJurisdiction": target["jurisdiction"],
        "target": {
            "framework": target["framework"],
            "level": target["level"],
            "EQFLevel": EQF_LEVEL + target["eqf"] if target["eqf"] else "",
            "profession": target["profession"],
        },
    }
    first = date.fromisoformat(findings["validity"]["from"])
    return require_mandate(issuer.mandates, scope, first).href


def claim(issuer: Issuer, draft: Draft) -> AttestationClaims:
    """Return what an attestation will say."""
    return claims_of(
        draft.new.record,
        attestation_id=draft.id,
        number=draft.number,
        decision_id=draft.new.decision_id,
        issuer_id=issuer.url,
        issuer_name=issuer.name,
        mandate=draft.mandate,
        time_zone=issuer.time_zone,
    )
