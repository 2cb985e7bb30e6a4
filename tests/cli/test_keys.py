"""Keys are listed, changed and marked, and verifications follow."""

import pytest
from cryptography import x509

from recognition_service.credentials.jwk import thumbprint
from tests.worker.installations import OFFICE

NOW = "2026-11-02T09:00:00Z"
IN_TEN_MINUTES = "2026-11-02T09:10:00Z"
ISSUER = f"https://recognition.example/issuers/{OFFICE}"


def listed(answer, data_dir, purpose="attestations", algorithm="ES256"):
    return [
        key
        for key in answer("keys", "list", "--data-dir", data_dir)
        if (key["purpose"], key["algorithm"]) == (purpose, algorithm)
    ]


def change(verb, data_dir, *arguments, purpose="attestations"):
    return (
        *("keys", verb, "--authority", OFFICE, "--purpose", purpose),
        *(*arguments, "--data-dir", data_dir),
    )


def end(verb, kid, data_dir, *arguments):
    return (
        *("keys", verb, "--authority", OFFICE, "--kid", kid),
        *(*arguments, "--data-dir", data_dir),
    )


def test_every_key_is_listed_with_its_life(answer, recognition, data_dir):
    found = answer("keys", "list", "--data-dir", data_dir, "--authority", OFFICE)
    assert {(key["purpose"], key["algorithm"]) for key in found} == {
        ("attestations", "ES256"),
        ("attestations", "EdDSA"),
        ("status", "ES256"),
        ("receipts", "ES256"),
        ("exchange", "ES256"),
    }
    for key in found:
        assert key["kid"].startswith(f"{ISSUER}#")
        assert (key["state"], key["active_from"], key["retired_at"]) == (
            "active",
            NOW,
            None,
        )
    shown = recognition("keys", "list", "--data-dir", data_dir).stdout
    assert len(shown.splitlines()) == 7
    assert shown.count("in use") == 7


def test_the_key_of_the_trust_list_is_listed_as_the_operators(
    answer, recognition, data_dir
):
    recognition("trust", "rotate", "--data-dir", data_dir)
    every = answer("keys", "list", "--data-dir", data_dir)
    own = answer("keys", "list", "--data-dir", data_dir, "--authority", "platform")
    assert [key for key in every if key["authority"] == "platform"] == own
    (tables,) = [key for key in own if key["purpose"] == "tables"]
    assert tables["kid"].startswith("https://recognition.example/api/v1/editions/keys#")
    own.remove(tables)
    old, new = sorted(own, key=lambda key: key["state"], reverse=True)
    assert (old["state"], old["retired_at"]) == ("retired", NOW)
    assert (new["state"], new["retired_at"]) == ("active", None)
    assert {key["kid"].partition("#")[0] for key in own} == {
        "https://recognition.example/trust"
    }
    assert all(key.keys() == every[0].keys() for key in own)
    shown = recognition("keys", "list", "--data-dir", data_dir).stdout
    assert f"retired {NOW}" in shown


def test_a_rotation_announces_a_key_that_takes_over_later(
    answer, recognition, attestation, data_dir, monkeypatch
):
    _, file = attestation
    (old,) = listed(answer, data_dir)
    new = answer(*change("rotate", data_dir))
    assert (new["state"], new["active_from"]) == ("announced", IN_TEN_MINUTES)
    assert new["predecessor"] == old["kid"]
    keys = {key["kid"]: key for key in listed(answer, data_dir)}
    assert set(keys) == {old["kid"], new["kid"]}
    assert (keys[old["kid"]]["state"], keys[old["kid"]]["retired_at"]) == (
        "active",
        IN_TEN_MINUTES,
    )
    shown = recognition("keys", "list", "--data-dir", data_dir).stdout
    assert f"in use until {IN_TEN_MINUTES}" in shown
    assert f"signs from {IN_TEN_MINUTES}" in shown
    assert answer("verify", file)["verdict"] == "valid"
    assert answer("verify", file, "--offline")["verdict"] == "valid"
    monkeypatch.setenv("RECOGNITION_NOW", IN_TEN_MINUTES)
    states = {key["kid"]: key["state"] for key in listed(answer, data_dir)}
    assert states == {old["kid"]: "retired", new["kid"]: "active"}


def test_a_rotation_says_when_the_new_key_signs(recognition, answer, data_dir):
    (old,) = listed(answer, data_dir)
    result = recognition(*change("rotate", data_dir, "--overlap", "60"))
    assert result.stdout.startswith(f"{ISSUER}#")
    assert result.stderr == (
        "It is published now and signs from 2026-11-02T10:00:00Z.\n"
        f"Until then {old['kid']} signs.\n"
    )


def test_a_rotation_at_once_warns_that_some_verifiers_do_not_know_the_key_yet(
    recognition, answer, data_dir
):
    (old,) = listed(answer, data_dir)
    result = recognition(*change("rotate", data_dir, "--at-once"))
    assert result.stderr.splitlines()[:2] == [
        "It signs from now on.",
        f"{old['kid']} is retired; what it signed stays valid.",
    ]
    assert "some may not know this one at first" in result.stderr
    refused = recognition(
        *change("rotate", data_dir, "--at-once", "--overlap", "5"), exit_code=2
    )
    assert "not both" in refused.stderr


def test_a_key_is_created_where_there_is_none_and_announced_where_there_is_one(
    recognition, answer, data_dir, monkeypatch
):
    (old,) = listed(answer, data_dir, "receipts")
    refused = recognition(*change("create", data_dir, purpose="receipts"), exit_code=2)
    assert "rotate it, or say from when on the new one signs" in refused.stderr
    moment = "2026-12-01T06:00:00Z"
    later = answer(*change("create", data_dir, "--from", moment, purpose="receipts"))
    assert (later["state"], later["active_from"]) == ("announced", moment)
    for kid in (later["kid"], old["kid"]):
        recognition(*end("retire", kid, data_dir))
    monkeypatch.setenv("RECOGNITION_NOW", IN_TEN_MINUTES)
    result = recognition(*change("create", data_dir, purpose="receipts"))
    assert result.stderr == "It signs from now on.\n"


def test_only_attestations_have_keys_of_a_second_kind(recognition, answer, data_dir):
    (old,) = listed(answer, data_dir, algorithm="EdDSA")
    new = answer(*change("rotate", data_dir, "--algorithm", "EdDSA"))
    assert (new["algorithm"], new["predecessor"]) == ("EdDSA", old["kid"])
    refused = recognition(
        *change("rotate", data_dir, "--algorithm", "EdDSA", purpose="status"),
        exit_code=2,
    )
    assert "Keys for status are ES256" in refused.stderr


def test_a_retired_key_is_followed_by_none(recognition, answer, data_dir):
    (key,) = listed(answer, data_dir)
    result = recognition(*end("retire", key["kid"], data_dir))
    assert result.stdout == f"{key['kid']} signs nothing since {NOW}.\n"
    remedy = f"keys create --authority {OFFICE} --purpose attestations"
    assert result.stderr.endswith(f"Make a key: recognition {remedy}\n")
    again = recognition(*end("retire", key["kid"], data_dir), exit_code=2)
    assert f"signs nothing since {NOW}" in again.stderr
    recognition(*remedy.split(), "--data-dir", data_dir)
    recognition("keys", "check", "--data-dir", data_dir)


def test_in_the_place_of_a_retired_key_signs_the_one_that_was_announced(
    answer, data_dir
):
    (key,) = listed(answer, data_dir)
    new = answer(*change("rotate", data_dir))
    assert answer(*end("retire", key["kid"], data_dir))["successor"] == new["kid"]
    states = {each["kid"]: each["state"] for each in listed(answer, data_dir)}
    assert states == {key["kid"]: "retired", new["kid"]: "active"}


@pytest.mark.usefixtures("attestation")
def test_after_a_compromise_a_new_key_signs_and_the_affected_are_counted(
    recognition, answer, data_dir
):
    (key,) = listed(answer, data_dir)
    name = key["kid"].rpartition("#")[2]
    result = recognition(
        *end("compromise", key["kid"], data_dir, "--at", "2026-11-01T00:00:00Z")
    )
    assert result.stdout == (
        f"{key['kid']} counts as compromised since 2026-11-01T00:00:00Z.\n"
    )
    (new,) = (each for each in listed(answer, data_dir) if each["state"] == "active")
    remedy = (
        "Give their holders fresh copies: recognition keys reissue "
        f"--authority {OFFICE} --kid {name}"
    )
    assert result.stderr.splitlines() == [
        f"{new['kid']} signs now.",
        f"Attestations that only this key confirms: 1. {remedy}",
    ]
    again = answer(*end("compromise", name, data_dir, "--at", "2026-10-01T00:00:00Z"))
    assert again["compromised_at"] == "2026-10-01T00:00:00Z"
    assert again["successor"] == new["kid"]
    assert again["affected_attestations"] == 1


def test_a_key_that_signed_nothing_affects_nobody(answer, data_dir):
    (key,) = listed(answer, data_dir)
    found = answer(*end("compromise", key["kid"], data_dir, "--at", NOW))
    assert found["affected_attestations"] == 0


def test_a_key_is_certified_by_the_installation_for_demonstrations(
    recognition, answer, data_dir
):
    (key,) = listed(answer, data_dir)
    found = answer(*end("certify", key["kid"], data_dir, "--local-ca"))
    assert len(found["certificates"]) == 1
    (after,) = listed(answer, data_dir)
    assert after["certificates"] == 1
    result = recognition(*end("certify", key["kid"], data_dir, "--local-ca"))
    assert result.stdout == f"{key['kid']} has 1 certificate.\n"
    assert "Nobody outside trusts" in result.stderr


def test_a_chain_is_attached_only_if_it_is_for_the_key(
    recognition, answer, data_dir, tmp_path
):
    (key,) = listed(answer, data_dir)
    (other,) = listed(answer, data_dir, "status")
    (der,) = answer(*end("certify", other["kid"], data_dir, "--local-ca"))[
        "certificates"
    ]
    chain = tmp_path / "chain.pem"
    chain.write_text(f"-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n")
    refused = recognition(
        *end("certify", key["kid"], data_dir, "--chain", chain), exit_code=2
    )
    assert "not_for_this_key" in refused.stderr
    found = answer(*end("certify", other["kid"], data_dir, "--chain", chain))
    assert found["certificates"] == [der]
    for arguments in ((), ("--local-ca", "--chain", chain)):
        refused = recognition(
            *end("certify", key["kid"], data_dir, *arguments), exit_code=2
        )
        assert "Give one of" in refused.stderr


def test_a_request_for_a_certificate_names_the_issuer(recognition, answer, data_dir):
    (key,) = listed(answer, data_dir)
    printed = recognition(*end("request", key["kid"], data_dir)).stdout
    asked = x509.load_pem_x509_csr(printed.encode())
    names = asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ISSUER in names.get_values_for_type(x509.UniformResourceIdentifier)


def test_what_was_signed_after_a_compromise_is_not_valid(
    recognition, answer, attestation, data_dir
):
    _, file = attestation
    (key,) = listed(answer, data_dir)
    recognition(
        *end("compromise", key["kid"], data_dir, "--at", "2026-11-01T00:00:00Z")
    )
    for mode in ((), ("--offline",)):
        report = answer("verify", file, *mode, exit_code=1)
        assert report["code"] == "signed_after_compromise"


def test_what_was_signed_before_a_compromise_cannot_be_confirmed(
    recognition, answer, attestation, data_dir
):
    _, file = attestation
    (key,) = listed(answer, data_dir)
    name = key["kid"].rpartition("#")[2]
    recognition(*end("compromise", name, data_dir, "--at", "2026-11-02T09:00:01Z"))
    assert answer("verify", file, exit_code=3)["code"] == "key_compromised_later"


def test_a_key_of_somebody_else_is_not_found(recognition, data_dir):
    for kid in ("unknown", "https://other.example/issuers/be-fl#abc"):
        result = recognition(
            *end("compromise", kid, data_dir, "--at", "2026-11-01T00:00:00Z"),
            exit_code=2,
        )
        assert result.stderr.startswith(f"error: {OFFICE} has no key ")


def test_an_authority_that_is_not_there_has_no_keys(recognition, data_dir):
    arguments = ("--authority", "xx", "--data-dir", data_dir)
    assert "There is no authority xx" in (
        recognition("keys", "list", *arguments, exit_code=2).stderr
    )


def test_a_missing_private_key_is_found_before_it_is_needed(
    recognition, answer, data_dir
):
    assert "all can be opened" in (
        recognition("keys", "check", "--data-dir", data_dir).stdout
    )
    announced = answer(*change("rotate", data_dir))["kid"].rpartition("#")[2]
    found = answer("keys", "check", "--data-dir", data_dir)
    assert (found["in_use"], found["announced"], found["unrecorded"]) == (5, 1, [])
    (data_dir / "keys" / f"{announced}.pem").unlink()
    result = recognition("keys", "check", "--data-dir", data_dir, exit_code=2)
    assert "restore it from the backup" in result.stderr


def test_the_private_key_of_the_trust_list_is_looked_for_too(
    recognition, answer, data_dir
):
    own = answer("keys", "list", "--data-dir", data_dir, "--authority", "platform")
    (key,) = [each for each in own if each["purpose"] == "trust"]
    assert answer("keys", "check", "--data-dir", data_dir)["trust_key"] == key["kid"]
    assert key["kid"] in recognition("keys", "check", "--data-dir", data_dir).stdout
    (data_dir / "keys" / f"{key['kid'].rpartition('#')[2]}.pem").unlink()
    refused = recognition("keys", "check", "--data-dir", data_dir, exit_code=2).stderr
    assert "Without a backup, run: recognition trust rotate" in refused
    recognition("trust", "rotate", "--data-dir", data_dir)
    found = answer("keys", "check", "--data-dir", data_dir)
    assert found["trust_key"] not in (None, key["kid"])
    assert found["trust_list"]["fault"] is None


def test_a_trust_list_that_nobody_renews_is_told(
    recognition, answer, data_dir, monkeypatch
):
    monkeypatch.setenv("RECOGNITION_NOW", "2026-11-04T09:00:00Z")
    warned = recognition("keys", "check", "--data-dir", data_dir).stderr
    assert warned.startswith(f"warning: The trust list is of {NOW} and was not renewed")
    assert "recognition worker" in warned
    state = answer("keys", "check", "--data-dir", data_dir)["trust_list"]
    assert (state["issued_at"], state["expires_at"]) == (NOW, "2026-11-09T09:00:00Z")
    assert state["fault"] is not None


def test_case_61_a_key_that_was_made_and_never_recorded_is_found_and_told(
    recognition, answer, runtime, data_dir
):
    made = thumbprint(runtime._keys.create())  # And then somebody pulled the plug.
    found = answer("doctor", "--data-dir", data_dir)
    (checked,) = (each for each in found["checks"] if each["check"] == "keys")
    assert f"an interrupted rotation leaves it: {made}" in checked["detail"]
    assert answer("keys", "check", "--data-dir", data_dir)["unrecorded"] == [made]
    recognition(*change("rotate", data_dir))
    after = answer("keys", "check", "--data-dir", data_dir)
    assert (after["announced"], after["unrecorded"]) == (1, [made])


def test_case_61_a_key_that_is_recorded_and_does_not_sign_yet_is_told(
    recognition, answer, data_dir
):
    (key,) = listed(answer, data_dir, "receipts")
    recognition(*end("retire", key["kid"], data_dir))
    moment = "2026-12-01T06:00:00Z"
    recognition(*change("create", data_dir, "--from", moment, purpose="receipts"))
    refused = recognition("keys", "check", "--data-dir", data_dir, exit_code=2)
    assert f"The next one signs from {moment}" in refused.stderr
    found = answer("doctor", "--data-dir", data_dir, exit_code=1)
    (checked,) = (each for each in found["checks"] if each["check"] == "keys")
    assert moment in checked["detail"]


def test_a_key_that_others_can_read_is_refused_with_its_remedy(recognition, data_dir):
    key = next((data_dir / "keys").glob("*.pem"))
    key.chmod(0o644)
    result = recognition("keys", "check", "--data-dir", data_dir, exit_code=2)
    assert result.stderr == (
        f"error: {key} can be read by others; run: chmod 600 {key}\n"
    )


@pytest.mark.parametrize("purpose", ["wallet", "editions", "letters"])
def test_only_keys_that_sign_something_are_rotated(recognition, data_dir, purpose):
    refused = recognition(*change("rotate", data_dir, purpose=purpose), exit_code=2)
    assert "'attestations', 'status', 'receipts', 'exchange'" in refused.stderr


def test_a_key_that_no_longer_signs_is_told_with_its_remedy(
    recognition, answer, data_dir
):
    (key,) = listed(answer, data_dir, "receipts")
    recognition(*end("retire", key["kid"], data_dir))
    remedy = f"keys rotate --authority {OFFICE} --purpose receipts"
    refused = recognition("keys", "check", "--data-dir", data_dir, exit_code=2)
    assert refused.stderr == (
        f"error: {OFFICE} has no key for receipts that may sign now. "
        f"Run: recognition {remedy}\n"
    )
    found = answer("doctor", "--data-dir", data_dir, exit_code=1)
    (checked,) = (each for each in found["checks"] if each["check"] == "keys")
    assert remedy in checked["detail"]
    recognition(*remedy.split(), "--data-dir", data_dir)
    recognition("keys", "check", "--data-dir", data_dir)
