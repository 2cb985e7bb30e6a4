"""Messages between installations, and the receipts that answer them, as signed tokens.

A message is a JWS that the sending authority signs with its key for exchanges; the
receipt is one that the receiving authority signs with its key for receipts. Neither
brings a key along: keys come from the trust list of the other installation.

Source: RFC 7515 section 7.1 (compact form); RFC 7519 sections 4.1 and 5.1; RFC 8725
sections 3.11 (explicit types) and 3.12.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson

from recognition_service.credentials import canonical, jws, strict_json
from recognition_service.credentials.errors import MalformedTokenError
from recognition_service.credentials.jws import CompactJWS
from recognition_service.credentials.signer import Signer

MESSAGE_TYPE = "recognition-message+jwt"
RECEIPT_TYPE = "recognition-receipt+jwt"
LARGEST_MESSAGE = 24 << 20
"""In bytes of the token. A list of 10,000 qualifications fits."""
LARGEST_RECEIPT = 16_384
LIFE = timedelta(days=7)
"""How long a token holds; what is not delivered by then is signed anew."""
LONGEST_LIFE = timedelta(days=31)

_MOST_ATTACHMENTS = 100
_LONGEST_TEXT = 2_000
_LONGEST_NAME = 120
_MOST_SEQUENCE = 1 << 31
_KEY_BRINGING = frozenset({"jwk", "jku", "x5c", "x5u", "x5t", "x5t#S256"})
_MESSAGE = frozenset(
    ["iss", "aud", "jti", "iat", "exp", "conv", "seq", "type", "body", "attachments"]
)
_RECEIPT = frozenset(
    ["iss", "aud", "jti", "iat", "message", "digest", "conv", "seq", "status"]
)
_OF_REFUSALS = frozenset({"code", "detail", "retry"})
RECEIVED, REFUSED = "received", "refused"


@dataclass(frozen=True, kw_only=True)
class ExchangeMessage:
    """What one authority tells another one in another installation.

    Attributes:
        sender: Issuer URL of who speaks.
        recipient: Issuer URL of who is spoken to.
        jti: Random name of the message; the same whenever it is sent again.
        conversation: What it belongs to.
        sequence: Number among the messages of this sender to this recipient in this
            conversation, from 1 without gaps.
        type: What it is, such as "mutual_request.state".
        attachments: Digests of documents whose bytes come beside the message.
    """

    sender: str
    recipient: str
    jti: str
    issued_at: datetime
    expires_at: datetime
    conversation: UUID
    sequence: int
    type: str
    body: Mapping[str, Any]
    attachments: Sequence[str] = ()

    @cached_property
    def digest(self) -> str:
        """Digest of what the message says, whenever and however often it is signed."""
        return canonical.digest(
            {
                "iss": self.sender,
                "aud": self.recipient,
                "jti": self.jti,
                "conv": str(self.conversation),
                "seq": self.sequence,
                "type": self.type,
                "body": dict(self.body),
                "attachments": list(self.attachments),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeReceipt:
    """That a message was stored for good, or that it was refused and why.

    Attributes:
        sender: Issuer URL of who received the message and signs this.
        recipient: Issuer URL of who sent the message.
        message: The message's `jti`.
        digest: See `ExchangeMessage.digest`.
        status: "received" or "refused".
        code: Permanent name of the reason of a refusal, else None.
        may_retry: Whether the same message may be taken later.
    """

    sender: str
    recipient: str
    jti: str
    issued_at: datetime
    message: str
    digest: str
    conversation: UUID
    sequence: int
    status: str
    code: str | None = None
    detail: str | None = None
    may_retry: bool = False


@dataclass(frozen=True, slots=True)
class OpenedMessage:
    """A message that was taken apart. Nothing is verified yet."""

    jws: CompactJWS
    kid: str
    message: ExchangeMessage = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedReceipt:
    """A receipt that was taken apart. Nothing is verified yet."""

    jws: CompactJWS
    kid: str
    receipt: ExchangeReceipt


def sign_message(message: ExchangeMessage, signer: Signer) -> str:
    """Return the token of a message.

    Raises:
        SignerFaultError: The signer returned no signature.
    """
    claims = {
        "iss": message.sender,
        "aud": message.recipient,
        "jti": message.jti,
        "iat": int(message.issued_at.timestamp()),
        "exp": int(message.expires_at.timestamp()),
        "conv": str(message.conversation),
        "seq": message.sequence,
        "type": message.type,
        "body": dict(message.body),
        "attachments": list(message.attachments),
    }
    header = jws.protected_header(alg=signer.alg, typ=MESSAGE_TYPE, kid=signer.kid)
    return jws.sign(header, orjson.dumps(claims), signer)


def sign_receipt(receipt: ExchangeReceipt, signer: Signer) -> str:
    """Return the token of a receipt.

    Raises:
        SignerFaultError: The signer returned no signature.
    """
    claims: dict[str, Any] = {
        "iss": receipt.sender,
        "aud": receipt.recipient,
        "jti": receipt.jti,
        "iat": int(receipt.issued_at.timestamp()),
        "message": receipt.message,
        "digest": receipt.digest,
        "conv": str(receipt.conversation),
        "seq": receipt.sequence,
        "status": receipt.status,
    }
    if receipt.status == REFUSED:
        claims |= {
            "code": receipt.code,
            "detail": receipt.detail,
            "retry": receipt.may_retry,
        }
    header = jws.protected_header(alg=signer.alg, typ=RECEIPT_TYPE, kid=signer.kid)
    return jws.sign(header, orjson.dumps(claims), signer)


def open_message(token: bytes) -> OpenedMessage:
    """Take a message apart.

    Raises:
        MalformedTokenError: With a `reason`: too long, not three parts, of another
            type, with a key of its own, or with other members than a message has.
    """
    parts, kid, claims = _opened(token, MESSAGE_TYPE, LARGEST_MESSAGE)
    if claims.keys() != _MESSAGE:
        raise MalformedTokenError("not_a_message")
    body, attachments = claims["body"], claims["attachments"]
    if (
        not isinstance(body, dict)
        or not isinstance(attachments, list)
        or len(attachments) > _MOST_ATTACHMENTS
    ):
        raise MalformedTokenError("not_a_message")
    issued_at, expires_at = _instant(claims["iat"]), _instant(claims["exp"])
    if not issued_at < expires_at <= issued_at + LONGEST_LIFE:
        raise MalformedTokenError("life_too_long")
    message = ExchangeMessage(
        sender=_text(claims["iss"]),
        recipient=_text(claims["aud"]),
        jti=_name(claims["jti"]),
        issued_at=issued_at,
        expires_at=expires_at,
        conversation=_uuid(claims["conv"]),
        sequence=_sequence(claims["seq"]),
        type=_name(claims["type"]),
        body=body,
        attachments=tuple(_name(each) for each in attachments),
    )
    return OpenedMessage(parts, kid, message)


def open_receipt(token: bytes) -> OpenedReceipt:
    """Take a receipt apart.

    Raises:
        MalformedTokenError: With a `reason`, as in `open_message`.
    """
    parts, kid, claims = _opened(token, RECEIPT_TYPE, LARGEST_RECEIPT)
    is_refusal = claims.get("status") == REFUSED
    if claims.keys() != (_RECEIPT | _OF_REFUSALS if is_refusal else _RECEIPT):
        raise MalformedTokenError("not_a_receipt")
    if claims["status"] not in {RECEIVED, REFUSED}:
        raise MalformedTokenError("not_a_receipt")
    detail, may_retry = claims.get("detail"), claims.get("retry", False)
    if type(may_retry) is not bool:
        raise MalformedTokenError("not_a_receipt")
    receipt = ExchangeReceipt(
        sender=_text(claims["iss"]),
        recipient=_text(claims["aud"]),
        jti=_name(claims["jti"]),
        issued_at=_instant(claims["iat"]),
        message=_name(claims["message"]),
        digest=_name(claims["digest"]),
        conversation=_uuid(claims["conv"]),
        sequence=_sequence(claims["seq"]),
        status=claims["status"],
        code=_name(claims["code"]) if is_refusal else None,
        detail=None if detail is None else _text(detail),
        may_retry=may_retry,
    )
    return OpenedReceipt(parts, kid, receipt)


def _opened(
    token: bytes, typ: str, largest: int
) -> tuple[CompactJWS, str, Mapping[str, Any]]:
    if len(token) > largest:
        raise MalformedTokenError("too_long")
    parts = jws.split(token)
    header, kid = parts.header, parts.header.get("kid")
    if header.get("typ") != typ:
        raise MalformedTokenError("typ_not_allowed")
    if not _KEY_BRINGING.isdisjoint(header):
        raise MalformedTokenError("key_not_allowed")
    if not isinstance(kid, str):
        raise MalformedTokenError("kid_missing")
    return parts, kid, strict_json.parse_object(parts.payload, max_bytes=largest)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_TEXT:
        raise MalformedTokenError("not_a_text")
    return value


def _name(value: Any) -> str:
    text = _text(value)
    if len(text) > _LONGEST_NAME or not text.isascii() or not text.isprintable():
        raise MalformedTokenError("not_a_name")
    return text


def _uuid(value: Any) -> UUID:
    text = _text(value)
    try:
        found = UUID(text)
    except ValueError as error:
        raise MalformedTokenError("not_an_id") from error
    if str(found) != text:
        raise MalformedTokenError("not_an_id")
    return found


def _sequence(value: Any) -> int:
    if type(value) is not int or not 0 < value < _MOST_SEQUENCE:
        raise MalformedTokenError("not_a_sequence")
    return value


def _instant(value: Any) -> datetime:
    if type(value) is not int:
        raise MalformedTokenError("not_an_instant")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise MalformedTokenError("not_an_instant") from error
