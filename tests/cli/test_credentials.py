"""`recognition credentials`: made, shown in part and checked, all in files."""

import json
import stat

import pytest

from recognition_service.credentials import sd_jwt_vc
from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from recognition_service.signing.jwk_signer import jwk_signer
from tests.credentials.builders import (
    ISSUER,
    PUBLIC_URL,
    MemorySigner,
    private_jwk,
    some_claims,
)

AUD, NONCE = "https://employer.example", "n-0S6"
CLAIMS = {
    "iss": ISSUER,
    "vct": f"{PUBLIC_URL}/vct/example",
    "family_name": "Bērziņa",
    "given_name": "Ilze",
    "degrees": ["Bachelor", "Master"],
    "address": {"city": "Rīga", "country": "LV"},
}


class Desk:
    """Files of an issuer and a holder in one directory."""

    def __init__(self, directory):
        self.directory = directory
        self.issuer, self.holder = MemorySigner(), MemorySigner("EdDSA")
        self.issuer_key = self.write("issuer.jwk", private_jwk(self.issuer))
        self.public_key = self.write("public.jwk", self.issuer.public_jwk)
        self.holder_key = self.write("holder.jwk", private_jwk(self.holder))
        self.holder_public = self.write("holder-public.jwk", self.holder.public_jwk)
        self.claims = self.write("claims.json", CLAIMS)

    def write(self, name, content):
        file = self.directory / name
        text = content if isinstance(content, str) else json.dumps(content)
        file.write_text(text)
        file.chmod(0o600)
        return file


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


@pytest.fixture
def issued(recognition, desk):
    """A credential with disclosures, bound to the holder's key."""
    file = desk.directory / "credential.txt"
    recognition(
        "credentials", "issue", desk.claims, "--key", desk.issuer_key,
        "--format", "dc+sd-jwt", "--disclose", "family_name,given_name",
        "--disclose", "degrees.*,address,address.*",
        "--holder-key", desk.holder_public, "-o", file,
    )  # fmt: skip
    return file


def test_a_credential_goes_from_the_issuer_to_the_verifier(answer, desk, issued):
    shown = desk.directory / "shown.txt"
    assert answer(
        "credentials", "present", issued, "--disclose", "family_name,address.city",
        "--key", desk.holder_key, "--aud", AUD, "--nonce", NONCE, "-o", shown,
    ) == {"format": "dc+sd-jwt", "file": str(shown)}  # fmt: skip
    report = answer(
        "credentials", "verify", shown, "--key", desk.public_key,
        "--aud", AUD, "--nonce", NONCE,
    )  # fmt: skip
    assert report["verified"] is True
    assert (report["fault"], report["detail"]) == (None, None)
    assert (report["format"], report["issuer"]) == ("dc+sd-jwt", ISSUER)
    assert report["holder"] == "proven"
    assert sorted(report["disclosed"]) == ["address", "address.city", "family_name"]
    claims = report["claims"]
    assert claims["address"] == {"city": "Rīga"}
    assert claims["degrees"] == []
    assert "given_name" not in claims


def test_the_answer_for_people_says_what_was_not_looked_at(recognition, desk, issued):
    result = recognition("credentials", "verify", issued, "--key", desk.public_key)
    lines = result.stdout.splitlines()
    assert lines[0] == f"VERIFIED: dc+sd-jwt, signed by the key of {ISSUER}."
    assert lines[-1] == "Trust and revocation were not looked at."
    assert "family_name" in lines[1]


@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_a_w3c_credential_is_signed_as_it_is(answer, desk, alg):
    signer = MemorySigner(alg)
    credential = attestation_credential(some_claims(), public_url=PUBLIC_URL)
    file = desk.write("credential.json", credential)
    key = desk.write("key.jwk", private_jwk(signer))
    token = answer("credentials", "issue", file, "--key", key, "--format", "vc+jwt")
    token_file = desk.write("token.jwt", token["credential"])
    public = desk.write("key-public.jwk", signer.public_jwk)
    report = answer("credentials", "verify", token_file, "--key", public)
    assert report["format"] == "vc+jwt"
    assert report["claims"] == credential


@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_keys_are_found_by_name_in_the_issuers_metadata(answer, desk, alg):
    signer = MemorySigner(alg)
    key = desk.write("key.jwk", private_jwk(signer))
    token = answer(
        "credentials", "issue", desk.claims, "--key", key, "--format", "dc+sd-jwt"
    )
    file = desk.write("token.txt", token["credential"])
    kid = signer.kid.partition("#")[2]
    keys = [desk.issuer.public_jwk | {"kid": "other"}, signer.public_jwk | {"kid": kid}]
    for name, document, fault in (
        ("metadata", {"issuer": ISSUER, "jwks": {"keys": keys}}, None),
        ("key set", {"keys": keys}, None),
        (
            "other",
            {"issuer": "https://x.example", "jwks": {"keys": keys}},
            "key_unknown",
        ),
        ("without", {"issuer": ISSUER, "jwks": {"keys": keys[:1]}}, "key_unknown"),
    ):
        metadata = desk.write(f"{name}.json", document)
        report = answer(
            "credentials", "verify", file, "--issuer-metadata", metadata,
            exit_code=1 if fault else 0,
        )  # fmt: skip
        assert report["fault"] == fault, name


def test_issuer_metadata_that_only_names_an_address_is_not_followed(
    recognition, desk, issued
):
    document = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks.json"}
    metadata = desk.write("metadata.json", document)
    result = recognition(
        "credentials", "verify", issued, "--issuer-metadata", metadata, exit_code=2
    )
    assert "Nothing is fetched" in result.stderr


def test_a_changed_credential_is_not_verified(answer, recognition, desk, issued):
    token = issued.read_text()
    header, payload, signature = token.split("~")[0].split(".")
    rest = token.partition("~")[2]
    changed = payload[:20] + ("A" if payload[20] != "A" else "B") + payload[21:]
    file = desk.write("changed.txt", f"{header}.{changed}.{signature}~{rest}")
    report = answer(
        "credentials", "verify", file, "--key", desk.public_key, exit_code=1
    )
    assert report["verified"] is False
    assert report["claims"] == {}
    other = desk.write("other.jwk", MemorySigner().public_jwk)
    result = recognition("credentials", "verify", issued, "--key", other, exit_code=1)
    assert result.stdout.startswith("NOT VERIFIED: The signature is not of this key")


@pytest.mark.parametrize(
    ("claims", "fault"),
    [
        ({"exp": 1793610000}, None),
        ({"exp": 1793609940}, "expired"),
        ({"nbf": 1793610061}, "not_yet_valid"),
        ({"exp": "soon"}, "malformed_dates"),
        ({"valid_until": "2026-11-01T00:00:00Z"}, "expired"),
        ({"validFrom": "2026-12-01T00:00:00Z"}, "not_yet_valid"),
        ({"validUntil": 5}, "malformed_dates"),
    ],
)
def test_dates_are_checked(answer, desk, claims, fault):
    file = desk.write("dated.json", CLAIMS | claims)
    token = answer(
        "credentials", "issue", file, "--key", desk.issuer_key, "--format", "dc+sd-jwt"
    )
    shown = desk.write("dated.txt", token["credential"])
    report = answer(
        "credentials", "verify", shown, "--key", desk.public_key,
        exit_code=1 if fault else 0,
    )  # fmt: skip
    assert report["fault"] == fault


def test_the_proof_must_be_for_this_receiver(answer, desk, issued):
    shown = answer(
        "credentials", "present", issued, "--key", desk.holder_key,
        "--aud", AUD, "--nonce", NONCE,
    )  # fmt: skip
    file = desk.write("shown.txt", shown["credential"])
    for asked, fault in (
        (("--aud", AUD, "--nonce", "another"), "wrong_nonce"),
        (("--aud", "https://other.example", "--nonce", NONCE), "wrong_audience"),
    ):
        report = answer(
            "credentials", "verify", file, "--key", desk.public_key, *asked,
            exit_code=1,
        )  # fmt: skip
        assert (report["fault"], report["holder"]) == (fault, "not_proven")
    asked = ("--aud", AUD, "--nonce", NONCE)
    report = answer(
        "credentials", "verify", issued, "--key", desk.public_key, *asked, exit_code=1
    )
    assert report["fault"] == "proof_missing"


def test_what_is_chosen_is_shown_and_nothing_else(answer, desk, issued):
    for paths, disclosed in (
        ((), 0),
        (("--disclose", "degrees.1"), 1),
        (("--disclose", "address"), 3),
        (("--disclose", "*"), 7),
    ):
        token = answer("credentials", "present", issued, *paths)["credential"]
        assert sd_jwt_vc.decode(token).disclosures == disclosed
    assert sd_jwt_vc.decode(
        answer("credentials", "present", issued, "--disclose", "degrees.1")[
            "credential"
        ]
    ).payload["degrees"] == ["Master"]
    # Positions are those of the issued credential, whatever was left out since.
    fewer = desk.write("fewer.txt", token.partition("~")[0] + "~")
    master = answer("credentials", "present", issued, "--disclose", "degrees.1")
    again = desk.write("again.txt", master["credential"])
    shown = answer("credentials", "present", again, "--disclose", "degrees.1")
    assert shown == master
    assert sd_jwt_vc.decode(fewer.read_bytes()).payload["degrees"] == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("present", "{issued}", "--disclose", "vct"), "always visible"),
        (("present", "{issued}", "--disclose", "surname"), "nothing to disclose"),
        (("present", "{issued}", "--disclose", "a..b"), "is not a path"),
        (("present", "{issued}", "--key", "{holder_key}"), "belong together"),
        (
            ("present", "{issued}", "--key", "{issuer_key}", "--aud", "a",
             "--nonce", "n"),
            "not the key that the credential is bound to",
        ),
        (("present", "{claims}"), "is not a credential with disclosures"),
        (("verify", "{issued}"), "either --key or --issuer-metadata"),
        (("verify", "{issued}", "--key", "{public_key}", "--aud", "a"), "together"),
        (("verify", "{issued}", "--key", "{claims}"), "is no key that can be used"),
        (("verify", "{issued}", "--key", "{issued}"), "not a JSON object"),
        (
            ("verify", "{issued}", "--issuer-metadata", "{claims}"),
            "neither issuer metadata",
        ),
        (
            ("issue", "{claims}", "--key", "{public_key}", "--format", "dc+sd-jwt"),
            "holds no private key",
        ),
        (
            ("issue", "{claims}", "--key", "{issuer_key}", "--format", "vc+jwt"),
            "is no W3C credential: @context, type, issuer, credentialSubject",
        ),
        (
            ("issue", "{claims}", "--key", "{issuer_key}", "--format", "vc+jwt",
             "--disclose", "iss"),
            "belong to --format dc+sd-jwt",
        ),
        (
            ("issue", "{claims}", "--key", "{issuer_key}", "--format", "dc+sd-jwt",
             "--disclose", "iss"),
            "The claim iss may not be made disclosable",
        ),
        (
            ("issue", "{claims}", "--key", "{issuer_key}", "--format", "dc+sd-jwt",
             "--disclose", "surname"),
            "There is no claim at 'surname'",
        ),
        (
            ("issue", "{public_key}", "--key", "{issuer_key}", "--format",
             "dc+sd-jwt"),
            "The claim vct",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)  # fmt: skip
def test_wrong_calls_are_told_in_a_sentence(
    recognition, desk, issued, arguments, sentence
):
    given = [
        text.format(issued=issued, **vars(desk)) if "{" in text else text
        for text in arguments
    ]
    result = recognition("credentials", *given, exit_code=2)
    assert sentence in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_a_presentation_is_not_presented_again(recognition, answer, desk, issued):
    shown = answer(
        "credentials", "present", issued, "--key", desk.holder_key,
        "--aud", AUD, "--nonce", NONCE,
    )  # fmt: skip
    file = desk.write("shown.txt", shown["credential"])
    result = recognition("credentials", "present", file, exit_code=2)
    assert "already presented" in result.stderr


def test_a_private_key_that_others_can_read_is_told(recognition, desk):
    desk.issuer_key.chmod(desk.issuer_key.stat().st_mode | stat.S_IROTH)
    result = recognition(
        "credentials", "issue", desk.claims, "--key", desk.issuer_key,
        "--format", "dc+sd-jwt",
    )  # fmt: skip
    assert "chmod 600" in result.stderr
    assert result.stdout.rstrip().endswith("~")


def test_of_a_private_key_only_the_public_half_serves_to_verify(
    recognition, desk, issued
):
    result = recognition("credentials", "verify", issued, "--key", desk.issuer_key)
    assert "only its public half is used" in result.stderr


@pytest.mark.parametrize("content", ["", "letter", "e30.e30.AA", "a~b~", "{}"])
def test_what_is_no_credential_is_not_verified(answer, desk, content):
    file = desk.write("letter.txt", content)
    report = answer(
        "credentials", "verify", file, "--key", desk.public_key, exit_code=1
    )
    assert report["fault"] == "malformed"
    assert report["format"] is None


def test_no_escape_sequence_of_a_claim_reaches_the_terminal(recognition, answer, desk):
    claims = CLAIMS | {"iss": "https://x.example/\x1b[2J", "\x1b[31m": 1}
    file = desk.write("claims-2.json", claims)
    token = answer(
        "credentials", "issue", file, "--key", desk.issuer_key,
        "--format", "dc+sd-jwt", "--disclose", "\x1b[31m",
    )  # fmt: skip
    shown = desk.write("shown.txt", token["credential"])
    result = recognition("credentials", "verify", shown, "--key", desk.public_key)
    assert "\x1b" not in result.stdout


def test_the_signer_of_a_file_is_the_signer_in_memory(desk):
    for signer in (desk.issuer, desk.holder):
        made = jwk_signer(private_jwk(signer))
        assert made.alg == signer.alg
        assert dict(made.public_jwk) == dict(signer.public_jwk)
        assert signer.kid.endswith(made.kid)
