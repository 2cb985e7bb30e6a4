"""What can go wrong with editions."""

from recognition_service.errors import (
    InvalidInputError,
    NotFoundError,
    RecognitionError,
    UnavailableError,
)


class TablesUnreadableError(RecognitionError):
    """A file of the package cannot be read at all."""

    code = "tables_unreadable"
    title = "The tables cannot be read"


class TablesFailedError(InvalidInputError):
    """The tables break a rule; nothing was loaded."""

    code = "tables_failed"
    title = "The tables break their rules"


class EditionNotFoundError(NotFoundError):
    """No edition of this digest is stored."""

    code = "edition_not_found"
    title = "There is no such edition"


class NoEditionError(UnavailableError):
    """No edition has been loaded yet."""

    code = "no_edition"
    title = "No edition of the tables is loaded"


class EditionNameError(InvalidInputError):
    """What was given names no edition, or several."""

    code = "edition_name_unclear"
    title = "The edition is not named clearly"
