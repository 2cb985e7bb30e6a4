"""Pages of a list of the caller's authority, by id and narrowed by one state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.web.access import caller
from recognition_service.web.bodies import read_choice, read_query
from recognition_service.web.json_answers import json_answer
from recognition_service.web.paging import page, read_cursor, read_limit, write_cursor


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Which page the query asks for.

    Attributes:
        owner: The caller's authority.
        state: The only state that is wanted; None: all.
        after: Id of the last item of the page before; None: the first page.
        limit: How many items are shown; one more tells whether a page follows.
    """

    name: str
    parameter: str
    owner: str
    state: str | None
    after: UUID | None
    limit: int

    def answer(self, items: Sequence[dict[str, Any]], *, found: int) -> Response:
        """Answer with the items that are shown, of how many were found."""
        following = None
        if found > self.limit:
            filters = {self.parameter: self.state}
            following = write_cursor(self.name, filters, [items[-1]["id"]])
        return json_answer(page(list(items), following))


def read_own_page(name: str, parameter: str, states: Iterable[str]) -> OwnPage:
    """Return which page of one of the caller's lists is asked for.

    Args:
        name: Of the list.
        parameter: Of the query, that names a state.
        states: What it may name.

    Raises:
        InvalidParametersError: A parameter of the query does not fit.
        InvalidCursorError: The cursor belongs to another list or filter.
    """
    given = read_query((parameter, "cursor", "limit"))
    owner, state = caller().authority_id, read_choice(given, parameter, states)
    limit, of_list = read_limit(given.get("limit")), f"{owner}/{name}"
    position = read_cursor(of_list, {parameter: state}, given.get("cursor"), 1)
    after = UUID(str(position[0])) if position else None
    return OwnPage(of_list, parameter, owner, state, after, limit)
