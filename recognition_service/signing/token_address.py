"""Where a PKCS#11 token is found, read from its URI.

A PIN does not stand in the URI. RFC 7512 allows it, but an environment is shown by
`ps` and by every report of a crash; `pin-source` names a private file instead.

Source: RFC 7512 sections 2.3, 2.4 and 7.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

from recognition_service.signing.errors import KeyStoreError

SCHEME = "pkcs11:"
_IN_PATH = {"token", "serial", "manufacturer", "model"}
_IN_QUERY = {"module-path", "pin-source"}
_FILE = re.compile(
    r"(?:file:(?://(?:localhost)?(?=/))?)?(?P<path>/(?!/).+)\Z", re.DOTALL
)
_EXAMPLE = (
    "pkcs11:token=recognition?module-path=/usr/lib/softhsm/libsofthsm2.so"
    "&pin-source=file:/etc/recognition/pin"
)


@dataclass(frozen=True, slots=True)
class TokenAddress:
    """A token and the way to it.

    Attributes:
        module: The library of the token's vendor.
        pin_file: Holds the PIN of the user, and nothing else.
        wanted: Which token it is: `token` (its label), `serial`, `manufacturer`,
            `model`.
    """

    module: Path = field(repr=False)
    pin_file: Path = field(repr=False)
    wanted: frozenset[tuple[str, str]]

    def __str__(self) -> str:
        return ";".join(f"{name}={value}" for name, value in sorted(self.wanted))

    def fits(self, *, label: str, serial: bytes, manufacturer: str, model: str) -> bool:
        """Tell whether a token is the one that is meant."""
        found = {
            "token": label,
            "serial": serial.decode(errors="replace").rstrip(" \0"),
            "manufacturer": manufacturer,
            "model": model,
        }
        return all(found[name] == value for name, value in self.wanted)


def token_address(uri: str) -> TokenAddress:
    """Read the URI of a token.

    Raises:
        KeyStoreError: Not such a URI, or one that names an object, holds a PIN, or
            lacks the module or the file of the PIN.
    """
    path, _, query = uri.removeprefix(SCHEME).partition("?")
    wanted = _attributes(path, ";")
    ways = _attributes(query, "&")
    if "pin-value" in ways:
        raise KeyStoreError(
            "KEYS_URL must not hold the PIN itself: write it into a file for its "
            "owner only and name that with pin-source=file:/path."
        )
    unknown = (wanted.keys() - _IN_PATH) | (ways.keys() - _IN_QUERY)
    if unknown or not wanted:
        raise KeyStoreError(
            f"KEYS_URL names a token by {', '.join(sorted(_IN_PATH))} and nothing else"
            f"{_found(unknown)}; write it like {_EXAMPLE}"
        )
    module = Path(ways.get("module-path", ""))
    pin_file = _FILE.match(ways.get("pin-source", ""))
    if not module.is_absolute() or pin_file is None:
        raise KeyStoreError(
            "KEYS_URL needs module-path, the absolute path of the vendor's library, "
            f"and pin-source, a file with the PIN; write it like {_EXAMPLE}"
        )
    return TokenAddress(module, Path(pin_file["path"]), frozenset(wanted.items()))


def _found(unknown: set[str]) -> str:
    return f" (found: {', '.join(sorted(unknown))})" if unknown else ""


def _attributes(text: str, separator: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, text.split(separator)):
        name, is_pair, value = part.partition("=")
        if not is_pair or name in found:
            raise KeyStoreError(
                f"KEYS_URL has {name!r} twice or without a value; "
                f"write it like {_EXAMPLE}"
            )
        try:
            found[name] = unquote_to_bytes(value).decode()
        except UnicodeDecodeError as error:
            raise KeyStoreError(f"KEYS_URL: {name} is not UTF-8.") from error
    return found
