"""`recognition equivalences`: what a qualification or a level is elsewhere."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from recognition_service.cli.credential_files import write_text
from recognition_service.cli.options import (
    data_dir_option,
    day,
    json_option,
    language_option,
)
from recognition_service.cli.output import plain, say, say_json, tell
from recognition_service.clock import fixed_clock, system_clock
from recognition_service.config import read_config
from recognition_service.credentials import strict_json
from recognition_service.credentials.errors import MalformedJSONError
from recognition_service.editions.contents import package_contents
from recognition_service.editions.errors import NoEditionError
from recognition_service.editions.package import (
    read_package,
    shipped_tables_dir,
)
from recognition_service.equivalence.compare import compare
from recognition_service.equivalence.facts import faults_of
from recognition_service.equivalence.ladder import pictures
from recognition_service.equivalence.question import Question
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import Purpose
from recognition_service.runtime.ladder_picture import ladder_picture
from recognition_service.runtime.opening import NotInstalledError, open_runtime
from recognition_service.runtime.spoken_answer import equivalence_document

_DATABASE_FILE = "recognition.sqlite3"


def facts(text: str) -> Mapping[str, object]:
    """Read a JSON object of facts, such as {"final_grade": "8.5/10"}.

    Raises:
        click.BadParameter: It is none, or holds what is not a known fact.
    """
    try:
        known = strict_json.parse_object(text)
    except MalformedJSONError as error:
        raise click.BadParameter(f"no JSON object ({error.reason}).") from error
    faults = [f"facts/{fault.name}: {fault.detail}" for fault in faults_of(known)]
    if faults:
        raise click.BadParameter(" ".join(faults))
    return known


@click.command()
@click.option("--origin", required=True, help="Jurisdiction that awarded, as LV.")
@click.option("--destination", required=True, help="Jurisdiction that is asked.")
@click.option("--qualification", help="Id of a type of qualification.")
@click.option("--framework", help="Framework of the level that is held, as LV-LKI.")
@click.option("--level", help="The level, as that framework writes it.")
@click.option(
    "--purpose",
    type=click.Choice([purpose.value for purpose in Purpose]),
    default=Purpose.GENERAL_EMPLOYMENT.value,
    show_default=True,
)
@click.option("--awarded-on", type=day, help="Without it nothing is decided.")
@click.option("--training-started-on", type=day)
@click.option("--profession", help="Code of a regulated profession.")
@click.option("--target-framework", help="Answer in this framework only.")
@click.option("--facts", "known", type=facts, help="What else is known, as JSON.")
@click.option(
    "--svg",
    "drawing",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw the levels and what relates them into this file.",
)
@data_dir_option
@language_option
@json_option
def equivalences(
    data_dir: Path | None,
    language: str,
    purpose: str,
    known: Mapping[str, object] | None,
    drawing: Path | None,
    *,
    as_json: bool,
    **asked: Any,
) -> None:
    """Compare a qualification, or a level of a framework, with another country's.

    The answer comes from the edition in force of an installation, else from the
    tables that come with the service. "No answer" is an answer.
    """
    snapshot, today = _tables_at_hand(data_dir)
    question = Question(
        asked_on=today, purpose=Purpose(purpose), facts=known or {}, **asked
    )
    answer = compare(snapshot, question)
    document = equivalence_document(answer, snapshot, language)
    if drawing is not None:
        drawn = pictures(snapshot, answer)
        write_text(ladder_picture(drawn, snapshot, language, is_file=True), drawing)
    if as_json:
        say_json(document)
    else:
        _print(document)


def _tables_at_hand(data_dir: Path | None) -> tuple[Snapshot, date]:
    """Return the compiled tables and the present day."""
    config = read_config(data_dir)
    clock = fixed_clock(config.fixed_now) if config.fixed_now else system_clock
    database = config.data_dir / _DATABASE_FILE
    if str(database) not in config.database_url or database.exists():
        try:
            runtime = open_runtime(config)
            try:
                return runtime.snapshot(), clock().date()
            finally:
                runtime.close()
        except (NotInstalledError, NoEditionError):
            pass
    tell("No edition is loaded; the tables that come with the service answer.")
    return _shipped(), clock().date()


def _shipped() -> Snapshot:
    """Return the tables that come with the service, compiled."""
    shipped = package_contents(read_package(shipped_tables_dir()))
    dated = shipped.description.dated
    return Snapshot.build(shipped.tables(), shipped.digest(), dated)


def _print(document: Mapping[str, Any]) -> None:
    """Print the answer: what it is first, then why and from where."""
    found = document["no_answer"] or document["outcome"]
    say(" - ".join(filter(None, (document["result"], found))).replace("_", " "))
    for level in document["levels"]:
        say(f"  {level['framework']} {level['code']} ({level['relation']})")
    say(f"  {plain(document['explanation'])}")
    for reason in document["reasons"]:
        say(f"  {plain(reason['text'])}")
    for condition in document["conditions"]:
        say(f"  Condition ({condition['met']}): {plain(condition['text'])}")
    for name, source in document["sources"].items():
        about = ", ".join(
            str(part) for part in (source["title"], source["year"]) if part
        )
        say(f"  Source {plain(name)}: {plain(about)} {plain(source['url'] or '')}")
    edition = document["edition"]
    say(f"  Edition {edition['date']} {edition['base']}")
