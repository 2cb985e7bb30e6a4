"""Facts about the installation that are fixed when it is created."""

from sqlalchemy.orm import Session

from recognition_service.storage.models import Setting

PUBLIC_URL = "public_url"
"""Name of the setting that prefixes all ids of the installation."""
_KNOWN = "settings"


def read_setting(session: Session, name: str) -> str | None:
    """Return a setting, or None if it was never fixed.

    It is read once in a session, because it never changes.
    """
    known: dict[str, str] = session.info.setdefault(_KNOWN, {})
    if name not in known:
        row = session.get(Setting, name)
        if row is None:
            return None
        known[name] = row.value
    return known[name]


def fix_setting(session: Session, name: str, value: str) -> str:
    """Store a setting unless it is there already, and return what holds.

    The caller owns the transaction.
    """
    row = session.get(Setting, name)
    if row is None:
        row = Setting(name=name, value=value)
        session.add(row)
    return row.value
