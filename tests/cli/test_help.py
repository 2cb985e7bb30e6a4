"""Help is there at once, for every command, and says what the command says."""

import subprocess
import sys

import pytest

from recognition_service.cli.main import COMMANDS, cli

every_command = pytest.mark.parametrize("name", COMMANDS)


@every_command
def test_every_command_explains_itself(recognition, name):
    assert recognition(name, "--help").stdout.startswith("Usage: ")


@every_command
def test_the_list_of_commands_reads_like_the_commands(name):
    command = cli.get_command(None, name)
    assert command.name == name
    assert COMMANDS[name][1].endswith(".")


def test_help_lists_all_commands_without_reading_them():
    script = (
        "import sys; sys.argv = ['recognition', '--help']\n"
        "from recognition_service.cli.main import main\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 0\n"
        "heavy = {'sqlalchemy', 'flask', 'environs', 'cryptography', 'granian'}\n"
        "assert heavy.isdisjoint(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


def test_the_package_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "recognition_service", "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: recognition ")


def test_an_unknown_command_is_a_wrong_call(recognition):
    assert "No such command" in recognition("recognise", exit_code=2).stderr


def test_what_the_service_refuses_is_one_line_without_a_traceback(recognition):
    result = recognition("keys", "list", "--data-dir", "nowhere", exit_code=2)
    assert result.stdout == ""
    assert result.stderr.startswith("error: There is no installation here yet")
    assert result.stderr.count("\n") == 1


def test_a_wrong_setting_is_one_line(recognition, monkeypatch):
    monkeypatch.setenv("RECOGNITION_NOW", "yesterday")
    result = recognition("db", "current", exit_code=2)
    assert result.stderr.startswith("error: RECOGNITION_NOW is 'yesterday'")
