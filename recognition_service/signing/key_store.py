"""The port behind which private keys are kept, whatever keeps them."""

from collections.abc import Mapping
from typing import Protocol

from recognition_service.credentials.jwk import Algorithm
from recognition_service.credentials.signer import Signer


class KeyStore(Protocol):
    """Makes keys and signs with them; a private key never leaves it.

    A cloud key service implements these three methods and nothing else.
    """

    def create(self, algorithm: Algorithm = Algorithm.ES256) -> Mapping[str, str]:
        """Make a key and return its public JWK.

        Raises:
            KeyStoreError: The store cannot keep another key, or none of this kind.
            KeyStoreUnavailableError: The store does not answer now.
        """
        ...

    def signer(self, thumbprint: str, kid: str) -> Signer:
        """Return the signer of a key, named by its RFC 7638 thumbprint.

        Args:
            thumbprint: Of the public key, base64url.
            kid: The name that the key bears in token headers.

        Raises:
            KeyUnavailableError: The store has no such key.
            KeyStoreError: The key cannot be opened.
            KeyStoreUnavailableError: The store does not answer now.
        """
        ...

    def check(self) -> None:
        """Make sure that every key could be opened.

        Raises:
            KeyStoreError: One cannot; the message says how to mend it.
            KeyStoreUnavailableError: The store does not answer now.
        """
        ...
