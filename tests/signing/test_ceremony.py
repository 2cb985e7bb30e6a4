"""The example of a key ceremony is rehearsed as it stands."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from recognition_service.credentials import base64url, jwk
from recognition_service.signing.pkcs11_keys import PKCS11KeyStore

CEREMONY = Path(__file__).parents[2] / "keys" / "ceremony.example.md"
COMMAND = 'recognition() { "$PYTHON" -m recognition_service "$@"; }\n'


def test_the_example_ceremony_can_be_followed_word_for_word(
    tmp_path, token, monkeypatch
):
    (steps,) = re.findall(r"```sh\n(.*?)```", CEREMONY.read_text(), re.DOTALL)
    settings = {
        "PYTHON": sys.executable,
        "PYTHONPATH": str(CEREMONY.parents[1]),
        "KEYS_URL": token.url,
        "PUBLIC_URL": "https://recognition.example",
        "RECOGNITION_DATA_DIR": str(tmp_path / "data"),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    shell = shutil.which("bash")
    done = subprocess.run(
        [shell, "-c", COMMAND + steps],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    listed = (tmp_path / "keys.json").read_bytes()
    assert hashlib.sha256(listed).hexdigest() in done.stdout
    assert json.loads((tmp_path / "api-keys.json").read_text())["id"] == "be-fl"
    thumbprints = [key["kid"].partition("#")[2] for key in json.loads(listed)]
    assert thumbprints
    store = PKCS11KeyStore(token.address)
    for thumbprint in thumbprints:
        assert len(base64url.decode(thumbprint)) == 32
        assert jwk.thumbprint(store.signer(thumbprint, "k").public_jwk) == thumbprint
    assert not (tmp_path / "data" / "keys").exists()
