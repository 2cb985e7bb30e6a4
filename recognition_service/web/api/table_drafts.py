"""An authority's own rows in the tables: drafted, approved by another, published."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.clock import format_instant
from recognition_service.editions.drafts import (
    DraftState,
    abandon_draft,
    get_draft,
    list_drafts,
)
from recognition_service.editions.models import TableDraft
from recognition_service.editions.overlay import Contents, current_contents
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.casework_bodies import EmptyIn
from recognition_service.web.api.own_lists import read_own_page
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.api.table_draft_bodies import TableDraftIn, drafting
from recognition_service.web.bodies import reads_up_to
from recognition_service.web.current import runtime
from recognition_service.web.etags import entity_tag, if_match, require_version
from recognition_service.web.idempotent import idempotent
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "table-drafts",
    __name__,
    description="Rows of an authority's own in the equivalence tables.",
)
READERS = (Role.CLERK, Role.OFFICER, Role.SIGNATORY, Role.AUDITOR)
_ONE = "/tables/drafts/<uuid:draft_id>"
_LARGEST_DRAFT = 16 << 20
SHAPE = {"type": "object", "required": ["id", "state", "title", "changes"]}
_EXAMPLE = examples.load("table_draft")


@blueprint.route("/tables/drafts", methods=["POST"])
@requires(Role.OFFICER)
@reads_up_to(_LARGEST_DRAFT)
@idempotent
@blueprint.arguments(TableDraftIn, example=examples.load("table_draft_body"))
@blueprint.problems(403, 422)
@blueprint.response(201, SHAPE, example=_EXAMPLE)
def post_table_draft(body: Mapping[str, Any]) -> Response:
    """Draft rows of your own over the shared tables.

    Rows are written out (`changes`; content null withdraws a row), confirmed from a
    source that you have read (`confirmations`), or made of decisions that are to guide
    the next ones (`precedents`: attestations). All tables are checked as they would be;
    nothing is answered with a draft.
    """
    draft = runtime().draft_rows(caller(), drafting(body))
    answer = show_draft(draft.id, 201)
    answer.headers["Location"] = f"/api/v1/tables/drafts/{draft.id}"
    return answer


@blueprint.route("/tables/drafts")
@requires(*READERS)
@blueprint.doc(
    parameters=[
        query("state", "Only drafts in this state.", enum=list(DraftState)),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 403, 422)
@blueprint.response(
    200, page_of("Drafts without their rows."), example={"items": [], "next": None}
)
def list_table_drafts() -> Response:
    """List your authority's drafts, newest first."""
    asked = read_own_page("table-drafts", "state", DraftState)
    with runtime().database.reading() as session:
        found = list_drafts(
            session,
            asked.owner,
            state=asked.state,
            after=asked.after,
            limit=asked.limit + 1,
        )
    items = [_summary(draft) for draft in found[: asked.limit]]
    return asked.answer(items, found=len(found))


@blueprint.route(_ONE)
@requires(*READERS)
@blueprint.problems(403, 404)
@blueprint.response(200, SHAPE, example=_EXAMPLE)
def get_table_draft(draft_id: UUID) -> Response:
    """Show a draft, each row beside what answers you now."""
    return show_draft(draft_id)


@blueprint.route(f"{_ONE}/approval", methods=["PUT"])
@requires(Role.SIGNATORY)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409, 422)
@blueprint.response(200, SHAPE, example=_EXAMPLE)
def put_table_draft_approval(body: Mapping[str, Any], draft_id: UUID) -> Response:
    """Approve a draft as the second person, and publish it.

    From then on your authority is answered with these rows, and nobody else. What was
    attested before stays as it is and can be replayed.
    """
    del body
    runtime().approve_rows(caller(), draft_id, check=require_version)
    return show_draft(draft_id)


@blueprint.route(f"{_ONE}/abandonment", methods=["PUT"])
@requires(Role.OFFICER, Role.SIGNATORY)
@if_match()
@blueprint.arguments(EmptyIn)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, SHAPE, example=_EXAMPLE)
def put_table_draft_abandonment(body: Mapping[str, Any], draft_id: UUID) -> Response:
    """Give up a draft."""
    del body
    with runtime().database.transaction() as session:
        abandon_draft(
            session, caller(), draft_id, check=require_version, now=runtime().now()
        )
    return show_draft(draft_id)


def show_draft(draft_id: UUID, status: int = 200) -> Response:
    """Return a draft whole, as its authority sees it."""
    owner = caller().authority_id
    with runtime().database.reading() as session:
        draft = get_draft(session, owner, draft_id)
        is_open = draft.state == DraftState.DRAFT
        contents = current_contents(session, owner) if is_open else {}
    document = {
        **_summary(draft),
        "told": draft.told,
        "changes": [_change(each, contents) for each in draft.changes],
    }
    return json_answer(document, status, {"ETag": entity_tag(draft.version)})


def _summary(draft: TableDraft) -> dict[str, Any]:
    return {
        "id": str(draft.id),
        "state": draft.state,
        "title": draft.title,
        "rows": len(draft.changes),
        "drafted_by": draft.drafted_by,
        "drafted_at": format_instant(draft.drafted_at),
        "ended_by": draft.ended_by,
        "ended_at": format_instant(draft.ended_at) if draft.ended_at else None,
        "edition": draft.edition_digest,
    }


def _change(each: Mapping[str, Any], contents: Contents) -> dict[str, Any]:
    """Return a change beside the row that answers now, while the draft is open."""
    return {**each, "before": contents.get(each["table"], {}).get(each["id"])}
