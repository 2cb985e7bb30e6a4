"""The newest status lists that were relied on here, from run to run.

Whoever hands over an attestation can hand over an older status list with it, on which
it was not yet revoked. What a list said is not kept, only when it was signed.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from recognition_service.clock import format_instant, parse_instant
from recognition_service.config import state_dir
from recognition_service.verification.report import Report
from recognition_service.verification.trust import StatusInput

_FILE = "status-lists.json"


def with_memory(statuses: Mapping[str, StatusInput]) -> dict[str, StatusInput]:
    """Return the lists, each with the newest instant at which one was signed."""
    known = _read()
    return {
        uri: replace(status, newest_seen=known.get(uri))
        for uri, status in statuses.items()
    }


def remember(report: Report) -> None:
    """Keep when the list was signed that a report relied on, if it is newer.

    Only lists whose signature was good stand in a report. Where nothing can be
    written, nothing is remembered.
    """
    status = report.status
    if status is None or status.as_of > report.checked_at:
        return
    known = _read()
    newest = known.get(status.source)
    if newest is not None and newest >= status.as_of:
        return
    known[status.source] = status.as_of
    path = state_dir() / _FILE
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = {uri: format_instant(instant) for uri, instant in known.items()}
        temporary.write_text(json.dumps(text, indent=1), encoding="utf-8")
        temporary.replace(path)
    except OSError:
        return


def _read() -> dict[str, datetime]:
    """Return what is remembered; a damaged memory is none."""
    try:
        found = json.loads((state_dir() / _FILE).read_text(encoding="utf-8"))
        return {str(uri): parse_instant(text) for uri, text in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
