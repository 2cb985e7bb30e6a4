"""Making claims disclosable: any claims, any of their members and elements.

Source: RFC 9901 sections 4.1, 4.2 and 6.
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import orjson

from recognition_service.credentials.claim_paths import Path
from recognition_service.credentials.disclosures import (
    DIGESTS,
    ELEMENT,
    HASH_CLAIM,
    HASH_NAME,
    RESERVED_NAMES,
    Concealment,
)
from recognition_service.credentials.errors import MalformedInputError


class Secured(NamedTuple):
    """What an issuer signs, and what the holder gets beside it.

    Attributes:
        payload: The exact bytes to sign.
        disclosures: The text of each, in the order in which they are handed over.
    """

    payload: bytes
    disclosures: tuple[bytes, ...]


def conceal(
    claims: Mapping[str, Any],
    disclosable: Collection[Path],
    *,
    decoys: Mapping[Path, int] | None = None,
    draw: Callable[[int], bytes] = secrets.token_bytes,
) -> Secured:
    """Return the claims with digests in place of those that are disclosable.

    `disclosable` names existing places; one may lie within another. `decoys` tells
    how many digests without a claim are added to an object, by its path.

    Raises:
        MalformedInputError: "reserved_name": a claim is called `_sd`, `...` or
            `_sd_alg`.
    """
    paths, added = frozenset(disclosable), decoys or {}
    making = _Making(paths, added, len(paths) + sum(added.values()), draw)
    payload = making.object(claims, ())
    if making.concealment.texts or added:
        payload[HASH_CLAIM] = HASH_NAME
    return Secured(orjson.dumps(payload), tuple(making.concealment.texts))


class _Making:
    """One concealing."""

    __slots__ = ("_decoys", "_paths", "concealment")

    def __init__(
        self,
        paths: frozenset[Path],
        decoys: Mapping[Path, int],
        salts: int,
        draw: Callable[[int], bytes],
    ) -> None:
        self._paths = paths
        self._decoys = decoys
        self.concealment = Concealment(salts, draw)

    def _value(self, value: Any, path: Path) -> Any:
        if isinstance(value, dict):
            return self.object(value, path)
        if isinstance(value, list):
            return [
                self._element(element, (*path, index))
                for index, element in enumerate(value)
            ]
        return value

    def object(self, value: Mapping[str, Any], path: Path) -> dict[str, Any]:
        """Return an object with what is disclosable within it concealed."""
        shown: dict[str, Any] = {}
        hidden: list[tuple[str, Any]] = []
        for name, member in value.items():
            if name in RESERVED_NAMES:
                raise MalformedInputError(
                    "reserved_name", f"No claim may be called {name!r}."
                )
            place = (*path, name)
            inner = self._value(member, place)
            if place in self._paths:
                hidden.append((name, inner))
            else:
                shown[name] = inner
        size = len(hidden) + self._decoys.get(path, 0)
        if size:
            shown[DIGESTS] = self.concealment.add_sorted(hidden, size)
        return shown

    def _element(self, element: Any, place: Path) -> Any:
        inner = self._value(element, place)
        if place not in self._paths:
            return inner
        (digest,) = self.concealment.add([(inner,)])
        return {ELEMENT: digest}
