"""What can be wrong with a piece of JSON, a key or a token."""

from collections.abc import Mapping
from typing import Any

from recognition_service.errors import InvalidInputError, RecognitionError


class MalformedInputError(InvalidInputError):
    """Something that somebody presented is not what its format demands.

    Attributes:
        reason: Permanent name of what is wrong, such as "duplicate_member".
    """

    code = "malformed_input"
    title = "This does not follow its format"

    def __init__(self, reason: str, message: str | None = None) -> None:
        super().__init__(message or f"Malformed: {reason}.")
        self.reason = reason

    def members(self) -> Mapping[str, Any]:
        """Return what is wrong, by name."""
        return {"reason": self.reason}


class MalformedJSONError(MalformedInputError):
    """Text that is not strict JSON, or exceeds a limit."""

    code = "malformed_json"
    title = "This is not JSON as we read it"


class MalformedBase64Error(MalformedInputError):
    """Text that is not base64url without padding, in its canonical form."""

    code = "malformed_base64"
    title = "This is not base64url"


class MalformedTokenError(MalformedInputError):
    """Text that is not a token we read."""

    code = "malformed_token"
    title = "This is not a token as we read it"


class UnusableKeyError(MalformedInputError):
    """A JWK that is not a public key for signatures that we know."""

    code = "unusable_key"
    title = "This key cannot be used"


class MalformedStatusListError(MalformedInputError):
    """A status list that cannot be read, or is larger than allowed."""

    code = "malformed_status_list"
    title = "This status list cannot be read"


class NotCanonicalizableError(MalformedInputError):
    """A value that the canonical form of JSON cannot carry."""

    code = "not_canonicalizable"
    title = "This value has no canonical JSON form"


class MalformedDocumentError(MalformedInputError):
    """A JSON-LD document that cannot be brought into its canonical form.

    The `reason` is "context_unknown", "term_undefined", "relative_identifier",
    "value_dropped", "too_complex" and the like.
    """

    code = "malformed_document"
    title = "This is not JSON-LD as we read it"


class InvalidProofError(MalformedInputError):
    """A Data Integrity proof that does not hold, or is none that we check.

    The `reason` is "bad_signature", "wrong_purpose", "proof_expired" and the like.
    """

    code = "invalid_proof"
    title = "This proof does not hold"


class CertificateChainError(MalformedInputError):
    """Certificates that do not belong to a key, an issuer or one another."""

    code = "certificate_chain"
    title = "These certificates cannot be used for this key"


class SignerFaultError(RecognitionError):
    """A signer returned something that is not a signature of its algorithm."""

    code = "signer_fault"
    title = "The signing key does not work as it should"


class WebhookSecretError(RecognitionError):
    """A secret of webhooks that is not written like one."""

    code = "webhook_secret"
    title = "This is no secret of webhooks"
