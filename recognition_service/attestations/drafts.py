"""What is to be attested, and what will be said of it.

Nothing is written here; `reserve` gives numbers and places.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from recognition_service.attestations.claims import claims_of
from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.issuer import Issuer
from recognition_service.attestations.models import Attestation, CopyFormat
from recognition_service.authorities.mandates import require_mandate
from recognition_service.credentials.attestation_claims import AttestationClaims
from recognition_service.credentials.attestation_credential import EQF_LEVEL


@dataclass(frozen=True, slots=True)
class NewCopy:
    """A signed form that is wanted.

    Attributes:
        holder_jwk: Public key of the wallet that the copy is bound to, or None.
        expires_at: When a fresh copy should be fetched; None: never.
    """

    format: CopyFormat
    holder_jwk: Mapping[str, str] | None = None
    expires_at: datetime | None = None


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


@dataclass(slots=True)
class Draft:
    """One attestation on its way.

    Attributes:
        given_up: The row of an earlier try, all copies of which were given up, or
            of an attestation that gets a further copy.
        row: Its row, by column, once it was given a number.
        copies: The rows of its copies, by column.
    """

    new: NewAttestation
    claims: AttestationClaims
    given_up: Attestation | None
    id: UUID
    number: str = ""
    row: dict[str, Any] = field(default_factory=dict)
    copies: list[dict[str, Any]] = field(default_factory=list)


def claim(
    issuer: Issuer, new: NewAttestation, attestation_id: UUID
) -> AttestationClaims:
    """Return what will be said, under the mandate that covers it.

    What will be said decides which mandate is needed.
    """
    claims = claims_of(
        new.record,
        attestation_id=attestation_id,
        number=None,
        decision_id=new.decision_id,
        issuer_id=issuer.url,
        issuer_name=issuer.name,
        mandate=issuer.url,
        time_zone=issuer.time_zone,
    )
    mandate = require_mandate(issuer.mandates, _scope(claims), claims.validity_from)
    return replace(claims, mandate=mandate.href)


def _scope(claims: AttestationClaims) -> dict[str, Any]:
    """Return what mandates are about, spelled as in the credential."""
    target = claims.target
    return {
        "decisionKind": claims.decision_kind,
        "validInJurisdiction": claims.jurisdictions,
        "target": {
            "framework": target.framework,
            "level": target.level,
            "EQFLevel": EQF_LEVEL + target.eqf if target.eqf else "",
            "profession": target.profession,
            "field": target.isced_field,
        },
    }
