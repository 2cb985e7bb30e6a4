"""A Latvian diploma in Flanders: the treaty decides, where everything is proven."""

from datetime import date

import pytest
from sqlalchemy import func, select

from recognition_service.attestations.replay import replay
from recognition_service.authorities.standing_orders import end_standing_order
from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.decide import prepare_decision
from recognition_service.recognition.errors import (
    NotCompetentError,
    RequestInvalidError,
    RequestNotFoundError,
    TransitionNotAllowedError,
)
from recognition_service.recognition.models import (
    Applicant,
    ApplicantBackground,
    RecognitionRequest,
)
from recognition_service.recognition.submit import add_evidence
from tests.builders import (
    AUTHORITY,
    BACHELOR,
    TREATY,
    a_diploma,
    a_full_decision,
    a_request,
    a_standing_order,
    an_applicant,
    an_attestation_by_rule,
    an_authority,
    an_unknown_diploma,
    bruno,
    found_attestation,
    prepared,
    submitted,
    token,
)

CONFIRMED = {"grade": "confirmed_by_issuer", "established_on": "2026-11-02"}
RECOGNISED = {"recognised": "yes", "quality_assured": "yes", "source": "register"}


@pytest.fixture
def office(small):
    """Flanders, where the treaty may decide by itself."""
    an_authority(small)
    a_standing_order(small)
    return small


@pytest.fixture
def office_on_sqlite(small_on_sqlite):
    """As `office`, where the kind of database cannot matter."""
    an_authority(small_on_sqlite)
    a_standing_order(small_on_sqlite)
    return small_on_sqlite


def file_of(runtime, request_id, authority_id=AUTHORITY):
    with runtime.database.reading() as session:
        return open_file(session, authority_id, request_id)


def reasons(request):
    """Why it was routed like this, but for that nothing has to be examined."""
    codes = [reason["code"] for reason in request.routing_reasons]
    return [code for code in codes if code != "short_path"]


def evidence(runtime, caller, request_id, **more):
    known = {
        "position": 0,
        "authenticity": None,
        "institution_status": None,
        "training_started_on": None,
        "facts": None,
    }
    edition = runtime.edition(caller.authority_id)
    with runtime.database.transaction() as session:
        return add_evidence(
            session,
            caller,
            request_id,
            **(known | more),
            edition=edition,
            now=runtime.now(),
        )


def test_the_shipped_tables_decide_about_a_bachelor_from_riga(installation):
    an_authority(installation)
    a_standing_order(installation)
    caller = bruno(installation)
    request, decision = submitted(installation, caller)
    attestation_id = installation.issue(AUTHORITY, decision, actor=caller.actor)
    attestation = found_attestation(installation, attestation_id)
    assert attestation.record["findings"]["outcome"] == "automatic"
    assert attestation.record["findings"]["target"] == {
        "title": None,
        "framework": "BE-FL-VKS",
        "level": "6",
        "eqf": "6",
        "jurisdiction": ["BE-FL"],
        "profession": None,
    }
    assert request.regime == "benelux-baltic"
    report = installation.verify(token(installation, attestation_id))
    assert (report.verdict, report.code) == ("valid", "valid")
    with installation.database.reading() as session:
        assert replay(session, attestation).is_match


def test_without_a_case_there_is_neither_number_nor_clock(office):
    caller = bruno(office)
    request, decision = submitted(office, caller)
    assert (request.status, request.procedure) == ("decided", "none")
    assert (request.number, request.due_on) == (None, None)
    assert (request.regime, request.instrument) == ("benelux-baltic", TREATY)
    assert request.complete_at == request.submitted_at == office.now()
    assert reasons(request) == ["both_parties_in_force"]
    row = decision.decision
    assert (row.decided_by, row.outcome, row.signed_by) == (
        "rule",
        "automatic",
        "service",
    )
    assert row.decided_on == date(2026, 11, 2)
    assert row.decision_digest == decision.attestation.record.digest
    assert row.record["findings"]["legal"]["basis"] == [TREATY]
    assert row.record["findings"]["legal"]["does_not_allow"] == [
        "regulated_profession",
        "licence",
    ]
    with office.database.reading() as session:
        events = events_of(session, AUTHORITY, request.id)
    assert [(event.event, event.actor) for event in events] == [
        ("submitted", caller.actor),
        ("decided", "service"),
    ]


def test_who_asks_is_kept_and_what_assessors_must_not_see_lies_apart(office):
    applicant = an_applicant(sex="female", beneficiary_basis="refugee")
    request, _ = submitted(office, bruno(office), a_request(applicant=applicant))
    file = file_of(office, request.id)
    assert (file.applicant.family_name, file.applicant.given_name) == (
        "Bērziņa",
        "Ilze",
    )
    assert file.applicant.birth_date == date(1994, 5, 17)
    assert not hasattr(file.applicant, "sex")
    with office.database.reading() as session:
        apart = session.get_one(ApplicantBackground, (AUTHORITY, file.applicant.id))
    assert (apart.sex, apart.beneficiary_basis) == ("female", "refugee")
    assert "refugee" not in str(file.decision.record)


def test_who_vouches_is_filled_in_from_the_key(office):
    caller = bruno(office)
    for vouched in ({}, {"established_by": None}):
        diploma = a_diploma(
            authenticity=CONFIRMED | vouched, institution_status=RECOGNISED | vouched
        )
        request, decision = submitted(office, caller, a_request(diploma))
        held = file_of(office, request.id).held[0]
        assert decision is not None
        assert held.title == "Bakalaura diploms"
        assert held.content["framework"] == "LV-LKI"
        assert held.content["authenticity"]["established_by"] == caller.actor
        assert held.content["institution_status"]["established_by"] == caller.actor


@pytest.mark.parametrize(
    ("diploma", "hindrances"),
    [
        ({"authenticity": {"grade": "scan"}}, ["authenticity_not_confirmed"]),
        ({"authenticity": {"grade": "certified_copy"}}, ["authenticity_not_confirmed"]),
        ({"authenticity": {"grade": "legalised"}}, ["authenticity_not_confirmed"]),
        ({"authenticity": None}, ["authenticity_not_confirmed"]),
        (
            {"institution_status": None},
            ["institution_status_not_established", "quality_assurance_not_established"],
        ),
        (
            {"institution_status": RECOGNISED | {"recognised": "unknown"}},
            ["institution_status_not_established"],
        ),
        (
            {"institution_status": RECOGNISED | {"quality_assured": "no"}},
            ["quality_assurance_not_established"],
        ),
    ],
)
def test_what_is_not_proven_waits_for_an_officer(office_on_sqlite, diploma, hindrances):
    request, decision = submitted(
        office_on_sqlite, bruno(office_on_sqlite), a_request(a_diploma(**diploma))
    )
    assert decision is None
    assert (request.status, request.procedure) == ("submitted", "case")
    assert request.number == "REC-2026-000001"
    assert request.regime == "neutral"
    assert reasons(request) == ["no_special_regime", *hindrances]
    assert request.equivalence["result"] == "treaty_rule"
    assert file_of(office_on_sqlite, request.id).decision is None


def test_without_a_standing_order_no_rule_decides(small):
    an_authority(small)
    request, decision = submitted(small, bruno(small))
    assert decision is None
    assert request.routing_reasons[:2] == [
        {"code": "no_special_regime", "params": {}},
        {"code": "no_standing_order", "params": {"instrument": TREATY}},
    ]
    assert request.short_path == "agreed_list"


def test_an_ended_order_decides_no_more(office):
    with office.database.transaction() as session:
        end_standing_order(
            session, AUTHORITY, TREATY, actor="person:1", now=office.now()
        )
    _, decision = submitted(office, bruno(office))
    assert decision is None


def test_an_order_of_another_authority_does_not_count(office):
    an_authority(office, "ma")
    _, decision = submitted(office, bruno(office, "ma"))
    assert decision is None


@pytest.mark.parametrize(
    "new",
    [
        a_request(decision_kind="study_recognition"),
        a_request(decision_kind="professional_access"),
        a_request(a_diploma(awarded_on=None)),
        a_request(a_diploma(origin="BE-FL")),
        a_request(an_unknown_diploma(origin="LV")),
    ],
)
def test_what_the_rule_is_not_about_waits_for_an_officer(office_on_sqlite, new):
    request, decision = submitted(office_on_sqlite, bruno(office_on_sqlite), new)
    assert (decision, request.status, request.procedure) == (None, "submitted", "case")


def test_a_kind_of_decision_that_is_never_by_rule_is_named(office):
    request, _ = submitted(
        office, bruno(office), a_request(decision_kind="study_recognition")
    )
    assert reasons(request) == ["no_special_regime", "decision_kind_not_by_rule"]


def test_evidence_turns_the_proposal_into_a_decision(office):
    caller = bruno(office)
    request, _ = submitted(
        office,
        caller,
        a_request(a_diploma(authenticity={"grade": "scan"}, institution_status=None)),
    )
    request, decision = evidence(office, caller, request.id, authenticity=CONFIRMED)
    assert decision is None
    assert reasons(request)[1:] == [
        "institution_status_not_established",
        "quality_assurance_not_established",
    ]
    request, decision = evidence(
        office, caller, request.id, institution_status=RECOGNISED
    )
    assert (request.status, request.procedure) == ("decided", "none")
    assert request.regime == "benelux-baltic"
    assert decision.decision.decided_by == "rule"
    held = file_of(office, request.id).held[0].content
    assert held["authenticity"] == CONFIRMED | {"established_by": caller.actor}
    attestation = office.issue(AUTHORITY, decision, actor=caller.actor)
    assert office.verify(token(office, attestation)).verdict == "valid"


def test_evidence_puts_a_prepared_decision_back(office):
    caller = bruno(office)
    request, _ = submitted(office, caller, a_request(an_unknown_diploma()))
    prepared(office, caller, request.id)
    request, decision = evidence(office, caller, request.id, facts={"grade": "8"})
    assert (request.status, decision) == ("submitted", None)
    request, _ = evidence(
        office,
        caller,
        request.id,
        facts={"b": "2"},
        training_started_on=date(2016, 9, 1),
    )
    held = file_of(office, request.id).held[0].content
    assert held["facts"] == {"grade": "8", "b": "2"}
    assert held["training_started_on"] == "2016-09-01"


def test_facts_can_be_added_where_there_were_none(office):
    caller = bruno(office)
    request, _ = submitted(office, caller, a_request(an_unknown_diploma(facts=None)))
    evidence(office, caller, request.id, facts={"grade": "8"})
    assert file_of(office, request.id).held[0].content["facts"] == {"grade": "8"}


def test_evidence_is_not_added_where_there_is_nothing_to_add_it_to(office):
    caller = bruno(office)
    request, _ = submitted(office, caller, a_request(an_unknown_diploma()))
    for position in (-1, 1, 99):
        with pytest.raises(RequestInvalidError) as refused:
            evidence(office, caller, request.id, position=position)
        assert refused.value.errors[0]["pointer"] == "/held_qualification"
    with pytest.raises(RequestNotFoundError):
        evidence(office, caller, caller.principal_id)


def test_evidence_comes_too_late_for_what_is_decided(office):
    caller = bruno(office)
    request, _ = submitted(office, caller)
    with pytest.raises(TransitionNotAllowedError):
        evidence(office, caller, request.id, authenticity=CONFIRMED)


def test_an_officer_decides_where_the_rule_may_not(office):
    caller = bruno(office)
    request, _ = submitted(
        office, caller, a_request(a_diploma(authenticity={"grade": "scan"}))
    )
    with office.database.transaction() as session:
        prepare_decision(
            session,
            caller,
            request.id,
            a_full_decision(),
            edition=office.edition(AUTHORITY),
            now=office.now(),
        )
    assert file_of(office, request.id).request.status == "decision_prepared"


def test_another_destination_is_not_ours(office):
    caller = bruno(office)
    for jurisdiction in ("BE", "LV", "XX", ""):
        with pytest.raises(NotCompetentError) as refused:
            submitted(office, caller, a_request(jurisdiction=jurisdiction))
        assert refused.value.errors[0]["pointer"] == "/destination/jurisdiction"
    assert_nothing_was_taken_in(office)


def test_an_unknown_qualification_is_named_with_the_nearest(office):
    caller = bruno(office)
    diploma = a_diploma(qualification="lv-lki--bakalaura-diplom")
    with pytest.raises(RequestInvalidError) as refused:
        submitted(office, caller, a_request(diploma))
    (error,) = refused.value.errors
    assert error["pointer"] == "/held_qualifications/0/qualification"
    assert (error["code"], error["nearest"]) == ("unknown_code", [BACHELOR])
    with pytest.raises(RequestInvalidError) as refused:
        submitted(office, caller, a_request(a_diploma(), diploma))
    assert refused.value.errors[0]["pointer"] == "/held_qualifications/1/qualification"
    assert_nothing_was_taken_in(office)


@pytest.mark.parametrize(
    ("new", "pointer"),
    [
        (a_request(a_diploma(origin="XX")), "/held_qualifications/0/origin"),
        (
            a_request(an_unknown_diploma(framework="LV-LKJ", level="6", origin="LV")),
            "/held_qualifications/0/framework",
        ),
        (
            a_request(an_unknown_diploma(framework="LV-LKI", level="66", origin="LV")),
            "/held_qualifications/0/level",
        ),
        (a_request(profession="wizard"), "/destination/profession"),
    ],
)
def test_an_unknown_code_is_named_with_its_place(office_on_sqlite, new, pointer):
    with pytest.raises(RequestInvalidError) as refused:
        submitted(office_on_sqlite, bruno(office_on_sqlite), new)
    (error,) = refused.value.errors
    assert (error["pointer"], error["code"]) == (pointer, "unknown_code")
    assert_nothing_was_taken_in(office_on_sqlite)


def test_cases_are_numbered_without_gaps_and_each_authority_counts_alone(office):
    an_authority(office, "ma")
    caller, other = bruno(office), bruno(office, "ma")
    new = a_request(an_unknown_diploma())
    an_attestation_by_rule(office)
    with pytest.raises(NotCompetentError):
        submitted(office, caller, a_request(jurisdiction="LV"))
    numbers = [submitted(office, caller, new)[0].number for _ in range(3)]
    assert numbers == [f"REC-2026-00000{n}" for n in (1, 2, 3)]
    assert submitted(office, other, new)[0].number == "REC-2026-000001"


def test_another_authoritys_request_is_not_found(office):
    an_authority(office, "ma")
    request, _ = submitted(office, bruno(office), a_request(an_unknown_diploma()))
    with pytest.raises(RequestNotFoundError):
        file_of(office, request.id, "ma")


def assert_nothing_was_taken_in(runtime):
    with runtime.database.reading() as session:
        for model in (RecognitionRequest, Applicant):
            assert session.scalar(select(func.count()).select_from(model)) == 0
