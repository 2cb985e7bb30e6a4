"""From the row of a letter to the paper that the applicant reads.

What a letter says is in its row; here it becomes sentences, as a courteous official
would write them to a person.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from recognition_service.authorities.models import Mode
from recognition_service.documents.paper import Paper, Section
from recognition_service.editions.find import CompiledEdition
from recognition_service.recognition.letter_kinds import LetterKind
from recognition_service.recognition.models import Letter
from recognition_service.runtime.letter_teller import (
    LetterTeller,
    joined,
    listed,
    section,
)
from recognition_service.runtime.spoken_decision import decision_sections
from recognition_service.wording import LANGUAGES

_ONE = 1


def letter_paper(letter: Letter, edition: CompiledEdition) -> Paper:
    """Return a letter as it is to be laid out.

    Args:
        letter: The row of the letter.
        edition: Knows what places, professions and regimes are called.
    """
    teller = LetterTeller(letter, edition)
    kind, case = LetterKind(letter.kind), teller.case
    authority, applicant = case["authority"], case["applicant"]
    name = " ".join(filter(None, (applicant["given_name"], applicant["family_name"])))
    return Paper(
        language=letter.language,
        title=teller.say(_title(kind, teller)),
        sender=(authority["name"], teller.names.place(authority["jurisdiction"])),
        recipient=tuple(filter(None, (name, applicant["email"]))),
        facts=tuple(_facts(teller)),
        reference=case["reference"],
        dated=date.fromisoformat(case["dated"]),
        mark=teller.say("example") if authority["mode"] == Mode.TEST else None,
        notice=_notice(teller),
        opening=teller.say("opening", name=name),
        sections=_BODIES[kind](teller),
        closing=(teller.say("closing"), authority["name"]),
    )


def _facts(teller: LetterTeller) -> Iterator[tuple[str, str]]:
    """Return what stands beside the address."""
    case = teller.case
    held = case["held"]
    for name, value in {
        "reference": case["reference"],
        "date": teller.day(case["dated"]),
        "submitted_on": teller.day(case["submitted_on"]),
        "qualification": held["title"],
        "birth_date": teller.day(case["applicant"]["birth_date"]),
    }.items():
        if value:
            yield teller.label(name), value


def _notice(teller: LetterTeller) -> str | None:
    """Return that the letter is in another language than was asked for, if so."""
    asked = teller.case["asked_language"]
    if asked.partition("-")[0].lower() == teller.language:
        return None
    languages = [teller.label(f"language_{code}") for code in LANGUAGES]
    return teller.say("in_original", language=asked, languages=languages)


def _title(kind: LetterKind, teller: LetterTeller) -> str:
    if kind is LetterKind.REFERRAL and teller.knows("to"):
        return "referral_title_to"
    return f"{kind}_title"


def _acknowledgement(teller: LetterTeller) -> tuple[Section, ...]:
    params = teller.params
    limit, starts = params.get("limit"), params.get("starts")
    is_timed = limit or params.get("due_on")
    return (
        section(None, teller.say("acknowledgement_text")),
        section(
            teller.label("how_long"),
            joined(
                teller.say("acknowledgement_limit", limit=_length(teller, limit))
                if limit
                else None,
                teller.say(f"acknowledgement_starts_{starts}") if starts else None,
                teller.say_if("due_on", "acknowledgement_due"),
                None if is_timed else teller.say("acknowledgement_no_limit"),
            ),
            teller.say("acknowledgement_unconfirmed")
            if is_timed and params.get("is_confirmed") is False
            else None,
        ),
        section(teller.label("next"), teller.say("acknowledgement_next")),
        *teller.remedy("remedy_missed", "remedy_if_missed"),
    )


def _length(teller: LetterTeller, limit: Mapping[str, Any]) -> str:
    number = limit["number"]
    one = "_one" if number == _ONE else ""
    return teller.say(f"limit_{limit['unit']}{one}", number=number)


def _missing_documents(teller: LetterTeller) -> tuple[Section, ...]:
    return (
        section(
            None,
            teller.say("missing_documents_text"),
            listed(teller.all_told(teller.params["documents"])),
            joined(
                teller.say("missing_documents_until"),
                teller.say_if("holds_clock", "holds_clock"),
            ),
            teller.say("missing_documents_help"),
        ),
    )


def _extension(teller: LetterTeller) -> tuple[Section, ...]:
    text = "extension_text_previous" if teller.knows("previous_due_on") else None
    return (
        section(
            None,
            teller.say(text or "extension_text"),
            teller.say("reason"),
            teller.say("extension_due"),
        ),
    )


def _awaiting_answer(teller: LetterTeller) -> tuple[Section, ...]:
    text = "awaiting_answer_text_body" if teller.knows("body") else None
    return (
        section(
            None,
            teller.say(text or "awaiting_answer_text"),
            teller.say_if("about", "awaiting_answer_about"),
            joined(
                teller.say_if("answer_by", "awaiting_answer_by"),
                teller.say_if("holds_clock", "holds_clock"),
            ),
            teller.say("awaiting_answer_next"),
        ),
    )


def _decision_under_way(teller: LetterTeller) -> tuple[Section, ...]:
    return (
        section(
            None,
            joined(
                teller.say("decision_under_way_text"),
                teller.say_if("due_on", "decision_under_way_due"),
            ),
        ),
    )


def _cooperation_warning(teller: LetterTeller) -> tuple[Section, ...]:
    text = "cooperation_warning_text_asked" if teller.knows("asked_on") else None
    return (
        section(
            None,
            teller.say(text or "cooperation_warning_text"),
            listed(teller.all_told(teller.params["missing"])),
            teller.say("cooperation_warning_until"),
            teller.say("cooperation_warning_help"),
            teller.say("cooperation_warning_consequence"),
        ),
    )


def _time_limit_missed(teller: LetterTeller) -> tuple[Section, ...]:
    remedy = teller.remedy("remedy_now", "remedy_missed")
    return (
        section(
            None,
            teller.say("time_limit_missed_text"),
            teller.say_if("reason", "reason"),
            teller.say_if("expected_on", "time_limit_missed_expected"),
            teller.say("time_limit_missed_ask"),
        ),
        *remedy,
    )


def _tacit_grant(teller: LetterTeller) -> tuple[Section, ...]:
    codes = teller.params.get("does_not_allow") or ()
    denied = tuple(teller.word("does_not_allow", code) for code in codes)
    basis = teller.told(teller.params.get("legal_basis"))
    return (
        section(
            None,
            teller.say("tacit_grant_text"),
            *teller.rows(legal_basis=basis),
            teller.say("tacit_grant_proof"),
        ),
        *([section(teller.label("does_not_allow"), listed(denied))] if denied else ()),
        *teller.remedy("remedy", "remedy"),
    )


def _lapse(teller: LetterTeller) -> tuple[Section, ...]:
    return (
        section(
            None,
            teller.say("lapse_text"),
            teller.say("reason"),
            teller.say("lapse_again"),
        ),
        *teller.remedy("remedy", "remedy"),
    )


def _measure_result(teller: LetterTeller) -> tuple[Section, ...]:
    result = teller.params["result"]
    is_passed = result == "passed"
    return (
        section(
            None,
            joined(
                teller.say(f"measure_result_{result}"),
                teller.say_if("taken_on", "measure_result_taken"),
            ),
            teller.say_if("retry_until", "measure_result_retry"),
            teller.told(teller.params.get("next_steps")),
            teller.say("measure_result_passed_next") if is_passed else None,
        ),
        *teller.remedy("remedy", "remedy"),
    )


def _appeal_received(teller: LetterTeller) -> tuple[Section, ...]:
    against = teller.params.get("against") or "decision"
    return (
        section(
            None,
            teller.say(f"appeal_received_{against}"),
            joined(
                teller.say_if("body", "appeal_received_body"),
                teller.say_if("due_on", "appeal_received_due"),
            ),
            teller.say("appeal_received_next"),
        ),
    )


def _appeal_decided(teller: LetterTeller) -> tuple[Section, ...]:
    text = "appeal_decided_text_by" if teller.knows("body") else None
    reasons = teller.told(teller.params.get("reasons"))
    return (
        section(
            None,
            teller.say(text or "appeal_decided_text"),
            teller.say(f"appeal_decided_{teller.params['outcome']}"),
        ),
        *([section(teller.label("reasons"), reasons)] if reasons else ()),
        *teller.remedy("remedy", "remedy"),
    )


def _referral(teller: LetterTeller) -> tuple[Section, ...]:
    has_other = teller.knows("to")
    forwarded = "forwarded" if teller.knows("is_forwarded") else "not_forwarded"
    return (
        section(
            None,
            teller.say("referral_text_to" if has_other else "referral_text"),
            teller.say("reason"),
            *teller.rows(address=teller.told(teller.params.get("to_address"))),
            teller.say(f"referral_{forwarded}") if has_other else None,
        ),
        *teller.remedy("remedy", "remedy"),
    )


def _provisional(teller: LetterTeller) -> tuple[Section, ...]:
    allowed = teller.all_told(teller.params.get("allows"))
    conditions = teller.all_told(teller.params.get("conditions"))
    return (
        section(
            None,
            joined(
                teller.say("provisional_text"),
                teller.say_if("until", "provisional_until"),
            ),
            teller.say("provisional_note"),
        ),
        *([section(teller.label("allows"), listed(allowed))] if allowed else ()),
        *(
            [section(teller.label("conditions"), listed(conditions))]
            if conditions
            else ()
        ),
        *teller.remedy("remedy", "remedy"),
    )


def _alert_notice(teller: LetterTeller) -> tuple[Section, ...]:
    until = "_until" if teller.knows("applies_until") else ""
    return (
        section(
            None,
            teller.told(teller.params["text"]),
            teller.say_if("scope", "alert_notice_scope"),
            teller.say_if("applies_from", f"alert_notice_period{until}"),
            teller.say("alert_notice_note"),
        ),
        *teller.remedy("remedy", "remedy"),
    )


def _withdrawal(teller: LetterTeller) -> tuple[Section, ...]:
    return (
        section(None, teller.say("withdrawal_text"), teller.say("withdrawal_again")),
    )


_BODIES: Mapping[LetterKind, Callable[[LetterTeller], tuple[Section, ...]]] = {
    LetterKind.ACKNOWLEDGEMENT: _acknowledgement,
    LetterKind.MISSING_DOCUMENTS: _missing_documents,
    LetterKind.EXTENSION: _extension,
    LetterKind.AWAITING_ANSWER: _awaiting_answer,
    LetterKind.DECISION_UNDER_WAY: _decision_under_way,
    LetterKind.COOPERATION_WARNING: _cooperation_warning,
    LetterKind.DECISION: decision_sections,
    LetterKind.TIME_LIMIT_MISSED: _time_limit_missed,
    LetterKind.TACIT_GRANT: _tacit_grant,
    LetterKind.LAPSE: _lapse,
    LetterKind.MEASURE_RESULT: _measure_result,
    LetterKind.APPEAL_RECEIVED: _appeal_received,
    LetterKind.APPEAL_DECIDED: _appeal_decided,
    LetterKind.REFERRAL: _referral,
    LetterKind.PROVISIONAL: _provisional,
    LetterKind.ALERT_NOTICE: _alert_notice,
    LetterKind.WITHDRAWAL: _withdrawal,
}
