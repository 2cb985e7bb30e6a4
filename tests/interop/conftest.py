"""Where the libraries for Node are found: given, or installed once for a run."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import absent

NODE = shutil.which("node")
HERE = Path(__file__).parent
# A directory named node_modules that holds what package.json names.
GIVEN = os.environ.get("TEST_NODE_MODULES")  # noqa: TID251 (a setting of the tests)
INSTALL_SECONDS = 90


@pytest.fixture(scope="session")
def node_directory(tmp_path_factory):
    """A directory in which the script finds the libraries."""
    if NODE is None:
        absent("There is no command node.")
    directory = tmp_path_factory.mktemp("node")
    for name in ("package.json", "judge.mjs"):
        shutil.copy(HERE / name, directory)
    if GIVEN:
        (directory / "node_modules").symlink_to(Path(GIVEN).resolve())
    else:
        install(directory)
    wanted = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    for name, version in wanted.items():
        manifest = directory / "node_modules" / name / "package.json"
        if not manifest.exists():
            absent(f"The Node library {name} is missing (set TEST_NODE_MODULES).")
        found = json.loads(manifest.read_text("utf-8"))["version"]
        assert found == version, f"{name} is {found}, wanted is {version}"
    return directory


def install(directory):
    npm = shutil.which("npm")
    if npm is None:
        absent("There is no command npm, and TEST_NODE_MODULES is not set.")
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(
            command,
            cwd=directory,
            check=True,
            capture_output=True,
            timeout=INSTALL_SECONDS,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        absent(f"npm cannot install the libraries: {error}")


@pytest.fixture
def judge(node_directory):
    """Let Node do some jobs and return its answers, in order."""

    def run(*jobs):
        done = subprocess.run(
            [NODE, "judge.mjs"],
            cwd=node_directory,
            input=json.dumps(jobs),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
