"""Carrying messages to other installations, and fetching their trust lists.

Conversations do not wait for one another: several messages are on their way at once. An
installation that does not answer is asked with one of them, not with all that wait.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from recognition_service.credentials.exchange_message import LARGEST_RECEIPT
from recognition_service.errors import RecognitionError
from recognition_service.exchange.deliver import Answer, Due, Reply, Transport
from recognition_service.runtime.runtime import Runtime
from recognition_service.verification.trust_list import MAX_TOKEN_BYTES
from recognition_service.worker.attempts import Attempt
from recognition_service.worker.outgoing import Outgoing
from recognition_service.worker.status_lists import ListKeeper

LISTS_RENEWED_EVERY = timedelta(hours=1)
ASKED_AGAIN_AFTER = timedelta(minutes=1)
AT_ONCE = 200
TOGETHER = 10
"""Of so many messages, at most, the answers are kept in one transaction."""
_CARRIERS = 8
_SECONDS = 15.0
_LIST_PATH = "/trust/recognized-entities"
_OK = 200


class PostOffice:
    """What one worker carries to other installations.

    Its connections live as long as it does. It is safe for one thread at a time, and
    has threads of its own.
    """

    def __init__(self) -> None:
        """Open nothing yet."""
        self._outgoing: Outgoing | None = None
        self._list_keeper = ListKeeper()

    def close(self) -> None:
        """Give connections back."""
        if self._outgoing is not None:
            self._outgoing.close()
            self._outgoing = None

    def deliver(self, runtime: Runtime, attempt: Attempt) -> bool:
        """Send the messages that are due.

        Each installation is asked with one of them first, one that was tried least, so
        that no single message can keep the others back. Where that brings nothing, all
        that is for it waits as long as this one.

        Returns:
            Whether more may be due.
        """
        due = runtime.due_messages(AT_ONCE)
        if not due:
            return False
        transport = partial(_send, self._door(runtime))
        send = partial(self._carry, runtime, attempt, transport)
        often_tried_first = sorted(due, key=lambda each: -each.attempts)
        first = {message.peer: message for message in often_tried_first}
        with ThreadPoolExecutor(_CARRIERS, thread_name_prefix="post") as carriers:
            asked = carriers.map(send, [[each] for each in first.values()])
            answers = dict(zip(first, asked, strict=True))
            rest = [each for each in due if each is not first[each.peer]]
            groups = _together([each for each in rest if answers[each.peer]])
            sent = list(carriers.map(send, groups))
        for peer, has_answered in answers.items():
            if not has_answered:
                runtime.put_off_messages(first[peer])
        return any(answers.values()) and all(sent)

    def renew_lists(self, runtime: Runtime, attempt: Attempt) -> None:
        """Fetch the trust lists of other installations that are due or wanted."""
        now = runtime.now()
        for peer in runtime.peers():
            if peer.ended_at is None and _is_due(peer.asked_at, peer.wanted_at, now):
                renew = partial(self._renew, runtime, peer.name, peer.url)
                attempt("renew_peer_list", renew)

    def renew_status_lists(self, runtime: Runtime, attempt: Attempt) -> None:
        """Fetch the status lists of other installations that are due."""
        self._list_keeper.renew(runtime, attempt, partial(self._fetch, runtime))

    def _fetch(
        self, runtime: Runtime, url: str, media_type: str, most_bytes: int
    ) -> bytes | None:
        answer = self._door(runtime).get(
            url, {"Accept": media_type}, most_bytes=most_bytes, seconds=_SECONDS
        )
        return answer.body if answer.status == _OK else None

    def _door(self, runtime: Runtime) -> Outgoing:
        if self._outgoing is None:
            self._outgoing = Outgoing(runtime.config.outgoing_test_ranges)
        return self._outgoing

    @staticmethod
    def _carry(
        runtime: Runtime, attempt: Attempt, transport: Transport, due: Sequence[Due]
    ) -> bool:
        """Send messages and keep their answers; tell whether all have receipts."""
        answers: list[Answer] = []

        def carry(message: Due) -> None:
            answers.append(runtime.try_message(message, transport))

        for message in due:
            attempt("send_message", partial(carry, message))
        keep = partial(runtime.keep_answers, answers)
        is_kept = attempt("keep_answers", keep) is None
        has_receipts = [answer.receipt is not None for answer in answers]
        return is_kept and len(answers) == len(due) and all(has_receipts)

    def _renew(self, runtime: Runtime, name: str, url: str) -> None:
        try:
            answer = self._door(runtime).get(
                url + _LIST_PATH,
                {"Accept": "application/vc+jwt"},
                most_bytes=MAX_TOKEN_BYTES,
                seconds=_SECONDS,
            )
        except RecognitionError as error:
            runtime.note_peer_problem(name, error.code)
            raise
        if answer.status != _OK:
            runtime.note_peer_problem(name, f"answered {answer.status}")
            return
        runtime.accept_peer_list(name, [answer.body.decode("ascii", "replace").strip()])


def _send(
    outgoing: Outgoing, url: str, body: bytes, headers: Mapping[str, str]
) -> Reply:
    answer = outgoing.post(
        url, body, headers, most_bytes=LARGEST_RECEIPT, seconds=_SECONDS
    )
    return Reply(answer.status, answer.body)


def _together(due: Sequence[Due]) -> list[list[Due]]:
    """Return messages in groups, each for one installation, enough for all carriers.

    Who answers slowly keeps no answer of another one from being kept.
    """
    size = min(TOGETHER, -(-len(due) // _CARRIERS)) or 1
    groups = []
    for _, of_peer in groupby(sorted(due, key=_peer), key=_peer):
        messages = list(of_peer)
        groups += [messages[at : at + size] for at in range(0, len(messages), size)]
    return groups


def _peer(due: Due) -> str:
    return due.peer


def _is_due(
    asked_at: datetime | None, wanted_at: datetime | None, now: datetime
) -> bool:
    """Tell whether to fetch a newer list: every hour, and when one is wanted."""
    if asked_at is None:
        return True
    pause = LISTS_RENEWED_EVERY if wanted_at is None else ASKED_AGAIN_AFTER
    return asked_at + pause <= now
