"""Private keys in files: kept encrypted, for their owner only."""

import os
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from recognition_service.credentials import jwk, jws
from recognition_service.credentials.jwk import Algorithm
from recognition_service.signing.errors import KeyStoreError, KeyUnavailableError
from recognition_service.signing.file_keys import FileKeyStore


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "keys"


@pytest.fixture
def stored(directory):
    """A store with one key, and the key's thumbprint."""
    store = FileKeyStore(directory, "correct horse")
    return store, jwk.thumbprint(store.create())


def key_file(directory):
    (path,) = directory.glob("*.pem")
    return path


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_key_signs_and_its_public_half_verifies(directory, algorithm):
    store = FileKeyStore(directory, "correct horse")
    public = store.create(algorithm)
    signer = store.signer(jwk.thumbprint(public), "https://a/issuers/x#1")
    assert (signer.kid, signer.alg) == ("https://a/issuers/x#1", algorithm)
    assert signer.public_jwk == public
    key = jwk.public_key(signer.public_jwk)
    assert len(signer.sign(b"message")) == 64
    assert jws.is_signature(signer.sign(b"message"), b"message", key)
    assert not jws.is_signature(signer.sign(b"message"), b"another", key)


def test_a_key_is_for_es256_unless_another_algorithm_is_asked_for(directory):
    store = FileKeyStore(directory)
    assert store.create()["crv"] == "P-256"
    assert store.create(Algorithm.EDDSA)["crv"] == "Ed25519"


def test_one_key_signs_under_the_name_that_is_asked_for(stored):
    store, thumbprint = stored
    assert [store.signer(thumbprint, kid).kid for kid in "aba"] == ["a", "b", "a"]


def test_another_process_opens_the_keys_with_the_passphrase(directory):
    store = FileKeyStore(directory, "correct horse")
    made = [jwk.thumbprint(store.create(each)) for each in Algorithm]
    reopened = FileKeyStore(directory, "correct horse")
    reopened.check()
    opened = [reopened.signer(thumbprint, "k").public_jwk for thumbprint in made]
    assert [jwk.thumbprint(public) for public in opened] == made


def test_a_store_without_a_passphrase_makes_its_own_and_finds_it_again(directory):
    thumbprint = jwk.thumbprint(FileKeyStore(directory).create())
    assert stat.S_IMODE((directory / "passphrase").stat().st_mode) == 0o600
    FileKeyStore(directory).signer(thumbprint, "k")


@pytest.mark.usefixtures("stored")
def test_the_file_is_encrypted_and_readable_by_its_owner_only(directory):
    path = key_file(directory)
    assert b"ENCRYPTED PRIVATE KEY" in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.usefixtures("stored")
def test_case_62_a_wrong_passphrase_is_refused_with_what_to_do(directory):
    with pytest.raises(KeyStoreError, match="RECOGNITION_KEYS_PASSPHRASE"):
        FileKeyStore(directory, "wrong").check()


@pytest.mark.usefixtures("stored")
def test_case_62_a_file_that_others_can_read_is_refused_with_the_command(directory):
    key_file(directory).chmod(0o644)
    with pytest.raises(KeyStoreError, match="chmod 600"):
        FileKeyStore(directory, "correct horse").check()


@pytest.mark.usefixtures("stored")
def test_case_62_a_link_is_refused(directory, tmp_path):
    path = key_file(directory)
    elsewhere = path.rename(tmp_path / "elsewhere.pem")
    path.symlink_to(elsewhere)
    with pytest.raises(KeyStoreError, match="is a link"):
        FileKeyStore(directory, "correct horse").check()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
@pytest.mark.usefixtures("stored")
def test_case_62_a_file_of_another_user_is_refused(directory):
    os.chown(key_file(directory), 65534, -1)
    with pytest.raises(KeyStoreError, match="belongs to another user"):
        FileKeyStore(directory, "correct horse").check()


@pytest.mark.parametrize("content", [b"", b"-----BEGIN", b"\x00" * 200])
@pytest.mark.usefixtures("stored")
def test_case_62_a_damaged_file_is_refused(directory, content):
    key_file(directory).write_bytes(content)
    with pytest.raises(KeyStoreError, match="restore"):
        FileKeyStore(directory, "correct horse").check()


def test_a_missing_key_is_unavailable(stored):
    store, _ = stored
    with pytest.raises(KeyUnavailableError, match="backup"):
        store.signer("unknown", "k")


def test_case_62_keys_without_their_passphrase_file_are_not_given_a_new_one(directory):
    FileKeyStore(directory).create()
    (directory / "passphrase").unlink()
    with pytest.raises(KeyStoreError, match="is missing"):
        FileKeyStore(directory)


def test_case_62_a_restored_file_under_the_name_of_another_key_is_refused(directory):
    store = FileKeyStore(directory, "correct horse")
    first, second = (jwk.thumbprint(store.create(each)) for each in Algorithm)
    (directory / f"{first}.pem").replace(directory / f"{second}.pem")
    with pytest.raises(KeyStoreError, match="another key"):
        FileKeyStore(directory, "correct horse").signer(second, "k")


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP384R1()), ed448.Ed448PrivateKey.generate()]
)
@pytest.mark.usefixtures("stored")
def test_case_62_a_key_of_another_kind_is_refused(directory, key):
    passphrase = BestAvailableEncryption(b"correct horse")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, passphrase)
    key_file(directory).write_bytes(pem)
    with pytest.raises(KeyStoreError, match="no P-256 or Ed25519 key"):
        FileKeyStore(directory, "correct horse").check()


def test_case_62_files_are_for_their_owner_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        FileKeyStore(tmp_path / "keys").create(Algorithm.EDDSA)
    finally:
        os.umask(before)
    made = [tmp_path / "keys", *(tmp_path / "keys").iterdir()]
    assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [0o700, 0o600, 0o600]


def test_case_62_an_empty_passphrase_file_is_refused(directory):
    FileKeyStore(directory).create()
    (directory / "passphrase").write_text("")
    with pytest.raises(KeyStoreError, match="is empty"):
        FileKeyStore(directory)
