"""The closed lists of words that requests and decisions use."""

from enum import StrEnum


class DecisionKind(StrEnum):
    """What is decided. Kinds never stand for one another."""

    LEVEL_COMPARABILITY = "level_comparability"
    STUDY_RECOGNITION = "study_recognition"
    EQUIVALENCE_FINDING = "equivalence_finding"
    PROFESSIONAL_ACCESS = "professional_access"
    LICENCE = "licence"
    LANGUAGE_PROOF = "language_proof"
    BACKGROUND_ASSESSMENT = "background_assessment"
    PROVISIONAL_AUTHORISATION = "provisional_authorisation"


class DecidedOutcome(StrEnum):
    """What an officer can decide; rules and clocks know further outcomes."""

    FULL = "full"
    CONDITIONAL = "conditional"
    PARTIAL = "partial"
    PARTIAL_ACCESS = "partial_access"
    ALTERNATIVE = "alternative"
    REFUSED = "refused"


class Stage(StrEnum):
    """Where a person stands on the way when the request is made."""

    PRE_DEPARTURE = "pre_departure"
    IN_TRANSIT = "in_transit"
    IN_DESTINATION = "in_destination"
    AFTER_RETURN = "after_return"


class Grade(StrEnum):
    """How well it is proven that an award is real, from weakest to strongest."""

    SELF_DECLARED = "self_declared"
    SCAN = "scan"
    CERTIFIED_COPY = "certified_copy"
    LEGALISED = "legalised"
    CONFIRMED_BY_ISSUER = "confirmed_by_issuer"
    ISSUER_SIGNED = "issuer_signed"


class Known(StrEnum):
    """Whether something is so."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class StatusReason(StrEnum):
    """Why the status of an attestation changes."""

    HOLDER_REQUEST = "holder_request"
    ERROR = "error"
    FRAUD_FINAL = "fraud_final"
    AWARD_WITHDRAWN = "award_withdrawn"
    BASE_REVOKED = "base_revoked"
    DECISION_AMENDED = "decision_amended"
    PARTY_WITHDREW = "party_withdrew"


class Sex(StrEnum):
    """Optional, for statistics only; never shown to assessors."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    NOT_STATED = "not_stated"


class BeneficiaryBasis(StrEnum):
    """Why a person may rely on an instrument; nationality is not asked."""

    NOT_STATED = "not_stated"
    EU_CITIZEN = "eu_citizen"
    FAMILY_MEMBER = "family_member"
    LONG_TERM_RESIDENT = "long_term_resident"
    REFUGEE = "refugee"
    OTHER = "other"


class Concern(StrEnum):
    """What a difference is one of."""

    TRAINING = "training"
    LANGUAGE = "language"


class Supervision(StrEnum):
    """How far somebody worked on their own."""

    SUPERVISED = "supervised"
    AUTONOMOUS = "autonomous"
    SUPERVISING = "supervising"
