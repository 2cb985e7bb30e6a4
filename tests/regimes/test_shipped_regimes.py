"""The shipped regimes: read, routed to, unlike one another, and without guesses."""

from dataclasses import replace
from itertools import combinations

import pytest

from recognition_service.editions.find import CompiledEdition
from recognition_service.frameworks.rows import LevelStatus
from recognition_service.recognition.proposal import propose
from recognition_service.regimes.errors import RegimeNotApplicableError
from recognition_service.regimes.lifecycle import UNDECIDED, CaseState
from recognition_service.regimes.provisions import Chooser, MeasureKind
from recognition_service.regimes.regime import Procedure
from recognition_service.regimes.time_limits import UNCONFIRMED_EFFECTS, SilenceEffect
from tests.equivalence.editions import (
    TODAY,
    a_qualification,
    a_reference,
    a_statement,
    edition,
    shipped_edition,
    two_countries,
)
from tests.regimes.regime_page import PAGE, differences, page, shipped_regimes

REGIMES = shipped_regimes()
CASES = {
    name: each for name, each in REGIMES.items() if each.procedure is Procedure.CASE
}
every_regime = pytest.mark.parametrize("regime", REGIMES.values(), ids=REGIMES)
every_case_regime = pytest.mark.parametrize("regime", CASES.values(), ids=CASES)

ACCESS = {"decision_kind": "professional_access", "purpose": "regulated_profession"}
FINDING = {"decision_kind": "equivalence_finding", "purpose": "general_employment"}
STUDY = {"decision_kind": "study_recognition", "purpose": "academic_access"}
SERVICES = ACCESS | {"decision_kind": "provisional_authorisation"}
NURSE, DENTIST, PHYSIO = "nurse_general", "dentist", "physiotherapists"
ELECTRICIAN = "building_and_related_electricians"
CITIZEN = {"beneficiary": "eu_citizen"}
STRICT = {"eu", "de", "es"}
BAKER = "it--lehrabschlussprufung-backer-esame-di-fine-apprendistato-panettiere"
PROVEN = {
    "authenticity": {"grade": "confirmed_by_issuer", "established_by": "person:1"},
    "institution_status": {"recognised": "yes", "quality_assured": "yes"},
}


def asked(origin, destination, about, profession=None, **who):
    """Return the regime to which a request of shipped rows leads."""
    held = {"origin": origin, "qualification": None, "awarded_on": "2020-06-30"}
    return of_held(held, destination, about, profession, **who).regime.id


def of_held(held, destination, about, profession=None, *, ordered=(), **who):
    inputs = {
        **about,
        "decided_on": "2026-12-01",
        "destination": {"jurisdiction": destination, "profession": profession},
        "held": held,
    }
    edition = CompiledEdition(shipped_edition(), REGIMES)
    return propose(inputs, edition, frozenset(ordered), **who)


@every_regime
def test_every_regime_speaks_both_languages(regime):
    assert set(regime.name) == set(regime.force) == {"en", "fr"}


@every_regime
def test_every_time_limit_names_its_article(regime):
    for limit in regime.timing.limits:
        assert limit.article


@every_regime
def test_an_advisory_regime_changes_nothing_by_silence(regime):
    if not regime.is_confirmed:
        effects = {limit.silence for limit in regime.timing.limits}
        # What becomes final is what the decision itself says.
        assert effects <= {*UNCONFIRMED_EFFECTS, SilenceEffect.BECOMES_FINAL}


def test_the_neutral_regime_asserts_nothing():
    neutral = REGIMES["neutral"]
    assert neutral.timing.limits == ()
    assert neutral.provisions.papers.required == ()
    assert not neutral.is_confirmed


@pytest.mark.parametrize(
    ("one", "other"),
    [pytest.param(*pair, id="-".join(pair)) for pair in combinations(CASES, 2)],
)
def test_no_two_regimes_are_twins(one, other):
    assert differences(CASES[one], CASES[other])


def test_the_page_about_the_regimes_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(REGIMES)


@every_case_regime
def test_every_case_can_be_withdrawn_suspended_and_sent_on(regime):
    follows = regime.lifecycle.follows
    for state in UNDECIDED & follows.keys():
        assert CaseState.WITHDRAWN in follows[state]
    for state in (
        CaseState.SUSPENDED_FRAUD,
        CaseState.FORWARDED,
        CaseState.NOT_COMPETENT,
    ):
        assert state in follows[CaseState.SUBMITTED]


@every_case_regime
def test_what_is_decided_can_be_appealed_ended_and_reopened(regime):
    follows = regime.lifecycle.follows
    after = set(follows[CaseState.DECIDED])
    assert {CaseState.UNDER_APPEAL, CaseState.FINAL, CaseState.ASSESSING} <= after
    assert set(follows[CaseState.UNDER_APPEAL]) == {
        CaseState.FINAL,
        CaseState.ASSESSING,
    }
    if CaseState.MEASURE_FAILED in follows:
        assert CaseState.MEASURE_CHOSEN in after
        assert set(follows[CaseState.MEASURE_FAILED]) == {
            CaseState.MEASURE_CHOSEN,
            CaseState.DECISION_PREPARED,
        }


@every_case_regime
def test_silence_can_have_its_effect_wherever_a_limit_may_end(regime):
    """A case must never stand where silence decides and nothing can follow."""
    follows = regime.lifecycle.follows
    for limit in regime.timing.limits:
        if limit.silence in {SilenceEffect.TACIT_GRANT, SilenceEffect.MAY_START}:
            effect = {
                SilenceEffect.TACIT_GRANT: CaseState.TACIT_GRANTED,
                SilenceEffect.MAY_START: CaseState.MAY_START,
            }[limit.silence]
            for state in UNDECIDED & follows.keys() - {effect}:
                assert effect in follows[state], (limit.id, state)
        if limit.silence is SilenceEffect.BECOMES_FINAL:
            assert {"appeal_lodged", "reopened"} <= limit.met_by
            waiting = {CaseState.DECIDED, CaseState.MAY_START} & follows.keys()
            for state in waiting:
                assert CaseState.FINAL in follows[state], state
            if CaseState.MEASURE_CHOSEN in follows:
                assert "measure_chosen" in limit.met_by


@pytest.mark.parametrize("regime", ["neutral", "lrc-academic", "refugee-art-vii"])
def test_some_regimes_let_a_decision_follow_at_once(regime):
    follows = REGIMES[regime].lifecycle.follows
    assert CaseState.DECISION_PREPARED in follows[CaseState.SUBMITTED]
    assert CaseState.ASSESSING not in follows[CaseState.DECISION_PREPARED]
    assert CaseState.SUBMITTED in follows[CaseState.DECISION_PREPARED]


@pytest.mark.parametrize("regime", [each for each in CASES if each[:2] in STRICT])
def test_the_others_decide_a_complete_file(regime):
    follows = REGIMES[regime].lifecycle.follows
    for early in (CaseState.SUBMITTED, CaseState.ACKNOWLEDGED, CaseState.INCOMPLETE):
        assert CaseState.DECISION_PREPARED not in follows[early]
        assert CaseState.DECIDED not in follows[early]


@pytest.mark.parametrize(
    ("regime", "limit", "effect"),
    [
        ("es-epc-establishment", "decide", "tacit_grant"),
        ("es-epc-general", "decide", "tacit_grant"),
        ("es-temporary-services", "check", "may_start"),
        ("es-general", "decide", "appealable"),
        ("es-general", "supplement", "none"),
        ("eu-epc-establishment", "decide", "none"),
        ("eu-temporary-services", "check", "none"),
        ("de-bqfg-reg", "decide", "none"),
    ],
)
def test_silence_does_what_the_text_that_was_read_says(regime, limit, effect):
    assert REGIMES[regime].timing.limit(limit).silence == effect


@pytest.mark.parametrize(
    ("regime", "rule"),
    [
        ("de-bqfg-nonreg", "until_authority_deadline"),
        ("de-bqfg-reg", "until_authority_deadline"),
        ("de-bqfg-reg-eea", "none"),
    ],
)
def test_doubts_hold_the_german_clock_but_not_about_european_documents(regime, rule):
    holds = REGIMES[regime].holds
    assert holds["authenticity"] == rule
    assert holds["applicant_information"] == "until_authority_deadline"
    assert holds["substitute_procedure"] == "until_procedure_end"


@pytest.mark.parametrize(
    ("held", "required", "chooser"),
    [
        ("c", "d", Chooser.APPLICANT),
        ("a", "c", Chooser.AUTHORITY),
        ("b", "e", Chooser.AUTHORITY),
        ("a", "d", Chooser.BOTH_IMPOSED),
    ],
)
def test_who_chooses_the_measure_depends_on_both_levels(held, required, chooser):
    measures = REGIMES["es-general"].provisions.measures
    assert measures.chooser(held, required) is chooser
    assert measures.allowed == set(MeasureKind)


@pytest.mark.parametrize(
    ("request_", "regime"),
    [
        (("IT", "FR", ACCESS, ELECTRICIAN, CITIZEN), "eu-general"),
        (("IT", "FR", ACCESS, ELECTRICIAN, {}), "neutral"),
        (("MA", "FR", ACCESS, ELECTRICIAN, CITIZEN), "neutral"),
        (("CH", "FR", ACCESS, ELECTRICIAN, CITIZEN), "eu-general"),
        (("BE-FL", "FR", ACCESS, ELECTRICIAN, CITIZEN), "eu-general"),
        (("BE-FL", "BE-FR", ACCESS, ELECTRICIAN, CITIZEN), "neutral"),
        (("IT", "FR", ACCESS, NURSE, CITIZEN), "eu-sectoral"),
        (("IT", "FR", ACCESS, PHYSIO, CITIZEN), "eu-general"),
        (("IT", "ES", ACCESS, PHYSIO, CITIZEN), "es-general"),
        (("CH", "ES", ACCESS, PHYSIO, CITIZEN), "eu-general"),
        (("IT", "ES", ACCESS, NURSE, CITIZEN), "es-sectoral"),
        (("CH", "ES", ACCESS, NURSE, CITIZEN), "eu-sectoral"),
        (("MA", "DE", FINDING, None, {}), "de-bqfg-nonreg"),
        (("MA", "AT", FINDING, None, {}), "neutral"),
        (("DE", "DE", FINDING, None, {}), "neutral"),
        (("MA", "DE", ACCESS, ELECTRICIAN, {}), "de-bqfg-reg"),
        (("MA", "DE", ACCESS, None, {}), "neutral"),
        (("MA", "DE", ACCESS, DENTIST, {}), "neutral"),
        (("IT", "DE", ACCESS, ELECTRICIAN, {}), "de-bqfg-reg-eea"),
        (("IT", "DE", ACCESS, ELECTRICIAN, CITIZEN), "eu-general"),
        (("TN", "DE", ACCESS, NURSE, {}), "de-pflbg"),
        (("IT", "DE", ACCESS, NURSE, {}), "neutral"),
        (("UA", "LV", STUDY, None, {}), "lrc-academic"),
        (("MA", "LV", STUDY, None, {}), "neutral"),
        (("UA", "LV", STUDY, None, {"beneficiary": "refugee"}), "refugee-art-vii"),
        (("SY", "LV", STUDY, None, {"beneficiary": "refugee"}), "refugee-art-vii"),
        (("SY", "JP", STUDY, None, {"beneficiary": "refugee"}), "neutral"),
        (("CA-QC", "FR", ACCESS, NURSE, {}), "fr-qc-arm"),
        (("FR", "CA-QC", ACCESS, NURSE, {}), "fr-qc-arm"),
        (("CA", "FR", ACCESS, NURSE, {}), "neutral"),
        (("CA-QC", "FR", ACCESS, DENTIST, {}), "neutral"),
    ],
)
def test_a_request_comes_under_the_most_special_regime(request_, regime):
    *about, who = request_
    assert asked(*about, **who) == regime


@pytest.mark.parametrize(
    ("regime", "good", "beside"),
    [
        ("eu-epc-establishment", ("IT", "FR", ACCESS, NURSE), ("MA", "FR")),
        ("eu-epc-general", ("IT", "FR", ACCESS, PHYSIO), ("CH", "FR")),
        ("eu-epc-temporary", ("IT", "FR", SERVICES, PHYSIO), ("IT", "CH")),
        ("eu-partial-access", ("IT", "FR", ACCESS, PHYSIO), ("MA", "FR")),
        ("eu-temporary-services", ("IT", "FR", SERVICES, PHYSIO), ("IT", "MA")),
        ("es-epc-establishment", ("IT", "ES", ACCESS, NURSE), ("IT", "FR")),
        ("es-epc-general", ("IT", "ES", ACCESS, PHYSIO), ("IT", "FR")),
        ("es-temporary-services", ("IT", "ES", SERVICES, PHYSIO), ("IT", "FR")),
        ("de-81a", ("MA", "DE", FINDING, None), ("MA", "AT")),
        ("de-81a-reg", ("MA", "DE", ACCESS, ELECTRICIAN), ("MA", "AT")),
        ("de-pflbg-81a", ("TN", "DE", ACCESS, NURSE), ("IT", "DE")),
    ],
)
def test_a_regime_on_request_applies_when_it_is_asked_for(regime, good, beside):
    assert asked(*good, **CITIZEN, wanted=regime) == regime
    assert asked(*good, **CITIZEN) != regime
    with pytest.raises(RegimeNotApplicableError):
        asked(*beside, *good[2:], **CITIZEN, wanted=regime)


def test_a_treaty_comes_first_where_its_rule_decides():
    bachelor = {
        "origin": "LV",
        "qualification": "lv-lki--bakalaura-diploms",
        "awarded_on": "2025-06-27",
        **PROVEN,
    }
    level = {"decision_kind": "level_comparability", "purpose": "academic_access"}
    treaty = of_held(bachelor, "BE-FL", level, ordered=["benelux-baltic-2024"])
    assert treaty.regime.id == "benelux-baltic"
    without_order = of_held(bachelor, "BE-FL", level)
    assert without_order.regime.id == "lrc-academic"


def test_an_ordinance_comes_first_where_its_rule_decides():
    baker = {
        "origin": "IT",
        "qualification": BAKER,
        "awarded_on": "2020-06-30",
        "facts": {"examination_place": "IT-BZ"},
        "facts_established": {"examination_place": "person:1"},
        **PROVEN,
    }
    ordinance = of_held(baker, "AT", FINDING, ordered=["stm-at-suedtirol"])
    assert ordinance.regime.id == "legal-equation"
    assert of_held(baker, "AT", FINDING).regime.id == "neutral"


def test_no_rule_decides_where_the_law_wants_a_complete_file_first():
    apprentice = a_qualification(
        "aa-apprentice",
        framework=None,
        level=None,
        level_status=LevelStatus.UNVERIFIED,
    )
    tables = edition(two_countries(apprentice, a_reference(), a_statement()))
    strict = REGIMES["de-bqfg-nonreg"]
    applies = replace(strict.provisions.applies, destinations=frozenset({"BB"}))
    moved = replace(strict, provisions=replace(strict.provisions, applies=applies))
    held = {"origin": "AA", "qualification": "aa-apprentice", **PROVEN}
    inputs = {
        **FINDING,
        "decided_on": TODAY.isoformat(),
        "destination": {"jurisdiction": "BB", "profession": None},
        "held": {**held, "awarded_on": "2020-06-30"},
    }
    found = {}
    for regimes in ({}, {moved.id: moved}):
        compiled = CompiledEdition(tables, {"neutral": REGIMES["neutral"], **regimes})
        proposal = propose(inputs, compiled, frozenset({"law"}))
        found[proposal.regime.id] = proposal
    assert found["neutral"].is_decided_by_rule
    assert found["de-bqfg-nonreg"].hindrances == (
        ("complete_file_needed", {"regime": "de-bqfg-nonreg"}),
    )
