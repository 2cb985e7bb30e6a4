"""One record for several bodies: what follows from it, and what each attests."""

import copy
from datetime import date
from uuid import UUID

import pytest

from recognition_service.attestations.claims import claims_of
from recognition_service.attestations.decision_record import (
    DecisionRecord,
    record_digest,
)
from recognition_service.attestations.errors import (
    JointAwardInvalidError,
    JointAwardNotEarnedError,
)
from recognition_service.attestations.joint_record import (
    freeze,
    joint_findings,
    joint_subject,
    role_of,
)
from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.credentials.recognition_schema import first_fault
from recognition_service.credentials.vc_jwt import payload_bytes
from tests.attestations.joint_awards import (
    HOLDER,
    ISSUERS,
    TITLES,
    UNITS,
    a_joint_decision,
    a_target,
    an_award,
)
from tests.builders import PUBLIC_URL
from tests.credentials.builders import a_copy

RECORD = freeze(a_joint_decision())


def claims(issuer, record=RECORD):
    return claims_of(
        record,
        attestation_id=UUID(int=1),
        number="ATT-2026-000001",
        decision_id=UUID(RECORD.inputs["group"]),
        issuer_id=issuer,
        issuer_name="A body",
        mandate=f"{issuer}/competence/2026",
        time_zone="Europe/Riga",
    )


def test_the_findings_follow_from_the_inputs_alone():
    again = joint_findings(copy.deepcopy(RECORD.inputs))
    assert again == RECORD.findings
    assert record_digest(RECORD.inputs, again) == RECORD.digest
    found = RECORD.findings["targets"]["A"]
    assert (found["outcome"], found["units"], found["missing"]) == (
        "full",
        ["u1", "u2"],
        [],
    )
    assert found["legal"]["basis"] == ["std-a-4.2", "std-a-5"]
    assert RECORD.findings["targets"]["B"]["units"] == ["u1"]
    assert RECORD.findings["required"] == list(ISSUERS)


def test_two_records_about_the_same_have_nothing_in_common_to_link_them_by():
    other = freeze(a_joint_decision())
    assert other.digest != RECORD.digest
    assert other.findings["subject"] != RECORD.findings["subject"]
    assert UUID(other.inputs["group"]).version == 4
    assert other.inputs["group"] != RECORD.inputs["group"]


def test_the_subject_is_a_digest_over_the_nonce_and_the_canonical_person():
    nonce = "AAECAwQFBgcICQoLDA0ODw"  # The bytes 0 to 15.
    person = (
        b'{"birth_date":"1994-05-17","family_name":"B\xc4\x93rzi\xc5\x86a",'
        b'"given_name":"Ilze"}'
    )
    expected = digest_of_bytes(bytes(range(16)) + person)
    assert joint_subject(nonce, HOLDER) == expected
    assert joint_subject(nonce, HOLDER | {"name_on_evidence": "x"}) == expected
    for other in ({"birth_date": None}, {"given_name": None}, {"family_name": "B"}):
        assert joint_subject(nonce, HOLDER | other) != expected


def test_each_body_attests_its_own_award_over_the_same_digest():
    first, second = claims(ISSUERS[0]), claims(ISSUERS[1])
    assert first.decision_digest == second.decision_digest == RECORD.digest
    assert (first.target.title, second.target.title) == TITLES
    assert (first.target.framework, second.target.framework) == ("BE-FL-VKS", "LV-LKI")
    assert (first.jurisdictions, second.jurisdictions) == (("BE-FL",), ("LV",))
    assert (first.validity_from, second.validity_from) == (
        date(2026, 10, 30),
        date(2026, 11, 2),
    )
    assert (first.joint.role, second.joint.role) == ("A", "B")
    for each in (first, second):
        assert each.joint.group == RECORD.inputs["group"]
        assert each.joint.required == ISSUERS
        assert each.joint.subject == RECORD.findings["subject"]
        assert (each.outcome, each.holder.family_name) == ("full", "Bērziņa")


def test_what_each_body_attests_fits_the_published_schema_and_hides_the_other_award():
    for issuer, own, other in zip(ISSUERS, TITLES, TITLES[::-1], strict=True):
        said = claims(issuer)
        credential = attestation_credential(said, public_url=PUBLIC_URL)
        text = payload_bytes(credential, a_copy()).decode()
        assert first_fault(credential) is None
        assert own in text
        assert other not in text


def test_who_has_no_part_in_it_attests_nothing():
    assert [role_of(RECORD.inputs, issuer) for issuer in ISSUERS] == ["A", "B"]
    with pytest.raises(KeyError):
        claims(f"{PUBLIC_URL}/issuers/ma")


@pytest.mark.parametrize(
    ("more", "targets"),
    [
        ({"awards": [an_award("A")]}, ("B",)),
        ({"awards": [an_award("A"), an_award("B", how="recognised")]}, ("B",)),
        ({"awards": [an_award("A"), an_award("B", None)]}, ("B",)),
        ({"awards": [an_award("A", "2026-11-03"), an_award("B")]}, ("A",)),
        ({"missing": {"A": [{"requirement": "credits", "needed": "30"}]}}, ("A",)),
        ({"units": [UNITS[0] | {"result": None}]}, ("A", "B")),
    ],
    ids=["open", "recognised", "undated", "later", "credits", "result"],
)
def test_an_award_that_was_not_earned_makes_no_joint_award(more, targets):
    with pytest.raises(JointAwardNotEarnedError) as refused:
        freeze(a_joint_decision(**more))
    assert refused.value.targets == targets
    assert set(refused.value.members()["missing"]) == set(targets)


def test_other_rules_of_progress_can_be_passed_in():
    lacking = {"B": [{"requirement": "credits", "needed": "7.5"}]}
    found = joint_findings(RECORD.inputs, missing=lambda _: lacking)
    assert found["targets"]["A"]["outcome"] == "full"
    assert found["targets"]["B"]["outcome"] is None
    assert found["targets"]["B"]["missing"] == lacking["B"]


@pytest.mark.parametrize(
    "targets",
    [
        [a_target("A")],
        [a_target("A"), a_target("A")],
        [a_target("A"), a_target("B", issuer=ISSUERS[0])],
        [a_target("A") | {"key": f"K{n}", "issuer": f"i{n}"} for n in range(11)],
    ],
    ids=["one", "key", "issuer", "many"],
)
def test_what_is_not_two_to_ten_different_bodies_makes_no_joint_award(targets):
    with pytest.raises(JointAwardInvalidError):
        freeze(a_joint_decision(targets=targets))


def test_an_altered_input_changes_what_is_attested():
    inputs = copy.deepcopy(RECORD.inputs)
    inputs["holder"]["birth_date"] = "1994-05-18"
    altered = DecisionRecord(inputs, joint_findings(inputs))
    assert altered.digest != RECORD.digest
    assert altered.findings["subject"] != RECORD.findings["subject"]
