"""What many threads ask for at once is worked on together."""

from threading import Barrier, Event, Thread

import pytest

from recognition_service.errors import ConflictError
from recognition_service.runtime.turns import MOST_AT_ONCE, Turns


class Works:
    """Doubles numbers and refuses odd ones; the first group waits until it may go."""

    def __init__(self):
        self.groups = []
        self.begun, self.go = Event(), Event()

    def __call__(self, asked):
        self.groups.append(list(asked))
        self.begun.set()
        self.go.wait(10)
        return [ConflictError(str(each)) if each % 2 else each * 2 for each in asked]


def asked(turns, number, answers):
    try:
        answers[number] = turns.ask(number)
    except ConflictError as error:
        answers[number] = str(error)


def test_alone_one_is_a_group_of_one():
    works = Works()
    works.go.set()
    assert Turns(works).ask(2) == 4
    assert works.groups == [[2]]


def test_who_comes_meanwhile_is_taken_along_by_the_next():
    works, answers = Works(), {}
    turns = Turns(works)
    first = Thread(target=asked, args=(turns, 0, answers))
    first.start()
    works.begun.wait(10)
    others = [Thread(target=asked, args=(turns, n, answers)) for n in range(1, 21)]
    for other in others:
        other.start()
    while len(turns._waiting) < len(others):
        pass
    works.go.set()
    for thread in (first, *others):
        thread.join(10)
    assert answers == {n: str(n) if n % 2 else n * 2 for n in range(21)}
    assert [len(group) for group in works.groups] == [1, 20]


def test_a_group_has_a_limit():
    works, answers = Works(), {}
    turns = Turns(works)
    count = 2 * MOST_AT_ONCE + 1
    threads = [Thread(target=asked, args=(turns, n, answers)) for n in range(count)]
    for thread in threads:
        thread.start()
    works.go.set()
    for thread in threads:
        thread.join(10)
    assert len(answers) == count
    assert max(map(len, works.groups)) <= MOST_AT_ONCE


def test_a_fault_of_the_work_reaches_everybody_and_stops_nobody_after():
    barrier, faults = Barrier(2), []

    def breaks(_asked):
        barrier.wait(10)
        raise LookupError

    turns = Turns(breaks)

    def ask():
        try:
            turns.ask(1)
        except LookupError as error:
            faults.append(error)

    thread = Thread(target=ask)
    thread.start()
    barrier.wait(10)
    thread.join(10)
    assert len(faults) == 1
    turns._work = lambda asked: [each + 1 for each in asked]
    assert turns.ask(1) == 2
    with pytest.raises(ConflictError):
        Turns(refuses_all).ask(1)


def refuses_all(asked):
    return [ConflictError("no") for _ in asked]
