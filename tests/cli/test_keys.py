"""Keys are listed, rotated and marked, and verifications follow."""

import pytest

from tests.worker.installations import OFFICE


def listed(answer, data_dir, purpose):
    return [
        key
        for key in answer("keys", "list", "--data-dir", data_dir)
        if key["purpose"] == purpose
    ]


def test_rotation_makes_a_new_key_and_retires_the_old(answer, attestation, data_dir):
    _, file = attestation
    (old,) = listed(answer, data_dir, "attestations")
    new = answer(
        *("keys", "rotate", "--authority", OFFICE, "--purpose", "attestations"),
        *("--data-dir", data_dir),
    )
    keys = {key["kid"]: key for key in listed(answer, data_dir, "attestations")}
    assert set(keys) == {old["kid"], new["kid"]}
    assert keys[old["kid"]]["retired_at"] == "2026-11-02T09:00:00Z"
    assert keys[new["kid"]]["retired_at"] is None
    assert answer("verify", file)["verdict"] == "valid"
    assert answer("verify", file, "--offline")["verdict"] == "valid"


def test_what_was_signed_after_a_compromise_is_not_valid(
    recognition, answer, attestation, data_dir
):
    _, file = attestation
    (key,) = listed(answer, data_dir, "attestations")
    result = recognition(
        *("keys", "compromise", "--authority", OFFICE, "--kid", key["kid"]),
        *("--at", "2026-11-01T00:00:00Z", "--data-dir", data_dir),
    )
    assert "recognition keys rotate" in result.stderr
    for mode in ((), ("--offline",)):
        report = answer("verify", file, *mode, exit_code=1)
        assert report["code"] == "signed_after_compromise"


def test_what_was_signed_before_a_compromise_cannot_be_confirmed(
    recognition, answer, attestation, data_dir
):
    _, file = attestation
    (key,) = listed(answer, data_dir, "attestations")
    thumbprint = key["kid"].rpartition("#")[2]
    recognition(
        *("keys", "compromise", "--authority", OFFICE, "--kid", thumbprint),
        *("--at", "2026-11-02T09:00:01Z", "--data-dir", data_dir),
    )
    assert answer("verify", file, exit_code=3)["code"] == "key_compromised_later"


def test_a_key_of_somebody_else_is_not_found(recognition, data_dir):
    for kid in ("unknown", "https://other.example/issuers/be-fl#abc"):
        result = recognition(
            *("keys", "compromise", "--authority", OFFICE, "--kid", kid),
            *("--at", "2026-11-01T00:00:00Z", "--data-dir", data_dir),
            exit_code=2,
        )
        assert result.stderr.startswith(f"error: {OFFICE} has no key ")


def test_an_authority_that_is_not_there_has_no_keys(recognition, data_dir):
    arguments = ("--authority", "xx", "--data-dir", data_dir)
    assert "There is no authority xx" in (
        recognition("keys", "list", *arguments, exit_code=2).stderr
    )


def test_a_missing_private_key_is_found_before_it_is_needed(recognition, data_dir):
    assert "all can be opened" in (
        recognition("keys", "check", "--data-dir", data_dir).stdout
    )
    next((data_dir / "keys").glob("*.pem")).unlink()
    result = recognition("keys", "check", "--data-dir", data_dir, exit_code=2)
    assert "restore it from the backup" in result.stderr


def test_a_key_that_others_can_read_is_refused_with_its_remedy(recognition, data_dir):
    key = next((data_dir / "keys").glob("*.pem"))
    key.chmod(0o644)
    result = recognition("keys", "check", "--data-dir", data_dir, exit_code=2)
    assert result.stderr == (
        f"error: {key} can be read by others; run: chmod 600 {key}\n"
    )


@pytest.mark.parametrize("purpose", ["wallet", "editions", "letters"])
def test_only_keys_that_sign_something_are_rotated(recognition, data_dir, purpose):
    refused = recognition(
        *("keys", "rotate", "--authority", OFFICE, "--purpose", purpose),
        *("--data-dir", data_dir),
        exit_code=2,
    )
    assert "'attestations', 'status', 'receipts'" in refused.stderr


def test_a_key_that_no_longer_signs_is_told_with_its_remedy(
    recognition, answer, data_dir
):
    (key,) = listed(answer, data_dir, "receipts")
    recognition(
        *("keys", "compromise", "--authority", OFFICE, "--kid", key["kid"]),
        *("--at", "2026-11-01T00:00:00Z", "--data-dir", data_dir),
    )
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
