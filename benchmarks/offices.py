"""An installation for measuring: the shipped tables, bodies, and people who act."""

from datetime import UTC, datetime
from pathlib import Path

from recognition_service.authorities.access import Caller, authenticate, issue_api_key
from recognition_service.authorities.found import NewAuthority, add_principal
from recognition_service.authorities.mandates import grant_mandate
from recognition_service.authorities.models import Mode, PrincipalKind, Role
from recognition_service.config import Config
from recognition_service.editions.package import read_package, shipped_tables_dir
from recognition_service.runtime.opening import make_installation, open_runtime
from recognition_service.runtime.runtime import Runtime

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
URL = "https://recognition.example"


def bare_installation(directory: Path) -> Runtime:
    """Return an installation on SQLite with the shipped tables and no authority."""
    config = Config(
        data_dir=directory,
        database_url=f"sqlite:///{directory / 'recognition.sqlite3'}",
        keys_dir=directory / "keys",
        keys_passphrase="benchmark",  # noqa: S106  # keys of this run only
        public_url=URL,
        fixed_now=NOW,
    )
    make_installation(config, public_url=URL, is_demo=True)
    runtime = open_runtime(config)
    runtime.load_edition(read_package(shipped_tables_dir()))
    return runtime


def found_office(
    runtime: Runtime, authority_id: str, name: str, country: str, jurisdiction: str
) -> None:
    """Found an authority with a mandate for its jurisdiction."""
    runtime.found(
        NewAuthority(
            id=authority_id,
            name=name,
            country=country,
            jurisdiction=jurisdiction,
            mode=Mode.TEST,
            time_zone="Europe/Brussels",
        )
    )
    mandate = {"jurisdictions": [jurisdiction], "valid_from": "2026-01-01"}
    with runtime.database.transaction() as session:
        grant_mandate(session, authority_id, mandate, actor="service", now=NOW)


def person(runtime: Runtime, authority_id: str, role: Role) -> tuple[Caller, str]:
    """Let a person act for an authority; return who it is and the API key."""
    with runtime.database.transaction() as session:
        principal = add_principal(
            session,
            authority_id,
            kind=PrincipalKind.PERSON,
            name=role.value,
            roles=frozenset({role}),
            actor="service",
            now=NOW,
        )
        key = issue_api_key(session, authority_id, principal, actor="service", now=NOW)
        return authenticate(session, key, NOW), key
