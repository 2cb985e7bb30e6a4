"""Each act that the law wants told leaves a letter in the same transaction."""

from uuid import UUID

import pytest
from sqlalchemy import select

from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.recognition.case_file import get_request
from recognition_service.recognition.errors import (
    LetterIncompleteError,
    LetterNotFoundError,
    LetterPendingError,
    RequestNotFoundError,
)
from recognition_service.recognition.letter_kinds import LetterKind, require_members
from recognition_service.recognition.letters import (
    RENDER_LETTER,
    file_of_letter,
    get_letter,
    keep_rendered,
    letters_of,
    write_letter,
)
from recognition_service.recognition.submit import withdraw
from recognition_service.storage.models import AuditEntry, OutboxMessage
from tests.builders import (
    AUTHORITY,
    a_partial_decision,
    a_request,
    a_standing_order,
    an_authority,
    an_unknown_diploma,
    bruno,
    prepared,
    signed,
    sofia,
    submitted,
)
from tests.recognition.letters import PARAMS

UNKNOWN = UUID("0193a1c2-0000-7000-8000-000000000000")
PDF = b"%PDF-1.7 example"


@pytest.fixture
def office(small):
    an_authority(small)
    return small


@pytest.fixture
def case(office):
    """A request that waits for an officer."""
    request, _ = submitted(office, bruno(office), a_request(an_unknown_diploma()))
    return request.id


def letters(runtime, request_id):
    with runtime.database.reading() as session:
        return letters_of(session, AUTHORITY, request_id)


def kinds(runtime, request_id):
    return [letter.kind for letter in letters(runtime, request_id)]


def messages(runtime):
    with runtime.database.reading() as session:
        rows = session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == RENDER_LETTER)
        )
        return [row.content for row in rows]


def written(runtime, request_id, kind, params, *, actor="person:bruno"):
    with runtime.database.transaction() as session:
        request = get_request(session, AUTHORITY, request_id)
        return write_letter(
            session, request, kind, params=params, actor=actor, now=runtime.now()
        )


def kept(runtime, letter_id, pdf=PDF, authority_id=AUTHORITY):
    with runtime.database.transaction() as session:
        return keep_rendered(session, authority_id, letter_id, pdf, now=runtime.now())


def file_of(runtime, request_id, letter_id, authority_id=AUTHORITY):
    with runtime.database.reading() as session:
        return file_of_letter(session, authority_id, request_id, letter_id)


def test_a_request_is_acknowledged_with_all_that_the_letter_says(office, case):
    (letter,) = letters(office, case)
    assert (letter.kind, letter.language) == ("acknowledgement", "en")
    assert letter.params["received_on"] == "2026-11-02"
    about = letter.params["case"]
    assert about["authority"]["mode"] == "test"
    assert about["applicant"]["family_name"] == "Bērziņa"
    assert about["held"]["title"] == "Diplôme d'université"
    assert (about["reference"], about["dated"]) == ("REC-2026-000001", "2026-11-02")
    assert (letter.rendered_at, letter.digest, letter.size) == (None, None, None)
    assert messages(office) == [{"letter": str(letter.id)}]


def test_a_decision_is_told_with_all_its_contents(office, case):
    prepared(office, bruno(office), case, a_partial_decision())
    assert kinds(office, case) == ["acknowledgement"]
    _, decision = signed(office, sofia(office), case)
    letter = letters(office, case)[-1]
    told = letter.params
    assert letter.kind == "decision"
    assert (told["outcome"], told["decided_by"]) == ("partial", "officer")
    assert told["decision_digest"] == decision.decision.decision_digest
    assert told["differences"] == a_partial_decision()["differences"]
    assert told["remedy"]["body"] == "Council for disputes"
    assert told["legal_basis"] == ["Decree of 28 June 2013, article 12"]
    assert told["does_not_allow"] == ["regulated_profession", "licence"]
    assert told["target"]["level"] == "6"
    assert told["reasons"] == []


def test_a_withdrawal_is_confirmed(office, case):
    with office.database.transaction() as session:
        withdraw(session, bruno(office), case, now=office.now())
    letter = letters(office, case)[-1]
    assert letter.kind == "withdrawal"
    assert letter.params["withdrawn_on"] == "2026-11-02"


def test_nobody_is_written_to_where_the_instrument_knows_no_case(installation):
    an_authority(installation)
    a_standing_order(installation)
    request, decision = submitted(installation, bruno(installation))
    assert (request.procedure, request.number) == ("none", None)
    assert decision is not None
    assert letters(installation, request.id) == []


@pytest.mark.parametrize("kind", PARAMS)
def test_a_letter_of_every_kind_is_kept_as_it_was_written(office, case, kind):
    letter = written(office, case, kind, PARAMS[kind])
    found = letters(office, case)[-1]
    assert (found.id, found.kind, found.written_by) == (
        letter.id,
        kind,
        "person:bruno",
    )
    about = found.params.pop("case")
    assert (found.params, about["regime"]) == (PARAMS[kind], "neutral")
    assert messages(office)[-1] == {"letter": str(letter.id)}


@pytest.mark.parametrize("kind", LetterKind)
def test_a_letter_names_what_it_lacks(kind):
    if kind is LetterKind.DECISION_UNDER_WAY:
        require_members(kind, {})  # It needs nothing.
        return
    with pytest.raises(LetterIncompleteError) as caught:
        require_members(kind, {})
    assert {error["code"] for error in caught.value.errors} == {"required"}
    named = {error["pointer"].removeprefix("/") for error in caught.value.errors}
    require_members(kind, dict.fromkeys(named, "2026-11-02"))


def test_an_incomplete_letter_is_not_written(office, case):
    with pytest.raises(LetterIncompleteError):
        written(office, case, LetterKind.EXTENSION, {"reason": "Holidays"})
    assert kinds(office, case) == ["acknowledgement"]


@pytest.mark.parametrize(
    ("asked", "language"),
    [("fr", "fr"), ("fr-BE", "fr"), ("en-GB", "en"), ("ar", "en"), ("uk", "en")],
)
def test_a_letter_is_in_a_language_that_we_write(office, asked, language):
    new = a_request(an_unknown_diploma(), language=asked)
    request, _ = submitted(office, bruno(office), new)
    (letter,) = letters(office, request.id)
    assert letter.language == language
    assert letter.params["case"]["asked_language"] == asked


def test_a_file_is_kept_once(office, case):
    (letter,) = letters(office, case)
    assert kept(office, letter.id)
    assert not kept(office, letter.id, b"%PDF-1.7 another")
    (found,) = letters(office, case)
    assert (found.digest, found.size) == (digest_of_bytes(PDF), len(PDF))
    assert found.rendered_at == office.now()
    assert file_of(office, case, letter.id) == PDF
    with office.database.reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "letter.rendered")
        ).all()
    assert [entry.content for entry in entries] == [{"digest": digest_of_bytes(PDF)}]


def test_what_is_not_there_is_not_found(office, case):
    (letter,) = letters(office, case)
    other, _ = submitted(office, bruno(office), a_request(an_unknown_diploma()))
    with pytest.raises(LetterPendingError):
        file_of(office, case, letter.id)
    with pytest.raises(LetterNotFoundError):
        file_of(office, case, UNKNOWN)
    with pytest.raises(LetterNotFoundError):
        file_of(office, other.id, letter.id)
    with pytest.raises(RequestNotFoundError):
        file_of(office, UNKNOWN, letter.id)
    with pytest.raises(RequestNotFoundError):
        file_of(office, case, letter.id, "be-fr")
    with pytest.raises(LetterNotFoundError):
        kept(office, letter.id, authority_id="be-fr")
    with office.database.reading() as session:
        with pytest.raises(LetterNotFoundError):
            get_letter(session, "be-fr", letter.id)
        with pytest.raises(RequestNotFoundError):
            letters_of(session, "be-fr", case)
