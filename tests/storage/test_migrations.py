"""Every migration goes up and down, with data, on both databases."""

import zlib
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect, select

from recognition_service.attestations.models import (
    Attestation,
    Copy,
    StatusEntry,
    StatusList,
    StatusPublication,
)
from recognition_service.attestations.packing import unpack
from recognition_service.authorities.models import Authority, KeyRecord
from recognition_service.dual_certification.models import Track, TrackBackground
from recognition_service.recognition.models import HeldQualification
from recognition_service.storage import migrations
from recognition_service.storage.base import Base
from recognition_service.storage.engine import Database
from recognition_service.storage.errors import MigrationFailedError, SchemaBehindError
from recognition_service.storage.models import NumberSeries
from recognition_service.storage.numbering import next_number


def revisions():
    directory = ScriptDirectory.from_config(migrations._alembic_config())
    return [script.revision for script in directory.walk_revisions()][::-1]


def test_the_code_knows_its_newest_revision():
    assert revisions()[-1] == migrations.NEWEST


def test_the_models_and_the_migrations_say_the_same(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, Base.metadata)
    assert [d for d in differences if "_search" not in str(d)] == []


@pytest.mark.parametrize("revision", revisions())
def test_a_revision_goes_down_and_up_again_and_keeps_the_data(database, revision):
    with database.transaction() as session:
        next_number(session, "a", "REC", 2026)
    order = revisions()
    before = order[order.index(revision) - 1] if order.index(revision) else None
    if before is None:
        migrations.downgrade(database, "base")
        tables = set(inspect(database.engine).get_table_names())
        assert tables <= {"alembic_version"}
        migrations.upgrade(database)
        return
    migrations.downgrade(database, before)
    migrations.upgrade(database)
    with database.reading() as session:
        assert session.get(NumberSeries, ("a", "REC-2026")).last == 1


def test_a_database_of_another_schema_is_refused_with_the_command_that_helps(database):
    migrations.require_current(database)
    migrations.downgrade(database, "base")
    with pytest.raises(SchemaBehindError, match="recognition db upgrade"):
        migrations.require_current(database)


RECORD = {"inputs": {"nonce": "x", "held": {"title": "Licence"}}, "findings": {}}
PAYLOAD = b'{"id":"urn:uuid:0193a1c2-7d1b-7c55-9a51-0d6f2a7e9c11"}'


def an_attestation_of_the_third_schema(session):
    """An authority, a key, and a revoked attestation with its published list."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    first, second = (UUID(int=n).hex if is_sqlite else UUID(int=n) for n in (1, 2))
    owner, one = {"authority_id": "a"}, {"authority_id": "a", "id": first}
    rows = {
        "authority": {
            "id": "a",
            "name": "A",
            "country": "BE",
            "jurisdiction": "BE-FL",
            "mode": "test",
            "language": "en",
            "time_zone": "UTC",
            "created_at": 1,
            "trusted_from": 1,
        },
        "key_record": owner
        | {
            "thumbprint": "t",
            "purpose": "status",
            "algorithm": "ES256",
            "public_jwk": {"kty": "EC"},
            "created_at": 7,
        },
        "attestation": one
        | {
            "number": "ATT-1",
            "decision_id": second,
            "record": RECORD,
            "decision_digest": "sha256-",
            "mandate": "m",
            "validity_from": date(2026, 11, 2),
            "status": "revoked",
            "status_since": 9,
            "reserved_at": 8,
            "issued_at": 8,
            "version": 2,
        },
        "copy": one
        | {
            "attestation_id": first,
            "format": "vc+jwt",
            "jti": "j",
            "list_number": 1,
            "status_index": 77,
            "payload": zlib.compress(PAYLOAD),
            "payload_digest": "sha256-",
            "kid": "k",
            "algorithm": "ES256",
            "signature": b"s",
            "state": "issued",
            "reserved_at": 8,
            "issued_at": 8,
        },
        "status_list": owner
        | {
            "number": 1,
            "size": 1 << 20,
            "wanted_version": 2,
            "published_version": 2,
            "token": "the token",
            "published_at": 9,
        },
    }
    metadata = MetaData()
    metadata.reflect(session.get_bind(), only=list(rows))
    for name, row in rows.items():
        session.execute(metadata.tables[name].insert(), row)


def test_attestations_of_the_third_schema_are_kept_by_the_fourth(database):
    migrations.downgrade(database, "0003")
    with database.transaction() as session:
        an_attestation_of_the_third_schema(session)
    migrations.upgrade(database)
    with database.reading() as session:
        attestation = session.scalars(select(Attestation)).one()
        assert attestation.record == RECORD
        copy = session.scalars(select(Copy)).one()
        assert (unpack(copy.payload), copy.header, copy.disclosures) == (
            PAYLOAD,
            None,
            None,
        )
        places = session.scalars(select(StatusList)).one()
        assert (places.taken, places.publications, places.purpose) == (
            1,
            1,
            "attestations",
        )
        entry = session.scalars(select(StatusEntry)).one()
        assert (entry.status_index, entry.value, entry.version) == (77, 1, 2)
        publication = session.scalars(select(StatusPublication)).one()
        assert (publication.token, publication.form) == ("the token", "tsl")
        assert session.scalars(select(KeyRecord)).one().active_from == datetime(
            1970, 1, 1, 0, 0, 7, tzinfo=UTC
        )
    migrations.downgrade(database, "0003")
    with database.reading() as session:
        metadata = MetaData()
        metadata.reflect(
            session.get_bind(), only=["attestation", "status_list", "copy"]
        )
        record = session.scalar(select(metadata.tables["attestation"].c.record))
        assert record == RECORD
        token = session.scalar(select(metadata.tables["status_list"].c.token))
        assert token == "the token"
        payload = session.scalar(select(metadata.tables["copy"].c.payload))
        assert zlib.decompress(payload) == PAYLOAD


def a_case_of_the_fifteenth_schema(session, title):
    """A request of an authority with one held qualification."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    one = UUID(int=1).hex if is_sqlite else UUID(int=1)
    key = {"authority_id": "a", "id": one}
    rows = {
        "authority": {
            "id": "a",
            "name": "A",
            "country": "BE",
            "jurisdiction": "BE-FL",
            "mode": "test",
            "language": "en",
            "time_zone": "UTC",
            "functions": [],
            "created_at": 1,
            "trusted_from": 1,
        },
        "applicant": key | {"family_name": "A", "other_names": [], "created_at": 1},
        "recognition_request": key
        | {
            "applicant_id": one,
            "status": "submitted",
            "procedure": "case",
            "language": "en",
            "stage": "in_transit",
            "decision_kind": "licence",
            "purpose": "general_employment",
            "destination": "BE-FL",
            "regime": "neutral",
            "routing_reasons": [],
            "edition": {},
            "submitted_at": 1,
            "submitted_by": "service",
            "version": 1,
        },
        "held_qualification": key
        | {
            "request_id": one,
            "position": 0,
            "title": title,
            "origin": "LV",
            "content": {},
        },
    }
    metadata = MetaData()
    metadata.reflect(session.get_bind(), only=list(rows))
    for name, row in rows.items():
        session.execute(metadata.tables[name].insert(), row)


def test_titles_of_earlier_schemas_get_their_keys(database):
    migrations.downgrade(database, "0015")
    with database.transaction() as session:
        a_case_of_the_fifteenth_schema(session, "  Bakalaura\u00a0DIPLOMS " + "x" * 300)
    migrations.upgrade(database)
    with database.reading() as session:
        (key,) = session.scalars(select(HeldQualification.title_key))
    assert key == ("bakalaura diploms " + "x" * 300)[:200]


def test_authorities_of_earlier_schemas_are_competent_authorities(database):
    migrations.downgrade(database, "0003")
    with database.transaction() as session:
        an_attestation_of_the_third_schema(session)
    migrations.upgrade(database)
    with database.reading() as session:
        assert session.scalars(select(Authority.functions)).all() == [
            ["competent_authority"]
        ]


def test_a_schema_change_that_would_leave_rows_in_the_air_is_undone(sqlite_url):
    database = Database(sqlite_url)
    migrations.downgrade(database, "0003")
    with database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute(
            "INSERT INTO api_key VALUES ('a', 'x', 'y', 'rk_', 'd', 1, NULL)"
        )
        driver.execute("PRAGMA foreign_keys=ON")
    with pytest.raises(MigrationFailedError):
        migrations.upgrade(database)
    assert migrations.current_revision(database.engine) == "0003"
    database.close()


def tracks_of_the_eighteenth_schema(session):
    """An authority with two tracks, one of somebody whose birth date is on file."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    ids = [UUID(int=n).hex if is_sqlite else UUID(int=n) for n in (1, 2)]
    owner = {"authority_id": "a"}
    rows = {
        "authority": [
            {
                "id": "a",
                "name": "A",
                "country": "BE",
                "jurisdiction": "BE-FL",
                "mode": "test",
                "language": "en",
                "time_zone": "UTC",
                "created_at": 1,
                "trusted_from": 1,
                "functions": [],
            }
        ],
        "curriculum": [owner | {"digest": "d", "content": {}}],
        "track": [
            owner
            | {
                "id": each,
                "curriculum": "d",
                "programme": "prog-example-1",
                "is_example": True,
                "participant_ref": f"P-{number}",
                "course": "home",
                "status": "running",
                "enrolled_on": date(2026, 2, 28),
                "consent": {},
                "interruptions": [],
                "opened_at": 1,
                "opened_by": "service",
                "version": 1,
            }
            for number, each in enumerate(ids)
        ],
        "track_participant": [
            owner
            | {"id": each, "other_names": [], "birth_date": born, "experience": []}
            for each, born in zip(ids, (date(2001, 3, 1), None), strict=True)
        ],
    }
    metadata = MetaData()
    metadata.reflect(session.get_bind(), only=list(rows))
    for name, of_table in rows.items():
        session.execute(metadata.tables[name].insert(), of_table)


def test_tracks_of_the_eighteenth_schema_get_an_age_band(database):
    migrations.downgrade(database, "0018")
    with database.transaction() as session:
        tracks_of_the_eighteenth_schema(session)
    migrations.upgrade(database)
    with database.reading() as session:
        found = session.scalars(select(TrackBackground).order_by(TrackBackground.id))
        assert [(each.sex, each.age_band) for each in found] == [
            ("not_stated", "15-24"),
            ("not_stated", "not_stated"),
        ]
        assert set(session.scalars(select(Track.origin))) == {None}
    migrations.downgrade(database, "0018")
