"""Revoking and suspending what the VC-API has signed; everybody can look it up."""

import base64
import gzip
from collections import Counter
from uuid import uuid4

import pytest
from sqlalchemy import select

from recognition_service.credentials import multikey
from recognition_service.credentials.data_integrity import check_proof
from recognition_service.storage.models import AuditEntry
from tests.web.vc_api.conftest import PUBLIC_URL, Somebody
from tests.web.vc_api.conftest import a_credential as a_credential_of

REVOCATION = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
SUSPENSION = {"type": "BitstringStatusListEntry", "statusPurpose": "suspension"}


@pytest.fixture
def credential_id():
    """The installations are shared: each test signs under an id of its own."""
    return f"urn:uuid:{uuid4()}"


@pytest.fixture
def a_credential(credential_id):
    return lambda **changes: a_credential_of(id=credential_id, **changes)


@pytest.fixture
def change(door, credential_id):
    return lambda entry, *, status, of=credential_id: door.post(
        "/credentials/status",
        {"credentialId": of, "credentialStatus": entry, "status": status},
    )


@pytest.fixture(params=["on_sqlite", "on_postgresql"])
def installation(request):
    return request.getfixturevalue(request.param)


def listed(client, entry):
    """Return the list credential of an entry, and whether its place is set."""
    path = entry["statusListCredential"].removeprefix(PUBLIC_URL)
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    packed = answer.json["credentialSubject"]["encodedList"]
    assert packed[0] == "u"
    bits = gzip.decompress(base64.urlsafe_b64decode(packed[1:] + "=="))
    assert len(bits) * 8 >= 131_072
    index = int(entry["statusListIndex"])
    return answer.json, bool(bits[index // 8] & 0x80 >> index % 8)


def test_a_status_entry_is_added_on_request_only(door, a_credential):
    assert "credentialStatus" not in door.issue(a_credential())
    entry = door.issue(a_credential(), credentialStatus=REVOCATION)["credentialStatus"]
    assert {name: entry[name] for name in REVOCATION} == REVOCATION
    assert int(entry["statusListIndex"]) >= 0
    assert (
        entry["statusListCredential"] == f"{PUBLIC_URL}/status/bsl/vc-api/1/revocation"
    )


def test_revoking_shows_in_the_list_and_in_the_verification(
    door, client, issuer_id, a_credential, change
):
    issued = door.issue(a_credential(), credentialStatus=REVOCATION)
    entry = issued["credentialStatus"]
    document, is_set = listed(client, entry)
    assert not is_set
    assert door.verify(issued) == []
    answer = change(REVOCATION, status=True)
    assert (answer.status_code, answer.json["status"]) == (200, True)
    document, is_set = listed(client, entry)
    assert is_set
    assert document["issuer"] == issuer_id
    assert "BitstringStatusListCredential" in document["type"]
    check_proof(document, document["proof"], multikey.resolve(issuer_id))
    assert door.verify(issued) == ["status_is_set"]
    assert door.verify(document) == []


def test_revocation_is_final_and_a_suspension_is_not(door, a_credential, change):
    issued = door.issue(a_credential(), credentialStatus=[REVOCATION, SUSPENSION])
    purposes = [entry["statusPurpose"] for entry in issued["credentialStatus"]]
    assert purposes == ["revocation", "suspension"]
    assert change(SUSPENSION, status=True).status_code == 200
    assert door.verify(issued) == ["status_is_set"]
    assert change(SUSPENSION, status="0").status_code == 200
    assert door.verify(issued) == []
    for _ in range(2):
        assert change(REVOCATION, status=True).status_code == 200
    assert change(REVOCATION, status=False).status_code == 409
    assert change(SUSPENSION, status=True).status_code == 409
    assert door.verify(issued) == ["status_is_set"]


def test_the_same_id_keeps_its_place(door, a_credential, change):
    first, second = (
        door.issue(a_credential(name=name), credentialStatus=True)["credentialStatus"]
        for name in ("First", "Second")
    )
    assert first == second
    change(REVOCATION, status=True)
    body = {"credential": a_credential(), "options": {"credentialStatus": True}}
    assert door.post("/credentials/issue", body).status_code == 409


def test_credentials_without_an_id_have_places_of_their_own(door, a_credential, change):
    credential = a_credential()
    del credential["id"]
    places = {
        door.issue(credential, credentialStatus=True)["credentialStatus"][
            "statusListIndex"
        ]
        for _ in range(3)
    }
    assert len(places) == 3
    issued = door.issue(credential, credentialStatus=True, credentialId="urn:mine")
    assert change(REVOCATION, status=True, of="urn:mine").status_code == 200
    assert door.verify(issued) == ["status_is_set"]


def test_what_was_not_signed_here_has_no_status(change):
    assert change(REVOCATION, status=True).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"credentialId": 5},
        {"credentialStatus": []},
        {"credentialStatus": [REVOCATION, SUSPENSION]},
        {"credentialStatus": {"statusPurpose": "refresh"}},
        {"status": None},
        {"status": "perhaps"},
    ],
    ids=str,
)
def test_an_order_that_cannot_be_read_is_refused(door, body):
    good = {"credentialId": "x", "credentialStatus": REVOCATION, "status": True}
    changed = {name: body.get(name, value) for name, value in good.items()}
    answer = door.post("/credentials/status", changed if body else {})
    assert answer.status_code == 400
    assert answer.json["code"] == "credential_refused"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"statusListIndex": str(1 << 20)}, "index_out_of_range"),
        ({"statusListIndex": "9" * 15}, "index_out_of_range"),
        ({"statusPurpose": "suspension"}, "status_list_not_at_hand"),
        ({"statusPurpose": "refresh"}, "status_list_not_at_hand"),
        (
            {"statusListCredential": f"{PUBLIC_URL}/status/bsl/vc-api/7/revocation"},
            "status_list_not_at_hand",
        ),
        (
            {"statusListCredential": f"{PUBLIC_URL}/status/bsl/vc-api/1/revocation?x"},
            "status_list_not_at_hand",
        ),
        (
            {
                "statusSize": 2,
                "statusMessage": [
                    {"status": f"0x{n}", "message": "x"} for n in range(4)
                ],
            },
            "status_size_not_of_the_list",
        ),
        ({}, "status_list_of_somebody_else"),
    ],
    ids=str,
)
def test_an_entry_must_name_the_issuers_own_list(door, changes, code, a_credential):
    entry = door.issue(a_credential(), credentialStatus=True)["credentialStatus"]
    other = Somebody()
    signed = other.sign(a_credential(issuer=other.id, credentialStatus=entry | changes))
    assert door.verify(signed) == [code]


def test_there_is_no_list_without_an_entry(client):
    assert client.get("/status/bsl/vc-api/7/revocation").status_code == 404
    assert client.get("/status/bsl/vc-api/1/refresh").status_code == 404


def noted(runtime):
    with runtime.database.reading() as session:
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.authority_id == "vc-api")
        )
        return [(row.action, row.subject, row.content) for row in rows]


def test_every_signature_is_audited_without_its_contents(
    door, runtime, a_credential, change
):
    before = Counter(action for action, _, _ in noted(runtime))
    door.issue(a_credential(), credentialStatus=REVOCATION)
    change(REVOCATION, status=True)
    new = Counter(action for action, _, _ in noted(runtime)) - before
    assert (new["credential.issued"], new["credential.revoked"]) == (1, 1)
    assert "Amina" not in str(noted(runtime))
