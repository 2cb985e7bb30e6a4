"""Qualifications are found by words of their titles, alike on both databases."""

from uuid import uuid4

import pytest

from recognition_service.editions.load import load_base_edition
from recognition_service.editions.search import search_titles
from recognition_service.frameworks.titles import search_key
from recognition_service.storage.engine import Database
from recognition_service.storage.migrations import upgrade
from tests.builders import (
    BACHELOR,
    NOW,
    a_deciding_edition,
    a_package,
)
from tests.conftest import POSTGRES_URL, drop_postgres_database
from tests.frameworks.small_edition import row_of

TITLES = {
    "d1": "Diplôme d'État d'infirmier",
    "d2": "Infirmier",
    "d3": "Бакалавр",
    "d4": "Ingenieur (Fachhochschule)",
    "d5": "Größere Übung 2 Æsthetik",
    "d6": "学士学位",
    "d7": "شهادة البكالوريا",
    "d8": "Diplom-Ingenieur",
    "d9": "ΠΤΥΧΙΟ Μηχανικού",
}
FOUND = {
    "infirmier": ["d2", "d1"],
    "INFIRMIER": ["d2", "d1"],
    "infirm": ["d2", "d1"],
    "diplome d'etat": ["d1"],
    "Diplôme État": ["d1"],
    "etat diplome infirmier": ["d1"],
    "бакалавр": ["d3"],
    "bakalavr": ["d3"],
    "БАКАЛ": ["d3", BACHELOR],
    "ingenieur diplom": ["d8"],
    "ingenieur": ["d4", "d8"],
    "grossere ubung": ["d5"],
    "GRÖSSERE": ["d5"],
    "aesthetik 2": ["d5"],
    "学士学位": ["d6"],
    "البكالوريا": ["d7"],
    "πτυχιο": ["d9"],
    "πτυχίο μηχανικου": ["d9"],
    "ngenieur": [],
    "infirmier ingenieur": [],
}
HOSTILE = [
    "'; DROP TABLE qualification_title; --",
    '"; DROP TABLE qualification_search; --',
    "*",
    '"*"',
    "a* OR b*",
    "NEAR(diploma infirmier)",
    "key:diploma",
    "diploma AND",
    "NOT",
    "!infirmier",
    "infirmier | bakalavr",
    "(((",
    "a & b <-> c",
    "infirmier:*A",
    "%",
    "_" * 40,
    "\\",
    "\\%\\_",
    "\0",
    "a\0b",
    "-- ",
    "/* */",
    "{{7*7}}",
    "x" * 10_000,
    "x " * 5_000,
    "bachelor " * 10_000,
    "ﷺ" * 10_000,
    "学" * 10_000,
    "'\"" * 5_000,
    "\U0001f600",
    "1e5 0x1f 12abc",
    "\ud800",
]


def a_package_of_titles():
    edition = a_deciding_edition()
    like = row_of(edition, "qualifications", BACHELOR)
    edition["qualifications"] += [
        {**like, "id": identifier, "title": title}
        for identifier, title in TITLES.items()
    ]
    return a_package(edition)


@pytest.fixture
def titles(own_small):
    own_small.load_edition(a_package_of_titles())

    def found(query, **more):
        return [
            each.qualification_id
            for each in own_small.search_qualifications(query, **more)
        ]

    return found


def test_finds_words_and_beginnings_in_any_accents_case_and_script(titles):
    assert {query: titles(query) for query in FOUND} == FOUND


def test_without_a_word_all_are_found(titles):
    everything = titles("", limit=100)
    assert sorted(everything) == sorted([*TITLES, BACHELOR])
    assert titles(" -!? ", limit=100) == everything


def test_narrows_to_a_jurisdiction_and_a_framework(titles):
    everything = titles("", limit=100)
    assert titles("", limit=100, jurisdiction="LV", framework="LV-LKI") == everything
    assert titles("", jurisdiction="BE-FL") == []
    assert titles("", framework="LV-LKI-2010") == []
    assert titles("", jurisdiction="' OR 1=1 --") == []


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_find_nothing_they_should_not_and_break_nothing(
    installation, query
):
    found = installation.search_qualifications(query, limit=5)
    assert len(found) <= 5
    assert installation.search_qualifications("bachelor", limit=1)


@pytest.mark.parametrize("query", ["", "bachelor", "diplom"])
def test_pages_have_neither_gaps_nor_repetitions(installation, query):
    whole = installation.search_qualifications(query, limit=200)
    pages, cursor = [], None
    while page := installation.search_qualifications(query, cursor=cursor, limit=37):
        pages += page
        cursor = page[-1].position
        if len(pages) >= len(whole):
            break
    assert pages[: len(whole)] == whole
    assert len({each.qualification_id for each in pages}) == len(pages)
    assert [each.position for each in whole] == list(range(1, len(whole) + 1))


def test_both_databases_answer_alike(shipped_sqlite, shipped_postgresql):
    queries = [
        *("", "b", "bachelor", "master of", "diplom", "licence", "1", "magistr"),
        *("degree in", "техник", "学士", "certificate", "ing", "a b", "e"),
    ]
    answers = []
    for database in (shipped_sqlite, shipped_postgresql):
        with database.reading() as session:
            answers.append(
                [search_titles(session, query, limit=500) for query in queries]
            )
    assert answers[0] == answers[1]
    assert sum(map(len, answers[0])) > 1000


def test_the_order_does_not_depend_on_the_language_of_the_server(
    own_small, postgres_server
):
    name = f"recognition_test_language_{uuid4().hex[:12]}"
    postgres_server.execute(
        f'CREATE DATABASE "{name}" TEMPLATE template0 LOCALE_PROVIDER icu '
        "ICU_LOCALE 'sv-SE' ENCODING 'UTF8'"
    )
    url = POSTGRES_URL.rpartition("/")[0] + f"/{name}"
    database = Database(url)
    try:
        upgrade(database)
        package = a_package_with_ids_that_sort_apart()
        own_small.load_edition(package)
        with database.transaction() as session:
            load_base_edition(session, package, actor="service", now=NOW)
        with database.reading() as session:
            found = search_titles(session, "", limit=100)
        assert found == own_small.search_qualifications("", limit=100)
    finally:
        database.close()
        drop_postgres_database(postgres_server, url)


def a_package_with_ids_that_sort_apart():
    edition = a_deciding_edition()
    like = row_of(edition, "qualifications", BACHELOR)
    edition["qualifications"] += [
        {**like, "id": identifier, "title": title, "title_en": other}
        for identifier, title, other in [
            ("a--b", "Zebra", "aardvark"),
            ("a-c", "Zebra", "Ant"),
            ("aa", "Zebra", "zEbra"),
            ("a1", "Zebra", "Äbra"),
        ]
    ]
    return a_package(edition)


def test_the_index_holds_each_title_as_its_key(titles):
    for identifier, title in TITLES.items():
        assert identifier in titles(search_key(title))
