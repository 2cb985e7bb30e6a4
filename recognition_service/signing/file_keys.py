"""Private keys in encrypted files, one file a key: the store that needs nothing.

Files are PKCS#8 PEM, encrypted with the passphrase of the store, named by the RFC
7638 thumbprint of the key, readable by their owner only.
"""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recognition_service.credentials import jwk
from recognition_service.credentials.errors import UnusableKeyError
from recognition_service.credentials.jwk import Algorithm
from recognition_service.credentials.signer import Signer
from recognition_service.signing.errors import KeyStoreError, KeyUnavailableError
from recognition_service.signing.file_signers import (
    FileSigner,
    PrivateKey,
    file_signer,
)
from recognition_service.signing.private_files import (
    PASSPHRASE_FILE,
    make_private_directory,
    own_passphrase,
    read_private,
    write_private,
)

_Opened = tuple[PrivateKey, Mapping[str, str]]


class FileKeyStore:
    """A directory of encrypted private keys."""

    def __init__(self, directory: Path, passphrase: str | None = None) -> None:
        """Use a directory; it is made, with a random passphrase, if there is none.

        Args:
            directory: Where the files lie.
            passphrase: Opens the files; None: `passphrase` in the directory does.

        Raises:
            KeyStoreError: A mode, owner or passphrase is wrong.
        """
        self._directory = directory
        self._opened: dict[str, _Opened] = {}
        self._signers: dict[tuple[str, str], FileSigner] = {}
        self._lock = Lock()
        make_private_directory(directory)
        self._passphrase = (passphrase or own_passphrase(directory)).encode()

    def create(self, algorithm: Algorithm = Algorithm.ES256) -> Mapping[str, str]:
        """Make a key, write its file and return the public JWK."""
        key = _new_key(algorithm)
        public = jwk.public_jwk(key.public_key())
        pem = encrypted_pem(key, self._passphrase)
        write_private(self._path(jwk.thumbprint(public)), pem)
        return public

    def signer(self, thumbprint: str, kid: str) -> Signer:
        """Return the signer of a key; its file is read once."""
        signer = self._signers.get((thumbprint, kid))
        if signer is None:
            with self._lock:
                opened = self._opened.get(thumbprint)
                if opened is None:
                    opened = self._read(self._path(thumbprint))
                    self._opened[thumbprint] = opened
            key, public = opened
            signer = self._signers[thumbprint, kid] = file_signer(key, kid, public)
        return signer

    def check(self) -> None:
        """Open every key once."""
        for path in sorted(self._directory.glob("*.pem")):
            self._read(path)

    def _path(self, thumbprint: str) -> Path:
        return self._directory / f"{thumbprint}.pem"

    def _read(self, path: Path) -> _Opened:
        """Open a file and make sure that it holds the key that it is named after."""
        if not path.exists():
            raise KeyUnavailableError(
                f"The key file {path.name} is missing in {path.parent}; "
                "restore it from the backup."
            )
        key = read_encrypted_key(path, self._passphrase)
        try:
            public = jwk.public_jwk(key.public_key())
        except UnusableKeyError as error:
            raise KeyStoreError(
                f"{path} is no P-256 or Ed25519 key; remove it."
            ) from error
        if jwk.thumbprint(public) != path.stem:
            raise KeyStoreError(
                f"{path} holds another key than its name says; "
                "restore it from the backup."
            )
        return key, public


def encrypted_pem(key: PrivateKey, passphrase: bytes) -> bytes:
    """Return a private key as encrypted PKCS#8 PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )


def read_encrypted_key(path: Path, passphrase: bytes) -> PrivateKey:
    """Open a private key that `encrypted_pem` made.

    Raises:
        KeyStoreError: The mode, the owner, the passphrase or the kind is wrong.
    """
    pem = read_private(path)
    try:
        key = serialization.load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError) as error:
        raise KeyStoreError(
            f"{path} cannot be opened with this passphrase; set "
            f"RECOGNITION_KEYS_PASSPHRASE or mend {PASSPHRASE_FILE}, "
            "or restore the file if it is damaged."
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | Ed25519PrivateKey):
        raise KeyStoreError(f"{path} is no P-256 or Ed25519 key; remove it.")
    return key


def _new_key(algorithm: Algorithm) -> PrivateKey:
    match algorithm:
        case Algorithm.ES256:
            return ec.generate_private_key(ec.SECP256R1())
        case Algorithm.EDDSA:
            return Ed25519PrivateKey.generate()
