"""Pictures of levels can be read by everybody, and suggest nothing that is not so."""
# ruff: noqa: RUF001 - dashes as the sentences have them

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from recognition_service.equivalence.ladder import pictures
from recognition_service.runtime import ladder_picture as module
from recognition_service.runtime.ladder_layout import (
    WIDTH,
    placed,
    text_width,
    wrapped,
)
from recognition_service.runtime.ladder_picture import ladder_picture
from recognition_service.runtime.spoken_ladder import table_rows, told
from recognition_service.runtime.spoken_names import Names
from recognition_service.web.pages.rendering import static_file
from recognition_service.wording import LANGUAGES
from tests.equivalence.editions import (
    a_framework,
    aligned,
    ask,
    edition,
    shipped_edition,
    two_countries,
)
from tests.equivalence.test_ladder import without_published_tables
from tests.pages.test_style import contrast

SVG = "{http://www.w3.org/2000/svg}"
QUESTIONS = {
    "one to one": (("LV", "BE-FR"), {"framework": "LV-LKI", "level": "6"}),
    "published": (("GB", "GB-SCT"), {"framework": "GB-RQF", "level": "4"}),
    "parts of levels": (("MK", "HR"), {"framework": "MK-MQF", "level": "7A"}),
    "several frameworks": (("LV", "BE"), {"framework": "LV-LKI", "level": "6"}),
    "no level": (
        ("AU", "DE"),
        {"framework": "AU-AQF", "level": "8", "target_framework": "EQF"},
    ),
    "not linked": (("TN", "FR"), {"framework": "TN-CNQ", "level": "5"}),
    "not endorsed": (("NZ", "AE"), {"framework": "NZ-NZQCF", "level": "7"}),
    "treaty": (("LV", "BE-FL"), {"qualification": "lv-lki--bakalaura-diploms"}),
    "long codes": (("CR", "ES"), {"framework": "CR-MNC-EFTP", "level": "1"}),
}
every_question = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
every_language = pytest.mark.parametrize("language", LANGUAGES)
every_direction = pytest.mark.parametrize("direction", ["ltr", "rtl"])


def drawn(question, snapshot=None):
    snapshot = snapshot or shipped_edition()
    places, members = question
    return snapshot, pictures(snapshot, ask(snapshot, *places, **members))


def svg(question, *, snapshot=None, language="en", **options):
    snapshot, found = drawn(question, snapshot)
    return ladder_picture(found, snapshot, language, **options)


def parsed(question, **options):
    return ET.fromstring(svg(question, **options))  # noqa: S314 - our own picture


def words(picture):
    return [element.text for element in picture.iter(f"{SVG}text")]


def styled(picture, tag, style):
    return [
        element
        for element in picture.iter(f"{SVG}{tag}")
        if style in element.get("class", "").split()
    ]


@every_question
@every_language
@every_direction
def test_all_words_stay_inside_the_picture(question, language, direction):
    picture = parsed(question, language=language, direction=direction)
    _, _, width, height = map(float, picture.get("viewBox").split())

    assert width == WIDTH
    in_panels = set(picture.findall(f"{SVG}g[@text-anchor='middle']/{SVG}text"))
    for text in picture.iter(f"{SVG}text"):
        x, y = float(text.get("x")), float(text.get("y"))
        is_bold = "strong" in text.get("class", "")
        extent = text_width(text.text, is_bold=is_bold)
        begin = x - extent if direction == "rtl" else x
        if text in in_panels:
            begin = x - extent / 2
        assert begin >= -0.5, text.text
        assert begin + extent <= width + 0.5, text.text
        assert y <= height - 3, text.text
    for box in picture.iter(f"{SVG}rect"):
        assert float(box.get("x")) >= 1
        assert float(box.get("x")) + float(box.get("width")) <= width - 1


@every_question
def test_labels_stand_inside_their_rungs(question):
    _, found = drawn(question)
    for picture in found:
        for ladder in placed(picture).ladders:
            for rung in ladder.rungs:
                assert rung.box.x >= ladder.rail.x
                assert rung.box.end <= ladder.rail.end
                assert text_width(rung.rung.code, is_bold=True) <= rung.box.width
                assert rung.box.y + rung.box.height < ladder.rail.y + ladder.rail.height


@every_question
def test_rungs_of_two_frameworks_never_stand_side_by_side(question):
    """Heights of different frameworks have nothing in common."""
    _, found = drawn(question)
    for picture in found:
        for one, other in combinations(placed(picture).ladders, 2):
            tops = {each.box.y for each in one.rungs}
            for rung in other.rungs:
                assert all(abs(rung.box.y - top) >= 4 for top in tops)


@every_question
def test_rungs_of_one_framework_do_not_overlap(question):
    _, found = drawn(question)
    for picture in found:
        for ladder in placed(picture).ladders:
            for one, other in combinations(ladder.rungs, 2):
                assert one.box.y + one.box.height < other.box.y


def test_a_derived_relation_is_dashed_and_a_published_one_is_not():
    derived = styled(parsed(QUESTIONS["one to one"]), "path", "tie")
    published = styled(parsed(QUESTIONS["published"]), "path", "tie")

    assert {line.get("class") for line in derived} == {"tie derived"}
    assert {line.get("class") for line in published} == {"tie"}
    assert "stroke-dasharray" in rules(module._STYLE)[".ladder .derived"]


def test_marks_and_lines_are_told_in_words_too():
    told_words = words(parsed(QUESTIONS["one to one"]))

    for each in ("held", "passed", "answer", "LV-LKI 6 – EQF 6: corresponds"):
        assert each in told_words


def test_a_split_has_a_line_to_each_level():
    picture = parsed(QUESTIONS["published"], snapshot=without_published_tables())

    assert words(picture).count("answer") == 2
    assert len(styled(picture, "circle", "end")) == 6


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("no level", "No relation has been published"),
        ("not linked", "The two systems are not linked"),
        ("not endorsed", "A relation exists, but it was not endorsed"),
    ],
)
def test_an_absence_is_a_mark_with_words_and_no_line(name, expected):
    picture = parsed(QUESTIONS[name])

    assert len(styled(picture, "circle", "absent")) == 1
    assert expected in " ".join(words(picture))
    assert styled(picture, "circle", "end") == []
    assert "answer" not in words(picture)


@every_question
def test_the_picture_has_a_name_and_a_description(question):
    picture = parsed(question)
    names = {element.get("id"): element.text for element in picture.iter()}

    assert picture.get("role") == "img"
    for name in picture.get("aria-labelledby").split():
        assert names[name]


def test_the_description_says_what_is_marked():
    snapshot, (picture,) = drawn(QUESTIONS["one to one"])

    assert told(picture, Names(snapshot, "en")).startswith(
        "LV-LKI: level 6 (held). EQF: level 6 (passed). BE-FR-CFC: level 6 (answer)."
    )


def test_the_table_has_every_marked_rung_once():
    snapshot, found = drawn(QUESTIONS["several frameworks"])
    rows = table_rows(found, Names(snapshot, "en"))

    assert [(row.framework, row.level) for row in rows] == [
        ("LV-LKI", "6"),
        ("EQF", "6"),
        ("BE-FL-VKS", "6"),
        ("BE-FR-CFC", "6"),
        ("BE-DE-QDG", None),
    ]
    assert rows[-1].what == "No level of this framework was found"
    assert rows[2].lines == (
        "EQF 6 – BE-FL-VKS 6: corresponds (step of a derived answer)",
    )


def test_what_is_held_stands_where_reading_begins():
    for direction, is_first in (("ltr", True), ("rtl", False)):
        picture = parsed(QUESTIONS["one to one"], direction=direction)
        by_word = {
            text.text: float(text.get("x")) for text in picture.iter(f"{SVG}text")
        }
        assert (by_word["LV-LKI"] < by_word["BE-FR-CFC"]) is is_first
        assert picture.get("direction") == direction


def test_hostile_codes_and_names_stay_text():
    name = '<script>x</script>"&\u202e'
    snapshot = edition(
        two_countries(
            a_framework("BB-QF", "BB", name_en=name),
            aligned("BB-QF:6:HUB:6"),
        )
    )
    drawing = svg(
        (("AA", "BB"), {"framework": "AA-QF", "level": "6"}), snapshot=snapshot
    )

    assert "<script" not in drawing
    assert "\u202e" not in drawing
    ET.fromstring(drawing)  # noqa: S314 - our own picture


def test_a_file_stands_alone():
    drawing = svg(QUESTIONS["one to one"], is_file=True)
    picture = ET.fromstring(drawing.encode())  # noqa: S314 - our own picture

    assert drawing.startswith("<?xml")
    assert picture.find(f"{SVG}style").text == module._STYLE
    assert re.findall(r"href|url\(|@import|var\(", drawing) == []
    assert set(re.findall(r"https?://[^\"<]+", drawing)) == {SVG.strip("{}")}


def rules(style):
    found = re.findall(r"([^{}]+)\{([^}]*)\}", style)
    return {name.strip(): body for name, body in found}


def test_the_site_styles_all_that_a_file_styles():
    of_file = rules(module._STYLE)
    of_site = static_file("site.css").decode()
    styled_there = set(re.findall(r"(?m)^(\.ladder[^{]*?) \{", of_site))

    assert of_file.keys() - {".ladder .paper"} == styled_there


def test_words_stand_out_in_a_file():
    """Source: WCAG 2.2, success criteria 1.4.3 and 1.4.11."""
    style = rules(module._STYLE)

    def colour(name, property_name="fill"):
        return re.search(rf"(?<![a-z-]){property_name}:(#[0-9a-f]+)", style[name])[1]

    for text, ground in (
        (".ladder text", ".ladder .paper"),
        (".ladder text", ".ladder .rail"),
        (".ladder .quiet", ".ladder .paper"),
        (".ladder .quiet", ".ladder .rail"),
        (".ladder .on-answer", ".ladder .answer"),
    ):
        assert contrast(colour(text), colour(ground)) >= 4.5
    for name in (".ladder .tie", ".ladder .held", ".ladder .passed", ".ladder .absent"):
        assert contrast(colour(name, "stroke"), colour(".ladder .paper")) >= 4.5


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("CR-MNC-EFTP", 60),
        ("A relation exists, but it was not endorsed", 90),
        ("Donaudampfschifffahrtsgesellschaft", 50),
        ("資格枠組みの水準についての説明", 70),
        ("", 50),
        ("x", 1),
    ],
)
def test_words_are_wrapped_and_none_is_lost(text, width):
    lines = wrapped(text, width)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line) <= width or len(line) == 1 for line in lines)
