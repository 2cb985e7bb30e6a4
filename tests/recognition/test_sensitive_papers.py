"""Papers about offences, discipline and health lie apart, and each reading is noted."""

from datetime import date

import pytest
from sqlalchemy import func, select

from recognition_service.authorities.errors import RoleMissingError
from recognition_service.authorities.models import Role
from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.case_file import get_request
from recognition_service.recognition.erase_papers import erase_papers
from recognition_service.recognition.errors import PaperNotFoundError
from recognition_service.recognition.paper_kinds import PaperKind, ReadingPurpose
from recognition_service.recognition.paper_models import (
    CasePaper,
    CasePaperContent,
    SensitivePaper,
    SensitivePaperContent,
)
from recognition_service.recognition.papers import (
    content_of,
    kinds_at_hand,
    papers_for_export,
    papers_of,
)
from recognition_service.recognition.read_paper import (
    note_reading,
    read_paper,
    readings_of,
)
from recognition_service.recognition.submit import withdraw
from recognition_service.storage.models import AuditEntry
from recognition_service.worker.jobs import Memory, erase_sensitive
from tests.builders import (
    AUTHORITY,
    a_caller,
    a_package,
    a_regime_tree,
    a_request,
    an_authority,
    an_installation,
    an_unknown_diploma,
    bruno,
    prepared,
    signed,
    sofia,
    submitted,
)
from tests.recognition.files import a_pdf
from tests.recognition.paper_office import PaperOffice, a_paper

SENSITIVE = [PaperKind.CRIMINAL_RECORD, PaperKind.GOOD_STANDING, PaperKind.HEALTH]
READ = ReadingPurpose.ASSESSMENT


@pytest.fixture
def office(small):
    an_authority(small)
    officer = bruno(small)
    case, _ = submitted(small, officer, a_request(an_unknown_diploma()))
    return PaperOffice(small, case.id, officer)


def count(office, model):
    with office.runtime.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def read(office, paper, caller, purpose=READ):
    with office.runtime.database.transaction() as session:
        return read_paper(
            session,
            caller,
            office.case,
            paper.id,
            purpose=purpose,
            now=office.runtime.now(),
        )


def readings(office):
    with office.runtime.database.reading() as session:
        return [
            (row.paper_id, row.reader, row.at, row.purpose)
            for row in readings_of(session, AUTHORITY, office.case)
        ]


def withdrawn(office):
    with office.runtime.database.transaction() as session:
        withdraw(session, office.caller, office.case, now=office.runtime.now())


@pytest.mark.parametrize("kind", SENSITIVE)
def test_sensitive_papers_lie_in_a_store_of_their_own(office, kind):
    paper = office.received(kind=kind)
    assert paper.keep_until == date(2027, 11, 2)
    rows = {model: count(office, model) for model in (CasePaper, CasePaperContent)}
    assert rows == {CasePaper: 0, CasePaperContent: 0}
    with office.runtime.database.reading() as session:
        assert content_of(session, paper) == a_pdf()
        assert [row.id for row in papers_of(session, AUTHORITY, office.case)] == [
            paper.id
        ]
        assert kinds_at_hand(session, AUTHORITY, office.case) == {kind}
        assert list(papers_for_export(session, AUTHORITY, office.case)) == []


def test_a_translation_of_a_sensitive_paper_is_as_sensitive(office):
    original = office.received(kind=PaperKind.CRIMINAL_RECORD)
    translation = office.received(
        kind=PaperKind.TRANSLATION, translation_of=original.id
    )
    assert isinstance(translation, SensitivePaper)
    with office.runtime.database.reading() as session:
        assert list(papers_for_export(session, AUTHORITY, office.case)) == []


def test_who_decides_reads_them_and_each_reading_is_written_down(office):
    paper = office.received(kind=PaperKind.HEALTH)
    signatory = sofia(office.runtime)
    with office.runtime.database.reading() as session:
        before = get_request(session, AUTHORITY, office.case).version
    assert read(office, paper, office.caller) == a_pdf()
    assert read(office, paper, signatory, ReadingPurpose.DECISION) == a_pdf()
    now = office.runtime.now()
    assert readings(office) == [
        (paper.id, office.caller.actor, now, "assessment"),
        (paper.id, signatory.actor, now, "decision"),
    ]
    with office.runtime.database.reading() as session:
        assert get_request(session, AUTHORITY, office.case).version == before
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "request.read")
        ).all()
    assert [entry.content["purpose"] for entry in entries] == ["assessment", "decision"]


@pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR, Role.OBSERVER])
def test_nobody_else_reads_assesses_or_rejects_them(office, role):
    paper = office.received(kind=PaperKind.HEALTH)
    caller = a_caller(office.runtime, role)
    with pytest.raises(RoleMissingError):
        read(office, paper, caller)
    for act in (office.assess, office.reject):
        with pytest.raises(RoleMissingError):
            act(paper, by=caller)
    assert readings(office) == []


def test_bytes_that_did_not_come_are_not_read(office):
    sensitive = office.announce(a_paper(kind=PaperKind.HEALTH))
    with pytest.raises(PaperNotFoundError):
        read(office, sensitive, office.caller)
    assert readings(office) == []


def test_other_readings_of_a_case_can_be_noted_too(office):
    with office.runtime.database.transaction() as session:
        note_reading(
            session,
            office.caller,
            office.case,
            paper_id=None,
            purpose=ReadingPurpose.ACCESS_REQUEST,
            now=office.runtime.now(),
        )
    ((paper_id, _, _, purpose),) = readings(office)
    assert (paper_id, purpose) == (None, "access_request")


def test_file_and_audit_say_no_more_than_that_a_paper_came(office):
    paper = office.received(kind=PaperKind.CRIMINAL_RECORD)
    office.assess(paper)
    office.reject(paper)
    with office.runtime.database.reading() as session:
        told = [
            event.details
            for event in events_of(session, AUTHORITY, office.case)
            if event.event.startswith("paper_")
        ]
        entries = session.scalars(select(AuditEntry)).all()
    assert told == [{"paper": str(paper.id)}] * 4
    assert "criminal" not in str([entry.content for entry in entries])


def test_no_decision_and_no_attestation_holds_a_sensitive_paper(office):
    paper = office.received(kind=PaperKind.CRIMINAL_RECORD)
    prepared(office.runtime, office.caller, office.case)
    _, decided = signed(office.runtime, sofia(office.runtime), office.case)
    record = str(decided.decision.record) + str(decided.attestation)
    for secret in (str(paper.id), paper.digest, paper.title, "criminal"):
        assert secret not in record


def test_their_bytes_are_erased_when_the_case_and_their_time_are_over(office, clock):
    paper = office.received(kind=PaperKind.HEALTH, keep_until=date(2026, 11, 30))
    kept = office.received(kind=PaperKind.HEALTH)
    plain = office.received()
    clock.pass_by(days=29)
    erase_sensitive(office.runtime, Memory())
    assert count(office, SensitivePaperContent) == 2  # The case is open.
    withdrawn(office)
    memory = Memory()
    erase_sensitive(office.runtime, memory)
    assert memory.erased_at is None
    erase_sensitive(office.runtime, memory)
    assert memory.erased_at == office.runtime.now()
    erased = office.paper(paper)
    assert (erased.erased_at, erased.digest) == (office.runtime.now(), paper.digest)
    with office.runtime.database.reading() as session:
        with pytest.raises(PaperNotFoundError):
            content_of(session, erased)
        for still in (kept, plain):
            assert content_of(session, still) == a_pdf()
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "request.paper_erased")
        ).one()
    assert (entry.actor, entry.content) == ("service", {"paper": str(paper.id)})


def test_nothing_is_erased_while_an_appeal_is_pending(office, clock):
    office.received(kind=PaperKind.HEALTH, keep_until=date(2026, 11, 2))
    for status, erased in (("under_appeal", 0), ("measure_running", 0), ("final", 1)):
        clock.pass_by(days=1)
        with office.runtime.database.transaction() as session:
            get_request(session, AUTHORITY, office.case).status = status
        with office.runtime.database.transaction() as session:
            assert erase_papers(session, now=office.runtime.now()) == erased


def test_they_are_kept_as_long_as_the_regime_says(tmp_path, database):
    regime = a_regime_tree(retention={"sensitive": 36, "article": "Article 20"})
    runtime = an_installation(tmp_path, database)
    runtime.load_edition(a_package(regimes={"neutral.toml": regime}))
    an_authority(runtime)
    officer = bruno(runtime)
    case, _ = submitted(runtime, officer, a_request(an_unknown_diploma()))
    paper = PaperOffice(runtime, case.id, officer).received(kind=PaperKind.HEALTH)
    assert paper.keep_until == date(2029, 11, 2)


def test_the_last_day_is_a_day_at_the_authority(office, clock):
    office.received(kind=PaperKind.HEALTH, keep_until=date(2026, 11, 2))
    withdrawn(office)
    clock.pass_by(hours=13, minutes=59)  # 23:59 in Brussels
    for erased in (0, 1):
        with office.runtime.database.transaction() as session:
            assert erase_papers(session, now=office.runtime.now()) == erased
        clock.pass_by(minutes=1)
