"""Private keys in encrypted files, one file a key: the store that needs nothing.

Files are PKCS#8 PEM, encrypted with the passphrase of the store, named by the RFC
7638 thumbprint of the key, readable by their owner only.
"""

import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from recognition_service.credentials import jwk
from recognition_service.credentials.signer import Signer
from recognition_service.signing.errors import KeyStoreError, KeyUnavailableError

PASSPHRASE_FILE = "passphrase"  # noqa: S105  # the name of a file
_SCALAR_BYTES = 32
_ES256 = ec.ECDSA(hashes.SHA256())


class FileSigner:
    """Signs with one P-256 key that was read from its file."""

    alg = "ES256"

    def __init__(self, key: ec.EllipticCurvePrivateKey, kid: str) -> None:
        self._key = key
        self.kid = kid
        self.public_jwk: Mapping[str, str] = jwk.public_jwk(key.public_key())

    def sign(self, message: bytes) -> bytes:
        """Return r and s side by side, 64 bytes."""
        r, s = decode_dss_signature(self._key.sign(message, _ES256))
        return r.to_bytes(_SCALAR_BYTES) + s.to_bytes(_SCALAR_BYTES)


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
        self._opened: dict[str, ec.EllipticCurvePrivateKey] = {}
        self._lock = Lock()
        _make_private_directory(directory)
        self._passphrase = (passphrase or _own_passphrase(directory)).encode()

    def create(self) -> Mapping[str, str]:
        """Make a key, write its file and return the public JWK."""
        key = ec.generate_private_key(ec.SECP256R1())
        public = jwk.public_jwk(key.public_key())
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(self._passphrase),
        )
        _write_private(self._path(jwk.thumbprint(public)), pem)
        return public

    def signer(self, thumbprint: str, kid: str) -> Signer:
        """Return the signer of a key; its file is read once."""
        with self._lock:
            key = self._opened.get(thumbprint)
            if key is None:
                key = self._opened[thumbprint] = self._read(self._path(thumbprint))
        return FileSigner(key, kid)

    def check(self) -> None:
        """Open every key once."""
        for path in sorted(self._directory.glob("*.pem")):
            self._read(path)

    def _path(self, thumbprint: str) -> Path:
        return self._directory / f"{thumbprint}.pem"

    def _read(self, path: Path) -> ec.EllipticCurvePrivateKey:
        if not path.exists():
            raise KeyUnavailableError(
                f"The key file {path.name} is missing in {path.parent}; "
                "restore it from the backup."
            )
        _require_private(path)
        try:
            key = serialization.load_pem_private_key(
                path.read_bytes(), self._passphrase
            )
        except (ValueError, TypeError) as error:
            raise KeyStoreError(
                f"{path} cannot be opened with this passphrase; set "
                f"RECOGNITION_KEYS_PASSPHRASE or mend {PASSPHRASE_FILE}, "
                "or restore the file if it is damaged."
            ) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise KeyStoreError(f"{path} is not a P-256 key; remove it.")
        return key


def _make_private_directory(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise KeyStoreError(
            f"The key directory {directory} cannot be made: {error.strerror}."
        ) from error


def _own_passphrase(directory: Path) -> str:
    path = directory / PASSPHRASE_FILE
    if not path.exists():
        if any(directory.glob("*.pem")):
            raise KeyStoreError(
                f"{path} is missing; set RECOGNITION_KEYS_PASSPHRASE or restore it."
            )
        _write_private(path, secrets.token_urlsafe(32).encode())
    _require_private(path)
    passphrase = path.read_text(encoding="utf-8").strip()
    if not passphrase:
        raise KeyStoreError(f"{path} is empty; restore it from the backup.")
    return passphrase


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _require_private(path: Path) -> None:
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        raise KeyStoreError(f"{path} is a link; put the file itself there.")
    if found.st_mode & 0o077:
        raise KeyStoreError(f"{path} can be read by others; run: chmod 600 {path}")
    if found.st_uid != os.getuid():
        raise KeyStoreError(
            f"{path} belongs to another user; run: chown {os.getuid()} {path}"
        )
