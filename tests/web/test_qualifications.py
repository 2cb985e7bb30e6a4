"""Types of qualifications are found by their titles, on both databases."""

import pytest

ON_BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])


def found(client, **query):
    return client.get("/api/v1/qualifications", query_string=query).json


@ON_BOTH
@pytest.mark.parametrize("query", ["Bakalaura diploms", "bakal dipl", "BAKALAURA"])
def test_a_type_is_found_by_words_of_its_title(client, query):
    items = found(client, query=query, jurisdiction="LV")["items"]
    (shown,) = [item for item in items if item["id"] == "lv-lki--bakalaura-diploms"]
    assert (shown["framework"], shown["level"]) == ("LV-LKI", "6")


@ON_BOTH
def test_accents_do_not_matter(client):
    with_accents = found(client, query="diplôme")["items"]
    assert with_accents
    assert found(client, query="DIPLOME")["items"] == with_accents


@ON_BOTH
def test_pages_neither_skip_nor_repeat(client):
    everything = found(client, query="diplom", limit=200)
    ids, cursor = [], None
    while True:
        query = {"query": "diplom", "limit": 9} | ({"cursor": cursor} if cursor else {})
        page = found(client, **query)
        ids += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None or len(ids) >= 200:
            break
    assert ids[:200] == [item["id"] for item in everything["items"]][: len(ids)]
    assert len(ids) == len(set(ids)) > 9


def test_nothing_found_is_an_empty_list(client):
    assert found(client, query="zzzzzz")["items"] == []
    assert found(client, query="zzzzzz")["next"] is None


@ON_BOTH
@pytest.mark.parametrize(
    "query", ["'", '"', "a*", "a OR b", "(", "&|!", "%", "\\", "AND", "x" * 200, "日本"]
)
def test_signs_of_query_languages_mean_nothing(client, query):
    answer = client.get("/api/v1/qualifications", query_string={"query": query})
    assert answer.status_code == 200


def test_a_long_query_is_refused(client):
    answer = client.get("/api/v1/qualifications", query_string={"query": "x" * 201})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["code"] == "too_long"


def test_a_cursor_of_another_query_is_refused(client):
    cursor = found(client, query="diplom", limit=1)["next"]
    answer = client.get(
        "/api/v1/qualifications", query_string={"query": "x", "cursor": cursor}
    )
    assert (answer.status_code, answer.json["code"]) == (400, "invalid_cursor")
