"""Builders for casework: installations, authorities, people, requests.

Amina applies, Bruno decides, Sofia signs, Chen may not, Dora employs.
"""

import json
import shutil
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select, text

from recognition_service.attestations import batches
from recognition_service.attestations.models import BatchKind
from recognition_service.attestations.read import get_attestation, token_of
from recognition_service.authorities.access import authenticate, issue_api_key
from recognition_service.authorities.found import NewAuthority, add_principal
from recognition_service.authorities.mandates import grant_mandate
from recognition_service.authorities.models import KeyRecord, Mode, PrincipalKind, Role
from recognition_service.authorities.standing_orders import (
    approve_standing_order,
    propose_standing_order,
)
from recognition_service.config import Config
from recognition_service.editions.csv_lines import write_csv
from recognition_service.editions.package import (
    Description,
    Package,
    shipped_tables_dir,
)
from recognition_service.recognition.decide import prepare_decision, sign_decision
from recognition_service.recognition.submit import NewApplicant, NewRequest, submit
from recognition_service.runtime.runtime import Runtime
from recognition_service.signing.file_keys import FileKeyStore
from recognition_service.storage import settings
from recognition_service.storage.base import Base
from recognition_service.storage.ids import new_id
from tests.frameworks.small_edition import (
    a_small_edition,
    as_files,
    row_of,
    the_schema,
)

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PUBLIC_URL = "https://recognition.example"
AUTHORITY = "be-fl"
TREATY = "benelux-baltic-2024"
BACHELOR = "lv-lki--bakalaura-diploms"
SEED_NAMES = ("Bērziņa", "Ilze", "Илзе Берзиня", "ilze@example.org", "1994-05-17")
_PASSPHRASE = "correct horse battery staple"
_COMPILED = {}
_FOUNDED = {}


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    at: datetime = NOW

    def __call__(self):
        return self.at

    def pass_by(self, **spans):
        self.at += timedelta(**spans)


def an_installation(tmp_path, database, *, clock=None, is_demo=True):
    """Return a runtime over a migrated database; keys are made in this run.

    What an edition compiles to depends on nothing but its digest, so the compiled
    editions are shared by all tests of a run.
    """
    config = Config(
        data_dir=tmp_path,
        database_url=database.engine.url.render_as_string(hide_password=False),
        keys_dir=tmp_path / "keys",
        keys_passphrase=_PASSPHRASE,
        public_url=PUBLIC_URL,
        fixed_now=None,
    )
    runtime = Runtime(
        config,
        database,
        FileKeyStore(config.keys_dir, config.keys_passphrase),
        clock or Clock(),
        public_url=PUBLIC_URL,
        is_demo=is_demo,
    )
    with database.transaction() as session:
        settings.fix_setting(session, settings.PUBLIC_URL, PUBLIC_URL)
    runtime._compiled = _COMPILED
    return runtime


def an_authority(runtime, authority_id=AUTHORITY, *, mandate=None, **more):
    """Found an authority with a mandate for its jurisdiction; `{}`: for all.

    The same founding at the same instant is done once in a run; later tests get
    its rows and key files again, which takes a tenth of the time.
    """
    known = {
        "id": authority_id,
        "name": "Recognition centre of Flanders (example)",
        "country": "BE",
        "jurisdiction": "BE-FL",
        "mode": Mode.TEST,
        "time_zone": "Europe/Brussels",
    }
    new = NewAuthority(**(known | more))
    if mandate is None:
        mandate = {"jurisdictions": [new.jurisdiction], "valid_from": "2024-01-01"}
    founding = (new, repr(mandate), runtime.now())
    if founding in _FOUNDED:
        _put_back(runtime, *_FOUNDED[founding])
    else:
        runtime.found(new)
        with runtime.database.transaction() as session:
            grant_mandate(
                session, authority_id, mandate, actor="service", now=runtime.now()
            )
        _FOUNDED[founding] = _taken(runtime, authority_id)
    runtime.refresh()
    return authority_id


def _taken(runtime, authority_id):
    """Return all rows of an authority by table, and the files of its keys."""
    rows = {}
    with runtime.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            owner = table.c.id if table.name == "authority" else None
            owner = table.c.authority_id if "authority_id" in table.c else owner
            if owner is not None:
                found = session.execute(select(table).where(owner == authority_id))
                rows[table] = [dict(row) for row in found.mappings()]
    files = {
        path.name: path.read_bytes()
        for row in rows[KeyRecord.__table__]
        for path in [runtime.config.keys_dir / f"{row['thumbprint']}.pem"]
    }
    return {table: values for table, values in rows.items() if values}, files


def _put_back(runtime, rows, files):
    with runtime.database.transaction() as session:
        for table, values in rows.items():
            session.execute(table.insert(), values)
    for name, content in files.items():
        path = runtime.config.keys_dir / name
        path.touch(mode=0o600)
        path.write_bytes(content)


def a_key(runtime, *roles, authority_id=AUTHORITY, kind=PrincipalKind.PERSON):
    """Let a person act for an authority and return their API key."""
    now = runtime.now()
    with runtime.database.transaction() as session:
        principal_id = add_principal(
            session,
            authority_id,
            kind=kind,
            name="Bruno",
            roles=frozenset(roles),
            actor="service",
            now=now,
        )
        return issue_api_key(
            session, authority_id, principal_id, actor="service", now=now
        )


def a_caller(
    runtime, role=Role.OFFICER, *, authority_id=AUTHORITY, kind=PrincipalKind.PERSON
):
    """Return a new person of an authority who has just shown their key."""
    key = a_key(runtime, role, authority_id=authority_id, kind=kind)
    with runtime.database.reading() as session:
        return authenticate(session, key, runtime.now())


def bruno(runtime, authority_id=AUTHORITY):
    return a_caller(runtime, Role.OFFICER, authority_id=authority_id)


def sofia(runtime, authority_id=AUTHORITY):
    return a_caller(runtime, Role.SIGNATORY, authority_id=authority_id)


def chen(runtime, authority_id=AUTHORITY):
    return a_caller(runtime, Role.OBSERVER, authority_id=authority_id)


def a_standing_order(runtime, instrument=TREATY, authority_id=AUTHORITY):
    """Let the rules of an instrument decide, as two people have ordered."""
    now = runtime.now()
    with runtime.database.transaction() as session:
        propose_standing_order(
            session, authority_id, instrument, actor="person:1", note=None, now=now
        )
        approve_standing_order(
            session, authority_id, instrument, actor="person:2", now=now
        )


def an_applicant(**more):
    known = {
        "family_name": "Bērziņa",
        "given_name": "Ilze",
        "birth_date": date(1994, 5, 17),
        "email": "ilze@example.org",
        "other_names": ({"kind": "on_evidence", "name": "Илзе Берзиня"},),
    }
    return NewApplicant(**(known | more))


def a_diploma(**more):
    """A Latvian bachelor's diploma of which everything was established."""
    return {
        "qualification": BACHELOR,
        "origin": "LV",
        "awarded_on": "2019-06-28",
        "institution_status": {
            "recognised": "yes",
            "quality_assured": "yes",
            "source": "https://www.aika.lv/",
        },
        "authenticity": {
            "grade": "confirmed_by_issuer",
            "established_on": "2026-10-30",
        },
    } | more


def an_unknown_diploma(**more):
    """A diploma that stands in no table; an officer must look at it."""
    return {"title": "Diplôme d'université", "origin": "MA"} | more


def a_request(*held, **more):
    known = {
        "decision_kind": "level_comparability",
        "purpose": "general_employment",
        "jurisdiction": "BE-FL",
        "applicant": an_applicant(),
        "held": held or (a_diploma(),),
    }
    return NewRequest(**(known | more))


def submitted(runtime, caller, new=None):
    """Take a request in; return it with the decision by rule, if there is one."""
    edition = runtime.edition(caller.authority_id)
    with runtime.database.transaction() as session:
        return submit(
            session, caller, new or a_request(), edition=edition, now=runtime.now()
        )


def a_full_decision(**more):
    """A decision with outcome "full" and all that the neutral regime demands."""
    return {
        "outcome": "full",
        "decision_kind": "level_comparability",
        "reference": {"framework": "EQF", "level": "6"},
        "legal_basis": ["Decree of 28 June 2013, article 12"],
        "text": {"en": "The diploma is comparable to level 6."},
    } | more


def a_partial_decision(**more):
    """A decision with outcome "partial" and all that the neutral regime demands."""
    return a_full_decision(
        outcome="partial",
        differences=[
            {
                "subject": "Supervised practice",
                "why_essential": "Half of the reference programme.",
                "why_not_covered": "No practice was shown.",
            }
        ],
        remedy={
            "body": "Council for disputes",
            "route": "administrative",
            "within_days": 30,
            "form": "in writing",
        },
        limitations=[{"code": "no_access_to_master", "text": {"en": "Not yet."}}],
    ) | dict(more)


def prepared(runtime, caller, request_id, content=None):
    """Write a decision down and return the request."""
    edition = runtime.edition(caller.authority_id)
    with runtime.database.transaction() as session:
        return prepare_decision(
            session,
            caller,
            request_id,
            content or a_full_decision(),
            edition=edition,
            now=runtime.now(),
        )


def signed(runtime, caller, request_id):
    """Sign the prepared decision; return the request and the signed decision."""
    edition = runtime.edition(caller.authority_id)
    with runtime.database.transaction() as session:
        return sign_decision(
            session, caller, request_id, edition=edition, now=runtime.now()
        )


def a_signed_decision(runtime, *, content=None, new=None, authority_id=AUTHORITY):
    """Return a decision that Bruno prepared and Sofia signed, not yet attested."""
    officer = bruno(runtime, authority_id)
    request, by_rule = submitted(
        runtime, officer, new or a_request(an_unknown_diploma())
    )
    assert by_rule is None
    prepared(runtime, officer, request.id, content)
    _, decision = signed(runtime, sofia(runtime, authority_id), request.id)
    return decision


def an_attestation(runtime, *, content=None, new=None, authority_id=AUTHORITY):
    """Issue the attestation over an officer's decision and return its id."""
    decision = a_signed_decision(
        runtime, content=content, new=new, authority_id=authority_id
    )
    return runtime.issue(authority_id, decision, actor="person:sofia")


def an_attestation_by_rule(runtime, *, new=None):
    """Issue the attestation over a decision by rule and return its id."""
    caller = bruno(runtime)
    _, decision = submitted(runtime, caller, new)
    return runtime.issue(AUTHORITY, decision, actor=caller.actor)


def found_attestation(runtime, attestation_id, authority_id=AUTHORITY):
    with runtime.database.reading() as session:
        return get_attestation(session, authority_id, attestation_id)


def token(runtime, attestation_id, authority_id=AUTHORITY):
    with runtime.database.reading() as session:
        return token_of(session, authority_id, attestation_id)


NEUTRAL_REGIME = """
id = "neutral"
source = "treaty"
evidence = "source_read"
status = "advisory"
procedure = "case"
four_eyes = true
decision_kinds = ["level_comparability", "study_recognition", "professional_access"]
purposes = ["academic_access", "general_employment", "regulated_profession"]
outcomes = ["full", "partial", "refused"]
does_not_allow = ["regulated_profession", "licence"]
name = { en = "Recognition by decision" }
force = { en = "The force that the law of the authority gives it." }
[does_not_allow_by_kind]
professional_access = ["licence"]
[mandatory_contents]
full = ["reasons", "legal_basis"]
partial = ["reasons", "differences", "remedy"]
refused = ["reasons", "remedy", "later_possibilities"]
"""
TREATY_REGIME = """
id = "benelux-baltic"
instrument = "benelux-baltic-2024"
source = "treaty"
evidence = "source_read"
status = "confirmed"
valid_from = "2024-05-01"
procedure = "none"
four_eyes = false
decision_kinds = ["level_comparability"]
purposes = ["academic_access", "general_employment"]
outcomes = ["automatic"]
does_not_allow = ["regulated_profession", "licence"]
name = { en = "Automatic recognition of level" }
force = { en = "The treaty itself recognises the level." }
[mandatory_contents]
automatic = ["legal_basis"]
"""


def a_regime_tree(toml=NEUTRAL_REGIME, **members):
    return tomllib.loads(toml) | members


def a_description(**more):
    known = {
        "label": "2026-11-01",
        "dated": date(2026, 11, 1),
        "title": "Small edition",
        "changes": ("First.",),
    }
    return Description(**(known | more))


def a_deciding_edition():
    """The small edition, in which the treaty decides about the Latvian bachelor."""
    edition = a_small_edition()
    listed = row_of(edition, "agreement_titles", f"{TREATY}:LV:6:1")
    listed.update(qualification=BACHELOR, valid_from="2024-05-01")
    counterpart = {"party": "BE-FL", "framework": "BE-FL-VKS", "title": "Bachelor"}
    edition["agreement_titles"].append(
        {
            **listed,
            **counterpart,
            "id": f"{TREATY}:BE-FL:6",
            "qualification": "",  # The annex names titles; not each has a row.
        }
    )
    like = row_of(edition, "level_alignments", "LV-LKI:6:EQF:6")
    edition["level_alignments"].append(
        {**like, "id": "BE-FL-VKS:6:EQF:6", "framework_a": "BE-FL-VKS"}
    )
    return edition


def a_package(edition=None, regimes=None, **description):
    """A small package of two countries and one treaty, as a reader finds it."""
    rows = {
        table: [{name: cell for name, cell in row.items() if cell} for row in rows]
        for table, rows in (edition or a_deciding_edition()).items()
    }
    trees = {
        "neutral.toml": a_regime_tree(),
        "benelux-baltic.toml": a_regime_tree(TREATY_REGIME),
    }
    return Package(
        a_description(**description),
        the_schema(),
        as_files(rows),
        trees if regimes is None else regimes,
    )


def write_a_package(directory, package):
    """Write the tables of a small package down, with the neutral regime."""
    for name, file in package.files.items():
        rows = (row.cells for row in file.rows)
        write_csv(directory / package.schema[name].path, file.header, rows)
    shutil.copy(shipped_tables_dir() / "datapackage.json", directory)
    (directory / "edition.toml").write_text(
        'id = "2026-11-01"\ndate = 2026-11-01\ntitle = "Small edition"\n'
        'changes = ["First."]\n',
        encoding="utf-8",
    )
    (directory / "regimes").mkdir()
    (directory / "regimes" / "neutral.toml").write_text(NEUTRAL_REGIME, "utf-8")


_REWRITE = (
    "UPDATE table_row SET content = CAST(:content AS {kind}) WHERE digest = "
    "(SELECT row_digest FROM edition_row WHERE authority_id = :owner "
    "AND table_name = :table AND row_id = :row)"
)
_KINDS = {"sqlite": "TEXT", "postgresql": "JSON"}


def rewrite_row(runtime, table, row_id, content, owner="platform"):
    """Write the JSON text of a stored row anew, as nobody ever should."""
    statement = text(_REWRITE.format(kind=_KINDS[runtime.database.engine.name]))
    values = {"table": table, "row": row_id, "content": content, "owner": owner}
    with runtime.database.transaction() as session:
        assert session.execute(statement, values).rowcount == 1


def a_record(officer, reference="A-1", **more):
    """A decision of an officer's own case system, as its body hands it over."""
    return {
        "external_reference": reference,
        "decided_on": "2026-11-02",
        "decided_by": officer.actor,
        "decision_kind": "level_comparability",
        "purpose": "general_employment",
        "destination": {"jurisdiction": "BE-FL"},
        "holder": {
            "family_name": "Haddad",
            "given_name": "Amina",
            "birth_date": "1990-04-02",
        },
        "held_qualification": a_diploma(),
        "decision": {
            "outcome": "full",
            "reference": {"framework": "EQF", "level": "6"},
            "legal_basis": ["Decree of 28 June 2013, article 12"],
            "text": {"en": "The diploma is comparable to level 6."},
        },
    } | more


def a_batch(runtime, signatory, records, formats=("vc+jwt",)):
    """Hand a batch of records in; return its id."""
    now = runtime.now()
    batch_id = new_id(now)
    with runtime.database.transaction() as session:
        batches.open_batch(
            session,
            signatory.authority_id,
            batch_id,
            kind=BatchKind.ISSUE,
            actor=signatory.actor,
            formats=formats,
            edition=runtime.edition(signatory.authority_id).as_value(),
            now=now,
        )
        lines = [
            batches.Line(position, json.dumps(record).encode())
            for position, record in enumerate(records, start=1)
        ]
        batches.add_lines(session, signatory.authority_id, batch_id, lines)
        batches.start_batch(
            session, signatory.authority_id, batch_id, total=len(lines), now=now
        )
    return batch_id
