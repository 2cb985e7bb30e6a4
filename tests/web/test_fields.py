"""What fields accept, and with which code they refuse."""

from datetime import UTC, date, datetime
from enum import StrEnum

import marshmallow as ma
import pytest

from recognition_service.web import fields, text_fields


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def refused(field, value):
    with pytest.raises(ma.ValidationError) as caught:
        field.deserialize(value)
    messages = caught.value.messages
    while isinstance(messages, dict):
        messages = next(iter(messages.values()))
    return messages[0].code


@pytest.fixture
def in_request(app):
    with app.test_request_context("/"):
        yield


@pytest.mark.parametrize(
    "name", ["Bērziņa", "نورا الحدّاد", "O\u2019Brien-Łukasz", "ශ්‍රී", "می‌خواهم", "X Æ"]
)
def test_names_are_kept_in_their_script(name):
    assert text_fields.Name().deserialize(name) == name


def test_names_are_normalised_and_trimmed():
    assert text_fields.Name().deserialize(" Be\u0304rzin\u0327a ") == "Bērziņa"


@pytest.mark.parametrize(
    "character",
    ["\u202e", "\u2066", "\u200b", "\ufeff", "\u0007", "\n", "\t", "\x7f", "\u00ad"],
)
def test_names_hold_nothing_invisible(character):
    assert refused(text_fields.Name(), f"a{character}b") == "control_character"


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\ufeff", "\x1b"])
def test_prose_holds_no_overrides_and_controls(character):
    assert refused(text_fields.Text(), f"a{character}b") == "control_character"


def test_prose_may_have_lines_and_marks_of_direction():
    prose = "one\ntwo\u200f"
    assert text_fields.Text().deserialize(prose) == prose


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (text_fields.Name(), "", "blank"),
        (text_fields.Name(), "  ", "blank"),
        (text_fields.Name(), "x" * 201, "too_long"),
        (text_fields.Name(), None, "not_null"),
        (text_fields.Name(), ["x"], "not_a_text"),
        (text_fields.Code(), "LV LKI", None),
        (text_fields.Code(), "Ä", "not_a_code"),
        (text_fields.Code(), " x", "not_a_code"),
        (text_fields.Choice(Colour), "green", "not_in_enum"),
        (text_fields.LanguageMap(), {}, "blank"),
        (text_fields.LanguageMap(), {"english!": "x"}, "not_a_language"),
        (text_fields.LanguageMap(), {"en": 3}, "not_a_text"),
        (text_fields.LanguageMap(), "x", "not_an_object"),
        (text_fields.Facts(), {"a": {"b": 1}}, "not_a_fact"),
        (fields.Identifier(), "x", "not_an_id"),
        (fields.Identifier(), "0193A1C2-7B1E-7C55-9A51-0D6F2A7E9C11", "not_an_id"),
        (fields.Whole(), 3.5, "not_a_whole_number"),
        (fields.Whole(), "3", "not_a_whole_number"),
        (fields.Whole(), True, "not_a_whole_number"),
        (fields.Whole(), -1, "out_of_range"),
        (fields.YesNo(), "yes", "not_a_boolean"),
        (fields.YesNo(), 1, "not_a_boolean"),
        (fields.InstantField(), "2026-11-02", "not_an_instant"),
        (fields.InstantField(), "2026-11-02T09:00:00", "not_an_instant"),
        (fields.DateField(), "2026-02-30", "not_a_date"),
        (fields.DateField(), "20260201", "not_a_date"),
        (fields.DateField(), "2026-11-02T00:00:00Z", "not_a_date"),
        (fields.DateField(), "\u0662026-11-02", "not_a_date"),
        (fields.DateField(), 20260201, "not_a_date"),
        (fields.DateField(), "1899-12-31", "date_before_1900"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_code(field, value, code):
    if code is None:
        assert field.deserialize(value) == value
    else:
        assert refused(field, value) == code


@pytest.mark.usefixtures("in_request")
def test_a_date_may_be_limited_to_the_past():
    field = fields.DateField(past=True)
    assert refused(field, "2031-01-01") == "date_in_future"
    assert field.deserialize("2026-11-02") == date(2026, 11, 2)


@pytest.mark.usefixtures("in_request")
def test_a_day_that_has_begun_nowhere_is_in_the_future():
    # It is 9:00 UTC on 2 November: 23:00 in Kiritimati, so not yet the 3rd.
    assert refused(fields.DateField(past=True), "2026-11-03") == "date_in_future"


def test_old_dates_may_be_accepted():
    field = fields.DateField(since_1900=False)
    assert field.deserialize("1850-01-01") == date(1850, 1, 1)


def test_values_are_read_as_their_kind():
    assert text_fields.Choice(Colour).deserialize("red") is Colour.RED
    assert fields.Whole().deserialize(3.0) == 3
    assert fields.InstantField().deserialize("2026-11-02T10:00:00+01:00") == datetime(
        2026, 11, 2, 9, 0, tzinfo=UTC
    )
    assert text_fields.LanguageMap().deserialize({"en": "x", "zh-Hant": "y"}) == {
        "en": "x",
        "zh-Hant": "y",
    }
