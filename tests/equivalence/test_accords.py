"""Accords of professional bodies: from the admission on, informing only."""

from datetime import date

import pytest

from recognition_service.equivalence.compare import compare
from recognition_service.frameworks.instruments import Binding
from recognition_service.frameworks.rows import Evidence
from tests.equivalence.editions import (
    a_party,
    a_question,
    a_treaty,
    edition,
    shipped_edition,
    two_countries,
)

ACCORD = "engineers-accord"
DEGREE = {"framework": "AA-QF", "level": "6", "facts": {"accredited_under": ACCORD}}


def accord(**changes):
    members = {
        "kind": "professional_body_accord",
        "binding": Binding.ADVICE,
        "decides": None,
        "in_force_from": date(1989, 1, 1),
    }
    return a_treaty(ACCORD, **members | changes)


def asked(*parties, of=None, **changes):
    snapshot = edition(two_countries([of or accord()], list(parties)))
    return compare(snapshot, a_question("AA", "BB", **{**DEGREE, **changes}))


def signatories(**origin):
    return a_party("AA", ACCORD, **origin), a_party("BB", ACCORD)


def told(answer):
    return [
        each.code
        for each in answer.conclusion.reasons
        if each.code.startswith(("accord_", "instrument_", "party_"))
    ]


@pytest.mark.parametrize(
    ("awarded_on", "code"),
    [
        (date(2005, 6, 30), "accord_does_not_cover"),
        (date(2006, 7, 1), "accord_covers_programme"),
        (date(2019, 7, 1), "accord_does_not_cover"),
    ],
)
def test_an_accord_covers_awards_while_the_origin_is_a_signatory(awarded_on, code):
    parties = signatories(in_force_from=date(2006, 1, 1), withdrawn_on=date(2019, 1, 1))

    answer = asked(*parties, awarded_on=awarded_on)

    assert told(answer) == [code]


def test_an_accord_never_decides_and_changes_no_level():
    parties = signatories(in_force_from=date(2000, 1, 1))

    with_accord = asked(*parties)
    without = asked(*parties, facts={})

    assert told(with_accord) == ["accord_covers_programme"]
    assert not with_accord.conclusion.decides
    assert with_accord.conclusion.levels == without.conclusion.levels
    assert with_accord.conclusion.result is without.conclusion.result


def test_a_provisional_member_is_no_signatory():
    parties = signatories(in_force_from=None)

    assert told(asked(*parties)) == ["party_date_not_established"]


def test_rows_that_were_not_read_cover_nothing():
    parties = signatories(evidence=Evidence.UNCHECKED)

    assert told(asked(*parties)) == ["party_date_not_established"]


def test_both_sides_must_be_signatories():
    assert told(asked(a_party("AA", ACCORD))) == ["accord_without_signatory"]


def test_the_destination_must_be_a_signatory_when_it_is_asked():
    origin, other = signatories(in_force_from=date(2000, 1, 1))
    left = a_party("BB", ACCORD, withdrawn_on=date(2020, 1, 1))

    assert told(asked(origin, left)) == ["party_left"]
    assert told(asked(origin, other)) == ["accord_covers_programme"]


def test_who_names_no_accord_hears_of_none():
    assert told(asked(*signatories(), facts={})) == []


@pytest.mark.parametrize("name", ["no-such-accord", "treaty-of-states"])
def test_an_accord_that_the_tables_do_not_know_is_told(name):
    answer = asked(facts={"accredited_under": name})

    assert told(answer) == ["accord_not_in_tables"]


def test_nothing_is_covered_while_the_signatories_are_not_established():
    question = a_question(
        "NZ",
        "ZA",
        framework="NZ-NZQCF",
        level="7",
        facts={"accredited_under": "washington-accord"},
    )

    answer = compare(shipped_edition(), question)

    assert told(answer) == ["instrument_parties_not_established"]
    assert not answer.conclusion.decides
