"""Two real installations talk while their processes are killed and their wires cut.

One has SQLite, the other PostgreSQL. In each step of the script one side is killed at a
moment drawn from a seed, and of what is tried again afterwards something is cut off; in
the second run it is the other side. Nobody waits for time to pass: the clock of both
stands still until there is nothing left to do but to wait.
"""

import random
import shutil

import pytest

from tests.conftest import drop_postgres_database, make_postgres_database
from tests.exchange import alike
from tests.exchange.conftest import sqlite_in
from tests.exchange.pair import Pair
from tests.exchange.processes import (
    PATIENCE_SECONDS,
    Behind,
    BrokenCallError,
    Installation,
)
from tests.exchange.proxy import CALL, MESSAGE, Fault, Wire, drawn_moment, nothing
from tests.exchange.script import ATTESTED, ROWS, SCRIPT, Play, proposed
from tests.exchange.served import FileClock, read_code_ahead
from tests.journeys.bodies import PROVIDER

SEEDS = (20_261_130, 20_261_201)
pytestmark = pytest.mark.timeout(600)
"""It takes well below a minute; a machine that others use as well may need more."""


@pytest.fixture(scope="module")
def wire():
    return Wire()


@pytest.fixture(scope="module")
def pair(tmp_path_factory, postgres_server, migrated_sqlite, migrated_postgres, wire):
    """Flanders on SQLite and Riga on PostgreSQL, introduced by their operators."""
    read_code_ahead()
    there = tmp_path_factory.mktemp("flanders")
    here = tmp_path_factory.mktemp("riga")
    shutil.copy(migrated_sqlite, there / "recognition.sqlite3")
    url = make_postgres_database(postgres_server, template=migrated_postgres)
    clock = FileClock(there / "clock")
    flanders, riga = (
        Installation(name, directory, database_url, {office}, clock, Behind(wire))
        for name, directory, database_url, office in (
            ("flanders", there, sqlite_in(there), "be-fl-demo"),
            ("riga", here, url, "ma-demo"),
        )
    )
    riga.found("lv-university", "LV", PROVIDER)
    pair = Pair(flanders, riga, clock)
    wire.count_taken = pair.count_taken
    try:
        pair.start()
        yield pair
    finally:
        pair.close()
        drop_postgres_database(postgres_server, url)


@pytest.fixture(scope="module")
def plays():
    """All that was played; the installations keep what earlier runs have left."""
    return []


@pytest.mark.parametrize("run", range(len(SEEDS)))
def test_nothing_is_lost_and_nothing_is_twice(pair, wire, plays, run):
    flanders, riga = pair.sides
    play = Play(
        flanders.office("be-fl-demo"),
        riga.office("lv-university"),
        riga.office("ma-demo"),
    )
    plays.append(play)
    chosen = random.Random(SEEDS[run])  # noqa: S311  # no secret
    for place, step in enumerate(SCRIPT):
        victim = pair.sides[(place + run) % 2]
        play_killing(pair, wire, play, step, victim, chosen)
    wire.plan()
    both_have_the_same(pair, play)
    nothing_is_twice(pair, plays)


def play_killing(pair, wire, play, step, victim, chosen):  # noqa: PLR0917
    """Play a step while a side is killed, and cut off what is tried again."""
    kind = MESSAGE if step.messages else CALL
    killed = Fault(drawn_moment(chosen, step.messages or 1, kind), victim.kill)
    cut = Fault(drawn_moment(chosen, 1), nothing)
    wire.plan(killed, cut)
    is_broken_off = False
    try:
        with wire.held():
            step.act(play)
    except BrokenCallError:
        is_broken_off = True
    assert not (is_broken_off and step.messages), f"{step.name}: {killed.moment}"
    assert killed.happened.wait(PATIENCE_SECONDS), f"{step.name}: {killed.moment}"
    pair.restart(victim)
    if is_broken_off:
        step.act(play)
    pair.settle()


def both_have_the_same(pair, play):
    """Tell that a run has ended as it would have if nobody had been killed."""
    centre, school, board = play.centre, play.school, play.board
    expected = {
        "verification": (school, "closed"),
        "question": (school, "answered"),
        "withdrawn": (school, "withdrawn"),
        "agreement": (board, "closed"),
        "list": (board, "closed"),
    }
    for name, (other, status) in expected.items():
        alike.same_conversation(centre, other, play.ids[name])
        assert alike.seen(centre, play.ids[name])["status"] == status, name
    track = centre.get(f"/dual-certifications/{play.ids['track']}").json
    joint = proposed(play)
    assert track["joint"]["state"] == joint["state"] == "withdrawn"
    assert track["joint"]["signed"] == joint["signed"] == joint["required"]
    of_board = board.get(f"/attestations/{joint['attestation']}").json
    assert of_board["status_reason"] == "party_withdrew"
    agreement = play.ids["agreement"]
    alike.same_agreement(centre, board, agreement)
    found = centre.get(f"/agreements/{agreement}").json
    assert (found["state"], found["revision"]) == ("signed", 3)
    decided = alike.same_rows(centre, board, play.ids["list"])
    outcomes = [row["decision"]["outcome"] for row in decided]
    assert outcomes.count("refused") == ROWS - ATTESTED
    for row in decided:
        is_refused = row["decision"]["outcome"] == "refused"
        assert (row["attestation"] is None) is is_refused
        if not is_refused:
            alike.is_valid(pair.sides[0], centre, row["attestation"]["id"])


def nothing_is_twice(pair, plays):
    """Tell that both sides hold what they must, once, and are whole."""
    flanders, riga = pair.sides
    alike.each_message_once(pair)
    listed = [
        row for play in plays for row in alike.rows(play.centre, play.ids["list"])
    ]
    asked = [play.ids[name] for play in plays for name in ("case", "held case")]
    cases = sorted([*asked, *(row["case"] for row in listed)])
    assert len(set(cases)) == len(plays) * (ROWS + 2)
    assert alike.opened_cases(pair, flanders) == cases
    assert alike.opened_cases(pair, riga) == []
    attested = [play.ids["case"] for play in plays]
    attested += [row["case"] for row in listed if row["attestation"]]
    alike.each_case_attested_once(pair, flanders, attested)
    alike.each_award_attested_once(pair, [play.ids["track"] for play in plays])
    for side in pair.sides:
        alike.is_whole(side)
