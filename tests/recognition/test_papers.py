"""Papers come into a case, are looked at, and stay in it as they came."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from recognition_service.recognition import add_paper as adding
from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.case_file import get_request, open_file
from recognition_service.recognition.errors import (
    PaperInvalidError,
    PaperMismatchError,
    PaperNotFoundError,
    PaperStateError,
    PaperTooLateError,
    PaperUnsafeError,
    RequestNotFoundError,
    TooManyPapersError,
)
from recognition_service.recognition.paper_authenticity import (
    Confirmation,
    LegalisationFinding,
)
from recognition_service.recognition.paper_kinds import (
    Channel,
    Legalisation,
    PaperKind,
    RejectionReason,
)
from recognition_service.recognition.paper_models import CasePaperContent
from recognition_service.recognition.papers import (
    content_of,
    kinds_at_hand,
    papers_for_export,
    papers_of,
)
from recognition_service.recognition.papers_needed import missing_papers
from recognition_service.recognition.submit import withdraw
from recognition_service.recognition.vocabulary import Grade
from recognition_service.regimes.regime import read_regime
from recognition_service.storage.models import AuditEntry
from tests.builders import (
    AUTHORITY,
    a_regime_tree,
    a_request,
    an_authority,
    an_unknown_diploma,
    bruno,
    submitted,
)
from tests.recognition.files import a_pdf, a_png
from tests.recognition.paper_office import PaperOffice, a_paper

UNKNOWN = UUID("0193a1c2-0000-7000-8000-000000000000")
OTHER_PDF = a_pdf(b"2 0 obj\n<<>>\nendobj")


@pytest.fixture
def office(small):
    an_authority(small)
    officer = bruno(small)
    case, _ = submitted(small, officer, a_request(an_unknown_diploma()))
    return PaperOffice(small, case.id, officer)


def faults(office, **more):
    with pytest.raises(PaperInvalidError) as refused:
        office.announce(a_paper(**more))
    return {(fault["pointer"], fault["code"]) for fault in refused.value.errors}


def events(office):
    with office.runtime.database.reading() as session:
        return [
            (event.event, event.details)
            for event in events_of(session, AUTHORITY, office.case)
        ]


def at_hand(office):
    with office.runtime.database.reading() as session:
        return kinds_at_hand(session, AUTHORITY, office.case)


def exported(office):
    with office.runtime.database.reading() as session:
        return list(papers_for_export(session, AUTHORITY, office.case))


def test_a_paper_is_announced_and_then_received(office):
    paper = office.announce(a_paper(language="fr", held_position=0))
    assert (paper.status, paper.grade, paper.received_at) == ("accepted", "scan", None)
    assert (paper.legalisation, paper.established_by) == ("unknown", None)
    assert at_hand(office) == frozenset()
    assert office.hand_in(paper)
    received = office.paper(paper)
    assert received.received_at == office.runtime.now()
    assert received.received_by == received.added_by == office.caller.actor
    with office.runtime.database.reading() as session:
        assert content_of(session, received) == a_pdf()
        listed = papers_of(session, AUTHORITY, office.case)
    assert [(row.id, row.title) for row in listed] == [(paper.id, paper.title)]
    assert at_hand(office) == {PaperKind.QUALIFICATION}
    told = {"paper": str(paper.id), "kind": "qualification"}
    assert events(office)[1:] == [("paper_announced", told), ("paper_received", told)]


def test_the_same_bytes_again_change_nothing(office):
    paper = office.received()
    with office.runtime.database.reading() as session:
        before = get_request(session, AUTHORITY, office.case).version
    assert not office.hand_in(paper)
    with office.runtime.database.reading() as session:
        assert get_request(session, AUTHORITY, office.case).version == before


@pytest.mark.parametrize("content", [b"", a_pdf()[:-1], a_pdf()[:-1] + b" "])
def test_other_bytes_than_announced_are_refused(office, content):
    paper = office.announce()
    with pytest.raises(PaperMismatchError):
        office.hand_in(paper, content)
    assert office.paper(paper).received_at is None


def test_unsafe_bytes_leave_nothing_behind(office):
    content = a_pdf(b"<< /S /JavaScript >>")
    paper = office.announce(a_paper(content))
    with pytest.raises(PaperUnsafeError):
        office.hand_in(paper, content)
    assert office.paper(paper).received_at is None
    with office.runtime.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CasePaperContent)) == 0


def test_days_before_birth_and_in_the_future_are_refused(office):
    birth = date(1994, 5, 17)
    assert faults(office, issued_on=birth - timedelta(days=1)) == {
        ("/issued_on", "date_before_birth")
    }
    assert faults(office, issued_on=date(2026, 11, 3)) == {
        ("/issued_on", "date_in_future")
    }
    office.announce(a_paper(issued_on=birth))
    office.announce(a_paper(issued_on=date(2026, 11, 2)))
    office.announce(a_paper(issued_on=None))


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"held_position": 1}, ("/held_qualification", "out_of_range")),
        ({"file_name": "../x.pdf"}, ("/file_name", "path_or_control_in_name")),
        ({"replaces": UNKNOWN}, ("/replaces", "unknown_paper")),
        ({"translation_of": UNKNOWN}, ("/translation_of", "not_a_translation")),
        ({"kind": PaperKind.TRANSLATION}, ("/translation_of", "required")),
        ({"keep_until": date(2027, 1, 1)}, ("/keep_until", "not_sensitive")),
        (
            {"kind": PaperKind.TRANSLATION, "translation_of": UNKNOWN},
            ("/translation_of", "unknown_paper"),
        ),
        (
            {"kind": PaperKind.HEALTH, "keep_until": date(2026, 11, 1)},
            ("/keep_until", "date_in_past"),
        ),
    ],
)
def test_what_does_not_fit_the_case_is_named(office, more, fault):
    assert faults(office, **more) == {fault}


def test_a_translation_translates_a_paper_in_its_own_language(office):
    original = office.received()
    of_original = {"kind": PaperKind.TRANSLATION, "translation_of": original.id}
    translation = office.received(OTHER_PDF, **of_original)
    assert translation.translation_of == original.id
    again = {"kind": PaperKind.TRANSLATION, "translation_of": translation.id}
    assert faults(office, **again) == {("/translation_of", "not_an_original")}


def test_a_newer_paper_takes_the_place_of_an_older_one_once_it_is_here(office):
    older = office.received()
    newer = office.announce(a_paper(OTHER_PDF, replaces=older.id))
    assert office.paper(older).status == "accepted"
    office.hand_in(newer, OTHER_PDF)
    older = office.paper(older)
    assert (older.status, older.replaced_by) == ("replaced", newer.id)
    with office.runtime.database.reading() as session:
        assert content_of(session, older) == a_pdf()
    assert events(office)[-1] == (
        "paper_replaced",
        {
            "paper": str(older.id),
            "kind": "qualification",
            "replaced_by": str(newer.id),
        },
    )
    with pytest.raises(PaperStateError):
        office.announce(a_paper(replaces=older.id))
    other_kind = {"kind": PaperKind.OTHER, "replaces": newer.id}
    assert faults(office, **other_kind) == {("/replaces", "other_kind")}


def test_of_two_papers_for_the_same_place_the_first_to_arrive_has_it(office):
    older = office.received()
    first = office.announce(a_paper(replaces=older.id))
    second = office.announce(a_paper(replaces=older.id))
    office.hand_in(second)
    with pytest.raises(PaperStateError):
        office.hand_in(first)
    assert office.paper(older).replaced_by == second.id
    assert office.paper(first).received_at is None


def test_a_confirmation_is_written_down_with_who_how_and_when(office):
    paper = office.received()
    confirmation = Confirmation(
        person="Registrar's office",
        channel=Channel.PHONE,
        confirmed_on=date(2026, 11, 1),
    )
    exempt = LegalisationFinding(
        state=Legalisation.EXEMPT, basis="Regulation (EU) 2016/1191, article 4"
    )
    office.assess(
        paper, Grade.CONFIRMED_BY_ISSUER, confirmation=confirmation, legalisation=exempt
    )
    paper = office.paper(paper)
    assert (paper.grade, paper.established_by, paper.established_on) == (
        "confirmed_by_issuer",
        office.caller.actor,
        date(2026, 11, 2),
    )
    assert paper.established_how == {
        "person": "Registrar's office",
        "channel": "phone",
        "confirmed_on": "2026-11-01",
    }
    assert paper.legalisation_details["basis"] == "Regulation (EU) 2016/1191, article 4"
    assert events(office)[-1] == (
        "paper_assessed",
        {
            "paper": str(paper.id),
            "kind": "qualification",
            "grade": "confirmed_by_issuer",
            "legalisation": "exempt",
        },
    )
    office.assess(paper, Grade.SCAN)
    paper = office.paper(paper)
    assert (paper.established_how, paper.legalisation) == (None, "exempt")


def test_what_was_found_lies_in_the_past_and_after_the_birth(office):
    paper = office.received()
    confirmation = Confirmation(
        person="Registrar", channel=Channel.POST, confirmed_on=date(1990, 1, 1)
    )
    with pytest.raises(PaperInvalidError) as refused:
        office.assess(
            paper,
            Grade.CONFIRMED_BY_ISSUER,
            established_on=date(2026, 11, 3),
            confirmation=confirmation,
            legalisation=LegalisationFinding(
                state=Legalisation.LEGALISED, dated_on=date(2030, 1, 1)
            ),
        )
    assert {(each["pointer"], each["code"]) for each in refused.value.errors} == {
        ("/established_on", "date_in_future"),
        ("/confirmation/confirmed_on", "date_before_birth"),
        ("/legalisation/dated_on", "date_in_future"),
    }
    assert office.paper(paper).grade == "scan"


def test_no_hand_makes_a_paper_signed_by_its_issuer(office):
    paper = office.received()
    with pytest.raises(PaperInvalidError):
        office.assess(paper, Grade.ISSUER_SIGNED)


def test_a_rejected_paper_stays_in_the_file_and_counts_no_more(office):
    paper = office.received()
    office.reject(paper, RejectionReason.OTHER_PERSON, note="Salma's sister's")
    rejected = office.paper(paper)
    assert (rejected.status, rejected.reason) == ("rejected", "other_person")
    assert rejected.note == "Salma's sister's"
    assert (at_hand(office), exported(office)) == (frozenset(), [])
    with office.runtime.database.reading() as session:
        assert content_of(session, rejected) == a_pdf()
    for act in (office.reject, office.assess):
        with pytest.raises(PaperStateError):
            act(paper)
    replaced = office.received(OTHER_PDF, replaces=paper.id)
    assert office.paper(paper).replaced_by == replaced.id


def test_a_paper_that_did_not_come_cannot_be_assessed_only_rejected(office):
    paper = office.announce()
    with pytest.raises(PaperStateError):
        office.assess(paper)
    office.reject(paper)
    with pytest.raises(PaperStateError):
        office.hand_in(paper)


def test_nothing_is_added_to_a_request_that_is_over(office):
    announced, received = office.announce(), office.received()
    with office.runtime.database.transaction() as session:
        withdraw(session, office.caller, office.case, now=office.runtime.now())
    for act, paper in (
        (office.announce, None),
        (office.hand_in, announced),
        (office.assess, received),
        (office.reject, received),
    ):
        with pytest.raises(PaperTooLateError):
            act(paper)
    assert not office.hand_in(received)


def test_papers_of_others_are_not_there(office):
    paper = office.received()
    other, _ = submitted(office.runtime, office.caller, a_request(an_unknown_diploma()))
    with office.runtime.database.reading() as session:
        assert papers_of(session, AUTHORITY, other.id) == []
        with pytest.raises(RequestNotFoundError):
            papers_of(session, "fr-other", office.case)
    elsewhere = PaperOffice(office.runtime, other.id, office.caller)
    with pytest.raises(PaperNotFoundError):
        elsewhere.paper(paper)


def test_a_request_has_a_limited_number_of_papers(office, monkeypatch):
    monkeypatch.setattr(adding, "MOST_PAPERS", 2)
    office.announce()
    office.announce(a_paper(kind=PaperKind.HEALTH))
    with pytest.raises(TooManyPapersError):
        office.announce()


@pytest.mark.parametrize(
    ("issued_on", "missing"),
    [
        (date(2026, 8, 2), ()),
        (None, ()),
        (date(2026, 8, 1), ("good_standing",)),
    ],
)
def test_a_paper_that_was_too_old_when_it_came_is_missing(office, issued_on, missing):
    papers = {
        "required": ["good_standing", "qualification"],
        "max_age_months": {"good_standing": 3},
    }
    regime = read_regime(a_regime_tree(papers=papers))
    office.received(issued_on=date(2019, 7, 5))
    office.received(kind=PaperKind.GOOD_STANDING, issued_on=issued_on)
    with office.runtime.database.reading() as session:
        file = open_file(session, AUTHORITY, office.case)
        assert missing_papers(session, file, regime) == missing
    assert at_hand(office) == {PaperKind.GOOD_STANDING, PaperKind.QUALIFICATION}


def test_exports_hold_what_stands_under_names_that_differ(office):
    office.received(file_name="Diplôme.pdf")
    office.received(OTHER_PDF, file_name="diplôme.PDF", kind=PaperKind.TRANSCRIPT)
    plain = office.received(
        a_png(), media_type="image/png", kind=PaperKind.IDENTITY, file_name=None
    )
    office.announce(a_paper(kind=PaperKind.OTHER))
    office.received(kind=PaperKind.CRIMINAL_RECORD)
    assert exported(office) == [
        ("Diplôme.pdf", a_pdf()),
        ("2-diplôme.PDF", OTHER_PDF),
        (f"identity-{plain.id}.png", a_png()),
    ]


def test_the_audit_knows_of_each_step_and_of_nobody(office):
    paper = office.received(file_name="salma.pdf")
    office.assess(paper)
    office.reject(paper, note="Salma called")
    with office.runtime.database.reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action.startswith("request.paper"))
        ).all()
    assert [entry.action for entry in entries] == [
        "request.paper_announced",
        "request.paper_received",
        "request.paper_assessed",
        "request.paper_rejected",
    ]
    written = str([entry.content for entry in entries]) + str(events(office))
    for secret in ("Salma", "salma", "Mohammed", "2019-07-05", "called"):
        assert secret not in written
