"""Status lists as verifiers fetch them: now, of the past, in each form, cached."""

import gzip
import json
from datetime import timedelta

import pytest

from recognition_service.attestations import publish
from recognition_service.attestations.compressed_lists import CompressedLists
from recognition_service.attestations.marks import mark_places
from recognition_service.attestations.places import take_places
from recognition_service.authorities.found import NewAuthority
from recognition_service.authorities.keys import all_keys
from recognition_service.authorities.models import Mode
from recognition_service.credentials import (
    bitstring_status_list,
    token_status_list,
)
from tests.web.conftest import NOW, PUBLIC_URL

OWNER = "lists"
TSL, BSL = f"/status/tsl/{OWNER}/1", f"/status/bsl/{OWNER}/1"
TSL_TYPE, VC_JWT = "application/statuslist+jwt", "application/vc+jwt"
INDEX = 77
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture(scope="session")
def listed(sqlite_runtime):
    """An authority whose place 77 was suspended two hours ago, revoked one ago."""
    runtime = sqlite_runtime
    runtime.found(
        NewAuthority(
            id=OWNER,
            name="Lists (example)",
            country="BE",
            jurisdiction="BE-FL",
            mode=Mode.TEST,
            time_zone="Europe/Brussels",
        )
    )
    with runtime.database.transaction() as session:
        take_places(session, OWNER, 1)
    for hours, value in ((2, 2), (1, 1)):
        with runtime.database.transaction() as session:
            mark_places(session, OWNER, {(1, INDEX): value}, now=NOW)
        publish_at(runtime, NOW - timedelta(hours=hours))
    return runtime


def publish_at(runtime, instant):
    """Publish the list as if its hour had struck; the key is of that hour too."""
    with runtime.database.transaction() as session:
        for key in all_keys(session, OWNER):
            key.active_from = min(key.active_from, instant)
    with runtime.database.reading() as session:
        draft = publish.draft_list(
            session,
            OWNER,
            1,
            lists=CompressedLists(),
            public_url=PUBLIC_URL,
            now=instant,
        )
    signer = runtime._keys.signer(draft.key.thumbprint, draft.key.kid)
    signed = publish.sign_list(draft, signer)
    with runtime.database.transaction() as session:
        assert publish.keep_list(session, draft, signed)


@pytest.fixture
def get(client, listed):
    """Ask for an address; `Accept` and the like by name."""
    assert listed

    def ask(path, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.get(path, headers=named)

    return ask


def value_in(token, index=INDEX):
    return token_status_list.decode(token).status_list().value(index)


def bit_in(token, purpose):
    _, found = bitstring_status_list.decode(token)
    uri = f"{PUBLIC_URL}{BSL}/{purpose}"
    return found.value(bitstring_status_list.Entry(purpose, INDEX, uri))


def seconds(**before):
    return int((NOW - timedelta(**before)).timestamp())


def test_the_list_is_shown_as_it_is_now(get):
    answer = get(TSL)
    assert (answer.status_code, answer.content_type) == (200, TSL_TYPE)
    assert value_in(answer.data) == token_status_list.REVOKED
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (TSL_TYPE, TSL_TYPE),
        ("*/*", TSL_TYPE),
        ("text/html", TSL_TYPE),
        ("application/json", "application/json"),
        (f"application/json, {TSL_TYPE}", TSL_TYPE),
        (f"application/json, {TSL_TYPE};q=0.5", "application/json"),
    ],
)
def test_who_asks_for_json_gets_the_token_in_json(get, accept, content_type):
    answer = get(TSL, Accept=accept)
    assert answer.content_type == content_type
    token = answer.data
    if content_type == "application/json":
        token = answer.json["token"].encode()
    assert token == get(TSL).data


@pytest.mark.parametrize("purpose", ["revocation", "suspension"])
@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (VC_JWT, VC_JWT),
        ("*/*", VC_JWT),
        ("application/vc", "application/vc"),
        ("application/json", "application/json"),
        ("application/ld+json, application/json", "application/json"),
        ("application/ld+json", "application/ld+json"),
        (f"application/vc;q=0.1, {VC_JWT}", VC_JWT),
    ],
)
def test_the_bitstring_list_is_a_credential_in_the_form_asked_for(
    get, purpose, accept, content_type
):
    answer = get(f"{BSL}/{purpose}", Accept=accept)
    assert answer.status_code == 200
    token = answer.data
    if content_type != VC_JWT:
        document = json.loads(answer.data)
        assert document["type"] == "EnvelopedVerifiableCredential"
        assert document["@context"] == "https://www.w3.org/ns/credentials/v2"
        token = document["id"].removeprefix("data:application/vc+jwt,").encode()
    assert answer.content_type == content_type
    assert bit_in(token, purpose) == (purpose == "revocation")


def test_an_earlier_list_is_shown_for_the_instant_asked_for(get):
    suspended = get(f"{TSL}?time={seconds(hours=1, minutes=30)}")
    assert value_in(suspended.data) == token_status_list.SUSPENDED
    revoked = get(f"{TSL}?time={seconds(minutes=30)}")
    assert value_in(revoked.data) == token_status_list.REVOKED
    at = "2026-11-02T07:30:00Z"
    assert bit_in(get(f"{BSL}/suspension?timestamp={at}").data, "suspension") == 1
    assert bit_in(get(f"{BSL}/revocation?timestamp={at}").data, "revocation") == 0


def test_what_is_past_is_cached_for_ever_and_what_is_served_for_its_ttl(get):
    past = get(f"{TSL}?time={seconds(hours=2)}")
    assert past.headers["Cache-Control"] == FOR_EVER
    for path in (TSL, f"{TSL}?time={seconds(hours=0)}", f"{BSL}/revocation"):
        assert get(path).headers["Cache-Control"] == "public, max-age=600"
        assert get(path).vary.to_header() == "Accept, Accept-Encoding"


def test_for_an_instant_without_a_list_there_is_none(get):
    for time in (0, seconds(hours=3), seconds(hours=-30), 253402300799):
        assert get(f"{TSL}?time={time}").status_code == 404
    assert get(f"{BSL}/revocation?timestamp=2026-11-01T07:30:00Z").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "time=",
        "time=-1",
        "time=1.5",
        "time=now",
        "time=٣",
        "time=253402300800",
        "time=" + "9" * 400,
        "time=1&time=2",
        "timestamp=2026-11-02T09:00:00Z",
    ],
)
def test_a_time_that_is_none_is_refused(get, query):
    answer = get(f"{TSL}?{query}")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["parameter"] in {"time", "timestamp"}


@pytest.mark.parametrize(
    "given", ["", "yesterday", "2026-11-02", "2026-11-02T09:00:00", "1793610000"]
)
def test_a_timestamp_that_is_none_is_refused(get, given):
    answer = get(f"{BSL}/revocation?timestamp={given}")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["parameter"] == "timestamp"


def test_a_caller_that_reads_gzip_gets_the_same_list_compressed(get):
    for path in (TSL, f"{BSL}/revocation"):
        for accept in ("*/*", "application/json"):
            plain = get(path, Accept=accept)
            packed = get(path, Accept=accept, Accept_Encoding="br, gzip")
            assert packed.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(packed.data) == plain.data
            assert packed.content_type == plain.content_type
            assert packed.headers["ETag"] != plain.headers["ETag"]
            assert "Content-Encoding" not in plain.headers
    refused = get(TSL, Accept_Encoding="gzip;q=0")
    assert "Content-Encoding" not in refused.headers


def test_an_unchanged_list_is_not_sent_again(get):
    asked = [
        {},
        {"Accept": "application/json"},
        {"Accept-Encoding": "gzip"},
        {"Accept": "application/json", "Accept-Encoding": "gzip"},
    ]
    tags = []
    for headers in asked:
        tag = get(TSL, **headers).headers["ETag"]
        again = get(TSL, **headers, If_None_Match=tag)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
        assert "Cache-Control" in again.headers
        tags.append(tag)
    assert len(set(tags)) == len(tags)
    past = get(f"{TSL}?time={seconds(hours=2)}")
    assert past.headers["ETag"] not in tags


def test_a_new_list_is_shown_at_once(get, listed):
    before = get(TSL).headers["ETag"]
    with listed.database.transaction() as session:
        mark_places(session, OWNER, {(1, 5): 2}, now=NOW)
    listed.publish_lists(OWNER)
    after = get(TSL)
    assert after.headers["ETag"] != before
    assert value_in(after.data, 5) == token_status_list.SUSPENDED
    # The one before is still there, and is of the past now.
    earlier = get(f"{TSL}?time={seconds(minutes=1)}")
    assert earlier.headers["ETag"] == before
    assert earlier.headers["Cache-Control"] == FOR_EVER


def test_all_lists_of_an_authority_are_found_from_the_token(get, client):
    answer = get(TSL)
    payload = token_status_list.decode(answer.data).jws.payload
    where = json.loads(payload)["status_list"]["aggregation_uri"]
    found = client.get(where.removeprefix(PUBLIC_URL))
    assert found.content_type == "application/json"
    assert found.json == {"status_lists": [f"{PUBLIC_URL}{TSL}"]}
    assert found.headers["Cache-Control"] == "public, max-age=600"
    assert found.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path",
    [
        f"/status/tsl/{OWNER}/2",
        f"/status/tsl/{OWNER}/0",
        f"/status/bsl/{OWNER}/1",
        f"/status/bsl/{OWNER}/1/message",
        f"/status/bsl/{OWNER}/1/tsl",
        f"/status/bsl/{OWNER}/2/revocation",
        "/status/bsl/nobody/1/revocation",
        "/status/aggregation/nobody",
    ],
)
def test_a_list_that_is_not_there_is_not_found(get, path):
    assert get(path).status_code == 404


def test_a_script_of_any_site_may_ask_beforehand(client, listed):
    assert listed
    for path in (TSL, f"{BSL}/revocation", f"/status/aggregation/{OWNER}"):
        answer = client.options(path, headers={"Origin": "https://employer.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "GET" in answer.headers["Access-Control-Allow-Methods"]
