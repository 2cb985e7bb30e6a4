"""Instants, ids and numbers mean the same on both databases."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from recognition_service.storage.engine import Database
from recognition_service.storage.errors import DatabaseURLError
from recognition_service.storage.ids import new_id
from recognition_service.storage.models import AuditCheckpoint
from recognition_service.storage.numbering import next_number
from recognition_service.storage.settings import fix_setting, read_setting


def keep(database, instant):
    with database.transaction() as session:
        session.add(
            AuditCheckpoint(
                authority_id="a", position=1, chain_digest="x", at=instant, token="t"
            )
        )
    with database.reading() as session:
        return session.query(AuditCheckpoint).one().at


def test_an_instant_comes_back_in_utc(database, now):
    tokyo = timezone(timedelta(hours=9))
    assert keep(database, now.astimezone(tokyo)) == now


def test_an_instant_before_1970_comes_back(database, now):
    long_ago = now.replace(year=1912)
    assert keep(database, long_ago) == long_ago


def test_an_instant_without_a_zone_is_refused(database):
    with pytest.raises(StatementError, match="NaiveInstantError"):
        keep(database, datetime(2026, 1, 1))  # noqa: DTZ001  # the very thing refused


def test_ids_are_of_version_7_and_ordered_by_time(now):
    first, later = new_id(now), new_id(now + timedelta(milliseconds=1))
    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert first < later
    assert new_id(now) != new_id(now)


def test_numbers_count_per_authority_and_year(database):
    with database.transaction() as session:
        given = [
            next_number(session, authority, "REC", year)
            for authority, year in [("a", 2026), ("a", 2026), ("b", 2026), ("a", 2027)]
        ]
    assert given == [
        "REC-2026-000001",
        "REC-2026-000002",
        "REC-2026-000001",
        "REC-2027-000001",
    ]


def test_a_setting_is_fixed_by_the_first_who_sets_it(database):
    with database.transaction() as session:
        assert fix_setting(session, "public_url", "http://a") == "http://a"
        assert fix_setting(session, "public_url", "http://b") == "http://a"
    with database.reading() as session:
        assert read_setting(session, "public_url") == "http://a"


@pytest.mark.parametrize("url", ["mysql://x/y", "no url", ""])
def test_another_kind_of_database_is_refused(url):
    with pytest.raises(DatabaseURLError):
        Database(url)
