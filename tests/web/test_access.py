"""Who gets in, and what they are told who do not."""

import pytest

from recognition_service.authorities.access import revoke_api_key
from recognition_service.authorities.models import Role
from recognition_service.web.access import caller, requires
from recognition_service.web.openapi import Blueprint


@pytest.fixture
def get(probe):
    blueprint = Blueprint("probe", __name__)

    @blueprint.route("/officers-only")
    @requires(Role.OFFICER, Role.SIGNATORY)
    @blueprint.response(200)
    def officers_only():
        return {"authority": caller().authority_id, "name": caller().name}

    @blueprint.route("/anybody")
    @requires()
    @blueprint.response(200)
    def anybody():
        return {"name": caller().name}

    client = probe(blueprint)
    return lambda path, **headers: client.get(f"/api/v1/{path}", headers=headers)


def test_a_key_speaks_for_its_principal(get, keys):
    answer = get("officers-only", Authorization=f"Bearer {keys['bruno']}")
    assert answer.json == {"authority": "be-fl", "name": "bruno"}


def test_the_scheme_may_be_in_lower_case(get, keys):
    assert get("anybody", Authorization=f"bearer {keys['chen']}").status_code == 200


def test_another_role_is_forbidden(get, keys):
    answer = get("officers-only", Authorization=f"Bearer {keys['chen']}")
    assert (answer.status_code, answer.json["code"]) == (403, "role_missing")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "unauthenticated"),
        ("", "unauthenticated"),
        ("Bearer", "unauthenticated"),
        ("Bearer ", "unauthenticated"),
        ("Basic YTpi", "unauthenticated"),
        ("Bearer rk_live_unknown", "api_key_unknown"),
        ("Bearer " + "x" * 5_000, "api_key_unknown"),
        ("Bearer rk_test_' or 1=1 --", "api_key_unknown"),
        ("Bearer rk_test_é", "api_key_unknown"),
    ],
)
def test_without_a_good_key_nobody_gets_in(get, header, code):
    sent = {} if header is None else {"Authorization": header}
    answer = get("officers-only", **sent)
    assert (answer.status_code, answer.json["code"]) == (401, code)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.usefixtures("keys")
def test_a_withdrawn_key_works_no_longer(get, runtime, hire):
    key = hire("dora", "be-fl", Role.OFFICER)
    assert get("anybody", Authorization=f"Bearer {key}").status_code == 200
    with runtime.database.transaction() as session:
        revoke_api_key(session, "be-fl", key[:16], actor="service", now=runtime.now())
    assert get("anybody", Authorization=f"Bearer {key}").status_code == 401


def test_nothing_is_read_before_the_key(probe):
    blueprint = Blueprint("probe", __name__)

    @blueprint.route("/probe", methods=["POST"])
    @requires(Role.OFFICER)
    @blueprint.response(200)
    def post_probe():
        return {}

    answer = probe(blueprint).post("/api/v1/probe", data=b"not json at all")
    assert answer.status_code == 401
