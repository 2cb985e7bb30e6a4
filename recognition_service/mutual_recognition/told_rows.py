"""The rows of a request that another installation leads: read, and written as told.

They have the columns of `MutualRequest` and nothing else. No session follows them, so
that one statement writes each, whatever was changed.
"""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import Dialect, bindparam, select, update
from sqlalchemy.orm import Session

from recognition_service.mutual_recognition.models import MutualRequest
from recognition_service.storage.prepared import Prepared
from recognition_service.storage.upsert import insert_rows

_KEY = ("authority_id", "id")
_NAMES = tuple(MutualRequest.__table__.c.keys())


def _read(_dialect: Dialect) -> Any:
    return select(*(getattr(MutualRequest, name) for name in _NAMES)).where(
        *(getattr(MutualRequest, name) == bindparam(name) for name in _KEY)
    )


_UPDATE = Prepared(
    lambda _: (
        update(MutualRequest)
        .where(*(getattr(MutualRequest, name) == bindparam(name) for name in _KEY))
        .values({name: bindparam(name) for name in _NAMES if name not in _KEY})
    )
)
_FREE = Prepared(_read)
_LOCKED = Prepared(lambda dialect: _read(dialect).with_for_update())


class _Columns:
    """Some columns as attributes, to be read and set."""

    def __init__(self, columns: dict[str, Any]) -> None:
        self.__dict__ = columns


class ToldRows:
    """The rows that bodies keep of one request; the caller owns the transaction."""

    def __init__(self, session: Session, request_id: UUID) -> None:
        """Begin with no row; `session` is a writing one."""
        self._session, self._request_id = session, request_id
        self._new: list[dict[str, Any]] = []
        self._changed: list[dict[str, Any]] = []

    def find(
        self, authority_id: str, *, is_locked: bool = False
    ) -> MutualRequest | None:
        """Return the row of a body to be changed, or None.

        With `is_locked`, nobody else changes it until the transaction ends.
        """
        read = _LOCKED if is_locked else _FREE
        found = read.first(
            self._session, authority_id=authority_id, id=self._request_id
        )
        if found is None:
            return None
        row = dict(zip(_NAMES, found, strict=True))
        self._changed.append(row)
        return _row(row)

    def begin(self, authority_id: str, box: str) -> MutualRequest:
        """Return a new row of a body, to be filled."""
        row: dict[str, Any] = {
            **dict.fromkeys(_NAMES),
            "authority_id": authority_id,
            "id": self._request_id,
            "box": box,
            "held_position": 0,
            "questions": [],
            "version": 0,
        }
        self._new.append(row)
        return _row(row)

    def write(self) -> None:
        """Write all rows that were found or begun."""
        insert_rows(self._session, MutualRequest, self._new)
        _UPDATE.run_many(self._session, self._changed)


def _row(columns: dict[str, Any]) -> MutualRequest:
    """Return the row of some columns; what is set there stands in the columns."""
    return cast("MutualRequest", _Columns(columns))
