"""A digital credential among the papers is verified the moment it comes in."""

import pytest

from recognition_service.attestations.models import Status
from recognition_service.attestations.status import change_status
from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.paper_kinds import MediaType, PaperKind
from recognition_service.recognition.paper_proposal import proposal_of
from recognition_service.recognition.vocabulary import Grade
from tests.builders import (
    AUTHORITY,
    a_partial_decision,
    a_request,
    a_standing_order,
    an_applicant,
    an_attestation,
    an_attestation_by_rule,
    an_authority,
    an_unknown_diploma,
    bruno,
    submitted,
    token,
)
from tests.recognition.paper_office import PaperOffice


@pytest.fixture
def office(small):
    an_authority(small)
    a_standing_order(small)
    officer = bruno(small)
    case, _ = submitted(small, officer, a_request(an_unknown_diploma()))
    return PaperOffice(small, case.id, officer)


def handed_in(office, presented, media_type=MediaType.VC_JWT):
    content = presented.encode()
    report = office.runtime.verify(content)
    paper = office.received(
        content, report=report, media_type=media_type, kind=PaperKind.QUALIFICATION
    )
    return paper, report


def proposal(office, report):
    with office.runtime.database.reading() as session:
        file = open_file(session, AUTHORITY, office.case)
    return proposal_of(report, file.applicant)


def test_a_valid_credential_is_signed_by_its_issuer(office):
    attestation = an_attestation_by_rule(office.runtime)
    paper, report = handed_in(office, token(office.runtime, attestation))
    assert (paper.verdict, paper.verdict_code) == ("valid", "valid")
    assert paper.verified_issuer == "https://recognition.example/issuers/be-fl"
    assert paper.verified_on.isoformat() == "2026-11-02"
    assert (paper.grade, paper.established_by) == ("issuer_signed", "service")
    assert proposal(office, report) == {
        "title": "Bakalaura diploms",
        "origin": "LV",
        "framework": "LV-LKI",
        "level": "6",
        "awarded_on": "2019-06-28",
        "awarding_body": None,
        "same_name": True,
    }


def test_an_officer_may_confirm_what_the_verification_showed(office):
    attestation = an_attestation_by_rule(office.runtime)
    paper, _ = handed_in(office, token(office.runtime, attestation))
    office.assess(paper, Grade.SCAN)
    office.assess(paper, Grade.ISSUER_SIGNED)
    assert office.paper(paper).grade == "issuer_signed"


def test_conditions_do_not_make_a_credential_less_genuine(office):
    attestation = an_attestation(office.runtime, content=a_partial_decision())
    paper, _ = handed_in(office, token(office.runtime, attestation))
    assert (paper.verdict, paper.grade) == ("valid_with_conditions", "issuer_signed")


def test_nothing_of_the_case_is_written_over(office):
    with office.runtime.database.reading() as session:
        before = open_file(session, AUTHORITY, office.case).held[0].content
    attestation = an_attestation_by_rule(office.runtime)
    handed_in(office, token(office.runtime, attestation))
    with office.runtime.database.reading() as session:
        assert open_file(session, AUTHORITY, office.case).held[0].content == before


@pytest.mark.parametrize(
    ("names", "same"),
    [
        ({"family_name": "BĒRZIŅA", "given_name": "ilze"}, True),
        ({"family_name": "Ozola"}, False),
        ({"given_name": None}, False),
    ],
)
def test_the_names_in_the_credential_are_compared(office, names, same):
    new = a_request(an_unknown_diploma(), applicant=an_applicant(**names))
    case, _ = submitted(office.runtime, office.caller, new)
    elsewhere = PaperOffice(office.runtime, case.id, office.caller)
    attestation = an_attestation_by_rule(office.runtime)
    _, report = handed_in(elsewhere, token(office.runtime, attestation))
    assert proposal(elsewhere, report)["same_name"] is same


def test_a_revoked_credential_stays_a_scan_with_the_reason(office):
    attestation = an_attestation_by_rule(office.runtime)
    presented = token(office.runtime, attestation)
    with office.runtime.database.transaction() as session:
        change_status(
            session,
            AUTHORITY,
            attestation,
            status=Status.REVOKED,
            reason="error",
            note=None,
            actor=office.caller.actor,
            now=office.runtime.now(),
        )
    office.runtime.publish_lists()
    office.runtime.refresh()
    paper, report = handed_in(office, presented)
    assert (paper.verdict, paper.verdict_code) == ("not_valid", "revoked")
    assert (paper.grade, paper.established_by) == ("scan", None)
    assert proposal(office, report) is None


def test_a_forged_credential_stays_a_scan_with_the_reason(office):
    attestation = an_attestation_by_rule(office.runtime)
    header, payload, signature = token(office.runtime, attestation).split(".")
    other = "A" if signature[0] != "A" else "B"
    forged = ".".join((header, payload, other + signature[1:]))
    paper, _ = handed_in(office, forged)
    assert (paper.verdict, paper.verdict_code) == ("not_genuine", "bad_signature")
    assert paper.grade == "scan"


def test_json_that_is_no_credential_is_a_paper_like_others(office):
    paper, report = handed_in(office, '{"courses": []}', MediaType.JSON)
    assert (paper.verdict, paper.grade) == ("not_genuine", "scan")
    assert paper.verified_issuer is None
    assert proposal(office, report) is None
