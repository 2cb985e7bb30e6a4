"""Code and birth date in, the case and its attestations out; five tries a day."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import select

from recognition_service.attestations.errors import AttestationNotFoundError
from recognition_service.attestations.models import Status
from recognition_service.attestations.status import change_status
from recognition_service.delivery.claim import issue_claim_code
from recognition_service.delivery.errors import (
    BirthDateUnknownError,
    ClaimNotFoundError,
    ClaimTokenError,
)
from recognition_service.delivery.models import ClaimTries
from recognition_service.errors import TooManyTriesError
from recognition_service.recognition.errors import RequestNotFoundError
from tests.builders import (
    AUTHORITY,
    PUBLIC_URL,
    a_full_decision,
    a_partial_decision,
    a_request,
    a_standing_order,
    an_applicant,
    an_attestation,
    an_authority,
    an_unknown_diploma,
    bruno,
    chen,
    found_attestation,
    prepared,
    submitted,
    token,
)

BORN = date(1994, 5, 17)
OTHER_DAY = date(1994, 5, 18)
UNKNOWN = "0000-0000-0000"
DAY = 24 * 3600


@pytest.fixture
def office(small):
    an_authority(small)
    a_standing_order(small)
    return small


def a_code(runtime, request_id, caller=None):
    with runtime.database.transaction() as session:
        return issue_claim_code(
            session, caller or bruno(runtime), request_id, now=runtime.now()
        )[0]


def by_rule(runtime, new=None):
    """Return a request that a rule decided, and its attestation."""
    caller = bruno(runtime)
    request, decision = submitted(runtime, caller, new)
    return request, runtime.issue(AUTHORITY, decision, actor=caller.actor)


def fails(runtime, code, times, birth_date=OTHER_DAY):
    for _ in range(times):
        with pytest.raises(ClaimNotFoundError):
            runtime.claim(code, birth_date)


def refused_for(runtime, code, birth_date=BORN):
    with pytest.raises(TooManyTriesError) as refused:
        runtime.claim(code, birth_date)
    return refused.value.retry_after_seconds


def test_a_person_collects_what_a_rule_decided(office):
    request, attestation_id = by_rule(office)
    claim = office.claim(a_code(office, request.id), BORN)
    assert claim.expires_at.isoformat() == "2026-11-02T09:30:00+00:00"
    assert claim.case["status"] == "decided"
    assert (claim.case["number"], claim.case["procedure"]) == (None, "none")
    assert claim.case["outcome"] == "automatic"
    (listed,) = claim.attestations
    assert listed == {
        "id": str(attestation_id),
        "number": "ATT-2026-000001",
        "label": "Bakalaura diploms",
        "status": "valid",
        "outcome": "automatic",
        "verify_url": f"{PUBLIC_URL}/verify",
        "vc_jwt": f"{PUBLIC_URL}/api/v1/claims/attestations/{attestation_id}.jwt",
    }
    collected = office.claimed_token(claim.token, attestation_id)
    assert collected == token(office, attestation_id)
    assert office.verify(collected).verdict == "valid"


def test_a_person_follows_a_case_that_is_not_decided(office):
    caller = bruno(office)
    request, _ = submitted(office, caller, a_request(an_unknown_diploma()))
    code = a_code(office, request.id)
    claim = office.claim(code, BORN)
    assert claim.case["number"] == "REC-2026-000001"
    assert (claim.case["status"], claim.attestations) == ("submitted", ())
    prepared(office, caller, request.id, a_partial_decision())
    case = office.claim(code, BORN).case
    assert (case["outcome"], case["text"], case["remedy"], case["decided_on"]) == (
        (None,) * 4
    )


def test_a_person_learns_the_text_and_the_remedy_of_a_decision(office):
    attestation_id = an_attestation(office, content=a_partial_decision())
    request_id = found_attestation(office, attestation_id).request_id
    case = office.claim(a_code(office, request_id), BORN).case
    assert case["outcome"] == "partial"
    assert case["remedy"]["body"] == "Council for disputes"
    assert case["text"] == {"en": "The diploma is comparable to level 6."}


def test_the_status_is_that_of_the_legal_day(office, clock):
    attestation_id = an_attestation(
        office, content=a_full_decision(valid_until="2026-11-02")
    )
    request_id = found_attestation(office, attestation_id).request_id
    code = a_code(office, request_id)
    clock.pass_by(hours=14)  # Midnight in Brussels, 23:00 UTC.
    (listed,) = office.claim(code, BORN).attestations
    assert listed["status"] == "expired"


def test_a_revoked_attestation_is_told_as_such(office):
    request, attestation_id = by_rule(office)
    with office.database.transaction() as session:
        change_status(
            session,
            AUTHORITY,
            attestation_id,
            status=Status.REVOKED,
            reason="error",
            actor="person:1",
            now=office.now(),
        )
    (listed,) = office.claim(a_code(office, request.id), BORN).attestations
    assert listed["status"] == "revoked"


def test_the_code_is_forgiven_how_it_is_typed(office):
    request, _ = by_rule(office)
    code = a_code(office, request.id)
    for typed in (code.lower(), code.replace("-", " "), code.replace("0", "o")):
        assert office.claim(typed, BORN).attestations


def test_a_wrong_pair_is_not_found_and_which_half_is_not_said(office):
    request, _ = by_rule(office)
    code = a_code(office, request.id)
    messages = set()
    for typed, born in ((code, OTHER_DAY), (UNKNOWN, BORN), ("?", BORN), ("", BORN)):
        with pytest.raises(ClaimNotFoundError) as refused:
            office.claim(typed, born)
        messages.add(str(refused.value))
    assert len(messages) == 1


def test_after_five_wrong_tries_even_the_right_pair_waits_a_day(office, clock):
    request, _ = by_rule(office)
    code = a_code(office, request.id)
    fails(office, code, 5)
    assert refused_for(office, code) == DAY
    clock.pass_by(hours=1)
    assert refused_for(office, code, OTHER_DAY) == DAY - 3600
    clock.pass_by(hours=22, minutes=59, seconds=59)
    assert refused_for(office, code) == 1
    clock.pass_by(seconds=1)
    assert office.claim(code, BORN).attestations


def test_other_spellings_of_a_code_are_counted_with_it(office):
    request, _ = by_rule(office)
    code = a_code(office, request.id)
    for typed in (code, code.lower(), code.replace("-", ""), f" {code}", f"{code}-"):
        fails(office, typed, 1)
    refused_for(office, code)


def test_a_right_pair_sets_the_count_back(office):
    request, _ = by_rule(office)
    code = a_code(office, request.id)
    for _ in range(3):
        fails(office, code, 4)
        assert office.claim(code, BORN).attestations
    fails(office, code, 5)
    refused_for(office, code)


def test_a_day_after_the_first_try_counting_begins_anew(office, clock):
    request, _ = by_rule(office)
    code = a_code(office, request.id)
    fails(office, code, 4)
    clock.pass_by(days=1)
    fails(office, code, 5)
    assert refused_for(office, code) == DAY


def test_codes_that_do_not_exist_are_counted_alike(office):
    for typed in (UNKNOWN, "no code at all", "\0", "\ud800", "x" * 10_000):
        fails(office, typed, 5)
        assert refused_for(office, typed) == DAY


def test_tries_with_one_code_do_not_count_for_another(office):
    request, _ = by_rule(office)
    other, _ = by_rule(office)
    code, others = a_code(office, request.id), a_code(office, other.id)
    fails(office, code, 5)
    assert office.claim(others, BORN).attestations


def test_of_twenty_tries_at_once_five_are_looked_at(office):
    request, _ = by_rule(office)
    code, barrier = a_code(office, request.id), Barrier(20)

    def attempt(_):
        barrier.wait()
        try:
            return office.claim(code, OTHER_DAY)
        except (ClaimNotFoundError, TooManyTriesError) as error:
            return error.code

    with ThreadPoolExecutor(20) as pool:
        results = Counter(pool.map(attempt, range(20)))
    assert results == {"claim_not_found": 5, "too_many_tries": 15}
    with office.database.reading() as session:
        assert session.scalars(select(ClaimTries.tries)).all() == [5]


def test_a_code_is_over_after_its_time(office, clock):
    request, _ = by_rule(office)
    code = a_code(office, request.id)
    clock.pass_by(days=180, seconds=-1)
    assert office.claim(code, BORN).attestations
    clock.pass_by(seconds=1)
    fails(office, code, 1, BORN)


def test_a_new_code_revokes_the_one_before(office):
    request, _ = by_rule(office)
    older = a_code(office, request.id)
    newer = a_code(office, request.id)
    fails(office, older, 1, BORN)
    assert office.claim(newer, BORN).attestations


def test_without_a_birth_date_there_is_no_code(office):
    new = a_request(applicant=an_applicant(birth_date=None))
    request, _ = submitted(office, bruno(office), new)
    with pytest.raises(BirthDateUnknownError):
        a_code(office, request.id)


def test_no_code_is_made_for_another_authoritys_request(office):
    an_authority(office, "ma")
    request, _ = by_rule(office)
    with pytest.raises(RequestNotFoundError):
        a_code(office, request.id, chen(office, "ma"))


def test_a_claim_is_over_after_half_an_hour(office, clock):
    request, attestation_id = by_rule(office)
    claim = office.claim(a_code(office, request.id), BORN)
    clock.pass_by(minutes=29, seconds=59)
    assert office.claimed_token(claim.token, attestation_id)
    clock.pass_by(seconds=1)
    with pytest.raises(ClaimTokenError):
        office.claimed_token(claim.token, attestation_id)


def test_an_unknown_claim_opens_nothing(office):
    _, attestation_id = by_rule(office)
    for unknown in ("", "x", "x" * 10_000, "\ud800", "'; --"):
        with pytest.raises(ClaimTokenError):
            office.claimed_token(unknown, attestation_id)


def test_a_claim_opens_nobody_elses_attestation(office):
    an_authority(office, "ma")
    request, _ = by_rule(office)
    _, same_authority = by_rule(office)
    other_authority = an_attestation(office, authority_id="ma")
    claim = office.claim(a_code(office, request.id), BORN)
    for other in (same_authority, other_authority, uuid4()):
        with pytest.raises(AttestationNotFoundError):
            office.claimed_token(claim.token, other)
