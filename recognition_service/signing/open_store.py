"""The key store that the settings name."""

from importlib.util import find_spec

from recognition_service.config import Config
from recognition_service.signing.errors import KeyStoreError
from recognition_service.signing.file_keys import FileKeyStore
from recognition_service.signing.key_store import KeyStore
from recognition_service.signing.private_files import read_private
from recognition_service.signing.token_address import SCHEME, token_address


def open_key_store(config: Config) -> KeyStore:
    """Return the store of an installation.

    Files are opened by `check`. A token is asked when it is needed first: it may come
    later, and verification does without it.

    Raises:
        KeyStoreError: The directory or its passphrase is wrong, `KEYS_URL` cannot be
            read, the PIN is not for its owner only, or the library is not installed.
    """
    if config.keys_url is None:
        return FileKeyStore(config.keys_dir, config.keys_passphrase)
    if not config.keys_url.startswith(SCHEME):
        raise KeyStoreError(
            "KEYS_URL is neither file:///path nor pkcs11:token=...; "
            "keys/README.md tells how to write it."
        )
    address = token_address(config.keys_url)
    read_private(address.pin_file)
    if find_spec("pkcs11") is None:
        raise KeyStoreError(
            "KEYS_URL names a PKCS#11 token, but python-pkcs11 is missing; "
            "run: pip install 'recognition-service[pkcs11]'"
        )
    from recognition_service.signing.pkcs11_keys import (  # noqa: PLC0415  # an extra
        PKCS11KeyStore,
    )

    return PKCS11KeyStore(address)
