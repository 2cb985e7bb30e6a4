"""The page of the directory: a form, and all that is known of one way."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from recognition_service.equivalence.errors import UnknownCodeError
from recognition_service.runtime.spoken_directory import directory_document
from recognition_service.statistics.directory import Way
from recognition_service.web.current import runtime
from recognition_service.web.pages.complaints import Complaint
from recognition_service.web.pages.places import all_places, profession
from recognition_service.web.pages.programmes import shown_name
from recognition_service.web.pages.rendering import page, page_language

_FIELDS = ("origin", "destination", "profession")
_NOT_FOUND, _UNPROCESSABLE = 404, 422


def show() -> Response:
    """Show the form or, once both places are named, what is known."""
    fields = {name: request.args.get(name, "").strip() for name in _FIELDS}
    if not any(fields.values()):
        return _form(fields)
    for name in ("origin", "destination"):
        if not fields[name]:
            return _form(fields, Complaint(f"missing_{name}", name))
    way = Way(
        origin=fields["origin"],
        destination=fields["destination"],
        profession=fields["profession"] or None,
        purpose=None,
        on=runtime().now().date(),
    )
    try:
        found = runtime().directory(way)
    except UnknownCodeError as error:
        return _form(
            fields, Complaint("unknown_code", _blamed(error, fields)), _NOT_FOUND
        )
    document = directory_document(found, "", page_language())
    return page(
        "directory.html",
        directory=document,
        unknown={each["part"]: each["text"] for each in document["unknown"]},
        edition=found.snapshot.edition,
        shown_name=shown_name,
    )


def _blamed(error: UnknownCodeError, fields: Mapping[str, str]) -> str:
    """Return the field whose code nobody knows."""
    return next(name for name in _FIELDS if fields[name] == error.unknown)


def _form(
    fields: Mapping[str, str],
    complaint: Complaint | None = None,
    status: int = _UNPROCESSABLE,
) -> Response:
    known = runtime().snapshot().tables.professions
    named = sorted(
        ((code, profession(code)) for code in known),
        key=lambda pair: pair[1].casefold(),
    )
    context: dict[str, Any] = {
        "fields": fields,
        "places": all_places(),
        "professions": named,
    }
    if complaint is None:
        return page("directory_form.html", complaints=[], **context)
    return page("directory_form.html", status, complaints=[complaint], **context)
