"""Rules of eligibility over attestations, and the people who opted in to one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.found import get_authority
from recognition_service.authorities.models import Mode, Role
from recognition_service.clock import format_instant
from recognition_service.delivery.eligibility import RulePurpose
from recognition_service.delivery.eligibility_rules import (
    Candidate,
    NewRule,
    candidates,
    opt_in,
    opt_out,
    own_rule,
    publish_rule,
    published_rule,
    published_rules,
    withdraw_rule,
)
from recognition_service.delivery.models import EligibilityRule
from recognition_service.web.access import caller, requires
from recognition_service.web.api.claims import claim_token
from recognition_service.web.api.eligibility_bodies import (
    EligibilityRuleIn,
    OptInIn,
    read_criteria,
)
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of
from recognition_service.web.bodies import read_query
from recognition_service.web.current import runtime
from recognition_service.web.headers import for_any_origin
from recognition_service.web.idempotent import idempotent
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page, read_cursor, read_limit, write_cursor

blueprint = Blueprint(
    "eligibility",
    __name__,
    description="What is asked of attestations, and who opted in.",
)
_LIST = "eligibility-rules"
_ONE = f"/{_LIST}/<uuid:rule_id>"
_BEARER: list[dict[str, list[str]]] = [{"bearer": []}]
_NOT_KEPT = {"Cache-Control": "no-store"}
_SHAPE = {"type": "object", "required": ["id", "authority", "purpose", "criteria"]}
_BODY = {
    "purpose": "admission",
    "title": {"en": "Nurses for the hospitals of Flanders"},
    "criteria": {
        "decision_kinds": ["professional_access", "licence"],
        "outcomes": ["full", "automatic"],
        "destination": "BE-FL",
        "profession": "nurse_general",
        "level": {"framework": "EQF", "level": "5"},
        "language": {"language": "nl", "scale": "CEFR", "level": "B2"},
        "age": {"from": 18, "to": 35, "legal_basis": "Agreement, article 4"},
    },
}
_EXAMPLE = {
    "id": "01a19b7c-a680-7000-8000-000000000001",
    "authority": {"id": "be-fl-demo", "name": "…", "is_test": True},
    **_BODY,
    "published_at": "2026-11-02T09:00:00Z",
}
_RESULTS = {"valid": "met", "decision_kind": "met", "destination": "met"}
_CANDIDATE = {
    "reference": "6f1d7a52-3c3f-4a53-9c38-5f2f0a4e7b11",
    "fulfils": "met",
    "criteria": _RESULTS,
    "name": None,
}


@blueprint.route(f"/{_LIST}", methods=["POST"])
@requires(Role.OFFICER)
@idempotent
@blueprint.arguments(EligibilityRuleIn, example=_BODY)
@blueprint.problems(403, 422)
@blueprint.response(201, _SHAPE, example=_EXAMPLE)
def publish_eligibility_rule(body: Mapping[str, Any]) -> Response:
    """Publish a rule over attestations; people opt in to it by themselves.

    A language is met by a certificate of the person's case that shows it on the day,
    and for which somebody else vouches. A limit of age needs its legal basis. Both are
    of admission: a rule of recognition with one is refused, and so is every rule that
    asks for sex or nationality. A rule never changes; withdraw it and publish another.
    """
    by, now = caller(), runtime().now()
    snapshot = runtime().edition(by.authority_id).compiled.snapshot
    new = NewRule(
        RulePurpose(body["purpose"]), body["title"], read_criteria(body["criteria"])
    )
    with runtime().database.transaction() as session:
        rule = publish_rule(session, by, new, snapshot=snapshot, now=now)
        document = _document(session, rule)
    answer = json_answer(document, 201)
    answer.headers["Location"] = f"/api/v1/{_LIST}/{document['id']}"
    return answer


@blueprint.route(f"/{_LIST}")
@for_any_origin
@blueprint.doc(parameters=list(PAGE_PARAMETERS))
@blueprint.problems(400, 422)
@blueprint.response(
    200,
    page_of("Rules that are published."),
    example={"items": [_EXAMPLE], "next": None},
)
def list_eligibility_rules() -> Response:
    """List the rules of all authorities, oldest first.

    No key is needed: who might opt in has to know what is asked.
    """
    given = read_query(("cursor", "limit"))
    limit = read_limit(given.get("limit"))
    position = read_cursor(_LIST, {}, given.get("cursor"), 1)
    with runtime().database.reading() as session:
        found = published_rules(
            session,
            after=UUID(str(position[0])) if position else None,
            limit=limit + 1,
        )
        items = [_document(session, each) for each in found[:limit]]
    following = (
        write_cursor(_LIST, {}, [items[-1]["id"]]) if len(found) > limit else None
    )
    return json_answer(page(items, following))


@blueprint.route(_ONE)
@for_any_origin
@blueprint.problems(404)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def get_eligibility_rule(rule_id: UUID) -> Response:
    """Show a rule; what is empty or null is not asked for."""
    with runtime().database.reading() as session:
        return json_answer(_document(session, published_rule(session, rule_id)))


@blueprint.route(_ONE, methods=["DELETE"])
@requires(Role.OFFICER)
@blueprint.problems(403, 404)
@blueprint.response(204)
def withdraw_eligibility_rule(rule_id: UUID) -> Response:
    """Withdraw a rule; who opted in to it is forgotten."""
    with runtime().database.transaction() as session:
        withdraw_rule(session, caller(), rule_id, now=runtime().now())
    return Response(status=204)


@blueprint.route(f"{_ONE}/candidates")
@requires(Role.CLERK, Role.OFFICER)
@blueprint.doc(parameters=list(PAGE_PARAMETERS))
@blueprint.problems(400, 403, 404, 422)
@blueprint.response(
    200,
    page_of("Opaque references of those who opted in and may fulfil the rule now."),
    example={"items": [_CANDIDATE], "next": None},
)
def list_eligible_candidates(rule_id: UUID) -> Response:
    """List who opted in and fulfils a rule now, by references that mean nothing else.

    Each criterion is `met` or `not_known`; who does not meet one is not told. The
    references are random, so their order ranks nobody, and a page may be short. A
    name is there only if the person wants it to be.
    """
    given = read_query(("cursor", "limit"))
    by, limit = caller().authority_id, read_limit(given.get("limit"))
    name = f"{by}/{_LIST}/{rule_id}/candidates"
    position = read_cursor(name, {}, given.get("cursor"), 1)
    snapshot = runtime().edition(by).compiled.snapshot
    with runtime().database.reading() as session:
        found, last = candidates(
            session,
            own_rule(session, by, rule_id),
            snapshot=snapshot,
            after=UUID(str(position[0])) if position else None,
            limit=limit,
            now=runtime().now(),
        )
    following = write_cursor(name, {}, [str(last)]) if last else None
    return json_answer(page([_told(each) for each in found], following))


@blueprint.route("/claims/opt-ins", methods=["POST"])
@blueprint.doc(security=_BEARER)
@blueprint.arguments(
    OptInIn,
    example={
        "rule": "01a19b7c-a680-7000-8000-000000000001",
        "disclose_name": False,
    },
)
@blueprint.problems(401, 404)
@blueprint.response(
    200,
    {"type": "object", "required": ["reference", "fulfils", "criteria"]},
    example=_CANDIDATE,
)
def add_claim_opt_in(body: Mapping[str, Any]) -> Response:
    """Opt in to a rule with the token of a claim; see which criteria are met.

    The authority of the rule learns a random reference and the criteria, and the name
    only with `disclose_name`; the authority of the case learns nothing.
    """
    with runtime().database.reading() as session:
        owner = published_rule(session, body["rule"]).authority_id
    snapshot = runtime().edition(owner).compiled.snapshot
    with runtime().database.transaction() as session:
        candidate = opt_in(
            session,
            claim_token(),
            body["rule"],
            disclose_name=body["disclose_name"],
            snapshot=snapshot,
            now=runtime().now(),
        )
    return json_answer(_told(candidate), headers=_NOT_KEPT)


@blueprint.route("/claims/opt-ins/<uuid:rule_id>", methods=["DELETE"])
@blueprint.doc(security=_BEARER)
@blueprint.problems(401, 404)
@blueprint.response(204)
def delete_claim_opt_in(rule_id: UUID) -> Response:
    """Opt out of a rule; nothing of the person is left with it."""
    with runtime().database.transaction() as session:
        opt_out(session, claim_token(), rule_id, now=runtime().now())
    return Response(status=204, headers=_NOT_KEPT)


def _document(session: Any, rule: EligibilityRule) -> dict[str, Any]:
    authority = get_authority(session, rule.authority_id)
    return {
        "id": str(rule.id),
        "authority": {
            "id": authority.id,
            "name": authority.name,
            "is_test": authority.mode == Mode.TEST,
        },
        "purpose": rule.purpose,
        "title": rule.title,
        "criteria": rule.criteria,
        "published_at": format_instant(rule.published_at),
    }


def _told(candidate: Candidate) -> dict[str, Any]:
    return {
        "reference": str(candidate.reference),
        "fulfils": candidate.fulfils.value,
        "criteria": {
            criterion.value: met.value for criterion, met in candidate.results.items()
        },
        "name": dict(candidate.name) if candidate.name else None,
    }
