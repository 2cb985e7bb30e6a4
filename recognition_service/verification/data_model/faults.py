"""What is wrong with a credential or presentation, by the names of the standards.

Source: Verifiable Credentials Data Model v2.0 section 7.2; Verifiable Credential
Data Integrity 1.0 section 4.7; Bitstring Status List v1.0 section 3.5.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

_DATA_MODEL = "https://www.w3.org/TR/vc-data-model"
_DATA_INTEGRITY = "https://w3id.org/security"
_STATUS_LIST = "https://www.w3.org/ns/credentials/status-list"


class ProblemType(StrEnum):
    """Kinds of problems, each with its public URL."""

    PARSING_ERROR = f"{_DATA_MODEL}#PARSING_ERROR"
    CRYPTOGRAPHIC_SECURITY_ERROR = f"{_DATA_MODEL}#CRYPTOGRAPHIC_SECURITY_ERROR"
    MALFORMED_VALUE_ERROR = f"{_DATA_MODEL}#MALFORMED_VALUE_ERROR"
    RANGE_ERROR = f"{_DATA_MODEL}#RANGE_ERROR"
    PROOF_VERIFICATION_ERROR = f"{_DATA_INTEGRITY}#PROOF_VERIFICATION_ERROR"
    INVALID_DOMAIN_ERROR = f"{_DATA_INTEGRITY}#INVALID_DOMAIN_ERROR"
    INVALID_CHALLENGE_ERROR = f"{_DATA_INTEGRITY}#INVALID_CHALLENGE_ERROR"
    STATUS_RETRIEVAL_ERROR = f"{_STATUS_LIST}#STATUS_RETRIEVAL_ERROR"
    STATUS_VERIFICATION_ERROR = f"{_STATUS_LIST}#STATUS_VERIFICATION_ERROR"
    STATUS_LIST_LENGTH_ERROR = f"{_STATUS_LIST}#STATUS_LIST_LENGTH_ERROR"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where.

    Attributes:
        reason: Permanent name of what is wrong, such as "not_a_url".
        pointer: JSON pointer (RFC 6901) into what was presented.
    """

    type: ProblemType
    reason: str
    pointer: str = ""

    def below(self, pointer: str) -> "Fault":
        """Return the same fault of something that lies deeper in a document."""
        return replace(self, pointer=pointer + self.pointer)


def malformed(reason: str, pointer: str) -> Fault:
    """Return the fault of a value that its rule does not allow."""
    return Fault(ProblemType.MALFORMED_VALUE_ERROR, reason, pointer)


def items_of(document: Mapping[str, Any], member: str) -> Iterator[tuple[str, Any]]:
    """Yield the one value of a member, or each of several, with its pointer."""
    value = document[member]
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield f"/{member}/{position}", item
    else:
        yield f"/{member}", value
