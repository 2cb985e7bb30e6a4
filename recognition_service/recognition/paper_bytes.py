"""Whether the bytes of a paper are what they are said to be, and safe to pass on.

Nothing is rendered or run: a few bytes are read and compared. Who opens a paper later
opens it with a program of their own, and this is what that program is spared.
"""

import re
from collections.abc import Callable, Mapping

from recognition_service.credentials import strict_json
from recognition_service.credentials.errors import MalformedJSONError
from recognition_service.recognition.errors import PaperUnsafeError
from recognition_service.recognition.paper_kinds import MediaType
from recognition_service.recognition.paper_pdf import pdf_fault
from recognition_service.recognition.paper_pictures import jpeg_fault, png_fault

LARGEST_PAPER = 10 << 20
LONGEST_FILE_NAME = 200
_PDF_HEADER = b"%PDF-"
_HEADER_WITHIN = 1024
"""Readers look for the header of a PDF in so many bytes, wherever it stands there."""

_ARCHIVE_END = b"PK\x05\x06\x00\x00\x00\x00"
_ARCHIVE_WITHIN = 65_557
"""The end record of a ZIP archive with the longest comment that may follow it.

Source: PKWARE APPNOTE 6.3.10 section 4.3.16.
"""
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_FORBIDDEN_IN_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|]')
# RFC 7515 section 3.1 and RFC 9901 section 4: base64url parts between dots and tildes.
_TOKEN = re.compile(
    rb"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2}(?:~[A-Za-z0-9_.~-]*)?\s*\Z"
)
_DETAILS: Mapping[str, str] = {
    "archive_inside": "The file is a ZIP archive as well.",
    "control_character": "A text holds no control characters.",
    "not_a_jpeg": "These are not the bytes of a JPEG picture.",
    "not_a_pdf": "A PDF begins with its header, in the first byte.",
    "not_a_png": "These are not the bytes of a PNG picture.",
    "not_a_token": "These are not the bytes of a signed token.",
    "not_json": "This is not JSON as it is read here.",
    "not_utf8": "A text is written in UTF-8.",
    "pdf_active": "The PDF runs scripts, starts programs, or carries other files.",
    "pdf_encrypted": "The PDF is encrypted; send it without a password.",
    "pdf_inside": "The file is a PDF as well.",
    "pdf_unreadable": "Parts of the PDF are packed so that nobody can look into them.",
    "too_many_pixels": "A picture has 40 megapixels at most.",
    "trailing_bytes": "Something follows after the end of the file.",
    "truncated": "The file ends too early.",
}


def require_safe(media_type: str, content: bytes) -> None:
    """Refuse bytes that are of another type, damaged, or dangerous to open.

    A picture may have 40 megapixels. A PDF may have no password, scripts, actions that
    start programs, or files inside. No file may be one of another type at the same
    time.

    Raises:
        PaperUnsafeError: With the code of the fault; `/media_type` is named where the
            bytes are of another type than announced.
    """
    check = _CHECKS[MediaType(media_type)]
    fault = check(content) or _double_fault(media_type, content)
    if fault is not None:
        pointer = "/media_type" if fault.startswith("not_") else ""
        raise PaperUnsafeError(
            _DETAILS[fault],
            ({"pointer": pointer, "code": fault, "detail": _DETAILS[fault]},),
        )


def name_fault(name: str) -> str | None:
    """Return what is wrong with the name of a file, None if nothing is.

    A name is one that every file system takes, and no path.
    """
    if _FORBIDDEN_IN_NAME.search(name):
        return "path_or_control_in_name"
    if not name.strip(". ") or name.startswith(".") or name != name.strip():
        return "not_a_file_name"
    return None


def _double_fault(media_type: str, content: bytes) -> str | None:
    """Find files that other programs take for something else."""
    if media_type != MediaType.PDF and _PDF_HEADER in content[:_HEADER_WITHIN]:
        return "pdf_inside"
    if _ARCHIVE_END in content[-_ARCHIVE_WITHIN:]:
        return "archive_inside"
    return None


def _text_fault(content: bytes) -> str | None:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return "not_utf8"
    return "control_character" if _CONTROL.search(text) else None


def _json_fault(content: bytes) -> str | None:
    try:
        strict_json.parse(content, max_bytes=LARGEST_PAPER)
    except MalformedJSONError:
        return "not_json"
    return None


def _token_fault(content: bytes) -> str | None:
    return None if _TOKEN.match(content) else "not_a_token"


_CHECKS: Mapping[MediaType, Callable[[bytes], str | None]] = {
    MediaType.PDF: pdf_fault,
    MediaType.PNG: png_fault,
    MediaType.JPEG: jpeg_fault,
    MediaType.TEXT: _text_fault,
    MediaType.JSON: _json_fault,
    MediaType.VC: _json_fault,
    MediaType.VC_JWT: _token_fault,
    MediaType.SD_JWT: _token_fault,
}
