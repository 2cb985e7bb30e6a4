"""What can go wrong with editions."""

from recognition_service.errors import (
    ConflictError,
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


class EditionSignatureError(RecognitionError):
    """A signature is missing, of somebody unknown, or over other rows."""

    code = "edition_signature"
    title = "The edition is not signed as it must be"


class EditionAlteredError(UnavailableError):
    """A stored edition is not what was loaded and signed."""

    code = "edition_altered"
    title = "The tables were altered"


class OlderEditionError(ConflictError):
    """An older edition would take the place of a newer one."""

    code = "older_edition"
    title = "The edition is older than the one in force"


class DraftInvalidError(InvalidInputError):
    """Rows cannot be changed like this by this authority."""

    code = "table_draft_invalid"
    title = "The draft does not fit"


class DraftNotFoundError(NotFoundError):
    """The authority has no such draft."""

    code = "table_draft_not_found"
    title = "There is no such draft"


class DraftStateError(ConflictError):
    """The draft was published or abandoned."""

    code = "table_draft_state"
    title = "The draft is over"


class RegimeNotInEditionError(ConflictError):
    """A case came under a regime that the edition in force has dropped."""

    code = "regime_not_in_edition"
    title = "The regime is not in the edition in force"


class EditionNotFoundError(NotFoundError):
    """No edition of this digest is stored."""

    code = "edition_not_found"
    title = "There is no such edition"


class NoEditionError(UnavailableError):
    """No edition has been loaded yet."""

    code = "no_edition"
    title = "No edition of the tables is loaded"


class DirectoryInUseError(RecognitionError):
    """An export would be mixed with what lies there."""

    code = "directory_in_use"
    title = "The directory is not empty"


class EditionNameError(InvalidInputError):
    """What was given names no edition, or several."""

    code = "edition_name_unclear"
    title = "The edition is not named clearly"
