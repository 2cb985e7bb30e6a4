"""Bars can be read by everybody: every number stands there in words."""

from xml.etree import ElementTree as ET

import pytest

from recognition_service.runtime.bar_picture import Bar, BarGroup, bar_picture
from recognition_service.runtime.ladder_layout import WIDTH, text_width

SVG = "{http://www.w3.org/2000/svg}"
GROUPS = [
    BarGroup(
        "Democratic Republic of the Congo & its neighbours in the region",
        [
            Bar("Fully recognised", 1204, "1204"),
            Bar("Granted because the time limit passed", 7, "7"),
            Bar("Not recognised", None, "not shown"),
        ],
    ),
    BarGroup("", [Bar("Nobody", 0, "0"), Bar("<script>", 12, "12")]),
]


def drawn(direction="ltr"):
    svg = bar_picture("p", "Outcomes", GROUPS, "en", direction=direction)
    return ET.fromstring(svg)  # noqa: S314  # drawn here


def test_names_numbers_and_what_is_hidden_stand_there():
    picture = drawn()
    said = picture.find(f"{SVG}desc").text
    words = " ".join(text.text for text in picture.iter(f"{SVG}text"))
    for word in ("Fully recognised 1204", "Not recognised not shown", "<script> 12"):
        assert word in said
    for word in ("1204", "not shown", "<script>", "Granted because"):
        assert word in words
    assert picture.find(f"{SVG}title").text == "Outcomes"


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_words_and_bars_stay_inside_the_picture(direction):
    picture = drawn(direction)
    height = float(picture.attrib["viewBox"].split()[3])
    for text in picture.iter(f"{SVG}text"):
        x, is_bold = float(text.attrib["x"]), text.attrib.get("class") == "strong"
        width = text_width(text.text, is_bold=is_bold)
        begin = x - width if direction == "rtl" else x
        assert begin >= 0
        assert begin + width <= WIDTH
        assert 0 < float(text.attrib["y"]) < height
    for bar in picture.iter(f"{SVG}rect"):
        assert float(bar.attrib["x"]) >= 0
        assert float(bar.attrib["x"]) + float(bar.attrib["width"]) <= WIDTH


def test_bars_are_as_long_as_their_numbers_and_hidden_ones_look_different():
    first, second, hidden, *_ = drawn().iter(f"{SVG}rect")
    assert float(first.attrib["width"]) > 50 * float(second.attrib["width"]) / 2
    assert (first.attrib["class"], hidden.attrib["class"]) == ("bar", "unknown")
