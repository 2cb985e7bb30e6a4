"""What the bodies of a joint award see and may do by REST."""

import pytest

from recognition_service.app import create_app
from recognition_service.authorities.models import Role
from tests.attestations.joint_awards import (
    ISSUERS,
    A,
    B,
    a_complete_award,
    a_joint_award,
    listed,
    pair_of,
    signed,
    states,
    told,
    two_bodies,
)
from tests.builders import a_key

PATH = "/api/v1/attestations"


@pytest.fixture
def office(small_on_sqlite):
    return two_bodies(small_on_sqlite)


@pytest.fixture
def ask(office):
    """Ask as a signatory of a body."""
    client = create_app(office).test_client()
    keys = {body: a_key(office, Role.SIGNATORY, authority_id=body) for body in (A, B)}

    def answer(body, path=None, json=None):
        return client.open(
            PATH if path is None else f"{PATH}/{path}",
            method="GET" if json is None else "PUT",
            json=json,
            headers={"Authorization": f"Bearer {keys[body]}"},
        )

    return answer


def test_each_body_reads_its_own_part_and_not_the_others(office, ask):
    group, first, second = a_complete_award(office)
    found = ask(A, first).json
    assert found["joint"] == {
        "group": str(group),
        "state": "complete",
        "required": list(ISSUERS),
        "signed": list(ISSUERS),
        "role": "A",
        "expires_on": "2026-11-30",
    }
    assert (found["status"], found["decision"]) == ("valid", str(group))
    assert ask(B, first).status_code == ask(A, second).status_code == 404
    (item,) = ask(B).json["items"]
    assert (item["joint"]["role"], item["source"]["origin"]) == ("B", "LV")


def test_what_is_held_is_handed_out_to_its_own_authority_alone(office, ask):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    for path in (f"{first}.jwt", f"{first}.sd-jwt"):
        assert ask(A, path).status_code == 200
        assert ask(B, path).status_code == 404


def test_the_replay_of_both_gives_the_same_digest(office, ask):
    _, first, second = a_complete_award(office)
    found = [ask(A, f"{first}/replay").json, ask(B, f"{second}/replay").json]
    assert [each["match"] for each in found] == [True, True]
    assert found[0]["recomputed_digest"] == found[1]["recomputed_digest"]


def test_what_is_held_is_not_made_valid_by_hand(office, ask):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    body = {"status": "valid", "reason": "error"}
    answer = ask(A, f"{first}/status", body)
    assert answer.status_code == 409
    assert (answer.json["code"], answer.json["allowed"]) == (
        "joint_award_held",
        ["revoked"],
    )
    assert told(office, A, first)[0] == "suspended"


def test_revoking_one_is_a_withdrawal_that_the_lists_of_both_tell_at_once(office, ask):
    group, first, second = a_complete_award(office)
    answer = ask(A, f"{first}/status", {"status": "revoked", "reason": "error"})
    assert (answer.json["status"], answer.json["joint"]["state"]) == (
        "revoked",
        "withdrawn",
    )
    assert states(office, group) == {"withdrawn"}
    assert listed(office, A, first).tsl == {1}
    assert listed(office, B, second).tsl == {2}
    other = ask(B, second).json
    assert (other["status"], other["status_reason"]) == ("suspended", "party_withdrew")
    assert other["history"][-1]["by"] == f"authority:{A}"
    _, theirs = pair_of(office, [first, second])
    report = (
        create_app(office)
        .test_client()
        .post("/api/v1/verifications", json={"credential": theirs})
    )
    assert report.json["verdict"] == "cannot_confirm"
