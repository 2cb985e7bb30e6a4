"""What callers may send about papers."""

from collections.abc import Mapping
from typing import Any

from recognition_service.recognition.add_paper import NewPaper
from recognition_service.recognition.language_proofs import LanguageProof
from recognition_service.recognition.paper_authenticity import (
    Confirmation,
    LegalisationFinding,
    PaperAssessment,
)
from recognition_service.recognition.paper_bytes import (
    LARGEST_PAPER,
    LONGEST_FILE_NAME,
)
from recognition_service.recognition.paper_kinds import (
    Channel,
    Legalisation,
    MediaType,
    PaperKind,
    RejectionReason,
)
from recognition_service.recognition.vocabulary import Grade
from recognition_service.web.api.casework_bodies import LanguageLevelIn
from recognition_service.web.fields import DateField, Identifier, Part, Whole
from recognition_service.web.schemas import Input
from recognition_service.web.text_fields import Choice, Code, Digest, Name, Text


class LanguageProofIn(LanguageLevelIn):
    """What a certificate of language shows, and until when."""

    valid_until = DateField(allow_none=True, load_default=None)


class PaperIn(Input):
    """A paper whose bytes are to follow."""

    kind = Choice(PaperKind, required=True)
    title = Name(required=True)
    media_type = Choice(MediaType, required=True)
    bytes = Whole(required=True, least=1, largest=LARGEST_PAPER)
    digest = Digest(required=True)
    channel = Choice(Channel, required=True)
    language = Code(longest=35, allow_none=True, load_default=None)
    held_qualification = Whole(largest=19, allow_none=True, load_default=None)
    file_name = Name(longest=LONGEST_FILE_NAME, allow_none=True, load_default=None)
    issued_on = DateField(past=True, allow_none=True, load_default=None)
    issuer = Name(allow_none=True, load_default=None)
    translation_of = Identifier(allow_none=True, load_default=None)
    replaces = Identifier(allow_none=True, load_default=None)
    keep_until = DateField(allow_none=True, load_default=None)
    language_proof = Part(LanguageProofIn, allow_none=True, load_default=None)


class PaperConfirmationIn(Input):
    """How the issuer confirmed a paper."""

    person = Name(required=True)
    channel = Choice(Channel, required=True)
    confirmed_on = DateField(past=True, required=True)


class LegalisationIn(Input):
    """What stands behind signature and seal."""

    state = Choice(Legalisation, required=True)
    number = Name(longest=100, allow_none=True, load_default=None)
    dated_on = DateField(past=True, allow_none=True, load_default=None)
    signer = Name(allow_none=True, load_default=None)
    capacity = Name(allow_none=True, load_default=None)
    basis = Name(allow_none=True, load_default=None)


class PaperAssessmentIn(Input):
    """How well a paper is proven to be genuine."""

    grade = Choice(Grade, required=True)
    established_on = DateField(past=True, required=True)
    confirmation = Part(PaperConfirmationIn, allow_none=True, load_default=None)
    legalisation = Part(LegalisationIn, allow_none=True, load_default=None)


class PaperRejectionIn(Input):
    """Why a paper does not count."""

    reason = Choice(RejectionReason, required=True)
    note = Text(longest=2_000, allow_none=True, load_default=None)


def new_paper(body: Mapping[str, Any]) -> NewPaper:
    """Return the paper that a checked body announces."""
    told = dict(body)
    proof = told.pop("language_proof")
    return NewPaper(
        size=told.pop("bytes"),
        held_position=told.pop("held_qualification"),
        language_proof=None if proof is None else LanguageProof(**proof),
        **told,
    )


def new_assessment(body: Mapping[str, Any]) -> PaperAssessment:
    """Return the assessment that a checked body tells."""
    confirmation, found = body["confirmation"], body["legalisation"]
    return PaperAssessment(
        grade=body["grade"],
        established_on=body["established_on"],
        confirmation=None if confirmation is None else Confirmation(**confirmation),
        legalisation=None if found is None else LegalisationFinding(**found),
    )
