"""Phrases for reasons: a closed catalogue in every language."""

from string import Formatter

import pytest

from recognition_service.recognition.phrases import PHRASES, PhraseGroup
from recognition_service.wording import LANGUAGES, catalogue

PATH = "/api/v1/reason-phrases"


def places(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_and_its_sentences_are_the_same_codes(language):
    written = {
        key.removeprefix("phrase.")
        for key in catalogue(language)
        if key.startswith("phrase.")
    }
    assert written == set(PHRASES)


@pytest.mark.parametrize("code", PHRASES)
def test_a_phrase_has_the_same_places_in_every_language(code):
    wanted = places(catalogue("en")[f"phrase.{code}"])
    assert [
        language
        for language in LANGUAGES
        if places(catalogue(language)[f"phrase.{code}"]) != wanted
    ] == []


def test_phrases_are_listed_with_their_places(client):
    items = client.get(PATH).json["items"]
    assert [item["code"] for item in items] == list(PHRASES)
    assert {item["group"] for item in items} == set(PhraseGroup)
    (level,) = [item for item in items if item["code"] == "level_same"]
    assert (level["group"], level["placeholders"]) == ("element", ["held", "required"])
    assert set(level["text"]) == {"en", "fr"}
    assert "{held}" in level["text"]["fr"]


def test_one_language_and_one_group_can_be_asked_for(client):
    answer = client.get(f"{PATH}?language=fr&group=covered").json
    assert {item["group"] for item in answer["items"]} == {"covered"}
    assert {tuple(item["text"]) for item in answer["items"]} == {("fr",)}
    assert client.get(f"{PATH}?language=de").status_code == 422
