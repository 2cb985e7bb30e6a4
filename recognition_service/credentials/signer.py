"""The port through which everybody signs; private keys stay behind it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol


class KeyPurpose(StrEnum):
    """What a key may be used for. No key serves two purposes."""

    ATTESTATIONS = "attestations"
    STATUS = "status"
    TABLES = "tables"
    RECEIPTS = "receipts"
    EXCHANGE = "exchange"
    TRUST = "trust"
    SEAL = "seal"
    WALLET = "wallet"


class Signer(Protocol):
    """A private key that signs, wherever it is kept."""

    @property
    def kid(self) -> str:
        """Name of the key in token headers: "{issuer}#{thumbprint}"."""
        ...

    @property
    def alg(self) -> str:
        """The one algorithm of the key: "ES256" or "EdDSA"."""
        ...

    @property
    def public_jwk(self) -> Mapping[str, str]:
        """The public half: `kty`, `crv`, `x` and, for P-256, `y`."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature: 64 bytes, r and s side by side for ES256."""
        ...
