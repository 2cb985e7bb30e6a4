"""Documents of others, handed out as files to be kept, never to be shown.

Source: RFC 6266 section 4; RFC 8187 section 3.2; CSP level 3 section 6.3.2 (sandbox).
"""

from urllib.parse import quote

from flask import Response
from werkzeug.http import dump_options_header

_INERT = "sandbox; default-src 'none'"
"""For who opens a document in a browser in spite of all: it does nothing there."""


def as_file(content: bytes, media_type: str, name: str) -> Response:
    """Return a document with a name in any script; a browser keeps it as a file."""
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = _attachment(name)
    response.headers["Content-Security-Policy"] = _INERT
    return response


def _attachment(name: str) -> str:
    given = (
        {"filename": name}
        if name.isascii()
        else {"filename*": f"UTF-8''{quote(name, safe='')}"}
    )
    return dump_options_header("attachment", given)
