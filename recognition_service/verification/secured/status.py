"""What the status lists that we publish say about somebody's credential.

Lists of others are not fetched. Whether a credential that names one is still in force
cannot be told here, and what cannot be told is not valid.

Source: Bitstring Status List v1.0 section 3.2; Token Status List draft-20 section 8.3.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from recognition_service.credentials.errors import MalformedStatusListError
from recognition_service.verification.data_model.faults import (
    Fault,
    ProblemType,
    items_of,
)
from recognition_service.verification.data_model.identifiers import types_of
from recognition_service.verification.data_model.status_entries import (
    BITSTRING_ENTRY,
    index_of,
    size_of,
)
from recognition_service.verification.secured.surroundings import Surroundings

ANY_PURPOSE = ""
"""Asks a token status list whether a place has any status but "valid"."""

_ERRORS = {
    "index_out_of_range": ProblemType.RANGE_ERROR,
    "too_short": ProblemType.STATUS_LIST_LENGTH_ERROR,
}


def status_faults(
    credential: Mapping[str, Any], issuer: str | None, surroundings: Surroundings
) -> Iterator[Fault]:
    """Yield a fault for each entry that is set, or that cannot be looked up."""
    if "credentialStatus" in credential:
        for pointer, item in items_of(credential, "credentialStatus"):
            reason = _fault_of(item, issuer, surroundings)
            if reason is not None:
                yield Fault(*reason, pointer)


def token_status_faults(
    claims: Mapping[str, Any], issuer: str | None, surroundings: Surroundings
) -> Iterator[Fault]:
    """Yield a fault if the token's own entry is set, or cannot be looked up."""
    if "status" not in claims:
        return
    status = claims["status"]
    entry = status.get("status_list") if isinstance(status, Mapping) else None
    uri, index = (
        (entry.get("uri"), entry.get("idx"))
        if isinstance(entry, Mapping)
        else (None, None)
    )
    reason: tuple[ProblemType, str] | None
    if not isinstance(uri, str) or type(index) is not int or index < 0:
        reason = (ProblemType.MALFORMED_VALUE_ERROR, "not_a_status_entry")
    else:
        reason = _looked_up(uri, ANY_PURPOSE, index, issuer, surroundings)
    if reason is not None:
        yield Fault(*reason, "/status")


def _fault_of(
    item: Mapping[str, Any], issuer: str | None, surroundings: Surroundings
) -> tuple[ProblemType, str] | None:
    index = index_of(item)
    if BITSTRING_ENTRY not in types_of(item) or index is None:
        return ProblemType.STATUS_VERIFICATION_ERROR, "status_type_not_supported"
    uri, purpose = item["statusListCredential"], item["statusPurpose"]
    if size_of(item) != 1:
        return ProblemType.STATUS_VERIFICATION_ERROR, "status_size_not_of_the_list"
    return _looked_up(uri, purpose, index, issuer, surroundings)


def _looked_up(
    uri: str, purpose: str, index: int, issuer: str | None, surroundings: Surroundings
) -> tuple[ProblemType, str] | None:
    try:
        place = surroundings.place_in(uri, purpose, index)
    except MalformedStatusListError as error:
        default = ProblemType.STATUS_VERIFICATION_ERROR
        return _ERRORS.get(error.reason, default), error.reason
    if place is None:
        return ProblemType.STATUS_RETRIEVAL_ERROR, "status_list_not_at_hand"
    if issuer not in place.issuers:
        return ProblemType.STATUS_VERIFICATION_ERROR, "status_list_of_somebody_else"
    if place.is_set:
        return ProblemType.STATUS_VERIFICATION_ERROR, "status_is_set"
    return None
