"""Names of authorities that live in another installation.

Here such an authority is called "{its id there}@{name of the installation}". To
everybody else it has one name, its issuer URL.
"""

from typing import NamedTuple

_AT = "@"
LONGEST_ID = 64


class HomeName(NamedTuple):
    """Where an authority is at home, and what it is called there."""

    authority: str
    peer: str


def is_elsewhere(authority_id: str) -> bool:
    """Tell whether an authority lives in another installation."""
    return _AT in authority_id


def name_elsewhere(authority: str, peer: str) -> str:
    """Return what an authority of another installation is called here."""
    return f"{authority}{_AT}{peer}"


def home_name(authority_id: str) -> HomeName:
    """Return where an authority of another installation is at home."""
    authority, _, peer = authority_id.partition(_AT)
    return HomeName(authority, peer)
