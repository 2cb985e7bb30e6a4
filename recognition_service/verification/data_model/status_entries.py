"""Where a credential says that its status is told.

Source: Verifiable Credentials Data Model v2.0 section 4.10; Bitstring Status List
v1.0 section 2.1.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from recognition_service.verification.data_model.faults import Fault, malformed
from recognition_service.verification.data_model.identifiers import is_url, types_of

BITSTRING_ENTRY = "BitstringStatusListEntry"
LARGEST_INDEX = 2**53 - 1
_INDEX = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_LARGEST_SIZE = 16
_MESSAGES = ("status", "message")


def bitstring_entry_faults(item: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    """Yield what is wrong with an entry, if it is one of a bitstring status list."""
    if BITSTRING_ENTRY not in types_of(item):
        return
    purpose, address = item.get("statusPurpose"), item.get("statusListCredential")
    if not isinstance(purpose, str) or not purpose:
        yield malformed("not_a_purpose", f"{pointer}/statusPurpose")
    if index_of(item) is None:
        yield malformed("not_an_index", f"{pointer}/statusListIndex")
    if not is_url(address):
        yield malformed("not_a_url", f"{pointer}/statusListCredential")
    elif item.get("id") == address:
        yield malformed("id_of_the_list", f"{pointer}/id")
    if size_of(item) is None:
        yield malformed("not_a_status_size", f"{pointer}/statusSize")
    elif not _has_messages(item):
        yield malformed("not_all_messages", f"{pointer}/statusMessage")
    if "statusReference" in item:
        given = item["statusReference"]
        listed = given if isinstance(given, list) else [given]
        if not listed or not all(is_url(each) for each in listed):
            yield malformed("not_a_url", f"{pointer}/statusReference")


def index_of(item: Mapping[str, Any]) -> int | None:
    """Return the place of an entry in its list; None if it names none."""
    found = item.get("statusListIndex")
    if not isinstance(found, str) or _INDEX.fullmatch(found) is None:
        return None
    return int(found) if int(found) <= LARGEST_INDEX else None


def size_of(item: Mapping[str, Any]) -> int | None:
    """Return how many bits an entry has; None if that cannot be."""
    found = item.get("statusSize", 1)
    is_size = isinstance(found, int) and not isinstance(found, bool)
    return found if is_size and 0 < found <= _LARGEST_SIZE else None


def _has_messages(item: Mapping[str, Any]) -> bool:
    """Tell whether there is a message for each possible value, if one is needed."""
    size = size_of(item) or 1
    if "statusMessage" not in item:
        return size == 1 and item.get("statusPurpose") != "message"
    messages = item["statusMessage"]
    return (
        isinstance(messages, list)
        and len(messages) == 2**size
        and all(
            isinstance(message, Mapping)
            and all(isinstance(message.get(member), str) for member in _MESSAGES)
            for message in messages
        )
    )
