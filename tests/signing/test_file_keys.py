"""Private keys in files: kept encrypted, for their owner only."""

import os
import stat

import pytest

from recognition_service.credentials import jwk, jws
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


def test_a_key_signs_and_its_public_half_verifies(stored):
    store, thumbprint = stored
    signer = store.signer(thumbprint, "https://a/issuers/x#1")
    assert signer.kid == "https://a/issuers/x#1"
    key = jwk.public_key(signer.public_jwk)
    assert jws.is_signature(signer.sign(b"message"), b"message", key)
    assert not jws.is_signature(signer.sign(b"message"), b"another", key)


def test_another_process_opens_the_key_with_the_passphrase(stored, directory):
    _, thumbprint = stored
    reopened = FileKeyStore(directory, "correct horse")
    reopened.check()
    assert jwk.thumbprint(reopened.signer(thumbprint, "k").public_jwk) == thumbprint


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
def test_a_wrong_passphrase_is_refused_with_what_to_do(directory):
    with pytest.raises(KeyStoreError, match="RECOGNITION_KEYS_PASSPHRASE"):
        FileKeyStore(directory, "wrong").check()


@pytest.mark.usefixtures("stored")
def test_a_file_that_others_can_read_is_refused_with_the_command(directory):
    key_file(directory).chmod(0o644)
    with pytest.raises(KeyStoreError, match="chmod 600"):
        FileKeyStore(directory, "correct horse").check()


@pytest.mark.usefixtures("stored")
def test_a_link_is_refused(directory, tmp_path):
    path = key_file(directory)
    elsewhere = path.rename(tmp_path / "elsewhere.pem")
    path.symlink_to(elsewhere)
    with pytest.raises(KeyStoreError, match="is a link"):
        FileKeyStore(directory, "correct horse").check()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
@pytest.mark.usefixtures("stored")
def test_a_file_of_another_user_is_refused(directory):
    os.chown(key_file(directory), 65534, -1)
    with pytest.raises(KeyStoreError, match="belongs to another user"):
        FileKeyStore(directory, "correct horse").check()


@pytest.mark.parametrize("content", [b"", b"-----BEGIN", b"\x00" * 200])
@pytest.mark.usefixtures("stored")
def test_a_damaged_file_is_refused(directory, content):
    key_file(directory).write_bytes(content)
    with pytest.raises(KeyStoreError, match="restore"):
        FileKeyStore(directory, "correct horse").check()


def test_a_missing_key_is_unavailable(stored):
    store, _ = stored
    with pytest.raises(KeyUnavailableError, match="backup"):
        store.signer("unknown", "k")


def test_keys_without_their_passphrase_file_are_not_given_a_new_one(directory):
    FileKeyStore(directory).create()
    (directory / "passphrase").unlink()
    with pytest.raises(KeyStoreError, match="is missing"):
        FileKeyStore(directory)
