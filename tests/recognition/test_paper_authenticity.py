"""What proves how genuine a paper is, and what proves less than it seems to."""

from datetime import date

import pytest

from recognition_service.recognition.paper_authenticity import (
    Confirmation,
    LegalisationFinding,
    PaperAssessment,
    faults_of,
)
from recognition_service.recognition.paper_kinds import Channel, Legalisation
from recognition_service.recognition.vocabulary import Grade

DAY = date(2026, 11, 2)
UNKNOWN = LegalisationFinding(state=Legalisation.UNKNOWN)
APOSTILLE = LegalisationFinding(
    state=Legalisation.APOSTILLE,
    number="RABAT-2019-118",
    dated_on=date(2019, 7, 8),
    signer="N. Alaoui",
    capacity="Registrar",
)
CONFIRMATION = Confirmation(
    person="Registrar's office", channel=Channel.REGISTER, confirmed_on=DAY
)


def faults(grade, *, verdict=None, stands=UNKNOWN, **more):
    assessment = PaperAssessment(grade=grade, established_on=DAY, **more)
    return {
        (fault["pointer"], fault["code"])
        for fault in faults_of(assessment, verdict=verdict, stands=stands)
    }


@pytest.mark.parametrize(
    "grade", [Grade.SELF_DECLARED, Grade.SCAN, Grade.CERTIFIED_COPY]
)
def test_what_an_officer_sees_needs_no_further_proof(grade):
    assert faults(grade) == set()


def test_only_a_verification_shows_that_the_issuer_signed():
    told = {("/grade", "only_by_verification")}
    assert faults(Grade.ISSUER_SIGNED) == told
    assert faults(Grade.ISSUER_SIGNED, verdict="cannot_confirm") == told
    assert faults(Grade.ISSUER_SIGNED, verdict="not_genuine") == told
    for verdict in ("valid", "valid_with_conditions"):
        assert faults(Grade.ISSUER_SIGNED, verdict=verdict) == set()


def test_a_confirmation_says_who_how_and_when():
    grade = Grade.CONFIRMED_BY_ISSUER
    assert faults(grade) == {("/confirmation", "required")}
    assert faults(grade, confirmation=CONFIRMATION) == set()
    assert faults(Grade.SCAN, confirmation=CONFIRMATION) == {
        ("/confirmation", "not_of_this_grade")
    }


def test_an_apostille_makes_a_paper_legalised_at_most():
    assert faults(Grade.LEGALISED, legalisation=APOSTILLE) == set()
    assert faults(Grade.LEGALISED, stands=APOSTILLE) == set()
    assert faults(Grade.CONFIRMED_BY_ISSUER, legalisation=APOSTILLE) == {
        ("/confirmation", "required")
    }
    assert faults(Grade.ISSUER_SIGNED, legalisation=APOSTILLE) == {
        ("/grade", "only_by_verification")
    }


@pytest.mark.parametrize(
    "stands",
    [
        UNKNOWN,
        LegalisationFinding(state=Legalisation.NONE),
        LegalisationFinding(state=Legalisation.EXEMPT, basis="Article 4"),
    ],
)
def test_without_apostille_or_legalisation_nothing_is_legalised(stands):
    assert faults(Grade.LEGALISED, stands=stands) == {("/legalisation", "required")}


@pytest.mark.parametrize("member", ["number", "dated_on", "signer", "capacity"])
def test_an_apostille_is_named_as_its_register_names_it(member):
    known = {
        name: getattr(APOSTILLE, name)
        for name in ("state", "number", "dated_on", "signer", "capacity")
    }
    without = LegalisationFinding(**known | {member: None})
    assert faults(Grade.SCAN, legalisation=without) == {
        (f"/legalisation/{member}", "required")
    }


def test_an_exemption_names_the_law_that_it_rests_on():
    exempt = LegalisationFinding(state=Legalisation.EXEMPT)
    assert faults(Grade.SCAN, legalisation=exempt) == {
        ("/legalisation/basis", "required")
    }
    numbered = LegalisationFinding(
        state=Legalisation.EXEMPT, basis="Article 4", number="7"
    )
    assert faults(Grade.SCAN, legalisation=numbered) == {
        ("/legalisation/number", "not_of_this_state")
    }


def test_what_is_not_legalised_has_nothing_more_to_tell():
    for state in (Legalisation.NONE, Legalisation.UNKNOWN):
        found = LegalisationFinding(state=state, dated_on=DAY, basis="Article 4")
        assert faults(Grade.SCAN, legalisation=found) == {
            ("/legalisation/dated_on", "not_of_this_state"),
            ("/legalisation/basis", "not_of_this_state"),
        }


def test_a_legalisation_without_its_date_is_none():
    found = LegalisationFinding(state=Legalisation.LEGALISED, number="7")
    assert faults(Grade.LEGALISED, legalisation=found) == {
        ("/legalisation/dated_on", "required")
    }
