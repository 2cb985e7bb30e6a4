"""Another authority's object is answered like one that does not exist.

`CASES` has one entry for every route that needs a key and names an object in its
path. Each case makes an object of be-fr-demo, which must succeed for its owner, and
is then asked by the same person of another authority.
"""

import json
from uuid import UUID

import pytest

from recognition_service.web.access import REQUIRED_ROLES
from tests.journeys.office import a_partial_decision, a_technician

METHODS = {"GET", "PUT", "POST", "PATCH", "DELETE"}
UNKNOWN = UUID("0193a1c2-0000-7000-8000-000000000000")
REQUEST = "/api/v1/recognition-requests/<uuid:request_id>"
ATTESTATION = "/api/v1/attestations/<uuid:attestation_id>"
ORDER = "/api/v1/standing-orders/<instrument>"


def a_case(office):
    return office.post("/recognition-requests", a_technician()).json["id"]


def a_prepared_case(office):
    case = a_case(office)
    assert office.decide(case, a_partial_decision()).status_code == 200
    return case


def an_attestation(office):
    return office.sign(a_prepared_case(office)).json["attestation"]["id"]


CASES = {
    ("GET", REQUEST): (a_case, None, "officer", 200),
    ("POST", f"{REQUEST}/evidence"): (
        a_case,
        {"authenticity": {"grade": "scan"}},
        "officer",
        200,
    ),
    ("PUT", f"{REQUEST}/decision"): (a_case, a_partial_decision(), "officer", 200),
    ("PUT", f"{REQUEST}/decision/signature"): (a_prepared_case, {}, "signatory", 200),
    ("PUT", f"{REQUEST}/withdrawal"): (a_case, {}, "officer", 200),
    ("POST", f"{REQUEST}/claim-codes"): (a_case, {}, "officer", 201),
    ("GET", ATTESTATION): (an_attestation, None, "officer", 200),
    ("GET", f"{ATTESTATION}.jwt"): (an_attestation, None, "officer", 200),
    ("GET", f"{ATTESTATION}/replay"): (an_attestation, None, "officer", 200),
    ("PUT", f"{ATTESTATION}/status"): (
        an_attestation,
        {"status": "revoked", "reason": "error"},
        "officer",
        200,
    ),
}
# The path names an instrument of the shared tables; the order is always one's own.
OWN_BY_NAME = {
    ("PUT", ORDER),
    ("PUT", f"{ORDER}/approval"),
    ("PUT", f"{ORDER}/end"),
}


def test_every_route_with_an_object_has_a_case(app):
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.arguments and hasattr(app.view_functions[rule.endpoint], REQUIRED_ROLES)
        for method in rule.methods & METHODS
    }
    assert routes == set(CASES) | OWN_BY_NAME


@pytest.mark.parametrize("case", sorted(CASES), ids=" ".join)
def test_another_authority_finds_nothing_and_changes_nothing(office_of, case):
    method, rule = case
    make, body, post, expected = CASES[case]
    owner, stranger = office_of("be-fr-demo"), office_of("de-chamber-demo")
    identifier = make(owner)
    answers = [
        ask(stranger, method, rule, made, body, post)
        for made in (identifier, str(UNKNOWN))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert told(answers[0], identifier) == told(answers[1], str(UNKNOWN))
    succeeded = ask(owner, method, rule, identifier, body, post)
    assert succeeded.status_code == expected, succeeded.json


def test_an_order_of_one_authority_is_no_order_of_another(office_of):
    stranger, owner = office_of("de-chamber-demo"), office_of("be-fl-demo")
    path = "/standing-orders/benelux-baltic-2024"
    assert stranger.call("PUT", f"{path}/end", {}).status_code == 404
    assert (
        stranger.call("PUT", f"{path}/approval", {}, as_="signatory").status_code == 404
    )
    assert stranger.call("PUT", path, {"note": "Mine"}).json["in_force"] is False
    (own,) = owner.get("/standing-orders").json["items"]
    assert (own["in_force"], own["note"]) == (True, "Example")


def test_lists_show_an_authority_its_own_only(office_of):
    an_attestation(office_of("be-fr-demo"))
    stranger = office_of("de-chamber-demo")
    assert stranger.get("/attestations").json["items"] == []
    assert stranger.get("/recognition-requests").json["items"] == []


def ask(office, method, rule, identifier, body, post):  # noqa: PLR0917
    path = rule.removeprefix("/api/v1")
    for argument in ("<uuid:request_id>", "<uuid:attestation_id>"):
        path = path.replace(argument, identifier)
    return office.call(method, path, body, as_=post, **{"If-Match": "*"})


def told(answer, identifier):
    """Return what an answer tells, without what must differ."""
    text = json.dumps({**answer.json, "request_id": None})
    return text.replace(identifier, "*")
