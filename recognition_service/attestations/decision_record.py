"""The decision record: what went in, what followed, and one digest over both.

The digest is what an attestation attests. `inputs` holds everything that the
findings were computed from, and a random number, so that nobody can guess a digest
from a person's data; `findings` can be recomputed from `inputs` and the stored
edition at any later time.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from recognition_service.attestations.packing import RECORDS, Packed, pack, unpack
from recognition_service.credentials import base64url
from recognition_service.credentials.canonical import canonical_bytes, digest_of_bytes

ENGINE = "1"
"""Version of the rules that turn inputs into findings."""

_NONCE_BYTES = 16
_CANONICAL = b'{"findings":'


@dataclass(frozen=True)
class DecisionRecord:
    """The inputs and findings of one decision; plain JSON values."""

    inputs: Mapping[str, Any]
    findings: Mapping[str, Any]

    @cached_property
    def text(self) -> bytes:
        """The canonical form.

        Source: RFC 8785.
        """
        return canonical_bytes(self.as_value())

    @cached_property
    def digest(self) -> str:
        """The decision digest: SHA-256 over the canonical form."""
        return digest_of_bytes(self.text)

    @cached_property
    def packed(self) -> Packed:
        """The canonical form as rows keep it."""
        return Packed(pack(self.text, RECORDS))

    @classmethod
    def unpacked(cls, packed: bytes) -> "DecisionRecord":
        """Return the record that a row keeps.

        Where the row keeps the canonical form, which begins with the findings, it is
        not written again.
        """
        text = unpack(packed)
        value = orjson.loads(text)
        record = cls(value["inputs"], value["findings"])
        if text.startswith(_CANONICAL):
            record.__dict__.update(text=text, packed=Packed(packed))
        return record

    def as_value(self) -> dict[str, Any]:
        """Return the record as it is stored."""
        return {"inputs": dict(self.inputs), "findings": dict(self.findings)}


def record_digest(inputs: Mapping[str, Any], findings: Mapping[str, Any]) -> str:
    """Return the digest over inputs and findings."""
    return DecisionRecord(inputs, findings).digest


def new_nonce() -> str:
    """Return 128 random bits, base64url."""
    return base64url.encode_text(secrets.token_bytes(_NONCE_BYTES))
