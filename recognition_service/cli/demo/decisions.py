"""Decisions that the example officers write, whole as the law wants them."""

from datetime import date
from typing import Any

_REMEDY = {
    "body": "Administrative court (example)",
    "route": "In writing, to the registry of the court",
    "within_days": 60,
    "form": "written",
}


def conditional_nurse() -> dict[str, Any]:
    """Access to the profession after an adaptation period.

    Source: Directive 2005/36/EC, articles 14 and 23.
    """
    return {
        "outcome": "conditional",
        "decision_kind": "professional_access",
        "reference": {"profession": "nurse_general", "qualification": None},
        "elements": {
            "level": "same",
            "workload": "same",
            "quality": "same",
            "profile": "difference",
            "learning_outcomes": "substantial_difference",
        },
        "differences": [
            {
                "subject": "Clinical placements in community and mental health care",
                "why_essential": "A nurse responsible for general care works in both "
                "fields from the first day.",
                "why_not_covered": "The certificates of practice that were presented "
                "concern surgery only.",
            }
        ],
        "measures": [
            {
                "code": "adaptation_period",
                "max_months": 6,
                "text": {
                    "en": "Adaptation period of six months in community and mental "
                    "health care, or an aptitude test, as the applicant chooses.",
                    "fr": "Stage d'adaptation de six mois en soins de proximité et en "
                    "santé mentale, ou épreuve d'aptitude, au choix.",
                },
            }
        ],
        "legal_basis": ["Directive 2005/36/EC, articles 14 and 23"],
        "remedy": _REMEDY,
        "text": {
            "en": "The training began before the reference date of annex V and three "
            "years of practice in the last five were not shown; the general system "
            "applies.",
            "fr": "La formation a commencé avant la date de référence de l'annexe V et "
            "trois années d'exercice sur les cinq dernières ne sont pas établies ; le "
            "système général s'applique.",
        },
    }


def partial_technician() -> dict[str, Any]:
    """Two years of higher education are recognised, not the diploma as a whole."""
    return {
        "outcome": "partial",
        "decision_kind": "equivalence_finding",
        "reference": {
            "qualification": "Deux années d'enseignement supérieur de type court",
            "framework": "BE-FR-CFC",
            "level": "5",
        },
        "elements": {
            "level": "difference",
            "workload": "substantial_difference",
            "quality": "same",
            "profile": "same",
            "learning_outcomes": "difference",
        },
        "differences": [
            {
                "subject": "Workload and final project",
                "why_essential": "The reference diploma ends in a project of 15 ECTS "
                "credits in a third year.",
                "why_not_covered": "The training lasted two years; the practice that "
                "was shown is in another field.",
            }
        ],
        "limitations": [
            {
                "code": "general_effect_of_studies_only",
                "text": {
                    "en": "Counts as two years of short-cycle higher education; gives "
                    "no academic degree of the French Community.",
                    "fr": "Vaut deux années d'enseignement supérieur de type court ; "
                    "ne confère aucun grade académique de la Communauté française.",
                },
            }
        ],
        "legal_basis": ["Individual assessment (example)"],
        "remedy": _REMEDY,
        "text": {
            "en": "The diploma is at level 5 of the Moroccan grid, which no law has "
            "adopted and which is linked to no European framework; it was assessed "
            "individually.",
            "fr": "Le diplôme se situe au niveau 5 de la grille marocaine, qu'aucune "
            "loi n'a adoptée et qui n'est reliée à aucun cadre européen ; il a été "
            "examiné individuellement.",
        },
    }


def provisional_nurse(last_day: date) -> dict[str, Any]:
    """Work under supervision until a date."""
    return {
        "outcome": "conditional",
        "decision_kind": "provisional_authorisation",
        "reference": {"profession": "nurse_general"},
        "differences": [
            {
                "subject": "Community care",
                "why_essential": "Part of general care.",
                "why_not_covered": "No practice in it was shown.",
            }
        ],
        "measures": [
            {
                "code": "supervision",
                "until": last_day.isoformat(),
                "text": {
                    "en": "Works under the supervision of a registered nurse.",
                    "fr": "Exerce sous la supervision d'une infirmière inscrite.",
                },
            }
        ],
        "valid_until": last_day.isoformat(),
        "legal_basis": ["Provisional authorisation (example)"],
        "remedy": _REMEDY,
        "text": {
            "en": "Provisional, until the adaptation period is over.",
            "fr": "À titre provisoire, jusqu'à la fin du stage d'adaptation.",
        },
    }
