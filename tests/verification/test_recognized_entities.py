"""The trust list as a credential: nothing is lost, and nothing else is read."""

import copy
import dataclasses
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.credentials.errors import MalformedDocumentError
from recognition_service.credentials.json_ld import (
    Contexts,
    canonicalize,
    check_terms,
)
from recognition_service.credentials.key_document import IssuerKey
from recognition_service.credentials.key_document_context import (
    key_context_url,
    key_document_context,
)
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.credentials.trust_list_context import (
    trust_context_url,
    trust_list_context,
)
from recognition_service.verification.members import UnfitValueError
from recognition_service.verification.recognized_entities import (
    operator_document,
    read,
    to_claims,
)
from recognition_service.verification.trust import (
    IssuerProfile,
    Mandate,
    Mode,
    TrustedIssuer,
    TrustSnapshot,
)
from tests.credentials.builders import PUBLIC_URL, MemorySigner
from tests.verification.lists import LIST_ISSUER
from tests.verification.test_inputs_file import at, places
from tests.verification.world import OTHER, START, a_mandate, issuer_key

KEYS = [MemorySigner(), MemorySigner("EdDSA")]
NAMES = st.text(min_size=1, max_size=20)
INSTANTS = st.integers(0, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))
DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))
WORDS = st.lists(NAMES, max_size=2).map(tuple)


def maybe(strategy):
    return st.none() | strategy


@st.composite
def keys(draw):
    signer = draw(st.sampled_from(KEYS))
    return IssuerKey(
        signer.kid,
        draw(st.sampled_from(list(KeyPurpose))),
        signer.alg,
        signer.public_jwk,
        draw(INSTANTS),
        draw(maybe(INSTANTS)),
        draw(maybe(INSTANTS)),
    )


MANDATES = st.builds(
    Mandate, NAMES, NAMES, DAYS, WORDS, WORDS, WORDS, WORDS, WORDS, maybe(DAYS)
)
PROFILES = st.builds(IssuerProfile, NAMES, NAMES, NAMES, WORDS)
ISSUERS = st.builds(
    TrustedIssuer,
    NAMES,
    NAMES,
    NAMES,
    NAMES,
    st.sampled_from(list(Mode)),
    INSTANTS,
    maybe(INSTANTS),
    st.lists(keys(), max_size=2).map(tuple),
    st.lists(MANDATES, max_size=2).map(tuple),
    maybe(PROFILES),
)
SNAPSHOTS = st.builds(
    TrustSnapshot,
    st.integers(1, 2**31),
    INSTANTS,
    INSTANTS,
    st.lists(ISSUERS, min_size=1, max_size=2).map(
        lambda issuers: {issuer.id: issuer for issuer in issuers}
    ),
    st.booleans(),
)
LATER = datetime(2026, 6, 1, 12, tzinfo=UTC)
RICH = TrustSnapshot(
    12,
    START,
    LATER,
    {
        OTHER.id: dataclasses.replace(
            OTHER,
            mode=Mode.TEST,
            trusted_until=LATER,
            keys=(issuer_key(KEYS[0], retired_at=LATER, compromised_at=START),),
            mandates=(
                a_mandate(levels=("EQF:6",), fields=("09",), valid_to=LATER.date()),
            ),
        )
    },
    accept_test=True,
)


def written(snapshot=RICH):
    return json.loads(json.dumps(to_claims(snapshot, issuer=LIST_ISSUER)))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(SNAPSHOTS)
def test_what_was_written_is_read_again(snapshot):
    assert read(written(snapshot)) == snapshot


def test_every_fact_about_a_key_a_mandate_and_an_issuer_is_written():
    """A new field needs a place in the list; then it belongs here too."""
    fields = {
        kind.__name__: " ".join(field.name for field in dataclasses.fields(kind))
        for kind in (IssuerKey, IssuerProfile, Mandate, TrustedIssuer)
    }
    assert fields == {
        "IssuerKey": "kid purpose alg public_jwk valid_from retired_at compromised_at",
        "IssuerProfile": "jurisdiction language time_zone functions",
        "Mandate": "id href valid_from decision_kinds jurisdictions levels fields "
        "professions valid_to",
        "TrustedIssuer": "id registered_name domain country mode trusted_from "
        "trusted_until keys mandates profile",
    }


def test_the_names_are_those_of_the_draft():
    (entity,) = written()["credentialSubject"]
    (action,) = entity["recognizedTo"]
    assert entity["type"] == ["RecognizedEntity", "RecognizedIssuer"]
    assert (entity["mode"], entity["trustedUntil"]) == ("test", "2026-06-01T12:00:00Z")
    assert action["type"] == "RecognizedAction"
    assert (action["action"], action["recognizedBy"]) == ("issue", LIST_ISSUER)
    assert action["outputValidation"] == {
        "id": f"{PUBLIC_URL}/schemas/recognition/v1.json",
        "type": "JsonSchema",
    }
    assert action["limitQFLevel"] == ["EQF:6"]
    assert action["validUntil"] == "2026-06-01"
    (key,) = entity["verificationMethod"]
    assert key["publicKeyJwk"]["kid"] == key["id"].partition("#")[2]
    assert key["compromisedAt"] == "2026-01-01T00:00:00Z"
    assert written()["issuer"] == {"id": LIST_ISSUER, "type": "RecognizedIssuer"}
    assert "RecognizedEntityCredential" in written()["type"]


@pytest.mark.parametrize("path", list(places(written())), ids=str)
def test_any_member_of_another_kind_refuses_the_whole(path):
    for wrong in (7.5, [[]], {"x": 1}, None):
        value = written()
        at(value, path[:-1])[path[-1]] = wrong
        with pytest.raises(UnfitValueError):
            read(value)


def test_a_member_too_many_or_too_few_refuses_the_whole():
    optional = {"trustedUntil", "validUntil", "retiredAt"}
    for path in [(), *places(written())]:
        if not isinstance(at(written(), path), dict):
            continue
        surplus = written()
        at(surplus, path)["note"] = "x"
        shorter = [copy.deepcopy(written()) for _ in at(written(), path)]
        for value, name in zip(shorter, at(written(), path), strict=True):
            del at(value, path)[name]
        names = list(at(written(), path))
        wrong = [v for v, n in zip(shorter, names, strict=True) if n not in optional]
        for value in (surplus, *wrong):
            with pytest.raises(UnfitValueError):
                read(value)


def test_every_term_has_a_meaning_and_nothing_is_dropped():
    """The list is JSON-LD too, with the context that the installation publishes."""
    url = trust_context_url(PUBLIC_URL)
    contexts = Contexts({url: trust_list_context(PUBLIC_URL)})
    check_terms(written(), contexts=contexts)
    quads = canonicalize(written(), contexts=contexts).decode()
    assert f'<{url}#limitQFLevel> "EQF:6"' in quads
    assert f'<{key_context_url(PUBLIC_URL)}#purpose> "attestations"' in quads
    with pytest.raises(MalformedDocumentError):
        check_terms(written() | {"note": "x"}, contexts=contexts)


def test_the_keys_of_the_operator_are_published_with_their_history():
    key = issuer_key(
        MemorySigner(issuer=LIST_ISSUER), KeyPurpose.TRUST, retired_at=LATER
    )
    document = operator_document(LIST_ISSUER, [key])
    (method,) = document["verificationMethod"]
    assert (document["id"], method["controller"]) == (LIST_ISSUER, LIST_ISSUER)
    assert document["assertionMethod"] == [method["id"]] == [key.kid]
    assert (method["purpose"], method["retiredAt"]) == ("trust", "2026-06-01T12:00:00Z")
    assert operator_document(LIST_ISSUER, []).keys() == {"@context", "id"}
    url = key_context_url(PUBLIC_URL)
    contexts = Contexts({url: key_document_context(PUBLIC_URL)})
    check_terms(document, contexts=contexts)
    quads = canonicalize(document, contexts=contexts).decode()
    assert f'<{key.kid}> <{url}#purpose> "trust" .' in quads
    assert f"<{key.kid}> <{url}#retiredAt>" in quads
