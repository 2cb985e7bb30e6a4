"""Differences that a training or experience made up for are counted, and published."""

import csv
import io
from collections import Counter

import pytest

from recognition_service.authorities.found import get_authority
from recognition_service.equivalence.compensation import (
    DifferenceSource,
    KnownDifference,
    PassedUnit,
)
from recognition_service.recognition.assess import NewAssessment, save_assessment
from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.record_training import Training, record_training
from recognition_service.recognition.submit import submit
from recognition_service.storage.ids import new_id
from tests.journeys.crowd import (
    Group,
    a_decision,
    a_person,
    a_request,
    day,
    decide,
)
from tests.pages.conftest import browser

BE_FR = "be-fr-demo"
NURSE = "nurse_general"
EXPERIENCE = {"kind": "experience", "text": "Four years of practice."}
LEARNT = {"kind": "lifelong_learning", "text": "A course."}
LAW = ("Law", ())
LAW_BY_WORK = ("Law", (EXPERIENCE,))
LAW_BY_BOTH = ("Law", (EXPERIENCE, LEARNT))
SAFETY_BY_UNIT = ("Safety", ("unit",))
KINDS = {
    "open": LAW,
    "experience": LAW_BY_WORK,
    "programme_unit": SAFETY_BY_UNIT,
    "several": LAW_BY_BOTH,
}


def a_unit(subject):
    return PassedUnit(
        id=subject,
        title=subject,
        provider=None,
        achieved_on=day("2026-06-01").date(),
        assessor="school:1",
        evidence="sha256-" + "A" * 43,
        kind="assessed",
        covers=(subject,),
    )


def trained(session, officer, request, subjects, edition, now):  # noqa: PLR0917
    """Take what a training has shown into a case."""
    known = [
        KnownDifference(subject=each, source=DifferenceSource.STANDARD)
        for each in subjects
    ]
    training = Training(BE_FR, new_id(now), [a_unit(each) for each in subjects], known)
    record_training(
        session,
        officer,
        open_file(session, BE_FR, request.id, to_change=True),
        training,
        snapshot=edition.compiled.snapshot,
        now=now,
    )


def assessed(session, officer, request, found, now):
    written = [
        {
            "subject": subject,
            "why_essential": "Core.",
            "why_not_covered": None if covers else "Absent.",
            "covered_by": [
                {"kind": "programme_unit", "unit": subject} if each == "unit" else each
                for each in covers
            ],
        }
        for subject, covers in found
    ]
    new = NewAssessment(differences=written)
    save_assessment(session, officer, request.id, new, now=now)


def decided(runtime, groups, decided_on="2026-08-05"):
    """Let people ask, be assessed and be decided about: (group, differences) each."""
    edition, asked_at = runtime.edition(BE_FR), day("2026-07-06")
    now = day(decided_on)
    with runtime.database.transaction() as session:
        place = get_authority(session, BE_FR).jurisdiction
        people = [a_person(BE_FR, asked_at) for _ in range(2)]
        for group, found in groups:
            for number in range(group.count):
                request, _ = submit(
                    session,
                    people[0],
                    a_request(place, group, number),
                    edition=edition,
                    now=asked_at,
                )
                by_unit = [subject for subject, covers in found if "unit" in covers]
                if by_unit:
                    trained(session, people[0], request, by_unit, edition, now)
                if found:
                    assessed(session, people[0], request, found, now)
                content = a_decision(group.outcome)
                del content["differences"]
                decide(session, people, request.id, content, edition, now)
    runtime.refresh()


CROWD = (
    (Group(12, profession=NURSE), (LAW_BY_WORK, SAFETY_BY_UNIT)),
    (Group(10, profession=NURSE), (LAW,)),
    (Group(11), (LAW_BY_WORK,)),
    (Group(7), ()),
)
FEW = (Group(2), (LAW_BY_BOTH, SAFETY_BY_UNIT))


def by_hand(groups, row_of):
    """Count the differences of groups: how many people, times what each of them has."""
    counted = Counter()
    for group, found in groups:
        for each in found:
            (kind,) = [kind for kind, one in KINDS.items() if one is each]
            counted[row_of(group), kind] += group.count
    return dict(counted)


def told(office, by, **headers):
    query = f"/statistics?period=2026-Q3&measure=differences&by={by}"
    answer = office.get(query, **headers)
    assert answer.status_code == 200, answer.json
    return answer


def cells(document, *names):
    return {
        tuple(cell[name] for name in names): cell["differences"]
        for cell in document["cells"]
        if cell["differences"] != 0
    }


def test_differences_are_counted_by_profession_and_what_makes_up_for_them(
    runtime, office_of
):
    decided(runtime, CROWD)
    found = told(office_of(BE_FR), "profession,covered_by").json
    expected = by_hand(CROWD, lambda group: group.profession or "none")
    assert expected == {
        (NURSE, "experience"): 12,
        (NURSE, "programme_unit"): 12,
        (NURSE, "open"): 10,
        ("none", "experience"): 11,
    }
    assert cells(found, "profession", "covered_by") == expected
    assert found["totals"]["all"] == {"differences": 45, "suppressed": False}
    totals = {
        each["covered_by"]: each["differences"]
        for each in found["totals"]["covered_by"]
    }
    assert totals == {
        "open": 10,
        "experience": 23,
        "lifelong_learning": 0,
        "other_qualification": 0,
        "programme_unit": 12,
        "several": 0,
    }
    assert "Units of a programme" not in found["definitions"]["covered_by"]
    assert "units of a programme" in found["definitions"]["covered_by"]


def test_differences_are_counted_by_regime_and_in_a_file(runtime, office_of):
    decided(runtime, CROWD)
    office = office_of(BE_FR)
    found = told(office, "regime,covered_by").json
    expected = by_hand(CROWD, lambda _: "neutral")
    assert cells(found, "regime", "covered_by") == expected
    answer = told(office, "regime,covered_by", Accept="text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(rows[0]) == ["regime", "covered_by", "differences", "suppressed"]
    counts = {
        (row["regime"], row["covered_by"]): row["differences"]
        for row in rows
        if row["differences"] != "0"
    }
    assert counts == {
        **{place: str(count) for place, count in expected.items()},
        ("neutral", "total"): "45",
        ("total", "open"): "10",
        ("total", "experience"): "23",
        ("total", "programme_unit"): "12",
        ("total", "total"): "45",
    }


def test_what_fewer_people_than_the_threshold_have_is_not_shown(runtime, office_of):
    # Two of them have two differences each: below ten, five people are not sure.
    crowd = [*CROWD, FEW]
    decided(runtime, crowd)
    found = told(office_of(BE_FR), "profession,covered_by").json
    shown = cells(found, "profession", "covered_by")
    assert shown["none", "several"] is shown["none", "programme_unit"] is None
    assert shown["none", "experience"] is None  # The total would tell the others.
    expected = by_hand(crowd, lambda group: group.profession or "none")
    assert all(count in {None, expected.get(place)} for place, count in shown.items())
    totals = {
        name: {
            each[name]: each["differences"]
            for each in found["totals"][name]
            if each["differences"] != 0
        }
        for name in ("profession", "covered_by")
    }
    assert totals == {
        "profession": {NURSE: 34, "none": 15},
        "covered_by": {
            "experience": 23,
            "programme_unit": 14,
            "several": None,
            "open": None,  # Chosen to hide the one above.
        },
    }
    assert found["totals"]["all"]["differences"] == sum(expected.values()) == 49


@pytest.mark.parametrize("measure", ["decisions", "applications", "waiting"])
def test_cases_are_not_counted_by_what_their_differences_are(office_of, measure):
    answer = office_of(BE_FR).get(
        f"/statistics?period=2026-Q3&measure={measure}&by=covered_by"
    )
    (fault,) = answer.json["errors"]
    assert (answer.status_code, fault["code"]) == (422, "not_in_enum")


def test_the_page_shows_them_with_the_names_of_the_rules(runtime, client):
    decided(runtime, CROWD)
    page = browser(client)(f"/statistics/{BE_FR}?period=2026-Q3")
    assert "Differences by rules" in page.text
    assert "Differences by profession" in page.text
    for words in ("Recognition by decision", "Not made up for", "Units of a programme"):
        assert words in page.text, words
