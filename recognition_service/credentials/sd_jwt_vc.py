"""Credentials as SD-JWT: `dc+sd-jwt`, the form that wallets keep.

The text is a draft; `DRAFT` names the one that this room follows, and what the next
one changes is changed here. The header names the key as the issuer's key set does,
by its thumbprint, so that `kid` finds it there.

Source: SD-JWT VC draft-25 sections 2.2 (header, claims), 2.4 (verification) and 4.2
(`kid`), numbered as in the editors' copy of 2026-08-21; RFC 9901.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from recognition_service.credentials import base64url, jws, sd_jwt, strict_json
from recognition_service.credentials.claim_paths import Path
from recognition_service.credentials.concealment import Secured, conceal
from recognition_service.credentials.errors import (
    MalformedInputError,
    MalformedJSONError,
    MalformedTokenError,
)
from recognition_service.credentials.jws import CompactJWS
from recognition_service.credentials.sd_jwt import SDJWT
from recognition_service.credentials.signer import Signer

DRAFT = "draft-ietf-oauth-sd-jwt-vc-25"
TYP = "dc+sd-jwt"
MAX_TOKEN_BYTES = sd_jwt.MAX_BYTES
NEVER_DISCLOSABLE = frozenset(
    {"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status"}
)


class DecodedSDJWTVC(NamedTuple):
    """A token taken apart. Nothing is verified yet.

    Attributes:
        jws: What the issuer signed.
        payload: The processed claims: disclosed ones in place, no digests.
        presentation: The parts as presented; `kb_jwt` is the holder's proof or None.
        places: Where each disclosed claim stands, and its disclosure.
    """

    jws: CompactJWS
    payload: Mapping[str, Any]
    presentation: SDJWT
    places: Mapping[Path, bytes]

    @property
    def disclosures(self) -> int:
        """The number of disclosed claims."""
        return len(self.presentation.disclosures)

    @property
    def kb(self) -> bytes | None:
        """The holder's proof, None without one."""
        return self.presentation.kb_jwt


def secure(
    claims: Mapping[str, Any],
    disclosable: Collection[Path],
    *,
    decoys: Mapping[Path, int] | None = None,
) -> Secured:
    """Return the payload and disclosures of any credential of this format.

    Raises:
        MalformedInputError: "vct_missing"; "never_disclosable": a claim that decides
            over validity, or one within it, is among the disclosable; else as
            `conceal`.
    """
    vct = claims.get("vct")
    if not isinstance(vct, str) or not vct:
        raise MalformedInputError(
            "vct_missing", "The claim vct, the type of the credential, is missing."
        )
    for path in disclosable:
        if path[0] in NEVER_DISCLOSABLE:
            raise MalformedInputError(
                "never_disclosable",
                f"The claim {path[0]} may not be made disclosable.",
            )
    return conceal(claims, disclosable, decoys=decoys)


def encode(secured: Secured, signer: Signer, *, x5c: tuple[str, ...] = ()) -> str:
    """Return the signed token with all its disclosures.

    `x5c` is the certificate chain of the key, each in base64 DER, the key's first.

    Raises:
        SignerFaultError: The signer did not return a signature.
    """
    header = jws.protected_header(
        alg=signer.alg, typ=TYP, kid=key_name(signer.kid), x5c=x5c
    )
    token = jws.sign(header, secured.payload, signer).encode("ascii")
    return b"~".join((token, *secured.disclosures, b"")).decode("ascii")


def rebuild(header: bytes, payload: bytes, signature: bytes, *rest: bytes) -> bytes:
    """Return the exact token from what is stored of it.

    `header` is the encoded segment; `rest` are the disclosures.
    """
    parts = (header, base64url.encode(payload), base64url.encode(signature))
    return b"~".join((b".".join(parts), *rest, b""))


def key_name(kid: str) -> str:
    """Return the `kid` of a header: the thumbprint in the name of our keys."""
    return kid.rpartition("#")[2]


def decode(presented: bytes | str) -> DecodedSDJWTVC:
    """Take a token apart, with or without the holder's proof.

    White space around it is ignored, as it comes with files and copied text.

    Raises:
        MalformedTokenError: With the `reason`: "wrong_type" for another `typ`, a
            fault of the token, of the JSON inside, of the disclosures (as
            `sd_jwt.split` and `sd_jwt.resolve`), "never_disclosable" if one holds a
            claim that must not be disclosed, "vct_missing".
    """
    presentation = sd_jwt.split(_raw(presented))
    parts = jws.split(presentation.issuer_jwt)
    if parts.header.get("typ") != TYP:
        raise MalformedTokenError("wrong_type")
    try:
        payload = strict_json.parse_object(parts.payload, max_bytes=MAX_TOKEN_BYTES)
    except MalformedJSONError as error:
        raise MalformedTokenError(error.reason) from error
    resolved = sd_jwt.resolve(payload, presentation.disclosures)
    if not NEVER_DISCLOSABLE.isdisjoint([path[0] for path in resolved.places]):
        raise MalformedTokenError("never_disclosable")
    vct = resolved.claims.get("vct")
    if not isinstance(vct, str) or not vct:
        raise MalformedTokenError("vct_missing")
    return DecodedSDJWTVC(parts, resolved.claims, presentation, resolved.places)


def _raw(presented: bytes | str) -> bytes:
    if len(presented) > MAX_TOKEN_BYTES:
        raise MalformedTokenError("too_large")
    try:
        raw = presented.encode("ascii") if isinstance(presented, str) else presented
    except UnicodeEncodeError as error:
        raise MalformedTokenError("malformed_token") from error
    return raw.strip(b" \t\r\n")
