"""What can be wrong with how a command was called."""

from recognition_service.errors import RecognitionError


class PortTakenError(RecognitionError):
    """Another program listens there already."""

    code = "port_taken"
    title = "The port is taken"


class UnprotectedHostError(RecognitionError):
    """Plain http would leave this machine."""

    code = "unprotected_host"
    title = "Plain http is served on this machine only"


class FileUnusableError(RecognitionError):
    """A file that the command was given cannot be used."""

    code = "file_unusable"
    title = "The file cannot be used"


class BackupRefusedError(RecognitionError):
    """A backup cannot be made or restored like this."""

    code = "backup_refused"
    title = "This cannot be backed up or restored"
