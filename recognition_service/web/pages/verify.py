"""The page for employers: is this attestation genuine, valid, and for what?

What is sent here is neither stored nor logged, and the answer is not cached.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import Response, request
from werkzeug.datastructures import FileStorage

from recognition_service.runtime.spoken import verification_document
from recognition_service.verification.report import Report
from recognition_service.verification.verdict import CANNOT_CONFIRM
from recognition_service.web.bodies import LARGEST_PRESENTATION
from recognition_service.web.current import runtime
from recognition_service.web.pages.complaints import Complaint, ComplaintError
from recognition_service.web.pages.dates import end_of, read_day
from recognition_service.web.pages.names import warning_about
from recognition_service.web.pages.rendering import page, page_language

_TEXT_FIELD_BYTES = 1_000_000
_UNPROCESSABLE, _TOO_LARGE = 422, 413
_BETWEEN = re.compile(r"\r?\n[ \t]*\r?\n\s*")


def ask() -> Response:
    """Show the form."""
    return page("verify.html", complaints=[], at="")


def answer() -> Response:
    """Verify what was pasted or uploaded, and show the verdict."""
    request.max_content_length = LARGEST_PRESENTATION
    request.max_form_memory_size = _TEXT_FIELD_BYTES
    if (request.content_length or 0) > LARGEST_PRESENTATION:
        return _again(Complaint("too_large", "file"), _TOO_LARGE)
    try:
        presented, *peers = _presented()
        at = read_day(request.form.get("at", ""), "at")
    except ComplaintError as refusal:
        return _again(refusal.complaint, _UNPROCESSABLE)
    day = None if at is None else end_of(at)
    return show_report(runtime().verify(presented, at=day, peers=peers))


def show_report(report: Report) -> Response:
    """Show a verdict and what led to it."""
    document = verification_document(report, page_language())
    raw = json.dumps(document, indent=2)
    for check in document["checks"]:
        check["shown"] = _shown(check)
    holder = document["holder"] or {}
    return page(
        "report.html",
        report=document,
        is_test=_is_test(document),
        is_refusal=document["code"] == "recognition_refused",
        name_warning=warning_about(
            (holder.get("given_name"), holder.get("family_name"))
        ),
        raw=raw,
    )


def _presented() -> list[str]:
    """Return what the form brings, as texts: the one that is asked about, its peers.

    Raises:
        ComplaintError: Nothing, or a file that is no text.
    """
    uploads = [upload for upload in request.files.getlist("file") if upload.filename]
    pasted = request.form.get("credential", "").strip()
    first = [*map(_text_of, uploads), *([pasted] if pasted else [])]
    if not first:
        raise ComplaintError(Complaint("nothing_given", "credential"))
    peers = _BETWEEN.split(request.form.get("peers", "").strip())
    return [_joined(text) for text in (*first, *peers) if text]


def _text_of(upload: FileStorage) -> str:
    content: bytes = upload.read()
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise ComplaintError(Complaint("not_text", "file")) from error
    if not text:
        raise ComplaintError(Complaint("empty_file", "file"))
    return text


def _joined(text: str) -> str:
    """Undo the line breaks that e-mail programs put into a long token."""
    if text.lstrip().startswith(("{", "[")):
        return text
    return "".join(text.split())


def _again(complaint: Complaint, status: int) -> Response:
    given = "" if status == _TOO_LARGE else request.form.get("at", "")
    return page("verify.html", status, complaints=[complaint], at=given)


def _shown(check: Mapping[str, Any]) -> str:
    """Return the outcome of a check for people: unconfirmed is not failed."""
    if check["outcome"] == "failed" and check["code"] in CANNOT_CONFIRM:
        return "unknown"
    return str(check["outcome"])


def _is_test(document: Mapping[str, Any]) -> bool:
    """Tell whether the issuer is an example that nobody may rely on."""
    codes = {check["code"] for check in document["checks"]}
    return runtime().is_demo or "issuer_is_test" in codes
