"""Lines of the log are JSON in ASCII, and stand on what is stderr at the moment."""

import io
import json
import sys
from contextlib import redirect_stderr
from uuid import UUID

import pytest
import structlog

from recognition_service.runtime import logs


@pytest.fixture
def line():
    """A way to log something; returns the line."""
    logs.configure()
    logger = structlog.get_logger()

    def log(event, **members):
        with redirect_stderr(io.StringIO()) as written:
            logger.warning(event, **members)
        return written.getvalue()

    return log


def test_a_line_holds_the_members_in_their_order(line):
    written = line("request", status=200, seconds=0.5, authority=None)
    assert written.endswith('Z"}\n')
    assert written.count("\n") == 1
    members = json.loads(written)
    assert list(members.items())[:-1] == [
        ("status", 200),
        ("seconds", 0.5),
        ("authority", None),
        ("event", "request"),
        ("level", "warning"),
    ]


@pytest.mark.parametrize("text", ["Bērziņa", "\ud83d", "a\nb\0", "\u2028", 2**70])
def test_a_line_is_ascii_whatever_it_tells(line, text):
    written = line("told", text=text)
    assert written.isascii()
    assert written.count("\n") == 1
    assert json.loads(written)["text"] == text


def test_what_is_no_json_is_shown(line):
    value = UUID(int=1)
    assert str(value) in json.loads(line("told", value=value))["value"]
    assert json.loads(line("told", value=logs))["value"] == repr(logs)


def test_each_line_goes_to_what_is_stderr_then(line):
    before = sys.stderr
    first, second = line("first"), line("second")
    assert json.loads(first)["event"] == "first"
    assert json.loads(second)["event"] == "second"
    assert sys.stderr is before
