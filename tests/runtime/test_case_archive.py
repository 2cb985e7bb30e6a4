"""The index of a case file names its files and tells what happened, and by whom."""

import pytest

from recognition_service.authorities.models import Authority
from recognition_service.documents.paper import Rows, Table
from recognition_service.editions.find import CompiledEdition
from recognition_service.recognition.case_documents import CaseDocument
from recognition_service.regimes.regime import read_regime
from recognition_service.runtime.case_archive import WholeCase, index_of
from tests.builders import a_regime_tree
from tests.equivalence.editions import shipped_edition

DOCUMENT = {
    "id": "01a19b7c-a680-7f61-9b27-b794547d1c81",
    "number": "REC-2026-000001",
    "status": "decided",
    "decision_kind": "level_comparability",
    "destination": {"jurisdiction": "BE-FL", "profession": None},
    "submitted_at": "2026-11-02T23:30:00Z",
    "applicant": {
        "family_name": "Haddad",
        "given_name": "Amina",
        "birth_date": "1998-03-09",
    },
    "held_qualifications": [{"title": "Technicien spécialisé", "origin": "MA"}],
    "routing": {"regime": "neutral"},
    "decision": {"outcome": "partial", "signed": True, "decision_digest": "sha256-x"},
    "history": [
        {"at": "2026-11-02T23:30:00Z", "by": "person:1", "event": "submitted"},
        {"at": "2026-11-20T09:00:00Z", "by": "authority:ma", "event": "never_named"},
    ],
}
FILES = [CaseDocument("letters/01-decision.pdf", "letter", "application/pdf", b"x")]


def index(language="en", *, mode="test", **changes):
    authority = Authority(
        id="be-fl",
        name="Centre",
        jurisdiction="BE-FL",
        mode=mode,
        language=language,
        time_zone="Europe/Brussels",
    )
    case = WholeCase(
        authority=authority,
        document=DOCUMENT | changes,
        files=FILES,
        people={"person:1": "Bruno"},
    )
    regimes = {"neutral": read_regime(a_regime_tree())}
    edition = CompiledEdition(shipped_edition(), regimes)
    return index_of(case, FILES, edition)


def blocks(paper, kind):
    return [
        block
        for section in paper.sections
        for block in section.blocks
        if isinstance(block, kind)
    ]


def test_the_cover_says_whose_case_it_is():
    paper = index()
    (about,) = blocks(paper, Rows)
    assert dict(about.rows) == {
        "Applicant": "Amina Haddad",
        "Date of birth": "9 March 1998",
        "Qualification": "Technicien spécialisé",
        "Awarded in": "Morocco",
        "To be used in": "Belgium (Flemish Community)",
        "Kind of decision": "Comparability of level",
        "Regime": "Recognition by decision",
        "Submitted on": "3 November 2026",
        "State": "Decided",
        "Decision": "Partly recognised",
        "Digest of the decision": "sha256-x",
    }
    assert (paper.title, paper.reference) == (
        "Case file REC-2026-000001",
        "REC-2026-000001",
    )


def test_what_was_prepared_only_is_no_decision():
    prepared = {"outcome": "partial", "signed": False, "decision_digest": None}
    (about,) = blocks(index(decision=prepared), Rows)
    assert "Decision" not in dict(about.rows)


def test_files_and_history_are_listed_in_the_time_of_the_authority():
    files, history = blocks(index(), Table)
    assert files.rows == (
        ("letters/01-decision.pdf", "Letter to the applicant", "1 KiB"),
    )
    assert history.rows == (
        ("3 November 2026, 00:30", "Request received", "Bruno"),
        ("20 November 2026, 10:00", "never named", "authority:ma"),
    )


@pytest.mark.parametrize(
    ("language", "title"),
    [("fr", "Dossier REC-2026-000001"), ("nl", "Case file REC-2026-000001")],
)
def test_the_index_is_in_the_language_of_the_authority(language, title):
    assert index(language).title == title


def test_the_index_of_a_live_authority_carries_no_mark():
    assert index().mark is not None
    assert index(mode="live").mark is None
