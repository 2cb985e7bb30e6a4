"""Builders of training paths: two awards, A in Morocco and B in Flanders."""

from datetime import date

from hypothesis import strategies as st

from recognition_service.equivalence.progress import Plan
from recognition_service.equivalence.standards import Result, ResultKind
from recognition_service.equivalence.standards_document import (
    faults_of,
    read_curriculum,
)

BOTH = ({"target": "A", "rule": "std-a-4.2"}, {"target": "B", "rule": "std-b-7"})
EVIDENCE = "sha256-" + "A" * 43


def a_target(key="A", requirements=None, **more):
    known = {
        "key": key,
        "qualification": f"{key.lower()}--diploma",
        "authority": f"{key.lower()}-demo",
        "requirements": {"credits": 60} if requirements is None else requirements,
        "depends_on": None,
        "basis": "programme",
    }
    return known | more


def a_unit(number=1, *, targets="AB", **more):
    known = {
        "id": f"u{number}",
        "title": f"Unit {number}",
        "credits": "30",
        "provider": "Example school",
        "place": "MA",
        "phase": 1,
        "counts_for": [each for each in BOTH if each["target"] in targets],
    }
    return known | more


def a_path(*units, targets=None, **more):
    """Two awards of 60 credits each over four units of 30, unless told otherwise."""
    return {
        "targets": targets or [a_target("A"), a_target("B")],
        "units": list(units or [a_unit(number) for number in range(1, 5)]),
        **more,
    }


def a_plan(document):
    assert faults_of(document) == ()
    return Plan.build(read_curriculum(document))


def achieved(*units, prior=()):
    """Results for units, some of them by prior learning."""
    return {
        unit: Result(
            date(2026, 10, 1),
            "Example assessor",
            EVIDENCE,
            ResultKind.PRIOR_LEARNING if unit in prior else ResultKind.ASSESSED,
        )
        for unit in (*units, *prior)
    }


def faults(document):
    """The pointers and codes of what is wrong."""
    return [(fault.pointer, fault.code) for fault in faults_of(document)]


AMOUNTS = ("1", "2.5", "5", "7.5", "10")


@st.composite
def paths(draw, most_units=7):
    """Paths that break no rule, with every kind of requirement."""
    number = draw(st.integers(2, most_units))
    units = [
        a_unit(
            place,
            targets=draw(st.sampled_from(["A", "B", "AB", "AB"])),
            place=draw(st.sampled_from(["MA", "BE-FL", "FR"])),
            learning_outcomes=draw(st.lists(st.sampled_from("xyz"), unique=True)),
            **draw(_workloads()),
        )
        for place in range(number)
    ]
    targets = [a_target(key, draw(_demands(key, units))) for key in "AB"]
    return a_path(*units, targets=targets)


@st.composite
def _workloads(draw):
    amounts = st.sampled_from(AMOUNTS)
    match draw(st.sampled_from(["credits", "hours", "both"])):
        case "credits":
            return {"credits": draw(amounts)}
        case "hours":
            return {"credits": None, "hours": draw(st.sampled_from(["20", "90"]))}
        case _:
            return {"credits": draw(amounts), "hours": "100"}


@st.composite
def _demands(draw, key, units):
    """Requirements that the units that count can just or easily meet."""
    mine = [
        unit for unit in units if any(c["target"] == key for c in unit["counts_for"])
    ]
    ids = [unit["id"] for unit in mine]
    in_all = sum(float(unit["credits"] or 0) for unit in mine)
    abroad = sum(
        float(unit["credits"] or 0) for unit in mine if unit["place"] == "BE-FL"
    )
    shares = st.sampled_from([0.25, 0.5, 0.75, 1])
    asked = {
        "credits": f"{in_all * draw(shares):.2f}",
        "hours": f"{sum(float(u.get('hours') or 0) for u in mine) * draw(shares):.2f}",
        "places": [{"place": "BE", "credits": f"{abroad * draw(shares):.2f}"}],
        "most_prior_learning_credits": draw(st.sampled_from(["0", "3", "100"])),
        "learning_outcomes": sorted({o for u in mine for o in u["learning_outcomes"]}),
    }
    if ids:
        asked["units"] = draw(st.lists(st.sampled_from(ids), unique=True, max_size=2))
        group = draw(st.lists(st.sampled_from(ids), unique=True, min_size=1))
        count = draw(st.integers(1, len(group)))
        asked["groups"] = [{"name": "electives", "units": group, "count": count}]
    wanted = draw(st.sets(st.sampled_from(sorted(asked)))) | {"credits"}
    kept = {name: asked[name] for name in asked if name in wanted}
    return kept if float(kept["credits"]) else {"learning_outcomes": []} | kept


def is_sound(document):
    """Tell whether a drawn path asks for anything at all."""
    return faults_of(document) == ()
