"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect, types

from recognition_service.storage.errors import NaiveInstantError


class UtcDateTime(types.TypeDecorator[datetime]):
    """An instant, stored as whole seconds since 1970 in UTC.

    A number sorts, compares and indexes alike on both databases, and cannot be
    read in the wrong zone.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        """Turn an instant into seconds."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveInstantError(str(value))
        return int(value.timestamp())

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Turn seconds into an instant in UTC."""
        del dialect
        return None if value is None else datetime.fromtimestamp(value, UTC)
