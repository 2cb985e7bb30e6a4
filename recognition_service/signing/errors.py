"""What can be wrong with a private key; each message says how to mend it."""

from recognition_service.errors import RecognitionError, UnavailableError


class KeyStoreError(RecognitionError):
    """The key store cannot be used as it is."""

    code = "key_store"
    title = "The key store cannot be used"


class KeyUnavailableError(UnavailableError):
    """A private key that is needed is not in the store."""

    code = "key_unavailable"
    title = "A private key is not available"


class KeyStoreUnavailableError(UnavailableError):
    """The store does not answer now, so that nobody knows what is in it.

    What waits for a key goes on waiting; it is not given up.
    """

    code = "key_store_unavailable"
    title = "The key store does not answer right now"
