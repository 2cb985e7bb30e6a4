"""The wheel works by itself, outside the clone, with its tables and migrations."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel, built from the clone and unpacked somewhere else."""
    place = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", place, ROOT],
        check=True,
    )
    (wheel,) = place.glob("*.whl")
    subprocess.run(
        [*pip, "install", "--no-deps", "--target", place / "site", wheel], check=True
    )
    return place / "site"


def run(installed, directory, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "recognition_service", *arguments],
        cwd=directory,
        env={
            "PYTHONPATH": str(installed),
            "PATH": "/usr/bin:/bin",
            "XDG_STATE_HOME": str(directory / "state"),
        },
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_the_wheel_plays_the_demonstration_and_verifies_its_samples(
    installed, tmp_path
):
    data_dir = tmp_path / "data"
    played = run(
        installed, tmp_path, "demo", "--data-dir", data_dir, "--no-serve", "--json"
    )
    programme = json.loads(played)
    assert {sample["label"] for sample in programme["attestations"]} == {
        "valid",
        "conditional",
        "revoked",
        "expired",
        "suspended",
        "superseded",
        "stale",
        "forged",
    }
    again = run(
        installed, tmp_path, "demo", "--data-dir", data_dir, "--no-serve", "--json"
    )
    assert json.loads(again) == programme
    (valid, *_) = [s for s in programme["attestations"] if s["label"] == "valid"]
    report = json.loads(run(installed, tmp_path, "verify", valid["vc_jwt"], "--json"))
    assert report["verdict"] == "valid"


def test_the_wheel_checks_the_tables_that_it_ships(installed, tmp_path):
    assert "no findings" in run(installed, tmp_path, "tables", "check")
    assert (installed / "recognition_service/shipped/equivalence_tables").is_dir()


def test_the_wheel_lays_out_letters_with_its_own_fonts(installed, tmp_path):
    script = tmp_path / "letter.py"
    script.write_text(
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from tests.documents.papers import a_paper, is_archival, pages\n"
        "from recognition_service.documents import typeset\n"
        "pdf = typeset.to_pdf(a_paper(opening='ياسين', language='ar'))\n"
        "print(typeset.__file__, is_archival(pdf), pages(pdf))\n",
        encoding="utf-8",
    )
    told = subprocess.run(
        [sys.executable, script, installed, ROOT],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert told == [
        str(installed / "recognition_service/documents/typeset.py"),
        "True",
        "1",
    ]
