"""Papers as the documents that callers get."""

from typing import Any

from recognition_service.clock import format_instant
from recognition_service.recognition.assess_paper import finding_of
from recognition_service.recognition.paper_models import SensitivePaper
from recognition_service.recognition.papers import AnyPaper

_ALWAYS_SHOWN = frozenset(
    (
        "id",
        "kind",
        "held_qualification",
        "added_at",
        "received_at",
        "status",
        "is_sensitive",
        "links",
    )
)


def paper_document(
    paper: AnyPaper, *, public_url: str, is_visible: bool
) -> dict[str, Any]:
    """Return what is known of a paper.

    Of one that is not for the caller it says that it is there; all else is None.
    """
    is_apart = isinstance(paper, SensitivePaper)
    of_request = f"{public_url}/api/v1/recognition-requests/{paper.request_id}"
    document = {
        "id": str(paper.id),
        "kind": paper.kind,
        "title": paper.title,
        "language": paper.language,
        "held_qualification": paper.held_position,
        "file_name": paper.file_name,
        "media_type": paper.media_type,
        "bytes": paper.size,
        "digest": paper.digest,
        "issued_on": _text(paper.issued_on),
        "issuer": paper.issuer,
        "language_proof": paper.language_proof,
        "channel": paper.channel,
        "added_at": format_instant(paper.added_at),
        "added_by": paper.added_by,
        "received_at": format_instant(paper.received_at) if paper.received_at else None,
        "received_by": paper.received_by,
        "translation_of": _text(paper.translation_of),
        "replaces": _text(paper.replaces),
        "replaced_by": _text(paper.replaced_by),
        "status": paper.status,
        "rejection": {"reason": paper.reason, "note": paper.note}
        if paper.reason
        else None,
        "authenticity": {
            "grade": paper.grade,
            "established_by": paper.established_by,
            "established_on": _text(paper.established_on),
            "confirmation": paper.established_how,
        },
        "legalisation": _legalisation(paper),
        "verification": _verification(paper),
        "is_sensitive": is_apart,
        "keep_until": _text(paper.keep_until)
        if isinstance(paper, SensitivePaper)
        else None,
        "links": {"content": f"{of_request}/papers/{paper.id}/content"},
    }
    if is_visible:
        return document
    return {
        name: value if name in _ALWAYS_SHOWN else None
        for name, value in document.items()
    }


def _legalisation(paper: AnyPaper) -> dict[str, Any]:
    found = finding_of(paper)
    return {
        "state": found.state,
        "number": found.number,
        "dated_on": _text(found.dated_on),
        "signer": found.signer,
        "capacity": found.capacity,
        "basis": found.basis,
    }


def _verification(paper: AnyPaper) -> dict[str, Any] | None:
    if paper.verdict is None:
        return None
    return {
        "verdict": paper.verdict,
        "code": paper.verdict_code,
        "issuer": paper.verified_issuer,
        "on": _text(paper.verified_on),
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
