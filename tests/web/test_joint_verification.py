"""The other credentials of a joint award are sent beside the first."""

from datetime import timedelta

import pytest

from recognition_service.credentials import token_status_list, vc_jwt
from recognition_service.verification.trust import StatusInput, VerificationInputs
from tests.credentials.builders import STATUS_URI
from tests.verification.test_joint_awards import OTHER_URI, OWN, THEIRS
from tests.verification.world import (
    OTHER_STATUS_KEY,
    STATUS_KEY,
    status_claims,
    trust,
)

PATH = "/api/v1/verifications"

pytestmark = pytest.mark.usefixtures("two_issuers")


@pytest.fixture
def two_issuers(runtime):
    """An installation that knows the issuers of a joint award."""
    now = runtime.now()
    lists = {
        uri: StatusInput(
            uri,
            token_status_list.sign(
                status_claims(issued_at=now - timedelta(minutes=5), sub=uri), signer
            ),
            now,
        )
        for uri, signer in ((STATUS_URI, STATUS_KEY), (OTHER_URI, OTHER_STATUS_KEY))
    }
    runtime._inputs = VerificationInputs(trust(), lists)
    runtime._inputs_read_at = now
    yield
    runtime.refresh()


@pytest.mark.parametrize(
    "peer", [THEIRS, vc_jwt.envelope(THEIRS)], ids=["text", "object"]
)
def test_peers_complete_a_joint_award(client, peer):
    answer = client.post(PATH, json={"credential": OWN, "peers": [peer]})
    assert answer.json["verdict"] == "valid"
    assert answer.json["joint"]["complete"] is True


def test_without_its_peers_it_is_incomplete(client):
    for body in ({"credential": OWN}, {"credential": OWN, "peers": ["x"]}):
        answer = client.post(PATH, json=body)
        assert answer.json["code"] == "joint_award_incomplete"
        assert answer.json["joint"]["complete"] is False
