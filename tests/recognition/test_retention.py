"""Closed cases are kept as their regime says: papers go first, then the file blocks."""

from datetime import UTC, date, datetime

import pytest

from recognition_service.authorities.standing_orders import (
    RETENTION,
    end_standing_order,
)
from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.case_file import get_request, open_file
from recognition_service.recognition.errors import (
    CaseBlockedError,
    PaperNotFoundError,
)
from recognition_service.recognition.legal_hold import put_legal_hold
from recognition_service.recognition.paper_kinds import PaperKind
from recognition_service.recognition.papers import (
    content_of,
    get_paper,
    papers_for_export,
)
from recognition_service.recognition.submit import withdraw
from recognition_service.storage import migrations
from recognition_service.worker.jobs import Memory, keep_to_retention
from tests.builders import (
    AUTHORITY,
    a_package,
    a_partial_decision,
    a_regime_tree,
    a_request,
    a_standing_order,
    an_authority,
    an_unknown_diploma,
    bruno,
    found_attestation,
    prepared,
    signed,
    sofia,
    submitted,
)
from tests.recognition.files import a_pdf
from tests.recognition.paper_office import PaperOffice

YEAR = 366


@pytest.fixture
def office(own_small):
    return an_office(own_small, is_confirmed=False)


def an_office(runtime, **more):
    """An authority with a case, under a regime that keeps for 6, 12 and 60 months."""
    retention = {"sensitive": 6, "papers": 12, "file": 60, "article": "section 9"}
    regime = a_regime_tree(retention=retention | more)
    runtime.load_edition(a_package(regimes={"neutral.toml": regime}))
    an_authority(runtime)
    officer = bruno(runtime)
    case, _ = submitted(runtime, officer, a_request(an_unknown_diploma()))
    return PaperOffice(runtime, case.id, officer)


def closed(office):
    with office.runtime.database.transaction() as session:
        withdraw(session, office.caller, office.case, now=office.runtime.now())


def ordered(office):
    a_standing_order(office.runtime, RETENTION)


def looked_through(office):
    """Let the worker look through all closed cases once."""
    memory, faults = Memory(), []

    def attempt(_step, action):
        try:
            action()
        except Exception as error:  # noqa: BLE001  # a test shows what went wrong
            faults.append(error)

    keep_to_retention(office.runtime, memory, attempt)
    assert faults == []
    return memory


def request_of(office):
    with office.runtime.database.reading() as session:
        return get_request(session, AUTHORITY, office.case, despite_block=True)


def has_bytes(office, paper):
    with office.runtime.database.reading() as session:
        found = get_paper(session, AUTHORITY, office.case, paper.id, despite_block=True)
        try:
            return content_of(session, found) == a_pdf()
        except PaperNotFoundError:
            return False


def events(office):
    with office.runtime.database.reading() as session:
        return [
            (event.event, event.details, event.legal_basis)
            for event in events_of(session, AUTHORITY, office.case)
        ]


def test_sensitive_papers_go_first_then_the_others_then_the_file(office, clock):
    health = office.received(kind=PaperKind.HEALTH, keep_until=date(2036, 1, 1))
    diploma = office.received()
    closed(office)
    ordered(office)
    seen = []
    for days in (31, 160, 200, 1460):
        clock.pass_by(days=days)
        looked_through(office)
        blocked = request_of(office).blocked_at is not None
        seen.append((has_bytes(office, health), has_bytes(office, diploma), blocked))
    assert seen == [
        (True, True, False),
        (False, True, False),
        (False, False, False),
        (False, False, True),
    ]
    assert [each for each in events(office) if "erased" in each[0]] == [
        ("papers_erased", {"papers": 1}, "section 9"),
        ("papers_erased", {"papers": 1}, "section 9"),
    ]


def test_what_stays_of_a_paper_is_that_it_was_there(office, clock):
    paper = office.received()
    closed(office)
    ordered(office)
    clock.pass_by(days=2 * YEAR)
    looked_through(office)
    with office.runtime.database.reading() as session:
        kept = get_paper(session, AUTHORITY, office.case, paper.id)
        assert list(papers_for_export(session, AUTHORITY, office.case)) == []
    assert (kept.kind, kept.title, kept.file_name) == (
        "qualification",
        "qualification",
        None,
    )
    assert (kept.digest, kept.erased_at) == (paper.digest, clock())


def test_a_time_that_was_not_confirmed_needs_the_order_of_two_people(office, clock):
    paper = office.received()
    closed(office)
    clock.pass_by(days=2 * YEAR)
    looked_through(office)
    assert has_bytes(office, paper)
    ordered(office)
    with office.runtime.database.transaction() as session:
        end_standing_order(session, AUTHORITY, RETENTION, actor="person:1", now=clock())
    looked_through(office)
    assert has_bytes(office, paper)
    ordered(office)
    looked_through(office)
    assert not has_bytes(office, paper)


def test_a_confirmed_time_needs_no_order(own_small, clock):
    office = an_office(own_small, is_confirmed=True)
    paper = office.received()
    closed(office)
    clock.pass_by(days=2 * YEAR)
    looked_through(office)
    assert not has_bytes(office, paper)


def test_an_open_case_is_kept_however_old(office, clock):
    paper = office.received()
    ordered(office)
    clock.pass_by(days=20 * YEAR)
    looked_through(office)
    assert has_bytes(office, paper)
    assert request_of(office).blocked_at is None


def test_a_legal_hold_stops_it(office, clock):
    paper = office.received()
    closed(office)
    ordered(office)
    hold(office, "An appeal has been announced.")
    clock.pass_by(days=20 * YEAR)
    looked_through(office)
    assert has_bytes(office, paper)
    hold(office, None)
    looked_through(office)
    assert not has_bytes(office, paper)


def hold(office, reason):
    with office.runtime.database.transaction() as session:
        put_legal_hold(
            session,
            office.caller,
            office.case,
            reason=reason,
            now=office.runtime.now(),
        )


def test_a_blocked_case_is_read_by_auditors_only(office, clock):
    closed(office)
    ordered(office)
    clock.pass_by(days=6 * YEAR)
    looked_through(office)
    with office.runtime.database.reading() as session:
        with pytest.raises(CaseBlockedError):
            open_file(session, AUTHORITY, office.case)
        file = open_file(session, AUTHORITY, office.case, despite_block=True)
    assert file.applicant.family_name == "Bērziņa"


def test_the_attestation_outlives_the_file(office, clock):
    prepared(office.runtime, office.caller, office.case, a_partial_decision())
    _, decided = signed(office.runtime, sofia(office.runtime), office.case)
    issued = office.runtime.issue(AUTHORITY, decided, actor="person:sofia")
    ordered(office)
    clock.pass_by(days=6 * YEAR)
    looked_through(office)
    assert request_of(office).blocked_at == clock()
    attestation = found_attestation(office.runtime, issued)
    assert (attestation.status, attestation.decision_digest) == (
        "valid",
        decided.decision.decision_digest,
    )


def test_looking_again_changes_nothing(office, clock):
    closed(office)
    ordered(office)
    clock.pass_by(days=6 * YEAR)
    looked_through(office)
    before = request_of(office)
    clock.pass_by(days=2)
    looked_through(office)
    after = request_of(office)
    assert (after.version, after.blocked_at) == (before.version, before.blocked_at)


def test_time_runs_from_the_day_on_which_the_case_was_closed(office, clock):
    clock.pass_by(days=400)
    closed(office)
    assert request_of(office).closed_at == datetime(2027, 12, 7, 9, tzinfo=UTC)
    ordered(office)
    clock.pass_by(days=300)
    looked_through(office)
    assert request_of(office).papers_erased_at is None


def test_a_round_is_once_a_day_and_some_at_a_time(office, clock, monkeypatch):
    monkeypatch.setattr("recognition_service.worker.jobs.RETAINED_AT_ONCE", 1)
    for _ in range(2):
        submitted(office.runtime, office.caller, a_request(an_unknown_diploma()))
    closed(office)
    clock.pass_by(days=40)
    memory = looked_through(office)
    assert memory.retained.request_id == office.case
    assert memory.has_more
    keep_to_retention(office.runtime, memory, lambda _step, action: action())
    assert memory.retained is None
    assert memory.retention_begun_at == clock()


def test_cases_that_were_closed_before_get_the_day_of_their_last_event(office, clock):
    clock.pass_by(days=40)
    closed(office)
    before = request_of(office)
    migrations.downgrade(office.runtime.database, "0015")
    migrations.upgrade(office.runtime.database)
    after = request_of(office)
    assert after.closed_at == before.closed_at == clock()
