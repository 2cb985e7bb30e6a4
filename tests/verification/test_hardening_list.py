"""The security guide lists the cases that are tested, no more and no less."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
GUIDE = TESTS.parent / "docs" / "security.md"
ROW = re.compile(r"^\| (\d{2}) \| [^|]+ \| [^|]+ \|$", re.MULTILINE)
NAME = re.compile(r"^def test_case_(\d{2})_[a-z]", re.MULTILINE)


def cases_with_tests():
    return {
        number
        for path in TESTS.rglob("test_*.py")
        for number in NAME.findall(path.read_text(encoding="utf-8"))
    }


def test_the_guide_lists_exactly_the_cases_that_have_tests():
    listed = ROW.findall(GUIDE.read_text(encoding="utf-8"))
    assert listed == sorted(set(listed))
    assert set(listed) == cases_with_tests()


def test_every_attack_on_verification_has_its_tests():
    assert {f"{number:02}" for number in range(1, 23)} <= cases_with_tests()
