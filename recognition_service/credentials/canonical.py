"""The canonical form of JSON and the digests of values.

Source: RFC 8785.
"""

import hashlib
from typing import Any

import rfc8785

from recognition_service.credentials import base64url
from recognition_service.credentials.errors import NotCanonicalizableError


def canonical_bytes(value: Any) -> bytes:
    """Return the canonical JSON text of a value, in UTF-8.

    Raises:
        NotCanonicalizableError: Not JSON, a number outside the doubles' safe range,
            a lone surrogate, or nested too deeply.
    """
    try:
        return rfc8785.dumps(value)
    except RecursionError as error:
        raise NotCanonicalizableError("too_deep") from error
    except ValueError as error:  # The library's errors and UnicodeEncodeError.
        raise NotCanonicalizableError("not_canonicalizable") from error


def digest(value: Any) -> str:
    """Return the digest of a value's canonical form, such as "sha256-47DEQpj8…".

    Raises:
        NotCanonicalizableError: The value has no canonical form.
    """
    return digest_of_bytes(canonical_bytes(value))


def digest_of_bytes(content: bytes) -> str:
    """Return the digest of some bytes: "sha256-" and base64url without padding."""
    return "sha256-" + base64url.encode_text(hashlib.sha256(content).digest())
