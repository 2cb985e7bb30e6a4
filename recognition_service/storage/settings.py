"""Facts about the installation that are fixed when it is created."""

from sqlalchemy.orm import Session

from recognition_service.storage.models import Setting

PUBLIC_URL = "public_url"
"""Name of the setting that prefixes all ids of the installation."""


def read_setting(session: Session, name: str) -> str | None:
    """Return a setting, or None if it was never fixed."""
    row = session.get(Setting, name)
    return row.value if row is not None else None


def fix_setting(session: Session, name: str, value: str) -> str:
    """Store a setting unless it is there already, and return what holds.

    The caller owns the transaction.
    """
    row = session.get(Setting, name)
    if row is None:
        row = Setting(name=name, value=value)
        session.add(row)
    return row.value
