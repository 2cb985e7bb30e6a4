"""What would come out differently if a draft of table rows were published."""

from uuid import UUID

from flask import Response

from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.recognition.impact import (
    Looked,
    Part,
    affected_attestations,
    affected_cases,
    count_examined,
)
from recognition_service.runtime.impact_report import affected_document
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.shapes import PAGE_PARAMETERS
from recognition_service.web.api.table_drafts import READERS
from recognition_service.web.bodies import read_query
from recognition_service.web.current import runtime
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import read_cursor, write_cursor

blueprint = Blueprint(
    "table-impact", __name__, description="What own rows in the tables would change."
)
_EXAMINED = 5_000


@blueprint.route("/tables/drafts/<uuid:draft_id>/impact")
@requires(*READERS)
@blueprint.doc(parameters=[PAGE_PARAMETERS[0]])
@blueprint.problems(400, 403, 404, 409)
@blueprint.response(
    200,
    {"type": "object", "required": ["items", "examined", "total", "next"]},
    example=examples.load("table_draft_impact"),
)
def get_table_draft_impact(draft_id: UUID) -> Response:
    """Tell which attestations and open cases would come out differently.

    Nothing is changed. The report is read in parts: ask again with `next` until it is
    null; `examined` and `total` tell how far it is.
    """
    owner = caller().authority_id
    name, filters = f"{owner}/impact", {"draft": draft_id}
    given = read_query(("cursor",)).get("cursor")
    position = read_cursor(name, filters, given, 2) or [Looked.ATTESTATION, ""]
    kind, last = Looked(str(position[0])), str(position[1])
    after = UUID(last) if last else None
    part, total = _examined(owner, draft_id, kind, after)
    following = [kind, str(part.last)] if part.last else None
    if following is None and kind is Looked.ATTESTATION:
        following = [Looked.CASE, ""]
    return json_answer(
        {
            "items": [affected_document(each) for each in part.affected],
            "examined": {kind.value: part.examined},
            "total": total,
            "next": write_cursor(name, filters, following) if following else None,
        }
    )


def _examined(
    owner: str, draft_id: UUID, kind: Looked, after: UUID | None
) -> tuple[Part, dict[str, int]]:
    edition = runtime().tried_edition(owner, draft_id)
    with runtime().database.reading() as session:
        total = count_examined(session, owner)
        if kind is Looked.ATTESTATION:
            part = affected_attestations(
                session, owner, edition, after=after, limit=_EXAMINED
            )
        else:
            today = legal_day(get_authority(session, owner), runtime().now())
            part = affected_cases(
                session, owner, edition, today=today, after=after, limit=_EXAMINED
            )
    return part, total
