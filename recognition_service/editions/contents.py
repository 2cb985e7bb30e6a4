"""An edition by its content, wherever it lies: in a package or in the database."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from recognition_service.editions.digests import edition_digest, row_digests
from recognition_service.editions.find import contents_of, list_editions
from recognition_service.editions.load import RowsByTable, canonical_rows
from recognition_service.editions.package import REGIMES, Description, Package
from recognition_service.frameworks.parse import parse_tables
from recognition_service.frameworks.tables import Tables
from recognition_service.storage.base import PLATFORM


@dataclass(frozen=True, slots=True)
class EditionContents:
    """What an edition says.

    Attributes:
        rows: By table and row id; the regimes stand under `regimes`.
    """

    description: Description
    rows: RowsByTable

    def digest(self) -> str:
        """Return the digest by which the edition is named once it is loaded."""
        return edition_digest(self.description, row_digests(self.rows))

    def tables(self) -> Tables:
        """Return the rows as values, without the regimes.

        Raises:
            UnreadableRowError: A row does not fit its table.
        """
        return parse_tables(
            {
                table: [dict(row) for row in rows.values()]
                for table, rows in self.rows.items()
                if table != REGIMES
            }
        )


def package_contents(package: Package) -> EditionContents:
    """Return what a package says."""
    return EditionContents(package.description, canonical_rows(package))


def stored_contents(session: Session, digest: str) -> EditionContents:
    """Return what a stored base edition says.

    Raises:
        EditionNotFoundError: It is not stored here.
    """
    rows = contents_of(session, PLATFORM, digest)
    edition = next(each for each in list_editions(session) if each.digest == digest)
    return EditionContents(
        Description(edition.label, edition.dated, edition.title, edition.changes), rows
    )
