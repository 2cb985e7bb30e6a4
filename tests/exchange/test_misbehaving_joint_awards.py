"""What others tell of joint awards is checked before anything rests on it."""

from contextlib import suppress
from datetime import date
from uuid import uuid4

import pytest

from recognition_service.credentials.errors import MalformedInputError
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.verification.trust import Mandate, Mode
from tests.credentials.builders import MemorySigner
from tests.exchange.house import KEPT_REFUSAL, difference, receipt, refusal
from tests.exchange.proposals import (
    MANDATE,
    a_joint_record,
    a_proposal,
    an_attestation,
    group_of,
    with_what_follows,
)
from tests.exchange.test_misbehaving_bodies import UNFIT, WRONG, changed, paths

JOINT = "/joint-awards"
INPUTS = a_proposal(
    a_joint_record("https://a.example/issuers/a", "https://b/issuers/b")
)["record"]["inputs"]
NOTHING_FOLLOWS = (
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
    MalformedInputError,
)
MEMBERS = [
    ("signed", "digest"),
    ("signed", "attestation"),
    ("signed", "token"),
    ("released", "digest"),
    ("withdrawn", "digest"),
    ("withdrawn", "reason"),
    ("withdrawn", "text"),
]
FITS = {repr(("text", None)), repr(("text", WRONG[2]))}


@pytest.fixture
def mallory(house):
    found = house.meet()
    found.mandates = (Mandate("1", MANDATE, date(2026, 1, 1)),)
    found.peer.tell(house.runtime)
    return found


@pytest.fixture
def record(house, mallory):
    return a_joint_record(mallory.issuer, house.issuer("centre"))


def tell(house, sender, record, kind, body, *, to="centre", seq=1, conversation=None):
    claims = sender.claims(
        house.issuer(to),
        conversation or group_of(record),
        body,
        type=f"joint.{kind}",
        seq=seq,
    )
    return house.post(sender.signed(claims))


def propose(house, mallory, record, **more):
    return tell(house, mallory, record, "proposed", a_proposal(record), **more)


def seen(house, record):
    answer = house.centre.get(f"{JOINT}/{group_of(record)}")
    assert answer.status_code == 200, answer.json
    return answer.json


def act(house, record, path, body, as_):
    of = f"{JOINT}/{group_of(record)}"
    return house.centre.change(f"{of}/{path}", body, of=of, as_=as_)


def sign(house, record):
    made = act(house, record, "award", {"status": "awarded"}, "officer")
    assert made.status_code == 200, made.json
    return act(house, record, "signature", {}, "signatory")


@pytest.fixture
def signed(house, mallory, record):
    """An award that was proposed and signed here."""
    receipt(propose(house, mallory, record))
    answer = sign(house, record)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_an_honest_proposal_is_signed_and_completed_by_the_other_signature(
    house, mallory, record, signed
):
    assert (signed["state"], len(signed["signed"])) == ("held", 1)
    told = an_attestation(mallory, record)
    receipt(tell(house, mallory, record, "signed", told, seq=2))
    assert seen(house, record)["state"] == "complete"
    kinds = [row.type for row in house.outgoing(group_of(record))]
    assert kinds == ["joint.signed", "joint.released"]
    digest = {"digest": record.digest}
    receipt(tell(house, mallory, record, "released", digest, seq=3))


def test_proposing_the_same_again_changes_nothing(house, mallory, record, signed):
    receipt(propose(house, mallory, record, seq=2))
    assert seen(house, record)["attestation"] == signed["attestation"]


@pytest.mark.parametrize("path", paths(INPUTS), ids=lambda p: "/".join(map(str, p)))
def test_a_record_with_a_wrong_member_breaks_nothing(house, mallory, path):
    """It is refused, or it can be signed here like any other."""
    for value in (paths, *WRONG):
        record = a_joint_record(mallory.issuer, house.issuer("centre"))
        body = changed(a_proposal(record), ("record", "inputs", *path), value)
        with suppress(*NOTHING_FOLLOWS):
            body = with_what_follows(body)
        before = house.kept()
        answer = tell(house, mallory, record, "proposed", body)
        if answer.status_code == 202:
            assert sign(house, record).status_code in {200, 403}
        else:
            assert refusal(answer) == (UNFIT, False)
            assert difference(before, house.kept()) == KEPT_REFUSAL


@pytest.mark.parametrize("member", ["record", "digest", "expires_on"])
def test_a_proposal_lacks_no_member(house, mallory, record, member):
    body = changed(a_proposal(record), (member,), paths)
    assert refusal(tell(house, mallory, record, "proposed", body)) == (UNFIT, False)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("digest",), "sha256-" + "A" * 43),
        (("record", "findings", "required"), []),
        (("record", "inputs", "holder", "family_name"), "Mallory"),
    ],
    ids=str,
)
def test_what_does_not_follow_from_the_inputs_is_refused(
    house, mallory, record, path, value
):
    body = changed(a_proposal(record), path, value)
    assert refusal(tell(house, mallory, record, "proposed", body)) == (UNFIT, False)


def test_nobody_proposes_for_others(house, mallory):
    other = house.meet()
    for theirs, ours in ((other.issuer, "centre"), (mallory.issuer, "second")):
        record = a_joint_record(theirs, house.issuer(ours))
        assert refusal(propose(house, mallory, record)) == (UNFIT, False)


def test_an_award_with_a_body_that_nobody_knows_is_refused(house, mallory):
    record = a_joint_record(mallory.issuer, house.issuer("centre"))
    body = a_proposal(record)
    third = body["record"]["inputs"]["targets"][0] | {
        "key": "C",
        "issuer": "https://nowhere.example/issuers/x",
    }
    body["record"]["inputs"]["targets"].append(third)
    body["record"]["inputs"]["awards"].append(
        {"target": "C", "awarded_on": "2026-11-02", "how": "earned"}
    )
    answer = tell(house, mallory, record, "proposed", with_what_follows(body))
    assert refusal(answer) == ("authority_not_found", False)


def test_test_bodies_and_live_ones_never_award_together(house, mallory):
    live = mallory.peer.authority("live", mode=Mode.LIVE)
    mallory.peer.tell(house.runtime)
    record = a_joint_record(mallory.issuer, house.issuer("centre"))
    body = a_proposal(record)
    targets = body["record"]["inputs"]["targets"]
    targets.append(targets[0] | {"key": "C", "issuer": live.issuer})
    body["record"]["inputs"]["awards"].append(
        {"target": "C", "awarded_on": "2026-11-02", "how": "earned"}
    )
    answer = tell(house, mallory, record, "proposed", with_what_follows(body))
    assert refusal(answer) == (UNFIT, False)


def test_another_record_under_a_known_group_is_refused(house, mallory, record, signed):
    body = a_proposal(record)
    body["record"]["inputs"]["holder"]["family_name"] = "Mallory"
    body = with_what_follows(body)
    answer = tell(house, mallory, record, "proposed", body, seq=2)
    assert refusal(answer) == ("joint_award_invalid", False)
    assert (
        seen(house, record)["decision_digest"]
        == record.digest
        == signed["decision_digest"]
    )


def test_a_proposal_under_another_conversation_is_refused(house, mallory, record):
    body = a_proposal(record)
    answer = tell(house, mallory, record, "proposed", body, conversation=uuid4())
    assert refusal(answer) == (UNFIT, False)


def test_a_signature_before_the_proposal_waits(house, mallory, record):
    told = an_attestation(mallory, record)
    before = house.kept()
    answer = tell(house, mallory, record, "signed", told)
    assert refusal(answer) == ("joint_award_unknown", True)
    assert difference(before, house.kept()) == {}


def forgeries(mallory, house, record):
    """Yield what nobody may take for the other body's attestation of this award."""
    other = a_joint_record(mallory.issuer, house.issuer("centre"))
    yield "digest", an_attestation(mallory, record, digest=other.digest)
    yield "id", an_attestation(mallory, record, attestation=str(uuid4()))
    yield "award", an_attestation(mallory, other, digest=record.digest)
    yield "text", an_attestation(mallory, record, token="x.y.z")
    stranger = MemorySigner(issuer=mallory.issuer)
    yield "key", an_attestation(mallory, record, signer=stranger)
    purpose = mallory.keys[KeyPurpose.EXCHANGE]
    yield "purpose", an_attestation(mallory, record, signer=purpose)
    told = an_attestation(mallory, record)
    yield "signature", told | {"token": told["token"][:-8] + "AAAAAAAA"}


FORGERIES = ["digest", "id", "award", "text", "key", "purpose", "signature"]


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_attestation_completes_nothing(house, mallory, record, signed, name):
    told = dict(forgeries(mallory, house, record))[name]
    answer = tell(house, mallory, record, "signed", told, seq=2)
    expected = ("attestation_unproven", True) if name == "key" else (UNFIT, False)
    assert refusal(answer) == expected
    found = seen(house, record)
    assert (found["state"], found["signed"]) == ("held", signed["signed"])


def test_a_body_without_a_mandate_completes_nothing(house, mallory, record, signed):
    mallory.mandates = ()
    mallory.peer.tell(house.runtime)
    told = an_attestation(mallory, record)
    answer = tell(house, mallory, record, "signed", told, seq=2)
    assert refusal(answer) == ("attestation_unproven", True)
    assert seen(house, record)["signed"] == signed["signed"]


def test_a_body_tells_one_attestation_only(house, mallory, record, signed):
    assert signed["state"] == "held"
    told = [an_attestation(mallory, record) for _ in range(2)]
    receipt(tell(house, mallory, record, "signed", told[0], seq=2))
    receipt(tell(house, mallory, record, "signed", told[0], seq=3))
    answer = tell(house, mallory, record, "signed", told[1], seq=4)
    assert refusal(answer) == (UNFIT, False)


@pytest.mark.parametrize("kind", ["signed", "released", "withdrawn"])
def test_who_has_no_part_in_an_award_tells_nothing_of_it(
    house, mallory, record, signed, kind
):
    other = house.meet()
    bodies = {
        "signed": an_attestation(mallory, record),
        "released": {"digest": record.digest},
        "withdrawn": {"digest": record.digest, "reason": "refused", "text": None},
    }
    before = house.kept()
    answer = tell(house, other, record, kind, bodies[kind])
    assert refusal(answer) == (UNFIT, False)
    assert difference(before, house.kept()) == KEPT_REFUSAL
    assert seen(house, record)["state"] == signed["state"]


@pytest.mark.parametrize(("kind", "member"), MEMBERS)
def test_what_is_told_of_an_award_fits(house, mallory, kind, member):
    record = a_joint_record(mallory.issuer, house.issuer("centre"))
    receipt(propose(house, mallory, record))
    bodies = {
        "signed": an_attestation(mallory, record),
        "released": {"digest": record.digest},
        "withdrawn": {"digest": record.digest, "reason": "refused", "text": None},
    }
    wrong = [
        changed(bodies[kind], (member,), value)
        for value in (paths, *WRONG)
        if value is paths or repr((member, value)) not in FITS
    ]
    for number, body in enumerate([*wrong, bodies[kind] | {"role": "A"}], 2):
        answer = tell(house, mallory, record, kind, body, seq=number)
        assert refusal(answer) == (UNFIT, False), body
    assert seen(house, record)["state"] == "held"


def test_a_withdrawal_is_told_once_and_ends_it(house, mallory, record, signed):
    receipt(
        tell(house, mallory, record, "signed", an_attestation(mallory, record), seq=2)
    )
    gone = {"digest": record.digest, "reason": "party_withdrew", "text": None}
    for number in (3, 4):
        receipt(tell(house, mallory, record, "withdrawn", gone, seq=number))
    assert seen(house, record)["state"] == "withdrawn"
    own = house.centre.get(f"/attestations/{signed['attestation']}").json
    assert (own["status"], own["status_reason"]) == ("suspended", "party_withdrew")
    late = an_attestation(mallory, record)
    answer = tell(house, mallory, record, "signed", late, seq=5)
    assert refusal(answer) == (UNFIT, False)


def test_a_signature_after_the_end_is_refused(house, mallory, record, signed):
    gone = {"digest": record.digest, "reason": "joint_cancelled", "text": None}
    receipt(tell(house, mallory, record, "withdrawn", gone, seq=2))
    own = house.centre.get(f"/attestations/{signed['attestation']}").json
    assert (own["status"], own["status_reason"]) == ("revoked", "joint_cancelled")
    told = an_attestation(mallory, record)
    answer = tell(house, mallory, record, "signed", told, seq=3)
    assert refusal(answer) == ("joint_award_closed", False)
