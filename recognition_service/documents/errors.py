"""What can go wrong when a paper is made."""

from recognition_service.errors import RecognitionError


class PaperNotTypesetError(RecognitionError):
    """A paper could not be laid out."""

    code = "paper_not_typeset"
    title = "A paper could not be laid out"
