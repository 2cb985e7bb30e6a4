"""The signed forms of an attestation: what is signed, kept and handed out.

Every form of one attestation carries the same facts and the same decision digest.
What is kept of a copy is enough to hand out the exact same text for ever.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from recognition_service.attestations.endorse import endorse
from recognition_service.attestations.issuer import Issuer, SigningKey
from recognition_service.attestations.models import Copy, CopyFormat
from recognition_service.attestations.packing import pack, unpack
from recognition_service.attestations.places import credential_status_entries
from recognition_service.credentials import (
    base64url,
    data_integrity,
    jws,
    sd_jwt_vc,
    vc_jwt,
)
from recognition_service.credentials.attestation_claims import AttestationClaims
from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from recognition_service.credentials.attestation_sd_jwt import (
    WalletCopy,
    attestation_sd_jwt,
)
from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.credentials.jwk import Algorithm
from recognition_service.credentials.open_badge import PinnedToken
from recognition_service.credentials.vc_jwt import CopyClaims

_SEPARATOR = b"~"


@dataclass(frozen=True, slots=True)
class Form:
    """One copy that is ready to be signed.

    Attributes:
        header: The encoded header segment; empty in a form without one.
        payload: The exact bytes behind the header, or the document with its proof
            as far as it is known before the signature.
        disclosures: Joined by tildes; None in a form that has none.
    """

    kind: CopyFormat
    header: bytes
    payload: bytes
    disclosures: bytes | None = None

    @property
    def message(self) -> bytes:
        """The bytes that are signed."""
        return message_of(self.kind, self.header, self.payload)


def draft_form(
    kind: CopyFormat,
    claims: AttestationClaims,
    copy: CopyClaims,
    issuer: Issuer,
    *,
    list_number: int,
    holder_jwk: Mapping[str, str] | None = None,
    pinned: Sequence[PinnedToken] = (),
) -> Form:
    """Return one copy of an attestation, unsigned.

    Only endorsements stand beside tokens of other issuers, which they pin.
    """
    header = header_of(kind, issuer.key)
    match kind:
        case CopyFormat.VC_JWT:
            credential = attestation_credential(claims, public_url=issuer.public_url)
            credential["credentialStatus"] = credential_status_entries(
                issuer.public_url, issuer.authority_id, list_number, copy.status_index
            )
            return Form(kind, header, vc_jwt.payload_bytes(credential, copy))
        case CopyFormat.SD_JWT_VC:
            secured = attestation_sd_jwt(
                claims,
                WalletCopy(copy, issuer.country, holder_jwk),
                public_url=issuer.public_url,
            )
            texts = _SEPARATOR.join(secured.disclosures)
            return Form(kind, header, secured.payload, texts)
        case CopyFormat.ENDORSEMENT:
            endorsement = endorse(
                claims, copy, issuer, list_number=list_number, pinned=pinned
            )
            return Form(kind, header, orjson.dumps(endorsement))


def header_of(kind: CopyFormat, key: SigningKey) -> bytes:
    """Return the encoded header that copies signed with a key have."""
    match kind:
        case CopyFormat.VC_JWT:
            return jws.protected_header(
                alg=key.algorithm,
                typ=vc_jwt.TYP,
                cty=vc_jwt.CTY,
                kid=key.kid,
                x5c=key.certificates,
            )
        case CopyFormat.SD_JWT_VC:
            return jws.protected_header(
                alg=key.algorithm,
                typ=sd_jwt_vc.TYP,
                kid=sd_jwt_vc.key_name(key.kid),
                x5c=key.certificates,
            )
        case CopyFormat.ENDORSEMENT:
            return b""


def plain_header(kind: CopyFormat, kid: str) -> bytes:
    """Return the header of a copy of the first version, whose headers hold no chain."""
    thumbprint = kid.rpartition("#")[2]
    return header_of(kind, SigningKey(thumbprint, kid, algorithm_of(kind).value, {}))


def message_of(kind: CopyFormat, header: bytes, payload: bytes) -> bytes:
    """Return the bytes that are signed for a copy.

    Source: RFC 7515 section 5.1; Data Integrity EdDSA Cryptosuites v1.0 section 3.2.4.
    """
    if kind is CopyFormat.ENDORSEMENT:
        document = orjson.loads(payload)
        return data_integrity.signing_input(document, document["proof"])
    return header + b"." + base64url.encode(payload)


def algorithm_of(kind: CopyFormat) -> Algorithm:
    """Return the algorithm of the key that signs a form."""
    if kind is CopyFormat.ENDORSEMENT:
        return Algorithm.EDDSA
    return Algorithm.ES256


def header_digest(header: bytes) -> str:
    """Return the name under which a header is kept."""
    return digest_of_bytes(header)


def stored(form: Form) -> dict[str, bytes | str | None]:
    """Return what is kept of a copy, by the names of its columns."""
    disclosures = form.disclosures
    return {
        "header": header_digest(form.header),
        "payload": pack(form.payload),
        "payload_digest": digest_of_bytes(form.payload),
        "disclosures": None if disclosures is None else zlib.compress(disclosures),
    }


def text_of(copy: Copy, header: bytes) -> str:
    """Return the exact text of an issued copy."""
    kind, payload = CopyFormat(copy.format), unpack(copy.payload)
    signature = copy.signature or b""
    if kind is CopyFormat.ENDORSEMENT:
        document = orjson.loads(payload)
        proof = document.pop("proof")
        secured = data_integrity.with_signature(document, proof, signature)
        return orjson.dumps(secured).decode()
    token = message_of(kind, header, payload) + b"." + base64url.encode(signature)
    if copy.disclosures is None:
        return token.decode("ascii")
    parts = (token, zlib.decompress(copy.disclosures), b"")
    return _SEPARATOR.join(parts).decode("ascii")
