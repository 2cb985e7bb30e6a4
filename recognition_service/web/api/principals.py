"""The people and systems that act for the caller's authority."""

from flask import Response

from recognition_service.authorities.access import actor_of, all_principals
from recognition_service.authorities.models import Role
from recognition_service.clock import format_instant
from recognition_service.web.access import caller, requires
from recognition_service.web.api.shapes import page_of
from recognition_service.web.bodies import read_query
from recognition_service.web.current import runtime
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page

blueprint = Blueprint(
    "principals", __name__, description="Who acts for an authority, in which roles."
)
_EXAMPLE = {
    "items": [
        {
            "id": "person:0193a1c2-7d1b-7c55-9a51-0d6f2a7e9c31",
            "name": "Bruno",
            "roles": ["officer"],
            "left_at": None,
            "is_caller": True,
        }
    ],
    "next": None,
}


@blueprint.route("/principals")
@requires(Role.OFFICER, Role.SIGNATORY, Role.AUDITOR)
@blueprint.problems(403, 422)
@blueprint.response(200, page_of("People and systems."), example=_EXAMPLE)
def list_principals() -> Response:
    """List who acts for the authority.

    Records of other case systems name the officer who prepared a decision by the `id`
    that stands here.
    """
    read_query(())
    by = caller()
    with runtime().database.reading() as session:
        items = [
            {
                "id": actor_of(principal),
                "name": principal.name,
                "roles": list(principal.roles),
                "left_at": None
                if principal.left_at is None
                else format_instant(principal.left_at),
                "is_caller": principal.id == by.principal_id,
            }
            for principal in all_principals(session, by.authority_id)
        ]
    return json_answer(page(items, None))
