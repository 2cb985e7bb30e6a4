"""SD-JWTs: claims are put back where their digests stand, or all is refused."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.credentials import (
    base64url,
    claim_paths,
    disclosures,
    jws,
    sd_jwt,
    strict_json,
)
from recognition_service.credentials.concealment import conceal
from recognition_service.credentials.errors import (
    MalformedBase64Error,
    MalformedInputError,
    MalformedJSONError,
    MalformedTokenError,
)
from recognition_service.credentials.jwk import public_key
from tests.credentials.sd_jwt_builders import a_disclosure, b64, digest

VECTORS = Path(__file__).parents[1] / "vectors"
RFC = json.loads((VECTORS / "rfc9901_sd_jwt.json").read_text(encoding="utf-8"))
VC = json.loads((VECTORS / "sd_jwt_vc.json").read_text(encoding="utf-8"))
CASES = json.loads((VECTORS / "sd_jwt_cases.json").read_text(encoding="utf-8"))["cases"]


def resolved(token):
    """Resolve a token after verifying the signature of its issuer."""
    parts = sd_jwt.split(token.encode())
    signed = jws.split(parts.issuer_jwt)
    assert jws.verify_signature(signed, public_key(RFC["issuer_jwk"]))
    payload = strict_json.parse_object(signed.payload)
    return sd_jwt.resolve(payload, parts.disclosures)


def refusal(payload, *texts):
    with pytest.raises(MalformedTokenError) as raised:
        sd_jwt.resolve(payload, texts)
    return raised.value.reason


# Published examples


@pytest.mark.parametrize("pair", RFC["digests"], ids=lambda pair: pair["digest"][:8])
def test_the_digests_of_the_standard(pair):
    assert disclosures.digest_of(pair["disclosure"].encode()) == pair["digest"]


@pytest.mark.parametrize(
    "example",
    RFC["tokens"] + VC["tokens"],
    ids=lambda example: f"{example['section']} {len(example['token'])}",
)
def test_the_tokens_of_the_standards_say_what_they_should(example):
    claims = resolved(example["token"]).claims
    if "processed" in example:
        assert claims == example["processed"]
    else:
        assert example["contains"].items() <= claims.items()
    assert not {"_sd", "_sd_alg", "..."} & set(str(claims).split("'"))


@pytest.mark.parametrize("example", RFC["nested"], ids=lambda e: e["section"])
def test_the_nested_examples_of_the_standard(example):
    user = RFC["user_claims_of_section_6"]
    texts = [pair["disclosure"].encode() for pair in example["disclosures"]]
    shown = sd_jwt.resolve(example["payload"], texts).claims
    assert user.items() <= shown.items()
    hidden = sd_jwt.resolve(example["payload"], ()).claims
    assert "street_address" not in str(hidden)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_published_cases_from_issuing_to_verified_claims(case):
    secured = conceal(case["claims"], [tuple(path) for path in case["disclosable"]])
    payload = json.loads(secured.payload)
    issued = sd_jwt.SDJWT(b"token", secured.disclosures)
    whole = sd_jwt.resolve(payload, secured.disclosures)
    assert whole.claims == case["claims"]
    assert set(whole.places) == {tuple(path) for path in case["disclosable"]}
    wanted = [tuple(path) for path in case["disclosed"]]
    shown = sd_jwt.select(
        issued, whole.places, [p for p in wanted if p in whole.places]
    )
    assert sd_jwt.resolve(payload, shown.disclosures).claims == case["expected"]


# What is refused: RFC 9901 section 7.1


def test_case_11_a_disclosure_that_nothing_refers_to_is_refused():
    text = a_disclosure("name", "Ilze")
    assert refusal({"_sd": []}, text) == "unreferenced_disclosure"
    inner = a_disclosure("inner", 1)
    outer = a_disclosure("outer", {"_sd": [digest(inner)]})
    payload = {"_sd": [digest(outer)]}
    assert sd_jwt.resolve(payload, [inner, outer]).claims == {"outer": {"inner": 1}}
    assert refusal(payload, inner) == "unreferenced_disclosure"


def test_case_11_the_same_disclosure_twice_is_refused():
    text = a_disclosure("name", "Ilze")
    assert refusal({"_sd": [digest(text)]}, text, text) == "duplicate_disclosure"


@pytest.mark.parametrize(
    "payload",
    [
        lambda d: {"_sd": [d, d]},
        lambda d: {"_sd": [d], "deep": [{"er": {"_sd": [d]}}]},
        lambda d: {"_sd": [d], "array": [{"...": d}]},
        lambda d: {"array": [{"...": d}, {"...": d}]},
    ],
    ids=["in one list", "in two objects", "object and array", "in an array"],
)
def test_case_11_two_equal_digests_are_refused_wherever_they_stand(payload):
    text = a_disclosure("name", "Ilze")
    assert refusal(payload(digest(text)), text) in (
        "duplicate_digest",
        "malformed_disclosure",
    )
    assert refusal(payload("decoy")) == "duplicate_digest"


def test_case_11_a_digest_inside_a_disclosure_counts_too():
    inner = a_disclosure("inner", 1)
    outer = a_disclosure("outer", {"_sd": [digest(inner)]})
    payload = {"_sd": [digest(inner), digest(outer)]}
    assert refusal(payload, outer, inner) == "duplicate_digest"


@pytest.mark.parametrize("name", ["_sd", "...", "_sd_alg"])
def test_case_11_a_disclosed_name_that_carries_digests_is_refused(name):
    text = a_disclosure(name, ["x"])
    assert refusal({"_sd": [digest(text)]}, text) == "claim_name_not_allowed"


@pytest.mark.parametrize("name", ["iss", "exp", "status"])
def test_case_11_a_disclosure_never_overwrites_a_claim(name):
    text = a_disclosure(name, "forged")
    payload = {name: "genuine", "_sd": [digest(text)]}
    assert refusal(payload, text) == "claim_overwritten"
    other = a_disclosure(name, "first", salt="b3RoZXI")
    twice = {"_sd": [digest(text), digest(other)]}
    assert refusal(twice, text, other) == "claim_overwritten"


@pytest.mark.parametrize(
    "text",
    [
        b64(b'["salt"]'),
        b64(b'["salt","name","value","more"]'),
        b64(b'[1,"name","value"]'),
        b64(b'["salt",1,"value"]'),
        b64(b'{"salt":"name"}'),
        b64(b'"text"'),
        b64(b'["salt","name",{"a":1,"a":2}]'),
        b64(b'["salt","name",NaN]'),
        b64(b'["salt","name","\\ud800"]'),
        b64(b'["salt","name","\xff"]'),
        b64(b'["salt","name",1]') + b"=",
        b64(b'["salt","name",12]')[:-1] + b"1",
        b64(b'["salt","name",1]').replace(b"I", b"+", 1),
        b64(b'["salt","value"]'),
    ],
    ids=range(14),
)
def test_case_11_malformed_disclosures_are_refused(text):
    reason = "malformed_disclosure"
    assert refusal({"_sd": [digest(text)]}, text) == reason


def test_white_space_in_a_disclosure_is_as_good_as_none():
    text = b64(b'\n["salt" ,"name",1] ')
    assert sd_jwt.resolve({"_sd": [digest(text)]}, [text]).claims == {"name": 1}


@pytest.mark.parametrize(
    "halves",
    [
        (b'["salt","name"', b"1]"),
        (b'["salt","name",1],["salt","other",2]', b'["salt","third",3]'),
        (b'["salt","name",[1', b'2]],["salt","other",3]'),
    ],
    ids=["one in two", "two in one", "shifted"],
)
def test_disclosures_that_make_sense_only_together_are_refused(halves):
    texts = [b64(half) for half in halves]
    payload = {"_sd": [digest(text) for text in texts]}
    assert refusal(payload, *texts) == "malformed_disclosure"


def test_one_malformed_disclosure_among_good_ones_is_refused():
    good = [a_disclosure(f"name_{number}", number) for number in range(9)]
    for bad in (b64(b'["salt","x",{"a":1,"a":2}]'), b64(b'["salt","x",1]') + b"="):
        for texts in ([bad, *good], [*good, bad], [*good[:4], bad, *good[4:]]):
            payload = {"_sd": [digest(text) for text in texts]}
            assert refusal(payload, *texts) == "malformed_disclosure"


def test_a_named_disclosure_is_refused_in_an_array():
    text = a_disclosure("name", "value")
    assert refusal({"array": [{"...": digest(text)}]}, text) == "malformed_disclosure"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"_sd_alg": "sha-512"}, "sd_alg_not_supported"),
        ({"_sd_alg": "SHA-256"}, "sd_alg_not_supported"),
        ({"_sd_alg": None}, "sd_alg_not_supported"),
        ({"inner": {"_sd_alg": "sha-256"}}, "claim_name_not_allowed"),
        ({"...": "digest"}, "claim_name_not_allowed"),
        ({"array": [{"...": "digest", "other": 1}]}, "malformed_digests"),
        ({"array": [{"...": 1}]}, "malformed_digests"),
        ({"_sd": "digest"}, "malformed_digests"),
        ({"_sd": [1]}, "malformed_digests"),
        ({"_sd": {"digest": 1}}, "malformed_digests"),
    ],
)
def test_case_11_digests_stand_only_where_they_may(payload, reason):
    assert refusal(payload) == reason


def test_digests_without_a_disclosure_leave_nothing_behind():
    payload = {
        "_sd": ["a"],
        "array": [1, {"...": "b"}, {"...": "c"}, 2],
        "object": {"_sd": ["d"]},
        "_sd_alg": "sha-256",
    }
    assert sd_jwt.resolve(payload, ()).claims == {"array": [1, 2], "object": {}}
    assert payload["object"] == {"_sd": ["d"]}


def test_places_in_arrays_are_counted_as_issued():
    texts = [a_disclosure(value, salt=value) for value in ("b", "c")]
    payload = {"array": ["a", *({"...": digest(text)} for text in texts)]}
    found = sd_jwt.resolve(payload, texts[1:])
    assert found.claims == {"array": ["a", "c"]}
    assert found.places == {("array", 2): texts[1]}


# Limits


def nested(depth, salt="x"):
    """Return disclosures that lie in each other, and the digest of the outermost."""
    texts = []
    inner = {"end": 1}
    for number in range(depth):
        texts.append(a_disclosure("n", inner, salt=f"{salt}{number}"))
        inner = {"_sd": [digest(texts[-1])]}
    return texts, inner


def test_case_11_depth_200_is_refused():
    texts, payload = nested(200)
    assert refusal(payload, *texts) == "too_deep"
    texts, payload = nested(sd_jwt.MAX_DEPTH - 1)
    assert sd_jwt.resolve(payload, texts).places
    texts, payload = nested(sd_jwt.MAX_DEPTH)
    assert refusal(payload, *texts) == "too_deep"


def test_case_11_arrays_in_arrays_are_as_deep_as_objects():
    inner = "end"
    texts = []
    for number in range(40):
        texts.append(a_disclosure(inner, salt=str(number)))
        inner = [{"...": digest(texts[-1])}]
    assert refusal({"array": inner}, *texts) == "too_deep"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"e30.e30.AA" + b"~WzFd" * 10_000 + b"~", "too_many_disclosures"),
        (b"e30.e30.AA" + b"~WzFd" * 257 + b"~", "too_many_disclosures"),
        (b"~" * 100_000, "too_many_disclosures"),
        (b"A" * (10 << 20), "too_large"),
        (b"e30.e30.AA", "malformed_token"),
        (b"", "malformed_token"),
        (b"~", "malformed_token"),
        (b"e30.e30.AA~~", "malformed_disclosure"),
        (b"e30.e30.AA~WzFd~~WzFd~", "malformed_disclosure"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_case_11_what_is_too_much_or_no_token_is_refused(text, reason):
    with pytest.raises(MalformedTokenError) as raised:
        sd_jwt.split(text)
    assert raised.value.reason == reason


def test_256_disclosures_are_read():
    texts = [a_disclosure("v", salt=str(number)) for number in range(256)]
    token = b"~".join((b"a.b.c", *texts, b""))
    parts = sd_jwt.split(token)
    payload = {"array": [{"...": digest(text)} for text in texts]}
    assert sd_jwt.resolve(payload, parts.disclosures).claims == {"array": ["v"] * 256}
    assert parts.without_proof() == token


def test_the_proof_stands_behind_the_last_tilde():
    parts = sd_jwt.split(b"a.b.c~d~e~k.b.j")
    assert parts == sd_jwt.SDJWT(b"a.b.c", (b"d", b"e"), b"k.b.j")
    assert parts.without_proof() == b"a.b.c~d~e~"


# Concealing and choosing

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8
    )
)
NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6
).filter(lambda name: name not in disclosures.RESERVED_NAMES)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4)
    ),
    max_leaves=12,
)
CLAIMS = st.dictionaries(NAMES, VALUES, max_size=5)


def read_one_by_one(texts):
    """Return the parts of disclosures, each read alone; None if any is malformed."""
    found = []
    for text in texts:
        try:
            parts = strict_json.parse(base64url.decode(text))
        except (MalformedBase64Error, MalformedJSONError):
            return None
        if type(parts) is not list or len(parts) not in (2, 3):
            return None
        if type(parts[0]) is not str or (len(parts) == 3 and type(parts[1]) is not str):
            return None
        found.append(parts)
    return found


def every_place(value, path=()):
    if path:
        yield path
    if isinstance(value, dict):
        for name, member in value.items():
            yield from every_place(member, (*path, name))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from every_place(element, (*path, index))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.text('sé\\"\0', max_size=3), NAMES, VALUES)
        | st.tuples(st.text("s", max_size=3), VALUES)
        | VALUES,
        max_size=5,
    ),
    st.sampled_from([(",", ":"), (", ", ": ")]),
    st.booleans(),
)
def test_many_disclosures_are_read_like_each_by_itself(parts, separators, escaped):
    texts = [
        b64(json.dumps(part, separators=separators, ensure_ascii=escaped).encode())
        for part in parts
    ]
    try:
        found = disclosures.parts_of(texts)
    except MalformedTokenError:
        found = None
    assert repr(found) == repr(read_one_by_one(texts))
    assert disclosures.digests_of(texts) == [digest(text) for text in texts]


@settings(derandomize=True, max_examples=200, deadline=None)
@given(claims=CLAIMS, choice=st.data())
def test_whatever_was_concealed_is_found_again(claims, choice):
    places = list(every_place(claims))
    paths = choice.draw(st.sets(st.sampled_from(places))) if places else set()
    decoys = {(): choice.draw(st.integers(0, 3))}
    secured = conceal(claims, paths, decoys=decoys)
    payload = json.loads(secured.payload)
    before = json.dumps(payload)
    whole = sd_jwt.resolve(payload, secured.disclosures)
    assert json.dumps(payload) == before
    assert whole.claims == claims
    assert set(whole.places) == paths
    assert len(payload.get("_sd", [])) == decoys[()] + sum(len(p) == 1 for p in paths)
    if paths:
        chosen = choice.draw(st.sampled_from(sorted(paths, key=repr)))
        issued = sd_jwt.SDJWT(b"token", secured.disclosures)
        shown = sd_jwt.select(issued, whole.places, [chosen])
        found = sd_jwt.resolve(payload, shown.disclosures)
        assert set(found.places) == {
            path
            for path in paths
            if path == chosen[: len(path)] or chosen == path[: len(chosen)]
        }


def test_all_salts_are_drawn_at_once_and_differ():
    asked = []

    def draw(count):
        asked.append(count)
        return bytes(range(1, 1 + count)) if count < 255 else bytes(count)

    claims = {"a": 1, "b": [1, 2], "c": {"d": 3}}
    paths = [("a",), ("b", 0), ("b", 1), ("c", "d")]
    secured = conceal(claims, paths, decoys={(): 2}, draw=draw)
    assert asked == [99]
    salts = [strict_json.parse(_decoded(text))[0] for text in secured.disclosures]
    assert len(set(salts)) == 4
    assert {len(salt) for salt in salts} == {22}
    assert json.loads(secured.payload)["_sd_alg"] == "sha-256"


def _decoded(text):
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))


def test_the_order_of_digests_tells_nothing():
    claims = {f"claim_{number}": number for number in range(9)}
    payload = json.loads(conceal(claims, [(name,) for name in claims]).payload)
    assert payload["_sd"] == sorted(payload["_sd"])


def test_claims_without_anything_to_disclose_carry_no_digests():
    assert json.loads(conceal({"a": [1]}, []).payload) == {"a": [1]}


@pytest.mark.parametrize("name", ["_sd", "...", "_sd_alg"])
def test_names_that_carry_digests_cannot_be_issued(name):
    with pytest.raises(MalformedInputError, match="may be called"):
        conceal({"a": {name: 1}}, [])


def test_choosing_a_claim_brings_what_it_lies_in_and_all_within():
    claims = {"a": {"b": {"c": 1, "d": 2}, "e": 3}, "f": 4}
    paths = [("a",), ("a", "b"), ("a", "b", "c"), ("a", "b", "d"), ("a", "e"), ("f",)]
    secured = conceal(claims, paths)
    payload = json.loads(secured.payload)
    issued = sd_jwt.SDJWT(b"token", secured.disclosures)
    places = sd_jwt.resolve(payload, secured.disclosures).places

    def shown(*wanted):
        chosen = sd_jwt.select(issued, places, wanted)
        return sd_jwt.resolve(payload, chosen.disclosures).claims

    assert shown() == {}
    assert shown(("a", "b", "c")) == {"a": {"b": {"c": 1}}}
    assert shown(("a", "b")) == {"a": {"b": {"c": 1, "d": 2}}}
    assert shown(("f",), ("a", "e")) == {"a": {"e": 3}, "f": 4}
    with pytest.raises(MalformedInputError) as raised:
        shown(("g",))
    assert raised.value.reason == "unknown_path"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a", [("a",)]),
        ("a.b", [("a", "b")]),
        ("a.*", [("a", "b"), ("a", "x.y")]),
        ("list.1", [("list", 1)]),
        ("list.*", [("list", 0), ("list", 1)]),
        ("/a/x.y", [("a", "x.y")]),
        ("/a~1b", [("a/b",)]),
    ],
)
def test_written_paths(text, places):
    claims = {"a": {"b": 1, "x.y": 2}, "list": [1, 2], "a/b": 3}
    assert claim_paths.find(claims, text) == places


@pytest.mark.parametrize("text", ["", "a.", ".a", "a..b", "/", "c", "list.2", "a.b.c"])
def test_paths_that_lead_nowhere_are_named(text):
    with pytest.raises(MalformedInputError) as raised:
        claim_paths.find({"a": {"b": 1}, "list": [1, 2]}, text)
    assert raised.value.reason in ("malformed_path", "unknown_path")
