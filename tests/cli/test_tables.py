"""Tables are checked, loaded and listed."""

import csv
import json
import shutil

import pytest
from sqlalchemy import text

from recognition_service.credentials import jws
from recognition_service.editions.package import shipped_tables_dir


def a_copy(tmp_path):
    return shutil.copytree(shipped_tables_dir(), tmp_path / "tables")


def break_a_level(directory):
    """Let the second row of the levels name a framework that is not there."""
    path = directory / "levels.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    position = lines[0].rstrip("\n").split(",").index("framework")
    cells = lines[1].split(",")
    cells[position] = "XX-NOWHERE"
    path.write_text("".join([lines[0], ",".join(cells), *lines[2:]]), encoding="utf-8")


def contradict_a_statement(directory):
    """Let another issuer give another outcome than the first statement."""
    path = directory / "comparability_statements.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    other = {"id": "another", "issuer": "de-kmk-zab", "outcome": "partial"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, rows[0] | other])
    return rows[0]["id"], len(rows) + 2


def test_the_shipped_tables_are_in_order(recognition):
    out = recognition("tables", "check").stdout
    assert out.endswith(" tables, no findings\n")
    assert out.count("\n") == 1


def test_a_finding_names_its_place_and_its_rule(recognition, tmp_path):
    directory = a_copy(tmp_path)
    break_a_level(directory)
    lines = recognition("tables", "check", directory, exit_code=1).stdout.splitlines()
    assert any(line.startswith("levels.csv:2:framework ") for line in lines)
    assert lines[-1].endswith(" findings")


def test_findings_as_json(answer, tmp_path):
    directory = a_copy(tmp_path)
    break_a_level(directory)
    found = answer("tables", "check", directory, exit_code=1)
    place = {"file": "levels.csv", "line": 2, "column": "framework"}
    finding = next(each for each in found["findings"] if place.items() <= each.items())
    assert finding["rule"]
    assert finding["text"]


def test_a_conflict_is_shown_side_by_side_and_is_no_error(recognition, tmp_path):
    directory = a_copy(tmp_path)
    contradict_a_statement(directory)
    lines = recognition("tables", "check", directory).stdout.splitlines()
    assert lines[0].startswith("Conflicts: 1. ")
    assert "1. Two statements about “" in lines[2]
    (evidence,) = [line for line in lines if line.lstrip().startswith("evidence")]
    assert evidence.split() == ["evidence", "source_read", "source_read"]
    (dates,) = [line for line in lines if line.lstrip().startswith("date")]
    assert dates.split() == ["date", "2022-03-26", "2022-03-26"]
    assert max(map(len, lines[4:])) <= 88
    assert lines[-1].endswith(" tables, no findings, 1 conflicts")


def test_conflicts_as_json(answer, tmp_path):
    directory = a_copy(tmp_path)
    first, line = contradict_a_statement(directory)
    told = answer("tables", "check", directory, "--lang", "fr")
    (conflict,) = told["conflicts"]
    assert told["findings"] == []
    assert (conflict["kind"], conflict["severity"]) == ("outcomes_differ", "conflict")
    assert conflict["text"].startswith("Deux déclarations sur « ")
    one, other = conflict["rows"]
    assert (one["id"], one["line"], one["evidence"]) == (first, 2, "source_read")
    assert (other["id"], other["line"], other["date"]) == (
        "another",
        line,
        "2022-03-26",
    )
    assert "partial" in other["says"]
    assert one["source_title"]


def test_a_package_with_conflicts_is_loaded(recognition, data_dir, tmp_path):
    directory = a_copy(tmp_path)
    contradict_a_statement(directory)
    recognition("tables", "load", directory, "--data-dir", data_dir)


def test_drifts_are_told_to_who_asks(recognition, answer):
    told = answer("tables", "check")
    assert told["conflicts"] == []
    assert {each["severity"] for each in told["drifts"]} == {"information"}
    out = recognition("tables", "check", "--drifts").stdout
    assert out.startswith(f"For information: {len(told['drifts'])}. ")
    assert "there" in out
    assert out.endswith(" tables, no findings\n")


def test_conflicts_are_looked_for_where_no_rule_is_broken(answer, tmp_path):
    directory = a_copy(tmp_path)
    contradict_a_statement(directory)
    break_a_level(directory)
    told = answer("tables", "check", directory, exit_code=1)
    assert (told["conflicts"], told["drifts"]) == (None, None)


def test_a_file_that_cannot_be_read_is_one_line(recognition, tmp_path):
    directory = a_copy(tmp_path)
    (directory / "levels.csv").write_bytes(b"\xff\xfe")
    result = recognition("tables", "check", directory, exit_code=2)
    assert result.stderr.startswith("error: levels.csv is not UTF-8")


def test_a_loaded_edition_is_listed_and_in_force(recognition, answer, data_dir):
    (edition,) = answer("tables", "list", "--data-dir", data_dir)
    assert edition["in_force"]
    again = recognition("tables", "load", "--data-dir", data_dir)
    assert again.stdout.strip() == edition["digest"]
    listed = recognition("tables", "list", "--data-dir", data_dir).stdout
    assert listed.startswith("*  ")
    assert edition["digest"] in listed


def test_tables_that_break_a_rule_are_not_loaded(recognition, data_dir, tmp_path):
    directory = a_copy(tmp_path)
    break_a_level(directory)
    result = recognition(
        "tables", "load", directory, "--data-dir", data_dir, exit_code=2
    )
    assert "rules are broken" in result.stderr


@pytest.fixture
def published(recognition, tmp_path, data_dir):
    """Tables with the signature of an operator."""
    directory = a_copy(tmp_path)
    recognition("tables", "publish", directory, "--data-dir", data_dir)
    assert (directory / "edition.jws").read_text().count(".") == 2
    return directory


@pytest.fixture
def elsewhere(recognition, tmp_path, monkeypatch):
    """An installation of another operator."""
    monkeypatch.setenv("PUBLIC_URL", "https://elsewhere.example")
    directory = tmp_path / "other"
    recognition("db", "upgrade", "--data-dir", directory)
    return directory


def test_signed_tables_are_loaded_by_who_knows_the_publisher(
    recognition, published, runtime, elsewhere
):
    (key,) = runtime.edition_keys()
    known = published.parent / "publisher.jwk"
    known.write_text(json.dumps(dict(key.public_jwk)))
    load = ("tables", "load", published, "--data-dir", elsewhere)
    refused = recognition(*load, exit_code=2).stderr
    assert "a key that is not known here" in refused
    recognition(*load, "--publisher", known)
    assert recognition("tables", "list", "--data-dir", elsewhere).stdout[0] == "*"


def test_signed_tables_that_were_changed_afterwards_are_refused(
    recognition, published, data_dir
):
    notes = published / "edition.toml"
    notes.write_text(notes.read_text(encoding="utf-8") + "# a word\n", encoding="utf-8")
    recognition("tables", "load", published, "--data-dir", data_dir)
    sources = published / "sources.csv"
    rows = sources.read_text(encoding="utf-8")
    sources.write_text(rows.replace("2024", "2023", 1), encoding="utf-8")
    load = ("tables", "load", published, "--data-dir", data_dir)
    assert "The signature is over" in recognition(*load, exit_code=2).stderr


def test_tables_that_must_be_signed_and_are_not_are_refused(
    recognition, tmp_path, data_dir
):
    key = tmp_path / "key.jwk"
    key.write_text('{"kty": "OKP", "crv": "Ed25519", "x": "' + "A" * 43 + '"}')
    load = ("tables", "load", "--data-dir", data_dir, "--publisher", key)
    assert "edition.jws is missing" in recognition(*load, exit_code=2).stderr
    key.write_text("{}")
    assert "holds no public key" in recognition(*load, exit_code=2).stderr


def test_going_back_to_older_tables_is_said(recognition, tmp_path, data_dir):
    directory = a_copy(tmp_path)
    notes = directory / "edition.toml"
    told = notes.read_text(encoding="utf-8")
    line = next(line for line in told.splitlines() if line.startswith("date"))
    older = told.replace(line, "date = 2020-01-01")
    notes.write_text(older, encoding="utf-8")
    load = ("tables", "load", directory, "--data-dir", data_dir)
    assert "The edition in force is of" in recognition(*load, exit_code=2).stderr
    recognition(*load, "--older")


def test_what_nobody_has_signed_is_signed(answer, data_dir, runtime):
    with runtime.database.transaction() as session:
        session.execute(text("UPDATE edition SET signature = NULL"))
    checks = answer("doctor", "--data-dir", data_dir, exit_code=1)["checks"]
    (unsigned,) = [each for each in checks if not each["is_whole"]]
    assert unsigned["check"] == "signatures of editions"
    assert answer("tables", "publish", "--data-dir", data_dir) == {"signed": 1}
    answer("doctor", "--data-dir", data_dir)


def test_a_new_key_signs_and_what_the_old_one_signed_stays(
    recognition, answer, data_dir, tmp_path
):
    made = answer("tables", "rotate-key", "--data-dir", data_dir)["kid"]
    assert made.startswith("https://recognition.example/api/v1/editions/keys#")
    checks = answer("doctor", "--data-dir", data_dir)["checks"]
    assert all(check["is_whole"] for check in checks)
    directory = a_copy(tmp_path)
    signed = answer("tables", "publish", directory, "--data-dir", data_dir)
    header = jws.split(signed["signature"].encode()).header
    assert header["kid"] == made
    recognition("tables", "load", directory, "--data-dir", data_dir)
