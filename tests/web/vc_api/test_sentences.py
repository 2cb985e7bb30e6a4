"""Whatever speaks against a credential is told in a sentence of each language."""

import ast
from pathlib import Path

import pytest

from recognition_service import verification
from recognition_service.wording import LANGUAGES, catalogue

ROOM = Path(verification.__file__).parent
TELLING = {"malformed", "Fault", "InvalidProofError", "MalformedTokenError"}


def told_reasons():
    """Yield every name of a fault that stands in the code of these rooms."""
    for folder in ("data_model", "secured"):
        for path in (ROOM / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and called(node) in TELLING:
                    for argument in node.args[:2]:
                        if isinstance(argument, ast.Constant):
                            yield argument.value


def called(node):
    return getattr(node.func, "id", None)


REASONS = sorted({reason for reason in told_reasons() if reason.isidentifier()})


def test_there_are_reasons_to_tell():
    assert {"not_a_url", "bad_signature", "no_longer_valid"} <= set(REASONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_sentence(language):
    sentences = catalogue(language)
    assert [each for each in REASONS if f"vc_api.{each}" not in sentences] == []
