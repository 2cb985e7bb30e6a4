"""Signatures over webhooks, by which a receiver knows who has sent them.

Source: Standard Webhooks (github.com/standard-webhooks/standard-webhooks,
spec/standard-webhooks.md at b2fa7b8), "Signature scheme" and "Webhook headers".
"""

import hmac
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable

from recognition_service.credentials.errors import WebhookSecretError

PREFIX = "whsec_"
FEWEST_BYTES, MOST_BYTES = 24, 64
_VERSION = "v1"


def write_secret(raw: bytes) -> str:
    """Return a secret as it is shown: "whsec_" and base64.

    Raises:
        WebhookSecretError: Not 24 to 64 bytes.
    """
    if not FEWEST_BYTES <= len(raw) <= MOST_BYTES:
        raise WebhookSecretError("A secret of webhooks has 24 to 64 bytes.")
    return PREFIX + b64encode(raw).decode()


def read_secret(secret: str) -> bytes:
    """Return the bytes of a secret that `write_secret` has written.

    Raises:
        WebhookSecretError: It is none.
    """
    try:
        raw = b64decode(secret.removeprefix(PREFIX), validate=True)
    except (Error, ValueError) as error:
        raise WebhookSecretError("The secret is no base64.") from error
    if write_secret(raw) != secret:
        raise WebhookSecretError(f"A secret of webhooks begins with {PREFIX}.")
    return raw


def headers(
    secrets: Iterable[str], event_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """Return the headers of a delivery, signed with each secret.

    Args:
        secrets: The present one, and while it is being replaced the one before.
        event_id: The same for every attempt; without a full stop.
        timestamp: Of this attempt, in seconds since 1970.
        body: The bytes exactly as they are sent.

    Raises:
        WebhookSecretError: One of the secrets is none.
    """
    signatures = (signature(each, event_id, timestamp, body) for each in secrets)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def signature(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """Return one signature with its version: "v1," and base64.

    Raises:
        WebhookSecretError: The secret is none.
    """
    signed = b"%s.%d.%s" % (event_id.encode(), timestamp, body)
    code = hmac.digest(read_secret(secret), signed, "sha256")
    return f"{_VERSION},{b64encode(code).decode()}"
