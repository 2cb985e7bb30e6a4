"""What is known of the world when somebody's credential is verified.

Everything is at hand: nothing is ever fetched, and what is not known is not valid.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recognition_service.credentials import multikey
from recognition_service.credentials.errors import InvalidProofError, UnusableKeyError
from recognition_service.credentials.json_ld import Contexts
from recognition_service.credentials.jwk import PublicKey
from recognition_service.verification.data_model.digests import Resources


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key, and who may sign credentials with it.

    Attributes:
        controllers: Every name of the one who controls the key.
        retired_at: What it signed later does not hold; None while it is in use.
    """

    key: PublicKey
    controllers: frozenset[str]
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """What a status list says about one place.

    Attributes:
        issuers: Every name of the one whose list it is.
        is_set: Whether the place has the status that the list is about.
    """

    issuers: frozenset[str]
    is_set: bool


Schema = Callable[[Mapping[str, Any]], str | None]
"""Returns a JSON pointer to what does not fit, None when everything does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Everything that a verification may rely on.

    Attributes:
        key_of: The key of a verification method of an issuer of ours; None for one
            that is not known or may not sign credentials. Keys of the kind `did:key`
            speak for themselves.
        place_in: What a list that we publish says, by its address, the purpose of
            the entry and its place; None for a list that is not ours. Raises
            `MalformedStatusListError` for a place that the list does not have.
        resources: The octets of resources that are held here.
        schemas: The JSON schemas that are held here, by their URL.
    """

    now: datetime
    contexts: Contexts
    key_of: Callable[[str], KnownKey | None]
    place_in: Callable[[str, str, int], ListedPlace | None]
    resources: Resources
    schemas: Mapping[str, Schema]

    def signing_key(self, method: str, controller: str | None) -> KnownKey:
        """Return the key of a verification method.

        Args:
            method: The URL of the method.
            controller: Who must control it; None: anybody.

        Raises:
            InvalidProofError: The key is not known, or somebody else's.
        """
        found = self._found(method)
        if controller is not None and controller not in found.controllers:
            raise InvalidProofError("key_of_somebody_else")
        return found

    def _found(self, method: str) -> KnownKey:
        if not method.startswith(multikey.DID_KEY):
            known = self.key_of(method)
            if known is None:
                raise InvalidProofError("key_unknown")
            return known
        try:
            key = multikey.resolve(method)
        except UnusableKeyError as error:
            raise InvalidProofError("key_unknown") from error
        return KnownKey(key, frozenset({multikey.controller_of(method)}))
