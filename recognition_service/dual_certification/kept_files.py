"""Files about cohorts that were handed in, and how far their rows have come."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller, find_caller
from recognition_service.clock import format_instant
from recognition_service.dual_certification.apply_rows import (
    CohortFileKind,
    FileRow,
    FileSettings,
    apply_rows,
)
from recognition_service.dual_certification.errors import (
    CohortFileInvalidError,
    CohortFileNotFoundError,
)
from recognition_service.dual_certification.models import (
    CohortFileRecord,
    CohortFileRow,
)
from recognition_service.recognition.case_file import EditionAtHand
from recognition_service.storage import audit, outbox
from recognition_service.storage.ids import new_id
from recognition_service.storage.upsert import insert_rows

COHORT_FILE = "cohort.file"
"""Kind of the outbox message that asks for the rows of a file to be carried out."""
CHUNK = 200
_MOST_TOLD = 100


def keep_file(
    session: Session,
    caller: Caller,
    kind: CohortFileKind,
    rows: Sequence[FileRow],
    *,
    settings: FileSettings,
    is_done: bool,
    now: datetime,
) -> UUID:
    """Keep that a file was handed in, with the rows that are still to be carried out.

    The caller owns the transaction. Rows that wait are carried out by the worker.

    Returns:
        The id of the file.
    """
    file = CohortFileRecord(
        authority_id=caller.authority_id,
        id=new_id(now),
        kind=kind,
        actor=caller.actor,
        settings={
            "like": str(settings.like) if settings.like else None,
            "programme": settings.programme,
        },
        total=len(rows),
        created_at=now,
        finished_at=now if is_done else None,
    )
    session.add(file)
    session.flush()
    if not is_done:
        _let_wait(session, file, rows, now)
    audit.append(
        session,
        caller.authority_id,
        actor=caller.actor,
        action="cohort_file.received",
        subject=f"cohort_file/{file.id}",
        content={"kind": kind.value, "rows": len(rows)},
        now=now,
    )
    return file.id


def _let_wait(
    session: Session, file: CohortFileRecord, rows: Sequence[FileRow], now: datetime
) -> None:
    """Keep rows for the worker, and ask it to carry them out."""
    insert_rows(
        session,
        CohortFileRow,
        [
            {
                "authority_id": file.authority_id,
                "file_id": file.id,
                "line": row.line,
                "content": dict(row.cells),
                "problem": None,
            }
            for row in rows
        ],
    )
    outbox.put(
        session,
        file.authority_id,
        kind=COHORT_FILE,
        content={"file": str(file.id)},
        now=now,
    )


def work_on_file(
    session: Session,
    authority_id: str,
    file_id: UUID,
    *,
    edition: EditionAtHand,
    now: datetime,
) -> bool:
    """Carry out the next rows of a file. The caller owns the transaction.

    The whole file was found good when it came in. What cannot be carried out any more,
    because the tracks have changed meanwhile, keeps why and stops no other row.

    Returns:
        Whether rows are left.
    """
    file = session.get(CohortFileRecord, (authority_id, file_id), with_for_update=True)
    if file is None or file.finished_at is not None:
        return False
    waiting = session.scalars(
        select(CohortFileRow)
        .where(
            CohortFileRow.authority_id == authority_id,
            CohortFileRow.file_id == file_id,
            CohortFileRow.problem.is_(None),
        )
        .order_by(CohortFileRow.line)
        .limit(CHUNK)
    ).all()
    if not waiting:
        file.finished_at = now
        return False
    problems = _carry_out(session, file, waiting, edition, now)
    for row in waiting:
        if row.line in problems:
            row.content, row.problem = None, problems[row.line]
    done = [row.line for row in waiting if row.line not in problems]
    session.flush()
    session.execute(
        delete(CohortFileRow).where(
            CohortFileRow.authority_id == authority_id,
            CohortFileRow.file_id == file_id,
            CohortFileRow.line.in_(done),
        )
    )
    return True


def file_document(
    session: Session, authority_id: str, file_id: UUID, *, public_url: str
) -> dict[str, Any]:
    """Return how far a file has come.

    Raises:
        CohortFileNotFoundError: The authority has handed in no such file.
    """
    file = session.get(CohortFileRecord, (authority_id, file_id))
    if file is None:
        raise CohortFileNotFoundError(f"There is no file {file_id}.")
    of_file = (
        CohortFileRow.authority_id == authority_id,
        CohortFileRow.file_id == file_id,
    )
    left = session.scalar(select(func.count()).where(*of_file)) or 0
    failed = (
        session.scalar(
            select(func.count()).where(*of_file, CohortFileRow.problem.is_not(None))
        )
        or 0
    )
    problems = session.scalars(
        select(CohortFileRow)
        .where(*of_file, CohortFileRow.problem.is_not(None))
        .order_by(CohortFileRow.line)
        .limit(_MOST_TOLD)
    )
    url = f"{public_url}/api/v1/dual-certifications/csv-files/{file_id}"
    return {
        "id": str(file.id),
        "kind": file.kind,
        "state": "running" if file.finished_at is None else "finished",
        "dry_run": False,
        "total": file.total,
        "waiting": left - failed,
        "done": file.total - left,
        "failed": failed,
        "created_at": format_instant(file.created_at),
        "finished_at": format_instant(file.finished_at) if file.finished_at else None,
        "problems": [row.problem for row in problems],
        "links": {"self": url},
    }


def _carry_out(
    session: Session,
    file: CohortFileRecord,
    waiting: Sequence[CohortFileRow],
    edition: EditionAtHand,
    now: datetime,
) -> dict[int, dict[str, Any]]:
    """Carry out the rows that still can be; return why the others cannot, by line."""
    caller = find_caller(session, file.authority_id, file.actor)
    settings = _settings(file.settings)
    rows = [FileRow(row.line, row.content or {}) for row in waiting]
    problems: dict[int, dict[str, Any]] = {}
    while rows:
        try:
            with session.begin_nested():
                apply_rows(
                    session,
                    caller,
                    CohortFileKind(file.kind),
                    rows,
                    settings=settings,
                    edition=edition,
                    now=now,
                )
        except CohortFileInvalidError as error:
            for fault in error.errors:
                problems.setdefault(fault["row"], dict(fault))
            rows = [row for row in rows if row.line not in problems]
            continue
        break
    return problems


def _settings(kept: Mapping[str, Any]) -> FileSettings:
    like = kept["like"]
    return FileSettings(UUID(like) if like else None, kept["programme"])
