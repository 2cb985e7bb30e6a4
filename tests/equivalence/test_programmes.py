"""Programmes are put together from their tables, and found by what is asked."""

from dataclasses import replace

import pytest

from recognition_service.equivalence.places import survey
from recognition_service.equivalence.programme_document import document, summary
from recognition_service.equivalence.programmes import (
    Wanted,
    describe,
    find_programmes,
)
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.programmes import (
    BodyRole,
    Element,
    ElementValue,
    Programme,
    ProgrammeBody,
    Side,
)
from recognition_service.frameworks.rows import Evidence
from tests.equivalence.editions import READ, TODAY, shipped_edition, shipped_tables

PARTS = ("parties", "bodies", "figures", "limits", "costs", "phases")


def without_parts():
    """The shipped tables as they were before programmes had tables beside them."""
    return replace(shipped_tables(), **{f"programme_{part}": {} for part in PARTS})


def found(**wanted):
    programmes, places = shipped_edition().programmes, shipped_edition().places
    return [
        each.row.id for each in find_programmes(programmes, places, Wanted(**wanted))
    ]


def test_older_editions_show_the_parties_that_a_programme_lists():
    older = Snapshot.build(without_parts(), "sha256-older", TODAY)
    shown = summary(older.programmes["match"])
    assert shown["parties"] == {
        "origin": ["NG", "SN"],
        "destination": ["BE", "IT", "LU", "NL"],
        "partner": [],
    }
    (party, *_) = older.programmes["match"].parties
    assert (party.evidence, party.source) == (Evidence.SOURCE_READ, "paper-s2-emn")
    told = document(older, older.programmes["lu-cv"])
    assert told["limits"]["items"] == []
    assert told["said"]["stay"] == "3 to 18 months"


def test_parts_stand_in_the_order_of_their_numbers():
    bodies = {
        f"x:partner:{number}": ProgrammeBody(
            id=f"x:partner:{number}",
            programme="x",
            name=f"Body {number}",
            role=BodyRole.PARTNER,
            **READ,
        )
        for number in (10, 2, 1)
    }
    row = Programme(id="x", kind="scheme", name_en="X", **READ)
    tables = replace(shipped_tables(), programmes={"x": row}, programme_bodies=bodies)
    names = [body.name for body in describe(tables)["x"].bodies]
    assert names == ["Body 1", "Body 2", "Body 10"]


def test_an_element_that_no_cell_states_is_unknown():
    row = Programme(id="x", kind="scheme", name_en="X", **READ)
    (only,) = describe(replace(without_parts(), programmes={"x": row})).values()
    assert {only.element(element) for element in Element} == {ElementValue.UNKNOWN}
    assert only.dual_certification is ElementValue.UNKNOWN
    assert only.on(Side.ORIGIN) == ()


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ({"origin": "MA", "destination": "BE-FL"}, ["palim", "thamm", "thamm-enabel"]),
        ({"origin": "EG"}, ["thamm", "thamm-giz"]),
        ({"destination": "LU"}, ["lu-cv", "match"]),
        ({"query": "THAMM enab"}, ["thamm", "thamm-enabel"]),
        ({"query": "womenx"}, []),
        ({"kind": "research_project"}, ["who-bdbg"]),
        (
            {"element": Element.SKILLS_RECOGNITION, "value": ElementValue.NO},
            ["aptc"],
        ),
    ],
)
def test_programmes_are_found_by_what_their_sources_say(wanted, codes):
    assert found(**wanted) == codes


def test_without_a_condition_all_are_found_in_the_order_of_their_ids():
    assert found() == sorted(shipped_tables().programmes)


def test_a_place_of_another_state_does_not_take_part():
    places = survey(shipped_tables().jurisdictions, {})
    programmes = describe(shipped_tables())
    flemish = find_programmes(programmes, places, Wanted(destination="BE-FL"))
    french = find_programmes(programmes, places, Wanted(destination="BE-FR"))
    assert {each.row.id for each in flemish} - {each.row.id for each in french} == {
        "palim"
    }
