"""What can be wrong with a message of the outbox."""

from recognition_service.errors import RecognitionError


class UnknownMessageError(RecognitionError):
    """Nobody here knows how to carry out a message of this kind."""

    code = "message_unknown"
    title = "This kind of message is not known"


class MessageUnreadableError(RecognitionError):
    """A message lacks what its kind needs."""

    code = "message_unreadable"
    title = "The message cannot be read"


PERMANENT = (UnknownMessageError, MessageUnreadableError)
"""Trying again cannot help."""
