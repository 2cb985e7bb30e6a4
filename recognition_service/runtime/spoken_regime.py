"""A regime that may apply as JSON, in words: papers, time limits, measures, appeal."""

from collections.abc import Mapping
from typing import Any

from recognition_service.recognition.vocabulary import BeneficiaryBasis
from recognition_service.regimes.periods import Period
from recognition_service.regimes.provisions import MeasureKind, Papers
from recognition_service.regimes.regime import Procedure, Regime
from recognition_service.regimes.time_limits import SilenceEffect, TimeLimit
from recognition_service.runtime.spoken import NOT_ALLOWED, REASON, sentence, with_texts
from recognition_service.runtime.spoken_names import Names, listed
from recognition_service.statistics.possible_regimes import PossibleRegime
from recognition_service.wording import ORIGINAL_LANGUAGE, catalogue, text

_FAMILY = "directory"


def regime_document(found: PossibleRegime, names: Names) -> dict[str, Any]:
    """Return a regime that may apply, with the circumstances under which it does."""
    regime, language = found.regime, names.language
    return {
        "id": regime.id,
        "name": _in(regime.name, language),
        "status": regime.status.value,
        "status_text": text(f"{_FAMILY}.status_{regime.status}", {}, language),
        "why": _why(found, names),
        "decision_kinds": sorted(found.decision_kinds),
        "beneficiaries": _beneficiaries(found, language),
        "is_on_request": found.is_on_request,
        "is_by_tables_only": found.is_by_tables,
        "procedure": regime.procedure.value,
        "force": _in(regime.force, language),
        "papers": _papers(regime, language),
        "time_limits": [_limit(limit, language) for limit in regime.timing.limits],
        "time_limits_text": _limits_text(regime, language),
        "measures": _measures(regime, language),
        "appeal": _appeal(regime, language),
        "does_not_allow": _not_allowed(found, language),
        "source": regime.source,
        "evidence": regime.evidence,
    }


def _why(found: PossibleRegime, names: Names) -> dict[str, str]:
    """Return why it is chosen: the code of the reason, and a sentence."""
    code, given = found.reason
    agreement = names.snapshot.tables.agreements.get(given.get("instrument", ""))
    params: Mapping[str, str] = {
        **given,
        "regime": _in(found.regime.name, names.language),
        "name": agreement.name if agreement else given.get("instrument", ""),
    }
    named = f"why_{code}"
    told = sentence((f"{_FAMILY}.",), named, params, names.language)
    return {
        "code": code,
        "text": told
        or sentence(REASON, code, params, names.language)
        or code.replace("_", " "),
    }


def _beneficiaries(found: PossibleRegime, language: str) -> dict[str, Any]:
    """Return on which personal grounds it applies; all of them is no condition."""
    codes = [each.value for each in BeneficiaryBasis if each in found.beneficiaries]
    named = [text(f"{_FAMILY}.beneficiary_{code}", {}, language) for code in codes]
    told = text(f"{_FAMILY}.for_everybody", {}, language)
    if named:
        people = listed(named, "or", language)
        told = text(f"{_FAMILY}.for_some", {"people": people}, language)
    return {"codes": codes, "text": told}


def _papers(regime: Regime, language: str) -> dict[str, Any]:
    papers = regime.provisions.papers
    kinds = [*papers.required, *sorted(set(papers.max_age_months) - {*papers.required})]
    return {
        "items": [_paper(kind, papers, language) for kind in kinds],
        "is_substitute_possible": papers.substituted,
        "is_legalisation_excluded": papers.is_legalisation_excluded,
        "article": papers.article,
        "text": None if kinds else text(f"{_FAMILY}.papers_unknown", {}, language),
    }


def _paper(kind: str, papers: Papers, language: str) -> dict[str, Any]:
    is_required = kind in papers.required
    age = papers.max_age_months.get(kind)
    name = text(f"paper.{kind}", {}, language)
    told = name
    if not is_required:
        told = text(f"{_FAMILY}.paper_if_asked", {"paper": told}, language)
    if age is not None:
        params = {"paper": told, "months": age}
        told = text(f"{_FAMILY}.paper_not_older", params, language)
    return {
        "kind": kind,
        "is_required": is_required,
        "max_age_months": age,
        "text": told,
    }


def _limit(limit: TimeLimit, language: str) -> dict[str, Any]:
    params = {
        "what": _named("limit", limit.id, language),
        "length": _length(limit.period, language),
        "start": _start(limit, language),
    }
    notes = [
        text(f"{_FAMILY}.{code}", {}, language)
        for code, holds in (
            ("is_target", limit.is_target),
            ("can_be_held", limit.is_held),
            ("can_be_extended", bool(limit.extensions)),
            ("unconfirmed", not limit.is_confirmed),
        )
        if holds
    ]
    return {
        "id": limit.id,
        "binds": limit.binds.value,
        "length": limit.period.length if limit.period else None,
        "unit": limit.period.unit.value if limit.period else None,
        "starts": sorted(limit.starts),
        "is_confirmed": limit.is_confirmed,
        "is_target": limit.is_target,
        "silence": limit.silence.value,
        "silence_text": _silence(limit.silence, language),
        "article": limit.article,
        "text": " ".join([text(f"{_FAMILY}.limit", params, language), *notes]),
    }


def _named(family: str, code: str, language: str) -> str:
    """Return what a limit or an event is called; one without words is spelled out."""
    name = f"{_FAMILY}.{family}_{code}"
    if name in catalogue(language):
        return text(name, {}, language)
    return code.replace("_", " ")


def _length(period: Period | None, language: str) -> str:
    if period is None:
        return text(f"{_FAMILY}.length_as_decided", {}, language)
    one = "_one" if period.length == 1 else ""
    params = {"number": period.length}
    return text(f"letter.limit_{period.unit}s{one}", params, language)


def _start(limit: TimeLimit, language: str) -> str:
    """Return from when a limit runs."""
    names = [_named("start", event, language) for event in sorted(limit.starts)]
    if not names:
        return text(f"{_FAMILY}.start_after_another", {}, language)
    return listed(names, "or", language)


def _silence(effect: SilenceEffect, language: str) -> str:
    return text(f"{_FAMILY}.silence_{effect}", {}, language)


def _limits_text(regime: Regime, language: str) -> str | None:
    """Return why no time limit is told, where that is so."""
    if regime.timing.limits:
        return None
    name = "no_case" if regime.procedure is Procedure.NONE else "limits_unknown"
    return text(f"{_FAMILY}.{name}", {}, language)


def _measures(regime: Regime, language: str) -> dict[str, Any]:
    measures = regime.provisions.measures
    allowed = [each for each in MeasureKind if each in measures.allowed]
    told = text(f"{_FAMILY}.measures_none", {}, language)
    if allowed:
        words = [text(f"measure.{each}", {}, language) for each in allowed]
        chooser = text(f"{_FAMILY}.chosen_by_{measures.chosen_by}", {}, language)
        params = {"measures": listed(words, "or", language), "chooser": chooser}
        told = text(f"{_FAMILY}.measures", params, language)
    return {
        "allowed": [each.value for each in allowed],
        "chosen_by": measures.chosen_by.value if allowed else None,
        "adaptation_months_max": measures.adaptation_months_max,
        "article": measures.article,
        "text": told,
    }


def _appeal(regime: Regime, language: str) -> dict[str, Any]:
    appeal = regime.provisions.appeal
    outcomes = sorted(appeal.outcomes)
    told = text(f"{_FAMILY}.appeal_unknown", {}, language)
    if outcomes:
        words = [text(f"outcome.{each}", {}, language) for each in outcomes]
        params = {"outcomes": "; ".join(words)}
        told = text(f"{_FAMILY}.appeal", params, language)
    if appeal.on_silence:
        silence = text(f"{_FAMILY}.appeal_on_silence", {}, language)
        told = f"{told} {silence}"
    return {
        "outcomes": outcomes,
        "on_silence": appeal.on_silence,
        "article": appeal.article,
        "text": told,
    }


def _not_allowed(found: PossibleRegime, language: str) -> list[dict[str, Any]]:
    """Return what no decision of these kinds allows."""
    codes = dict.fromkeys(
        code
        for kind in sorted(found.decision_kinds)
        for code in found.regime.not_allowed(kind)
    )
    return with_texts(NOT_ALLOWED, [{"code": code} for code in codes], language)


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts[ORIGINAL_LANGUAGE]
