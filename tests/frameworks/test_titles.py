import pytest

from recognition_service.frameworks.titles import search_key, words


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Бакалавр", "bakalavr"),
        ("Bērziņš", "berzins"),
        ("Lehrabschlussprüfung", "lehrabschlussprufung"),
        ("Lehrabschlußprüfung", "lehrabschlussprufung"),
        ("LEHRABSCHLUSSPRÜFUNG", "lehrabschlussprufung"),
        ("Ærø", "aero"),
        ("İstanbul", "istanbul"),
        ("Świadectwo dojrzałości", "swiadectwo dojrzalosci"),
        ("Diplôme d'État d\u2019infirmier", "diplome d etat d infirmier"),
        ("Bằng tốt nghiệp", "bang tot nghiep"),
        ("Πτυχίο", "ptychio"),
        ("Бакалаврський рівень", "bakalavrskiy riven"),
        ("학사", "hagsa"),
        ("Master / Médecin (Bac\uff0b5)", "master medecin bac 5"),
        ("  Certificate   III ", "certificate iii"),
        ("—", ""),
    ],
)
def test_finds_titles_whatever_accents_case_and_script(title, key):
    assert search_key(title) == key


def test_composed_and_decomposed_letters_have_one_key():
    assert search_key("e\u0301cole") == search_key("\u00e9cole") == "ecole"


def test_a_key_is_its_own_key():
    for title in ("Бакалавр", "Diplôme d'État", "학사", "Ærø 4+"):
        assert search_key(search_key(title)) == search_key(title)


def test_gives_the_words_of_a_query_once_and_in_order():
    assert words("diploms Bakalaura DIPLOMS") == ("diploms", "bakalaura")
    assert words(" ?! ") == ()
