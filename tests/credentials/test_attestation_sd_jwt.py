"""An attestation for wallets: the facts of the W3C form, shown one by one."""

import base64
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.credentials import (
    disclosed_attestation,
    sd_jwt,
    sd_jwt_vc,
)
from recognition_service.credentials.attestation_claims import (
    AttestationClaims,
    Clause,
    Holder,
    Reasoning,
    Remedy,
    SourceQualification,
    Target,
)
from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from recognition_service.credentials.attestation_sd_jwt import attestation_sd_jwt
from recognition_service.credentials.canonical import digest
from recognition_service.credentials.disclosed_attestation import (
    DISCLOSABLE,
    as_credential,
    as_credential_subject,
    first_fault,
)
from tests.credentials.builders import (
    ISSUER,
    PUBLIC_URL,
    STATUS_URI,
    MemorySigner,
    a_copy,
    a_joint_award,
    all_claims,
    some_claims,
)
from tests.credentials.sd_jwt_builders import a_wallet, a_wallet_token

SIGNER = MemorySigner()
NOT_OF_THIS_FORM = {"@context", "type", "credentialSchema"}
ALWAYS_VISIBLE = {
    "decision_kind", "outcome", "purpose", "legal_basis", "legal_force",
    "decision_date", "jurisdiction", "validity", "target", "limitations",
    "conditions", "does_not_allow", "regime", "remedy", "joint",
}  # fmt: skip


def secured(claims, **changes):
    return attestation_sd_jwt(claims, a_wallet(**changes), public_url=PUBLIC_URL)


def bare(claims, **changes):
    """Return what everybody sees who gets no disclosure at all."""
    payload = json.loads(secured(claims, **changes).payload)
    return sd_jwt.resolve(payload, ()).claims


def whole(claims):
    made = secured(claims)
    return sd_jwt.resolve(json.loads(made.payload), made.disclosures)


def w3c_form(claims):
    credential = attestation_credential(claims, public_url=PUBLIC_URL)
    return {
        name: value
        for name, value in credential.items()
        if name not in NOT_OF_THIS_FORM
    }


def test_the_technical_claims_are_those_of_the_copy():
    jwk = MemorySigner().public_jwk
    copy = a_copy(expires_at=datetime(2027, 1, 1, tzinfo=UTC))
    payload = bare(all_claims(), copy=copy, holder_jwk=jwk)
    technical = {
        name: payload[name]
        for name in ("iss", "iat", "nbf", "exp", "jti", "vct", "status", "cnf")
    }
    assert technical == {
        "iss": ISSUER,
        "iat": 1793610003,
        "nbf": 1793610003,
        "exp": 1798761600,
        "jti": copy.jti,
        "vct": f"{PUBLIC_URL}/vct/recognition/1",
        "status": {"status_list": {"idx": 48213, "uri": STATUS_URI}},
        "cnf": {"jwk": jwk},
    }
    assert "sub" not in payload


def test_a_copy_that_never_expires_and_is_bound_to_no_key_says_neither():
    payload = bare(some_claims())
    assert not {"exp", "cnf", "valid_until"} & payload.keys()


def test_every_restriction_is_visible_without_any_disclosure():
    payload = bare(all_claims())
    assert set(payload["recognition"]) == ALWAYS_VISIBLE
    decision = payload["recognition"]
    assert decision["outcome"] == "conditional"
    assert decision["limitations"][0]["code"] == "supervised_practice_only"
    assert decision["conditions"] == [
        {"code": "register_with_order", "until": "2027-05-01"}
    ]
    assert decision["does_not_allow"] == ["regulated_profession"]
    assert decision["validity"] == {"from": "2026-11-02", "until": "2036-11-02"}
    assert decision["target"] == {
        "name": "Sage-femme",
        "framework": "BE-FR-CFC",
        "level": "6",
        "eqf": "6",
        "profession": "midwife",
        "field": "0913",
    }
    assert payload["issuing_authority"] == "Recognition body of the demonstration"
    assert payload["issuing_country"] == "BE"
    assert payload["mandate"] == f"{ISSUER}/competence/2026"
    assert payload["valid_until"] == "2036-11-02T22:59:59Z"


def test_neither_the_person_nor_the_origin_shows_without_disclosure():
    claims = replace(all_claims(), joint=None)
    text = secured(claims).payload.decode()
    for secret in (
        "Haddad", "Amina", "1990-04-02", "أمينة", "Bakalaura", "LV-LKI",
        "Latvijas", "2019-06-28", claims.decision_id, claims.attestation_id,
        claims.number, claims.decision_digest, "adaptation_period",
        claims.reasoning.edition_base, claims.source.evidence_digest,
    ):  # fmt: skip
        assert secret not in text, secret


def test_what_makes_a_joint_award_one_is_always_visible():
    claims = all_claims()
    assert bare(claims)["recognition"]["joint"] == {
        "group": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "required": list(claims.joint.required),
        "decision_digest": claims.decision_digest,
        "subject": claims.joint.subject,
        "role": "A",
    }


def test_the_number_of_digests_tells_nothing():
    least = replace(
        some_claims(),
        holder=Holder("Bērziņa"),
        number=None,
        source=SourceQualification("Title", "LV", "scan"),
    )
    counts = set()
    for claims in (least, some_claims(), all_claims()):
        made = secured(claims)
        payload = json.loads(made.payload)
        (source,) = [
            value
            for value in (_content(text)[-1] for text in made.disclosures)
            if isinstance(value, dict) and "_sd" in value
        ]
        counts.add(
            (
                len(payload["_sd"]),
                len(payload["recognition"]["_sd"]),
                len(source["_sd"]),
            )
        )
    assert counts == {(4, 8, 8)}


def _content(text):
    return json.loads(base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4)))


def test_two_copies_share_no_digest_and_no_disclosure():
    first, second = secured(all_claims()), secured(all_claims())
    assert not set(first.disclosures) & set(second.disclosures)
    digests = [set(json.loads(made.payload)["_sd"]) for made in (first, second)]
    assert not digests[0] & digests[1]


def test_randomness_is_drawn_once():
    asked = []

    def draw(count):
        asked.append(count)
        return bytes(count)

    attestation_sd_jwt(some_claims(), a_wallet(), public_url=PUBLIC_URL, draw=draw)
    assert len(asked) == 1
    assert asked[0] * 8 >= 19 * 128


def test_what_may_be_disclosed_is_where_it_should_be():
    assert set(whole(all_claims()).places) == DISCLOSABLE
    assert set(whole(some_claims()).places) < DISCLOSABLE


# The same facts in both forms


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
TEXTS = st.dictionaries(st.sampled_from(["en", "fr", "lv"]), TEXT, max_size=2)
CODES = st.sampled_from(["adaptation_period", "aptitude_test", "register", "a.b:c"])
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
CLAUSES = st.lists(
    st.builds(Clause, CODES, TEXTS, st.none() | DAYS, st.none() | st.integers(0, 600)),
    max_size=2,
).map(tuple)
DIGESTS = st.integers().map(lambda number: digest({"of": str(number)}))


def maybe(strategy):
    return st.none() | strategy


CLAIMS = st.builds(
    AttestationClaims,
    attestation_id=st.uuids().map(str),
    number=maybe(TEXT),
    issuer_id=st.just(ISSUER),
    issuer_name=TEXT,
    holder=st.builds(Holder, TEXT, maybe(TEXT), maybe(DAYS), maybe(TEXT)),
    decision_id=st.uuids().map(str),
    decision_kind=st.sampled_from(["level_comparability", "licence"]),
    outcome=st.sampled_from(["full", "conditional", "automatic"]),
    purpose=st.just("general_employment"),
    regime=maybe(CODES),
    legal_basis=st.lists(TEXT, min_size=1, max_size=2).map(tuple),
    legal_force=TEXTS,
    decision_date=DAYS,
    jurisdictions=st.just(("BE-FL", "NL")),
    source=st.builds(
        SourceQualification,
        TEXT,
        st.just("LV"),
        st.sampled_from(["scan", "issuer_signed"]),
        maybe(CODES),
        maybe(TEXT),
        maybe(DAYS),
        maybe(TEXT),
        maybe(DIGESTS),
    ),
    target=st.builds(
        Target,
        maybe(TEXT),
        maybe(CODES),
        maybe(TEXT),
        maybe(st.sampled_from(["1", "8"])),
        maybe(CODES),
        maybe(CODES),
    ),
    reasoning=st.builds(
        Reasoning, DIGESTS, maybe(DIGESTS), st.lists(TEXT, max_size=2).map(tuple), TEXT
    ),
    decision_digest=DIGESTS,
    mandate=st.just(f"{ISSUER}/competence/2026"),
    validity_from=DAYS,
    valid_from=st.just(datetime(2026, 11, 2, tzinfo=UTC)),
    limitations=CLAUSES,
    conditions=CLAUSES,
    compensation_measures=CLAUSES,
    does_not_allow=st.lists(CODES, max_size=2).map(tuple),
    remedy=maybe(
        st.builds(Remedy, TEXT, maybe(TEXT), maybe(st.integers(0, 3660)), maybe(TEXT))
    ),
    joint=maybe(st.builds(a_joint_award, CODES)),
).flatmap(
    lambda claims: st.sampled_from(
        [
            claims,
            replace(
                claims,
                validity_until=claims.validity_from + timedelta(days=400),
                valid_until=datetime(2099, 1, 1, tzinfo=UTC),
            ),
        ]
    )
)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(claims=CLAIMS)
def test_both_forms_carry_the_same_facts_and_the_same_decision_digest(claims):
    found = whole(claims)
    credential = as_credential(found.claims)
    assert credential == w3c_form(claims)
    decision = credential["credentialSubject"]["recognition"]
    assert decision["decisionDigest"] == claims.decision_digest
    assert first_fault(found.claims, found.places) is None


@settings(derandomize=True, max_examples=100, deadline=None)
@given(claims=CLAIMS, choice=st.data())
def test_whatever_is_disclosed_fits_and_says_a_part_of_the_whole(claims, choice):
    made = secured(claims)
    payload = json.loads(made.payload)
    places = sd_jwt.resolve(payload, made.disclosures).places
    wanted = choice.draw(st.sets(st.sampled_from(sorted(places))))
    issued = sd_jwt.SDJWT(b"token", made.disclosures)
    chosen = sd_jwt.select(issued, places, wanted)
    found = sd_jwt.resolve(payload, chosen.disclosures)
    assert first_fault(found.claims, found.places) is None
    assert is_part(as_credential(found.claims), w3c_form(claims))
    restrictions = as_credential_subject(found.claims)["recognition"]
    assert len(restrictions["limitations"]) == len(claims.limitations)
    assert restrictions["outcome"] == claims.outcome


def is_part(part, entire):
    if isinstance(part, dict):
        return all(
            name in entire and is_part(member, entire[name])
            for name, member in part.items()
        )
    return part == entire


# What does not fit


@pytest.mark.parametrize("name", sorted(ALWAYS_VISIBLE - {"regime", "remedy", "joint"}))
def test_a_decision_that_lacks_what_must_be_visible_does_not_fit(name):
    claims = bare(all_claims())
    del claims["recognition"][name]
    assert first_fault(claims) == "/credentialSubject/recognition"


@pytest.mark.parametrize(
    "name", ["group", "required", "decision_digest", "subject", "role"]
)
def test_a_joint_award_that_lacks_what_binds_it_together_does_not_fit(name):
    claims = bare(all_claims())
    del claims["recognition"]["joint"][name]
    assert first_fault(claims) == "/credentialSubject/recognition/joint"
    path = ("recognition", "joint", name)
    found = whole(all_claims())
    places = dict(found.places) | {path: b"disclosure"}
    assert first_fault(found.claims, places) == "/" + "/".join(path)


@pytest.mark.parametrize("name", ["iss", "issuing_authority", "mandate", "valid_from"])
def test_so_does_one_without_its_issuer_mandate_or_validity(name):
    claims = bare(all_claims())
    del claims[name]
    assert first_fault(claims) in ("", "/issuer", "/validFrom", "/termsOfUse")


@pytest.mark.parametrize(
    "path", [("recognition", "limitations"), ("recognition",), ("valid_until",)]
)
def test_a_restriction_that_came_by_disclosure_does_not_fit(path):
    found = whole(all_claims())
    places = dict(found.places) | {path: b"disclosure"}
    assert first_fault(found.claims, places) == "/" + "/".join(path)


@pytest.mark.parametrize("vct", [None, 1, "https://x.example/vct/recognition/2", "x"])
def test_another_type_does_not_fit(vct):
    assert first_fault(bare(some_claims()) | {"vct": vct}) == "/vct"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("recognition", "text"),
        ("recognition", []),
        ("recognition", {"source": 1}),
        ("iss", 1),
        ("family_name", 1),
        ("valid_from", "soon"),
        ("mandate", {}),
    ],
)
def test_values_of_another_type_do_not_fit_and_break_nothing(place, value):
    assert first_fault(bare(all_claims()) | {place: value}) is not None


@pytest.mark.parametrize(
    "member",
    [
        {"outcome": "sideways"},
        {"type": "Other"},
        {"legalBasis": ["forged"]},
        {"decisionDigest": "sha256-x"},
        {"target": "text"},
        {"target": {"eqf": 6}},
        {"target": {"EQFLevel": "http://data.europa.eu/snb/eqf/8"}},
        {"limitations": "none"},
        {"limitations": [1]},
        {"conditions": [{"code": "a", "maxMonths": 1}]},
        {"remedy": []},
        {"joint": 1},
        {"equivalent": True},
        {"attestation_id": "not a uuid"},
        {"attestation_id": None},
    ],
    ids=repr,
)
def test_a_member_that_the_type_does_not_have_does_not_fit(member):
    claims = bare(all_claims())
    claims["recognition"] |= member
    assert first_fault(claims) is not None


def test_the_shape_of_the_disclosed_form_is_the_published_one_made_optional():
    assert disclosed_attestation.first_fault(bare(some_claims())) is None
    token = sd_jwt_vc.decode(a_wallet_token(SIGNER, all_claims()))
    assert first_fault(token.payload, token.places) is None
