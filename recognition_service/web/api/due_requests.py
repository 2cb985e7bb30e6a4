"""The list of cases by the day on which they are due."""

from datetime import date
from uuid import UUID

from flask import Response

from recognition_service.recognition.case_file import list_due
from recognition_service.recognition.read import summary
from recognition_service.web.access import caller
from recognition_service.web.bodies import read_day, read_query
from recognition_service.web.current import runtime
from recognition_service.web.json_answers import json_answer
from recognition_service.web.paging import page, read_cursor, read_limit, write_cursor

_PARAMETER = "due_before"


def list_due_requests() -> Response:
    """Answer with a page of the caller's cases that are due before a day.

    Raises:
        InvalidParametersError: A parameter of the query does not fit.
        InvalidCursorError: The cursor belongs to another list or filter.
    """
    given = read_query((_PARAMETER, "cursor", "limit"))
    owner, before = caller().authority_id, read_day(given, _PARAMETER)
    name, limit = f"{owner}/recognition-requests-due", read_limit(given.get("limit"))
    filters = {_PARAMETER: before.isoformat()}
    position = read_cursor(name, filters, given.get("cursor"), 2)
    after = (
        (date.fromisoformat(str(position[0])), UUID(str(position[1])))
        if position
        else None
    )
    with runtime().database.reading() as session:
        found = list_due(session, owner, before=before, after=after, limit=limit + 1)
    items = [summary(row, public_url=runtime().public_url) for row in found[:limit]]
    following = None
    if len(found) > limit:
        last = items[-1]
        following = write_cursor(name, filters, [last["due_on"], last["id"]])
    return json_answer(page(items, following))
