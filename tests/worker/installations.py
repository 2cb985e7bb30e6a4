"""An installation where a treaty rule recognises Amina's diploma at once."""

from datetime import UTC, date, datetime

from recognition_service.attestations.status import Status, change_status
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import NewAuthority, add_principal
from recognition_service.authorities.mandates import grant_mandate
from recognition_service.authorities.models import Mode, PrincipalKind, Role
from recognition_service.authorities.standing_orders import (
    approve_standing_order,
    propose_standing_order,
)
from recognition_service.clock import fixed_clock
from recognition_service.config import Config
from recognition_service.editions.package import read_package, shipped_tables_dir
from recognition_service.recognition.submit import NewApplicant, NewRequest, submit
from recognition_service.runtime.opening import make_installation, open_runtime

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PUBLIC_URL = "https://recognition.example"
OFFICE = "be-fl"
INSTRUMENT = "benelux-baltic-2024"
DIPLOMA = {
    "qualification": "lv-lki--bakalaura-diploms",
    "origin": "LV",
    "awarded_on": "2019-06-28",
    "institution_status": {
        "recognised": "yes",
        "quality_assured": "yes",
        "source": "https://register.example",
    },
    "authenticity": {
        "grade": "confirmed_by_issuer",
        "established_on": "2026-11-02",
    },
}


def settings(directory, database_url=None, now=NOW):
    """Return the settings of an installation in a directory."""
    return Config(
        data_dir=directory,
        database_url=database_url or f"sqlite:///{directory / 'recognition.sqlite3'}",
        keys_dir=directory / "keys",
        keys_passphrase="correct horse battery staple",
        public_url=PUBLIC_URL,
        fixed_now=now,
    )


def prepare(config):
    """Make an installation with tables and an office that may decide by rule."""
    make_installation(config, public_url=PUBLIC_URL, is_demo=True)
    runtime = open_runtime(config)
    runtime.load_edition(read_package(shipped_tables_dir()))
    runtime.found(
        NewAuthority(
            id=OFFICE,
            name="Recognition centre of Flanders (example)",
            country="BE",
            jurisdiction="BE-FL",
            mode=Mode.TEST,
            time_zone="Europe/Brussels",
        )
    )
    bruno, dora = hire(runtime, "Bruno"), hire(runtime, "Dora")
    with runtime.database.transaction() as session:
        grant_mandate(
            session,
            OFFICE,
            {"jurisdictions": ["BE-FL"], "valid_from": "2024-01-01"},
            actor="service",
            now=NOW,
        )
        order = (session, OFFICE, INSTRUMENT)
        propose_standing_order(*order, actor=bruno.actor, note=None, now=NOW)
        approve_standing_order(*order, actor=dora.actor, now=NOW)
    runtime.close()


def hire(runtime, name):
    """Let an officer act for the office."""
    roles = frozenset({Role.OFFICER})
    with runtime.database.transaction() as session:
        principal_id = add_principal(
            session,
            OFFICE,
            kind=PrincipalKind.PERSON,
            name=name,
            roles=roles,
            actor="service",
            now=runtime.now(),
        )
    return Caller(
        authority_id=OFFICE,
        principal_id=principal_id,
        kind=PrincipalKind.PERSON,
        name=name,
        roles=roles,
        mode=Mode.TEST,
    )


def decide(runtime):
    """Let Amina apply; return the decision that the rule made."""
    caller = hire(runtime, "Bruno")
    request = NewRequest(
        decision_kind="level_comparability",
        purpose="general_employment",
        jurisdiction="BE-FL",
        applicant=NewApplicant(
            family_name="Haddad", given_name="Amina", birth_date=date(1994, 5, 17)
        ),
        held=(DIPLOMA,),
    )
    with runtime.database.transaction() as session:
        _, signed = submit(
            session, caller, request, edition=runtime.edition(OFFICE), now=runtime.now()
        )
    return signed


def issue(runtime):
    """Return the id of an attestation over a fresh decision."""
    return runtime.issue(OFFICE, decide(runtime), actor="service")


def revoke(runtime, attestation_id):
    """Revoke an attestation; nothing is published by that."""
    with runtime.database.transaction() as session:
        change_status(
            session,
            OFFICE,
            attestation_id,
            status=Status.REVOKED,
            reason="error",
            actor="person:bruno",
            now=runtime.now(),
        )


def put_forward(runtime, instant):
    """Let the runtime's clock stand at another instant."""
    runtime._clock = fixed_clock(instant)
