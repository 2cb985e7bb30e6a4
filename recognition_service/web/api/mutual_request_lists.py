"""Requests to and from other bodies, in lists and in numbers."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.found import day_begins, get_authority, legal_day
from recognition_service.mutual_recognition.conversation import Kind, Side, State
from recognition_service.mutual_recognition.inbox import Filter, Position, list_requests
from recognition_service.mutual_recognition.indicators import count_requests
from recognition_service.mutual_recognition.list_results import (
    item_document,
    results_of,
)
from recognition_service.mutual_recognition.lists import items_of
from recognition_service.mutual_recognition.models import IN, OUT
from recognition_service.mutual_recognition.read import summary, today_of
from recognition_service.mutual_recognition.sides import get_row
from recognition_service.runtime.spoken import REASON, with_texts
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.mutual_requests import READERS
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.bodies import bad_parameter, read_choice, read_query
from recognition_service.web.current import language, runtime
from recognition_service.web.fields import read_date
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page, read_cursor, read_limit, write_cursor

blueprint = Blueprint(
    "mutual-request-lists",
    __name__,
    description="Inbox, outbox and indicators of requests between bodies.",
)
_LIST = "mutual-requests"
_FILTERS = ("box", "status", "kind", "due_before", "case")
_CLOSED = {"box": (IN, OUT), "status": tuple(State), "kind": tuple(Kind)}
_YEAR, _DAY = timedelta(days=365), timedelta(days=1)


@blueprint.route("/mutual-requests")
@requires(*READERS)
@blueprint.doc(
    parameters=[
        query("box", "What came in, or what was sent.", enum=list(_CLOSED["box"])),
        query("status", "Only requests in this state.", enum=list(State)),
        query("kind", "Only requests of this kind.", enum=list(Kind)),
        query(
            "due_before",
            "Only those whose answer is awaited before this day, by their days.",
            format="date",
        ),
        query("case", "Only those that serve this case of yours.", format="uuid"),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 403, 422)
@blueprint.response(
    200,
    page_of("Requests without their content."),
    example=examples.load("mutual_requests"),
)
def list_mutual_requests() -> Response:
    """List requests, without their content.

    Newest first; with `due_before` by the day on which the answer is awaited.
    """
    given = read_query((*_FILTERS, "cursor", "limit"))
    limit, wanted = read_limit(given.get("limit")), _filter(given)
    by = caller().authority_id
    name, filters = f"{by}/{_LIST}", {each: given.get(each) for each in _FILTERS}
    position = read_cursor(name, filters, given.get("cursor"), 2)
    with runtime().database.reading() as session:
        found = list_requests(
            session, by, wanted, after=_position(position), limit=limit + 1
        )
        today = today_of(session, by, runtime().now())
    shown, following = found[:limit], None
    if len(found) > limit:
        last = shown[-1]
        following = write_cursor(name, filters, [str(last.due_on), str(last.id)])
    url = runtime().public_url
    return json_answer(
        page([summary(row, public_url=url, today=today) for row in shown], following)
    )


@blueprint.route("/mutual-requests/<uuid:request_id>/items")
@requires(*READERS)
@blueprint.doc(parameters=list(PAGE_PARAMETERS))
@blueprint.problems(400, 403, 404, 422)
@blueprint.response(
    200, page_of("Rows of a list."), example=examples.load("mutual_items")
)
def list_mutual_items(request_id: UUID) -> Response:
    """List the rows of a list, with what the tables propose and what was decided.

    Who is asked sees how its cases stand; who asks sees that with the answer.
    """
    given = read_query(("cursor", "limit"))
    limit, by = read_limit(given.get("limit")), caller().authority_id
    name = f"{by}/{_LIST}/{request_id}/items"
    position = read_cursor(name, {}, given.get("cursor"), 1)
    after = int(position[0]) if position else 0
    with runtime().database.reading() as session:
        get_row(session, by, request_id)
        found = items_of(session, by, request_id, after=after, limit=limit + 1)
        results = results_of(session, by, found)
    shown, following = found[:limit], None
    if len(found) > limit:
        following = write_cursor(name, {}, [shown[-1].position])
    documents = [item_document(item, results[item.position]) for item in shown]
    return json_answer(page([_spoken(each) for each in documents], following))


@blueprint.route("/mutual-requests/indicators")
@requires(*READERS)
@blueprint.doc(
    parameters=[
        query("since", "First day of sending; else a year ago.", format="date"),
        query("until", "Last day of sending; else today.", format="date"),
    ]
)
@blueprint.problems(403, 422)
@blueprint.response(
    200,
    {"type": "object", "required": ["since", "until", "asked", "was_asked"]},
    example=examples.load("mutual_indicators"),
)
def get_mutual_indicators() -> Response:
    """Count how requests were dealt with: accepted in a week, answered in time.

    Separately for what your authority asked and for what it was asked.
    """
    given = read_query(("since", "until"))
    by, now = caller().authority_id, runtime().now()
    with runtime().database.reading() as session:
        authority = get_authority(session, by)
        today = legal_day(authority, now)
        until = _day(given, "until") or today
        since = _day(given, "since") or until - _YEAR
        counted = {
            name: count_requests(
                session,
                by,
                side,
                since=day_begins(authority, since),
                until=day_begins(authority, until + _DAY),
                today=today,
            )
            for name, side in (("asked", Side.ASKER), ("was_asked", Side.ANSWERER))
        }
    return json_answer(
        {
            "since": since.isoformat(),
            "until": until.isoformat(),
            **{name: asdict(counts) for name, counts in counted.items()},
        }
    )


def _spoken(document: dict[str, Any]) -> dict[str, Any]:
    """Put sentences beside the codes of the proposal, in the caller's language."""
    proposal = document["proposal"]
    if proposal is not None:
        reasons = with_texts(REASON, proposal["reasons"], language())
        document["proposal"] = {**proposal, "reasons": reasons}
    return document


def _filter(given: dict[str, str]) -> Filter:
    for name, values in _CLOSED.items():
        read_choice(given, name, values)
    return Filter(
        box=given.get("box"),
        status=given.get("status"),
        kind=given.get("kind"),
        due_before=_day(given, "due_before"),
        case_id=_case(given),
    )


def _day(given: dict[str, str], name: str) -> date | None:
    if name not in given:
        return None
    day = read_date(given[name])
    if day is None:
        raise bad_parameter(name, "not_a_date", "A date as 2026-11-02 is expected.")
    return day


def _case(given: dict[str, str]) -> UUID | None:
    try:
        return UUID(given["case"]) if "case" in given else None
    except ValueError as error:
        raise bad_parameter("case", "not_an_id", "An id (UUID) is expected.") from error


def _position(position: list[Any] | None) -> Position | None:
    if position is None:
        return None
    day, row_id = position
    return read_date(day), UUID(str(row_id))
