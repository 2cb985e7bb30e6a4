"""While one thread compiles a new edition, the others answer from the one before."""

from threading import Thread

from tests.builders import AUTHORITY, BACHELOR, an_authority
from tests.editions.test_publishing_overlays import corrected, publish


def level(runtime):
    return runtime.snapshot(AUTHORITY).tables.qualifications[BACHELOR].level


def test_nobody_waits_for_an_edition_that_is_being_compiled(own_small):
    an_authority(own_small)
    assert level(own_small) == "6"
    publish(own_small, corrected("7"))
    answers = []
    with own_small._compiling:
        asking = Thread(target=lambda: answers.append(level(own_small)))
        asking.start()
        asking.join()
    assert answers == ["6"]
    assert level(own_small) == "7"


def test_who_has_published_is_answered_with_it_at_once(own_small):
    an_authority(own_small)
    assert level(own_small) == "6"
    publish(own_small, corrected("7"))
    own_small.renew_edition(AUTHORITY)
    assert level(own_small) == "7"
