"""An officer writes a decision down, another person signs it."""

import pytest

from recognition_service.authorities.models import PrincipalKind, Role
from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.errors import (
    DecisionNotFoundError,
    RequestNotFoundError,
    SameSignatoryError,
    SystemCannotSignError,
    TransitionNotAllowedError,
)
from recognition_service.recognition.submit import withdraw
from recognition_service.regimes.errors import ContentsMissingError
from tests.builders import (
    AUTHORITY,
    a_caller,
    a_full_decision,
    a_partial_decision,
    a_request,
    a_signed_decision,
    an_attestation,
    an_authority,
    an_unknown_diploma,
    bruno,
    chen,
    found_attestation,
    prepared,
    signed,
    sofia,
    submitted,
    token,
)

REFUSED = {
    "outcome": "refused",
    "decision_kind": "level_comparability",
    "text": {"en": "The award could not be confirmed."},
    "remedy": {"body": "Council for disputes", "within_days": 30},
    "later_possibilities": ["Ask again when the university has answered."],
}


@pytest.fixture
def office(small):
    an_authority(small)
    return small


@pytest.fixture
def case(office):
    """A request that waits for an officer."""
    request, _ = submitted(office, bruno(office), a_request(an_unknown_diploma()))
    return request.id


def file_of(runtime, request_id):
    with runtime.database.reading() as session:
        return open_file(session, AUTHORITY, request_id)


def withdrawn(runtime, caller, request_id):
    with runtime.database.transaction() as session:
        return withdraw(session, caller, request_id, now=runtime.now())


def test_a_partial_decision_is_prepared_signed_attested_and_verified(office, case):
    officer, signatory = bruno(office), sofia(office)
    request = prepared(office, officer, case, a_partial_decision())
    assert request.status == "decision_prepared"
    waiting = file_of(office, case).decision
    assert (waiting.signed_at, waiting.record, waiting.decided_on) == (None,) * 3
    request, decision = signed(office, signatory, case)
    assert request.status == "decided"
    assert request.complete_at == office.now()
    assert decision.decision.signed_by == signatory.actor
    assert decision.decision.prepared_by == officer.actor
    findings = decision.attestation.record.findings
    assert findings["outcome"] == "partial"
    assert findings["reasons"] == ["officer_decided"]
    assert findings["target"]["eqf"] == "6"
    assert findings["equivalence"] is None
    assert findings["differences"][0]["subject"] == "Supervised practice"
    attestation_id = office.issue(AUTHORITY, decision, actor=signatory.actor)
    report = office.verify(token(office, attestation_id))
    assert (report.verdict, report.code) == (
        "valid_with_conditions",
        "outcome_partial",
    )
    with office.database.reading() as session:
        events = {(e.event, e.actor) for e in events_of(session, AUTHORITY, case)}
    assert events >= {
        ("decision_prepared", officer.actor),
        ("decided", signatory.actor),
    }


def test_a_decision_names_the_titles_that_it_refers_to(office):
    content = a_full_decision(
        reference={
            "qualification": "be-fl--bachelor",
            "framework": "BE-FL-VKS",
            "level": "6",
            "profession": "dentist",
        },
        valid_until="2030-12-31",
    )
    attestation = found_attestation(office, an_attestation(office, content=content))
    assert attestation.record["findings"]["target"] == {
        "title": "Bachelor",
        "framework": "BE-FL-VKS",
        "level": "6",
        "eqf": None,
        "jurisdiction": ["BE-FL"],
        "profession": "dentist",
    }
    assert attestation.validity_until.isoformat() == "2030-12-31"


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (a_partial_decision(), "text"),
        (a_partial_decision(), "differences"),
        (a_partial_decision(), "remedy"),
        (a_full_decision(), "text"),
        (a_full_decision(), "legal_basis"),
        (REFUSED, "text"),
        (REFUSED, "remedy"),
        (REFUSED, "later_possibilities"),
    ],
)
def test_each_mandatory_content_is_demanded_by_its_place(
    small_on_sqlite, content, missing
):
    office = small_on_sqlite
    an_authority(office)
    officer = bruno(office)
    request, _ = submitted(office, officer, a_request(an_unknown_diploma()))
    for emptied in ({}, [], None, ""):
        with pytest.raises(ContentsMissingError) as refused:
            prepared(office, officer, request.id, content | {missing: emptied})
        (error,) = refused.value.errors
        assert (error["pointer"], error["code"]) == (
            f"/{missing}",
            "mandatory_content",
        )
    file = file_of(office, request.id)
    assert (file.request.status, file.decision) == ("submitted", None)


def test_all_that_is_missing_is_told_at_once(office, case):
    content = {"outcome": "partial", "decision_kind": "level_comparability"}
    with pytest.raises(ContentsMissingError, match="3 mandatory contents") as refused:
        prepared(office, bruno(office), case, content)
    assert [error["pointer"] for error in refused.value.errors] == [
        "/text",
        "/differences",
        "/remedy",
    ]


def test_who_prepared_cannot_sign_even_as_signatory(office, case):
    both = a_caller(office, Role.SIGNATORY)
    prepared(office, both, case)
    with pytest.raises(SameSignatoryError):
        signed(office, both, case)
    assert file_of(office, case).request.status == "decision_prepared"


def test_a_system_cannot_sign(office, case):
    prepared(office, bruno(office), case)
    system = a_caller(office, Role.OFFICER, kind=PrincipalKind.SYSTEM)
    with pytest.raises(SystemCannotSignError):
        signed(office, system, case)


def test_a_system_may_prepare(office, case):
    system = a_caller(office, Role.OFFICER, kind=PrincipalKind.SYSTEM)
    prepared(office, system, case)
    _, decision = signed(office, sofia(office), case)
    assert decision.decision.prepared_by == system.actor


def test_chen_may_not(office):
    for role in (Role.OFFICER, Role.SIGNATORY):
        with pytest.raises(Exception, match="This needs the role"):
            chen(office).require(role)


def test_nothing_is_signed_that_nobody_prepared(office, case):
    with pytest.raises(DecisionNotFoundError):
        signed(office, sofia(office), case)


def test_a_decision_is_signed_once(office, case):
    prepared(office, bruno(office), case)
    signed(office, sofia(office), case)
    with pytest.raises(TransitionNotAllowedError) as refused:
        signed(office, sofia(office), case)
    assert refused.value.members() == {"allowed": []}


def test_what_is_decided_is_not_decided_again(office, case):
    officer = bruno(office)
    prepared(office, officer, case)
    _, decision = signed(office, sofia(office), case)
    with pytest.raises(TransitionNotAllowedError):
        prepared(office, officer, case)
    with pytest.raises(TransitionNotAllowedError):
        withdrawn(office, officer, case)
    kept = file_of(office, case).decision
    assert kept.decision_digest == decision.decision.decision_digest


@pytest.mark.parametrize("is_prepared", [False, True])
def test_nothing_is_decided_after_a_withdrawal(office, case, is_prepared):
    officer = bruno(office)
    if is_prepared:
        prepared(office, officer, case)
    assert withdrawn(office, officer, case).status == "withdrawn"
    with pytest.raises(TransitionNotAllowedError):
        prepared(office, officer, case)
    with pytest.raises(TransitionNotAllowedError):
        signed(office, sofia(office), case)
    with pytest.raises(TransitionNotAllowedError):
        withdrawn(office, officer, case)


def test_a_decision_is_written_anew_until_it_is_signed(office, case):
    first, second = bruno(office), bruno(office)
    prepared(office, first, case, a_full_decision())
    identifier = file_of(office, case).decision.id
    prepared(office, second, case, a_partial_decision())
    with pytest.raises(SameSignatoryError):
        signed(office, second, case)
    _, decision = signed(office, first, case)
    assert decision.decision.id == identifier
    assert decision.decision.outcome == "partial"
    assert decision.decision.content == a_partial_decision()


def test_a_refusal_is_signed_and_gives_no_attestation(office, case):
    prepared(office, bruno(office), case, REFUSED)
    request, decision = signed(office, sofia(office), case)
    assert (request.status, decision.decision.outcome) == ("decided", "refused")
    assert decision.attestation is None
    assert decision.decision.decision_digest.startswith("sha256-")
    assert office.issue(AUTHORITY, decision, actor="person:1") is None


def test_two_records_over_the_same_facts_have_different_digests(office):
    one, other = a_signed_decision(office), a_signed_decision(office)
    assert one.decision.decision_digest != other.decision.decision_digest
    nonces = [each.attestation.record.inputs["nonce"] for each in (one, other)]
    assert [len(nonce) for nonce in nonces] == [22, 22]
    assert nonces[0] != nonces[1]


def test_another_authority_can_neither_prepare_nor_sign(office, case):
    an_authority(office, "ma")
    for act, caller in ((prepared, bruno(office, "ma")), (signed, sofia(office, "ma"))):
        with pytest.raises(RequestNotFoundError):
            act(office, caller, case)
