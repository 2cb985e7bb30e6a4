"""A token of SoftHSM, made for a test and thrown away with it."""

import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path

from recognition_service.signing.token_address import token_address
from tests.conftest import absent

PIN = "24680"
_NUMBERS = count(1)
_MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")


class Token:
    """A token, the file with its PIN, and how KEYS_URL names them."""

    def __init__(self, directory):
        self.label = f"recognition test {next(_NUMBERS)}"
        self.module = the_module()
        self.pin_file = directory / "pin"
        self.write_pin(PIN)

    def make(self):
        command = ["softhsm2-util", "--init-token", "--free", "--label", self.label]
        subprocess.run(
            [*command, "--pin", PIN, "--so-pin", "13579"],
            check=True,
            capture_output=True,
        )
        return self

    def write_pin(self, pin):
        self.pin_file.touch(mode=0o600)
        self.pin_file.write_text(f"{pin}\n")

    @property
    def url(self):
        label = self.label.replace(" ", "%20")
        return (
            f"pkcs11:token={label}?module-path={self.module}"
            f"&pin-source=file:{self.pin_file}"
        )

    @property
    def address(self):
        return token_address(self.url)


def the_module():
    if shutil.which("softhsm2-util") is None:
        absent("SoftHSM is not installed (Debian package softhsm2)")
    found = [path for path in _MODULES if Path(path).exists()]
    return found[0] if found else absent("the library of SoftHSM was not found")


def write_settings(directory):
    """Write the settings of SoftHSM and return the file."""
    (directory / "tokens").mkdir()
    path = directory / "softhsm2.conf"
    path.write_text(
        f"directories.tokendir = {directory / 'tokens'}\n"
        "objectstore.backend = file\nlog.level = ERROR\n"
    )
    return path


def in_another_process(script, *arguments):
    """Run a script; a crash inside the module must not end the tests."""
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    return ended.stdout.split()
