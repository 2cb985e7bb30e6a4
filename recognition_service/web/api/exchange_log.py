"""What went to other installations and came from them, for the authority concerned."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.credentials.exchange_message import RECEIVED, REFUSED
from recognition_service.exchange.post import State
from recognition_service.exchange.post_log import received_messages, sent_messages
from recognition_service.web.access import requires
from recognition_service.web.api.own_lists import read_own_page
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.current import runtime
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "exchange-log",
    __name__,
    description="Messages to and from other installations, and what became of them.",
)
_READERS = (Role.OFFICER, Role.SIGNATORY, Role.AUDITOR, Role.OPERATOR)
_EMPTY: dict[str, Any] = {"items": [], "next": None}
_List = Callable[..., list[dict[str, Any]]]


@blueprint.route("/exchange/sent")
@requires(*_READERS)
@blueprint.doc(
    parameters=[
        query("state", "Only messages in this state.", enum=list(State)),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 403, 422)
@blueprint.response(200, page_of("Messages without their bodies."), example=_EMPTY)
def list_sent_messages() -> Response:
    """List what your authority has sent to other installations, newest first.

    A message waits until the other side has taken it (`received`) or will not
    (`refused`, with `code`); after thirty days in vain it is `expired`.
    """
    return _page("exchange-sent", list(State), sent_messages)


@blueprint.route("/exchange/received")
@requires(*_READERS)
@blueprint.doc(
    parameters=[
        query("state", "Only messages in this state.", enum=[RECEIVED, REFUSED]),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 403, 422)
@blueprint.response(200, page_of("Messages without their bodies."), example=_EMPTY)
def list_received_messages() -> Response:
    """List what came to your authority from other installations, newest first.

    What was refused for good is among it, with its `code`. Messages whose sender is
    not proven are not kept.
    """
    return _page("exchange-received", [RECEIVED, REFUSED], received_messages)


def _page(name: str, states: Iterable[str], found_by: _List) -> Response:
    asked = read_own_page(name, "state", states)
    with runtime().database.reading() as session:
        found = found_by(
            session,
            asked.owner,
            state=asked.state,
            after=asked.after,
            limit=asked.limit + 1,
        )
    return asked.answer(found[: asked.limit], found=len(found))
