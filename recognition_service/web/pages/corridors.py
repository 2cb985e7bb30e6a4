"""The pages about corridors: what is published from one place to another, and not."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, redirect, request

from recognition_service.equivalence.corridor import Coverage
from recognition_service.equivalence.errors import UnknownCodeError
from recognition_service.runtime.spoken_corridor import (
    corridor_document,
    type_document,
)
from recognition_service.web.current import runtime
from recognition_service.web.pages.complaints import Complaint
from recognition_service.web.pages.places import all_places, level_meaning
from recognition_service.web.pages.rendering import page, page_language

_SHOWN_AT_ONCE = 25
_LONGEST_POSITION = 4
_SEE_OTHER, _NOT_FOUND, _UNPROCESSABLE = 303, 404, 422


def ask() -> Response:
    """Show the form, or lead to the corridor that it asks for."""
    names = ("origin", "destination")
    fields = {name: request.args.get(name, "").strip() for name in names}
    if not any(fields.values()):
        return _form(fields)
    for name in names:
        if not fields[name]:
            return _form(fields, Complaint(f"missing_{name}", name))
        if fields[name] not in runtime().snapshot().tables.jurisdictions:
            return _form(fields, Complaint("unknown_code", name), _NOT_FOUND)
    # Both codes are those of jurisdictions that were found in the tables.
    address = f"/corridors/{fields['origin']}/{fields['destination']}"
    lang = request.args.get("lang")
    query = f"?{urlencode({'lang': lang})}" if lang else ""
    return make_response(redirect(address + query, _SEE_OTHER))


def show(origin: str, destination: str) -> Response:
    """Show what the tables hold about an origin in a destination."""
    fields = {"origin": origin, "destination": destination}
    if origin == destination:
        return _form(fields, Complaint("corridor_same", "destination"))
    try:
        found = runtime().corridor(origin, destination)
    except UnknownCodeError:
        return _form(fields, Complaint("unknown_code"), _NOT_FOUND)
    snapshot, language = found.snapshot, page_language()
    wanted = request.args.get("coverage", "")
    kept = [
        each for each in found.qualifications if wanted in {"", each.coverage.value}
    ]
    begin = min(_position(), max(len(kept) - 1, 0))
    shown = kept[begin : begin + _SHOWN_AT_ONCE]
    end = begin + len(shown)
    meanings = {each.level.id: level_meaning(each.level) for each in found.levels}
    return page(
        "corridor.html",
        corridor=corridor_document(found, language),
        types=[type_document(each, snapshot, language) for each in shown],
        coverages=[coverage.value for coverage in Coverage],
        coverage=wanted if wanted in set(Coverage) else "",
        total=len(kept),
        begin=begin + 1,
        end=end,
        before=max(begin - _SHOWN_AT_ONCE, 0) if begin else None,
        after=end if end < len(kept) else None,
        meanings=meanings,
        edition=snapshot.edition,
    )


def _position() -> int:
    text = request.args.get("from", "")
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_POSITION
    return int(text) if is_number else 0


def _form(
    fields: Mapping[str, str],
    complaint: Complaint | None = None,
    status: int = _UNPROCESSABLE,
) -> Response:
    context: dict[str, Any] = {"fields": fields, "places": all_places()}
    if complaint is None:
        return page("corridors.html", complaints=[], **context)
    return page("corridors.html", status, complaints=[complaint], **context)
