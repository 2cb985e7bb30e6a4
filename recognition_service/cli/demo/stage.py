"""Setting the demonstration up once, and finding it again afterwards."""

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from recognition_service.cli.demo.cast import PLANS, Office, certify_office, open_office
from recognition_service.cli.demo.stories import play_all
from recognition_service.cli.demo.theatre import (
    PlayedClock,
    Sample,
    Theatre,
    claim_code_for,
)
from recognition_service.cli.known import remember
from recognition_service.config import Config
from recognition_service.editions.package import read_package, shipped_tables_dir
from recognition_service.runtime.opening import make_installation, open_runtime
from recognition_service.runtime.runtime import Runtime

PROGRAMME = "demo.json"
_SAMPLES = "samples"
_FOUNDED_BEFORE = timedelta(days=420)

Tell = Callable[[str], None]


def set_up(config: Config, *, public_url: str, now: datetime, tell: Tell) -> Any:
    """Return the programme of the demonstration; play it if it is new.

    Args:
        config: With the data directory.
        public_url: Of a new demonstration.
        now: The present instant; the stories happen in the weeks before.
        tell: Says how far things are.
    """
    remember(config.data_dir)
    programme = config.data_dir / PROGRAMME
    if programme.exists():
        tell("Found the demonstration of an earlier start; ids and keys are the same.")
        return json.loads(programme.read_text(encoding="utf-8"))
    clock = PlayedClock(now - _FOUNDED_BEFORE)
    tell("Making the database ...")
    make_installation(config, public_url=public_url, is_demo=True)
    runtime = open_runtime(config, clock)
    try:
        tell("Checking and loading the equivalence tables ...")
        runtime.load_edition(read_package(shipped_tables_dir()))
        tell("Founding example authorities and making their keys ...")
        offices = {plan.authority.id: open_office(runtime, plan) for plan in PLANS}
        for office in offices.values():
            certify_office(runtime, office)
        tell("Playing the stories ...")
        clock.instant = now
        samples = play_all(Theatre(runtime, clock, offices))
        content = _programme(runtime, offices, samples)
        runtime.save_inputs()
    finally:
        runtime.close()
    _write_private(programme, json.dumps(content, indent=1, ensure_ascii=False))
    return content


def _programme(
    runtime: Runtime, offices: dict[str, Office], samples: list[Sample]
) -> dict[str, Any]:
    """Return what outsiders need, and write the samples into files."""
    first = samples[0]
    directory = runtime.config.data_dir / _SAMPLES
    directory.mkdir(parents=True, exist_ok=True)
    code = claim_code_for(runtime, offices[first.authority], first)
    return {
        "data_dir": str(runtime.config.data_dir),
        "base_url": runtime.public_url,
        "authorities": [
            {
                "id": office.id,
                "name": office.authority.name,
                "country": office.authority.country,
                "api_key": office.api_keys["officer"],
                "api_keys": dict(office.api_keys),
            }
            for office in offices.values()
        ],
        "attestations": [_listed(runtime, directory, sample) for sample in samples],
        "holder": {
            "claim_url": f"{runtime.public_url}/claim",
            "claim_code": code,
            "birth_date": first.birth_date.isoformat(),
        },
        "vc_api": {
            "base_url": runtime.public_url,
            "issuer_id": runtime.open_vc_api(),
        },
    }


def _listed(runtime: Runtime, directory: Path, sample: Sample) -> dict[str, Any]:
    name = f"{sample.label}-{sample.id[-8:]}"
    vc_jwt, sd_jwt = directory / f"{name}.jwt", directory / f"{name}.sd-jwt"
    vc_jwt.write_text(sample.token + "\n", encoding="ascii")
    sd_jwt.write_text(sample.sd_jwt + "\n", encoding="ascii")
    return {
        "id": sample.id,
        "authority": sample.authority,
        "label": sample.label,
        "story": sample.story,
        "vc_jwt": str(vc_jwt),
        "sd_jwt": str(sd_jwt),
        "verify_url": f"{runtime.public_url}/verify",
    }


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read; it holds API keys."""
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    temporary.replace(path)
