import json
from datetime import date

from recognition_service.equivalence.document import as_document
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import Purpose
from recognition_service.frameworks.rows import Evidence, LevelStatus, Source
from tests.equivalence.editions import (
    a_directive,
    a_listed_title,
    a_party,
    a_profession,
    a_qualification,
    a_reference,
    a_statement,
    a_treaty,
    an_annex_title,
    ask,
    edition,
    tables_of,
    two_countries,
)


def document(snapshot, **question):
    answer = ask(snapshot, **question)
    return as_document(answer, edition=snapshot.edition, language="en")


def everything():
    return edition(
        two_countries(
            [a_treaty(), a_directive(), a_profession()],
            [a_party(place) for place in ("AA", "BB")],
            [a_party(place, "directive") for place in ("AA", "BB")],
            a_listed_title("AA", "6", "aa-bachelor"),
            a_listed_title("BB", "6", "bb-bachelor"),
            [a_qualification(), a_qualification("aa-nurse"), an_annex_title()],
            a_qualification("aa-apprentice", level_status=LevelStatus.UNVERIFIED),
            [a_statement(conditions="with grades"), a_reference()],
        )
    )


def test_level_information_has_every_member_of_the_interface():
    shown = document(everything(), framework="AA-QF", level="6")

    assert shown["question"] == {
        "origin": "AA",
        "destination": "BB",
        "framework": "AA-QF",
        "level": "6",
        "qualification": None,
        "purpose": "general_employment",
        "awarded_on": "2019-06-28",
        "training_started_on": None,
        "profession": None,
        "target_framework": None,
        "asked_on": "2026-11-21",
    }
    assert shown["result"] == "level_information"
    assert shown["no_answer"] is None
    assert shown["decides"] is False
    assert shown["outcome"] is None
    assert shown["object"] is None
    assert shown["levels"] == [
        {
            "framework": "BB-QF",
            "framework_version": None,
            "code": "6",
            "relation": "equal",
        }
    ]
    assert shown["path"] == {
        "kind": "derived",
        "hub": "HUB",
        "hub_levels": ["6"],
        "weakest": {"relation": "equal", "evidence": "source_read"},
    }
    assert shown["held"] == {
        "framework": "AA-QF",
        "code": "6",
        "level_status": "assigned",
        "caveat": None,
    }
    assert shown["rows"][0] == {
        "table": "level_alignments",
        "id": "AA-QF:6:HUB:6",
        "revision": 1,
        "evidence": "source_read",
        "source": "law",
    }
    assert shown["sources"] == {"law": {"title": "The law", "url": None, "year": None}}
    assert shown["reasons"][0] == {"code": "level_is_not_a_decision", "params": {}}
    assert shown["edition"] == {
        "base": "sha256-base",
        "date": "2026-11-20",
        "overlay": None,
    }
    assert shown["language"] == "en"
    assert shown["elements"] is None


def test_a_listed_level_is_an_object_of_its_own_kind():
    shown = document(everything(), qualification="aa-bachelor")

    assert shown["decides"] is True
    assert shown["instrument"] == "treaty"
    assert shown["object"] == {
        "kind": "listed_level",
        "hub": "HUB",
        "hub_level": "6",
        "framework": "BB-QF",
        "level": "6",
        "titles": ["Title of BB"],
    }


def test_a_statement_shows_its_counterpart_and_its_open_condition():
    shown = document(everything(), qualification="aa-apprentice")

    assert shown["object"] == {
        "kind": "reference_qualification",
        "qualifications": [
            {
                "id": "bb-journeyman",
                "title": "Gesellenprüfung",
                "title_en": None,
                "language": None,
            }
        ],
        "framework": None,
        "levels": [],
        "eqf_levels": [],
    }
    assert shown["conditions"] == [
        {
            "id": "stated_condition",
            "met": "unknown",
            "missing_fact": "assessment_of_condition",
        }
    ]


def test_a_finding_shows_the_profession_and_the_titles():
    shown = document(
        everything(),
        qualification="aa-nurse",
        purpose=Purpose.REGULATED_PROFESSION,
        training_started_on=date(2009, 9, 1),
    )

    assert shown["object"]["kind"] == "listed_title"
    assert shown["object"]["profession"] == "nurse"
    assert shown["decides"] is False


def test_every_document_is_plain_json_and_never_calls_anything_equivalent():
    for question in (
        {"framework": "AA-QF", "level": "6"},
        {"framework": "AA-QF", "level": "6", "target_framework": "AA-QF"},
        {"qualification": "aa-bachelor", "awarded_on": None},
        {"qualification": "aa-apprentice"},
        {"qualification": "aa-nurse", "purpose": Purpose.REGULATED_PROFESSION},
    ):
        shown = document(everything(), **question)

        assert json.loads(json.dumps(shown)) == shown
        assert "equivalent" not in shown
        assert all(set(reason) == {"code", "params"} for reason in shown["reasons"])


def test_an_overlay_is_named_beside_the_base():
    tables = tables_of(
        two_countries(), Source(id="law", title="L", evidence=Evidence.SOURCE_READ)
    )
    snapshot = Snapshot.build(tables, "sha256-base", date(2026, 1, 1), "sha256-own")
    shown = document(snapshot, framework="AA-QF", level="6")

    assert shown["edition"]["overlay"] == "sha256-own"
