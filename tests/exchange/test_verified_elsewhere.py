"""What one installation issues can be verified in another one that is connected."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from recognition_service.attestations.errors import ListRefusedError
from recognition_service.attestations.lists_elsewhere import ListElsewhere
from recognition_service.authorities.peers import end_peer
from recognition_service.cli.doctor import _peers
from recognition_service.errors import RecognitionError
from recognition_service.worker.status_lists import RENEWED_EVERY, ListKeeper
from tests.exchange.two import RIGA, CutError, renew
from tests.journeys.office import verify

LIST = f"{RIGA}/status/tsl/ma-demo/1"
INDEX = f"{RIGA}/status/aggregation/ma-demo"


class Newspaper:
    """Fetches what the other installation publishes, as the worker does.

    Attributes:
        asked: What was fetched.
        instead: What comes instead, by address; an error is raised.
    """

    def __init__(self, scene):
        self.scene = scene
        self.keeper = ListKeeper()
        self.asked = []
        self.instead = {}

    def __call__(self, url, media_type, most_bytes):
        self.asked.append(url)
        answer = self.instead.get(url, self)
        if isinstance(answer, Exception):
            raise answer
        if answer is not self:
            return answer
        side = self.scene.wire.sides[url.removesuffix(urlsplit(url).path)]
        found = side.app.test_client().get(
            urlsplit(url).path, headers={"Accept": media_type}
        )
        content = found.get_data()
        assert len(content) <= most_bytes
        return content if found.status_code == 200 else None

    def fetch(self):
        """Take a turn in Flanders; return what went wrong."""
        problems = []

        def attempt(_name, step):
            try:
                step()
            except RecognitionError as error:
                problems.append(error.code)

        self.scene.riga.runtime.publish_lists()
        self.keeper.renew(self.scene.flanders.runtime, attempt, self)
        self.scene.flanders.runtime.refresh()
        return problems


@pytest.fixture
def newspaper(scene):
    return Newspaper(scene)


@pytest.fixture
def pair(scene):
    """The tokens of both bodies: of Rabat, which is elsewhere, and of Ghent."""
    of_rabat, of_ghent = scene.both_sign()
    return scene.rabat.token(of_rabat), scene.ghent.token(of_ghent)


def told(scene, own, *peers):
    report = verify(scene.flanders.app.test_client(), own, peers=list(peers))
    return report["verdict"], report["code"]


def kept(scene):
    with scene.flanders.runtime.database.reading() as session:
        return {row.uri: row.token for row in session.scalars(select(ListElsewhere))}


def examined(runtime):
    """Return what `recognition doctor` says about the other installation."""
    return list(_peers(runtime))


def later(scene, **span):
    """Let time pass; both read the trust list of one another anew."""
    for side in scene.sides:
        side.clock.instant += timedelta(**span)
    renew(scene.flanders, scene.riga)
    renew(scene.riga, scene.flanders)
    for side in scene.sides:
        side.runtime.publish_lists()
        side.runtime.refresh()


def test_the_pair_is_valid_in_one_place_once_the_lists_are_there(
    scene, newspaper, pair
):
    theirs, own = pair
    assert told(scene, theirs, own) == ("cannot_confirm", "status_missing")
    assert newspaper.fetch() == []
    assert told(scene, theirs, own) == ("valid", "valid")
    assert told(scene, own, theirs) == ("valid", "valid")
    report = verify(scene.flanders.app.test_client(), theirs, peers=[own])
    assert report["issuer"]["domain"] == "riga.example"


def test_a_revocation_elsewhere_is_seen_with_the_next_list(scene, newspaper, pair):
    theirs, own = pair
    newspaper.fetch()
    of = f"/attestations/{scene.proposed()['attestation']}"
    body = {"status": "revoked", "reason": "error"}
    answer = scene.rabat.change(f"{of}/status", body, of=of, as_="signatory")
    assert answer.status_code == 200, answer.json
    assert told(scene, theirs, own) == ("valid", "valid")
    later(scene, minutes=6)
    assert newspaper.fetch() == []
    assert told(scene, theirs, own) == ("not_valid", "revoked")


def test_all_lists_are_fetched_whether_anybody_asks_or_not(scene, newspaper):
    newspaper.fetch()
    issuers = {each.issuer.id for each in scene.flanders.runtime.issuers_elsewhere()}
    assert {
        f"{RIGA}/issuers/{name}" for name in ("ma-demo", "lv-university")
    } == issuers
    asked = [url for url in newspaper.asked if "/aggregation/" in url]
    assert len(asked) == len(issuers)
    before = len(newspaper.asked)
    newspaper.fetch()
    assert len(newspaper.asked) == before
    later(scene, seconds=RENEWED_EVERY.total_seconds())
    newspaper.fetch()
    assert len(newspaper.asked) > before


def test_an_old_list_confirms_nothing(scene, newspaper, pair):
    theirs, own = pair
    newspaper.fetch()
    later(scene, hours=1)
    assert told(scene, theirs, own)[1] == "status_stale"


def test_a_list_that_cannot_be_fetched_leaves_the_one_before(scene, newspaper, pair):
    newspaper.fetch()
    before = kept(scene)
    assert before
    later(scene, minutes=6)
    newspaper.instead = {LIST: CutError("Nobody answers.")}
    assert newspaper.fetch() == []
    assert kept(scene)[LIST] == before[LIST]
    later(scene, minutes=6)
    newspaper.instead = {INDEX: None}
    assert newspaper.fetch() == []
    assert kept(scene)[LIST] == before[LIST]
    assert told(scene, *pair)[0] == "cannot_confirm"


@pytest.mark.parametrize(
    "index",
    [
        b"",
        b"[]",
        b'{"status_lists": 7}',
        b'{"status_lists": [7]}',
        b'{"status_lists": ["https://recognition.example/status/tsl/be-fl-demo/1"]}',
        b'{"status_lists": ["https://riga.example.evil/status/tsl/ma-demo/1"]}',
    ],
)
def test_an_index_that_is_none_changes_nothing(scene, newspaper, index):
    newspaper.instead = {INDEX: index}
    assert newspaper.fetch() == ["status_lists_unreadable"]
    assert LIST not in kept(scene)


def test_a_list_of_somebody_else_is_refused(scene, newspaper, pair):
    own = scene.flanders.runtime.status_list("be-fl-demo", 1)
    for wrong in (own, b"x.y.z", own[:-8] + b"AAAAAAAA"):
        newspaper.keeper = ListKeeper()
        newspaper.instead = {LIST: wrong}
        assert newspaper.fetch() == ["status_list_refused"]
        assert LIST not in kept(scene)
    assert told(scene, *pair)[1] == "status_missing"


def test_an_older_list_never_takes_the_place_of_a_newer_one(scene, newspaper, pair):
    newspaper.fetch()
    old = kept(scene)[LIST]
    later(scene, hours=7)
    newspaper.fetch()
    new = kept(scene)[LIST]
    assert new != old
    (issuer,) = (
        each
        for each in scene.flanders.runtime.issuers_elsewhere()
        if each.issuer.id.endswith("/ma-demo")
    )
    with pytest.raises(ListRefusedError):
        scene.flanders.runtime.keep_lists_elsewhere(issuer, {LIST: old})
    assert kept(scene)[LIST] == new
    assert told(scene, *pair) == ("valid", "valid")


def test_what_is_connected_no_more_confirms_nothing(scene, newspaper, pair):
    newspaper.fetch()
    runtime = scene.flanders.runtime
    with runtime.database.transaction() as session:
        end_peer(session, "riga", actor="service", now=runtime.now())
    runtime.refresh()
    assert told(scene, *pair) == ("cannot_confirm", "issuer_unknown")


def test_a_stale_trust_list_confirms_nothing(scene, newspaper, pair):
    newspaper.fetch()
    scene.flanders.clock.instant += timedelta(days=30)
    scene.flanders.runtime.publish_trust_list()  # Ours is renewed; theirs is not.
    scene.flanders.runtime.publish_lists()
    scene.flanders.runtime.refresh()
    assert told(scene, *pair) == ("cannot_confirm", "issuer_unknown")


def test_a_trust_list_speaks_for_its_own_installation_only(scene, newspaper):
    """It can neither name an issuer of ours nor take our domain."""
    newspaper.fetch()
    inputs = scene.flanders.runtime.verification_inputs()
    domains = {id_: each.domain for id_, each in inputs.trust.issuers.items()}
    assert {domains[id_] for id_ in domains if id_.startswith(RIGA)} == {"riga.example"}
    assert {domains[id_] for id_ in domains if not id_.startswith(RIGA)} == {
        "recognition.example"
    }


def test_an_installation_that_is_away_is_asked_again_and_the_doctor_tells(
    scene, newspaper, pair
):
    newspaper.fetch()
    runtime = scene.flanders.runtime
    assert [each.is_whole for each in examined(runtime)] == [True]
    newspaper.instead = {INDEX: CutError("Nobody answers.")}
    later(scene, hours=2)
    assert newspaper.fetch() == []
    (found,) = examined(runtime)
    assert not found.is_whole
    assert "2026-11-02T09:00:00Z" in found.detail
    assert told(scene, *pair) == ("cannot_confirm", "status_stale")
