"""What letters of each kind may say, with every member that they know."""

from recognition_service.recognition.letter_kinds import LetterKind

REMEDY = {
    "body": "Council for disputes",
    "route": "administrative",
    "within_days": 30,
    "form": "in writing",
}
PARAMS = {
    LetterKind.ACKNOWLEDGEMENT: {
        "received_on": "2026-11-02",
        "limit": {"number": 3, "unit": "months"},
        "starts": "complete",
        "due_on": "2027-02-02",
        "is_confirmed": False,
        "remedy": REMEDY,
    },
    LetterKind.MISSING_DOCUMENTS: {
        "documents": [
            {"en": "A copy of your diploma", "fr": "Une copie de votre diplôme"},
            "Diploma supplement",
        ],
        "until": "2026-12-01",
        "holds_clock": True,
    },
    LetterKind.EXTENSION: {
        "reason": {
            "en": "The university closed for the holidays.",
            "fr": "L'université était fermée pendant les vacances.",
        },
        "due_on": "2027-03-02",
        "previous_due_on": "2027-02-02",
    },
    LetterKind.AWAITING_ANSWER: {
        "asked_on": "2026-11-10",
        "body": "the University of Latvia",
        "about": {"en": "Was this diploma awarded?", "fr": "Ce diplôme existe-t-il ?"},
        "answer_by": "2026-12-10",
        "holds_clock": True,
    },
    LetterKind.DECISION_UNDER_WAY: {"due_on": "2027-02-02"},
    LetterKind.COOPERATION_WARNING: {
        "missing": ["Transcript of records"],
        "until": "2027-01-15",
        "asked_on": "2026-11-10",
    },
    LetterKind.TIME_LIMIT_MISSED: {
        "due_on": "2027-02-02",
        "reason": "An expert fell ill.",
        "expected_on": "2027-03-01",
        "remedy": REMEDY,
    },
    LetterKind.TACIT_GRANT: {
        "due_on": "2027-02-02",
        "effective_on": "2027-02-03",
        "legal_basis": ["Act on recognition, section 4"],
        "does_not_allow": ["licence"],
        "remedy": REMEDY,
    },
    LetterKind.LAPSE: {
        "lapsed_on": "2027-02-02",
        "reason": "No answer came.",
        "remedy": REMEDY,
    },
    LetterKind.MEASURE_RESULT: {
        "measure": {"en": "Aptitude test", "fr": "Épreuve d'aptitude"},
        "result": "failed",
        "taken_on": "2027-01-20",
        "retry_until": "2027-07-20",
        "next_steps": "Please choose another date.",
        "remedy": REMEDY,
    },
    LetterKind.APPEAL_RECEIVED: {
        "received_on": "2027-02-10",
        "against": "missed_time_limit",
        "body": "The Council for disputes",
        "due_on": "2027-04-10",
    },
    LetterKind.APPEAL_DECIDED: {
        "decided_on": "2027-04-01",
        "outcome": "remitted",
        "body": "The Council for disputes",
        "reasons": "Work experience was not looked at.",
        "remedy": REMEDY,
    },
    LetterKind.REFERRAL: {
        "reason": "You want to work in another part of the country.",
        "to": "Recognition centre of Wallonia",
        "to_address": "Rue de l'Exemple 1\n1000 Bruxelles",
        "is_forwarded": True,
    },
    LetterKind.PROVISIONAL: {
        "valid_from": "2026-11-15",
        "until": "2027-11-14",
        "allows": ["Working under supervision"],
        "conditions": ["A supervisor is named to us"],
        "remedy": REMEDY,
    },
    LetterKind.ALERT_NOTICE: {
        "text": {"en": "We have sent an alert.", "fr": "Nous avons envoyé une alerte."},
        "scope": "Not to practise surgery",
        "applies_from": "2026-11-02",
        "applies_until": "2027-11-01",
        "remedy": {"body": "Administrative court", "within_days": 30},
    },
    LetterKind.WITHDRAWAL: {"withdrawn_on": "2026-11-20"},
}
"""All kinds but the decision, whose letter is written when it is signed."""
DECISION = {
    "outcome": "conditional",
    "decision_kind": "professional_access",
    "decided_by": "officer",
    "decided_on": "2026-11-20",
    "decision_digest": "sha256-example",
    "legal_basis": ["Act on recognition, section 4"],
    "reasons": [],
    "held_level": {"framework": "MA-CNC", "level": "5"},
    "target": {
        "title": "Bachelor in Nursing",
        "framework": "BE-FL-VKS",
        "level": "6",
        "eqf": None,
        "jurisdiction": ["BE-FL"],
        "profession": None,
    },
    "reference": {"framework": "BE-FL-VKS", "level": "6"},
    "required_level": None,
    "force": {"en": "It opens the profession once the conditions are met."},
    "does_not_allow": ["licence"],
    "remedy": REMEDY,
    "valid_until": "2027-12-31",
    "text": {"en": "The training is comparable.\nTwo subjects are missing."},
    "elements": {"level": "difference", "learning_outcomes": "substantial_difference"},
    "existing_qualifications": ["Basic nursing care"],
    "differences": [
        {
            "subject": "Care of older people",
            "why_essential": "Half of all patients are older than 70.",
            "why_not_covered": "The transcript shows no such course.",
        },
        {
            "subject": "Medication law",
            "why_essential": "Every nurse gives medicines.",
            "why_not_covered": "Other rules were taught.",
        },
    ],
    "measures": [
        {
            "code": "adaptation_period",
            "text": {"en": "Adaptation period", "fr": "Stage d'adaptation"},
            "max_months": 18,
            "chosen_by": "applicant",
            "choose_by": "2027-02-01",
        },
        {"code": "aptitude_test", "max_months": 1, "until": "2027-05-02"},
    ],
    "conditions": [
        {"code": "language", "text": {"en": "Dutch at level B2"}, "until": "2027-11-02"}
    ],
    "limitations": [{"code": "supervised", "text": {"en": "Under supervision"}}],
    "later_possibilities": {"en": "You can ask again after five years."},
}
"""What the letter about a decision says."""
