"""Files about whole cohorts: looked through, then carried out at once or by the worker.

A file is taken as a whole: before anything is written all rows are carried out on
trial, and undone. Large ones are then carried out part by part.
"""

from collections.abc import Sequence
from uuid import UUID

from recognition_service.authorities.access import Caller
from recognition_service.dual_certification.apply_rows import (
    CohortFileKind,
    FileRow,
    FileSettings,
    apply_rows,
)
from recognition_service.dual_certification.kept_files import keep_file, work_on_file
from recognition_service.dual_certification.lifecycle import AwardStatus
from recognition_service.runtime.cohort_desk import CohortDesk

_REVOKED = AwardStatus.REVOKED.value
AT_ONCE = 1_000
"""Files of up to so many rows are carried out before they are answered."""


class CohortFilesDesk(CohortDesk):
    """Takes files about cohorts; any number of workers may carry them out."""

    def try_cohort_file(
        self,
        caller: Caller,
        kind: CohortFileKind,
        rows: Sequence[FileRow],
        settings: FileSettings,
    ) -> None:
        """Carry out a file and undo it, to see whether it could be taken.

        Raises:
            RecognitionError: As `apply_rows`.
        """
        edition, now = self.edition(caller.authority_id), self.now()
        with self.database.transaction() as session:
            trial = session.begin_nested()
            apply_rows(
                session,
                caller,
                kind,
                rows,
                settings=settings,
                edition=edition,
                now=now,
            )
            trial.rollback()

    def take_cohort_file(
        self,
        caller: Caller,
        kind: CohortFileKind,
        rows: Sequence[FileRow],
        settings: FileSettings,
    ) -> UUID:
        """Take a file: carry it out, or have the worker do it if it is a large one.

        Returns:
            The id under which it is kept.

        Raises:
            RecognitionError: As `apply_rows`; nothing was changed.
            UnavailableError: A list of statuses could not be signed now.
        """
        is_small = len(rows) <= AT_ONCE
        if not is_small:
            self.try_cohort_file(caller, kind, rows, settings)
        edition, now = self.edition(caller.authority_id), self.now()
        with self.database.transaction() as session:
            if is_small:
                apply_rows(
                    session,
                    caller,
                    kind,
                    rows,
                    settings=settings,
                    edition=edition,
                    now=now,
                )
            file_id = keep_file(
                session,
                caller,
                kind,
                rows,
                settings=settings,
                is_done=is_small,
                now=now,
            )
        if is_small and any(row.cells.get("status") == _REVOKED for row in rows):
            self.publish_lists(caller.authority_id)
        return file_id

    def work_on_cohort_file(self, authority_id: str, file_id: UUID, parts: int) -> bool:
        """Carry out rows of a file, some in each transaction.

        Returns:
            Whether rows may be left after so many parts.
        """
        for _ in range(parts):
            edition = self.edition(authority_id)
            with self.database.transaction() as session:
                has_more = work_on_file(
                    session, authority_id, file_id, edition=edition, now=self.now()
                )
            if not has_more:
                return False
        return True
