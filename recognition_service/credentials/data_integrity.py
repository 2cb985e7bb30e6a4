"""Signatures inside JSON documents: Data Integrity proofs.

Each proof of a document is checked on its own, and all have to hold. Proofs that
build on others (`previousProof`) are not made and not accepted.

Source: Verifiable Credential Data Integrity 1.0 sections 2.1, 4.2, 4.4 and 4.5; Data
Integrity EdDSA Cryptosuites v1.0 sections 3.2 and 3.3; Data Integrity ECDSA
Cryptosuites v1.0 sections 3.2 and 3.3, for P-256.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime
from enum import StrEnum
from typing import Any

from recognition_service.clock import format_instant, parse_instant
from recognition_service.credentials import jws, multibase
from recognition_service.credentials.canonical import canonical_bytes
from recognition_service.credentials.errors import (
    InvalidProofError,
    MalformedInputError,
    SignerFaultError,
)
from recognition_service.credentials.json_ld import (
    PUBLISHED,
    Contexts,
    canonicalize,
)
from recognition_service.credentials.jwk import Algorithm, PublicKey
from recognition_service.credentials.signer import Signer

PROOF_TYPE = "DataIntegrityProof"
ASSERTION = "assertionMethod"
AUTHENTICATION = "authentication"
MAX_PROOFS = 8
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII
)


class Cryptosuite(StrEnum):
    """How a document becomes the bytes that are signed."""

    EDDSA_RDFC_2022 = "eddsa-rdfc-2022"
    EDDSA_JCS_2022 = "eddsa-jcs-2022"
    ECDSA_RDFC_2019 = "ecdsa-rdfc-2019"
    ECDSA_JCS_2019 = "ecdsa-jcs-2019"


_ALGORITHMS = {
    Cryptosuite.EDDSA_RDFC_2022: Algorithm.EDDSA,
    Cryptosuite.EDDSA_JCS_2022: Algorithm.EDDSA,
    Cryptosuite.ECDSA_RDFC_2019: Algorithm.ES256,
    Cryptosuite.ECDSA_JCS_2019: Algorithm.ES256,
}
_JCS = frozenset({Cryptosuite.EDDSA_JCS_2022, Cryptosuite.ECDSA_JCS_2019})


def add_proof(
    document: Mapping[str, Any],
    *,
    suite: Cryptosuite,
    verification_method: str,
    created: datetime,
    signer: Signer,
    purpose: str = ASSERTION,
    contexts: Contexts = PUBLISHED,
    challenge: str | None = None,
    domain: str | None = None,
    expires: datetime | None = None,
) -> dict[str, Any]:
    """Return a copy of a document with one more proof.

    Args:
        document: What is signed; proofs that it has already are kept and not signed.
        suite: How it is signed.
        verification_method: URL of the key, as verifiers will find it.
        created: When it is signed.
        signer: The private key; its algorithm must be the suite's.
        purpose: What the signature is for.
        contexts: The JSON-LD contexts that the document may use.
        challenge: What a verifier asked to be signed, for presentations.
        domain: Whom the proof is meant for, for presentations.
        expires: When the proof ends; None means never.

    Raises:
        InvalidProofError: The key is of another algorithm ("key_not_of_suite"), or
            the proofs that are there already are malformed.
        MalformedDocumentError: The document cannot be signed without loss.
        NotCanonicalizableError: The document has no canonical JSON form.
        SignerFaultError: The signer did not return a signature.
    """
    if signer.alg != _ALGORITHMS[suite]:
        raise InvalidProofError("key_not_of_suite")
    proof = draft_proof(
        document,
        suite=suite,
        verification_method=verification_method,
        created=created,
        purpose=purpose,
        challenge=challenge,
        domain=domain,
        expires=expires,
    )
    signature = signer.sign(signing_input(document, proof, contexts=contexts))
    if len(signature) != jws.SIGNATURE_BYTES:
        raise SignerFaultError(f"{signer.kid} did not return a raw signature.")
    return with_signature(document, proof, signature)


def draft_proof(
    document: Mapping[str, Any],
    *,
    suite: Cryptosuite,
    verification_method: str,
    created: datetime,
    purpose: str = ASSERTION,
    challenge: str | None = None,
    domain: str | None = None,
    expires: datetime | None = None,
) -> dict[str, Any]:
    """Return a proof without its value, as `add_proof` explains the arguments."""
    proof: dict[str, Any] = {
        "type": PROOF_TYPE,
        "cryptosuite": suite.value,
        "created": format_instant(created),
        "verificationMethod": verification_method,
        "proofPurpose": purpose,
    }
    if expires is not None:
        proof["expires"] = format_instant(expires)
    if challenge is not None:
        proof["challenge"] = challenge
    if domain is not None:
        proof["domain"] = domain
    if suite in _JCS and "@context" in document:
        proof["@context"] = deepcopy(document["@context"])
    return proof


def signing_input(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    *,
    contexts: Contexts = PUBLISHED,
) -> bytes:
    """Return the bytes that are signed for a proof without a value.

    Raises:
        MalformedDocumentError: The document cannot be signed without loss.
        NotCanonicalizableError: The document has no canonical JSON form.
    """
    suite = Cryptosuite(proof["cryptosuite"])
    return _hash_data(_without(document, "proof"), proof, suite, contexts)


def with_signature(
    document: Mapping[str, Any], proof: Mapping[str, Any], signature: bytes
) -> dict[str, Any]:
    """Return a copy of a document with one more proof, now with its value.

    Raises:
        InvalidProofError: The proofs that are there already are malformed.
    """
    earlier = proofs_of(document) if "proof" in document else ()
    complete = {**proof, "proofValue": multibase.encode_base58btc(signature)}
    secured = _without(document, "proof")
    secured["proof"] = [*earlier, complete] if earlier else complete
    return secured


def proofs_of(document: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Return the proofs of a document; at least one.

    Raises:
        InvalidProofError: There is none ("proof_missing"), or something that is not
            a proof, or more than anybody needs ("malformed_proof").
    """
    found = document.get("proof")
    proofs = found if isinstance(found, list) else [found]
    if found is None or not proofs:
        raise InvalidProofError("proof_missing")
    if len(proofs) > MAX_PROOFS or not all(
        isinstance(proof, Mapping) for proof in proofs
    ):
        raise InvalidProofError("malformed_proof")
    return tuple(proofs)


def check_proof(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    key: PublicKey,
    *,
    purpose: str = ASSERTION,
    contexts: Contexts = PUBLISHED,
    now: datetime | None = None,
    challenge: str | None = None,
    domain: str | None = None,
) -> None:
    """Check one proof of a document.

    The caller has found the key, and has made sure that it belongs to the issuer or
    holder and may be used for the purpose.

    Args:
        document: With or without its proofs; they are not part of what is signed.
        proof: The proof, as it stands in the document.
        key: The key that `verificationMethod` names.
        purpose: What the signature must be for.
        contexts: The JSON-LD contexts that the document may use.
        now: Refuses a proof that expired before; None: `expires` is only read.
        challenge: What the proof must answer; None: it is not compared.
        domain: Whom the proof must be meant for; None: it is not compared.

    Raises:
        InvalidProofError: With the `reason`: one of `check_form`, "proof_expired",
            "wrong_purpose", "wrong_challenge", "wrong_domain", "key_not_of_suite",
            "context_not_of_document" or "bad_signature".
        MalformedDocumentError: The document has no canonical form.
        NotCanonicalizableError: The document has no canonical JSON form.
    """
    suite = check_form(proof)
    if proof["proofPurpose"] != purpose:
        raise InvalidProofError("wrong_purpose")
    if now is not None and "expires" in proof and parse_instant(proof["expires"]) < now:
        raise InvalidProofError("proof_expired")
    if challenge is not None and proof.get("challenge") != challenge:
        raise InvalidProofError("wrong_challenge")
    if domain is not None and proof.get("domain") not in (domain, [domain]):
        raise InvalidProofError("wrong_domain")
    if key.algorithm != _ALGORITHMS[suite]:
        raise InvalidProofError("key_not_of_suite")
    unsecured = _without(document, "proof")
    if suite in _JCS and "@context" in proof:
        _check_prefix(document.get("@context"), proof["@context"])
        unsecured["@context"] = proof["@context"]
    signature = _signature(proof["proofValue"])
    options = _without(proof, "proofValue")
    message = _hash_data(unsecured, options, suite, contexts)
    if not jws.is_signature(signature, message, key):
        raise InvalidProofError("bad_signature")


def check_proofs(
    document: Mapping[str, Any],
    key_of: Callable[[str], PublicKey],
    *,
    purpose: str = ASSERTION,
    contexts: Contexts = PUBLISHED,
    now: datetime | None = None,
    challenge: str | None = None,
    domain: str | None = None,
) -> None:
    """Check every proof of a document; one that does not hold spoils all.

    `key_of` returns the key of a verification method, given its URL, and raises
    what it wants for one that is not known or not of the right person.

    Raises:
        InvalidProofError: As in `proofs_of` and `check_proof`.
        MalformedDocumentError: The document has no canonical form.
        NotCanonicalizableError: The document has no canonical JSON form.
    """
    for proof in proofs_of(document):
        check_form(proof)
        check_proof(
            document,
            proof,
            key_of(proof["verificationMethod"]),
            purpose=purpose,
            contexts=contexts,
            now=now,
            challenge=challenge,
            domain=domain,
        )


def check_form(proof: Mapping[str, Any]) -> Cryptosuite:
    """Check what a proof says about itself; return its suite.

    Afterwards `verificationMethod`, `proofPurpose` and `proofValue` are text.

    Raises:
        InvalidProofError: With the `reason`: "proof_type_not_supported",
            "cryptosuite_not_supported", "previous_proof_not_supported",
            "malformed_proof", "malformed_created", "malformed_expires" or
            "malformed_proof_value".
    """
    if proof.get("type") != PROOF_TYPE:
        raise InvalidProofError("proof_type_not_supported")
    if proof.get("cryptosuite") not in list(Cryptosuite):
        raise InvalidProofError("cryptosuite_not_supported")
    if "previousProof" in proof:
        raise InvalidProofError("previous_proof_not_supported")
    for name in ("verificationMethod", "proofPurpose", "proofValue"):
        if not isinstance(proof.get(name), str):
            raise InvalidProofError("malformed_proof")
    for url in (proof["verificationMethod"], proof.get("id", "urn:")):
        if not isinstance(url, str) or ":" not in url:
            raise InvalidProofError("malformed_proof")
    for name in ("created", "expires"):
        if name in proof and not _is_instant(proof[name]):
            raise InvalidProofError(f"malformed_{name}")
    _signature(proof["proofValue"])
    return Cryptosuite(proof["cryptosuite"])


def _is_instant(value: Any) -> bool:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return False
    try:
        parse_instant(value)
    except (OverflowError, ValueError):
        return False
    return True


def _signature(text: str) -> bytes:
    try:
        signature = multibase.decode_base58btc(text)
    except MalformedInputError as error:
        raise InvalidProofError("malformed_proof_value") from error
    if len(signature) != jws.SIGNATURE_BYTES:
        raise InvalidProofError("malformed_proof_value")
    return signature


def _check_prefix(of_document: Any, of_proof: Any) -> None:
    """Check that a document still begins with the contexts that were signed."""
    if of_proof == of_document:
        return
    present = of_document if isinstance(of_document, list) else [of_document]
    signed = of_proof if isinstance(of_proof, list) else [of_proof]
    if present[: len(signed)] != signed:
        raise InvalidProofError("context_not_of_document")


def _hash_data(
    unsecured: Mapping[str, Any],
    options: Mapping[str, Any],
    suite: Cryptosuite,
    contexts: Contexts,
) -> bytes:
    if suite in _JCS:
        canonical_options = canonical_bytes(dict(options))
        canonical_document = canonical_bytes(dict(unsecured))
    else:
        configuration = _without(options, "@context")
        if "@context" in unsecured:
            configuration["@context"] = unsecured["@context"]
        canonical_options = canonicalize(configuration, contexts=contexts)
        canonical_document = canonicalize(unsecured, contexts=contexts)
    return (
        hashlib.sha256(canonical_options).digest()
        + hashlib.sha256(canonical_document).digest()
    )


def _without(members: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in members.items() if key != name}
