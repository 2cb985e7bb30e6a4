"""Whether the private halves of the keys in use are there and can be opened."""

from recognition_service.authorities.errors import NoActiveKeyError
from recognition_service.authorities.found import all_authorities
from recognition_service.authorities.keys import active_key
from recognition_service.authorities.models import KeyRecord
from recognition_service.runtime.keys_desk import OWN_PURPOSES
from recognition_service.runtime.runtime import Runtime
from recognition_service.signing.file_keys import FileKeyStore


def require_active_keys(runtime: Runtime) -> int:
    """Open each authority's key for each purpose; return how many there are.

    Raises:
        NoActiveKeyError: An authority has no key for a purpose; says how to make one.
        KeyUnavailableError: A private key is not in the store.
        KeyStoreError: One cannot be opened.
    """
    config = runtime.config
    store = FileKeyStore(config.keys_dir, config.keys_passphrase)
    records = _active_keys(runtime)
    for record in records:
        store.signer(record.thumbprint, record.thumbprint)
    return len(records)


def _active_keys(runtime: Runtime) -> list[KeyRecord]:
    found = []
    with runtime.database.reading() as session:
        for authority in all_authorities(session):
            for purpose in OWN_PURPOSES:
                try:
                    found.append(
                        active_key(session, authority.id, purpose, runtime.now())
                    )
                except NoActiveKeyError as error:
                    raise NoActiveKeyError(
                        f"{error} Run: recognition keys rotate "
                        f"--authority {authority.id} --purpose {purpose}"
                    ) from error
    return found
