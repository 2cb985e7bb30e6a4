"""What can go wrong where things last."""

from collections.abc import Mapping
from typing import Any

from recognition_service.errors import (
    ConflictError,
    InvalidInputError,
    RecognitionError,
    UnavailableError,
)


class NaiveInstantError(RecognitionError):
    """An instant without a zone was about to be stored."""

    code = "naive_instant"
    title = "An instant lacks its time zone"


class DatabaseURLError(RecognitionError):
    """The database URL names something that we do not support."""

    code = "database_url_unsupported"
    title = "This database is not supported"


class DatabaseUnavailableError(UnavailableError):
    """The database does not answer."""

    code = "database_unavailable"
    title = "The database does not answer"


class SchemaBehindError(UnavailableError):
    """The database has another schema revision than the code."""

    code = "schema_behind"
    title = "The database schema does not fit the code"


class MigrationFailedError(RecognitionError):
    """A change of the schema would have broken the data."""

    code = "migration_failed"
    title = "The database could not be brought to another schema"


class IdempotencyKeyReusedError(InvalidInputError):
    """The same idempotency key came with another body."""

    code = "idempotency_key_reused"
    title = "This idempotency key was used for another request"


class IdempotencyInProgressError(ConflictError):
    """The first request with this key has not been answered yet."""

    code = "idempotency_in_progress"
    title = "The first request with this key is still running"

    def members(self) -> Mapping[str, Any]:
        """Return how long to wait before trying again."""
        return {"retry_after_seconds": 1}
