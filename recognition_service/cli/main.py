"""The command `recognition`: which commands there are, and how errors are told.

A command's module is read when the command is called, never earlier, so that help
and offline checks answer at once.
"""

import sys
from importlib import import_module
from typing import IO, Any, cast

import click

from recognition_service.errors import InvalidInputError, RecognitionError

COMMANDS = {
    "demo": ("demo.command:demo", "Play the stories on real tables and serve them."),
    "serve": ("serve:serve", "Serve the pages and the interface of an installation."),
    "worker": ("worker:worker", "Do the background work of an installation."),
    "verify": ("verify:verify", "Check whether an attestation is genuine and valid."),
    "equivalences": (
        "equivalences:equivalences",
        "Compare a qualification or a level with another country's.",
    ),
    "tables": (
        "tables:tables",
        "Check, compare, load, export and import the equivalence tables.",
    ),
    "authorities": (
        "authorities:authorities",
        "Found and list authorities, grant and end mandates.",
    ),
    "peers": ("peers:peers", "Connect with other installations, or end that."),
    "people": ("people:people", "List, add and dismiss people, and their API keys."),
    "keys": ("keys:keys", "List, check and change the keys of authorities."),
    "trust": ("trust:trust", "Take the trust list along, and pin its keys."),
    "attestations": ("attestations:attestations", "Replay decisions."),
    "credentials": (
        "credentials:credentials",
        "Issue, present and verify credentials in files, with keys in files.",
    ),
    "db": ("db:db", "Bring the database to the schema of this version."),
    "backup": ("backup:backup", "Write database, keys and settings into one file."),
    "restore": ("restore:restore", "Make an installation from a backup."),
    "doctor": ("doctor:doctor", "Look whether everything is whole."),
}
"""Name of a command: its module and object in this room, and its help in a line."""

USAGE = 2


class Refusal(click.ClickException):
    """What the service refused, as one line for the person at the terminal."""

    exit_code = USAGE

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line to stderr."""
        click.echo(f"error: {self.format_message()}", file=file, err=file is None)


class Commands(click.Group):
    """A group whose commands are found by name and read when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help page."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Read a command's module and return the command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(f"recognition_service.cli.{module}"), name)
        return cast("click.Command", command)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the list of commands without reading their modules."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what the service refuses becomes one line on stderr.

        Raises:
            Refusal: Instead of our own errors; any other keeps its traceback.
        """
        try:
            return super().invoke(ctx)
        except RecognitionError as error:
            raise Refusal(_in_one_line(error)) from error


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="recognition-service")
def cli() -> None:
    """Recognise qualifications across borders, and verify what was recognised.

    Progress goes to stderr; with --json exactly one JSON value goes to stdout.
    """


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(cli.main(prog_name="recognition"))


def _in_one_line(error: RecognitionError) -> str:
    """Return the message, and what is wrong where, without line breaks."""
    parts = [str(error) or error.title]
    if isinstance(error, InvalidInputError):
        parts += [
            f"{item.get('pointer') or item.get('parameter')}: "
            f"{item.get('detail') or item.get('code')}"
            for item in error.errors
        ]
    return " ".join("; ".join(parts).split())
