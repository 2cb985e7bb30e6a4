"""A report on what other tables would change, whole and with progress."""

from collections.abc import Callable, Iterator
from typing import Any

from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.editions.find import CompiledEdition
from recognition_service.recognition.impact import (
    Affected,
    Looked,
    affected_attestations,
    affected_cases,
    count_examined,
)
from recognition_service.runtime.runtime import Runtime

_PART = 5_000
Progress = Callable[[int, int], None]
"""Told how many of how many were looked at."""


def impact_report(
    runtime: Runtime, authority_id: str, edition: CompiledEdition, progress: Progress
) -> Iterator[Affected]:
    """Yield what would come out differently for an authority.

    Raises:
        AuthorityNotFoundError: There is no such authority.
    """
    with runtime.database.reading() as session:
        today = legal_day(get_authority(session, authority_id), runtime.now())
        total = sum(count_examined(session, authority_id).values())
    done = 0
    for kind in Looked:
        last = None
        while True:
            with runtime.database.reading() as session:
                if kind is Looked.ATTESTATION:
                    part = affected_attestations(
                        session, authority_id, edition, after=last, limit=_PART
                    )
                else:
                    part = affected_cases(
                        session,
                        authority_id,
                        edition,
                        today=today,
                        after=last,
                        limit=_PART,
                    )
            yield from part.affected
            done, last = done + part.examined, part.last
            progress(done, total)
            if last is None:
                break


def affected_document(each: Affected) -> dict[str, Any]:
    """Return what would come out differently as a JSON value."""
    return {
        "kind": each.kind,
        "id": str(each.id),
        "number": each.number,
        "decided_by": each.decided_by,
        "before": dict(each.before),
        "after": dict(each.after),
    }
