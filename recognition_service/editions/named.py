"""An edition that somebody named: a package in a directory, or a stored one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.editions.differences import RowsByTable
from recognition_service.editions.digests import edition_digest, row_digests
from recognition_service.editions.errors import (
    EditionNameError,
    EditionNotFoundError,
    TablesUnreadableError,
)
from recognition_service.editions.find import contents_of, merge_overlay
from recognition_service.editions.models import Edition
from recognition_service.editions.package import REGIMES, Description, Package
from recognition_service.storage.base import PLATFORM

DIGEST_MARK = "sha256-"
"""How every digest begins."""

_LEAST_SIGNS = 8


@dataclass(frozen=True, slots=True)
class NamedEdition:
    """An edition with all its rows.

    Attributes:
        digest: What it is stored as, or would be.
        rows: By table and id; of an overlay, its own rows laid over those of its base.
    """

    digest: str
    description: Description
    rows: RowsByTable


def packaged_edition(package: Package) -> NamedEdition:
    """Return the edition that a package would be loaded as, whatever its faults.

    Raises:
        TablesUnreadableError: A row has no id, or one that another row has too.
    """
    rows = {
        name: _by_id(
            f"{name}.csv", ((f"line {row.line}", row.cells) for row in file.rows)
        )
        for name, file in package.files.items()
    }
    rows[REGIMES] = _by_id(REGIMES, package.regimes.items())
    digest = edition_digest(package.description, row_digests(rows))
    return NamedEdition(digest, package.description, rows)


def stored_edition(session: Session, name: str) -> NamedEdition:
    """Return a stored edition: a base, or an authority's rows over their base.

    Args:
        session: Any session.
        name: The digest, or its beginning with at least eight signs after `sha256-`.

    Raises:
        EditionNameError: The beginning is too short, or several editions have it.
        EditionNotFoundError: No stored edition has it.
    """
    found = _edition_of(session, name)
    if found.base_digest is None:
        rows = contents_of(session, PLATFORM, found.digest)
    else:
        rows = contents_of(session, PLATFORM, found.base_digest)
        merge_overlay(session, rows, found.digest)
    description = Description(
        found.label, found.dated, found.title, tuple(found.changes)
    )
    return NamedEdition(found.digest, description, rows)


def _edition_of(session: Session, name: str) -> Edition:
    if len(name.removeprefix(DIGEST_MARK)) < _LEAST_SIGNS:
        raise EditionNameError(
            f"{name} is too short: give at least {_LEAST_SIGNS} signs "
            f"of the digest after {DIGEST_MARK}."
        )
    listed = session.scalars(
        select(Edition).where(Edition.digest.startswith(name, autoescape=True))
    )
    # Not every database tells capital letters apart when it compares beginnings.
    found = {row.digest: row for row in listed if row.digest.startswith(name)}
    if not found:
        raise EditionNotFoundError(f"No edition {name} is stored here.")
    if len(found) > 1:
        raise EditionNameError(
            f"{len(found)} stored editions begin with {name}; give more of the digest."
        )
    return next(iter(found.values()))


def _by_id(
    file: str, rows: Iterable[tuple[str, Mapping[str, Any]]]
) -> dict[str, Mapping[str, Any]]:
    by_id: dict[str, Mapping[str, Any]] = {}
    for place, row in rows:
        row_id = row.get("id")
        if not isinstance(row_id, str) or row_id in by_id:
            raise TablesUnreadableError(
                f"{file}, {place}: the row has no id of its own, so it cannot be "
                f"compared. `recognition tables check` tells more."
            )
        by_id[row_id] = row
    return by_id
