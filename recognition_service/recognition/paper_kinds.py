"""The closed lists of words that are used about the papers of a case."""

from enum import StrEnum

from recognition_service.authorities.models import Role


class PaperKind(StrEnum):
    """What a paper is, whoever issued it."""

    IDENTITY = "identity"
    QUALIFICATION = "qualification"
    TRANSCRIPT = "transcript"
    DIPLOMA_SUPPLEMENT = "diploma_supplement"
    CURRICULUM = "curriculum"
    WORK_EXPERIENCE = "work_experience"
    LANGUAGE_CERTIFICATE = "language_certificate"
    PROFESSIONAL_TITLE = "professional_title"
    GOOD_STANDING = "good_standing"
    CRIMINAL_RECORD = "criminal_record"
    HEALTH = "health"
    INSURANCE = "insurance"
    PROFESSIONAL_EXPERIENCE_DECLARATION = "professional_experience_declaration"
    AFFIDAVIT = "affidavit"
    WORK_SAMPLE = "work_sample"
    INTERVIEW_RECORD = "interview_record"
    TEST_RESULT = "test_result"
    EXPERT_OPINION = "expert_opinion"
    MOTIVATION = "motivation"
    TRANSLATION = "translation"
    PROOF_OF_RESIDENCE = "proof_of_residence"
    PROOF_OF_INTENT = "proof_of_intent"
    FEE_RECEIPT = "fee_receipt"
    OTHER = "other"


SENSITIVE_KINDS = frozenset(
    {PaperKind.CRIMINAL_RECORD, PaperKind.GOOD_STANDING, PaperKind.HEALTH}
)
"""Papers about offences, discipline and health; they are kept apart.

Source: Regulation (EU) 2016/679, articles 9 and 10; Directive 2005/36/EC, annex VII
point 1(d), (e) and (g).
"""

READERS_OF_SENSITIVE = (Role.OFFICER, Role.SIGNATORY)
"""Who decides may read them, nobody else; see `read_paper`."""


class MediaType(StrEnum):
    """The types of file that a paper may be."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TEXT = "text/plain"
    JSON = "application/json"
    VC_JWT = "application/vc+jwt"
    SD_JWT = "application/dc+sd-jwt"
    VC = "application/vc"


CREDENTIAL_TYPES = frozenset(
    {MediaType.JSON, MediaType.VC_JWT, MediaType.SD_JWT, MediaType.VC}
)
"""What may be a digital credential, and is verified when it is received."""


class PaperStatus(StrEnum):
    """Whether the case still rests on a paper."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REPLACED = "replaced"


class Channel(StrEnum):
    """By which way something reached the authority."""

    EMAIL = "email"
    IN_PERSON = "in_person"
    OTHER_AUTHORITY = "other_authority"
    PHONE = "phone"
    PORTAL = "portal"
    POST = "post"
    REGISTER = "register"
    WALLET = "wallet"


class Legalisation(StrEnum):
    """What stands behind signature and seal of a public document from abroad."""

    APOSTILLE = "apostille"
    LEGALISED = "legalised"
    EXEMPT = "exempt"
    NONE = "none"
    UNKNOWN = "unknown"


class RejectionReason(StrEnum):
    """Why a paper does not count."""

    ILLEGIBLE = "illegible"
    INCOMPLETE = "incomplete"
    NOT_GENUINE = "not_genuine"
    NOT_RELEVANT = "not_relevant"
    NOT_TRANSLATED = "not_translated"
    OTHER = "other"
    OTHER_PERSON = "other_person"
    TOO_OLD = "too_old"
    WRONG_KIND = "wrong_kind"


class ReadingPurpose(StrEnum):
    """What somebody reads a sensitive paper for."""

    ACCESS_REQUEST = "access_request"
    APPEAL = "appeal"
    ASSESSMENT = "assessment"
    AUTHENTICITY = "authenticity"
    DECISION = "decision"
