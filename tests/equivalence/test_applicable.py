"""Which agreements stand between two jurisdictions, on real rows."""

from datetime import date

import pytest

from recognition_service.equivalence.applicable import (
    SCOPES,
    Standing,
    agreement_that_applies,
    agreements_between,
    with_unknown_parties,
)
from recognition_service.frameworks.instruments import Purpose
from tests.equivalence.editions import (
    a_party,
    a_treaty,
    edition,
    shipped_edition,
    two_countries,
)

TODAY = date(2026, 11, 21)


def between(origin, destination, on=TODAY):
    found = agreements_between(shipped_edition(), origin, destination, on)
    return {each.agreement.id: each.standing for each in found}


def applies(origin, destination, **more):
    asked = {"purpose": Purpose.ACADEMIC_ACCESS, "on": TODAY} | more
    found = agreement_that_applies(shipped_edition(), origin, destination, **asked)
    return found and found.agreement.id


def test_the_treaty_between_both_applies_from_its_first_day():
    assert applies("LV", "BE-FL") == "benelux-baltic-2024"
    assert applies("LV", "BE-FL", on=date(2024, 4, 30)) is None
    before = between("LV", "BE-FL", on=date(2024, 4, 30))
    assert before["benelux-baltic-2024"] is Standing.NOT_IN_FORCE


def test_the_narrower_circle_comes_first():
    found = agreements_between(shipped_edition(), "SE", "NO", TODAY)
    counts = [each.party_count for each in found if each.standing is found[0].standing]
    assert counts == sorted(counts)


def test_a_part_of_a_state_is_bound_where_the_agreement_names_it():
    assert "fr-qc-entente" in between("FR", "CA-QC")
    assert "fr-qc-entente" not in between("FR", "CA-ON")
    assert "fr-qc-entente" not in between("FR", "CA")


def test_an_agreement_for_a_profession_applies_to_no_other():
    snapshot = edition(
        two_countries(
            [a_treaty("any", scope_type="professional")],
            [a_treaty("bakers", scope_type="professional", professions=("baker",))],
            [a_party(place, "any") for place in ("AA", "BB")],
            [a_party(place, "bakers") for place in ("AA", "BB")],
        )
    )

    def licensed(profession):
        found = agreement_that_applies(
            snapshot,
            "AA",
            "BB",
            purpose=Purpose.REGULATED_PROFESSION,
            on=TODAY,
            profession=profession,
        )
        return found.agreement.id

    assert licensed("baker") == "bakers"
    assert licensed("cook") == "any"
    assert licensed(None) == "any"


def test_what_is_not_established_never_applies():
    found = between("NO", "JP")
    assert found["unesco-global-2019"] is Standing.NOT_ESTABLISHED
    assert applies("NO", "JP") is None


@pytest.mark.parametrize("purpose", Purpose)
def test_an_agreement_serves_the_purposes_of_its_kind(purpose):
    found = agreement_that_applies(
        shipped_edition(), "LV", "BE-FL", purpose=purpose, on=TODAY
    )
    assert found is None or found.agreement.scope_type in SCOPES[purpose]


def test_nothing_stands_between_strangers():
    assert between("KM", "BT") == {}


def test_conventions_without_a_list_of_parties_are_told_apart():
    unknown = with_unknown_parties(shipped_edition(), SCOPES[Purpose.ACADEMIC_ACCESS])
    names = {agreement.id for agreement in unknown}
    assert "lrc-1997" in names
    assert "benelux-baltic-2024" not in names
