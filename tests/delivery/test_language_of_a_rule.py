"""A language is met only by what somebody vouches for; what is unknown stays so."""

from datetime import date

import pytest

from recognition_service.delivery.eligibility import (
    Attested,
    Criterion,
    Met,
    assess,
)
from recognition_service.frameworks.language_scales import LanguageLevel, Scale
from recognition_service.recognition.language_proofs import HeldLanguage

TODAY = date(2026, 11, 2)
CRITERIA = {
    "decision_kinds": ["equivalence_finding", "language_proof"],
    "outcomes": [],
    "destination": None,
    "profession": None,
    "level": None,
    "language": {"language": "nl", "scale": "CEFR", "level": "B2"},
    "age": None,
}


def held(level="B2", *, language="nl", scale=Scale.CEFR, until=None, is_proven=True):
    return HeldLanguage(LanguageLevel(language, scale, level), until, is_proven)


def an_attestation(kind="equivalence_finding", status="valid"):
    return Attested(status, kind, "full", ("BE-FL",), None, None, None, None)


def language(*languages, attested=None):
    results = assess(
        CRITERIA,
        [an_attestation()] if attested is None else attested,
        languages=languages,
        birth_date=None,
        day=TODAY,
        snapshot=None,
    )
    return results[Criterion.LANGUAGE]


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        ([], Met.NOT_MET),
        ([held()], Met.MET),
        ([held("C1")], Met.MET),
        ([held("B1")], Met.NOT_MET),
        ([held(language="NL-be")], Met.MET),
        ([held(language="de")], Met.NOT_MET),
        ([held(until=TODAY)], Met.MET),
        ([held(until=date(2026, 11, 1))], Met.NOT_MET),
        ([held(is_proven=False)], Met.NOT_KNOWN),
        ([held("B1", is_proven=False)], Met.NOT_MET),
        ([held("9", scale=Scale.CLB)], Met.NOT_KNOWN),
        ([held("B1"), held(is_proven=False)], Met.NOT_KNOWN),
        ([held("B1"), held("C1"), held(language="de")], Met.MET),
    ],
)
def test_the_best_certificate_counts(languages, expected):
    assert language(*languages) is expected


@pytest.mark.parametrize(
    ("attested", "expected"),
    [
        ([], Met.NOT_MET),
        ([an_attestation("language_proof")], Met.NOT_KNOWN),
        ([an_attestation("language_proof", "revoked")], Met.NOT_MET),
        ([an_attestation(), an_attestation("language_proof")], Met.NOT_KNOWN),
    ],
)
def test_an_attested_language_is_named_in_words_only(attested, expected):
    assert language(attested=attested) is expected
    assert language(held(), attested=attested) is Met.MET
