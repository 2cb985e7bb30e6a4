"""`recognition demo`: a stranger sees everything work, on real tables."""

import json
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from recognition_service.cli.demo.stage import set_up
from recognition_service.cli.serving import refuse_busy_port, serve
from recognition_service.clock import parse_instant, system_clock
from recognition_service.config import DEFAULT_PORT, Config, read_config

DEFAULT_DATA_DIR = Path("demo-data")
_HOST = "127.0.0.1"


@click.command("demo")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_DATA_DIR,
    show_default=True,
    help="Where the demonstration lives; a second start finds it again.",
)
@click.option("--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT)
@click.option("--no-serve", is_flag=True, help="Play the stories and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--now", "now_text", help="The instant of the demonstration (RFC 3339).")
def demo(
    data_dir: Path, port: int, *, no_serve: bool, as_json: bool, now_text: str | None
) -> None:
    """Play the stories on real tables, then serve them until Ctrl-C.

    Persons and authorities are examples; nobody else believes what they sign.
    """
    config = read_config(data_dir)
    now = _instant(now_text) if now_text else config.fixed_now
    if not no_serve:
        refuse_busy_port(_HOST, port)
    programme = set_up(
        config,
        public_url=config.public_url or f"http://{_HOST}:{port}",
        now=now or system_clock(),
        tell=lambda text: click.echo(text, err=True),
    )
    click.echo(
        json.dumps(programme, ensure_ascii=False) if as_json else _told(programme)
    )
    sys.stdout.flush()
    if not no_serve:
        serve(_at(config, now), host=_HOST, port=port)


def _at(config: Config, now: datetime | None) -> Config:
    """Return the settings with the VC-API open, and the clock standing if it shall."""
    return replace(config, fixed_now=now, vc_api_open=True)


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise click.BadParameter(
            "write it like 2026-11-02T09:00:00Z", param_hint="--now"
        ) from error


def _told(programme: dict[str, Any]) -> str:
    """Return what a person at the terminal reads."""
    base, holder = programme["base_url"], programme["holder"]
    valid = next(a for a in programme["attestations"] if a["label"] == "valid")
    office = next(a for a in programme["authorities"] if a["id"] == valid["authority"])
    samples = "\n".join(
        f"  {sample['label']:<12} {sample['vc_jwt']}\n  {'':<12} {sample['story']}"
        for sample in programme["attestations"]
    )
    return f"""
DEMONSTRATION - example authorities and persons on real equivalence tables.

Employer   {base}/verify
           Paste or upload one of the samples below.
Holder     {holder["claim_url"]}
           Code {holder["claim_code"]}, birth date {holder["birth_date"]}
Officer    {base}/docs
           API key {office["api_keys"]["officer"]}

Samples
{samples}

Try
  curl -s -H 'Content-Type: application/vc+jwt' \\
    --data-binary @{valid["vc_jwt"]} {base}/api/v1/verifications

Everything is in {programme["data_dir"]}; Ctrl-C stops the service.
"""
