"""Fetching the status lists of other installations, all of them, regularly."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import orjson

from recognition_service.attestations.lists_elsewhere import LONGEST_ADDRESS
from recognition_service.authorities.issuers_elsewhere import IssuerElsewhere
from recognition_service.credentials.token_status_list import MAX_TOKEN_BYTES
from recognition_service.errors import RecognitionError, UnavailableError
from recognition_service.runtime.runtime import Runtime
from recognition_service.worker.attempts import Attempt
from recognition_service.worker.errors import ListsUnreadableError

RENEWED_EVERY = timedelta(minutes=5)
MOST_LISTS = 1_000
_MOST_INDEX_BYTES = 1 << 20

Fetch = Callable[[str, str, int], bytes | None]
"""Returns what an address answers, of a media type and of a size at most; None:
nothing is there. Errors are those of `Outgoing`."""


class ListKeeper:
    """When the lists of which installation were fetched last, by one worker."""

    def __init__(self) -> None:
        """Know of none."""
        self._asked_at: dict[str, datetime] = {}

    def renew(self, runtime: Runtime, attempt: Attempt, fetch: Fetch) -> None:
        """Fetch the lists of all issuers of the installations that are due."""
        now, due = runtime.now(), set[str]()
        for issuer in runtime.issuers_elsewhere():
            asked = self._asked_at.get(issuer.peer)
            if asked is not None and now < asked + RENEWED_EVERY:
                continue
            due.add(issuer.peer)
            attempt("renew_status_lists", partial(_renew, runtime, issuer, fetch))
        self._asked_at.update(dict.fromkeys(due, now))


def _renew(runtime: Runtime, of: IssuerElsewhere, fetch: Fetch) -> None:
    home = of.issuer.id.removeprefix(f"{of.url}/issuers/")
    index = f"{of.url}/status/aggregation/{home}"
    try:
        answer = fetch(index, "application/json", _MOST_INDEX_BYTES)
    except UnavailableError:
        answer = None  # Whoever is away is asked again; `doctor` tells.
    if answer is None:
        return
    lists: dict[str, str | None] = {}
    for uri in _addresses(answer, of.url):
        try:
            token = fetch(uri, "application/statuslist+jwt", MAX_TOKEN_BYTES)
        except RecognitionError:
            token = None  # The one that is kept goes on until it is stale.
        lists[uri] = None if token is None else token.decode("ascii", "replace")
    runtime.keep_lists_elsewhere(of, lists)


def _addresses(answer: bytes, url: str) -> list[str]:
    """Return the addresses of lists, all of the same installation.

    Raises:
        ListsUnreadableError: It is no index of lists.
    """
    try:
        found = orjson.loads(answer)["status_lists"]
        fits = len(found) <= MOST_LISTS and all(
            uri.startswith(f"{url}/status/") and len(uri) <= LONGEST_ADDRESS
            for uri in found
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ListsUnreadableError("It is no index of status lists.") from error
    if not fits:
        raise ListsUnreadableError("It names lists of others, or too many.")
    return list(found)
