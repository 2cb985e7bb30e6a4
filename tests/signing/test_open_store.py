"""The settings name a store; what is wrong is told before anything is served."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from recognition_service.config import ConfigurationError, read_config
from recognition_service.signing.errors import KeyStoreError
from recognition_service.signing.file_keys import FileKeyStore
from recognition_service.signing.open_store import open_key_store
from recognition_service.signing.pkcs11_keys import PKCS11KeyStore
from recognition_service.signing.token_address import TokenAddress, token_address
from tests.signing.softhsm import in_another_process
from tests.worker.installations import settings

MODULE = "module-path=/usr/lib/softhsm/libsofthsm2.so"
URL = f"pkcs11:token=our%20keys;serial=0a1b?{MODULE}&pin-source=file:/etc/pin"


@pytest.fixture
def pin_file(tmp_path):
    path = tmp_path / "pin"
    path.touch(mode=0o600)
    return path


def url_with(pin_file):
    return f"pkcs11:token=t?{MODULE}&pin-source=file:{pin_file}"


def test_keys_are_files_beside_the_data_unless_something_else_is_said(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("KEYS_URL", raising=False)
    config = read_config(tmp_path)
    assert (config.keys_url, config.keys_dir) == (None, tmp_path / "keys")
    assert isinstance(open_key_store(config), FileKeyStore)


@pytest.mark.parametrize("start", ["file://", "file://localhost", "file:"])
def test_a_file_url_names_the_directory_of_the_files(tmp_path, monkeypatch, start):
    monkeypatch.setenv("KEYS_URL", f"{start}{tmp_path}/our%20keys")
    config = read_config(tmp_path)
    open_key_store(config).create()
    assert len(list((tmp_path / "our keys").glob("*.pem"))) == 1


@pytest.mark.parametrize("url", ["file://elsewhere/keys", "file:keys"])
def test_a_file_url_of_another_host_or_without_a_path_is_refused(
    tmp_path, monkeypatch, url
):
    monkeypatch.setenv("KEYS_URL", url)
    with pytest.raises(ConfigurationError, match="file:///"):
        read_config(tmp_path)


def test_a_pkcs11_uri_names_a_token(tmp_path, monkeypatch, pin_file):
    monkeypatch.setenv("KEYS_URL", url_with(pin_file))
    store = open_key_store(read_config(tmp_path))
    assert isinstance(store, PKCS11KeyStore)
    assert not (tmp_path / "keys").exists()


def test_an_unknown_scheme_is_refused(tmp_path):
    config = replace(settings(tmp_path), keys_url="awskms:///alias/x")
    with pytest.raises(KeyStoreError, match="pkcs11:token"):
        open_key_store(config)


def test_a_uri_is_read_with_its_escapes():
    address = token_address(URL)
    assert address == TokenAddress(
        Path("/usr/lib/softhsm/libsofthsm2.so"),
        Path("/etc/pin"),
        frozenset({("token", "our keys"), ("serial", "0a1b")}),
    )
    assert str(address) == "serial=0a1b;token=our keys"


@pytest.mark.parametrize("source", ["file:/etc/pin", "file:///etc/pin", "/etc/pin"])
def test_a_pin_source_is_a_file_url_or_a_path(source):
    address = token_address(f"pkcs11:token=t?{MODULE}&pin-source={source}")
    assert address.pin_file == Path("/etc/pin")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"pkcs11:token=t?{MODULE}&pin-value=1234", "pin-source"),
        (f"pkcs11:token=t?{MODULE}&pin-value=1&pin-source=/etc/pin", "pin-source"),
        (f"pkcs11:?{MODULE}&pin-source=/etc/pin", "names a token by"),
        (f"pkcs11:token=t;object=k?{MODULE}&pin-source=/etc/pin", "found: object"),
        (f"pkcs11:token=t?{MODULE}&pin-source=/etc/pin&module-name=p", "module-name"),
        (f"pkcs11:token=t?{MODULE}", "pin-source"),
        (f"pkcs11:token=t?{MODULE}&pin-source=|/bin/cat", "pin-source"),
        (f"pkcs11:token=t?{MODULE}&pin-source=file://host/pin", "pin-source"),
        ("pkcs11:token=t?pin-source=/etc/pin", "module-path"),
        ("pkcs11:token=t?module-path=lib.so&pin-source=/etc/pin", "module-path"),
        (f"pkcs11:token=t;token=u?{MODULE}&pin-source=/etc/pin", "'token' twice"),
        (f"pkcs11:token?{MODULE}&pin-source=/etc/pin", "'token' twice"),
        (f"pkcs11:token=%ff?{MODULE}&pin-source=/etc/pin", "UTF-8"),
    ],
)
def test_a_uri_that_is_not_clear_is_refused_with_what_to_write(url, told):
    with pytest.raises(KeyStoreError, match=told):
        token_address(url)


def test_case_62_a_pin_that_others_can_read_is_refused_at_the_start(tmp_path, pin_file):
    pin_file.chmod(0o644)
    config = replace(settings(tmp_path), keys_url=url_with(pin_file))
    with pytest.raises(KeyStoreError, match="chmod 600"):
        open_key_store(config)


def test_without_the_library_it_is_told_how_to_install_it(
    tmp_path, pin_file, monkeypatch
):
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    config = replace(settings(tmp_path), keys_url=url_with(pin_file))
    with pytest.raises(KeyStoreError, match=r"recognition-service\[pkcs11\]"):
        open_key_store(config)


def test_the_library_of_tokens_is_loaded_only_for_a_token(tmp_path, pin_file):
    script = """
import sys
from dataclasses import replace
from pathlib import Path
from recognition_service.signing.open_store import open_key_store
from tests.worker.installations import settings

config = settings(Path(sys.argv[1]))
open_key_store(config)
without = "pkcs11" in sys.modules
open_key_store(replace(config, keys_url=sys.argv[2]))
print(without, "pkcs11" in sys.modules, "pkcs11._pkcs11" in sys.modules)
"""
    loaded = in_another_process(script, str(tmp_path), url_with(pin_file))
    assert loaded == ["False", "True", "False"]
