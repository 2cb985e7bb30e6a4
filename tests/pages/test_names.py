"""Names are shown as they are, but cannot play tricks."""
# ruff: noqa: RUF001 - names and digits in their own scripts

import pytest

from recognition_service.web.pages.names import visible, warning_about


@pytest.mark.parametrize(
    "name", ["Bērziņa", "حدّاد", "Nguyễn Thị Minh", "می\u200cخواهم", "O’Brien-Smith"]
)
def test_ordinary_names_stay_as_they_are(name):
    assert visible(name) == name
    assert warning_about([name]) is None


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u2066", "\x00", "\u2028"])
def test_hidden_characters_become_visible(hidden):
    assert visible(f"An{hidden}n") == "An\ufffdn"
    assert warning_about([f"An{hidden}n"]) == "name_hidden_characters"


def test_a_word_in_two_scripts_that_look_alike_is_suspicious():
    assert warning_about(["Pаul"]) == "name_mixed_scripts"


def test_two_words_in_two_scripts_are_not():
    assert warning_about(["Пауль Smith", None]) is None


def test_accents_are_stored_together():
    assert visible("Be\u0304rzin\u0327a") == "Bērziņa"


def test_nothing_is_the_empty_text():
    assert visible(None) == ""
