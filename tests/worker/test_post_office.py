"""The worker carries messages to installations that answer, and spares the others."""

from dataclasses import dataclass, field
from types import SimpleNamespace

from recognition_service.exchange.deliver import Due
from recognition_service.worker.post_office import TOGETHER, PostOffice


@dataclass
class Post:
    """What the post office asks of a runtime; remembers what it was asked."""

    due: list
    away: set
    poisoned: set = field(default_factory=set)
    sent: list = field(default_factory=list)
    put_off: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    config = SimpleNamespace(outgoing_test_ranges=())

    def due_messages(self, most):
        return self.due[:most]

    def try_message(self, due, transport):
        del transport
        self.sent.append(due.id)
        has_receipt = due.peer not in self.away and due.id not in self.poisoned
        return SimpleNamespace(due=due, receipt=due.id if has_receipt else None)

    def keep_answers(self, answers):
        self.kept.append([answer.due.id for answer in answers])

    def put_off_messages(self, due):
        self.put_off.append(due.id)


def deliver(post):
    office = PostOffice()
    has_more = office.deliver(post, lambda _, step: step())
    office.close()
    return has_more


def test_an_installation_that_is_away_is_asked_once_and_the_others_get_all():
    due = [Due("riga", "a", n, 0) for n in range(3)]
    due += [Due("rabat", "a", n, 0) for n in range(10, 13)]
    post = Post(due, away={"riga"})
    assert deliver(post) is True
    assert sorted(post.sent)[1:] == [10, 11, 12]
    assert len(post.put_off) == 1
    assert post.put_off[0] < 3


def test_a_message_that_never_arrives_keeps_no_other_back():
    due = [Due("riga", "a", 1, 7), Due("riga", "a", 2, 0), Due("riga", "a", 3, 0)]
    post = Post(due, away=set(), poisoned={1})
    assert deliver(post) is False
    assert sorted(post.sent) == [1, 2, 3]
    assert post.put_off == []


def test_nothing_due_opens_nothing():
    assert deliver(Post([], away=set())) is False


def test_answers_of_one_installation_are_kept_in_groups_that_are_not_large():
    due = [Due("riga", "a", n, 0) for n in range(100)]
    due += [Due("rabat", "a", n, 0) for n in range(100, 200)]
    post = Post(due, away=set())
    assert deliver(post) is True
    assert sorted(each for group in post.kept for each in group) == list(range(200))
    assert max(map(len, post.kept)) == TOGETHER
    assert all(len({each < 100 for each in group}) == 1 for group in post.kept)


def test_a_few_messages_are_spread_over_all_carriers():
    due = [Due("riga", "a", n, 0) for n in range(9)]
    post = Post(due, away=set())
    assert deliver(post) is True
    assert sorted(post.kept) == [[n] for n in range(9)]
