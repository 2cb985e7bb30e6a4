"""The style sheet keeps what reading and turning the page depend on."""

import re

import pytest

from recognition_service.web.pages import rendering

STYLE = rendering.static_file("site.css").decode()
TOKENS = dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{3,6});", STYLE))
READ_TOGETHER = [
    ("--ink", "--paper"),
    ("--ink", "--wash"),
    ("--ink", "--focus"),
    ("--ink-quiet", "--paper"),
    ("--ink-quiet", "--wash"),
    ("--link", "--paper"),
    ("--link", "--wash"),
    ("--paper", "--brand"),
    ("--error", "--error-wash"),
    ("--valid", "--valid-wash"),
    ("--ink-quiet", "--valid-wash"),
    ("--conditions", "--conditions-wash"),
    ("--ink-quiet", "--conditions-wash"),
    ("--invalid", "--invalid-wash"),
    ("--ink-quiet", "--invalid-wash"),
    ("--unconfirmed", "--unconfirmed-wash"),
    ("--focus", "--forged"),
]


def luminance(colour):
    """Source: WCAG 2.2, definition of relative luminance."""
    digits = colour[1:] if len(colour) == 7 else "".join(d * 2 for d in colour[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Source: WCAG 2.2, definition of contrast ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("text", "ground"), READ_TOGETHER)
def test_text_stands_out(text, ground):
    """Source: WCAG 2.2, success criterion 1.4.3."""
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


def test_borders_of_inputs_stand_out():
    """Source: WCAG 2.2, success criterion 1.4.11."""
    assert contrast(TOKENS["--line-strong"], TOKENS["--paper"]) >= 3


def test_the_layout_turns_round_with_the_script():
    physical = r"(?<![-a-z])(margin|padding|border)-(left|right)|float:|(?<!-)left:"
    assert re.findall(physical, STYLE) == []


def test_nothing_is_loaded_by_the_style():
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_colours_stand_among_the_tokens_only():
    _, _, rules = STYLE.partition("}\n")
    colours = set(re.findall(r"#[0-9a-f]{3,8}\b", rules))
    assert colours <= {"#fff"}
