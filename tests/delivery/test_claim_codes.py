"""A claim code can be read out, typed with errors, and is forgiven."""

import pytest

from recognition_service.delivery.claim_code import (
    ALPHABET,
    code_digest,
    new_code,
    normalise,
)

CODE = "7KQ2M0XZ41RD"


def in_full_width(text):
    """Write signs as East Asian keyboards do."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def in_digits_of(zero):
    """Write the code's digits in another script, of which the zero is given."""
    return CODE.translate({ord("0") + n: chr(ord(zero) + n) for n in range(10)})


SPELLINGS = [
    "7KQ2-M0XZ-41RD",
    "7KQ2M0XZ41RD",
    "7kq2-m0xz-41rd",
    " 7KQ2 M0XZ 41RD ",
    "7KQ2\u2013M0XZ\u201441RD",
    "7KQ2\u2011M0XZ\u201041RD",
    "7KQ2_M0XZ_41RD",
    "7KQ2\tM0XZ\n41RD",
    "7KQ2\u00a0M0XZ\u202f41RD",
    "7KQ2-MOXZ-4IRD",
    "7KQ2-MoXZ-4lRD",
    "7KQ2-M0XZ-4LRD",
    in_full_width("7KQ2-M0XZ-41RD"),
    in_full_width("7kq2m0xz41rd"),
    in_digits_of("\N{ARABIC-INDIC DIGIT ZERO}"),
    in_digits_of("\N{EXTENDED ARABIC-INDIC DIGIT ZERO}"),
    in_digits_of("\N{DEVANAGARI DIGIT ZERO}"),
    in_digits_of("\N{BENGALI DIGIT ZERO}"),
    "\u200e7KQ2-M0XZ-41RD\u200f",
    "\ufeff7KQ2-M0XZ-41RD",
    "7KQ2\u00adM0XZ\u200b41RD",
]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_one_code_has_many_spellings(typed):
    assert normalise(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "7KQ2-M0XZ-41R",
        "7KQ2-M0XZ-41RDD",
        "7KQ2-M0XZ-41RU",
        "7KQ2-M0XZ-41R!",
        "7KQ2.M0XZ.41RD",
        "7KQ2-M0XZ-41RЖ",
        "7KQ2-M0XZ-41R\ud800",
        "7KQ2-M0XZ-41R½",
        "\0" * 12,
        "7" * 10_000,
        "'; DROP TABLE claim_code; --",
    ],
)
def test_what_cannot_be_a_code_is_none(typed):
    assert normalise(typed) is None


def test_a_new_code_is_random_and_normal():
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    for code in codes:
        assert [len(group) for group in code.split("-")] == [4, 4, 4]
        assert normalise(code) == code.replace("-", "")
    assert {sign for code in codes for sign in code} - {"-"} == set(ALPHABET)


def test_the_alphabet_has_no_sign_that_looks_like_another():
    assert len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_a_digest_does_not_show_the_code():
    assert len(code_digest(CODE)) == 64
    assert CODE not in code_digest(CODE)
    assert code_digest(CODE) != code_digest(CODE[::-1])
