"""Whether the private halves of the keys in use are there and can be opened."""

from dataclasses import dataclass
from datetime import datetime

from recognition_service.authorities.errors import NoActiveKeyError
from recognition_service.authorities.found import all_authorities
from recognition_service.authorities.key_life import living, signing
from recognition_service.authorities.keys import all_keys
from recognition_service.authorities.models import KeyRecord
from recognition_service.authorities.operator_keys import operator_keys
from recognition_service.clock import format_instant
from recognition_service.config import Config
from recognition_service.credentials.jwk import Algorithm
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.runtime.keys_desk import OWN_PURPOSES
from recognition_service.runtime.runtime import Runtime
from recognition_service.signing.open_store import open_key_store

_Line = tuple[str, str]
_REQUIRED = tuple((purpose.value, Algorithm.ES256.value) for purpose in OWN_PURPOSES)


@dataclass(frozen=True, slots=True)
class KeysAtHand:
    """What was found when the keys were opened.

    Attributes:
        in_use: How many sign now.
        announced: How many are published and will sign later.
        unrecorded: Thumbprints of private keys that no record names. Something was
            interrupted between making a key and recording it; such a key never signs.
    """

    in_use: int
    announced: int
    unrecorded: tuple[str, ...]

    def __str__(self) -> str:
        """Return a sentence for people."""
        text = f"{self.in_use} in use, all can be opened"
        if self.announced:
            text += f"; {self.announced} announced"
        if self.unrecorded:
            names = ", ".join(self.unrecorded)
            text += (
                f"; {len(self.unrecorded)} in the store that no authority has and that "
                f"never signs, as an interrupted rotation leaves it: {names}"
            )
        return text


def require_active_keys(runtime: Runtime) -> KeysAtHand:
    """Open the keys that sign now or will sign, of each authority.

    Raises:
        NoActiveKeyError: An authority has no key for a purpose; says how to make one.
        KeyUnavailableError: A private key is not in the store.
        KeyStoreError: One cannot be opened.
    """
    store, now = open_key_store(runtime.config), runtime.now()
    with runtime.database.reading() as session:
        known = {key.thumbprint for key in operator_keys(session)}
        records = {
            authority.id: all_keys(session, authority.id)
            for authority in all_authorities(session)
        }
    in_use = announced = 0
    for authority_id, keys in records.items():
        known |= {key.thumbprint for key in keys}
        for line in _lines(keys):
            members = [key for key in keys if (key.purpose, key.algorithm) == line]
            if signing(members, now) is None:
                raise _no_key(authority_id, line, members, now)
            needed = living(members, now)
            for key in needed:
                store.signer(key.thumbprint, key.thumbprint)
            in_use, announced = in_use + 1, announced + len(needed) - 1
    return KeysAtHand(in_use, announced, _unrecorded(runtime.config, known))


def _lines(keys: list[KeyRecord]) -> list[_Line]:
    """Return what an authority needs keys for: the usual, and what it ever had."""
    return list(
        dict.fromkeys([*_REQUIRED, *((key.purpose, key.algorithm) for key in keys)])
    )


def _no_key(
    authority_id: str, line: _Line, members: list[KeyRecord], now: datetime
) -> NoActiveKeyError:
    purpose, algorithm = line
    kind = "" if algorithm == Algorithm.ES256 else f"{algorithm} "
    option = "" if algorithm == Algorithm.ES256 else f" --algorithm {algorithm}"
    text = f"{authority_id} has no {kind}key for {purpose} that may sign now."
    for key in living(members, now):
        text += f" The next one signs from {format_instant(key.active_from)}; sooner:"
        break
    return NoActiveKeyError(
        f"{text} Run: recognition keys rotate --authority {authority_id} "
        f"--purpose {KeyPurpose(purpose)}{option}"
    )


def _unrecorded(config: Config, known: set[str]) -> tuple[str, ...]:
    """Return what lies in the directory of keys though nobody knows it.

    A token cannot be asked for all its keys; it may hold those of others.
    """
    if config.keys_url is not None:
        return ()
    found = {path.stem for path in config.keys_dir.glob("*.pem")}
    return tuple(sorted(found - known))
