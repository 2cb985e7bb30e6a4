"""An authority is founded with an id, a time zone and its keys."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from recognition_service.authorities.errors import (
    AuthorityExistsError,
    AuthorityNotFoundError,
)
from recognition_service.authorities.found import (
    NewAuthority,
    add_principal,
    all_authorities,
    all_principals,
    coordinator_for,
    day_begins,
    found_authority,
    get_authority,
    legal_day,
)
from recognition_service.authorities.keys import all_keys
from recognition_service.authorities.models import (
    Authority,
    Function,
    Mode,
    Principal,
    PrincipalKind,
    Role,
)
from recognition_service.errors import InvalidInputError
from recognition_service.storage.engine import Database
from recognition_service.storage.models import AuditEntry
from tests.builders import an_authority


def a_new_authority(**more):
    known = {
        "id": "be-fl",
        "name": "Recognition centre",
        "country": "BE",
        "jurisdiction": "BE-FL",
        "mode": Mode.TEST,
        "time_zone": "Europe/Brussels",
    }
    return NewAuthority(**(known | more))


def found(database, now, **more):
    with database.transaction() as session:
        found_authority(session, a_new_authority(**more), actor="service", now=now)


def test_an_authority_has_a_key_for_each_purpose_from_its_beginning(small):
    an_authority(small)
    with small.database.reading() as session:
        authority = get_authority(session, "be-fl")
        keys = all_keys(session, "be-fl")
        actions = session.scalars(
            select(AuditEntry.action).where(AuditEntry.authority_id == "be-fl")
        ).all()
    assert (authority.country, authority.mode) == ("BE", Mode.TEST)
    assert (authority.trusted_from, authority.trusted_until) == (small.now(), None)
    assert sorted((key.purpose, key.algorithm) for key in keys) == [
        ("attestations", "ES256"),
        ("attestations", "EdDSA"),
        ("exchange", "ES256"),
        ("receipts", "ES256"),
        ("status", "ES256"),
    ]
    assert sorted(actions) == [
        "authority.founded",
        *["key.created"] * 5,
        "mandate.granted",
    ]


def test_an_authority_is_something_among_the_others(database, now):
    with pytest.raises(InvalidInputError, match="at least one function"):
        found(database, now, functions=frozenset())
    both = frozenset({Function.PROVIDER, Function.COORDINATOR})
    found(database, now, functions=both)
    found(database, now, id="plain")
    with database.reading() as session:
        assert [row.functions for row in all_authorities(session)] == [
            ["coordinator", "provider"],
            ["competent_authority"],
        ]


def test_the_nearest_coordinator_is_found_and_never_oneself(database, now):
    coordinates = {"functions": frozenset({Function.COORDINATOR})}
    found(database, now, id="be", jurisdiction="BE", **coordinates)
    found(database, now, id="be-fl-all", **coordinates)
    found(database, now, id="be-fl-live", mode=Mode.LIVE, **coordinates)
    found(database, now, id="centre")
    found(database, now, id="elsewhere", country="LV", jurisdiction="LV")

    def coordinator_of(name):
        with database.reading() as session:
            told = coordinator_for(session, get_authority(session, name))
            return told and told.id

    assert coordinator_of("centre") == "be-fl-all"
    assert coordinator_of("be-fl-all") == "be"
    assert coordinator_of("elsewhere") is None


def test_a_day_begins_where_the_authority_is():
    authority = Authority(id="x", time_zone="Europe/Riga")
    begins = day_begins(authority, date(2026, 11, 2))
    assert begins == datetime(2026, 11, 1, 22, tzinfo=UTC)


def test_takes_short_names_as_ids(database, now):
    names = ["9", "a", "a" * 62, "be-fl", "ma-2"]
    for name in names:
        found(database, now, id=name)
    with database.reading() as session:
        assert [row.id for row in all_authorities(session)] == names


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "BE",
        "be_fl",
        "-be",
        "be-",
        "be fl",
        "be\n",
        "bé",
        "../be",
        "be/fl",
        "be#1",
        "٣",
        "a" * 63,
        "platform",
    ],
)
def test_refuses_ids_that_cannot_stand_in_urls(sqlite_url, now, identifier):
    database = Database(sqlite_url)
    with pytest.raises(InvalidInputError, match="cannot be an id"):
        found(database, now, id=identifier)
    assert_nothing_is_stored(database)
    database.close()


@pytest.mark.parametrize(
    "zone",
    [
        "",
        "Europe",
        "Brussels",
        "europe/nowhere",
        "+02:00",
        "../Europe/Brussels",
        "/etc/localtime",
        "Europe/Brussels\0",
        "Europe/" + "x" * 300,
        "\ud800",
    ],
)
def test_refuses_what_is_no_time_zone(sqlite_url, now, zone):
    database = Database(sqlite_url)
    with pytest.raises(InvalidInputError, match="is no time zone"):
        found(database, now, time_zone=zone)
    assert_nothing_is_stored(database)
    database.close()


def test_refuses_an_id_that_is_taken(database, now):
    found(database, now)
    with pytest.raises(AuthorityExistsError, match="be-fl"):
        found(database, now, name="Another")
    with database.reading() as session:
        assert get_authority(session, "be-fl").name == "Recognition centre"


def test_says_which_authority_there_is_not(database):
    with (
        database.reading() as session,
        pytest.raises(AuthorityNotFoundError, match="no authority nowhere"),
    ):
        get_authority(session, "nowhere")


def test_a_system_prepares_and_never_signs(database, now):
    found(database, now)

    def add(*roles):
        with database.transaction() as session:
            return add_principal(
                session,
                "be-fl",
                kind=PrincipalKind.SYSTEM,
                name="Case system",
                roles=frozenset(roles),
                actor="service",
                now=now,
            )

    officer = add(Role.OFFICER, Role.CLERK)
    with pytest.raises(InvalidInputError, match="only a person signs"):
        add(Role.OFFICER, Role.SIGNATORY)
    with database.reading() as session:
        (row,) = session.scalars(select(Principal))
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "principal.added")
        ).one()
    assert (row.id, row.roles) == (officer, ["clerk", "officer"])
    assert entry.content == {"kind": "system", "roles": ["clerk", "officer"]}


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_somebody_has_a_name(small_on_sqlite, name):
    an_authority(small_on_sqlite)
    with pytest.raises(InvalidInputError, match="1 to 200"):
        hired(small_on_sqlite, name)
    with small_on_sqlite.database.reading() as session:
        assert all_principals(session, "be-fl") == []


def test_nobody_acts_for_an_authority_that_is_not_there(small):
    with pytest.raises(AuthorityNotFoundError):
        hired(small, "Bruno", "nowhere")


def test_lists_who_acts_for_an_authority_in_order(small, clock):
    an_authority(small)
    an_authority(small, "ma")
    for name in ("Bruno", "Amina", "Zoé"):
        hired(small, name)
        clock.pass_by(hours=1)
    hired(small, "Chen", "ma")
    with small.database.reading() as session:
        names = [row.name for row in all_principals(session, "be-fl")]
    assert names == ["Bruno", "Amina", "Zoé"]


@pytest.mark.parametrize(
    ("zone", "instant", "day"),
    [
        ("Europe/Brussels", datetime(2026, 11, 1, 22, 59, tzinfo=UTC), "2026-11-01"),
        ("Europe/Brussels", datetime(2026, 11, 1, 23, 0, tzinfo=UTC), "2026-11-02"),
        ("America/Toronto", datetime(2026, 11, 2, 4, 59, tzinfo=UTC), "2026-11-01"),
        ("Pacific/Kiritimati", datetime(2026, 11, 1, 10, 0, tzinfo=UTC), "2026-11-02"),
        ("UTC", datetime(2026, 11, 1, 23, 59, tzinfo=UTC), "2026-11-01"),
    ],
)
def test_the_legal_date_is_the_date_in_the_zone_of_the_authority(zone, instant, day):
    assert legal_day(Authority(id="x", time_zone=zone), instant).isoformat() == day


def hired(runtime, name, authority_id="be-fl"):
    with runtime.database.transaction() as session:
        return add_principal(
            session,
            authority_id,
            kind=PrincipalKind.PERSON,
            name=name,
            roles=frozenset({Role.CLERK}),
            actor="service",
            now=runtime.now(),
        )


def assert_nothing_is_stored(database):
    with database.reading() as session:
        assert session.scalars(select(Authority)).all() == []
        assert session.scalars(select(AuditEntry)).all() == []
