import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.equivalence.answer import Conclusion, Held, Result
from recognition_service.equivalence.compare import compare, compare_afresh
from recognition_service.equivalence.errors import UnknownCodeError
from recognition_service.equivalence.memo import Epoch, Memo
from recognition_service.equivalence.question import Question
from recognition_service.frameworks.instruments import Purpose, RulesCover
from recognition_service.frameworks.rows import Endorsement, LevelStatus, Relation
from tests.equivalence.editions import (
    TODAY,
    a_directive,
    a_framework,
    a_hole,
    a_hub,
    a_listed_title,
    a_party,
    a_place,
    a_profession,
    a_qualification,
    a_question,
    a_reference,
    a_statement,
    a_treaty,
    aligned,
    an_annex_title,
    compared,
    edition,
    shipped_edition,
    shipped_tables,
)

YEARS = st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2012, 12, 31)))
DAYS = st.dates(date(2000, 1, 1), date(2012, 12, 31))


FACTS = [
    {},
    {"final_grade": "8.5/10"},
    {"final_grade": "7/10"},
    {"final_grade": "5/6"},
    {"accompanying_certificate": True},
    {"accredited_under": "treaty"},
]


@st.composite
def periods(draw):
    first, last = draw(YEARS), draw(YEARS)
    if first and last and last < first:
        first, last = last, first
    return {"valid_from": first, "valid_to": last}


@st.composite
def editions(draw):
    """Three countries, two hubs and rows of every kind with periods of their own."""
    rows = [[a_place(place) for place in ("AA", "BB", "CC")], a_hub(), a_hub("HUB-2")]
    for place in ("AA", "BB", "CC"):
        rows.append(a_framework(f"{place}-QF", place, "5 6", **draw(periods())))
        for hub in ("HUB", "HUB-2"):
            rows += [
                aligned(
                    f"{place}-QF:{level}:{hub}:{draw(st.sampled_from('456'))}",
                    draw(st.sampled_from(list(Relation)[:5])),
                    endorsement=draw(st.sampled_from(list(Endorsement))),
                    **draw(periods()),
                )
                for level in "56"
            ]
    rows += [
        compared("AA-QF:6:BB-QF:5", **draw(periods())),
        compared("BB-QF:6:CC-QF:none", **draw(periods())),
        a_qualification(**draw(periods())),
        a_qualification("aa-old", level_status=LevelStatus.LEGACY),
        a_treaty(in_force_from=draw(YEARS), ended_on=draw(YEARS)),
        a_party("AA", in_force_from=draw(YEARS)),
        a_party("BB", in_force_from=draw(YEARS), withdrawn_on=draw(YEARS)),
        a_listed_title("AA", "6", "aa-bachelor", **draw(periods())),
        a_listed_title("BB", "6", "bb-bachelor", **draw(periods())),
        a_hole("AA", "5"),
        a_directive(in_force_from=draw(YEARS)),
        [
            a_party(place, "directive", withdrawn_on=draw(YEARS))
            for place in ("AA", "CC")
        ],
        a_profession(),
        an_annex_title(qualification="aa-bachelor", **draw(periods())),
        a_reference(),
        a_statement(
            destination="CC",
            qualification="aa-old",
            awarded_from=draw(YEARS),
            as_of=str(draw(DAYS)),
            **draw(periods()),
        ),
        *(
            a_statement(
                f"ruled-{number}",
                destination="CC",
                qualification="aa-old",
                conditions="Grades",
                rules=f"final_grade {sign} 8.0/10",
                rules_cover=draw(st.sampled_from(RulesCover)),
                review_by=draw(YEARS),
                **draw(periods()),
            )
            for number, sign in enumerate((">=", "<"))
        ),
    ]
    return edition(rows)


@st.composite
def questions(draw):
    held = draw(
        st.sampled_from(
            [
                {"framework": "AA-QF", "level": "5"},
                {"framework": "AA-QF", "level": "6"},
                {"qualification": "aa-bachelor"},
                {"qualification": "aa-old"},
            ]
        )
    )
    return Question(
        origin="AA",
        destination=draw(st.sampled_from(["AA", "BB", "CC"])),
        asked_on=draw(DAYS),
        awarded_on=draw(YEARS),
        purpose=draw(st.sampled_from(list(Purpose))),
        profession=draw(st.sampled_from([None, "nurse"])),
        target_framework=draw(st.sampled_from([None, None, "HUB", "BB-QF"])),
        facts=draw(st.sampled_from(FACTS)),
        **held,
    )


@settings(max_examples=60, deadline=None)
@given(editions(), st.lists(questions(), min_size=1, max_size=60))
def test_what_is_remembered_is_what_would_be_concluded_afresh(snapshot, asked):
    for question in asked + asked[::-1]:
        assert compare(snapshot, question) == compare_afresh(snapshot, question)


def test_what_is_remembered_of_the_shipped_edition_is_what_it_says():
    rng = random.Random(4)  # noqa: S311  # Reproducible, not secret.
    tables, snapshot = shipped_tables(), shipped_edition()
    levels = list(tables.levels.values())
    titles = list(tables.qualifications.values())
    places = [place for place in tables.jurisdictions if place]
    for _ in range(1_500):
        level = rng.choice(levels)
        home = tables.frameworks[level.framework].jurisdiction or "DE"
        held = {"framework": level.framework, "level": level.code}
        if rng.random() < 0.5:
            title = rng.choice(titles)
            home, held = title.jurisdiction, {"qualification": title.id}
        destination = rng.choice(places)
        purpose = rng.choice(list(Purpose))
        for _ in range(3):
            question = Question(
                origin=home,
                destination=destination,
                asked_on=TODAY - timedelta(days=rng.randrange(3_000)),
                awarded_on=date(1965, 1, 1) + timedelta(days=rng.randrange(22_000)),
                purpose=purpose,
                **held,
            )
            assert compare(snapshot, question) == compare_afresh(snapshot, question)


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "FR"},
        {"destination": "EE"},
        {"purpose": Purpose.REGULATED_PROFESSION},
        {"qualification": "lv-lki--magistra-diploms"},
        {"qualification": None, "framework": "LV-LKI", "level": "6"},
        {"qualification": None, "framework": "LV-LKI", "level": "7"},
        {"qualification": None, "framework": "LV-LKI", "level": "8"},
        {"target_framework": "QF-EHEA"},
        {"profession": "nurse_general"},
        {"awarded_on": None},
        {"asked_on": date(2020, 1, 1)},
    ],
    ids=str,
)
def test_whatever_is_asked_otherwise_is_another_question(changes):
    members = {"qualification": "lv-lki--bakalaura-diploms"}
    compare(shipped_edition(), a_question("LV", "BE-FL", **members))
    question = a_question(
        **{"origin": "LV", "destination": "BE-FL", **members, **changes}
    )
    other = a_question("LV", "BE-FL", framework="LV-LKI", level="5")
    compare(shipped_edition(), other)

    assert compare(shipped_edition(), question) == compare_afresh(
        shipped_edition(), question
    )


def test_a_kind_of_question_is_concluded_once_per_epoch():
    snapshot = shipped_edition()
    level = {"framework": "LV-LKI", "level": "6"}

    one = compare(snapshot, a_question("LV", "BE-FR", **level))
    later = a_question("LV", "BE-FR", awarded_on=date(2020, 1, 1), **level)

    assert compare(snapshot, later).conclusion is one.conclusion


def test_what_depends_on_more_than_conditions_is_worked_out_afresh():
    snapshot = shipped_edition()
    before = dict(snapshot.memo.entries)
    level = {"framework": "LV-LKI", "level": "5"}

    for changes in (
        {"facts": {"accompanying_certificate": True}},
        {"training_started_on": date(2015, 9, 1)},
    ):
        compare(snapshot, a_question("LV", "EE", **changes, **level))

    assert snapshot.memo.entries == before


def a_conclusion():
    held = Held(None, None, LevelStatus.UNVERIFIED)
    return Conclusion(result=Result.NONE, held=held)


def test_the_memory_is_bounded():
    memo = Memo(limit=10)

    for number in range(1_000):
        memo.keep(number, Epoch(1, 2, 1, 2, a_conclusion()))

    assert len(memo.entries) <= 10


def test_what_answers_may_rest_on_is_remembered_with_them():
    snapshot = edition(
        [a_place("AA"), a_place("BB"), a_qualification("aa-apprentice")],
        a_framework("AA-QF", "AA"),
        a_statement(rules="final_grade >= 8.0/10", rules_cover=RulesCover.ALL),
    )
    snapshot.memo.limit = 10
    members = {"qualification": "aa-apprentice", "facts": {"final_grade": "9.0/10"}}
    for day in range(100):
        question = a_question(asked_on=TODAY + timedelta(days=day), **members)
        compare(snapshot, question)
        assert list(snapshot.memo.asked.values()) == [
            snapshot.conditions_asked(question)
        ]

    for purpose in Purpose:
        for level in "4567":
            held = {"framework": "AA-QF", "level": level}
            facts = {"final_grade": "9.0/10"}
            compare(snapshot, a_question(purpose=purpose, facts=facts, **held))
            assert len(snapshot.memo.asked) <= len(snapshot.memo.entries) <= 10


def test_of_codes_that_no_row_has_nothing_is_remembered():
    snapshot = edition(a_place("AA"), a_place("BB"))
    for number in range(10):
        with pytest.raises(UnknownCodeError):
            compare(
                snapshot,
                a_question(qualification=f"x{number}", facts={"final_grade": "9/10"}),
            )
    assert (snapshot.memo.asked, snapshot.memo.entries) == ({}, {})


def test_epochs_of_one_question_never_pile_up():
    memo = Memo()

    for asked in range(1_000):
        memo.keep("question", Epoch(1, 100, asked, asked + 1, a_conclusion()))

    assert len(memo.entries["question"]) == 1


@pytest.mark.parametrize(
    ("awarded", "asked", "known"),
    [(10, 5, True), (19, 5, True), (20, 5, False), (9, 5, False), (10, 8, False)],
)
def test_an_epoch_holds_from_its_first_day_until_before_its_end(awarded, asked, known):
    memo = Memo()
    memo.keep("question", Epoch(10, 20, 1, 8, a_conclusion()))

    assert (memo.recall("question", awarded, asked) is not None) is known


def test_many_threads_get_the_same_answers():
    snapshot = edition(
        [a_place("AA"), a_place("BB"), a_hub()],
        [a_framework("AA-QF", "AA"), a_framework("BB-QF", "BB")],
        aligned("AA-QF:6:HUB:6", valid_to=date(2009, 12, 31)),
        aligned("AA-QF:6:HUB:7", valid_from=date(2010, 1, 1)),
        [aligned(f"BB-QF:{level}:HUB:{level}") for level in "67"],
    )
    snapshot.memo.limit = 2
    asked = [
        a_question(
            framework="AA-QF",
            level=rng_level,
            awarded_on=date(2000, 1, 1) + timedelta(days=97 * number),
        )
        for number in range(80)
        for rng_level in "4567"
    ]
    expected = [compare_afresh(snapshot, question) for question in asked]

    with ThreadPoolExecutor(8) as pool:
        rounds = [
            list(pool.map(lambda question: compare(snapshot, question), asked))
            for _ in range(10)
        ]

    assert all(answers == expected for answers in rounds)
