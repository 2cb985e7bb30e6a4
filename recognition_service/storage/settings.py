"""Facts about the installation that are fixed when it is created."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from recognition_service.storage.models import Setting
from recognition_service.storage.prepared import Glance, Prepared

PUBLIC_URL = "public_url"
"""Name of the setting that prefixes all ids of the installation."""
_KNOWN = "settings"
_VALUE = Prepared(
    lambda _: select(Setting.value).where(Setting.name == bindparam("name"))
)


def read_setting(session: Session | Glance, name: str) -> str | None:
    """Return a setting, or None if it was never fixed.

    It is read once in a session, because it never changes.
    """
    known: dict[str, str] = session.info.setdefault(_KNOWN, {})
    if name not in known:
        row = _VALUE.first(session, name=name)
        if row is None:
            return None
        known[name] = row[0]
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
