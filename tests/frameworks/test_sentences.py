import ast
import re
from pathlib import Path

import pytest

from recognition_service import frameworks
from recognition_service.wording import catalogue

CHECKS = sorted(Path(frameworks.__path__[0]).glob("check_*.py"))
RULE_MAKERS = {"found", "Finding"}  # The rule is the fourth argument of both.
TABLED = re.compile(
    "_(circle|begin|entry|reversed)$"
).search  # Rules that stand in tuples.


def rules_of(path):
    """Return the rules that a module of checks can find, read from its code."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(ast.Name(name), [_, _, _, rule, *_]) if name in RULE_MAKERS:
                yield rule
            case ast.Yield(ast.Tuple([ast.Constant() as rule, ast.Dict()])):
                yield rule
            case ast.Tuple([*_, ast.Constant(str()) as rule]) if TABLED(rule.value):
                yield rule


RULES = sorted(
    {
        rule.value
        for path in CHECKS
        for rule in rules_of(path)
        if isinstance(rule, ast.Constant)
    }
    | {"id_twice", "value_twice"}
)


def test_reads_the_rules_from_the_code():
    assert {"equal_twice", "not_nfc", "part_of_circle", "id_twice"} <= set(RULES)
    assert len(RULES) > 50


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_its_sentence(rule, language):
    assert f"tables.{rule}" in catalogue(language)
